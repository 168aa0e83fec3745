-- name: newest_kinds
SELECT DISTINCT ON (k.code) k.code, k.revision,
    (SELECT min(f.since) FROM pack_kind f WHERE (f.program, f.code) = (k.program, k.code)), k.document::text
FROM pack_kind k
WHERE k.program = %s
ORDER BY k.code, k.revision DESC;

-- name: add_kind
INSERT INTO pack_kind (program, code, revision, document, since, author)
SELECT g.program, g.code,
    1 + coalesce((SELECT max(k.revision) FROM pack_kind k WHERE (k.program, k.code) = (g.program, g.code)), 0),
    g.document, g.since, g.author
FROM (SELECT %s::uuid AS program, %s::text AS code, %s::jsonb AS document, %s::timestamptz AS since, %s::text AS author)
    AS g
RETURNING revision;

-- name: sell
INSERT INTO pack (program, home, id, member, pool, code, revision, currency, visits, price, lot, reference, store,
    sold_at, sold_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: find
SELECT id, member, pool, code, revision, currency, visits, price, lot, reference, store, sold_at, sold_by
FROM pack WHERE program = %s AND home = %s AND id = %s;

-- name: of_members
-- What is left of a pack lies in its lot, or in those that continue it: after a merge, or in a shared account.
SELECT p.id, p.member, p.pool, p.code, p.revision, p.currency, p.visits, p.price, p.lot, p.reference, p.store,
    p.sold_at, p.sold_by, l.left_over, l.expires_at,
    (SELECT r.amount FROM pack_refund r WHERE (r.program, r.home, r.pack) = (p.program, p.home, p.id))
FROM (SELECT p.* FROM pack p
      WHERE p.program = %(program)s AND p.member = ANY (%(members)s::uuid[]) ORDER BY p.id DESC LIMIT 100) AS p
CROSS JOIN LATERAL (
    WITH RECURSIVE its AS (
        SELECT l.id, l.amount, l.drawn, l.expires_at FROM lot l
        WHERE (l.program, l.home, l.id) = (p.program, p.home, p.lot)
        UNION ALL
        SELECT l.id, l.amount, l.drawn, l.expires_at FROM its, lot l
        WHERE l.program = p.program AND l.origin = its.id
    )
    SELECT coalesce(sum(i.amount - i.drawn) FILTER (WHERE i.expires_at IS NULL OR i.expires_at > %(at)s), 0)::integer
            AS left_over, max(i.expires_at) AS expires_at
    FROM its i
) l
ORDER BY p.id DESC;

-- name: lots
-- The lot of a pack, and those that continue it.
WITH RECURSIVE its AS (
    SELECT l.id FROM lot l WHERE (l.program, l.home, l.id) = (%(program)s, %(home)s, %(lot)s)
    UNION ALL
    SELECT l.id FROM its, lot l WHERE l.program = %(program)s AND l.origin = its.id
)
SELECT id FROM its;

-- name: refund
INSERT INTO pack_refund (program, home, pack, visits, amount, reason, refunded_at, refunded_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (program, home, pack) DO NOTHING
RETURNING 1;

-- name: refunded
SELECT 1 FROM pack_refund WHERE program = %s AND home = %s AND pack = %s;

-- name: liability
-- Of each pack what is left of its lot and of those that continue it.
SELECT p.code, count(*)::integer, coalesce(sum(l.left_over), 0)::integer,
    coalesce(sum((2 * p.price * l.left_over + p.visits) / (2 * p.visits)), 0)::bigint
FROM pack p
CROSS JOIN LATERAL (
    WITH RECURSIVE its AS (
        SELECT l.id, l.amount, l.drawn, l.expires_at FROM lot l
        WHERE (l.program, l.home, l.id) = (p.program, p.home, p.lot)
        UNION ALL
        SELECT l.id, l.amount, l.drawn, l.expires_at FROM its, lot l
        WHERE l.program = p.program AND l.origin = its.id
    )
    SELECT coalesce(sum(i.amount - i.drawn) FILTER (WHERE i.expires_at IS NULL OR i.expires_at > %(at)s), 0)::bigint
        AS left_over
    FROM its i
) l
WHERE p.program = %(program)s
GROUP BY p.code
ORDER BY p.code;
