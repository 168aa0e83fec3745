-- name: uses
-- How often a code is used by now; when and at whose store by the first use that did not come back; when it was last used
-- or came back; and whether a purchase that is held has it.
SELECT coalesce(sum(u.amount), 0)::bigint, (array_agg(u.at ORDER BY u.at) FILTER (WHERE u.amount > 0))[1],
    (array_agg(u.partner ORDER BY u.at) FILTER (WHERE u.amount > 0))[1], max(u.last_at), coalesce(bool_or(u.held), false)
FROM (
    SELECT sum(k.amount) AS amount, min(k.claimed_at) AS at, max(k.claimed_at) AS last_at, p.partner,
        coalesce(h.open, false) AS held
    FROM claim AS k
    JOIN purchase AS p ON p.program = k.program AND p.home = k.home AND p.id = k.purchase
    LEFT JOIN held_claim AS h ON h.program = k.program AND h.home = k.home AND h.purchase = k.purchase
    WHERE k.program = %(program)s AND k.holder = %(code)s AND k.rule = 'code'
    GROUP BY k.home, k.purchase, p.partner, h.open
    UNION ALL
    SELECT o.amount, o.used_at, o.used_at, s.partner, false
    FROM code_use AS o
    LEFT JOIN store AS s ON s.program = o.program AND s.id = o.store
    WHERE o.program = %(program)s AND o.home = %(home)s AND o.code = %(code)s AND o.kind = 'redeemed'
) AS u;
