-- name: newest_ladders
-- The newest revision of each ladder, and since when there is one of that code.
SELECT DISTINCT ON (l.code) l.code, l.revision, l.document::text,
    (SELECT f.since FROM ladder AS f WHERE (f.program, f.code, f.revision) = (l.program, l.code, 1))
FROM ladder AS l
WHERE l.program = %s
ORDER BY l.code, l.revision DESC;

-- name: add_ladder
-- The next revision. Two at once: one of them meets the primary key.
INSERT INTO ladder (program, code, revision, document, since, author)
SELECT a.program, a.code, 1 + coalesce((
        SELECT l.revision FROM ladder AS l WHERE (l.program, l.code) = (a.program, a.code)
        ORDER BY l.revision DESC LIMIT 1), 0), a.document, a.since, a.author
FROM (SELECT %s::uuid AS program, %s::text AS code, %s::jsonb AS document, %s::timestamptz AS since, %s::text AS author) AS a
RETURNING revision;

-- name: ladder_revisions
SELECT revision, since, author FROM ladder WHERE program = %s AND code = %s ORDER BY revision DESC LIMIT 100;

-- name: begin_pass
INSERT INTO ladder_pass (program, code, revision, after_home, after)
VALUES (%s, %s, %s, -1, '00000000-0000-0000-0000-000000000000') ON CONFLICT DO NOTHING;

-- name: open_pass
SELECT code, revision, after_home, after FROM ladder_pass
WHERE program = %s AND done_at IS NULL
ORDER BY code, revision
LIMIT 1
FOR UPDATE;

-- name: move_pass
UPDATE ladder_pass SET after_home = %s, after = %s, done_at = %s WHERE program = %s AND code = %s AND revision = %s;

-- name: put_tiers
-- The mark of each member and ladder ends where the new one begins; a mark of that very instant is replaced by it. Rows
-- without a tier only end what there is.
WITH t AS (
    SELECT g.program, t.*
    FROM (SELECT %(program)s::uuid AS program) AS g,
        unnest(%(homes)b::smallint[], %(members)b::uuid[], %(ladders)b::text[], %(tiers)b::text[], %(sinces)b::timestamptz[],
            %(untils)b::timestamptz[], %(gained)b::text[], %(details)b::text[], %(reviewed)b::boolean[])
            AS t (home, member, ladder, tier, since, until, gained, detail, reviewed)
), ended AS (
    UPDATE member_mark AS m SET until = t.since, reviewed = true
    FROM t
    WHERE m.program = t.program AND m.home = t.home AND m.member = t.member AND m.kind = 'tier' AND m.name = t.ladder
        AND m.since <= t.since AND (m.since < t.since OR t.tier IS NULL)
        AND (m.until IS NULL OR m.until >= t.since)
    RETURNING 1
)
INSERT INTO member_mark AS m (program, home, member, kind, name, since, tier, until, gained, detail, reviewed)
SELECT t.program, t.home, t.member, 'tier', t.ladder, t.since, t.tier, t.until, t.gained, t.detail::jsonb, t.reviewed
FROM t
WHERE t.tier IS NOT NULL
ON CONFLICT (program, home, member, kind, name, since) DO UPDATE
    SET tier = excluded.tier, until = excluded.until, gained = excluded.gained, detail = excluded.detail,
        reviewed = excluded.reviewed;

-- name: note_changes
INSERT INTO tier_change (program, home, member, id, ladder, from_tier, to_tier, at, until, reason, measures, purchase,
    recorded_at)
SELECT g.program, t.home, t.member, t.id, t.ladder, t.from_tier, t.to_tier, t.at, t.until, t.reason, t.measures::jsonb,
    t.purchase, g.recorded_at
FROM (SELECT %(program)s::uuid AS program, %(recorded_at)s::timestamptz AS recorded_at) AS g,
    unnest(%(homes)b::smallint[], %(members)b::uuid[], %(ids)b::uuid[], %(ladders)b::text[], %(before)b::text[],
        %(tiers)b::text[], %(sinces)b::timestamptz[], %(untils)b::timestamptz[], %(reasons)b::text[], %(measures)b::text[],
        %(purchases)b::uuid[])
        AS t (home, member, id, ladder, from_tier, to_tier, at, until, reason, measures, purchase);

-- name: due_marks
SELECT home, member, name FROM member_mark
WHERE kind = 'tier' AND NOT reviewed AND until IS NOT NULL AND until <= %s AND program = %s AND name = ANY(%s::text[])
ORDER BY until, member
LIMIT %s;

-- name: next_due
SELECT min(until) FROM member_mark
WHERE kind = 'tier' AND NOT reviewed AND until IS NOT NULL AND until > %s AND until <= %s AND program = %s
    AND name = ANY(%s::text[]);

-- name: note_reviewed
UPDATE member_mark AS m SET reviewed = true
FROM unnest(%s::smallint[], %s::uuid[], %s::text[]) AS t (home, member, ladder)
WHERE m.program = %s AND m.home = t.home AND m.member = t.member AND m.kind = 'tier' AND m.name = t.ladder
    AND NOT m.reviewed AND m.until <= %s;

-- name: remind
-- The guard of the reminder: who sets it writes the message.
UPDATE member_mark AS m SET reminded_of = m.until
WHERE m.program = %s AND m.home = %s AND m.member = %s AND m.kind = 'tier' AND m.name = %s AND m.until = %s
    AND NOT m.reviewed AND m.reminded_of IS DISTINCT FROM m.until
RETURNING m.name;

-- name: brought_by
-- The tiers that a member gained with one purchase, the latest of each ladder last.
SELECT ladder, to_tier FROM tier_change
WHERE program = %s AND home = %s AND member = %s AND purchase = %s AND to_tier IS NOT NULL
ORDER BY recorded_at, id;

-- name: changes_of
SELECT id, ladder, from_tier, to_tier, at, until, reason, measures::text, purchase, recorded_at
FROM tier_change
WHERE program = %s AND home = %s AND member = %s
ORDER BY id DESC
LIMIT %s;

-- name: tiers_now
-- The tiers that a member has now, and what they rest on.
SELECT m.name, m.tier, m.since, m.until, m.gained, m.detail::text, m.reviewed
FROM member_mark AS m
WHERE m.program = %s AND m.home = %s AND m.member = %s AND m.kind = 'tier'
    AND m.since <= %s AND (m.until IS NULL OR m.until > %s)
ORDER BY m.name, m.since;
