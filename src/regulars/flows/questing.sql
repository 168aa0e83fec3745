-- name: standings
-- Where each member stands in a challenge at an instant, and whether it is for her. A window that is hers is found by the
-- instant, one of the calendar by its first day; what was counted in it comes summed by key.
SELECT t.n, t.quest, s.round, s.since, s.until, s.steps, s.undone, c.keys, c.amounts, e.joined_at, m.marks, w.whole, b.won
FROM (SELECT %s::uuid AS program, %s::boolean AS marked, %s::boolean AS joined) AS g
CROSS JOIN unnest(%b::integer[], %b::smallint[], %b::uuid[], %b::text[], %b::integer[], %b::timestamptz[])
    AS t (n, home, member, quest, round, at)
LEFT JOIN LATERAL (
    SELECT s.round, s.since, s.until, s.steps, s.undone FROM quest_standing AS s
    WHERE (s.program, s.home, s.member, s.quest) = (g.program, t.home, t.member, t.quest)
        AND CASE WHEN t.round IS NULL THEN s.since <= t.at AND s.until > t.at ELSE s.round = t.round END
    OFFSET 0
) AS s ON true
LEFT JOIN LATERAL (
    SELECT array_agg(k.key) AS keys, array_agg(k.amount) AS amounts
    FROM (
        SELECT k.key, sum(k.amount)::bigint AS amount FROM quest_count AS k
        WHERE (k.program, k.home, k.member, k.quest, k.round) = (g.program, t.home, t.member, t.quest, s.round)
        GROUP BY k.key
    ) AS k
) AS c ON s.round IS NOT NULL
LEFT JOIN LATERAL (
    SELECT e.joined_at FROM quest_entry AS e
    WHERE (e.program, e.home, e.member, e.quest) = (g.program, t.home, t.member, t.quest)
    LIMIT 1
) AS e ON g.joined
LEFT JOIN LATERAL (
    SELECT array_agg(m.kind || ':' || m.name || coalesce('/' || m.tier, '')) AS marks
    FROM member_mark AS m
    WHERE (m.program, m.home, m.member) = (g.program, t.home, t.member)
        AND m.since <= t.at AND (m.until IS NULL OR m.until > t.at)
) AS m ON g.marked
LEFT JOIN LATERAL (
    SELECT sum(o.whole)::integer AS whole FROM quest_standing AS o
    WHERE (o.program, o.home, o.member, o.quest) = (g.program, t.home, t.member, t.quest)
) AS w ON t.round IS NULL
LEFT JOIN LATERAL (
    SELECT b.won FROM quest_budget AS b WHERE (b.program, b.quest) = (g.program, t.quest) LIMIT 1
) AS b ON true;
