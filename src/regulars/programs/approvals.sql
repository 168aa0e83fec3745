-- name: ask
INSERT INTO approval (program, id, act, subject, document, why, asked_by, asked_at, expires_at)
VALUES (%(program)s, %(id)s, %(act)s, %(subject)s, %(document)s, %(why)s,
        coalesce(nullif(current_setting('regulars.actor', true), ''), '{"kind": "job"}')::jsonb
            - 'address' - 'agent' - 'by' - 'why',
        %(at)s, %(expires_at)s);

-- name: find
SELECT id, act, subject, document, why, asked_by, asked_at, expires_at, status, decided_by, decided_at, word, result,
       taken_at
FROM approval WHERE program = %s AND id = %s;

-- name: lock
SELECT status FROM approval WHERE program = %s AND id = %s FOR UPDATE;

-- name: waiting
SELECT id, act, subject, document, why, asked_by, asked_at, expires_at, status, decided_by, decided_at, word, result,
       taken_at
FROM approval WHERE program = %s AND status = 'open' AND expires_at > %s AND id < %s ORDER BY id DESC LIMIT %s;

-- name: about
SELECT id, act, subject, document, why, asked_by, asked_at, expires_at, status, decided_by, decided_at, word, result,
       taken_at
FROM approval
WHERE program = %(program)s AND subject = %(subject)s AND act = %(act)s AND status = 'open' AND expires_at > %(at)s
ORDER BY id DESC LIMIT 20;

-- name: subjects_waiting
SELECT DISTINCT subject FROM approval
WHERE program = %(program)s AND subject = ANY (%(subjects)s) AND act = %(act)s AND status = 'open'
    AND expires_at > %(at)s;

-- name: every
SELECT id, act, subject, document, why, asked_by, asked_at, expires_at, status, decided_by, decided_at, word, result,
       taken_at
FROM approval
WHERE program = %(program)s AND id < %(before)s
    AND (%(asked_by)s::text IS NULL OR asked_by ->> 'id' = %(asked_by)s::text)
ORDER BY id DESC LIMIT %(limit)s;

-- name: decide
-- By a second person: never by who asked, nor by nobody, nor by a key where keys may not. Withdrawn only by who asked.
UPDATE approval SET status = %(status)s, decided_at = %(at)s, word = %(word)s,
    decided_by = nullif(current_setting('regulars.actor', true), '')::jsonb - 'address' - 'agent' - 'by' - 'why'
WHERE program = %(program)s AND id = %(id)s AND status = 'open' AND expires_at > %(at)s
  AND CASE WHEN %(status)s = 'withdrawn'
      THEN asked_by ->> 'id' = nullif(current_setting('regulars.actor', true), '')::jsonb ->> 'id'
      ELSE asked_by ->> 'id' <> nullif(current_setting('regulars.actor', true), '')::jsonb ->> 'id'
          AND (nullif(current_setting('regulars.actor', true), '')::jsonb ->> 'kind' = 'staff' OR %(by_key)s) END
RETURNING id;

-- name: keep_result
UPDATE approval SET result = %(result)s, status = %(status)s, word = %(word)s
WHERE program = %(program)s AND id = %(id)s;

-- name: take_key
UPDATE approval SET taken_at = %(at)s
WHERE program = %(program)s AND id = %(id)s AND act = 'key.create' AND status = 'approved' AND taken_at IS NULL
  AND asked_by ->> 'id' = nullif(current_setting('regulars.actor', true), '')::jsonb ->> 'id'
RETURNING result;

-- name: deciders
SELECT count(*) FROM staff_role WHERE program = %(program)s AND roles && %(roles)s::text[]
    AND (%(staff)s::uuid IS NULL OR staff <> %(staff)s::uuid);
