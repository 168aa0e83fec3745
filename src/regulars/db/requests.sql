-- name: claim
INSERT INTO request_key (program, partner, key, kind, digest, created_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: find
SELECT kind, digest, status, body FROM request_key WHERE program = %s AND partner = %s AND key = %s;

-- name: free
DELETE FROM request_key WHERE program = %s AND partner = %s AND key = %s;

-- name: keep
UPDATE request_key SET status = %s, body = %s WHERE program = %s AND partner = %s AND key = %s;
