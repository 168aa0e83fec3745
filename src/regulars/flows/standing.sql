-- name: claim
INSERT INTO request_key (program, partner, key, kind, digest, created_at)
SELECT %s, partner, key, 'purchase', digest, created_at
FROM (SELECT %s::timestamptz AS created_at) AS i, unnest(%b::uuid[], %b::text[], %b::bytea[]) AS t (partner, key, digest)
ON CONFLICT DO NOTHING
RETURNING partner, key;

-- name: resolve
SELECT k.n, p.id, p.home, m.id, c.id, c.status, coalesce(s.name, ''), coalesce(m.language, ''), m.enrolled_at
FROM unnest(%b::integer[], %b::text[], %b::text[], %b::bytea[], %b::uuid[]) AS k (n, kind, number, digest, member)
CROSS JOIN (SELECT %s::uuid AS program) g
LEFT JOIN card_number cn ON k.kind = 'card' AND (cn.program, cn.number) = (g.program, k.number)
LEFT JOIN card c ON (c.program, c.home, c.id) = (cn.program, cn.home, cn.card)
LEFT JOIN identifier i ON k.kind IN ('phone', 'email') AND (i.program, i.kind, i.digest) = (g.program, k.kind, k.digest)
LEFT JOIN member n ON (n.program, n.home, n.id) =
    (g.program, (get_byte(uuid_send(coalesce(c.member, i.member, k.member)), 14) & 3) * 256
        + get_byte(uuid_send(coalesce(c.member, i.member, k.member)), 15), coalesce(c.member, i.member, k.member))
LEFT JOIN member m ON (m.program, m.home, m.id) =
    (g.program, (get_byte(uuid_send(coalesce(n.merged_into, n.id)), 14) & 3) * 256
        + get_byte(uuid_send(coalesce(n.merged_into, n.id)), 15), coalesce(n.merged_into, n.id))
    AND m.erased_at IS NULL
LEFT JOIN person s ON (s.program, s.home, s.member) = (m.program, m.home, m.id)
JOIN pool p ON (p.program, p.home, p.id) =
    (g.program, (get_byte(uuid_send(coalesce(m.pool, c.pool)), 14) & 3) * 256
        + get_byte(uuid_send(coalesce(m.pool, c.pool)), 15), coalesce(m.pool, c.pool));

-- name: first_answers
SELECT r.partner, r.key, r.kind, r.digest, r.ref, r.status, p.document
FROM request_key r
LEFT JOIN purchase p ON r.kind = 'purchase' AND (p.program, p.home, p.id) = (r.program, r.home, r.ref)
WHERE (r.partner, r.key) IN (SELECT * FROM unnest(%b::uuid[], %b::text[])) AND r.program = %s
    AND (r.kind <> 'purchase' OR r.ref IS NOT NULL);

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
        LIMIT g.most
    ) AS counted
)
FROM (SELECT %s::timestamptz AS at, %s::integer AS most, %s::uuid AS program) AS g,
    unnest(%b::smallint[], %b::uuid[]) AS t (home, pool);

-- name: spent_between
SELECT t.pool, (
    SELECT coalesce(sum(coalesce(c.paid_with_points, p.paid_with_points)), 0)
    FROM purchase p
    LEFT JOIN voiding v ON (v.program, v.home, v.purchase) = (p.program, p.home, p.id)
    LEFT JOIN confirmation c ON p.held AND (c.program, c.home, c.purchase) = (p.program, p.home, p.id)
    WHERE (p.program, p.home, p.pool) = (g.program, t.home, t.pool)
        AND p.purchased_at >= g.since AND p.purchased_at < g.until AND v.purchase IS NULL
)
FROM (SELECT %s::timestamptz AS since, %s::timestamptz AS until, %s::uuid AS program) AS g,
    unnest(%b::smallint[], %b::uuid[]) AS t (home, pool);

-- name: version
SELECT version FROM program WHERE id = %s;

-- name: keep
UPDATE request_key r
SET home = t.home, ref = t.ref, status = 201
FROM unnest(%b::smallint[], %b::uuid[], %b::uuid[], %b::text[]) AS t (home, ref, partner, key)
WHERE r.program = %s AND (r.partner, r.key) = (t.partner, t.key);

-- name: free
DELETE FROM request_key r
USING unnest(%b::uuid[], %b::text[]) AS t (partner, key)
WHERE (r.partner, r.key) = (t.partner, t.key) AND r.program = %s AND r.ref IS NULL AND r.kind = 'purchase';

-- name: customer_of_purchase
SELECT c.status, coalesce(s.name, ''), coalesce(m.language, ''), m.enrolled_at
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

-- name: pool_of_member
SELECT pool FROM member WHERE program = %s AND home = %s AND id = %s;
