-- name: insert_aggregator
INSERT INTO aggregator (program, id, name, api_key, calls_a_day, created_at) VALUES (%s, %s, %s, %s, %s, %s);

-- name: aggregators
SELECT id, name, api_key, calls_a_day, created_at, revoked_at FROM aggregator WHERE program = %s ORDER BY id;

-- name: aggregator_of_key
SELECT id, name, api_key, calls_a_day, created_at, revoked_at FROM aggregator
WHERE program = %s AND %s IN (api_key, key_before) AND revoked_at IS NULL;

-- name: used_aggregators
-- Each with its key of before, how many grants to it are in force, and how much it asked on a day.
SELECT a.id, a.name, a.api_key, a.calls_a_day, a.created_at, a.revoked_at, a.key_before,
    (SELECT count(*) FROM wallet_grant AS g
     WHERE g.program = a.program AND g.aggregator = a.id AND g.revoked_at IS NULL AND a.revoked_at IS NULL),
    coalesce((SELECT d.calls FROM aggregator_day AS d
     WHERE d.program = a.program AND d.aggregator = a.id AND d.day = %(day)s), 0)
FROM aggregator AS a WHERE a.program = %(program)s ORDER BY a.id;

-- name: lock_aggregator
SELECT id, name, api_key, calls_a_day, created_at, revoked_at FROM aggregator
WHERE program = %s AND id = %s AND revoked_at IS NULL
FOR UPDATE;

-- name: lock_of_key
SELECT key_before FROM aggregator WHERE program = %s AND api_key = %s AND revoked_at IS NULL FOR UPDATE;

-- name: follow_key
UPDATE aggregator SET key_before = api_key, api_key = %s WHERE program = %s AND api_key = %s AND revoked_at IS NULL;

-- name: revoke_aggregator
UPDATE aggregator SET revoked_at = %s WHERE program = %s AND id = %s AND revoked_at IS NULL
RETURNING api_key, key_before;

-- name: change_quota
UPDATE aggregator SET calls_a_day = %s WHERE program = %s AND id = %s AND revoked_at IS NULL
RETURNING id, name, api_key, calls_a_day, created_at, revoked_at;

-- name: count_call
INSERT INTO aggregator_day AS d (program, aggregator, day, calls) VALUES (%(program)s, %(aggregator)s, %(day)s, 1)
ON CONFLICT (program, aggregator, day) DO UPDATE SET calls = d.calls + 1 WHERE d.calls < %(most)s
RETURNING calls;

-- name: insert_registration
INSERT INTO registration (program, home, id, aggregator, challenge, generation, wrapped_key, sealed, asked_at, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: registration
SELECT id, aggregator, challenge, generation, wrapped_key, sealed, expires_at, confirmed_at FROM registration
WHERE program = %s AND home = %s AND id = %s;

-- name: end_registration
UPDATE registration SET confirmed_at = %s, generation = NULL, wrapped_key = NULL, sealed = NULL
WHERE program = %s AND home = %s AND id = %s AND confirmed_at IS NULL
RETURNING 1;

-- name: forget_registrations
UPDATE registration SET generation = NULL, wrapped_key = NULL, sealed = NULL
WHERE program = %s AND expires_at <= %s AND sealed IS NOT NULL;

-- name: insert_grant
INSERT INTO wallet_grant (program, home, id, member, aggregator, digest, granted_at) VALUES (%s, %s, %s, %s, %s, %s, %s);

-- name: grant_by_id
SELECT g.id, g.member, g.aggregator, a.name, g.digest, g.granted_at, coalesce(g.revoked_at, a.revoked_at)
FROM wallet_grant AS g
JOIN aggregator AS a ON a.program = g.program AND a.id = g.aggregator
WHERE g.program = %s AND g.home = %s AND g.id = %s;

-- name: grants_of
SELECT g.id, g.member, g.aggregator, a.name, g.digest, g.granted_at, coalesce(g.revoked_at, a.revoked_at)
FROM wallet_grant AS g
JOIN aggregator AS a ON a.program = g.program AND a.id = g.aggregator
WHERE g.program = %s AND g.member = ANY(%s)
ORDER BY g.id DESC
LIMIT %s;

-- name: revoke_grant
UPDATE wallet_grant SET revoked_at = %s
WHERE program = %s AND home = %s AND id = %s AND member = ANY(%s) AND revoked_at IS NULL
RETURNING 1;

-- name: forget_grants
DELETE FROM wallet_grant WHERE program = %s AND home = %s AND member = %s;
