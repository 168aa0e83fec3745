-- name: touch
INSERT INTO rhythm (program, home, member, stale)
SELECT %s, t.home, t.member, true FROM unnest(%b::smallint[], %b::uuid[]) AS t (home, member)
ON CONFLICT (program, home, member) DO UPDATE SET stale = true;

-- name: set_basis
-- A row only where it is another than it was.
INSERT INTO rhythm_basis AS b (program, basis) VALUES (%s, %s)
ON CONFLICT (program) DO UPDATE SET basis = excluded.basis WHERE b.basis <> excluded.basis
RETURNING 1;

-- name: touch_all
UPDATE rhythm SET stale = true WHERE program = %s AND NOT stale;

-- name: take_stale
SELECT member FROM rhythm WHERE program = %s AND stale ORDER BY member LIMIT %s FOR UPDATE SKIP LOCKED;

-- name: drop
DELETE FROM rhythm AS r USING (SELECT %s::uuid AS program) AS g,
    unnest(%b::smallint[], %b::uuid[]) AS t (home, member)
WHERE (r.program, r.home, r.member) = (g.program, t.home, t.member);

-- name: put
UPDATE rhythm AS r SET stale = false, last_day = t.last_day, median_halves = t.median_halves, overdue_on = t.overdue_on
FROM unnest(%b::smallint[], %b::uuid[], %s::date[], %b::integer[], %s::date[])
    AS t (home, member, last_day, median_halves, overdue_on)
WHERE (r.program, r.home, r.member) = (%s::uuid, t.home, t.member);

-- name: unnoticed
SELECT member, last_day, median_halves, overdue_on
FROM rhythm
WHERE program = %s AND NOT stale AND overdue_on >= %s AND overdue_on <= %s AND (overdue_on, member) > (%s, %s)
    AND told_of IS DISTINCT FROM last_day
ORDER BY overdue_on, member
LIMIT %s;

-- name: claim
-- Only while her last visit is the one that was read: who came meanwhile is not missed.
UPDATE rhythm SET told_of = last_day
WHERE program = %s AND home = %s AND member = %s AND NOT stale AND last_day = %s AND overdue_on = %s
    AND told_of IS DISTINCT FROM last_day
RETURNING 1;

-- name: note_absence
INSERT INTO absence (program, home, member, since, overdue_on, noticed_at, channel) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (program, home, member, since) DO NOTHING
RETURNING 1;

-- name: overdue
SELECT member, last_day, median_halves, overdue_on
FROM rhythm
WHERE program = %s AND overdue_on <= %s AND (overdue_on, member) < (%s, %s)
ORDER BY overdue_on DESC, member DESC
LIMIT %s;

-- name: count_overdue
SELECT count(*) FROM rhythm WHERE program = %s AND overdue_on <= %s;

-- name: next_overdue
SELECT min(overdue_on) FROM rhythm
WHERE program = %s AND overdue_on > %s AND overdue_on <= %s AND told_of IS DISTINCT FROM last_day;

-- name: absences
SELECT a.since, a.overdue_on, a.noticed_at, a.channel
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::smallint[], %b::uuid[]) AS t (home, member)
CROSS JOIN LATERAL (
    SELECT * FROM absence a WHERE (a.program, a.home, a.member) = (g.program, t.home, t.member) OFFSET 0
) a
ORDER BY a.since DESC
LIMIT 1000;

-- name: forget_rhythm
DELETE FROM rhythm WHERE program = %s AND home = %s AND member = %s;

-- name: forget_absences
DELETE FROM absence WHERE program = %s AND home = %s AND member = %s;
