-- name: pools_of_member
-- Where a member's purchases lie: on her own pool and those of members who were merged into her, on accounts that she
-- shares or shared, and at tills, where she claimed them afterwards.
WITH mine AS MATERIALIZED (
    SELECT m.id, coalesce(m.own_pool, m.pool) AS own, CASE WHEN m.role = 'owner' THEN m.pool END AS owned
    FROM member m
    WHERE m.program = %(program)s AND m.home = %(home)s AND m.id = %(member)s
    UNION ALL
    SELECT a.id, coalesce(a.own_pool, a.pool), NULL
    FROM member a
    WHERE a.program = %(program)s AND a.merged_into = %(member)s
)
SELECT 'own', id, own FROM mine
UNION ALL
SELECT 'owned', id, owned FROM mine WHERE owned IS NOT NULL
UNION ALL
SELECT 'shared', i.id, j.account FROM mine i JOIN account_member j ON j.program = %(program)s AND j.member = i.id
UNION ALL
SELECT 'claimed', i.id, c.purchase FROM mine i JOIN purchase_claim c ON c.program = %(program)s AND c.member = i.id;
