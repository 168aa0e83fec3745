-- name: create
INSERT INTO game (program, code, revision, seed, created_at) VALUES (%s, %s, 1, 1, %s) ON CONFLICT DO NOTHING RETURNING 1;

-- name: revise
UPDATE game SET revision = revision + 1 WHERE program = %s AND code = %s RETURNING revision;

-- name: freeze
INSERT INTO game_revision (program, game, revision, document, published_at, published_by)
VALUES (%s, %s, %s, %s::jsonb, %s, %s);

-- name: stop
UPDATE game SET stopped_at = %s WHERE program = %s AND code = %s RETURNING 1;

-- name: find
SELECT g.code, g.revision, v.document::text, g.stopped_at, g.created_at, g.seed, g.plays
FROM game g
JOIN game_revision v ON (v.program, v.game, v.revision) = (g.program, g.code, g.revision)
WHERE g.program = %s AND g.code = %s;

-- name: every
SELECT g.code, g.revision, v.document::text, g.stopped_at, g.created_at, g.seed, g.plays
FROM game g
JOIN game_revision v ON (v.program, v.game, v.revision) = (g.program, g.code, g.revision)
WHERE g.program = %s
ORDER BY g.code
LIMIT %s;

-- name: lock
-- Who has the game's row has its seeds, too.
SELECT revision, seed, stopped_at FROM game WHERE program = %s AND code = %s FOR UPDATE;

-- name: count
-- The guard: a game that was changed or stopped meanwhile answers no row. Plays of a game stand in line from here on.
UPDATE game SET plays = plays + 1
WHERE program = %s AND code = %s AND revision = %s AND stopped_at IS NULL
RETURNING seed;

-- name: commit_to
INSERT INTO game_seed (program, game, n, nonce, commitment, opened_at) VALUES (%s, %s, %s, %s, %s, %s);

-- name: number
-- The guard of a seed: one that is used up, or was of another day, answers no row.
UPDATE game_seed SET plays = plays + 1, day = coalesce(day, %(day)s::date)
WHERE program = %(program)s AND game = %(game)s AND n = %(n)s AND closed_at IS NULL AND plays < %(most)s
    AND coalesce(day, %(day)s::date) = %(day)s::date
RETURNING plays, nonce, commitment;

-- name: nonce
SELECT nonce, commitment FROM game_seed WHERE program = %s AND game = %s AND n = %s;

-- name: reveal
UPDATE game_seed SET revealed = %s, closed_at = %s
WHERE program = %s AND game = %s AND n = %s AND closed_at IS NULL
RETURNING 1;

-- name: advance
UPDATE game SET seed = seed + 1 WHERE program = %s AND code = %s AND seed = %s RETURNING seed;

-- name: seeds
SELECT n, commitment, plays, opened_at, day, revealed, closed_at FROM game_seed
WHERE program = %s AND game = %s
ORDER BY n DESC
LIMIT %s;

-- name: ripe
-- Games whose present seed has decided plays of a day that is over.
SELECT g.code, g.seed FROM game g
JOIN game_seed s ON (s.program, s.game, s.n) = (g.program, g.code, g.seed)
WHERE g.program = %s AND s.day < %s::date AND s.closed_at IS NULL
ORDER BY g.code;

-- name: take
-- The guard of the stock: no row comes back where there is none left.
INSERT INTO game_stock AS s (program, game, field, day, given)
VALUES (%(program)s, %(game)s, %(field)s, %(day)s, 1)
ON CONFLICT (program, game, field, day) DO UPDATE SET given = s.given + 1 WHERE s.given < %(most)s
RETURNING given;

-- name: put_back
UPDATE game_stock SET given = given - 1
WHERE program = %(program)s AND game = %(game)s AND field = %(field)s AND day = %(day)s
RETURNING given;

-- name: given
-- Of games: how many of each field were given, in all (day 0) and on a day.
SELECT s.game, s.field, s.day, s.given
FROM (SELECT %(program)s::uuid AS program) AS g
CROSS JOIN unnest(%(games)b::text[]) AS n (game)
CROSS JOIN LATERAL (
    SELECT * FROM game_stock AS s
    WHERE s.program = g.program AND s.game = n.game AND s.day IN (0, %(day)s) OFFSET 0
) AS s;

-- name: use
-- The guard of the free plays: no row comes back where there is none left in the period.
INSERT INTO game_use AS u (program, home, member, game, period, used)
VALUES (%(program)s, %(home)s, %(member)s, %(game)s, %(period)s, 1)
ON CONFLICT (program, home, member, game, period) DO UPDATE SET used = u.used + 1 WHERE u.used < %(most)s
RETURNING used;

-- name: used
-- Of games, each with its present period: how often a member has played for nothing.
SELECT u.game, u.used
FROM (SELECT %(program)s::uuid AS program) AS g
CROSS JOIN unnest(%(games)b::text[], %(periods)b::integer[]) AS n (game, period)
CROSS JOIN LATERAL (
    SELECT * FROM game_use AS u
    WHERE u.program = g.program AND u.home = %(home)s AND u.member = %(member)s AND u.game = n.game
        AND u.period = n.period
    OFFSET 0
) AS u;

-- name: carry_uses
-- A merge: what the duplicate has used, the survivor has used.
INSERT INTO game_use AS u (program, home, member, game, period, used)
SELECT d.program, %(home)s, %(member)s, d.game, d.period, d.used FROM game_use d
WHERE d.program = %(program)s AND d.home = %(of_home)s AND d.member = %(of)s
ON CONFLICT (program, home, member, game, period) DO UPDATE SET used = u.used + excluded.used;

-- name: part_uses
-- A merge is undone. Nothing was counted for the duplicate since: her row says what went over.
UPDATE game_use AS u SET used = greatest(u.used - d.used, 0)
FROM game_use d
WHERE d.program = %(program)s AND d.home = %(of_home)s AND d.member = %(of)s
    AND (u.program, u.home, u.member, u.game, u.period) = (d.program, %(home)s, %(member)s, d.game, d.period);

-- name: credit
-- The guard of a purchase's play: no row comes back where it was played already.
INSERT INTO game_credit (program, home, game, purchase, play) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: enter
INSERT INTO play (program, home, id, member, pool, game, revision, seed, number, roll, landed, given, paid, currency, points,
    played_at, played_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: play
SELECT id, member, pool, game, revision, seed, number, roll, landed, given, paid, currency, points, played_at, played_by
FROM play WHERE program = %s AND home = %s AND id = %s;

-- name: of_members
SELECT p.id, p.member, p.pool, p.game, p.revision, p.seed, p.number, p.roll, p.landed, p.given, p.paid, p.currency, p.points,
    p.played_at, p.played_by
FROM unnest(%(members)s::uuid[]) AS t (id)
CROSS JOIN LATERAL (
    SELECT * FROM play p
    WHERE p.program = %(program)s AND p.member = t.id AND (%(before)s::uuid IS NULL OR p.id < %(before)s)
    ORDER BY p.id DESC
    LIMIT %(limit)s
) p
ORDER BY p.id DESC
LIMIT %(limit)s;

-- name: decided
-- What a seed decided, play by play; no member is named.
SELECT number, revision, roll, landed, given FROM play
WHERE program = %s AND game = %s AND seed = %s
ORDER BY number;

-- name: revisions
SELECT revision, document::text FROM game_revision WHERE program = %s AND game = %s ORDER BY revision;
