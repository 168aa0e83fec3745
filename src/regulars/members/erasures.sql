-- name: insert_erasure
INSERT INTO erasure (program, home, member, erased_at, certificate, signature) VALUES (%s, %s, %s, %s, %s, %s);

-- name: erasure_of
SELECT certificate, signature FROM erasure WHERE program = %s AND home = %s AND member = %s;

-- name: erasures_before
SELECT member, erased_at FROM erasure
WHERE program = %s AND (erased_at, member) < (%s, %s)
ORDER BY erased_at DESC, member DESC
LIMIT %s;

-- name: page_of_members
-- Whoever cannot be proposed comes without a date, so that a walk over all of them goes on.
SELECT id, home, pool, CASE WHEN erased_at IS NULL AND merged_into IS NULL THEN enrolled_at END
FROM member
WHERE program = %s AND (home, id) > (%s, %s)
ORDER BY home, id
LIMIT %s;

-- name: propose_erasures
-- In one order everywhere. Whoever was declined a short while ago is left alone.
INSERT INTO erasure_proposal AS p (program, home, member, country, months, last_seen, proposed_at, status)
SELECT %s, home, member, country, months, last_seen, at, 'open'
FROM (SELECT %s::timestamptz AS at) AS i,
    unnest(%b::smallint[], %b::uuid[], %b::text[], %b::integer[], %b::timestamptz[]) AS t (home, member, country, months, last_seen)
ORDER BY home, member
ON CONFLICT (program, home, member) DO UPDATE
    SET status = 'open', decided_at = NULL, decided_by = NULL, country = excluded.country, months = excluded.months,
        last_seen = excluded.last_seen, proposed_at = excluded.proposed_at
    WHERE p.status = 'declined' AND p.decided_at <= %s
RETURNING p.member;

-- name: open_proposals
SELECT member, country, months, last_seen, proposed_at, status FROM erasure_proposal
WHERE program = %s AND (home, member) > (%s, %s) AND status = 'open'
ORDER BY home, member
LIMIT %s;

-- name: lock_proposal
SELECT member, country, months, last_seen, proposed_at, status FROM erasure_proposal
WHERE program = %s AND home = %s AND member = %s
FOR UPDATE;

-- name: decide_proposal
UPDATE erasure_proposal SET status = %s, decided_at = %s, decided_by = %s
WHERE program = %s AND home = %s AND member = %s AND status = 'open'
RETURNING 1;

-- name: withdraw_proposals
DELETE FROM erasure_proposal AS p
USING unnest(%s::smallint[], %s::uuid[]) AS t (home, member)
WHERE p.program = %s AND p.home = t.home AND p.member = t.member AND p.status = 'open'
RETURNING 1;
