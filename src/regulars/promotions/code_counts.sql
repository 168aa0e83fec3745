-- name: void_code
WITH voided AS (
    UPDATE code SET voided_at = %(at)s, void_reason = %(reason)s
    WHERE program = %(program)s AND id = %(id)s AND voided_at IS NULL
    RETURNING program, home, id, batch
),
touched AS (
    INSERT INTO code_touched (program, home, code)
    SELECT v.program, v.home, v.id
    FROM voided AS v
    JOIN code_batch AS b ON b.program = v.program AND b.id = v.batch AND b.owed
)
SELECT batch FROM voided;

-- name: read_code
SELECT c.id, c.batch, c.serial, c.purchase, c.voided_at, c.void_reason FROM code c WHERE c.program = %s AND c.id = %s;

-- name: uses_of_code
-- Which purchases used a code, the latest first; what was given back since is below zero.
SELECT c.home, c.purchase, min(c.claimed_at), sum(c.amount)::bigint
FROM claim c
WHERE c.program = %s AND c.holder = %s AND c.rule = 'code'
GROUP BY c.home, c.purchase
ORDER BY 3 DESC
LIMIT %s;

-- name: codes_of_batches
-- Of each batch: how many codes it has, how many of them came with purchases, and how many were voided.
SELECT t.id, b.made, b.given, v.voided
FROM unnest(%s::uuid[]) AS t (id)
CROSS JOIN LATERAL (SELECT count(*)::integer AS made, count(*) FILTER (WHERE c.serial IS NULL)::integer AS given FROM code c WHERE c.batch = t.id) b
CROSS JOIN LATERAL (SELECT count(*)::integer AS voided FROM code c WHERE c.batch = t.id AND c.voided_at IS NOT NULL) v;

-- name: uses_of_batches
-- Of each batch: how many of its codes were used, and how often.
SELECT t.id, count(*) FILTER (WHERE u.used > 0)::integer, coalesce(sum(u.used), 0)::bigint
FROM unnest(%s::uuid[]) AS t (id)
JOIN limit_use u ON u.promotion = t.id AND u.rule = 'code'
WHERE u.program = %s
GROUP BY t.id;
