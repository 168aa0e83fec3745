-- name: prune
DELETE FROM request_key WHERE (program, partner, key) IN (
    SELECT program, partner, key FROM request_key WHERE program = %s AND created_at < %s LIMIT %s);
