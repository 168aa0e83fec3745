-- name: anybody
SELECT EXISTS (SELECT FROM staff);

-- name: open_door
INSERT INTO first_door (digest, expires_at) VALUES (%s::bytea, %s::timestamptz);

-- name: door_is_open
SELECT EXISTS (SELECT FROM first_door WHERE digest = %s::bytea AND passed_at IS NULL AND expires_at > %s::timestamptz);

-- name: pass_door
-- All that are open are locked in one order, so that of two who come in at once by two doors one gets in.
WITH open_door AS MATERIALIZED (
    SELECT digest FROM first_door WHERE passed_at IS NULL AND expires_at > %(at)s::timestamptz ORDER BY digest FOR UPDATE
)
UPDATE first_door d SET passed_at = %(at)s::timestamptz FROM open_door o
WHERE d.digest = o.digest AND EXISTS (SELECT FROM open_door WHERE digest = %(digest)s::bytea)
RETURNING d.digest;

-- name: make_founder
UPDATE staff SET founder = true WHERE id = %s::uuid;

-- name: may_found
SELECT EXISTS (SELECT FROM staff WHERE id = %(staff)s::uuid AND founder)
    OR EXISTS (SELECT FROM staff_role WHERE staff = %(staff)s::uuid AND 'owner' = ANY (roles));

-- name: plan
SELECT program, content, state, saved_at, made FROM program_plan WHERE staff = %s::uuid;

-- name: save_plan
INSERT INTO program_plan AS p (staff, program, content, saved_at) VALUES (%s::uuid, %s::uuid, %s::jsonb, %s::timestamptz)
ON CONFLICT (staff) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at,
    program = CASE WHEN p.content = excluded.content THEN p.program ELSE excluded.program END
WHERE p.state = 'open'
RETURNING p.program, p.content, p.state, p.saved_at, p.made;

-- name: freeze_plan
UPDATE program_plan SET state = 'founding', saved_at = %(at)s::timestamptz
WHERE staff = %(staff)s::uuid AND content -> 'done' @> %(steps)s::jsonb
  AND (state = 'open' OR (state = 'founding' AND saved_at <= %(late)s::timestamptz))
RETURNING program, content, state, saved_at, made;

-- name: thaw_plan
UPDATE program_plan SET state = 'open' WHERE staff = %s::uuid AND state = 'founding' AND saved_at = %s::timestamptz;

-- name: found_plan
UPDATE program_plan SET state = 'founded', made = %(made)s::jsonb
WHERE staff = %(staff)s::uuid AND program = %(program)s::uuid AND state = 'founding'
RETURNING program;

-- name: drop_plan
DELETE FROM program_plan WHERE staff = %s::uuid;
