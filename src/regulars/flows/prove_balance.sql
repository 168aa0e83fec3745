-- name: places
SELECT m.home, m.fact, m.height, m.place
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, fact)
CROSS JOIN LATERAL (
    SELECT * FROM block_member
    WHERE program = %s AND home = asked.home AND fact = asked.fact AND kind = 'posting' OFFSET 0
) AS m;
