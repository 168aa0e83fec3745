-- name: open_session
INSERT INTO member_session (program, home, id, member, digest, label, method, created_at, seen_at, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: find_session
-- The member, or the one she was merged into.
SELECT s.id, s.digest, coalesce(m.merged_into, m.id), s.label, s.method, s.created_at, s.seen_at, s.expires_at
FROM member_session s
JOIN member m ON m.program = s.program AND m.home = s.home AND m.id = s.member
WHERE s.program = %s AND s.home = %s AND s.id = %s AND s.ended_at IS NULL AND s.expires_at > %s
    AND m.erased_at IS NULL;

-- name: touch_session
UPDATE member_session SET seen_at = %(at)s
WHERE program = %(program)s AND home = %(home)s AND id = %(id)s AND seen_at < %(before)s;

-- name: sessions_of_member
-- Hers, and those of members who were merged into her: they lead to her too. So do the next two.
SELECT s.id, s.digest, s.member, s.label, s.method, s.created_at, s.seen_at, s.expires_at
FROM (
    SELECT h.home, h.id FROM member h WHERE h.program = %(program)s AND h.home = %(home)s AND h.id = %(member)s
    UNION ALL
    SELECT a.home, a.id FROM member a WHERE a.program = %(program)s AND a.merged_into = %(member)s
) AS m
JOIN member_session s ON s.program = %(program)s AND s.home = m.home AND s.member = m.id
WHERE s.ended_at IS NULL AND s.expires_at > %(at)s
ORDER BY s.seen_at DESC, s.id DESC
LIMIT %(limit)s;

-- name: end_session
-- With it end the phones that were certified in it. One whose log-in is not open any more, or was certified before
-- sessions were noted, is told by the label of its log-in: another of her phones of that kind may bear it too, which is
-- added again by a tap on it. The first row is the session.
WITH m AS MATERIALIZED (
    SELECT h.home, h.id FROM member h WHERE h.program = %(program)s AND h.home = %(home)s AND h.id = %(member)s
    UNION ALL
    SELECT a.home, a.id FROM member a WHERE a.program = %(program)s AND a.merged_into = %(member)s
),
ended AS (
    UPDATE member_session s SET ended_at = %(at)s
    FROM m
    WHERE s.program = %(program)s AND s.home = %(at_home)s AND s.id = %(id)s AND s.home = m.home AND s.member = m.id
        AND s.ended_at IS NULL
    RETURNING s.id, s.label
),
revoked AS (
    UPDATE device d SET revoked_at = %(at)s
    FROM m, ended
    WHERE d.program = %(program)s AND d.home = m.home AND d.member = m.id AND d.revoked_at IS NULL
        AND (
            d.session = ended.id
            OR d.label = ended.label AND NOT EXISTS (
                SELECT FROM member_session o
                JOIN m AS hers ON hers.home = o.home AND hers.id = o.member
                WHERE o.program = %(program)s AND o.id = d.session AND o.ended_at IS NULL AND o.expires_at > %(at)s
            )
        )
    RETURNING d.id
)
SELECT 0 AS n, id FROM ended UNION ALL SELECT 1, id FROM revoked ORDER BY n, id;

-- name: end_sessions
-- As above: of the phones only those stay that were certified in the session that stays, and of those without a session
-- those that bear its label. A row per session and phone.
WITH m AS MATERIALIZED (
    SELECT h.home, h.id FROM member h WHERE h.program = %(program)s AND h.home = %(home)s AND h.id = %(member)s
    UNION ALL
    SELECT a.home, a.id FROM member a WHERE a.program = %(program)s AND a.merged_into = %(member)s
),
ended AS (
    UPDATE member_session s SET ended_at = %(at)s
    FROM m
    WHERE s.program = %(program)s AND s.home = m.home AND s.member = m.id AND s.id <> %(but)s AND s.ended_at IS NULL
    RETURNING s.id
),
revoked AS (
    UPDATE device d SET revoked_at = %(at)s
    FROM m
    WHERE d.program = %(program)s AND d.home = m.home AND d.member = m.id AND d.revoked_at IS NULL
        AND NOT EXISTS (
            SELECT FROM member_session k
            JOIN m AS hers ON hers.home = k.home AND hers.id = k.member
            WHERE k.program = %(program)s AND k.id = %(but)s
                AND (d.session = k.id OR (d.session IS NULL AND k.label = d.label))
        )
    RETURNING d.id
)
SELECT 0 AS n, id FROM ended UNION ALL SELECT 1, id FROM revoked ORDER BY n, id;

-- name: count_attempt
-- One more, unless there were as many as may be; no row then.
INSERT INTO attempt_count (program, home, kind, subject, ends_at, count)
VALUES (%(program)s, %(home)s, %(kind)s, %(subject)s, %(ends_at)s, 1)
ON CONFLICT (program, home, kind, subject) DO UPDATE
    SET count = CASE WHEN attempt_count.ends_at <= %(at)s THEN 1 ELSE attempt_count.count + 1 END,
        ends_at = CASE WHEN attempt_count.ends_at <= %(at)s THEN excluded.ends_at ELSE attempt_count.ends_at END
    WHERE attempt_count.ends_at <= %(at)s OR attempt_count.count < %(most)s
RETURNING count;

-- name: attempts_end
SELECT ends_at FROM attempt_count
WHERE program = %(program)s AND home = %(home)s AND kind = %(kind)s AND subject = %(subject)s;

-- name: add_challenge
INSERT INTO challenge (program, home, id, purpose, channel, member, contact, digest, created_at, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: find_challenge
SELECT id, purpose, channel, member, contact, digest, attempts, expires_at, used_at, used_by
FROM challenge WHERE program = %s AND home = %s AND id = %s;

-- name: lock_challenge
-- Guesses of one challenge are judged one after another, or more could be made at once than are counted.
SELECT 1 FROM challenge WHERE program = %s AND home = %s AND id = %s FOR NO KEY UPDATE;

-- name: open_challenges
-- What this member may still answer: the newest first.
SELECT id, purpose, channel, member, contact, digest, attempts, expires_at, used_at, used_by
FROM challenge
WHERE program = %s AND home = %s AND member = %s AND purpose = %s AND expires_at > %s AND attempts < %s
ORDER BY created_at DESC, id DESC
LIMIT 5;

-- name: use_challenge
-- Once, in time, and not after too many wrong codes.
UPDATE challenge SET used_at = %(at)s, used_by = %(used_by)s
WHERE program = %(program)s AND home = %(home)s AND id = %(id)s AND used_at IS NULL AND expires_at > %(at)s
    AND attempts < %(most)s
RETURNING member, contact, channel;

-- name: challenge_used_by
SELECT id, purpose, channel, member, contact, digest, attempts, expires_at, used_at, used_by
FROM challenge
WHERE program = %s AND home = %s AND member = %s AND purpose = 'spend' AND used_by = %s
LIMIT 1;

-- name: miss_challenges
UPDATE challenge SET attempts = attempts + 1
WHERE program = %s AND home = %s AND id = ANY(%s::uuid[]) AND used_at IS NULL AND attempts < %s
RETURNING id, attempts;

-- name: lock_guesses
-- The member's row for everywhere: whoever checks a code of hers waits here.
INSERT INTO spending_lock (program, home, member, source) VALUES (%s, %s, %s, %s)
ON CONFLICT (program, home, member, source) DO UPDATE SET wrong = spending_lock.wrong;

-- name: locked_until
SELECT max(locked_until) FROM spending_lock
WHERE program = %s AND home = %s AND member = %s AND source = ANY(%s::bytea[]) AND locked_until > %s;

-- name: add_wrong_guess
INSERT INTO wrong_guess (program, home, member, id, source, guessed_at) VALUES (%s, %s, %s, %s, %s, %s);

-- name: count_wrong
-- One more wrong code at this source; so many of them lock it and are forgotten. Nothing while it is locked.
INSERT INTO spending_lock (program, home, member, source, wrong, forget_at, locked_until)
VALUES (%(program)s, %(home)s, %(member)s, %(source)s, CASE WHEN %(most)s <= 1 THEN 0 ELSE 1 END, %(until)s,
    CASE WHEN %(most)s <= 1 THEN %(until)s::timestamptz END)
ON CONFLICT (program, home, member, source) DO UPDATE
    SET wrong = CASE WHEN spending_lock.forget_at > %(at)s
            THEN CASE WHEN spending_lock.wrong + 1 >= %(most)s THEN 0 ELSE spending_lock.wrong + 1 END
            ELSE excluded.wrong END,
        forget_at = %(until)s,
        locked_until = CASE WHEN spending_lock.forget_at > %(at)s
            THEN CASE WHEN spending_lock.wrong + 1 >= %(most)s THEN %(until)s::timestamptz END
            ELSE excluded.locked_until END
    WHERE spending_lock.locked_until IS NULL OR spending_lock.locked_until <= %(at)s
RETURNING wrong, locked_until;

-- name: count_recent
SELECT count(*), count(DISTINCT source) FROM wrong_guess
WHERE program = %s AND home = %s AND member = %s AND guessed_at > %s;

-- name: lock_everywhere
UPDATE spending_lock SET locked_until = %s WHERE program = %s AND home = %s AND member = %s AND source = %s;

-- name: remember_lock
-- What the standing of a purchase reads: that there may be a lock, until then at the latest.
UPDATE member SET spending_locked_until = greatest(spending_locked_until, %s)
WHERE program = %s AND home = %s AND id = %s;

-- name: forget_wrong
UPDATE spending_lock SET wrong = 0, forget_at = NULL
WHERE program = %s AND home = %s AND member = %s AND source = %s AND wrong > 0;

-- name: prove_member
UPDATE member SET unproved = false WHERE program = %s AND home = %s AND id = %s AND unproved RETURNING id;

-- name: doubt_member
UPDATE member SET unproved = true WHERE program = %s AND home = %s AND id = %s;

-- name: is_unproved
SELECT unproved FROM member WHERE program = %s AND home = %s AND id = %s;

-- name: set_pin
INSERT INTO member_pin (program, home, member, salt, digest, set_at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (program, home, member) DO UPDATE SET salt = excluded.salt, digest = excluded.digest,
    set_at = excluded.set_at;

-- name: remove_pin
DELETE FROM member_pin WHERE program = %s AND home = %s AND member = %s RETURNING member;

-- name: pin_set_at
SELECT set_at FROM member_pin WHERE program = %s AND home = %s AND member = %s;

-- name: find_pin
SELECT salt, digest FROM member_pin WHERE program = %s AND home = %s AND member = %s;

-- name: add_device
-- Certified anew it belongs to the session that did it; done by a code, without one, it keeps the one that it has.
INSERT INTO device (program, home, id, member, card, public_key, label, certified_at, expires_at, session)
VALUES (%(program)s, %(home)s, %(id)s, %(member)s, %(card)s, %(public_key)s, %(label)s, %(at)s, %(expires_at)s,
    %(session)s)
ON CONFLICT (program, home, id) DO UPDATE
    SET card = excluded.card, label = excluded.label, certified_at = excluded.certified_at,
        expires_at = excluded.expires_at, session = coalesce(excluded.session, device.session)
    WHERE device.member = excluded.member AND device.public_key = excluded.public_key AND device.revoked_at IS NULL
RETURNING id;

-- name: find_device
SELECT d.id, d.member, d.card, d.public_key, d.label, d.certified_at, d.expires_at, d.revoked_at
FROM device d WHERE d.program = %s AND d.home = %s AND d.id = %s;

-- name: devices_of_member
SELECT id, member, card, public_key, label, certified_at, expires_at, revoked_at
FROM device
WHERE program = %s AND home = %s AND member = %s AND revoked_at IS NULL AND expires_at > %s
ORDER BY certified_at DESC, id DESC
LIMIT %s;

-- name: revoke_device
UPDATE device SET revoked_at = %s
WHERE program = %s AND home = %s AND id = %s AND (%s::uuid IS NULL OR member = %s::uuid) AND revoked_at IS NULL
RETURNING id;

-- name: use_dynamic_code
INSERT INTO dynamic_code_use (program, home, device, made_at, used_by) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (program, home, device, made_at) DO NOTHING
RETURNING device;

-- name: dynamic_code_used_by
SELECT used_by FROM dynamic_code_use WHERE program = %s AND home = %s AND device = %s AND made_at = %s;

-- name: add_passkey
INSERT INTO passkey (program, home, id, member, credential, public_key, sign_count, label, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (program, home, credential) DO NOTHING
RETURNING id;

-- name: find_passkey
SELECT id, member, credential, public_key, sign_count, label, created_at, used_at
FROM passkey WHERE program = %s AND home = %s AND credential = %s AND removed_at IS NULL;

-- name: passkeys_of_member
-- Hers, and those of members who were merged into her: they log in as her too.
SELECT p.id, p.member, p.credential, p.public_key, p.sign_count, p.label, p.created_at, p.used_at
FROM (
    SELECT h.home, h.id FROM member h WHERE h.program = %(program)s AND h.home = %(home)s AND h.id = %(member)s
    UNION ALL
    SELECT a.home, a.id FROM member a WHERE a.program = %(program)s AND a.merged_into = %(member)s
) AS m
JOIN passkey p ON p.program = %(program)s AND p.home = m.home AND p.member = m.id
WHERE p.removed_at IS NULL
ORDER BY p.created_at, p.id
LIMIT %(limit)s;

-- name: use_passkey
-- A counter that does not go on tells of a copy; one that stays at 0 is not kept by the authenticator.
UPDATE passkey SET sign_count = %(count)s, used_at = %(at)s
WHERE program = %(program)s AND home = %(home)s AND id = %(id)s AND removed_at IS NULL
    AND (sign_count < %(count)s OR (sign_count = 0 AND %(count)s = 0))
RETURNING id;

-- name: remove_passkey
UPDATE passkey p SET removed_at = %(at)s
FROM (
    SELECT h.home, h.id FROM member h WHERE h.program = %(program)s AND h.home = %(home)s AND h.id = %(member)s
    UNION ALL
    SELECT a.home, a.id FROM member a WHERE a.program = %(program)s AND a.merged_into = %(member)s
) AS m
WHERE p.program = %(program)s AND p.home = %(at_home)s AND p.id = %(id)s AND p.home = m.home AND p.member = m.id
    AND p.removed_at IS NULL
RETURNING p.id;

-- name: forget_member
-- Everything that lets her in or lets her spend; the past uses of codes name nobody.
WITH s AS (DELETE FROM member_session WHERE program = %(program)s AND home = %(home)s AND member = %(member)s),
    p AS (DELETE FROM passkey WHERE program = %(program)s AND home = %(home)s AND member = %(member)s),
    n AS (DELETE FROM member_pin WHERE program = %(program)s AND home = %(home)s AND member = %(member)s),
    c AS (DELETE FROM challenge WHERE program = %(program)s AND home = %(home)s AND member = %(member)s),
    g AS (DELETE FROM wrong_guess WHERE program = %(program)s AND home = %(home)s AND member = %(member)s),
    l AS (DELETE FROM spending_lock WHERE program = %(program)s AND home = %(home)s AND member = %(member)s),
    u AS (DELETE FROM dynamic_code_use WHERE program = %(program)s AND home = %(home)s AND device IN
        (SELECT id FROM device WHERE program = %(program)s AND home = %(home)s AND member = %(member)s))
DELETE FROM device WHERE program = %(program)s AND home = %(home)s AND member = %(member)s;

-- name: prune_access
WITH c AS (DELETE FROM challenge WHERE program = %(program)s AND expires_at < %(before)s RETURNING 1),
    a AS (DELETE FROM attempt_count WHERE program = %(program)s AND ends_at < %(before)s RETURNING 1),
    g AS (DELETE FROM wrong_guess WHERE program = %(program)s AND guessed_at < %(before)s RETURNING 1),
    s AS (DELETE FROM member_session WHERE program = %(program)s AND expires_at < %(before)s RETURNING 1),
    u AS (DELETE FROM dynamic_code_use WHERE program = %(program)s AND made_at < %(before)s RETURNING 1)
SELECT (SELECT count(*) FROM c) + (SELECT count(*) FROM a) + (SELECT count(*) FROM g) + (SELECT count(*) FROM s)
    + (SELECT count(*) FROM u);
