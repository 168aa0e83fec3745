-- name: enter_events
-- Once: the id of an event follows from its fact.
INSERT INTO webhook_event (program, home, id, type, version, subject, member, occurred_at, data)
SELECT %(program)s, e.home, e.id, e.type, %(version)s, e.subject, e.member, e.occurred_at, e.data
FROM unnest(%(homes)s::smallint[], %(ids)s::uuid[], %(types)s::text[], %(subjects)s::uuid[], %(members)s::uuid[],
        %(instants)s::timestamptz[], %(documents)s::bytea[])
    AS e (home, id, type, subject, member, occurred_at, data)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: lengthen_lanes
INSERT INTO webhook_lane AS l (program, home, subscription, subject, last, head, due_at)
SELECT %(program)s, n.home, n.subscription, n.subject, n.more, 1, %(at)s
FROM unnest(%(homes)s::smallint[], %(subscriptions)s::uuid[], %(subjects)s::uuid[], %(more)s::bigint[])
    AS n (home, subscription, subject, more)
ON CONFLICT (program, home, subscription, subject) DO UPDATE
    SET last = l.last + excluded.last, due_at = coalesce(l.due_at, excluded.due_at)
RETURNING subscription, subject, last;

-- name: enter_deliveries
INSERT INTO webhook_delivery (program, home, subscription, event, id, subject, sequence, state, created_at)
SELECT %(program)s, d.home, d.subscription, d.event, d.id, d.subject, d.sequence, 'waiting', %(at)s
FROM unnest(%(homes)s::smallint[], %(subscriptions)s::uuid[], %(events)s::uuid[], %(ids)s::uuid[], %(subjects)s::uuid[],
        %(sequences)s::bigint[])
    AS d (home, subscription, event, id, subject, sequence);

-- name: take_lanes
-- Nobody else gets these lanes until the time that is given for sending is over.
UPDATE webhook_lane AS l SET due_at = %(until)s, taken = true, turn = l.turn + 1
FROM (
    SELECT t.program, t.home, t.subscription, t.subject FROM webhook_lane AS t
    WHERE t.program = %(program)s AND t.subscription = %(subscription)s AND t.due_at <= %(at)s
    ORDER BY t.due_at
    LIMIT %(most)s
    FOR UPDATE SKIP LOCKED
) AS d
WHERE l.program = d.program AND l.home = d.home AND l.subscription = d.subscription AND l.subject = d.subject
RETURNING l.subject, l.head, l.turn;

-- name: first_waiting
-- A statement of its own: what the one that took the lanes saw was perhaps older than its locks.
SELECT t.subject, d.id, d.event, d.sequence, d.attempts, e.type, e.version, e.member, e.occurred_at, e.data
FROM unnest(%(homes)s::smallint[], %(subjects)s::uuid[], %(heads)s::bigint[]) AS t (home, subject, head)
CROSS JOIN LATERAL (
    SELECT v.id, v.event, v.sequence, v.attempts FROM webhook_delivery AS v
    WHERE v.program = %(program)s AND v.subscription = %(subscription)s AND v.subject = t.subject
        AND v.sequence >= t.head AND v.state = 'waiting'
    ORDER BY v.sequence
    LIMIT 1
) AS d
CROSS JOIN LATERAL (
    SELECT w.type, w.version, w.member, w.occurred_at, w.data FROM webhook_event AS w
    WHERE w.program = %(program)s AND w.home = t.home AND w.id = d.event
    OFFSET 0
) AS e;

-- name: lock_lane
SELECT head, last FROM webhook_lane
WHERE program = %(program)s AND home = %(home)s AND subscription = %(subscription)s AND subject = %(subject)s
    AND turn = %(turn)s
FOR UPDATE;

-- name: tried
UPDATE webhook_delivery SET state = %(state)s, attempts = attempts + 1, sent = sent + 1, tried_at = %(at)s,
    answered_in = %(answered_in)s, status = %(status)s, answer = %(answer)s, failure = %(failure)s,
    finished_at = CASE WHEN %(state)s::text = 'waiting' THEN NULL ELSE %(at)s::timestamptz END
WHERE program = %(program)s AND home = %(home)s AND id = %(delivery)s;

-- name: next_waiting
SELECT min(sequence) FROM webhook_delivery
WHERE program = %(program)s AND subscription = %(subscription)s AND subject = %(subject)s AND sequence >= %(head)s
    AND state = 'waiting';

-- name: leave_lane
UPDATE webhook_lane SET due_at = %(due_at)s, head = %(head)s, taken = false
WHERE program = %(program)s AND home = %(home)s AND subscription = %(subscription)s AND subject = %(subject)s;

-- name: wake
UPDATE webhook_lane SET due_at = %(at)s
WHERE program = %(program)s AND subscription = %(subscription)s AND due_at > %(at)s AND NOT taken;

-- name: by_id
SELECT d.id, d.subscription, d.home, d.event, d.subject, d.sequence, d.state, d.sent, d.tried_at, d.answered_in,
    d.status, d.answer, d.failure, d.created_at, d.finished_at, e.type, e.version, e.member, e.occurred_at, e.data,
    l.due_at
FROM webhook_delivery AS d
JOIN webhook_event AS e ON e.program = d.program AND e.home = d.home AND e.id = d.event
LEFT JOIN webhook_lane AS l ON l.program = d.program AND l.home = d.home AND l.subscription = d.subscription
    AND l.subject = d.subject
WHERE d.program = %s AND d.home = %s AND d.id = %s;

-- name: page
SELECT d.id, d.subscription, d.home, d.event, d.subject, d.sequence, d.state, d.sent, d.tried_at, d.answered_in,
    d.status, d.answer, d.failure, d.created_at, d.finished_at, e.type, e.version, e.member, e.occurred_at, e.data,
    l.due_at
FROM webhook_delivery AS d
JOIN webhook_event AS e ON e.program = d.program AND e.home = d.home AND e.id = d.event
LEFT JOIN webhook_lane AS l ON l.program = d.program AND l.home = d.home AND l.subscription = d.subscription
    AND l.subject = d.subject
WHERE d.program = %(program)s AND d.subscription = %(subscription)s
    AND (%(before)s::uuid IS NULL OR d.id < %(before)s) AND (%(state)s::text IS NULL OR d.state = %(state)s)
    AND (%(type)s::text IS NULL OR e.type = %(type)s) AND (%(member)s::uuid IS NULL OR d.subject = %(member)s)
ORDER BY d.id DESC
LIMIT %(limit)s;

-- name: replay_one
WITH again AS (
    UPDATE webhook_delivery SET state = 'waiting', attempts = 0, finished_at = NULL
    WHERE program = %(program)s AND home = %(home)s AND id = %(id)s
    RETURNING program, home, subscription, subject, sequence
)
UPDATE webhook_lane AS l SET head = least(l.head, again.sequence),
    due_at = CASE WHEN l.taken THEN l.due_at ELSE least(l.due_at, %(at)s) END
FROM again
WHERE l.program = again.program AND l.home = again.home AND l.subscription = again.subscription
    AND l.subject = again.subject
RETURNING 1;

-- name: replay_range
WITH again AS (
    UPDATE webhook_delivery AS d SET state = 'waiting', attempts = 0, finished_at = NULL
    FROM (
        SELECT r.program, r.home, r.subscription, r.event FROM webhook_delivery AS r
        WHERE r.program = %(program)s AND r.subscription = %(subscription)s AND r.state <> 'waiting'
            AND r.id >= %(first)s AND r.id < %(last)s
        ORDER BY r.id
        LIMIT %(most)s
    ) AS r
    WHERE d.program = r.program AND d.home = r.home AND d.subscription = r.subscription AND d.event = r.event
        AND d.state <> 'waiting'
    RETURNING d.program, d.home, d.subscription, d.subject, d.sequence
), lanes AS (
    SELECT program, home, subscription, subject, min(sequence) AS first FROM again
    GROUP BY program, home, subscription, subject
), moved AS (
    UPDATE webhook_lane AS l SET head = least(l.head, lanes.first),
        due_at = CASE WHEN l.taken THEN l.due_at ELSE least(l.due_at, %(at)s) END
    FROM lanes
    WHERE l.program = lanes.program AND l.home = lanes.home AND l.subscription = lanes.subscription
        AND l.subject = lanes.subject
)
SELECT count(*) FROM again;

-- name: counts
-- Of what a page shows: how many wait, and how many were given up, at most so many are counted.
SELECT
    (SELECT count(*) FROM (SELECT FROM webhook_lane AS l WHERE l.program = %(program)s
        AND l.subscription = %(subscription)s AND l.due_at IS NOT NULL LIMIT %(most)s) AS w),
    (SELECT count(*) FROM (SELECT FROM webhook_delivery AS d WHERE d.program = %(program)s
        AND d.subscription = %(subscription)s AND d.state = 'dead' LIMIT %(most)s) AS g);

-- name: forget_lanes
DELETE FROM webhook_lane AS l USING webhook_subscription AS s
WHERE s.program = %s AND s.deleted_at < %s AND l.program = s.program AND l.subscription = s.id;

-- name: forget_deliveries
DELETE FROM webhook_delivery WHERE program = %s AND id < %s;

-- name: forget_events
DELETE FROM webhook_event WHERE program = %s AND id < %s;
