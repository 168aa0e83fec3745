-- name: begin
-- A new event; nothing where there is one of that code.
INSERT INTO occasion (program, code, revision, seats, taken, queued, created_at)
VALUES (%s, %s, 1, %s, 0, 0, %s)
ON CONFLICT DO NOTHING;

-- name: change
-- The next revision; the guard: never fewer seats than are taken.
UPDATE occasion SET revision = revision + 1, seats = %(seats)s
WHERE program = %(program)s AND code = %(code)s AND taken <= %(seats)s
RETURNING revision;

-- name: freeze
INSERT INTO occasion_revision (program, occasion, revision, document, changed_at, changed_by)
VALUES (%s, %s, %s, %s::jsonb, %s, %s);

-- name: call_off
UPDATE occasion SET called_off_at = %s WHERE program = %s AND code = %s AND called_off_at IS NULL RETURNING 1;

-- name: lock
SELECT 1 FROM occasion WHERE program = %s AND code = %s FOR UPDATE;

-- name: find
SELECT o.code, o.revision, r.document::text, o.seats, o.taken, o.queued, o.called_off_at, o.created_at,
    (SELECT count(*) FROM booking_now n WHERE n.program = o.program AND n.occasion = o.code AND n.state = 'waiting')
FROM occasion o
JOIN occasion_revision r ON (r.program, r.occasion, r.revision) = (o.program, o.code, o.revision)
WHERE o.program = %s AND o.code = %s;

-- name: these
SELECT o.code, o.revision, r.document::text, o.seats, o.taken, o.queued, o.called_off_at, o.created_at,
    (SELECT count(*) FROM booking_now n WHERE n.program = o.program AND n.occasion = o.code AND n.state = 'waiting')
FROM occasion o
JOIN occasion_revision r ON (r.program, r.occasion, r.revision) = (o.program, o.code, o.revision)
WHERE o.program = %s AND o.code = ANY (%s::text[]);

-- name: every
SELECT o.code, o.revision, r.document::text, o.seats, o.taken, o.queued, o.called_off_at, o.created_at,
    (SELECT count(*) FROM booking_now n WHERE n.program = o.program AND n.occasion = o.code AND n.state = 'waiting')
FROM occasion o
JOIN occasion_revision r ON (r.program, r.occasion, r.revision) = (o.program, o.code, o.revision)
WHERE o.program = %s
ORDER BY o.code
LIMIT %s;

-- name: take
-- The guard of the seats: no row comes back where too few are free.
UPDATE occasion SET taken = taken + %(seats)s
WHERE program = %(program)s AND code = %(code)s AND taken + %(seats)s <= seats
RETURNING taken;

-- name: put_back
UPDATE occasion SET taken = taken - %(seats)s WHERE program = %(program)s AND code = %(code)s RETURNING taken;

-- name: queue
-- The next number of the waiting list.
UPDATE occasion SET queued = queued + 1 WHERE program = %s AND code = %s RETURNING queued;

-- name: enter
INSERT INTO booking (program, home, id, occasion, member, pool, seats, currency, points, booked_at, booked_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: stand_first
-- A member has one booking of an event at a time: no row comes back for a second one.
INSERT INTO booking_now (program, home, booking, occasion, member, seats, n, state, place)
VALUES (%s, %s, %s, %s, %s, %s, 0, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: step
-- A second successor of a state cannot be written: the key is the guard.
INSERT INTO booking_step (program, home, booking, n, state, pool, posting, at, by, reason)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING n;

-- name: stand
UPDATE booking_now SET n = %s, state = %s, due_at = %s WHERE program = %s AND home = %s AND booking = %s;

-- name: stand_kept
-- An end that was set meanwhile stays: she left the club while a seat came free for her.
UPDATE booking_now SET n = %s, state = %s, due_at = coalesce(due_at, %s) WHERE program = %s AND home = %s AND booking = %s;

-- name: lose
UPDATE booking_now SET due_at = least(due_at, %s)
WHERE state IN ('waiting', 'offered', 'booked') AND (due_at IS NULL OR due_at > %s)
    AND program = %s AND home = %s AND booking = %s;

-- name: keep
UPDATE booking_now SET due_at = NULL WHERE program = %s AND home = %s AND booking = %s AND state <> 'offered';

-- name: booking
SELECT id, occasion, member, pool, seats, currency, points, booked_at, booked_by
FROM booking
WHERE program = %s AND home = %s AND id = %s;

-- name: standing
SELECT n, state, place, due_at FROM booking_now WHERE program = %s AND home = %s AND booking = %s;

-- name: steps
SELECT n, state, pool, posting, at, by, reason
FROM booking_step
WHERE program = %s AND home = %s AND booking = %s
ORDER BY n;

-- name: waiting
-- Those on the waiting list who fit into so many seats, in its order.
SELECT n.booking, n.member, n.seats
FROM booking_now n
WHERE n.program = %(program)s AND n.occasion = %(code)s AND n.state = 'waiting' AND n.due_at IS NULL AND n.seats <= %(free)s
ORDER BY n.place
LIMIT %(limit)s;

-- name: booked
SELECT b.id, b.occasion, b.member, b.pool, b.seats, b.currency, b.points, b.booked_at, b.booked_by,
    n.n, n.state, n.place, n.due_at,
    CASE WHEN n.state = 'waiting' THEN 1 + (
        SELECT count(*) FROM booking_now w
        WHERE w.program = n.program AND w.occasion = n.occasion AND w.state = 'waiting' AND w.place < n.place) END
FROM booking b
JOIN booking_now n ON (n.program, n.home, n.booking) = (b.program, b.home, b.id)
WHERE b.program = %s AND b.home = %s AND b.id = %s;

-- name: of_members
-- The bookings of these members (one, and who was merged into her) with where they stand, the latest first.
SELECT b.id, b.occasion, b.member, b.pool, b.seats, b.currency, b.points, b.booked_at, b.booked_by,
    n.n, n.state, n.place, n.due_at,
    CASE WHEN n.state = 'waiting' THEN 1 + (
        SELECT count(*) FROM booking_now w
        WHERE w.program = n.program AND w.occasion = n.occasion AND w.state = 'waiting' AND w.place < n.place) END
FROM unnest(%(members)s::uuid[]) AS t (id)
CROSS JOIN LATERAL (
    SELECT * FROM booking b
    WHERE b.program = %(program)s AND b.member = t.id AND (%(before)s::uuid IS NULL OR b.id < %(before)s)
    ORDER BY b.id DESC
    LIMIT %(limit)s
) b
JOIN booking_now n ON (n.program, n.home, n.booking) = (b.program, b.home, b.id)
ORDER BY b.id DESC
LIMIT %(limit)s;

-- name: of_occasion
-- The bookings of an event in these states, in the order they were made.
SELECT b.id, b.occasion, b.member, b.pool, b.seats, b.currency, b.points, b.booked_at, b.booked_by,
    n.n, n.state, n.place, n.due_at,
    CASE WHEN n.state = 'waiting' THEN 1 + (
        SELECT count(*) FROM booking_now w
        WHERE w.program = n.program AND w.occasion = n.occasion AND w.state = 'waiting' AND w.place < n.place) END
FROM booking_now n
JOIN booking b ON (b.program, b.home, b.id) = (n.program, n.home, n.booking)
WHERE n.program = %(program)s AND n.occasion = %(code)s AND n.state = ANY (%(states)s::text[])
    AND (%(after)s::uuid IS NULL OR n.booking > %(after)s)
ORDER BY n.booking
LIMIT %(limit)s;

-- name: due
SELECT n.booking FROM booking_now n
WHERE n.program = %s AND n.due_at <= %s
ORDER BY n.due_at, n.booking
LIMIT %s;

-- name: next_due
SELECT min(n.due_at) FROM booking_now n WHERE n.program = %s AND n.due_at > %s AND n.due_at <= %s;

-- name: end_all
-- What was called off is given back, booking by booking, from this instant on.
UPDATE booking_now SET due_at = %s
WHERE program = %s AND occasion = %s AND state IN ('waiting', 'offered', 'booked');

-- name: seats_astray
-- Events whose taken seats are not those of their bookings.
SELECT o.code, o.taken, coalesce(c.seats, 0) AS booked
FROM occasion o
LEFT JOIN LATERAL (
    SELECT sum(n.seats) AS seats FROM booking_now n
    WHERE n.program = o.program AND n.occasion = o.code AND n.state IN ('offered', 'booked', 'attended')
) c ON true
WHERE o.program = %(program)s AND o.taken <> coalesce(c.seats, 0)
LIMIT %(limit)s;

-- name: bookings_astray
-- Bookings that do not stand where their last step left them.
SELECT n.booking, n.n, n.state, s.n AS last, s.state AS stepped
FROM booking_now n
CROSS JOIN LATERAL (
    SELECT s.n, s.state FROM booking_step s
    WHERE (s.program, s.home, s.booking) = (n.program, n.home, n.booking)
    ORDER BY s.n DESC
    LIMIT 1
) s
WHERE n.program = %(program)s AND (n.n, n.state) <> (s.n, s.state)
LIMIT %(limit)s;
