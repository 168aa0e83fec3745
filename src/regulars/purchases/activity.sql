-- name: newest_kinds
-- The newest revision of each kind, and since when there is one of that code.
SELECT DISTINCT ON (k.code) k.code, k.revision, k.document::text,
    (SELECT f.since FROM activity_kind AS f WHERE (f.program, f.code, f.revision) = (k.program, k.code, 1))
FROM activity_kind AS k
WHERE k.program = %s
ORDER BY k.code, k.revision DESC;

-- name: kind_at
SELECT document::text FROM activity_kind WHERE program = %s AND code = %s AND revision = %s;

-- name: add_kind
-- The next revision. Two at once: one of them meets the primary key.
INSERT INTO activity_kind (program, code, revision, document, since, author)
SELECT a.program, a.code, 1 + coalesce((
        SELECT k.revision FROM activity_kind AS k WHERE (k.program, k.code) = (a.program, a.code)
        ORDER BY k.revision DESC LIMIT 1), 0), a.document, a.since, a.author
FROM (SELECT %s::uuid AS program, %s::text AS code, %s::jsonb AS document, %s::timestamptz AS since, %s::text AS author) AS a
RETURNING revision;

-- name: known_keys
-- What a source has sent under these ids, as it was recorded.
SELECT k.request, k.digest, a.id, a.member, a.kind, a.revision, a.happened_at, a.recorded_at, a.quantity, a.flag, a.corrects,
    a.posting, a.outcome::text
FROM (SELECT %s::uuid AS program, %s::text AS source) AS g
CROSS JOIN unnest(%b::text[]) AS t (request)
CROSS JOIN LATERAL (
    SELECT k.request, k.digest, k.home, k.activity FROM activity_key k
    WHERE (k.program, k.source, k.request) = (g.program, g.source, t.request) LIMIT 1) AS k
CROSS JOIN LATERAL (
    SELECT a.* FROM activity a WHERE (a.program, a.home, a.id) = (g.program, k.home, k.activity) LIMIT 1) AS a;

-- name: claim_keys
-- Those that are new; for one that somebody else is recording just now this waits.
INSERT INTO activity_key (program, source, request, home, activity, digest)
SELECT g.program, g.source, t.request, t.home, t.activity, t.digest
FROM (SELECT %s::uuid AS program, %s::text AS source) AS g,
    unnest(%b::text[], %b::smallint[], %b::uuid[], %b::bytea[]) AS t (request, home, activity, digest)
ORDER BY t.request
ON CONFLICT DO NOTHING
RETURNING request;

-- name: enter
INSERT INTO activity (program, home, id, member, kind, revision, source, request, happened_at, recorded_at, quantity, data,
    corrects, flag, outcome, posting)
SELECT g.program, t.home, t.id, t.member, t.kind, t.revision, g.source, t.request, t.happened_at, g.recorded_at, t.quantity,
    t.data::jsonb, t.corrects, t.flag, t.outcome::jsonb, t.posting
FROM (SELECT %(program)s::uuid AS program, %(source)s::text AS source, %(at)s::timestamptz AS recorded_at) AS g,
    unnest(%(homes)b::smallint[], %(ids)b::uuid[], %(members)b::uuid[], %(kinds)b::text[], %(revisions)b::integer[],
        %(requests)b::text[], %(happened)b::timestamptz[], %(quantities)b::bigint[], %(data)b::text[], %(corrects)b::uuid[],
        %(flags)b::text[], %(outcomes)b::text[], %(postings)b::uuid[])
        AS t (home, id, member, kind, revision, request, happened_at, quantity, data, corrects, flag, outcome, posting);

-- name: enter_texts
INSERT INTO activity_text (program, home, member, activity, generation, wrapped_key, sealed)
SELECT g.program, t.home, t.member, t.activity, t.generation, t.wrapped_key, t.sealed
FROM (SELECT %s::uuid AS program) AS g, unnest(%b::smallint[], %b::uuid[], %b::uuid[], %b::integer[], %b::bytea[], %b::bytea[])
    AS t (home, member, activity, generation, wrapped_key, sealed);

-- name: let_wait
INSERT INTO activity_waiting (program, home, activity)
SELECT g.program, t.home, t.activity
FROM (SELECT %s::uuid AS program) AS g, unnest(%b::smallint[], %b::uuid[]) AS t (home, activity);

-- name: near
-- How many of a member's activities of a kind and source lie between two instants, neither of them among them.
SELECT t.n, (
    SELECT count(*) FROM (
        SELECT FROM activity a
        WHERE a.program = g.program AND a.member = t.member AND a.kind = t.kind AND a.happened_at > t.since
            AND a.happened_at < t.until AND a.source = g.source AND a.quantity > 0
        LIMIT t.most) AS x)
FROM (SELECT %s::uuid AS program, %s::text AS source) AS g
CROSS JOIN unnest(%b::integer[], %b::uuid[], %b::text[], %b::timestamptz[], %b::timestamptz[], %b::integer[])
    AS t (n, member, kind, since, until, most);

-- name: counts
SELECT c.member, c.kind, c.currency, c.span, c.starts, c.n, c.quantity, c.wanted, c.given, c.due_on, c.closed_at IS NOT NULL,
    c.posting
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::smallint[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[])
    AS t (home, member, kind, currency, span, starts)
CROSS JOIN LATERAL (
    SELECT c.* FROM activity_count c
    WHERE (c.program, c.home, c.member, c.kind, c.currency, c.span, c.starts)
        = (g.program, t.home, t.member, t.kind, t.currency, t.span, t.starts::date)
    LIMIT 1) AS c;

-- name: put_counts
-- The guard of every count: it is written only as it was read, and what was is told.
INSERT INTO activity_count AS c (program, home, member, kind, currency, span, starts, n, quantity, wanted, given, due_on,
    closed_at, posting)
SELECT g.program, t.home, t.member, t.kind, t.currency, t.span, t.starts::date, t.n + 1, t.quantity::numeric,
    t.wanted::numeric, t.given::numeric, t.due_on::date, t.closed_at, t.posting
FROM (SELECT %(program)s::uuid AS program) AS g,
    unnest(%(homes)b::smallint[], %(members)b::uuid[], %(kinds)b::text[], %(currencies)b::text[], %(spans)b::text[],
        %(starts)b::text[], %(ns)b::integer[], %(quantities)b::text[], %(wanted)b::text[], %(given)b::text[], %(due)b::text[],
        %(closed)b::timestamptz[], %(postings)b::uuid[])
        AS t (home, member, kind, currency, span, starts, n, quantity, wanted, given, due_on, closed_at, posting)
ON CONFLICT (program, home, member, kind, currency, span, starts) DO UPDATE
    SET n = excluded.n, quantity = excluded.quantity, wanted = excluded.wanted, given = excluded.given,
        due_on = excluded.due_on, closed_at = excluded.closed_at, posting = coalesce(excluded.posting, c.posting)
    WHERE c.n = excluded.n - 1 AND c.closed_at IS NULL
RETURNING 1;

-- name: last_posting
-- The posting by which a member got something last for a kind in a currency.
SELECT posting FROM activity_count
WHERE program = %s AND home = %s AND member = %s AND kind = %s AND currency = %s AND posting IS NOT NULL
ORDER BY starts DESC, span
LIMIT 1;

-- name: readings
SELECT r.member, r.kind, r.series, r.value, r.read_at, r.activity
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::smallint[], %b::uuid[], %b::text[], %b::text[]) AS t (home, member, kind, series)
CROSS JOIN LATERAL (
    SELECT r.* FROM activity_reading r
    WHERE (r.program, r.home, r.member, r.kind, r.series) = (g.program, t.home, t.member, t.kind, t.series)
    LIMIT 1) AS r;

-- name: put_readings
INSERT INTO activity_reading (program, home, member, kind, series, value, read_at, activity)
SELECT g.program, t.home, t.member, t.kind, t.series, t.value, t.read_at, t.activity
FROM (SELECT %s::uuid AS program) AS g,
    unnest(%b::smallint[], %b::uuid[], %b::text[], %b::text[], %b::bigint[], %b::timestamptz[], %b::uuid[])
        AS t (home, member, kind, series, value, read_at, activity)
ON CONFLICT (program, home, member, kind, series) DO UPDATE
    SET value = excluded.value, read_at = excluded.read_at, activity = excluded.activity;

-- name: drop_reading
DELETE FROM activity_reading WHERE program = %s AND home = %s AND member = %s AND kind = %s AND series = %s;

-- name: corrected
-- How much of each of these activities later ones took back, and whether somebody accepted those that were flagged. After a
-- merge the later ones are the survivor's, wherever she is at home.
SELECT t.activity, (
        SELECT coalesce(sum(c.quantity), 0)::bigint FROM activity c
        WHERE c.corrects = t.activity AND c.program = g.program),
    (SELECT v.accepted FROM activity_review v WHERE (v.program, v.home, v.activity) = (g.program, t.home, t.activity)),
    (SELECT v.posting FROM activity_review v WHERE (v.program, v.home, v.activity) = (g.program, t.home, t.activity))
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::smallint[], %b::uuid[]) AS t (home, activity);

-- name: stop_waiting
-- Takes it out of the queue, once: the guard of every decision.
DELETE FROM activity_waiting WHERE program = %s AND home = %s AND activity = %s RETURNING 1;

-- name: review
INSERT INTO activity_review (program, home, activity, accepted, reason, outcome, posting, reviewed_at, reviewed_by)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s);

-- name: find
SELECT a.id, a.member, a.kind, a.revision, a.source, a.request, a.happened_at, a.recorded_at, a.quantity, a.data::text,
    a.corrects, a.flag, a.outcome::text, a.posting,
    x.generation, x.wrapped_key, x.sealed,
    (SELECT v.accepted FROM activity_review v WHERE (v.program, v.home, v.activity) = (a.program, a.home, a.id)),
    (SELECT v.outcome::text FROM activity_review v WHERE (v.program, v.home, v.activity) = (a.program, a.home, a.id)),
    (SELECT v.reason FROM activity_review v WHERE (v.program, v.home, v.activity) = (a.program, a.home, a.id))
FROM activity AS a
LEFT JOIN activity_text AS x ON (x.program, x.home, x.member, x.activity) = (a.program, a.home, a.member, a.id)
WHERE a.program = %s AND a.home = %s AND a.id = %s;

-- name: of_members
-- What these members did, the latest recorded first.
SELECT a.id, a.member, a.kind, a.revision, a.source, a.request, a.happened_at, a.recorded_at, a.quantity, a.data::text,
    a.corrects, a.flag, a.outcome::text, a.posting,
    x.generation, x.wrapped_key, x.sealed,
    (SELECT v.accepted FROM activity_review v WHERE (v.program, v.home, v.activity) = (a.program, a.home, a.id)),
    (SELECT v.outcome::text FROM activity_review v WHERE (v.program, v.home, v.activity) = (a.program, a.home, a.id)),
    (SELECT v.reason FROM activity_review v WHERE (v.program, v.home, v.activity) = (a.program, a.home, a.id))
FROM (SELECT %(program)s::uuid AS program) AS g
CROSS JOIN unnest(%(members)b::uuid[]) AS t (member)
CROSS JOIN LATERAL (
    SELECT a.* FROM activity a
    WHERE a.program = g.program AND a.member = t.member AND a.id < %(before)s
    ORDER BY a.id DESC
    LIMIT %(limit)s) AS a
LEFT JOIN activity_text AS x ON (x.program, x.home, x.member, x.activity) = (a.program, a.home, a.member, a.id)
ORDER BY a.id DESC
LIMIT %(limit)s;

-- name: waiting
-- What waits for a decision, the longest first.
SELECT a.id, a.member, a.kind, a.revision, a.source, a.request, a.happened_at, a.recorded_at, a.quantity, a.data::text,
    a.corrects, a.flag, a.outcome::text, a.posting,
    x.generation, x.wrapped_key, x.sealed,
    NULL::boolean, NULL::text, NULL::text
FROM (SELECT w.* FROM activity_waiting w WHERE w.program = %s AND w.activity > %s ORDER BY w.activity LIMIT %s) AS w
CROSS JOIN LATERAL (
    SELECT a.* FROM activity a WHERE (a.program, a.home, a.id) = (w.program, w.home, w.activity) LIMIT 1) AS a
LEFT JOIN activity_text AS x ON (x.program, x.home, x.member, x.activity) = (a.program, a.home, a.member, a.id)
ORDER BY a.id;

-- name: due_months
-- Months that may be closed by a day, each with whose it is.
SELECT c.home, c.member, c.kind, c.currency, c.starts
FROM activity_count AS c
WHERE c.due_on <= %s AND c.closed_at IS NULL AND c.program = %s
ORDER BY c.due_on, c.member, c.kind, c.currency
LIMIT %s;

-- name: due_months_of
-- Those of one kind that started on a day.
SELECT c.home, c.member, c.kind, c.currency, c.starts
FROM activity_count AS c
WHERE c.kind = %s AND c.starts = %s AND c.program = %s AND c.due_on <= %s AND c.closed_at IS NULL AND c.due_on IS NOT NULL
ORDER BY c.member, c.currency
LIMIT %s;

-- name: next_due
SELECT min(due_on) FROM activity_count WHERE due_on > %s AND due_on <= %s AND closed_at IS NULL AND program = %s;

-- name: closed_of
-- What a month came to that was closed.
SELECT c.currency, count(*)::integer, sum(c.given)::text
FROM activity_count AS c
WHERE c.kind = %s AND c.starts = %s AND c.program = %s AND c.due_on IS NOT NULL AND c.closed_at IS NOT NULL
GROUP BY c.currency
ORDER BY c.currency;

-- name: forget_texts
DELETE FROM activity_text WHERE program = %s AND home = %s AND member = %s;

-- name: texts_by_generation
SELECT generation, count(*) FROM activity_text WHERE program = %s GROUP BY generation;

-- name: sealed_texts
SELECT home, member, activity AS id, generation, wrapped_key FROM activity_text
WHERE program = %(program)s AND (home, member, activity) > (%(home)s, %(member)s, %(id)s)
ORDER BY home, member, activity
LIMIT %(limit)s;

-- name: rewrap_texts
UPDATE activity_text AS p SET generation = r.generation, wrapped_key = r.wrapped_key
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[], %(ids)s::uuid[], %(generations)s::integer[], %(keys)s::bytea[], %(before)s::bytea[])
    AS r (home, member, id, generation, wrapped_key, before)
WHERE p.program = %(program)s AND p.home = r.home AND p.member = r.member AND p.activity = r.id AND p.wrapped_key = r.before;

-- name: forget_readings
DELETE FROM activity_reading WHERE program = %s AND home = %s AND member = %s;
