-- name: voided_claims
SELECT c.purchase, c.promotion, c.rule, sum(c.amount)::bigint AS left_over
FROM claim c
JOIN voiding v ON (v.program, v.home, v.purchase) = (c.program, c.home, c.purchase)
WHERE c.program = %(program)s AND c.kind <> 'cancellation'
GROUP BY c.home, c.purchase, c.promotion, c.rule
HAVING sum(c.amount) <> 0
LIMIT %(limit)s;
