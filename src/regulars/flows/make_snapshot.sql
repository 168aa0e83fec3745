-- name: spenders
-- Members among a store's last receipts, those who bought last first, each with the active card that she used or got
-- last, and what of her points is free. A bounded walk from the end of the store's index, then look-ups by key; the
-- steps are materialised for the reason that `resolve` of the members tells. Homes stand in an id's last ten bits.
WITH receipts AS MATERIALIZED (
    SELECT p.member, p.card, p.purchased_at
    FROM purchase AS p
    WHERE p.program = %(program)s AND p.store = %(store)s AND p.purchased_at <= %(at)s
    ORDER BY p.purchased_at DESC
    LIMIT %(looked_at)s
), latest AS MATERIALIZED (
    SELECT DISTINCT ON (r.member) r.member, r.card, r.purchased_at
    FROM receipts AS r
    WHERE r.member IS NOT NULL
    ORDER BY r.member, r.purchased_at DESC
), wanted AS MATERIALIZED (
    SELECT l.member, l.card,
        ((get_byte(uuid_send(l.member), 14) & 3) * 256 + get_byte(uuid_send(l.member), 15))::smallint AS home
    FROM latest AS l
    ORDER BY l.purchased_at DESC, l.member
    LIMIT %(most)s
), found AS MATERIALIZED (
    SELECT m.id, m.pool, m.spend_limit, m.unproved, c.number,
        ((get_byte(uuid_send(m.pool), 14) & 3) * 256 + get_byte(uuid_send(m.pool), 15))::smallint AS pool_home
    FROM wanted AS w
    CROSS JOIN LATERAL (
        SELECT o.id, o.pool, o.spend_limit, o.unproved FROM member AS o
        WHERE o.program = %(program)s AND o.home = w.home AND o.id = w.member AND o.erased_at IS NULL
          AND o.merged_into IS NULL AND o.role IS DISTINCT FROM 'earner'
          AND (o.spending_locked_until IS NULL OR o.spending_locked_until <= %(at)s)
        OFFSET 0
    ) AS m
    CROSS JOIN LATERAL (
        SELECT k.number FROM card AS k
        WHERE k.program = %(program)s AND k.member = w.member AND k.status = 'active'
        ORDER BY (k.id = w.card) IS TRUE DESC, k.issued_at DESC, k.id DESC
        LIMIT 1
    ) AS c
)
SELECT f.id, f.pool, f.number, f.spend_limit, f.unproved, greatest(0, s.free - coalesce(a.debt, 0))
FROM found AS f
CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.amount - l.drawn - l.reserved), 0)::bigint AS free
    FROM lot AS l
    WHERE l.program = %(program)s AND l.home = f.pool_home AND l.pool = f.pool AND l.open AND l.currency = %(currency)s
      AND l.active_at <= %(at)s AND (l.expires_at IS NULL OR l.expires_at > %(at)s)
    OFFSET 0
) AS s
LEFT JOIN LATERAL (
    SELECT b.debt FROM account AS b
    WHERE b.program = %(program)s AND b.home = f.pool_home AND b.pool = f.pool AND b.currency = %(currency)s
    OFFSET 0
) AS a ON true;
