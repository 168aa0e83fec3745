-- name: add
INSERT INTO webhook_subscription (program, id, address, description, events, stores, partners, created_at, created_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: begin_cursor
-- Where nobody listened, nothing was told: the first subscriber hears of what comes from now on.
INSERT INTO webhook_cursor AS c (program, xid)
VALUES (%s, pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
ON CONFLICT (program) DO UPDATE SET xid = excluded.xid
WHERE NOT EXISTS (SELECT FROM webhook_subscription AS s WHERE s.program = c.program AND s.deleted_at IS NULL);

-- name: find
SELECT id, address, description, events, stores, partners, generation, previous_until, enabled, disabled_why,
    failing_since, last_failure, xid, created_at
FROM webhook_subscription WHERE program = %s AND id = %s AND deleted_at IS NULL;

-- name: all
SELECT id, address, description, events, stores, partners, generation, previous_until, enabled, disabled_why,
    failing_since, last_failure, xid, created_at
FROM webhook_subscription WHERE program = %s AND deleted_at IS NULL ORDER BY id;

-- name: change
UPDATE webhook_subscription
SET address = coalesce(%(address)s::text, address), description = coalesce(%(description)s::text, description),
    events = coalesce(%(events)s::text[], events), stores = coalesce(%(stores)s::uuid[], stores),
    partners = coalesce(%(partners)s::uuid[], partners), enabled = coalesce(%(enabled)s::boolean, enabled),
    disabled_why = CASE WHEN coalesce(%(enabled)s::boolean, enabled) THEN NULL
        ELSE coalesce(disabled_why, 'by_hand') END,
    failing_since = CASE WHEN %(enabled)s::boolean THEN NULL ELSE failing_since END
WHERE program = %(program)s AND id = %(id)s AND deleted_at IS NULL
RETURNING id;

-- name: rotate
UPDATE webhook_subscription SET generation = generation + 1, previous_until = %s
WHERE program = %s AND id = %s AND deleted_at IS NULL
RETURNING id;

-- name: remove
UPDATE webhook_subscription SET deleted_at = %s
WHERE program = %s AND id = %s AND deleted_at IS NULL
RETURNING id;

-- name: answered
-- It answers again. True where it had been silent for a while: what waits for it need not wait any longer.
UPDATE webhook_subscription SET failing_since = NULL, last_failure = ''
FROM (SELECT failing_since AS since FROM webhook_subscription WHERE program = %(program)s AND id = %(id)s) AS before
WHERE program = %(program)s AND id = %(id)s AND failing_since IS NOT NULL
RETURNING before.since <= %(at)s::timestamptz - interval '5 minutes';

-- name: failed
UPDATE webhook_subscription SET failing_since = coalesce(failing_since, %(at)s), last_failure = %(failure)s
WHERE program = %(program)s AND id = %(id)s
RETURNING failing_since;

-- name: disable
UPDATE webhook_subscription SET enabled = false, disabled_why = %s
WHERE program = %s AND id = %s AND enabled
RETURNING id;

-- name: cursor
SELECT xid, sealed FROM webhook_cursor WHERE program = %s;

-- name: advance
UPDATE webhook_cursor SET xid = %s WHERE program = %s;

-- name: restart_cursor
-- Numbers of transactions begin anew after a restore: what was sealed before it has been told.
UPDATE webhook_cursor SET xid = %(xid)s,
    sealed = coalesce((SELECT max(b.height) FROM block AS b WHERE b.program = %(program)s), 0)
WHERE program = %(program)s;

-- name: hear_everything
UPDATE webhook_subscription SET xid = 0 WHERE program = %s;

-- name: forget_removed
DELETE FROM webhook_subscription WHERE program = %s AND deleted_at < %s;
