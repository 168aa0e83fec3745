-- name: credits
-- Purchases of a member that are good for a play and were not played: large enough, not voided, what came back taken off.
SELECT p.id
FROM purchase p
LEFT JOIN LATERAL (
    SELECT c.turnover FROM confirmation c
    WHERE p.held AND (c.program, c.home, c.purchase) = (p.program, p.home, p.id) LIMIT 1) c ON true
WHERE p.program = %(program)s AND p.home = %(home)s AND p.pool = %(pool)s
    AND p.purchased_at >= %(since)s AND p.purchased_at <= %(until)s
    AND p.member = ANY (%(members)s::uuid[])
    AND (NOT p.held OR c.turnover IS NOT NULL)
    AND coalesce(c.turnover, p.turnover) - (
        SELECT coalesce(sum(r.turnover_back), 0) FROM goods_return r
        WHERE (r.program, r.home, r.purchase) = (p.program, p.home, p.id)) >= %(least)s
    AND NOT EXISTS (SELECT FROM voiding v WHERE (v.program, v.home, v.purchase) = (p.program, p.home, p.id) OFFSET 0)
    AND NOT EXISTS (SELECT FROM game_credit g
        WHERE (g.program, g.home, g.game, g.purchase) = (p.program, p.home, %(game)s, p.id) OFFSET 0)
ORDER BY p.purchased_at
LIMIT 100;

-- name: cost
-- Of games: what their prizes have cost, less what was taken back whole; minor units of base money.
SELECT p.game, coalesce(sum(z.cost), 0)::bigint
FROM (SELECT %(program)s::uuid AS program) AS g
CROSS JOIN unnest(%(games)b::text[]) AS n (game)
CROSS JOIN LATERAL (SELECT * FROM play AS p WHERE p.program = g.program AND p.game = n.game OFFSET 0) AS p
JOIN prize z ON (z.program, z.home, z.cause, z.about, z.n) = (p.program, p.home, 'game', p.id, 0)
    AND NOT EXISTS (SELECT FROM prize_taken k
        WHERE (k.program, k.home, k.prize) = (z.program, z.home, z.id) AND k.taken = 'whole' OFFSET 0)
GROUP BY p.game;

-- name: entries
-- The tickets of a lottery that take part: not void, and of somebody who was not erased.
SELECT t.id, t.number, t.member, t.purchase
FROM ticket t
JOIN member m ON (m.program, m.home, m.id) = (t.program, t.home, t.member)
WHERE t.program = %(program)s AND t.lottery = %(lottery)s AND m.erased_at IS NULL
    AND NOT EXISTS (SELECT FROM ticket_void v WHERE (v.program, v.home, v.ticket) = (t.program, t.home, t.id) OFFSET 0)
ORDER BY t.number;

-- name: brought
-- What is left of the turnover of these purchases: nothing of one that was voided, and what came back is taken off.
SELECT t.id, coalesce(c.turnover, p.turnover) - (
    SELECT coalesce(sum(r.turnover_back), 0) FROM goods_return r
    WHERE (r.program, r.home, r.purchase) = (p.program, p.home, p.id))::bigint
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::smallint[], %b::uuid[]) AS t (home, id)
JOIN purchase p ON (p.program, p.home, p.id) = (g.program, t.home, t.id)
LEFT JOIN LATERAL (
    SELECT c.turnover FROM confirmation c
    WHERE p.held AND (c.program, c.home, c.purchase) = (p.program, p.home, p.id) LIMIT 1) c ON true
WHERE NOT EXISTS (SELECT FROM voiding v WHERE (v.program, v.home, v.purchase) = (g.program, t.home, t.id) OFFSET 0);

-- name: bringing
-- Purchases of members within the time of entries that were recorded, or confirmed, since an instant and have brought no
-- tickets yet, with what is left of their turnover.
SELECT p.id, p.member, m.pool, coalesce(c.turnover, p.turnover) - b.turnover
FROM store s
CROSS JOIN LATERAL (
    SELECT * FROM purchase p
    WHERE p.program = s.program AND p.store = s.id AND p.purchased_at >= %(since)s AND p.purchased_at < %(until)s
        AND p.member IS NOT NULL AND (p.held OR p.recorded_at >= %(recorded)s)
    OFFSET 0
) p
JOIN member m ON (m.program, m.home, m.id) = (p.program, (get_byte(uuid_send(p.member), 14) & 3) * 256
    + get_byte(uuid_send(p.member), 15), p.member) AND m.erased_at IS NULL
LEFT JOIN LATERAL (
    SELECT c.turnover, c.recorded_at FROM confirmation c
    WHERE p.held AND (c.program, c.home, c.purchase) = (p.program, p.home, p.id) LIMIT 1) c ON true
CROSS JOIN LATERAL (
    SELECT coalesce(sum(r.turnover_back), 0)::bigint AS turnover FROM goods_return r
    WHERE (r.program, r.home, r.purchase) = (p.program, p.home, p.id) OFFSET 0) b
WHERE s.program = %(program)s AND (NOT p.held OR c.turnover IS NOT NULL)
    AND coalesce(c.turnover, p.turnover) - b.turnover >= %(least)s
    AND coalesce(c.recorded_at, p.recorded_at) >= %(recorded)s
    AND NOT EXISTS (SELECT FROM voiding v WHERE (v.program, v.home, v.purchase) = (p.program, p.home, p.id) OFFSET 0)
    AND NOT EXISTS (SELECT FROM ticket_purchase b
        WHERE (b.program, b.home, b.lottery, b.purchase) = (p.program, p.home, %(lottery)s, p.id) OFFSET 0)
LIMIT %(limit)s;
