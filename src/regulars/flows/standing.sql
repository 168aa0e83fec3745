-- name: claim
-- With the purchase that will stand under the key: nothing has to be filled in later.
INSERT INTO request_key (program, partner, key, kind, digest, home, ref, status, created_at)
SELECT %s, partner, key, 'purchase', digest, home, ref, 201, created_at
FROM (SELECT %s::timestamptz AS created_at) AS i,
    unnest(%b::uuid[], %b::text[], %b::bytea[], %b::smallint[], %b::uuid[]) AS t (partner, key, digest, home, ref)
ON CONFLICT DO NOTHING
RETURNING partner, key;

-- name: first_answers
SELECT r.partner, r.key, r.kind, r.digest, r.ref, r.status, p.document
FROM (SELECT %s::uuid AS program) g
CROSS JOIN unnest(%b::uuid[], %b::text[]) AS t (partner, key)
CROSS JOIN LATERAL (
    SELECT r.*
    FROM request_key r
    WHERE (r.program, r.partner, r.key) = (g.program, t.partner, t.key)
    LIMIT 1
) r
LEFT JOIN LATERAL (
    SELECT p.document
    FROM purchase p
    WHERE r.kind = 'purchase' AND (p.program, p.home, p.id) = (g.program, r.home, r.ref)
    LIMIT 1
) p ON true
WHERE r.kind <> 'purchase' OR r.ref IS NOT NULL;

-- name: purchases_before
SELECT t.pool, (
    SELECT count(*)
    FROM (
        SELECT 1
        FROM purchase p
        LEFT JOIN voiding v ON (v.program, v.home, v.purchase) = (p.program, p.home, p.id)
        LEFT JOIN confirmation c ON p.held AND (c.program, c.home, c.purchase) = (p.program, p.home, p.id)
        LEFT JOIN hold h ON p.held AND (h.program, h.home, h.purchase) = (p.program, p.home, p.id)
        WHERE (p.program, p.home, p.pool) = (g.program, t.home, t.pool)
            AND v.purchase IS NULL
            AND (NOT p.held OR c.purchase IS NOT NULL OR (h.open AND h.lapses_at > g.at))
        UNION ALL
        SELECT 1
        FROM counted_purchase e
        WHERE (e.program, e.home, e.pool) = (g.program, t.home, t.pool)
            AND NOT EXISTS (SELECT FROM voiding v
                WHERE (v.program, v.home, v.purchase) = (e.program, e.bought_at, e.purchase) OFFSET 0)
        LIMIT g.most
    ) AS counted
)
FROM (SELECT %s::timestamptz AS at, %s::integer AS most, %s::uuid AS program) AS g,
    unnest(%b::smallint[], %b::uuid[]) AS t (home, pool);

-- name: spent_on
SELECT t.pool, (
    SELECT coalesce(sum(coalesce(c.paid_with_points, p.paid_with_points)), 0)
    FROM (
        -- By when it was written: a receipt that is dated back does not escape the day's limit.
        SELECT o.purchase AS id FROM posting o
        WHERE (o.program, o.home, o.pool) = (g.program, t.home, t.pool) AND o.kind = 'purchase'
            AND o.recorded_at >= g.since AND o.recorded_at < g.until
        UNION
        SELECT o.purchase FROM hold o
        WHERE (o.program, o.home, o.pool) = (g.program, t.home, t.pool) AND o.open
        OFFSET 0
    ) s
    JOIN purchase p ON (p.program, p.home, p.id) = (g.program, t.home, s.id)
    LEFT JOIN voiding v ON (v.program, v.home, v.purchase) = (p.program, p.home, p.id)
    LEFT JOIN confirmation c ON p.held AND (c.program, c.home, c.purchase) = (p.program, p.home, p.id)
    LEFT JOIN hold h ON p.held AND (h.program, h.home, h.purchase) = (p.program, p.home, p.id)
    WHERE v.purchase IS NULL
        AND (NOT p.held OR c.purchase IS NOT NULL OR (h.open AND h.lapses_at > g.at))
)
FROM (SELECT %s::timestamptz AS at, %s::timestamptz AS since, %s::timestamptz AS until, %s::uuid AS program) AS g,
    unnest(%b::smallint[], %b::uuid[]) AS t (home, pool);

-- name: version
SELECT version FROM program WHERE id = %s;

-- name: keep
-- For purchases that turned out to belong elsewhere than was thought at the claim. An upsert finds each key by its
-- primary key, where an UPDATE with a join may not.
INSERT INTO request_key AS r (program, partner, key, kind, digest, home, ref, status, created_at)
SELECT %s, partner, key, 'purchase', '', home, ref, 201, created_at
FROM (SELECT %s::timestamptz AS created_at) AS i,
    unnest(%b::uuid[], %b::text[], %b::smallint[], %b::uuid[]) AS t (partner, key, home, ref)
ON CONFLICT (program, partner, key) DO UPDATE SET home = excluded.home, ref = excluded.ref, status = excluded.status;

-- name: free
DELETE FROM request_key r
USING unnest(%b::uuid[], %b::text[]) AS t (partner, key)
WHERE (r.partner, r.key) = (t.partner, t.key) AND r.program = %s AND r.kind = 'purchase';

-- name: customer_of_purchase
SELECT c.status, coalesce(m.language, ''), m.enrolled_at, m.pool, m.merged_into, m.role, m.spend_limit,
    s.generation, s.wrapped_key, s.sealed
FROM (SELECT 1) AS one
LEFT JOIN member m ON (m.program, m.home, m.id) = (%s, %s, %s)
LEFT JOIN person s ON (s.program, s.home, s.member) = (m.program, m.home, m.id)
LEFT JOIN card c ON (c.program, c.home, c.id) = (%s, %s, %s);

-- name: claim_void
INSERT INTO request_key (program, partner, key, kind, digest, created_at)
VALUES (%s, %s, %s, 'void', %s, %s)
ON CONFLICT DO NOTHING;

-- name: kind_of_request
SELECT kind, ref FROM request_key WHERE program = %s AND partner = %s AND key = %s;

-- name: purchases_by_request
-- What the tills of one or another partner recorded under their own number.
SELECT ref FROM request_key
WHERE program = %s AND partner = ANY(%s::uuid[]) AND key = %s AND kind = 'purchase' AND ref IS NOT NULL
ORDER BY ref;

-- name: owner_of_card
SELECT pool, member, replaced_by FROM card WHERE program = %s AND home = %s AND id = %s;
