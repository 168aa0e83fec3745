-- name: caller_by_digest
SELECT program, id, scopes, partner, store, name FROM api_key WHERE digest = %s AND (revoked_at IS NULL OR revoked_at > %s);

-- name: caller_by_id
SELECT program, id, scopes, partner, store, name FROM api_key WHERE id = %s AND (revoked_at IS NULL OR revoked_at > %s);

-- name: note_use
UPDATE api_key SET used_at = %(at)s::timestamptz
WHERE id = %(key)s::uuid AND (used_at IS NULL OR used_at < %(before)s::timestamptz);
