-- name: spent_by_member
-- What members spent of their shared accounts, or passed on, by when it was written, and what they hold; what was voided,
-- or lapsed, or taken back, does not count.
SELECT t.pool, t.member, s.currency, s.amount
FROM (SELECT %s::timestamptz AS at, %s::timestamptz AS since, %s::timestamptz AS until, %s::uuid AS program) AS g
CROSS JOIN unnest(%b::smallint[], %b::uuid[], %b::uuid[]) AS t (home, pool, member)
CROSS JOIN LATERAL (
    SELECT e.currency, e.amount
    FROM posting o
    JOIN purchase p ON (p.program, p.home, p.id) = (o.program, o.home, o.purchase)
    JOIN entry e ON (e.program, e.home, e.posting) = (o.program, o.home, o.id)
    WHERE (o.program, o.home, o.pool) = (g.program, t.home, t.pool) AND o.kind = 'purchase'
        AND o.recorded_at >= g.since AND o.recorded_at < g.until
        AND p.member = t.member AND e.source = 'points' AND e.target = 'redeemed'
        AND NOT EXISTS (SELECT FROM voiding v WHERE (v.program, v.home, v.purchase) = (p.program, p.home, p.id) OFFSET 0)
    UNION ALL
    SELECT l.currency, r.amount
    FROM hold h
    JOIN purchase p ON (p.program, p.home, p.id) = (h.program, h.home, h.purchase)
    JOIN reservation r ON (r.program, r.home, r.hold) = (h.program, h.home, h.id)
    JOIN lot l ON (l.program, l.home, l.id) = (r.program, r.home, r.lot)
    WHERE (h.program, h.home, h.pool) = (g.program, t.home, t.pool) AND h.open AND h.lapses_at > g.at
        AND p.member = t.member
    UNION ALL
    SELECT r.currency, r.points
    FROM redemption r
    JOIN redemption_now n ON (n.program, n.home, n.redemption) = (r.program, r.home, r.id)
    WHERE r.program = g.program AND r.pool = t.pool AND r.redeemed_at >= g.since AND r.redeemed_at < g.until
        AND r.member = t.member AND n.state NOT IN ('cancelled', 'lapsed')
    UNION ALL
    SELECT a.currency, a.amount + a.fee
    FROM passing a
    WHERE a.program = g.program AND a.giver = t.member AND a.passed_at >= g.since AND a.passed_at < g.until
        AND a.pool = t.pool AND a.kind <> 'exchange'
        AND NOT EXISTS (SELECT FROM passing_back b
            WHERE (b.program, b.home, b.giver, b.id) = (a.program, a.home, a.giver, a.id) OFFSET 0)
    OFFSET 0
) AS s;

-- name: rewards_of_pool
-- What an account spent on rewards, or has reserved for them, by when it was claimed.
SELECT r.currency, sum(r.points)::bigint
FROM redemption r
JOIN redemption_now n ON (n.program, n.home, n.redemption) = (r.program, r.home, r.id)
WHERE r.program = %s AND r.pool = %s AND r.redeemed_at >= %s AND r.redeemed_at < %s
    AND n.state NOT IN ('cancelled', 'lapsed')
GROUP BY r.currency;
