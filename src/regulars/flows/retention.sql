-- name: pools_of_members
-- Whom each member is known as, herself and those who were merged into her, with the pools of each: the one they buy on
-- now, and their own while that is an account's.
WITH known AS (
    SELECT m.id AS hers, m.id, m.pool, m.own_pool
    FROM unnest(%(homes)s::smallint[], %(members)s::uuid[]) AS t (home, id)
    JOIN member m ON m.program = %(program)s AND m.home = t.home AND m.id = t.id
    UNION ALL
    SELECT a.merged_into, a.id, a.pool, a.own_pool
    FROM unnest(%(members)s::uuid[]) AS t (id)
    JOIN member a ON a.program = %(program)s AND a.merged_into = t.id
)
SELECT hers, id, pool FROM known
UNION ALL
SELECT hers, id, own_pool FROM known WHERE own_pool IS NOT NULL;

-- name: last_seen
-- When each member last did something herself: what she bought on that pool, and all else; none: never. Postings that
-- jobs and staff made do not count, nor do agreements that ended, and wait again, because her email was changed.
SELECT t.hers, greatest(
    (
        SELECT p.purchased_at FROM purchase p
        WHERE p.program = g.program AND p.home = t.pool_home AND p.pool = t.pool
        ORDER BY p.purchased_at DESC LIMIT 1
    ), (
        SELECT o.recorded_at FROM posting o
        WHERE o.program = g.program AND o.home = t.pool_home AND o.pool = t.pool
            AND o.kind IN ('purchase', 'return', 'void', 'transfer_out')
        ORDER BY o.recorded_at DESC LIMIT 1
    ), (
        SELECT c.recorded_at FROM consent c
        WHERE c.program = g.program AND c.home = t.home AND c.member = t.member AND c.source <> 'email_changed'
            AND NOT (
                c.granted AND c.to_confirm AND c.given_at < c.recorded_at AND EXISTS (
                    SELECT FROM consent e
                    WHERE e.program = c.program AND e.home = c.home AND e.member = c.member
                        AND e.source = 'email_changed' AND e.recorded_at = c.recorded_at
                )
            )
        ORDER BY c.id DESC LIMIT 1
    ), (
        SELECT max(a.activated_at) FROM offer_activation a
        WHERE a.program = g.program AND a.home = t.home AND a.member = t.member
    ), (
        SELECT max(s.seen_at) FROM member_session s
        WHERE s.program = g.program AND s.home = t.home AND s.member = t.member
    ), (
        SELECT max(y.claimed_at) FROM purchase_claim y
        WHERE y.program = g.program AND y.member = t.member
    )
)
FROM (SELECT %(program)s::uuid AS program) AS g
CROSS JOIN unnest(
    %(hers)s::uuid[], %(homes)s::smallint[], %(members)s::uuid[], %(pool_homes)s::smallint[], %(pools)s::uuid[]
) AS t (hers, home, member, pool_home, pool);
