-- name: latest
-- The latest receipts of some stores that came about: not voided, and held ones once they were confirmed. Each store
-- is walked by its index from its end.
SELECT r.id, r.home
FROM (SELECT %s::uuid AS program, %s::timestamptz AS since, %s::timestamptz AS until, %s::integer AS most) AS g
CROSS JOIN unnest(%b::uuid[]) AS t (store)
CROSS JOIN LATERAL (
    SELECT p.id, p.home, p.purchased_at
    FROM purchase p
    WHERE p.program = g.program AND p.store = t.store AND p.purchased_at >= g.since AND p.purchased_at < g.until
        AND NOT EXISTS (SELECT FROM voiding v WHERE (v.program, v.home, v.purchase) = (p.program, p.home, p.id) OFFSET 0)
        AND (NOT p.held OR EXISTS (SELECT FROM confirmation c
            WHERE (c.program, c.home, c.purchase) = (p.program, p.home, p.id) OFFSET 0))
    ORDER BY p.purchased_at DESC
    LIMIT (SELECT %s::integer)
) AS r
ORDER BY r.purchased_at DESC, r.id
LIMIT (SELECT %s::integer);

-- name: documents
-- Receipts as they were decided last: claimed, confirmed, or as recorded.
SELECT p.id, coalesce(k.member, p.member), coalesce(k.pool, p.pool), p.store, p.receipt_number,
    coalesce(k.document, c.document, p.document)
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::integer[], %b::smallint[], %b::uuid[]) AS t (n, home, id)
CROSS JOIN LATERAL (
    SELECT p.* FROM purchase p WHERE (p.program, p.home, p.id) = (g.program, t.home, t.id) OFFSET 0
) AS p
LEFT JOIN LATERAL (
    SELECT c.document FROM confirmation c WHERE (c.program, c.home, c.purchase) = (g.program, t.home, t.id) OFFSET 0
) AS c ON true
LEFT JOIN LATERAL (
    SELECT k.member, k.pool, k.document FROM purchase_claim k
    WHERE (k.program, k.home, k.purchase) = (g.program, t.home, t.id) OFFSET 0
) AS k ON true
ORDER BY t.n;
