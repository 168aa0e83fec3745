-- name: every
SELECT c.code, c.revision, r.document::text, c.created_at
FROM club c
JOIN club_revision r ON (r.program, r.club, r.revision) = (c.program, c.code, c.revision)
WHERE c.program = %s
ORDER BY c.code
LIMIT %s;

-- name: find
SELECT c.code, c.revision, r.document::text, c.created_at
FROM club c
JOIN club_revision r ON (r.program, r.club, r.revision) = (c.program, c.code, c.revision)
WHERE c.program = %s AND c.code = %s;

-- name: lock
SELECT 1 FROM club WHERE program = %s AND code = %s FOR UPDATE;

-- name: put
INSERT INTO club AS c (program, code, revision, created_at) VALUES (%s, %s, 1, %s)
ON CONFLICT (program, code) DO UPDATE SET revision = c.revision + 1
RETURNING revision;

-- name: freeze
INSERT INTO club_revision (program, club, revision, document, changed_at, changed_by)
VALUES (%s, %s, %s, %s::jsonb, %s, %s);

-- name: enter
-- The guard of the places: no row comes back where all are taken. Those count who are members still.
INSERT INTO member_mark AS m (program, home, member, kind, name, since)
SELECT i.program, i.home, i.member, 'club', i.club, i.at
FROM (SELECT %(program)s::uuid AS program, %(home)s::smallint AS home, %(member)s::uuid AS member, %(club)s::text AS club,
    %(at)s::timestamptz AS at, %(places)s::integer AS places) AS i
WHERE i.places IS NULL OR i.places > (
    SELECT count(*) FROM (
        SELECT FROM member_mark o
        JOIN member p ON (p.program, p.home, p.id) = (o.program, o.home, o.member) AND p.merged_into IS NULL
        WHERE o.program = i.program AND o.kind = 'club' AND o.name = i.club AND o.since <= i.at
            AND (o.until IS NULL OR o.until > i.at)
        LIMIT i.places) AS present)
ON CONFLICT (program, home, member, kind, name, since) DO UPDATE SET until = NULL, detail = NULL
RETURNING 1;

-- name: stay
INSERT INTO club_stay (program, home, member, club, since, way, by) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING;

-- name: counts
SELECT c.code, n.members
FROM (SELECT %(program)s::uuid AS program, %(at)s::timestamptz AS at) AS g
CROSS JOIN unnest(%(clubs)s::text[]) AS c (code)
CROSS JOIN LATERAL (
    SELECT count(*) AS members FROM member_mark o
    JOIN member p ON (p.program, p.home, p.id) = (o.program, o.home, o.member) AND p.merged_into IS NULL
    WHERE o.program = g.program AND o.kind = 'club' AND o.name = c.code AND o.since <= g.at
        AND (o.until IS NULL OR o.until > g.at)
) AS n;

-- name: page
SELECT o.member, o.since, coalesce(s.way, 'by_hand')
FROM member_mark o
JOIN member p ON (p.program, p.home, p.id) = (o.program, o.home, o.member) AND p.merged_into IS NULL
LEFT JOIN club_stay s ON (s.program, s.home, s.member, s.club, s.since) = (o.program, o.home, o.member, o.name, o.since)
WHERE o.program = %(program)s AND o.kind = 'club' AND o.name = %(club)s AND o.since <= %(at)s
    AND (o.until IS NULL OR o.until > %(at)s) AND (%(after)s::uuid IS NULL OR o.member > %(after)s)
ORDER BY o.member
LIMIT %(limit)s;

-- name: ways
SELECT t.member, coalesce(s.way, 'by_hand')
FROM (SELECT %s::uuid AS program, %s::text AS club, %s::timestamptz AS at) AS g
CROSS JOIN unnest(%b::smallint[], %b::uuid[]) AS t (home, member)
CROSS JOIN LATERAL (
    SELECT m.since FROM member_mark m
    WHERE (m.program, m.home, m.member, m.kind, m.name) = (g.program, t.home, t.member, 'club', g.club)
        AND m.since <= g.at AND (m.until IS NULL OR m.until > g.at)
    ORDER BY m.since DESC
    LIMIT 1
) AS m
LEFT JOIN LATERAL (
    SELECT s.way FROM club_stay s
    WHERE (s.program, s.home, s.member, s.club, s.since) = (g.program, t.home, t.member, g.club, m.since)
    LIMIT 1
) AS s ON true;

-- name: invite
INSERT INTO club_invitation AS c (program, home, member, club, invited_at, invited_by) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (program, home, member, club) DO UPDATE
SET invited_at = excluded.invited_at, invited_by = excluded.invited_by, answer = NULL, answered_at = NULL
WHERE c.answer IS NOT NULL
RETURNING 1;

-- name: answer
-- The guard: an invitation is answered once.
UPDATE club_invitation SET answer = %s, answered_at = %s
WHERE program = %s AND home = %s AND member = %s AND club = %s AND answer IS NULL
RETURNING 1;

-- name: invitations
SELECT member, club, invited_at, answer, answered_at FROM club_invitation
WHERE program = %s AND home = %s AND member = %s
ORDER BY club;

-- name: invited
SELECT member, club, invited_at, answer, answered_at FROM club_invitation
WHERE program = %(program)s AND club = %(club)s AND answer IS NULL AND (%(after)s::uuid IS NULL OR member > %(after)s)
ORDER BY member
LIMIT %(limit)s;

-- name: make_link
INSERT INTO club_link (program, code, club, uses, used, until, created_at, created_by)
VALUES (%s, %s, %s, %s, 0, %s, %s, %s);

-- name: use_link
-- The guard: no row comes back where none is left.
UPDATE club_link SET used = used + 1
WHERE program = %(program)s AND code = %(link)s AND club = %(club)s AND used < uses AND (until IS NULL OR until > %(at)s)
RETURNING used;

-- name: links
SELECT code, club, uses, used, until, created_at FROM club_link
WHERE program = %s AND club = %s
ORDER BY created_at DESC
LIMIT 50;

-- name: forget_invitations
DELETE FROM club_invitation WHERE program = %s AND home = %s AND member = %s;

-- name: forget_stays
DELETE FROM club_stay WHERE program = %s AND home = %s AND member = %s;

-- name: follow_invitations
INSERT INTO club_invitation (program, home, member, club, invited_at, invited_by)
SELECT c.program, %(home)s, %(member)s, c.club, c.invited_at, c.invited_by
FROM club_invitation c
WHERE c.program = %(program)s AND c.home = %(from_home)s AND c.member = %(from)s AND c.answer IS NULL
ON CONFLICT DO NOTHING;

-- name: follow_stays
-- Of marks that went over to the survivor.
INSERT INTO club_stay (program, home, member, club, since, way, by)
SELECT s.program, m.home, m.member, s.club, s.since, s.way, s.by
FROM club_stay s
JOIN member_mark m ON (m.program, m.home, m.member, m.kind, m.name, m.since)
    = (s.program, %(home)s::smallint, %(member)s::uuid, 'club', s.club, s.since)
WHERE s.program = %(program)s AND s.home = %(from_home)s AND s.member = %(from)s
ON CONFLICT DO NOTHING;
