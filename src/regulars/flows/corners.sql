-- name: open
-- One branch for each corner of the portal that only some programs have; members see those that are open.
SELECT 'rewards' AS corner
WHERE EXISTS (SELECT FROM reward WHERE program = %(program)s AND stopped_at IS NULL)
UNION ALL
SELECT 'clubs'
WHERE EXISTS (SELECT FROM club WHERE program = %(program)s) OR EXISTS (SELECT FROM occasion WHERE program = %(program)s)
UNION ALL
SELECT 'entitlements'
WHERE EXISTS (
    SELECT FROM entitlement e
    WHERE e.program = %(program)s AND coalesce(e.document->>'stopped', 'false') <> 'true'
        AND NOT EXISTS (SELECT FROM entitlement n WHERE n.program = e.program AND n.code = e.code AND n.revision > e.revision)
)
UNION ALL
SELECT 'referrals'
WHERE (SELECT coalesce(r.document->>'stopped', 'false') FROM referral_program AS r
    WHERE r.program = %(program)s ORDER BY r.revision DESC LIMIT 1) = 'false'
UNION ALL
SELECT 'challenges'
WHERE EXISTS (
    SELECT FROM quest AS q
    WHERE q.program = %(program)s AND coalesce(q.document->>'stopped', 'false') <> 'true'
        AND NOT EXISTS (SELECT FROM quest AS n WHERE n.program = q.program AND n.code = q.code AND n.revision > q.revision)
)
UNION ALL
SELECT 'memberships'
WHERE EXISTS (SELECT FROM membership_plan WHERE program = %(program)s)
    OR EXISTS (SELECT FROM pack_kind WHERE program = %(program)s)
    OR EXISTS (SELECT FROM currency WHERE program = %(program)s AND kind = 'stamps')
UNION ALL
SELECT 'games'
WHERE EXISTS (SELECT FROM game WHERE program = %(program)s AND stopped_at IS NULL)
    OR EXISTS (SELECT FROM lottery WHERE program = %(program)s AND stopped_at IS NULL)
    OR EXISTS (SELECT FROM survey WHERE program = %(program)s AND stopped_at IS NULL)
UNION ALL
SELECT 'passing'
WHERE EXISTS (SELECT FROM points_rate AS r WHERE r.program = %(program)s AND coalesce(r.document->>'stopped', 'false') <> 'true'
        AND NOT EXISTS (SELECT FROM points_rate AS n
            WHERE (n.program, n.currency, n.target) = (r.program, r.currency, r.target) AND n.revision > r.revision))
    OR EXISTS (SELECT FROM program AS p WHERE p.id = %(program)s
        AND (p.settings->'passing'->>'members' = 'true' OR p.settings->'passing'->'charities' <> '[]'))
