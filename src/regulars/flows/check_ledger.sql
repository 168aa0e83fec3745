-- name: voided_claims
SELECT c.purchase, c.promotion, c.rule, sum(c.amount)::bigint AS left_over
FROM claim c
JOIN voiding v ON (v.program, v.home, v.purchase) = (c.program, c.home, c.purchase)
WHERE c.program = %(program)s AND c.kind <> 'cancellation'
GROUP BY c.home, c.purchase, c.promotion, c.rule
HAVING sum(c.amount) <> 0
LIMIT %(limit)s;

-- name: unbooked_vouchers
-- A use that a round will look at is noted; one that came with a purchase is not owed.
SELECT m.id AS money, c.id AS code, u.used > 0 AS used
FROM code_batch AS b
JOIN limit_use AS l ON l.promotion = b.id AND l.rule = 'code' AND l.program = b.program
JOIN code AS c ON c.program = b.program AND c.id = l.holder AND c.purchase IS NULL
JOIN voucher_money AS m ON m.program = c.program
    AND m.home = ('x' || right(coalesce(c.redemption, c.batch)::text, 4))::bit(16)::integer & 1023
    AND m.id = coalesce(c.redemption, c.batch)
CROSS JOIN LATERAL (
    SELECT (SELECT coalesce(sum(k.amount), 0) FROM claim AS k
            WHERE k.program = c.program AND k.holder = c.id AND k.rule = 'code')
        + (SELECT coalesce(sum(o.amount), 0) FROM code_use AS o
            WHERE o.program = c.program AND o.home = c.home AND o.code = c.id AND o.kind = 'redeemed') AS used
) AS u
LEFT JOIN voucher_booked AS k ON k.program = c.program AND k.home = c.home AND k.code = c.id
WHERE b.program = %(program)s AND b.owed AND (u.used > 0) <> coalesce(k.used, false)
    AND NOT EXISTS (SELECT FROM code_touched AS t WHERE t.program = c.program AND t.home = c.home AND t.code = c.id)
GROUP BY m.id, c.id, u.used
LIMIT %(limit)s;
