-- name: keep
INSERT INTO program_logo (program, digest, media_type, body, given_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING;

-- name: find
SELECT media_type, body FROM program_logo WHERE program = %s AND digest = %s;
