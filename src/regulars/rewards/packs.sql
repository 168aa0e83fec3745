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
SELECT p.id, p.member, p.pool, p.code, p.revision, p.currency, p.visits, p.price, p.lot, p.reference, p.store,
    p.sold_at, p.sold_by,
    CASE WHEN l.expires_at <= %(at)s THEN 0 ELSE (l.amount - l.drawn)::integer END, l.expires_at,
    (SELECT r.amount FROM pack_refund r WHERE (r.program, r.home, r.pack) = (p.program, p.home, p.id))
FROM (SELECT p.* FROM pack p
      WHERE p.program = %(program)s AND p.member = ANY (%(members)s::uuid[]) ORDER BY p.id DESC LIMIT 100) AS p
CROSS JOIN LATERAL (
    SELECT l.amount, l.drawn, l.expires_at FROM lot l WHERE (l.program, l.home, l.id) = (p.program, p.home, p.lot)
    OFFSET 0
) l
ORDER BY p.id DESC;

-- name: refund
INSERT INTO pack_refund (program, home, pack, visits, amount, reason, refunded_at, refunded_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (program, home, pack) DO NOTHING
RETURNING 1;

-- name: liability
SELECT p.code, count(*)::integer, coalesce(sum(l.left_over), 0)::integer,
    coalesce(sum((2 * p.price * l.left_over + p.visits) / (2 * p.visits)), 0)::bigint
FROM pack p
CROSS JOIN LATERAL (
    SELECT CASE WHEN l.expires_at <= %(at)s THEN 0 ELSE l.amount - l.drawn END AS left_over
    FROM lot l WHERE (l.program, l.home, l.id) = (p.program, p.home, p.lot)
    OFFSET 0
) l
WHERE p.program = %(program)s
GROUP BY p.code
ORDER BY p.code;
