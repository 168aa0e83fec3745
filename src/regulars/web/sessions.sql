-- name: open
INSERT INTO session (digest, api_key, state, created_at, expires_at) VALUES (%s, %s, %s, %s, %s);

-- name: find
SELECT s.state, k.program, k.id, k.scopes, k.partner, k.store, k.name
FROM session s JOIN api_key k ON k.id = s.api_key
WHERE s.digest = %(digest)s AND s.expires_at > %(at)s AND (k.revoked_at IS NULL OR k.revoked_at > %(at)s);

-- name: change
UPDATE session SET state = state || %s WHERE digest = %s;

-- name: close
DELETE FROM session WHERE digest = %s;
