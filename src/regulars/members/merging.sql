-- name: alias
UPDATE member SET merged_into = %s
WHERE program = %s AND home = %s AND id = %s AND merged_into IS NULL AND erased_at IS NULL AND own_pool IS NULL
RETURNING pool;

-- name: follow_aliases
-- Who was merged into the duplicate leads to the survivor from now on: an alias leads on once, not along a chain.
UPDATE member SET merged_into = %s WHERE program = %s AND merged_into = %s RETURNING id;

-- name: unalias
UPDATE member SET merged_into = NULL WHERE program = %s AND home = %s AND id = %s AND merged_into = %s RETURNING 1;

-- name: return_aliases
UPDATE member SET merged_into = %s WHERE program = %s AND merged_into = %s AND id = ANY(%s);

-- name: aliases_of
SELECT id FROM member WHERE program = %s AND merged_into = %s;

-- name: move_identifiers
UPDATE identifier AS i SET home = %(home)s, member = %(to)s
FROM unnest(%(kinds)s::text[], %(digests)s::bytea[]) AS a (kind, digest)
WHERE i.program = %(program)s AND i.kind = a.kind AND i.digest = a.digest AND i.member = %(from)s
RETURNING i.kind;

-- name: copy_marks
-- What the duplicate is marked with now and the survivor is not; of a ladder the survivor keeps her own tier.
INSERT INTO member_mark (program, home, member, kind, name, since, tier, until, gained, detail, reminded_of)
SELECT m.program, a.home, a.member, m.kind, m.name, m.since, m.tier, m.until, m.gained, m.detail, m.reminded_of
FROM (SELECT %(program)s::uuid AS program, %(home)s::smallint AS home, %(member)s::uuid AS member, %(at)s::timestamptz AS at,
    %(from_home)s::smallint AS from_home, %(from)s::uuid AS from_member) AS a
JOIN member_mark AS m ON m.program = a.program AND m.home = a.from_home AND m.member = a.from_member
WHERE m.since <= a.at AND (m.until IS NULL OR m.until > a.at)
    AND NOT EXISTS (
        SELECT FROM member_mark AS o
        WHERE o.program = a.program AND o.home = a.home AND o.member = a.member AND o.kind = m.kind AND o.name = m.name
            AND o.since <= a.at AND (o.until IS NULL OR o.until > a.at)
        OFFSET 0)
ON CONFLICT DO NOTHING
RETURNING kind, name;

-- name: copy_activations
INSERT INTO offer_activation (program, home, member, promotion, activated_at)
SELECT o.program, %s, %s, o.promotion, o.activated_at
FROM offer_activation AS o
WHERE o.program = %s AND o.home = %s AND o.member = %s
ON CONFLICT DO NOTHING;

-- name: insert_merge
INSERT INTO member_merge (program, home, member, id, duplicate, source, target, merged_at, moved)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb);

-- name: open_merge
SELECT id, duplicate, source, target, merged_at, moved
FROM member_merge
WHERE program = %s AND home = %s AND member = %s AND duplicate = %s AND undone_at IS NULL;

-- name: merges_of
SELECT duplicate, merged_at FROM member_merge
WHERE program = %s AND home = %s AND member = %s AND undone_at IS NULL
ORDER BY merged_at DESC;

-- name: undo_merge
UPDATE member_merge SET undone_at = %s, undone_xid = (pg_current_xact_id()::text)::bigint
WHERE program = %s AND home = %s AND member = %s AND id = %s AND undone_at IS NULL
RETURNING 1;

-- name: owners_of_cards
SELECT c.id, c.member
FROM unnest(%s::smallint[], %s::uuid[]) AS a (home, id)
JOIN card AS c ON c.program = %s AND c.home = a.home AND c.id = a.id;

-- name: put_twins
INSERT INTO member_twin (program, home, member, digest)
SELECT %s, home, member, digest
FROM unnest(%s::smallint[], %s::uuid[], %s::bytea[]) AS t (home, member, digest)
ON CONFLICT (program, home, member) DO UPDATE SET digest = excluded.digest;

-- name: forget_twins
DELETE FROM member_twin WHERE program = %s AND home = %s AND member = %s;

-- name: twins_of
SELECT m.id
FROM member_twin AS t
JOIN member_twin AS o ON o.program = t.program AND o.digest = t.digest AND o.member <> t.member
JOIN member AS m ON m.program = o.program AND m.home = o.home AND m.id = o.member
WHERE t.program = %s AND t.home = %s AND t.member = %s AND m.merged_into IS NULL AND m.erased_at IS NULL
ORDER BY m.id
LIMIT %s;
