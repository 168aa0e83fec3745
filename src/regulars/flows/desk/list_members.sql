-- name: tiers
-- Which tiers these members hold.
SELECT k.member, k.name, k.tier
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[]) AS a (home, member)
CROSS JOIN LATERAL (
    SELECT * FROM member_mark
    WHERE program = %(program)s AND home = a.home AND member = a.member AND kind = 'tier'
        AND since <= %(at)s AND (until IS NULL OR until > %(at)s)
    OFFSET 0
) AS k
ORDER BY k.member, k.name;
