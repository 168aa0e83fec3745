-- name: issue
INSERT INTO code (program, id, home, batch, redemption, owner, valid_until)
SELECT i.program, t.id, t.home, i.batch, i.redemption, i.owner, i.valid_until
FROM (SELECT %s::uuid AS program, %s::uuid AS batch, %s::uuid AS redemption, %s::uuid AS owner, %s::timestamptz AS valid_until)
    AS i,
    unnest(%b::smallint[], %b::uuid[]) AS t (home, id);

-- name: find
SELECT c.id, c.batch, c.purchase, c.redemption, c.owner, b.valid_from, least(b.valid_until, c.valid_until), b.uses,
    b.stopped_at, c.voided_at, c.blocked_at,
    coalesce((
        SELECT sum(u.used) FROM limit_use u
        WHERE (u.program, u.home, u.holder, u.period, u.promotion, u.rule) = (c.program, c.home, c.id, 0, c.batch, 'code')
    ), 0)::bigint
FROM code c
JOIN code_batch b ON (b.program, b.id) = (c.program, c.batch)
WHERE c.program = %s AND c.id = %s;

-- name: of_redemptions
SELECT t.id, c.id, c.batch, c.owner, least(b.valid_until, c.valid_until), c.blocked_at,
    coalesce((
        SELECT sum(u.used) FROM limit_use u
        WHERE (u.program, u.home, u.holder, u.period, u.promotion, u.rule) = (c.program, c.home, c.id, 0, c.batch, 'code')
    ), 0)::bigint
FROM unnest(%(redemptions)s::uuid[]) AS t (id)
CROSS JOIN LATERAL (
    SELECT * FROM code c WHERE c.redemption = t.id AND c.program = %(program)s OFFSET 0
) AS c
JOIN code_batch b ON b.program = %(program)s AND b.id = c.batch;

-- name: block
UPDATE code SET blocked_at = %s WHERE program = %s AND id = %s AND blocked_at IS NULL RETURNING 1;

-- name: unblock
UPDATE code SET blocked_at = NULL WHERE program = %s AND id = %s AND blocked_at IS NOT NULL RETURNING 1;

-- name: hand_over
-- The guard: only whose it is now can give it.
UPDATE code SET owner = %s, reminded_at = NULL WHERE program = %s AND id = %s AND owner = %s RETURNING 1;

-- name: follow
-- What belonged to a member who was merged belongs to the one she was merged into.
UPDATE code SET owner = %s WHERE program = %s AND owner = %s;

-- name: part
-- What came with the redemptions of a member whose merge is undone is hers again, unless it was given away.
UPDATE code SET owner = %(back)s
WHERE program = %(program)s AND owner = %(owner)s AND redemption = ANY (%(redemptions)s::uuid[]);

-- name: note_use
WITH noted AS (
    INSERT INTO code_use (program, home, code, act, kind, batch, amount, member, store, used_at, used_by)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    RETURNING program, home, code, batch
)
INSERT INTO code_touched (program, home, code)
SELECT n.program, n.home, n.code
FROM noted AS n
JOIN code_batch AS b ON b.program = n.program AND b.id = n.batch AND b.owed;

-- name: ending
-- Codes of these batches whose owner was not reminded yet and that end before an instant.
SELECT c.id, c.batch, c.owner, c.redemption, c.valid_until
FROM code c
WHERE c.program = %s AND c.owner IS NOT NULL AND c.reminded_at IS NULL AND c.valid_until > %s AND c.valid_until <= %s
    AND c.batch = ANY (%s::uuid[]) AND c.voided_at IS NULL AND c.blocked_at IS NULL
ORDER BY c.valid_until, c.id
LIMIT %s;

-- name: remind
-- The guard of the reminder: who sets it writes the message.
UPDATE code SET reminded_at = %s WHERE program = %s AND id = %s AND reminded_at IS NULL RETURNING 1;

-- name: owe
-- From now on the uses of its codes are noted for the books.
UPDATE code_batch SET owed = true WHERE program = %s AND id = %s AND NOT owed;

-- name: touched
-- Codes whose uses have changed since the books looked, after one of them; a change that is noted later stays.
SELECT t.home, t.code, array_agg(t.id)
FROM code_touched AS t
WHERE t.program = %s AND (t.home, t.code) > (%s::smallint, %s::uuid)
GROUP BY t.home, t.code
ORDER BY t.home, t.code
LIMIT %s;

-- name: forget_touched
DELETE FROM code_touched WHERE program = %s AND home = %s AND code = %s AND id = ANY (%s::uuid[]);

-- name: tax
UPDATE code_batch SET tax_rate = %s WHERE program = %s AND id = %s;
