-- name: give
-- The guard: what gives once has given already, or gives now.
INSERT INTO prize (program, home, cause, about, n, id, member, document, posting, lot, valid_until, cost, funder, given_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: prize
SELECT p.id, p.home, p.cause, p.about, p.n, p.member, p.document::text, p.lot, p.valid_until, p.cost, p.funder, p.given_at,
    t.taken_at
FROM prize AS p
LEFT JOIN LATERAL (
    SELECT t.taken_at FROM prize_taken AS t WHERE (t.program, t.home, t.prize) = (p.program, p.home, p.id) LIMIT 1
) AS t ON true
WHERE p.program = %s AND p.home = %s AND p.cause = %s AND p.about = %s AND p.n = %s;

-- name: prizes_for
-- The first that was given for each of these things of one kind.
SELECT p.id, p.home, p.cause, p.about, p.n, p.member, p.document::text, p.lot, p.valid_until, p.cost, p.funder, p.given_at,
    t.taken_at
FROM (SELECT %(program)s::uuid AS program) AS g
CROSS JOIN unnest(%(homes)b::smallint[], %(about)b::uuid[]) AS a (home, about)
CROSS JOIN LATERAL (
    SELECT * FROM prize AS p
    WHERE p.program = g.program AND p.home = a.home AND p.cause = %(cause)s AND p.about = a.about AND p.n = 0 OFFSET 0
) AS p
LEFT JOIN LATERAL (
    SELECT t.taken_at FROM prize_taken AS t WHERE (t.program, t.home, t.prize) = (p.program, p.home, p.id) LIMIT 1
) AS t ON true;

-- name: prizes_of
-- What these members (one, and who was merged into her) were given, the latest first.
SELECT p.id, p.home, p.cause, p.about, p.n, p.member, p.document::text, p.lot, p.valid_until, p.cost, p.funder, p.given_at,
    t.taken_at
FROM (SELECT %(program)s::uuid AS program) AS g
CROSS JOIN unnest(%(homes)b::smallint[], %(members)b::uuid[]) AS m (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM prize AS p WHERE p.program = g.program AND p.home = m.home AND p.member = m.id OFFSET 0
) AS p
LEFT JOIN LATERAL (
    SELECT t.taken_at FROM prize_taken AS t WHERE (t.program, t.home, t.prize) = (p.program, p.home, p.id) LIMIT 1
) AS t ON true
ORDER BY p.given_at DESC, p.id DESC
LIMIT %(limit)s;

-- name: take
-- The guard: it is taken back once.
INSERT INTO prize_taken (program, home, prize, taken, posting, taken_at, reason)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;
