-- name: live
SELECT p.id, p.revision, r.document, r.published_at
FROM promotion p
JOIN promotion_revision r ON (r.program, r.promotion, r.revision) = (p.program, p.id, p.revision)
WHERE p.program = %s AND p.status = 'live'
ORDER BY p.id;

-- name: create
INSERT INTO promotion (program, id, draft, draft_version, drafted_at, drafted_by, status, created_at)
VALUES (%s, %s, %s, 1, %s, %s, 'draft', %s);

-- name: edit
UPDATE promotion SET draft = %s, draft_version = draft_version + 1, drafted_at = %s, drafted_by = %s
WHERE program = %s AND id = %s AND (%s::integer IS NULL OR draft_version = %s)
RETURNING draft_version;

-- name: publish
UPDATE promotion SET status = 'live', revision = revision + 1, draft = NULL
WHERE program = %s AND id = %s
RETURNING revision;

-- name: freeze
INSERT INTO promotion_revision (program, promotion, revision, document, changes, published_at, published_by)
VALUES (%s, %s, %s, %s, %s, %s, %s);

-- name: set_status
UPDATE promotion SET status = %s
WHERE program = %s AND id = %s AND status = %s
RETURNING revision;

-- name: note
INSERT INTO promotion_event (program, promotion, id, kind, revision, version, at, by, accepted)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: find
SELECT p.id, p.status, p.revision, p.draft, p.created_at, p.draft_version, p.drafted_at, p.drafted_by, r.kind
FROM promotion p
LEFT JOIN LATERAL (
    SELECT v.kind FROM promotion_review v
    WHERE (v.program, v.promotion, v.draft_version) = (p.program, p.id, p.draft_version)
    ORDER BY v.step DESC LIMIT 1
) r ON p.draft IS NOT NULL
WHERE p.program = %s AND p.id = %s;

-- name: find_locked
SELECT p.id, p.status, p.revision, p.draft, p.created_at, p.draft_version, p.drafted_at, p.drafted_by, (
    SELECT v.kind FROM promotion_review v
    WHERE (v.program, v.promotion, v.draft_version) = (p.program, p.id, p.draft_version) AND p.draft IS NOT NULL
    ORDER BY v.step DESC LIMIT 1
)
FROM promotion p
WHERE p.program = %s AND p.id = %s
FOR UPDATE;

-- name: page
SELECT p.id, p.status, p.revision, p.draft, p.created_at, p.draft_version, p.drafted_at, p.drafted_by, r.kind
FROM promotion p
LEFT JOIN LATERAL (
    SELECT v.kind FROM promotion_review v
    WHERE (v.program, v.promotion, v.draft_version) = (p.program, p.id, p.draft_version)
    ORDER BY v.step DESC LIMIT 1
) r ON p.draft IS NOT NULL
WHERE p.program = %s AND (%s::uuid IS NULL OR p.id > %s)
ORDER BY p.id
LIMIT %s;

-- name: heads
-- Documents of live promotions are not read: whoever lists them has them compiled.
SELECT p.id, p.status, p.revision, p.created_at, p.draft IS NOT NULL, r.kind,
    coalesce(f.document, CASE WHEN p.revision = 0 THEN p.draft END) - '{benefits,message}'::text[]
FROM promotion p
LEFT JOIN promotion_revision f
    ON (f.program, f.promotion, f.revision) = (p.program, p.id, p.revision) AND p.status <> 'live'
LEFT JOIN LATERAL (
    SELECT v.kind FROM promotion_review v
    WHERE (v.program, v.promotion, v.draft_version) = (p.program, p.id, p.draft_version)
    ORDER BY v.step DESC LIMIT 1
) r ON p.draft IS NOT NULL
WHERE p.program = %s
ORDER BY p.id DESC
LIMIT %s;

-- name: drafts
SELECT p.id, p.status, p.revision, p.draft, p.created_at, p.draft_version, p.drafted_at, p.drafted_by, r.kind
FROM promotion p
LEFT JOIN LATERAL (
    SELECT v.kind FROM promotion_review v
    WHERE (v.program, v.promotion, v.draft_version) = (p.program, p.id, p.draft_version)
    ORDER BY v.step DESC LIMIT 1
) r ON true
WHERE p.program = %s AND p.draft IS NOT NULL
ORDER BY p.id DESC
LIMIT %s;

-- name: review
-- A step of a draft's review. Of two who say something at once the second finds the step taken.
INSERT INTO promotion_review (program, promotion, draft_version, step, kind, comment, by, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: reviews
SELECT draft_version, step, kind, comment, by, at
FROM promotion_review
WHERE program = %s AND promotion = %s
ORDER BY draft_version DESC, step DESC
LIMIT %s;

-- name: revisions
SELECT r.revision, r.document, r.changes, r.published_at, r.published_by, coalesce(e.accepted, '{}')
FROM promotion_revision r
LEFT JOIN promotion_event e
    ON (e.program, e.promotion, e.revision, e.kind) = (r.program, r.promotion, r.revision, 'published')
WHERE r.program = %s AND r.promotion = %s
ORDER BY r.revision DESC;

-- name: events
SELECT kind, revision, at, by, accepted
FROM promotion_event
WHERE program = %s AND promotion = %s
ORDER BY version DESC, id DESC
LIMIT %s;

-- name: frozen
SELECT r.promotion, r.revision, r.document, r.published_at
FROM unnest(%b::uuid[], %b::integer[]) AS t (promotion, revision)
JOIN promotion_revision r ON (r.program, r.promotion, r.revision) = (%s, t.promotion, t.revision);

-- name: live_at
SELECT r.promotion, r.revision, r.document, r.published_at
FROM (
    SELECT DISTINCT ON (promotion) program, promotion, kind, revision
    FROM promotion_event
    WHERE program = %s AND version <= %s
    ORDER BY promotion, version DESC, id DESC
) AS last
JOIN promotion_revision r ON (r.program, r.promotion, r.revision) = (last.program, last.promotion, last.revision)
WHERE last.kind <> 'stopped';

-- name: uses
SELECT t.holder, t.period, u.promotion, u.rule, u.slice, u.used
FROM (SELECT %s::uuid AS program) g
CROSS JOIN unnest(%b::smallint[], %b::uuid[], %b::integer[]) AS t (home, holder, period)
CROSS JOIN LATERAL (
    SELECT u.promotion, u.rule, u.slice, u.used
    FROM limit_use u
    WHERE (u.program, u.home, u.holder, u.period) = (g.program, t.home, t.holder, t.period)
    OFFSET 0
) u;

-- name: claim
-- The guard: a counter is raised by what its cap still leaves, and answers how much that was. Rows are locked in the
-- order in which they come.
INSERT INTO limit_use AS u (program, home, holder, period, promotion, rule, slice, used, granted, cap)
SELECT %s, home, holder, period, promotion, rule, slice, least(amount, cap), least(amount, cap), cap
FROM unnest(%b::smallint[], %b::uuid[], %b::integer[], %b::uuid[], %b::text[], %b::smallint[], %b::bigint[],
    %b::bigint[]) AS t (home, holder, period, promotion, rule, slice, amount, cap)
ON CONFLICT (program, home, holder, period, promotion, rule, slice) DO UPDATE
SET granted = least(excluded.granted, greatest(excluded.cap - u.used, 0)),
    used = u.used + least(excluded.granted, greatest(excluded.cap - u.used, 0)),
    cap = excluded.cap
RETURNING holder, period, promotion, rule, granted;

-- name: claim_over_slices
-- Takes from the slices of each counter in their order until it is enough. They are all there (`open_slices`).
WITH locked AS (
    SELECT g.program, t.*, u.used
    FROM (SELECT %s::uuid AS program) g
    CROSS JOIN unnest(%b::smallint[], %b::uuid[], %b::integer[], %b::uuid[], %b::text[], %b::smallint[], %b::bigint[],
        %b::bigint[]) AS t (home, holder, period, promotion, rule, slice, amount, cap)
    CROSS JOIN LATERAL (
        SELECT u.used
        FROM limit_use u
        WHERE (u.program, u.home, u.holder, u.period, u.promotion, u.rule, u.slice)
            = (g.program, t.home, t.holder, t.period, t.promotion, t.rule, t.slice)
        FOR UPDATE
        OFFSET 0
    ) u
),
room AS (
    SELECT l.*, greatest(l.cap - l.used, 0) AS room,
        sum(greatest(l.cap - l.used, 0)) OVER (PARTITION BY l.holder, l.period, l.promotion, l.rule ORDER BY l.slice)
            - greatest(l.cap - l.used, 0) AS before
    FROM locked l
)
INSERT INTO limit_use AS u (program, home, holder, period, promotion, rule, slice, used, granted, cap)
SELECT program, home, holder, period, promotion, rule, slice, 0, greatest(least(room, amount - before), 0)::bigint, cap
FROM room
ON CONFLICT (program, home, holder, period, promotion, rule, slice) DO UPDATE
SET granted = least(excluded.granted, greatest(excluded.cap - u.used, 0)),
    used = u.used + least(excluded.granted, greatest(excluded.cap - u.used, 0)),
    cap = excluded.cap
RETURNING holder, period, promotion, rule, granted;

-- name: open_slices
INSERT INTO limit_use (program, home, holder, period, promotion, rule, slice, used, granted, cap)
SELECT %s, home, holder, period, promotion, rule, slice, 0, 0, cap
FROM unnest(%b::smallint[], %b::uuid[], %b::integer[], %b::uuid[], %b::text[], %b::smallint[], %b::bigint[],
    %b::bigint[]) AS t (home, holder, period, promotion, rule, slice, amount, cap)
ON CONFLICT (program, home, holder, period, promotion, rule, slice) DO NOTHING;

-- name: move
-- Over-use, which nothing refuses, and (below zero) claims that are wanted no more.
INSERT INTO limit_use AS u (program, home, holder, period, promotion, rule, used, granted, cap)
SELECT %s, home, holder, period, promotion, rule, amount, 0, 0
FROM unnest(%b::smallint[], %b::uuid[], %b::integer[], %b::uuid[], %b::text[], %b::bigint[])
    AS t (home, holder, period, promotion, rule, amount)
ON CONFLICT (program, home, holder, period, promotion, rule, slice) DO UPDATE SET used = u.used + excluded.used;

-- name: note_claims
-- Uses of codes that are owed are noted for the books too; the promotion of a code is its batch.
WITH noted AS (
    INSERT INTO claim (program, home, purchase, promotion, rule, kind, act, holder, period, amount, claimed_at)
    SELECT i.program, home, purchase, promotion, rule, i.kind, act, holder, period, amount, i.claimed_at
    FROM (SELECT %s::uuid AS program, %s::text AS kind, %s::timestamptz AS claimed_at) AS i,
        unnest(%b::smallint[], %b::uuid[], %b::uuid[], %b::text[], %b::uuid[], %b::uuid[], %b::integer[], %b::bigint[])
        AS t (home, purchase, promotion, rule, act, holder, period, amount)
    RETURNING program, promotion, rule, holder
)
INSERT INTO code_touched (program, home, code)
SELECT n.program, ('x' || right(n.holder::text, 4))::bit(16)::integer & 1023, n.holder
FROM noted AS n
JOIN code_batch AS b ON b.program = n.program AND b.id = n.promotion AND b.owed
WHERE n.rule = 'code';

-- name: note_holds
INSERT INTO held_claim (program, home, purchase, lapses_at)
SELECT %s, home, purchase, lapses_at
FROM unnest(%b::smallint[], %b::uuid[], %b::timestamptz[]) AS t (home, purchase, lapses_at);

-- name: claims_of
SELECT t.purchase, c.promotion, c.rule, c.holder, c.period, c.amount, c.claimed, c.first
FROM (SELECT %s::uuid AS program) g
CROSS JOIN unnest(%b::smallint[], %b::uuid[]) AS t (home, purchase)
CROSS JOIN LATERAL (
    SELECT c.promotion, c.rule, c.holder, c.period, sum(c.amount)::bigint AS amount,
        coalesce(sum(c.amount) FILTER (WHERE c.kind NOT IN ('return', 'void')), 0)::bigint AS claimed,
        coalesce(sum(c.amount) FILTER (WHERE c.kind = 'claim'), 0)::bigint AS first
    FROM claim c
    WHERE (c.program, c.home, c.purchase) = (g.program, t.home, t.purchase) AND c.kind <> 'cancellation'
    GROUP BY c.promotion, c.rule, c.holder, c.period
) c;

-- name: give_back
-- The fact and the counter in one statement: an act that was noted before moves nothing.
WITH back AS (
    INSERT INTO claim (program, home, purchase, promotion, rule, kind, act, holder, period, amount, claimed_at)
    SELECT i.program, home, purchase, promotion, rule, i.kind, act, holder, period, -amount, i.claimed_at
    FROM (SELECT %s::uuid AS program, %s::text AS kind, %s::timestamptz AS claimed_at) AS i,
        unnest(%b::smallint[], %b::uuid[], %b::uuid[], %b::text[], %b::uuid[], %b::uuid[], %b::integer[], %b::bigint[])
        AS t (home, purchase, promotion, rule, act, holder, period, amount)
    ON CONFLICT DO NOTHING
    RETURNING program, holder, period, promotion, rule, amount
),
touched AS (
    INSERT INTO code_touched (program, home, code)
    SELECT k.program, ('x' || right(k.holder::text, 4))::bit(16)::integer & 1023, k.holder
    FROM back AS k
    JOIN code_batch AS b ON b.program = k.program AND b.id = k.promotion AND b.owed
    WHERE k.rule = 'code'
)
INSERT INTO limit_use AS u (program, home, holder, period, promotion, rule, used, granted, cap)
SELECT program, ('x' || right(holder::text, 4))::bit(16)::integer & 1023, holder, period, promotion, rule,
    sum(amount)::bigint, 0, 0
FROM back
GROUP BY program, holder, period, promotion, rule
ORDER BY holder = promotion, rule <> 'code', 2, holder, period, promotion, rule
ON CONFLICT (program, home, holder, period, promotion, rule, slice) DO UPDATE SET used = u.used + excluded.used;

-- name: end_holds
UPDATE held_claim SET open = false
WHERE program = %s AND home = %s AND purchase = %s AND open
RETURNING purchase;

-- name: end_lapsed_holds
-- An upsert finds each row by its primary key, where an UPDATE with a join may not.
WITH due AS (
    SELECT program, home, purchase, lapses_at
    FROM held_claim
    WHERE program = %s AND open AND lapses_at <= %s
    ORDER BY lapses_at
    LIMIT %s
    FOR UPDATE SKIP LOCKED
)
INSERT INTO held_claim AS h (program, home, purchase, lapses_at)
SELECT program, home, purchase, lapses_at FROM due
ON CONFLICT (program, home, purchase) DO UPDATE SET open = false WHERE h.open
RETURNING purchase;

-- name: usage
SELECT rule, period, sum(used)::bigint, count(DISTINCT holder) FILTER (WHERE used > 0)
FROM limit_use
WHERE program = %s AND promotion = %s
GROUP BY rule, period
ORDER BY rule, period;

-- name: used_of_total
SELECT u.rule, u.period, u.slice, u.used
FROM limit_use u
WHERE u.program = %s AND u.home = %s AND u.holder = %s AND u.promotion = u.holder
ORDER BY u.period, u.rule, u.slice
FOR UPDATE;

-- name: share_out
UPDATE limit_use u SET used = t.used
FROM unnest(%b::integer[], %b::text[], %b::smallint[], %b::bigint[]) AS t (period, rule, slice, used)
WHERE (u.program, u.home, u.holder, u.period, u.promotion, u.rule, u.slice)
    = (%s::uuid, %s::smallint, %s::uuid, t.period, %s::uuid, t.rule, t.slice);

-- name: counters_astray
SELECT coalesce(u.holder, c.holder) AS holder, coalesce(u.period, c.period) AS period,
    coalesce(u.promotion, c.promotion) AS promotion, coalesce(u.rule, c.rule) AS rule,
    coalesce(u.used, 0) AS used, coalesce(c.claimed, 0) AS claimed
FROM (
    SELECT holder, period, promotion, rule, sum(used)::bigint AS used
    FROM limit_use WHERE program = %(program)s GROUP BY holder, period, promotion, rule
) AS u
FULL JOIN (
    SELECT holder, period, promotion, rule, sum(amount)::bigint AS claimed
    FROM (
        SELECT holder, period, promotion, rule, amount FROM claim WHERE program = %(program)s
        UNION ALL
        SELECT code, 0, batch, 'code', amount FROM code_use WHERE program = %(program)s
    ) AS taken
    GROUP BY holder, period, promotion, rule
) AS c USING (holder, period, promotion, rule)
WHERE coalesce(u.used, 0) <> coalesce(c.claimed, 0)
LIMIT %(limit)s;

-- name: claims_overdrawn
SELECT purchase, promotion, rule, sum(amount)::bigint AS left_over
FROM claim
WHERE program = %(program)s
GROUP BY home, purchase, promotion, rule
HAVING sum(amount) < 0
LIMIT %(limit)s;

-- name: create_batch
INSERT INTO code_batch (program, id, name, pattern, wanted, uses, member_uses, valid_from, valid_until, created_at, created_by,
    job)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (program, name) DO NOTHING
RETURNING 1;

-- name: add_codes
INSERT INTO code (program, id, home, batch, serial)
SELECT i.program, id, home, i.batch, serial
FROM (SELECT %s::uuid AS program, %s::uuid AS batch) AS i,
    unnest(%b::smallint[], %b::uuid[], %b::integer[]) AS t (home, id, serial)
ON CONFLICT (program, id) DO NOTHING;

-- name: issue_codes
INSERT INTO code (program, id, home, batch, purchase)
SELECT %s, id, home, batch, purchase
FROM unnest(%b::smallint[], %b::uuid[], %b::uuid[], %b::uuid[]) AS t (home, id, batch, purchase);

-- name: codes_made
SELECT count(*)::integer, coalesce(max(serial) + 1, 0) FROM code WHERE batch = %s AND serial IS NOT NULL;

-- name: serials
SELECT serial FROM code WHERE batch = %s AND serial > %s ORDER BY serial LIMIT %s;

-- name: find_batch
SELECT id, name, pattern, wanted, uses, member_uses, valid_from, valid_until, stopped_at, created_at, created_by, job
FROM code_batch
WHERE program = %s AND id = %s;

-- name: batches
SELECT id, name, pattern, wanted, uses, member_uses, valid_from, valid_until, stopped_at, created_at, created_by, job
FROM code_batch
WHERE program = %s AND (%s::uuid IS NULL OR id > %s)
ORDER BY id
LIMIT %s;

-- name: latest_batches
SELECT id, name, pattern, wanted, uses, member_uses, valid_from, valid_until, stopped_at, created_at, created_by, job
FROM code_batch
WHERE program = %s AND (%s::uuid IS NULL OR id < %s)
ORDER BY id DESC
LIMIT %s;

-- name: batches_named
SELECT b.*
FROM (SELECT %s::uuid AS program) g
CROSS JOIN unnest(%b::text[]) AS t (name)
CROSS JOIN LATERAL (
    SELECT b.id, b.name, b.pattern, b.wanted, b.uses, b.member_uses, b.valid_from, b.valid_until, b.stopped_at,
        b.created_at, b.created_by, b.job
    FROM code_batch b
    WHERE (b.program, b.name) = (g.program, t.name)
    LIMIT 1
) b;

-- name: stop_batch
UPDATE code_batch SET stopped_at = coalesce(stopped_at, %s) WHERE program = %s AND id = %s RETURNING 1;

-- name: look_up_codes
-- A code that was voided or is blocked is as one whose batch was stopped.
SELECT c.id, b.id, b.name, b.uses, b.member_uses, b.valid_from, least(b.valid_until, c.valid_until),
    least(b.stopped_at, c.voided_at, c.blocked_at), c.owner, b.tax_rate
FROM (SELECT %s::uuid AS program) g
CROSS JOIN unnest(%b::uuid[]) AS t (id)
CROSS JOIN LATERAL (
    SELECT c.id, c.batch, c.voided_at, c.blocked_at, c.valid_until, c.owner FROM code c
    WHERE (c.program, c.id) = (g.program, t.id) LIMIT 1
) c
CROSS JOIN LATERAL (
    SELECT b.id, b.name, b.uses, b.member_uses, b.valid_from, b.valid_until, b.stopped_at, b.tax_rate
    FROM code_batch b
    WHERE (b.program, b.id) = (g.program, c.batch)
    LIMIT 1
) b;
