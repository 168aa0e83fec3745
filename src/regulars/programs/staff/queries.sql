-- name: add_person
INSERT INTO staff (id, email, name, language, password, subject, proven_at, created_at)
VALUES (%(id)s::uuid, %(email)s, %(name)s, %(language)s, %(password)s, %(subject)s, %(proven)s::timestamptz, %(at)s::timestamptz)
ON CONFLICT (email) DO NOTHING
RETURNING id;

-- name: person_by_email
SELECT id, email, name, language, password, totp_generation, totp_key, totp, totp_step,
       (SELECT count(*) FROM staff_passkey k WHERE k.staff = p.id), subject, proven_at
FROM staff p WHERE email = %s;

-- name: person
SELECT id, email, name, language, password, totp_generation, totp_key, totp, totp_step,
       (SELECT count(*) FROM staff_passkey k WHERE k.staff = p.id), subject, proven_at
FROM staff p WHERE id = %s::uuid;

-- name: person_by_subject
SELECT id, email, name, language, password, totp_generation, totp_key, totp, totp_step,
       (SELECT count(*) FROM staff_passkey k WHERE k.staff = p.id), subject, proven_at
FROM staff p WHERE subject = %s;

-- name: set_password
UPDATE staff s
SET password = %(password)s,
    proven_at = coalesce(s.proven_at, CASE
        WHEN s.totp IS NULL AND NOT EXISTS (SELECT FROM staff_passkey k WHERE k.staff = s.id) THEN %(proven)s::timestamptz
    END)
WHERE s.id = %(id)s::uuid
RETURNING s.id;

-- name: describe
UPDATE staff SET name = %s, language = %s WHERE id = %s::uuid RETURNING id;

-- name: set_subject
UPDATE staff SET subject = %(subject)s, proven_at = coalesce(proven_at, %(at)s::timestamptz)
WHERE id = %(id)s::uuid AND subject IS NULL
RETURNING id;

-- name: disown
UPDATE staff SET password = '', totp_generation = NULL, totp_key = NULL, totp = NULL WHERE id = %s::uuid;

-- name: set_totp
UPDATE staff SET totp_generation = %(generation)s::integer, totp_key = %(key)s::bytea, totp = %(totp)s::bytea,
                 totp_step = %(step)s::bigint
WHERE id = %(id)s::uuid AND totp IS NULL
RETURNING id;

-- name: drop_totp
UPDATE staff SET totp_generation = NULL, totp_key = NULL, totp = NULL WHERE id = %s::uuid AND totp IS NOT NULL RETURNING id;

-- name: take_step
UPDATE staff SET totp_step = %(step)s::bigint WHERE id = %(id)s::uuid AND totp IS NOT NULL AND totp_step < %(step)s::bigint
RETURNING id;

-- name: sealed_secrets
SELECT id, totp_generation, totp_key FROM staff WHERE totp IS NOT NULL AND id > %s::uuid ORDER BY id LIMIT %s;

-- name: rewrap_secret
UPDATE staff SET totp_generation = %(generation)s::integer, totp_key = %(key)s::bytea
WHERE id = %(id)s::uuid AND totp_key = %(before)s::bytea;

-- name: secrets_by_generation
SELECT totp_generation, count(*) FROM staff WHERE totp IS NOT NULL GROUP BY totp_generation;

-- name: add_recovery_codes
INSERT INTO staff_recovery_code (staff, digest) SELECT %s::uuid, code FROM unnest(%s::bytea[]) AS given (code);

-- name: use_recovery_code
DELETE FROM staff_recovery_code WHERE staff = %s::uuid AND digest = %s::bytea RETURNING staff;

-- name: drop_recovery_codes
DELETE FROM staff_recovery_code WHERE staff = %s::uuid;

-- name: recovery_codes_left
SELECT count(*) FROM staff_recovery_code WHERE staff = %s::uuid;

-- name: add_passkey
INSERT INTO staff_passkey (id, staff, credential, public_key, sign_count, label, created_at)
VALUES (%(id)s::uuid, %(staff)s::uuid, %(credential)s::bytea, %(public_key)s::bytea, %(sign_count)s::bigint, %(label)s,
        %(at)s::timestamptz)
ON CONFLICT (credential) DO NOTHING
RETURNING id;

-- name: passkey_by_credential
SELECT id, staff, credential, public_key, sign_count, label, created_at, used_at
FROM staff_passkey WHERE credential = %s::bytea;

-- name: passkeys_of_person
SELECT id, staff, credential, public_key, sign_count, label, created_at, used_at
FROM staff_passkey WHERE staff = %s::uuid ORDER BY created_at, id;

-- name: use_passkey
UPDATE staff_passkey SET sign_count = %(count)s::bigint, used_at = %(at)s::timestamptz
WHERE id = %(id)s::uuid AND (sign_count < %(count)s::bigint OR (sign_count = 0 AND %(count)s::bigint = 0))
RETURNING id;

-- name: remove_passkey
DELETE FROM staff_passkey WHERE staff = %s::uuid AND id = %s::uuid RETURNING id;

-- name: remove_passkeys
DELETE FROM staff_passkey WHERE staff = %s::uuid;

-- name: ask
INSERT INTO staff_question (id, purpose, staff, after, expires_at)
VALUES (%s::uuid, %s, %s::uuid, %s, %s::timestamptz);

-- name: take_question
DELETE FROM staff_question
WHERE id = %(id)s::uuid AND purpose = %(purpose)s AND staff IS NOT DISTINCT FROM %(staff)s::uuid
  AND expires_at > %(at)s::timestamptz
RETURNING after;

-- name: prune_questions
DELETE FROM staff_question WHERE expires_at < %s::timestamptz;

-- name: claim_attempt
INSERT INTO staff_attempt AS a (subject, wrong, last_at) VALUES (%(subject)s::bytea, 1, %(at)s::timestamptz)
ON CONFLICT (subject) DO UPDATE
SET wrong = CASE WHEN a.last_at < %(forgotten)s::timestamptz THEN 1 ELSE a.wrong + 1 END,
    locked_until = CASE WHEN a.last_at >= %(forgotten)s::timestamptz AND a.wrong + 1 >= %(most)s::integer
                        THEN %(at)s::timestamptz + make_interval(secs => least(%(longest)s::double precision,
                             %(seconds)s::double precision * power(2, least(a.wrong + 1 - %(most)s::integer, 30)))) END,
    last_at = %(at)s::timestamptz
WHERE a.locked_until IS NULL OR a.locked_until <= %(at)s::timestamptz
RETURNING wrong;

-- name: forget_attempts
DELETE FROM staff_attempt WHERE subject = %s::bytea;

-- name: give_attempt_back
UPDATE staff_attempt SET wrong = greatest(wrong - 1, 0), locked_until = NULL WHERE subject = %s::bytea;

-- name: prune_attempts
DELETE FROM staff_attempt WHERE last_at < %s::timestamptz;

-- name: add_post
INSERT INTO staff_role (program, staff, roles, stores, partner, since)
VALUES (%(program)s::uuid, %(staff)s::uuid, %(roles)s::text[], %(stores)s::uuid[], %(partner)s::uuid, %(at)s::timestamptz)
ON CONFLICT (program, staff) DO NOTHING
RETURNING staff;

-- name: lock_owners
SELECT staff FROM staff_role WHERE program = %s::uuid AND 'owner' = ANY (roles) ORDER BY staff FOR UPDATE;

-- name: change_post
UPDATE staff_role r SET roles = %(roles)s::text[], stores = %(stores)s::uuid[], partner = %(partner)s::uuid
WHERE r.program = %(program)s::uuid AND r.staff = %(staff)s::uuid
  AND ('owner' = ANY (%(roles)s::text[]) OR NOT 'owner' = ANY (r.roles) OR EXISTS (
      SELECT FROM staff_role o WHERE o.program = %(program)s::uuid AND o.staff <> r.staff AND 'owner' = ANY (o.roles)))
RETURNING r.staff;

-- name: remove_post
DELETE FROM staff_role r
WHERE r.program = %(program)s::uuid AND r.staff = %(staff)s::uuid
  AND (NOT 'owner' = ANY (r.roles) OR EXISTS (
      SELECT FROM staff_role o WHERE o.program = %(program)s::uuid AND o.staff <> r.staff AND 'owner' = ANY (o.roles)))
RETURNING r.staff;

-- name: posts_of_person
SELECT program, roles, stores, partner FROM staff_role WHERE staff = %s::uuid ORDER BY since, program;

-- name: colleagues
SELECT p.id, p.email, p.name, r.program, r.roles, r.stores, r.partner, r.since,
       p.totp IS NOT NULL OR EXISTS (SELECT FROM staff_passkey k WHERE k.staff = p.id),
       (SELECT max(s.seen_at) FROM staff_session s WHERE s.staff = p.id AND s.stage = 'in'),
       EXISTS (SELECT FROM staff_role o WHERE o.staff = p.id AND o.program <> r.program)
FROM staff_role r JOIN staff p ON p.id = r.staff
WHERE r.program = %(program)s::uuid AND (%(staff)s::uuid IS NULL OR r.staff = %(staff)s::uuid)
ORDER BY lower(p.name), p.id;

-- name: open_session
INSERT INTO staff_session
    (digest, id, staff, program, stage, method, agent, address, created_at, seen_at, expires_at)
VALUES (%s::bytea, %s::uuid, %s::uuid, %s::uuid, %s, %s, %s, %s, %s::timestamptz, %s::timestamptz, %s::timestamptz);

-- name: find_session
SELECT s.id, s.digest, s.staff, s.program, s.stage, s.method, s.agent, s.address, s.created_at, s.seen_at, s.expires_at,
       p.name, p.email, p.language, r.roles, r.stores, r.partner,
       coalesce(s.method IN ('password', 'invitation') AND g.settings ->> 'second_factor' = 'required'
                AND p.totp IS NULL AND NOT EXISTS (SELECT FROM staff_passkey k WHERE k.staff = p.id), false)
FROM staff_session s
JOIN staff p ON p.id = s.staff
LEFT JOIN program g ON g.id = s.program
LEFT JOIN staff_role r ON r.program = s.program AND r.staff = s.staff
WHERE s.digest = %(digest)s::bytea AND s.expires_at > %(at)s::timestamptz AND s.seen_at > %(idle)s::timestamptz;

-- name: touch_session
UPDATE staff_session SET seen_at = %(at)s::timestamptz WHERE digest = %(digest)s::bytea AND seen_at < %(before)s::timestamptz;

-- name: choose_program
UPDATE staff_session s SET program = %(program)s::uuid
WHERE s.digest = %(digest)s::bytea
  AND EXISTS (SELECT FROM staff_role r WHERE r.program = %(program)s::uuid AND r.staff = s.staff)
RETURNING s.id;

-- name: close_session
DELETE FROM staff_session WHERE digest = %s::bytea;

-- name: sessions_of_person
SELECT id, digest, staff, program, stage, method, agent, address, created_at, seen_at, expires_at
FROM staff_session
WHERE staff = %(staff)s::uuid AND stage = 'in' AND expires_at > %(at)s::timestamptz AND seen_at > %(idle)s::timestamptz
ORDER BY seen_at DESC, id;

-- name: end_session
DELETE FROM staff_session WHERE staff = %s::uuid AND id = %s::uuid RETURNING id;

-- name: end_sessions
DELETE FROM staff_session WHERE staff = %(staff)s::uuid AND digest <> %(kept)s::bytea;

-- name: end_sessions_in_program
DELETE FROM staff_session WHERE staff = %(staff)s::uuid AND program = %(program)s::uuid;

-- name: prune_staff_sessions
DELETE FROM staff_session WHERE expires_at < %s::timestamptz;

-- name: add_invitation
INSERT INTO staff_invitation (id, digest, kind, program, email, roles, stores, partner, by, created_at, expires_at)
VALUES (%(id)s::uuid, %(digest)s::bytea, %(kind)s, %(program)s::uuid, %(email)s, %(roles)s::text[], %(stores)s::uuid[],
        %(partner)s::uuid, %(by)s::uuid, %(at)s::timestamptz, %(until)s::timestamptz);

-- name: invitation
SELECT id, kind, program, email, roles, stores, partner, by, created_at, expires_at
FROM staff_invitation
WHERE digest = %(digest)s::bytea AND used_at IS NULL AND expires_at > %(at)s::timestamptz;

-- name: use_invitation
UPDATE staff_invitation SET used_at = %(at)s::timestamptz
WHERE digest = %(digest)s::bytea AND used_at IS NULL AND expires_at > %(at)s::timestamptz
RETURNING id, kind, program, email, roles, stores, partner, by, created_at, expires_at;

-- name: use_invitations_of
UPDATE staff_invitation SET used_at = %(at)s::timestamptz
WHERE email = %(email)s AND kind = 'invitation' AND used_at IS NULL AND expires_at > %(at)s::timestamptz
RETURNING id, kind, program, email, roles, stores, partner, by, created_at, expires_at;

-- name: open_invitations
SELECT id, kind, program, email, roles, stores, partner, by, created_at, expires_at
FROM staff_invitation
WHERE program = %(program)s::uuid AND kind = 'invitation' AND used_at IS NULL AND expires_at > %(at)s::timestamptz
ORDER BY created_at DESC, id;

-- name: withdraw_invitation
DELETE FROM staff_invitation
WHERE program = %(program)s::uuid AND id = %(id)s::uuid AND kind = 'invitation' AND used_at IS NULL
RETURNING email;

-- name: replace_invitations
DELETE FROM staff_invitation
WHERE email = %(email)s AND program = %(program)s::uuid AND used_at IS NULL
  AND (kind = 'invitation') = (%(kind)s = 'invitation');

-- name: forget_links_of
DELETE FROM staff_invitation WHERE email = %s AND kind <> 'invitation' AND used_at IS NULL;

-- name: prune_invitations
DELETE FROM staff_invitation WHERE expires_at < %s::timestamptz;
