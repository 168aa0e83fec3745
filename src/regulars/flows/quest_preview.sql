-- name: few
-- The members of a program, so many at most.
SELECT id, pool FROM member
WHERE program = %s AND merged_into IS NULL AND erased_at IS NULL
LIMIT %s;

-- name: of_home
-- Some members of a home, whichever, and how many it has.
SELECT id, pool, count(*) OVER ()
FROM member
WHERE program = %s AND home = %s AND merged_into IS NULL AND erased_at IS NULL
ORDER BY md5(id::text)
LIMIT %s;

-- name: purchases
-- What was bought on accounts between two instants and came about, also elsewhere before it was counted here; with the
-- returns of each.
SELECT x.id, x.home, t.pool, x.purchased_at, ARRAY(
    SELECT r.document FROM goods_return r WHERE (r.program, r.home, r.purchase) = (g.program, x.home, x.id))
FROM (SELECT %s::uuid AS program, %s::timestamptz AS since, %s::timestamptz AS until) AS g
CROSS JOIN unnest(%b::smallint[], %b::uuid[]) AS t (home, pool)
CROSS JOIN LATERAL (
    SELECT p.id, p.home, p.purchased_at FROM purchase p
    WHERE (p.program, p.home, p.pool) = (g.program, t.home, t.pool)
        AND p.purchased_at >= g.since AND p.purchased_at < g.until
        AND (NOT p.held OR EXISTS (SELECT FROM confirmation c
            WHERE (c.program, c.home, c.purchase) = (p.program, p.home, p.id) OFFSET 0))
    UNION ALL
    SELECT e.purchase, e.bought_at, e.purchased_at FROM counted_purchase e
    WHERE (e.program, e.home, e.pool) = (g.program, t.home, t.pool)
        AND e.purchased_at >= g.since AND e.purchased_at < g.until
) AS x
WHERE NOT EXISTS (SELECT FROM voiding v WHERE (v.program, v.home, v.purchase) = (g.program, x.home, x.id) OFFSET 0)
ORDER BY x.purchased_at, x.id
LIMIT (SELECT %s::integer);

-- name: activities
-- What members did of a kind between two instants, as far as it counted.
SELECT a.member, a.happened_at, a.quantity
FROM activity a
WHERE a.program = %s AND a.member = ANY (%s::uuid[]) AND a.kind = %s AND a.happened_at >= %s AND a.happened_at < %s
    AND (a.flag IS NULL OR EXISTS (SELECT FROM activity_review v
        WHERE (v.program, v.home, v.activity) = (a.program, a.home, a.id) AND v.accepted OFFSET 0))
ORDER BY a.happened_at, a.id
LIMIT %s;

-- name: merged
-- Who was merged into these members.
SELECT id, merged_into FROM member WHERE program = %s AND merged_into = ANY (%s::uuid[]);

-- name: marks
SELECT m.member, m.kind, CASE WHEN m.tier IS NULL THEN m.name ELSE m.name || '/' || m.tier END
FROM member_mark m
WHERE m.program = %s AND (m.home, m.member) IN (SELECT * FROM unnest(%s::smallint[], %s::uuid[]))
    AND m.since <= %s AND (m.until IS NULL OR m.until > %s);
