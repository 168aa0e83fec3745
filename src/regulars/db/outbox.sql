-- name: note
-- Only where somebody listens: who subscribes later hears of what comes later.
INSERT INTO outbox (program, home, id, type, subject, member, at, data)
SELECT %(program)s, n.home, n.id, n.type, n.subject, n.member, n.at, n.data
FROM unnest(%(homes)s::smallint[], %(ids)s::uuid[], %(types)s::text[], %(subjects)s::uuid[], %(members)s::uuid[],
        %(instants)s::timestamptz[], %(documents)s::jsonb[])
    AS n (home, id, type, subject, member, at, data)
WHERE EXISTS (SELECT FROM webhook_subscription WHERE program = %(program)s AND deleted_at IS NULL);

-- name: take
-- What was noted by transactions below a number; whoever takes it has told it when the transaction commits.
DELETE FROM outbox WHERE program = %s AND xid < %s
RETURNING id, type, subject, member, at, data, xid;
