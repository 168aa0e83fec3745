-- name: claim
INSERT INTO purchase_claim (program, home, purchase, id, member, pool, claimed_at, document)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: claims_since
SELECT count(*) FROM purchase_claim WHERE program = %s AND member = %s AND claimed_at > %s;

-- name: count_claimed
INSERT INTO counted_purchase (program, home, pool, purchase, bought_at, purchased_at, turnover)
SELECT a.program, a.to_home, a.pool, p.id, p.home, p.purchased_at, coalesce(c.turnover, p.turnover)
FROM (SELECT %s::uuid AS program, %s::smallint AS to_home, %s::uuid AS pool, %s::smallint AS home, %s::uuid AS purchase) a
JOIN purchase p ON (p.program, p.home, p.id) = (a.program, a.home, a.purchase)
LEFT JOIN confirmation c ON (c.program, c.home, c.purchase) = (p.program, p.home, p.id);

-- name: count_merged
-- What counted as the duplicate's, bought on her pool or counted there.
INSERT INTO counted_purchase (program, home, pool, purchase, bought_at, purchased_at, turnover, merge)
SELECT a.program, a.to_home, a.target, b.id, b.home, b.purchased_at, b.turnover, a.merge
FROM (
    SELECT %s::uuid AS program, %s::smallint AS to_home, %s::uuid AS target, %s::smallint AS home, %s::uuid AS source,
        %s::uuid AS merge
) a
CROSS JOIN LATERAL (
    SELECT p.id, p.home, p.purchased_at, coalesce(c.turnover, p.turnover) AS turnover
    FROM purchase p
    LEFT JOIN confirmation c ON (c.program, c.home, c.purchase) = (p.program, p.home, p.id)
    WHERE (p.program, p.home, p.pool) = (a.program, a.home, a.source) AND (NOT p.held OR c.purchase IS NOT NULL)
        AND NOT EXISTS (SELECT FROM voiding v WHERE (v.program, v.home, v.purchase) = (p.program, p.home, p.id) OFFSET 0)
    UNION ALL
    SELECT e.purchase, e.bought_at, e.purchased_at, e.turnover
    FROM counted_purchase e
    WHERE (e.program, e.home, e.pool) = (a.program, a.home, a.source)
    OFFSET 0
) b
ON CONFLICT DO NOTHING;

-- name: uncount_merged
DELETE FROM counted_purchase WHERE program = %s AND home = %s AND pool = %s AND merge = %s;

-- name: cards_of
SELECT p.id, p.card
FROM unnest(%s::smallint[], %s::uuid[]) AS a (home, id)
JOIN purchase AS p ON p.program = %s AND p.home = a.home AND p.id = a.id;
