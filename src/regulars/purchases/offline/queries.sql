-- name: register
INSERT INTO till_device (program, id, store, till, name, registered, made_at, seen_at)
VALUES (%s, %s, %s, %s, %s, true, %s, %s);

-- name: see
-- That a device of a store asked. Its row is answered, or none: it is another store's, or nobody's.
UPDATE till_device SET seen_at = greatest(seen_at, %s) WHERE program = %s AND id = %s AND store = %s
RETURNING id, store, till, name, registered, made_at, seen_at, counter, synced_at;

-- name: find
SELECT id, store, till, name, registered, made_at, seen_at, counter, synced_at
FROM till_device WHERE program = %s AND id = %s;

-- name: take
-- Locks the devices of a batch in one order, and enters those that nobody registered.
INSERT INTO till_device (program, id, store, till, name, registered, made_at, seen_at)
SELECT %s, d.id, d.store, d.till, '', false, a.at, a.at
FROM (SELECT %s::timestamptz AS at) AS a
CROSS JOIN unnest(%s::uuid[], %s::uuid[], %s::text[]) WITH ORDINALITY AS d (id, store, till, n)
ORDER BY d.n
ON CONFLICT (program, id) DO UPDATE
SET seen_at = CASE WHEN till_device.store = excluded.store THEN greatest(till_device.seen_at, excluded.seen_at)
              ELSE till_device.seen_at END
RETURNING id, store, registered;

-- name: copies
-- How many receipts came with each of these counters. Steps are materialised and subqueries fenced, so that each is
-- a look-up by its index (see `flows/standing.sql`).
SELECT a.device, a.counter, c.copies
FROM unnest(%s::uuid[], %s::bigint[]) AS a (device, counter)
CROSS JOIN LATERAL (
    SELECT count(*) AS copies FROM offline_receipt
    WHERE program = %s AND device = a.device AND counter = a.counter OFFSET 0
) AS c;

-- name: used
-- Points that were spent under each of these allowances.
SELECT a.allowance, c.spent
FROM unnest(%s::bytea[]) AS a (allowance)
CROSS JOIN LATERAL (
    SELECT coalesce(sum(spent), 0)::bigint AS spent FROM offline_receipt
    WHERE program = %s AND allowance = a.allowance OFFSET 0
) AS c;

-- name: risked
-- What points paid at each of these devices under a snapshot.
SELECT a.device, a.snapshot, c.worth
FROM unnest(%s::uuid[], %s::uuid[]) AS a (device, snapshot)
CROSS JOIN LATERAL (
    SELECT coalesce(sum(worth), 0)::bigint AS worth FROM offline_receipt
    WHERE program = %s AND snapshot = a.snapshot AND device = a.device AND worth > 0 OFFSET 0
) AS c;

-- name: note_receipts
INSERT INTO offline_receipt (program, device, counter, copy, purchase, store, snapshot, allowance, made_at, recorded_at,
    spent, worth)
SELECT %s, device, counter, copy, purchase, store, snapshot, allowance, made_at, %s, spent, worth
FROM unnest(%s::uuid[], %s::bigint[], %s::integer[], %s::uuid[], %s::uuid[], %s::uuid[], %s::bytea[], %s::timestamptz[],
    %s::bigint[], %s::bigint[])
    AS r (device, counter, copy, purchase, store, snapshot, allowance, made_at, spent, worth);

-- name: note_conflicts
INSERT INTO offline_conflict (program, home, purchase, kind, id, store, device, counter, amount, seconds, made_at,
    recorded_at)
SELECT %s, home, purchase, kind, id, store, device, counter, amount, seconds, made_at, %s
FROM unnest(%s::smallint[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[],
    %s::bigint[], %s::timestamptz[])
    AS c (home, purchase, kind, id, store, device, counter, amount, seconds, made_at);

-- name: count_up
UPDATE till_device AS d SET counter = greatest(d.counter, c.counter), synced_at = %s
FROM unnest(%s::uuid[], %s::bigint[]) AS c (device, counter)
WHERE d.program = %s AND d.id = c.device;

-- name: devices_of_stores
-- With how many of its receipts came, counted once each, and what points paid at it since it was last in touch.
SELECT d.id, d.store, d.till, d.name, d.registered, d.made_at, d.seen_at, d.counter, d.synced_at, r.receipts
FROM unnest(%s::uuid[]) AS s (store)
CROSS JOIN LATERAL (
    SELECT * FROM till_device WHERE program = %s AND store = s.store AND id > %s ORDER BY id LIMIT %s
) AS d
CROSS JOIN LATERAL (
    SELECT count(*) AS receipts FROM offline_receipt WHERE program = d.program AND device = d.id AND copy = 0 OFFSET 0
) AS r
ORDER BY d.id LIMIT %s;

-- name: gaps
-- Counters that are missing before a receipt that came in this time.
SELECT r.device, r.store, r.counter, coalesce(b.counter, 0) AS before, r.purchase, least(r.made_at, r.recorded_at), r.recorded_at
FROM unnest(%s::uuid[]) AS s (store)
CROSS JOIN LATERAL (
    SELECT * FROM offline_receipt
    WHERE program = %s AND store = s.store AND recorded_at >= %s AND recorded_at < %s AND copy = 0 OFFSET 0
) AS r
LEFT JOIN LATERAL (
    SELECT counter FROM offline_receipt
    WHERE program = r.program AND device = r.device AND counter < r.counter AND copy = 0
    ORDER BY counter DESC LIMIT 1
) AS b ON true
WHERE r.counter > coalesce(b.counter, 0) + 1
ORDER BY r.recorded_at DESC, r.device, r.counter DESC
LIMIT %s;

-- name: conflicts
SELECT c.id, c.kind, c.store, c.device, c.counter, c.purchase, c.amount, c.seconds, c.made_at, c.recorded_at
FROM unnest(%(stores)s::uuid[]) AS s (store)
CROSS JOIN LATERAL (
    SELECT * FROM offline_conflict
    WHERE program = %(program)s AND store = s.store AND recorded_at >= %(from)s AND recorded_at < %(to)s
      AND (recorded_at, id) < (%(before_at)s::timestamptz, %(before)s::uuid)
      AND (%(kind)s::text IS NULL OR kind = %(kind)s)
    ORDER BY recorded_at DESC, id DESC LIMIT %(limit)s
) AS c
ORDER BY c.recorded_at DESC, c.id DESC LIMIT %(limit)s;

-- name: sums
-- Of each store and kind: how many, and the minor units that they come to.
SELECT c.store, c.kind, count(*), sum(c.amount)::bigint
FROM unnest(%s::uuid[]) AS s (store)
CROSS JOIN LATERAL (
    SELECT * FROM offline_conflict WHERE program = %s AND store = s.store AND recorded_at >= %s AND recorded_at < %s OFFSET 0
) AS c
GROUP BY c.store, c.kind;
