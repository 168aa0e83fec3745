-- name: ending
-- Tiers that end between two instants, of whose end their members were not reminded; after one, the soonest first.
SELECT m.home, m.member, m.name, m.until
FROM (SELECT %(program)s::uuid AS program, %(place)s::timestamptz AS until, %(home)s::smallint AS home,
    %(member)s::uuid AS member, %(ladder)s::text AS name) AS a
JOIN member_mark m ON m.program = a.program AND m.kind = 'tier' AND NOT m.reviewed
    AND m.until > %(after)s AND m.until <= %(until)s
    AND (m.until, m.home, m.member, m.name) > (a.until, a.home, a.member, a.name)
CROSS JOIN LATERAL (
    SELECT FROM member x
    WHERE (x.program, x.home, x.id) = (m.program, m.home, m.member) AND x.merged_into IS NULL AND x.erased_at IS NULL
    LIMIT 1
) AS x
WHERE m.name = ANY(%(ladders)b::text[]) AND m.since <= %(after)s AND m.reminded_of IS DISTINCT FROM m.until
ORDER BY m.until, m.home, m.member, m.name
LIMIT %(limit)s;
