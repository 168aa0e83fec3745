-- name: of_owner
-- The codes that are a member's own, the one that ends first before the others, without end the last.
SELECT c.id, c.batch, c.redemption, b.valid_from, least(b.valid_until, c.valid_until), b.uses, b.stopped_at,
    c.voided_at, c.blocked_at,
    coalesce((
        SELECT sum(u.used) FROM limit_use u
        WHERE (u.program, u.home, u.holder, u.period, u.promotion, u.rule) = (c.program, c.home, c.id, 0, c.batch, 'code')
    ), 0)::bigint
FROM code c
JOIN code_batch b ON (b.program, b.id) = (c.program, c.batch)
WHERE c.owner = %s AND c.program = %s AND c.redemption IS NOT NULL
ORDER BY least(b.valid_until, c.valid_until) NULLS LAST, c.id
LIMIT %s;
