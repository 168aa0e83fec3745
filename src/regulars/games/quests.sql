-- name: newest_quests
SELECT DISTINCT ON (q.code) q.code, q.revision, q.document::text,
    (SELECT f.since FROM quest AS f WHERE (f.program, f.code, f.revision) = (q.program, q.code, 1))
FROM quest AS q
WHERE q.program = %s
ORDER BY q.code, q.revision DESC;

-- name: add_quest
-- The next revision. Two at once: one of them meets the primary key.
INSERT INTO quest (program, code, revision, document, since, author)
SELECT a.program, a.code, 1 + coalesce((
        SELECT q.revision FROM quest AS q WHERE (q.program, q.code) = (a.program, a.code)
        ORDER BY q.revision DESC LIMIT 1), 0), a.document, a.since, a.author
FROM (SELECT %s::uuid AS program, %s::text AS code, %s::jsonb AS document, %s::timestamptz AS since, %s::text AS author) AS a
RETURNING revision;

-- name: open_budget
INSERT INTO quest_budget (program, quest) VALUES (%s, %s) ON CONFLICT DO NOTHING;

-- name: win
-- The guard: one more winner only where there is room for one; without a number always.
UPDATE quest_budget AS b SET won = b.won + w.won, cost = b.cost + w.cost
FROM (SELECT %s::uuid AS program, %s::text AS quest, %s::bigint AS won, %s::bigint AS cost, %s::bigint AS most) AS w
WHERE b.program = w.program AND b.quest = w.quest AND (w.most IS NULL OR w.won <= 0 OR b.won + w.won <= w.most)
RETURNING 1;

-- name: join
-- She takes part from now on; whoever does already stays as she is.
INSERT INTO quest_entry (program, home, member, quest, joined_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: note_counts
INSERT INTO quest_count (program, home, member, quest, round, source, act, key, amount, at)
SELECT g.program, t.home, t.member, t.quest, t.round, t.source, t.act, t.key, t.amount, t.at
FROM (SELECT %s::uuid AS program) AS g,
    unnest(%b::smallint[], %b::uuid[], %b::text[], %b::integer[], %b::uuid[], %b::uuid[], %b::text[], %b::bigint[],
        %b::timestamptz[])
        AS t (home, member, quest, round, source, act, key, amount, at);

-- name: stand
-- Where members stand now; whoever chose a name is shown on boards.
INSERT INTO quest_standing AS s (program, home, member, quest, round, since, until, reached, steps, undone, whole, named,
    counted_at)
SELECT g.program, t.home, t.member, t.quest, t.round, t.since, t.until, t.reached, t.steps::integer[], t.undone, t.whole,
    EXISTS (SELECT FROM board_name AS b WHERE (b.program, b.home, b.member) = (g.program, t.home, t.member) OFFSET 0), g.at
FROM (SELECT %s::uuid AS program, %s::timestamptz AS at) AS g,
    unnest(%b::smallint[], %b::uuid[], %b::text[], %b::integer[], %b::timestamptz[], %b::timestamptz[], %b::bigint[],
        %b::text[], %b::integer[], %b::integer[])
        AS t (home, member, quest, round, since, until, reached, steps, undone, whole)
ON CONFLICT (program, home, member, quest, round) DO UPDATE
    SET reached = excluded.reached, steps = excluded.steps, undone = excluded.undone, whole = excluded.whole,
        named = excluded.named, counted_at = excluded.counted_at;

-- name: reach
-- The guard: a step is reached once in a turn.
INSERT INTO quest_step (program, home, member, quest, round, step, turn, id, whole, source, cost, reached_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: last_turns
-- The steps of a member that stand, each by its last turn.
SELECT DISTINCT ON (q.step) q.step, q.turn, q.id, q.cost
FROM quest_step AS q
WHERE q.program = %s AND q.home = %s AND q.member = %s AND q.quest = %s AND q.round = %s AND q.step = ANY (%s::integer[])
    AND NOT EXISTS (SELECT FROM quest_step_undone AS u
        WHERE (u.program, u.home, u.member, u.quest, u.round, u.step, u.turn)
            = (q.program, q.home, q.member, q.quest, q.round, q.step, q.turn) OFFSET 0)
ORDER BY q.step, q.turn DESC;

-- name: undo_step
INSERT INTO quest_step_undone (program, home, member, quest, round, step, turn, act, undone_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: counted_of
-- What a purchase or activity still adds to each challenge, by whom and in which window.
SELECT c.member, c.quest, c.round, c.key, sum(c.amount)::bigint, min(c.at)
FROM quest_count AS c
WHERE c.source = %s AND c.program = %s
GROUP BY c.member, c.quest, c.round, c.key
HAVING sum(c.amount) <> 0;

-- name: results
-- Challenge → how many take or took part, how many times it was won, what that cost.
SELECT b.quest, b.won, b.cost,
    (SELECT count(DISTINCT s.member) FROM quest_standing AS s WHERE s.quest = b.quest AND s.program = b.program)::integer
FROM quest_budget AS b
WHERE b.program = %s;

-- name: standings_of
-- Where a member stands in these challenges, window by window, the latest first.
SELECT s.quest, s.round, s.since, s.until, s.reached, s.steps, s.undone, s.whole,
    (SELECT array_agg(k.key) FROM quest_count AS k
        WHERE (k.program, k.home, k.member, k.quest, k.round) = (s.program, s.home, s.member, s.quest, s.round)),
    (SELECT array_agg(k.amount) FROM quest_count AS k
        WHERE (k.program, k.home, k.member, k.quest, k.round) = (s.program, s.home, s.member, s.quest, s.round))
FROM quest_standing AS s
WHERE s.program = %s AND s.home = %s AND s.member = %s
ORDER BY s.since DESC
LIMIT 200;

-- name: entries_of
SELECT quest, joined_at FROM quest_entry WHERE program = %s AND home = %s AND member = %s;

-- name: put_name
INSERT INTO board_name AS b (program, home, member, nickname, since) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (program, home, member) DO UPDATE SET nickname = excluded.nickname, since = excluded.since;

-- name: drop_name
DELETE FROM board_name WHERE program = %s AND home = %s AND member = %s RETURNING 1;

-- name: show_named
UPDATE quest_standing SET named = %s WHERE program = %s AND home = %s AND member = %s;

-- name: name_of
SELECT nickname FROM board_name WHERE program = %s AND home = %s AND member = %s;

-- name: board
-- The best of a window among those who are shown; whoever has as much has the same place.
SELECT rank() OVER (ORDER BY s.reached DESC), b.nickname, s.reached, s.member
FROM (
    SELECT s.program, s.home, s.member, s.reached FROM quest_standing AS s
    WHERE s.quest = %s AND s.round = %s AND s.named AND s.reached > 0 AND s.program = %s
    ORDER BY s.reached DESC
    LIMIT %s
) AS s
CROSS JOIN LATERAL (
    SELECT b.nickname FROM board_name AS b WHERE (b.program, b.home, b.member) = (s.program, s.home, s.member) LIMIT 1
) AS b
ORDER BY s.reached DESC, b.nickname;

-- name: place
-- Her own place among those who are shown.
SELECT 1 + (SELECT count(*) FROM quest_standing AS o
        WHERE o.quest = s.quest AND o.round = s.round AND o.named AND o.reached > s.reached AND o.program = s.program),
    s.reached
FROM quest_standing AS s
WHERE s.program = %s AND s.home = %s AND s.member = %s AND s.quest = %s AND s.round = %s AND s.named AND s.reached > 0;

-- name: forget_entries
DELETE FROM quest_entry WHERE program = %s AND home = %s AND member = %s;

-- name: copy_counts
-- What a member did counts for the one she is merged into as well, by the act of the merge.
INSERT INTO quest_count (program, home, member, quest, round, source, act, key, amount, at)
SELECT g.program, g.home, g.member, c.quest, c.round, c.source, g.act, c.key, sum(c.amount), min(c.at)
FROM (SELECT %s::uuid AS program, %s::smallint AS home, %s::uuid AS member, %s::uuid AS act) AS g
JOIN quest_count AS c ON c.program = g.program AND c.home = %s AND c.member = %s
GROUP BY g.program, g.home, g.member, g.act, c.quest, c.round, c.source, c.key
HAVING sum(c.amount) <> 0;

-- name: copy_entries
INSERT INTO quest_entry (program, home, member, quest, joined_at)
SELECT e.program, g.home, g.member, e.quest, e.joined_at
FROM (SELECT %s::uuid AS program, %s::smallint AS home, %s::uuid AS member) AS g
JOIN quest_entry AS e ON e.program = g.program AND e.home = %s AND e.member = %s
ON CONFLICT DO NOTHING;

-- name: counted_by
-- What still counts for a member by one act: of what it brought that which did not come back since.
SELECT c.quest, c.round, c.source, c.key, least(c.amount, (
        SELECT sum(k.amount) FROM quest_count AS k
        WHERE (k.program, k.home, k.member, k.quest, k.round, k.source, k.key)
            = (c.program, c.home, c.member, c.quest, c.round, c.source, c.key)))::bigint, c.at
FROM quest_count AS c
WHERE c.program = %s AND c.home = %s AND c.member = %s AND c.act = %s;
