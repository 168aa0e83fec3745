-- name: note
INSERT INTO succession (program, home, pool, id, target, moved_at) VALUES (%s, %s, %s, %s, %s, %s);

-- name: end_succession
UPDATE succession SET ended_at = %s WHERE program = %s AND home = %s AND pool = %s AND id = %s AND ended_at IS NULL;

-- name: successor
-- Ids are in the order of time too: they tell what came first where a sandbox's clock stands still.
SELECT target, moved_at, id
FROM succession
WHERE program = %s AND home = %s AND pool = %s AND ended_at IS NULL AND (moved_at, id) > (%s, %s)
ORDER BY moved_at, id
LIMIT 1;

-- name: lots_named
-- Lots of a pool by their ids, open or not, and how much of each was posted as expired.
SELECT 0 AS part, l.pool, l.id, l.currency, l.amount, l.drawn, l.reserved, l.earned_at, l.active_at, l.expires_at,
       l.issuer, l.funder, l.promotion, l.revision, l.purchase, l.unit_cost_numerator, l.unit_cost_denominator, l.origin,
       coalesce((
           SELECT sum(d.amount) FROM draw AS d
           JOIN entry AS e ON e.program = d.program AND e.home = d.home AND e.posting = d.posting AND e.n = d.n
           WHERE d.program = l.program AND d.home = l.home AND d.lot = l.id AND 'expired' IN (e.source, e.target)
       ), 0)::bigint AS expired
FROM unnest(%(lots)s::uuid[]) AS n (id)
JOIN lot AS l ON l.program = %(program)s AND l.home = %(home)s AND l.id = n.id AND l.pool = %(pool)s;

-- name: drawn_from
-- Where what was drawn from lots went: with which purchase, if any, and whether to a lot that continues this one.
SELECT d.lot, p.purchase, p.kind, CASE WHEN e.source = 'points' THEN e.target ELSE e.source END AS account,
       sum(d.amount)::bigint
FROM unnest(%(lots)s::uuid[]) AS asked (lot)
JOIN draw AS d ON d.program = %(program)s AND d.home = %(home)s AND d.lot = asked.lot
JOIN entry AS e ON e.program = d.program AND e.home = d.home AND e.posting = d.posting AND e.n = d.n
JOIN posting AS p ON p.program = d.program AND p.home = d.home AND p.id = d.posting
GROUP BY 1, 2, 3, 4
HAVING sum(d.amount) <> 0;
