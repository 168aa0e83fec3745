-- name: turnover
-- What each pool spent from one instant to another. What came back is taken off at the purchase's own time; what was
-- voided, or held and lapsed, never counts. Voided purchases are few: they are named first, by a range of their own.
-- OFFSET 0 keeps the planner from hashing all confirmations and holds of the program for the few that are looked up.
SELECT t.n, (
    SELECT coalesce(sum(
        CASE WHEN p.held THEN coalesce((
            SELECT c.turnover FROM confirmation c WHERE (c.program, c.home, c.purchase) = (p.program, p.home, p.id)
        ), p.turnover) ELSE p.turnover END), 0)
    FROM purchase p
    WHERE (p.program, p.home, p.pool) = (g.program, t.home, t.pool)
        AND p.purchased_at >= t.since AND p.purchased_at <= t.until
        AND p.id <> ALL (ARRAY(
            SELECT v.purchase FROM voiding v
            WHERE (v.program, v.home, v.pool) = (g.program, t.home, t.pool)
                AND v.purchased_at >= t.since AND v.purchased_at <= t.until
        ))
        AND (NOT p.held
            OR EXISTS (SELECT FROM confirmation c
                WHERE (c.program, c.home, c.purchase) = (p.program, p.home, p.id) OFFSET 0)
            OR EXISTS (SELECT FROM hold h
                WHERE (h.program, h.home, h.purchase) = (p.program, p.home, p.id) AND h.open AND h.lapses_at > g.at
                OFFSET 0))
)::bigint - (
    SELECT coalesce(sum(r.turnover_back), 0)
    FROM goods_return r
    WHERE (r.program, r.home, r.pool) = (g.program, t.home, t.pool)
        AND r.purchased_at >= t.since AND r.purchased_at <= t.until
        AND NOT EXISTS (SELECT FROM voiding v
            WHERE (v.program, v.home, v.purchase) = (r.program, r.home, r.purchase) OFFSET 0)
)::bigint + (
    -- Bought elsewhere and counted here: claimed afterwards, or by a member who was merged into this one.
    SELECT coalesce(sum(e.turnover - (
        SELECT coalesce(sum(r.turnover_back), 0) FROM goods_return r
        WHERE (r.program, r.home, r.purchase) = (e.program, e.bought_at, e.purchase))), 0)
    FROM counted_purchase e
    WHERE (e.program, e.home, e.pool) = (g.program, t.home, t.pool)
        AND e.purchased_at >= t.since AND e.purchased_at <= t.until
        AND NOT EXISTS (SELECT FROM voiding v
            WHERE (v.program, v.home, v.purchase) = (e.program, e.bought_at, e.purchase) OFFSET 0)
)::bigint
FROM (SELECT %s::timestamptz AS at, %s::uuid AS program) AS g,
    unnest(%b::integer[], %b::smallint[], %b::uuid[], %b::timestamptz[], %b::timestamptz[])
        AS t (n, home, pool, since, until);

-- name: visits
-- How many purchases each pool made from one instant to another, and on which days.
SELECT t.n, f.purchases, f.days
FROM (SELECT %s::timestamptz AS at, %s::text AS zone, %s::uuid AS program) AS g
CROSS JOIN unnest(%b::integer[], %b::smallint[], %b::uuid[], %b::timestamptz[], %b::timestamptz[])
    AS t (n, home, pool, since, until)
CROSS JOIN LATERAL (
    SELECT count(*)::integer AS purchases,
        coalesce(array_agg(DISTINCT (b.purchased_at AT TIME ZONE g.zone)::date), '{}') AS days
    FROM (SELECT p.purchased_at
    FROM purchase p
    WHERE (p.program, p.home, p.pool) = (g.program, t.home, t.pool)
        AND p.purchased_at >= t.since AND p.purchased_at <= t.until
        AND p.id <> ALL (ARRAY(
            SELECT v.purchase FROM voiding v
            WHERE (v.program, v.home, v.pool) = (g.program, t.home, t.pool)
                AND v.purchased_at >= t.since AND v.purchased_at <= t.until
        ))
        AND (NOT p.held
            OR EXISTS (SELECT FROM confirmation c
                WHERE (c.program, c.home, c.purchase) = (p.program, p.home, p.id) OFFSET 0)
            OR EXISTS (SELECT FROM hold h
                WHERE (h.program, h.home, h.purchase) = (p.program, p.home, p.id) AND h.open AND h.lapses_at > g.at
                OFFSET 0))
    UNION ALL
    SELECT e.purchased_at
    FROM counted_purchase e
    WHERE (e.program, e.home, e.pool) = (g.program, t.home, t.pool)
        AND e.purchased_at >= t.since AND e.purchased_at <= t.until
        AND NOT EXISTS (SELECT FROM voiding v
            WHERE (v.program, v.home, v.purchase) = (e.program, e.bought_at, e.purchase) OFFSET 0)) b
) f;

-- name: last_purchases
-- When each pool bought last until an instant.
SELECT t.n, greatest(f.purchased_at, (
    SELECT e.purchased_at
    FROM counted_purchase e
    WHERE (e.program, e.home, e.pool) = (g.program, t.home, t.pool)
        AND e.purchased_at <= t.until
        AND NOT EXISTS (SELECT FROM voiding v
            WHERE (v.program, v.home, v.purchase) = (e.program, e.bought_at, e.purchase) OFFSET 0)
    ORDER BY e.purchased_at DESC
    LIMIT 1
))
FROM (SELECT %s::timestamptz AS at, %s::uuid AS program) AS g
CROSS JOIN unnest(%b::integer[], %b::smallint[], %b::uuid[], %b::timestamptz[]) AS t (n, home, pool, until)
LEFT JOIN LATERAL (
    SELECT p.purchased_at
    FROM purchase p
    WHERE (p.program, p.home, p.pool) = (g.program, t.home, t.pool)
        AND p.purchased_at <= t.until
        AND NOT EXISTS (SELECT FROM voiding v WHERE (v.program, v.home, v.purchase) = (p.program, p.home, p.id) OFFSET 0)
        AND (NOT p.held
            OR EXISTS (SELECT FROM confirmation c
                WHERE (c.program, c.home, c.purchase) = (p.program, p.home, p.id) OFFSET 0)
            OR EXISTS (SELECT FROM hold h
                WHERE (h.program, h.home, h.purchase) = (p.program, p.home, p.id) AND h.open AND h.lapses_at > g.at
                OFFSET 0))
    ORDER BY p.purchased_at DESC
    LIMIT 1
) f ON true;

-- name: accounts
SELECT t.n, p.kind
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::integer[], %b::smallint[], %b::uuid[]) AS t (n, home, pool)
CROSS JOIN LATERAL (
    SELECT p.kind FROM pool p WHERE (p.program, p.home, p.id) = (g.program, t.home, t.pool) LIMIT 1
) p;

-- name: consents
-- What each member agrees to: the latest word of a channel and purpose that counts holds.
SELECT t.n, c.channel, c.purpose
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::integer[], %b::smallint[], %b::uuid[]) AS t (n, home, member)
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (c.channel, c.purpose) c.channel, c.purpose, c.granted
    FROM consent c
    WHERE (c.program, c.home, c.member) = (g.program, t.home, t.member)
        AND (NOT c.granted OR NOT c.to_confirm OR EXISTS (SELECT FROM consent_confirmation n
            WHERE (n.program, n.home, n.member, n.consent) = (c.program, c.home, c.member, c.id) OFFSET 0))
    ORDER BY c.channel, c.purpose, c.id DESC
) c
WHERE c.granted;

-- name: marks
-- The audiences, clubs and tiers of each member at an instant.
SELECT t.n, m.kind, m.name, m.tier
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::integer[], %b::smallint[], %b::uuid[], %b::timestamptz[]) AS t (n, home, member, at)
CROSS JOIN LATERAL (
    SELECT m.kind, m.name, m.tier
    FROM member_mark m
    WHERE (m.program, m.home, m.member) = (g.program, t.home, t.member)
        AND m.since <= t.at AND (m.until IS NULL OR m.until > t.at)
    OFFSET 0
) m;

-- name: activations
SELECT t.n, a.promotion
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::integer[], %b::smallint[], %b::uuid[]) AS t (n, home, member)
CROSS JOIN LATERAL (
    SELECT a.promotion
    FROM offer_activation a
    WHERE (a.program, a.home, a.member) = (g.program, t.home, t.member)
    OFFSET 0
) a;
