-- name: visit_days
-- On which days each member bought, and those who were merged into her; none of who is a member no more.
SELECT t.member, f.days
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::smallint[], %b::uuid[]) AS t (home, member)
CROSS JOIN LATERAL (
    SELECT m.id FROM member m
    WHERE (m.program, m.home, m.id) = (g.program, t.home, t.member) AND m.merged_into IS NULL AND m.erased_at IS NULL
    OFFSET 0
) m
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT b.day) AS days
    FROM (
        SELECT v.day FROM member_visit v
        WHERE (v.program, v.home, v.member) = (g.program, t.home, t.member) AND v.purchases > 0
        UNION ALL
        SELECT v.day
        FROM (SELECT a.home, a.id FROM member a WHERE a.program = g.program AND a.merged_into = t.member OFFSET 0) a
        CROSS JOIN LATERAL (
            SELECT v.day FROM member_visit v
            WHERE (v.program, v.home, v.member) = (g.program, a.home, a.id) AND v.purchases > 0
            OFFSET 0
        ) v
    ) b
) f;

-- name: booked
-- Who of these members has booked something that is still to come.
SELECT t.member
FROM (SELECT %s::uuid AS program, %s::timestamptz AS at) AS g
CROSS JOIN unnest(%b::smallint[], %b::uuid[]) AS t (home, member)
WHERE EXISTS (
    SELECT FROM entitlement_use e
    WHERE (e.program, e.home, e.member) = (g.program, t.home, t.member) AND e.state = 'booked' AND e.at >= g.at
    OFFSET 0
);

-- name: seen
-- Who of these members did something else that shows that she is around: since when, differs for each.
SELECT t.member
FROM (SELECT %s::uuid AS program, %s::timestamptz AS at, %s::text[] AS kinds) AS g
CROSS JOIN unnest(%b::smallint[], %b::uuid[], %b::timestamptz[]) AS t (home, member, since)
WHERE EXISTS (
    SELECT FROM activity a
    WHERE (a.program, a.home, a.member) = (g.program, t.home, t.member) AND a.kind = ANY (g.kinds)
        AND a.happened_at >= t.since AND a.happened_at <= g.at AND a.quantity > 0
    OFFSET 0
);
