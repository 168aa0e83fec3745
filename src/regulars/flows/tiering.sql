-- name: measures
-- What each pool reached from one instant to another, and the tier of a ladder that the member has or had last. What is
-- held counts once it is confirmed; what came back is taken off at the purchase's own time; what was voided never counts.
-- A purchase of which all came back is no purchase any more, and no visit.
SELECT t.n, b.spend, b.purchases, b.days, q.currencies, q.amounts, m.tier, m.since, m.until, m.gained, m.detail, m.reviewed
FROM (SELECT %s::uuid AS program, %s::text AS zone, %s::boolean AS bought, %s::boolean AS by_day, %s::text[] AS currencies)
    AS g
CROSS JOIN unnest(%b::integer[], %b::smallint[], %b::uuid[], %b::smallint[], %b::uuid[], %b::text[], %b::timestamptz[],
        %b::timestamptz[])
    AS t (n, home, pool, member_home, member, ladder, since, until)
LEFT JOIN LATERAL (
    SELECT coalesce(sum(x.spend), 0)::bigint AS spend, count(x.at)::integer AS purchases,
        CASE WHEN g.by_day THEN array_agg(DISTINCT (x.at AT TIME ZONE g.zone)::date) FILTER (WHERE x.at IS NOT NULL) END
            AS days
    FROM (
        SELECT CASE WHEN p.id <> ALL (ARRAY(
                SELECT r.purchase
                FROM goods_return r
                CROSS JOIN LATERAL (
                    SELECT coalesce(c.gross, o.gross) AS gross
                    FROM purchase o
                    LEFT JOIN confirmation c ON o.held AND (c.program, c.home, c.purchase) = (o.program, o.home, o.id)
                    WHERE (o.program, o.home, o.id) = (r.program, r.home, r.purchase)
                    LIMIT 1) o
                WHERE (r.program, r.home, r.pool) = (g.program, t.home, t.pool)
                    AND r.purchased_at >= t.since AND r.purchased_at < t.until
                GROUP BY r.purchase
                HAVING sum(r.gross_back) >= max(o.gross))) THEN p.purchased_at END AS at,
            coalesce(c.turnover, p.turnover) AS spend
        FROM purchase p
        LEFT JOIN LATERAL (
            SELECT c.turnover FROM confirmation c
            WHERE p.held AND (c.program, c.home, c.purchase) = (p.program, p.home, p.id) LIMIT 1) c ON true
        WHERE (p.program, p.home, p.pool) = (g.program, t.home, t.pool)
            AND p.purchased_at >= t.since AND p.purchased_at < t.until
            AND (NOT p.held OR c.turnover IS NOT NULL)
            AND p.id <> ALL (ARRAY(
                SELECT v.purchase FROM voiding v
                WHERE (v.program, v.home, v.pool) = (g.program, t.home, t.pool)
                    AND v.purchased_at >= t.since AND v.purchased_at < t.until))
        UNION ALL
        SELECT NULL, -r.turnover_back
        FROM goods_return r
        WHERE (r.program, r.home, r.pool) = (g.program, t.home, t.pool)
            AND r.purchased_at >= t.since AND r.purchased_at < t.until
            AND NOT EXISTS (SELECT FROM voiding v
                WHERE (v.program, v.home, v.purchase) = (r.program, r.home, r.purchase) OFFSET 0)
        UNION ALL
        -- Bought elsewhere and counted here: claimed afterwards, or by a member who was merged into this one.
        SELECT CASE WHEN b.gross IS NULL OR b.gross < o.gross THEN e.purchased_at END,
            e.turnover - coalesce(b.turnover, 0)
        FROM counted_purchase e
        CROSS JOIN LATERAL (
            SELECT coalesce(c.gross, o.gross) AS gross
            FROM purchase o
            LEFT JOIN confirmation c ON o.held AND (c.program, c.home, c.purchase) = (o.program, o.home, o.id)
            WHERE (o.program, o.home, o.id) = (e.program, e.bought_at, e.purchase)
            LIMIT 1) o
        CROSS JOIN LATERAL (
            SELECT sum(r.gross_back) AS gross, sum(r.turnover_back) AS turnover FROM goods_return r
            WHERE (r.program, r.home, r.purchase) = (e.program, e.bought_at, e.purchase)) b
        WHERE (e.program, e.home, e.pool) = (g.program, t.home, t.pool)
            AND e.purchased_at >= t.since AND e.purchased_at < t.until
            AND NOT EXISTS (SELECT FROM voiding v
                WHERE (v.program, v.home, v.purchase) = (e.program, e.bought_at, e.purchase) OFFSET 0)
    ) AS x
) AS b ON g.bought
LEFT JOIN LATERAL (
    SELECT array_agg(s.currency) AS currencies, array_agg(s.amount) AS amounts
    FROM (
        SELECT l.currency, sum(l.amount - l.drawn)::bigint AS amount
        FROM lot l
        WHERE (l.program, l.home, l.pool) = (g.program, t.home, t.pool) AND l.open
            AND l.earned_at >= t.since AND l.earned_at < t.until AND l.currency = ANY(g.currencies)
        GROUP BY l.currency
    ) AS s
) AS q ON cardinality(g.currencies) > 0
LEFT JOIN LATERAL (
    SELECT m.tier, m.since, m.until, m.gained, m.detail::text AS detail, m.reviewed
    FROM member_mark m
    WHERE (m.program, m.home, m.member, m.kind, m.name) = (g.program, t.member_home, t.member, 'tier', t.ladder)
    ORDER BY m.since DESC
    LIMIT 1
) AS m ON true;

-- name: climbers
-- Members by their ids: whose pool, and since when.
SELECT m.id, m.pool, m.enrolled_at
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::smallint[], %b::uuid[]) AS t (home, id)
CROSS JOIN LATERAL (
    SELECT m.id, m.pool, m.enrolled_at FROM member m
    WHERE (m.program, m.home, m.id) = (g.program, t.home, t.id) AND m.merged_into IS NULL AND m.erased_at IS NULL
    LIMIT 1
) AS m;

-- name: next_climbers
-- The members after one, in the order in which they lie.
SELECT id, pool, enrolled_at FROM member
WHERE program = %s AND (home, id) > (%s, %s) AND merged_into IS NULL AND erased_at IS NULL
ORDER BY home, id
LIMIT %s;

-- name: next_sharers
-- Members of shared accounts after one, in the order in which the accounts lie.
SELECT j.home, j.account, j.member
FROM account_member j
WHERE j.program = %s AND (j.home, j.account, j.member) > (%s, %s, %s) AND j.left_at IS NULL
ORDER BY j.home, j.account, j.member
LIMIT %s;
