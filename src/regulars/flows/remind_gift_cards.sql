-- name: ending
-- Cards that members keep and on which money ends between two instants, of which they were not reminded; of each card
-- the money that ends first. After one, in the order in which they lie.
SELECT k.member, k.card, e.ends, e.amount
FROM (SELECT %(program)s::uuid AS program, %(home)s::smallint AS home, %(member)s::uuid AS member, %(card)s::uuid AS card)
    AS a
JOIN kept_gift_card k ON k.program = a.program AND (k.home, k.member, k.card) > (a.home, a.member, a.card)
CROSS JOIN LATERAL (
    SELECT g.id FROM gift_card g
    WHERE (g.program, g.home, g.id) = (k.program, k.card_home, k.card) AND g.serial = k.serial AND g.blocked_at IS NULL
    LIMIT 1
) AS g
CROSS JOIN LATERAL (
    SELECT l.expires_at AS ends, sum(l.amount - l.drawn)::bigint AS amount
    FROM lot l
    WHERE (l.program, l.home, l.pool) = (k.program, k.card_home, k.card) AND l.open
        AND l.expires_at > %(after)s AND l.expires_at <= %(until)s
    GROUP BY l.expires_at
    ORDER BY l.expires_at
    LIMIT 1
) AS e
CROSS JOIN LATERAL (
    SELECT FROM member m
    WHERE (m.program, m.home, m.id) = (k.program, k.home, k.member) AND m.merged_into IS NULL AND m.erased_at IS NULL
    LIMIT 1
) AS m
WHERE k.reminded_of IS NULL OR k.reminded_of < e.ends
ORDER BY k.home, k.member, k.card
LIMIT %(limit)s;
