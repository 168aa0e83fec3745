-- name: caller_by_digest
SELECT program, id, scopes, partner, store, name FROM api_key WHERE digest = %s AND revoked_at IS NULL;

-- name: caller_by_id
SELECT program, id, scopes, partner, store, name FROM api_key WHERE id = %s AND revoked_at IS NULL;
