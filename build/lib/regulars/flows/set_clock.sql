-- name: next_lapse
SELECT min(lapses_at) FROM hold WHERE program = %s AND open AND lapses_at > %s AND lapses_at <= %s;

-- name: next_expiry
SELECT min(expires_at) FROM lot
WHERE program = %s AND drawn < amount AND expires_at IS NOT NULL AND expires_at > %s AND expires_at <= %s;
