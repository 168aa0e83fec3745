-- name: listed
-- The sums of accounts are for reading; what may be paid with is looked at under the lock of the card's pool.
SELECT g.id, g.serial, g.blocked_at, g.issued_at, coalesce(a.balance, 0)
FROM (
    SELECT * FROM gift_card
    WHERE program = %s AND (%s::uuid IS NULL OR id < %s::uuid)
    ORDER BY id DESC
    LIMIT %s
) AS g
LEFT JOIN account AS a ON a.program = g.program AND a.home = g.home AND a.pool = g.id AND a.currency = %s
ORDER BY g.id DESC;
