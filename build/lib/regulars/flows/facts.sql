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
        coalesce(array_agg(DISTINCT (p.purchased_at AT TIME ZONE g.zone)::date), '{}') AS days
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
) f;

-- name: last_purchases
-- When each pool bought last until an instant.
SELECT t.n, f.purchased_at
FROM (SELECT %s::timestamptz AS at, %s::uuid AS program) AS g
CROSS JOIN unnest(%b::integer[], %b::smallint[], %b::uuid[], %b::timestamptz[]) AS t (n, home, pool, until)
CROSS JOIN LATERAL (
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
) f;

-- name: accounts
SELECT t.n, p.kind
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::integer[], %b::smallint[], %b::uuid[]) AS t (n, home, pool)
CROSS JOIN LATERAL (
    SELECT p.kind FROM pool p WHERE (p.program, p.home, p.id) = (g.program, t.home, t.pool) LIMIT 1
) p;

-- name: birthdays
SELECT t.n, p.birthday
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::integer[], %b::smallint[], %b::uuid[]) AS t (n, home, member)
CROSS JOIN LATERAL (
    SELECT p.birthday FROM person p WHERE (p.program, p.home, p.member) = (g.program, t.home, t.member) LIMIT 1
) p
WHERE p.birthday IS NOT NULL;

-- name: consents
-- What each member agrees to: the latest word of a channel and purpose holds.
SELECT t.n, c.channel, c.purpose
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::integer[], %b::smallint[], %b::uuid[]) AS t (n, home, member)
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (c.channel, c.purpose) c.channel, c.purpose, c.granted
    FROM consent c
    WHERE (c.program, c.home, c.member) = (g.program, t.home, t.member)
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
