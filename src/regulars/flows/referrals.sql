-- name: bought
-- What friends bought, as it stands: minor units of base money that are left after returns, the earliest first.
SELECT t.n, b.home, b.id, b.purchased_at, b.turnover - (
    SELECT coalesce(sum(r.turnover_back), 0) FROM goods_return AS r
    WHERE (r.program, r.home, r.purchase) = (g.program, b.home, b.id))::bigint
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%s::integer[], %s::smallint[], %s::uuid[], %s::uuid[], %s::timestamptz[], %s::timestamptz[],
        %s::boolean[])
    AS t (n, home, pool, member, since, until, claims)
CROSS JOIN LATERAL (
    SELECT p.home, p.id, p.purchased_at, coalesce(c.turnover, p.turnover) AS turnover
    FROM purchase AS p
    LEFT JOIN LATERAL (
        SELECT c.turnover FROM confirmation AS c WHERE (c.program, c.home, c.purchase) = (p.program, p.home, p.id) OFFSET 0
    ) AS c ON true
    WHERE (p.program, p.home, p.pool) = (g.program, t.home, t.pool)
        AND p.purchased_at >= t.since AND p.purchased_at < t.until AND p.member = t.member
        AND (NOT p.held OR c.turnover IS NOT NULL)
        AND NOT EXISTS (SELECT FROM voiding AS v WHERE (v.program, v.home, v.purchase) = (p.program, p.home, p.id) OFFSET 0)
    UNION ALL
    -- Claimed afterwards, by the receipt; of an account that she left nobody knows which were hers.
    SELECT e.bought_at, e.purchase, e.purchased_at, e.turnover
    FROM counted_purchase AS e
    WHERE t.claims AND (e.program, e.home, e.pool) = (g.program, t.home, t.pool) AND e.merge IS NULL
        AND e.purchased_at >= t.since AND e.purchased_at < t.until
        AND NOT EXISTS (SELECT FROM voiding AS v
            WHERE (v.program, v.home, v.purchase) = (e.program, e.bought_at, e.purchase) OFFSET 0)
    ORDER BY 3
    LIMIT 200
) AS b;

-- name: left_of
-- What is left of purchases: nothing of those that were voided.
SELECT t.n, CASE WHEN EXISTS (SELECT FROM voiding AS v WHERE (v.program, v.home, v.purchase) = (g.program, t.home, t.id) OFFSET 0)
    THEN 0
    ELSE coalesce(c.turnover, p.turnover) - (
        SELECT coalesce(sum(r.turnover_back), 0) FROM goods_return AS r
        WHERE (r.program, r.home, r.purchase) = (g.program, t.home, t.id))::bigint
    END
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%s::integer[], %s::smallint[], %s::uuid[]) AS t (n, home, id)
CROSS JOIN LATERAL (
    SELECT p.turnover FROM purchase AS p WHERE (p.program, p.home, p.id) = (g.program, t.home, t.id) OFFSET 0
) AS p
LEFT JOIN LATERAL (
    SELECT c.turnover FROM confirmation AS c WHERE (c.program, c.home, c.purchase) = (g.program, t.home, t.id) OFFSET 0
) AS c ON true;

-- name: bought_before
SELECT 1 FROM purchase WHERE program = %s AND home = %s AND pool = %s AND purchased_at < %s LIMIT 1;

-- name: listed
-- Referrals with what became of them, the latest first; of one referrer where she is named. What was paid with the
-- referrer's card shows when it is to be rewarded: if nothing was given before, it is refused like the others.
SELECT r.friend, r.referrer, coalesce(r.refused, s.refused), r.referred_at, r.until, o.friend IS NOT NULL,
    coalesce(s.given, '{}'), coalesce(s.withheld, '{}'), coalesce(s.cost, 0), coalesce(s.back, 0), s.given_at
FROM referral AS r
LEFT JOIN LATERAL (
    SELECT o.friend FROM referral_open AS o WHERE (o.program, o.home, o.friend) = (r.program, r.home, r.friend) OFFSET 0
) AS o ON true
LEFT JOIN LATERAL (
    SELECT array_agg(s.purchases ORDER BY s.purchases) AS given,
        array_agg(s.withheld) FILTER (WHERE s.withheld IS NOT NULL) AS withheld,
        sum(CASE WHEN b.n IS NULL THEN s.cost ELSE 0 END)::bigint AS cost, count(b.n)::integer AS back,
        max(s.given_at) AS given_at,
        CASE WHEN bool_and(s.withheld IS NOT DISTINCT FROM 'same_instrument') THEN 'same_instrument' END AS refused
    FROM referral_step AS s
    LEFT JOIN LATERAL (
        SELECT b.n FROM referral_back AS b
        WHERE (b.program, b.home, b.friend, b.kind, b.n) = (s.program, s.home, s.friend, 'step', s.purchases) OFFSET 0
    ) AS b ON true
    WHERE (s.program, s.home, s.friend) = (r.program, r.home, r.friend)
) AS s ON true
WHERE r.program = %(program)s AND (r.referred_at, r.friend) < (%(before)s, %(friend)s)
    AND (%(referrers)s::uuid[] IS NULL OR r.referrer = ANY (%(referrers)s::uuid[]))
    AND (NOT %(refused)s::boolean OR r.refused IS NOT NULL OR s.refused IS NOT NULL)
ORDER BY r.referred_at DESC, r.friend DESC
LIMIT %(limit)s;

-- name: counted
-- How many were brought, refused, rewarded and taken back, and what it cost, minor units of base money.
SELECT
    (SELECT count(*) FROM referral WHERE program = %(program)s AND refused IS NULL) - later.refused,
    (SELECT count(*) FROM referral WHERE program = %(program)s AND refused IS NOT NULL) + later.refused,
    later.rewarded,
    (SELECT count(*) FROM referral_back WHERE program = %(program)s AND kind = 'step'),
    (SELECT coalesce(sum(used), 0)::bigint FROM referral_use
        WHERE program = %(program)s AND home = 0 AND referrer = %(program)s AND period = 'budget')
FROM (
    SELECT count(*) FILTER (WHERE f.refused) AS refused, count(*) FILTER (WHERE NOT f.refused) AS rewarded
    FROM (
        SELECT bool_and(s.withheld IS NOT DISTINCT FROM 'same_instrument') AS refused
        FROM referral_step AS s WHERE s.program = %(program)s GROUP BY s.home, s.friend
    ) AS f
) AS later;
