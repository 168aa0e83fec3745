-- name: queue
INSERT INTO message_outgoing (program, home, id, channel, purpose, sealed, state, due_at, expires_at, created_at)
VALUES (%s, %s, %s, %s, %s, %s, 'waiting', %s, %s, %s);

-- name: take_due
-- Nobody else sends these until the time that is given for it is over.
UPDATE message_outgoing AS m SET state = 'sending', attempts = m.attempts + 1, due_at = %(until)s
FROM (
    SELECT d.program, d.home, d.id FROM message_outgoing AS d
    WHERE d.state = 'waiting' AND d.program = %(program)s AND d.due_at <= %(at)s AND d.expires_at > %(at)s
    ORDER BY d.due_at
    LIMIT %(most)s
    FOR UPDATE SKIP LOCKED
) AS t
WHERE m.program = t.program AND m.home = t.home AND m.id = t.id AND m.state = 'waiting'
RETURNING m.id, m.channel, m.purpose, m.sealed, m.attempts, m.expires_at;

-- name: settle
UPDATE message_outgoing SET state = %(state)s, sealed = NULL, finished_at = %(at)s
WHERE program = %(program)s AND home = %(home)s AND id = %(id)s AND state = 'sending';

-- name: put_back
UPDATE message_outgoing SET state = 'waiting', due_at = %(due_at)s
WHERE program = %(program)s AND home = %(home)s AND id = %(id)s AND state = 'sending';

-- name: give_up
-- Too old to be of use, or taken by somebody who never said what became of it: it may have been sent, so never again.
UPDATE message_outgoing SET state = 'failed', sealed = NULL, finished_at = %(at)s
WHERE program = %(program)s AND (state = 'waiting' AND expires_at <= %(at)s OR state = 'sending' AND due_at <= %(at)s);

-- name: prune
DELETE FROM message_outgoing WHERE program = %s AND created_at < %s AND state IN ('sent', 'failed');

