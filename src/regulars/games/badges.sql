-- name: newest_badges
SELECT DISTINCT ON (b.code) b.code, b.revision, b.document::text,
    (SELECT f.since FROM badge AS f WHERE (f.program, f.code, f.revision) = (b.program, b.code, 1))
FROM badge AS b
WHERE b.program = %s
ORDER BY b.code, b.revision DESC;

-- name: add_badge
-- The next revision. Two at once: one of them meets the primary key.
INSERT INTO badge (program, code, revision, document, since, author)
SELECT a.program, a.code, 1 + coalesce((
        SELECT b.revision FROM badge AS b WHERE (b.program, b.code) = (a.program, a.code)
        ORDER BY b.revision DESC LIMIT 1), 0), a.document, a.since, a.author
FROM (SELECT %s::uuid AS program, %s::text AS code, %s::jsonb AS document, %s::timestamptz AS since, %s::text AS author) AS a
RETURNING revision;

-- name: give_badge
-- The guard: whoever has it is not given it again; whoever had it gets it anew.
INSERT INTO member_badge AS m (program, home, member, badge, prize, given_at, given_by)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (program, home, member, badge) DO UPDATE
    SET prize = excluded.prize, given_at = excluded.given_at, given_by = excluded.given_by, taken_at = NULL
    WHERE m.taken_at IS NOT NULL
RETURNING 1;

-- name: take_badge
UPDATE member_badge SET taken_at = p.at
FROM (SELECT %s::timestamptz AS at, %s::uuid AS program, %s::smallint AS home, %s::uuid AS member, %s::text AS badge,
    %s::uuid AS prize) AS p
WHERE member_badge.program = p.program AND member_badge.home = p.home AND member_badge.member = p.member
    AND member_badge.badge = p.badge AND member_badge.taken_at IS NULL
    AND (p.prize IS NULL OR member_badge.prize = p.prize)
RETURNING 1;

-- name: badges_of
SELECT b.member, b.badge, b.given_at, b.given_by, b.prize
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::smallint[], %b::uuid[]) AS m (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM member_badge AS b
    WHERE b.program = g.program AND b.home = m.home AND b.member = m.id AND b.taken_at IS NULL OFFSET 0
) AS b
ORDER BY b.given_at DESC, b.badge;

-- name: badge_holders
SELECT badge, count(*)::integer FROM member_badge WHERE program = %s AND taken_at IS NULL GROUP BY badge;
