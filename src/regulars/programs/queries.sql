-- name: load_program
SELECT p.id, p.slug, p.name, p.base_currency, p.time_zone, p.languages, p.sandbox, p.settings::text, p.version,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'code', r.code, 'name', r.name) ORDER BY r.code), '[]')::text
        FROM partner r WHERE r.program = p.id),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'code', s.code, 'name', s.name, 'partner', s.partner,
            'time_zone', s.time_zone, 'groups', s.groups) ORDER BY s.code), '[]')::text
        FROM store s WHERE s.program = p.id),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('code', c.code, 'kind', c.kind, 'scale', c.scale, 'names', c.names,
            'worth', jsonb_build_object('numerator', c.worth_numerator, 'denominator', c.worth_denominator),
            'active_after_days', c.active_after_days, 'expires_after_days', c.expires_after_days,
            'expires_after_months', c.expires_after_months) ORDER BY c.code), '[]')::text
        FROM currency c WHERE c.program = p.id)
FROM program p WHERE p.id = %s;

-- name: bump_version
WITH bumped AS (
    UPDATE program SET version = version + 1 WHERE id = %s RETURNING id, version, settings
)
INSERT INTO program_version (program, version, settings, currencies)
SELECT b.id, b.version, b.settings,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('code', c.code, 'kind', c.kind, 'scale', c.scale, 'names', c.names,
            'worth', jsonb_build_object('numerator', c.worth_numerator, 'denominator', c.worth_denominator),
            'active_after_days', c.active_after_days, 'expires_after_days', c.expires_after_days,
            'expires_after_months', c.expires_after_months) ORDER BY c.code), '[]')
        FROM currency c WHERE c.program = b.id)
FROM bumped b
RETURNING version;

-- name: program_at_version
SELECT settings::text, currencies::text
FROM program_version
WHERE program = %s AND version <= %s
ORDER BY version DESC
LIMIT 1;

-- name: clock_of_program
SELECT sandbox, clock_at FROM program WHERE id = %s;

-- name: move_clock
UPDATE program SET clock_at = %(now)s
WHERE id = %(program)s AND sandbox AND (clock_at IS NULL OR clock_at <= %(now)s)
RETURNING clock_at;

-- name: all_programs
SELECT id, name, time_zone, sandbox, clock_at FROM program ORDER BY id;

-- name: insert_program
-- No row where the id or the short name is taken.
INSERT INTO program (id, slug, name, base_currency, time_zone, languages, sandbox, settings, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: program_exists
SELECT id FROM program WHERE id = %s;

-- name: program_of_slug
SELECT id, version FROM program WHERE slug = %s;

-- name: lock_program
SELECT slug, name, time_zone, languages, settings::text FROM program WHERE id = %s FOR NO KEY UPDATE;

-- name: change_program
UPDATE program SET slug = %s, name = %s, time_zone = %s, languages = %s, settings = %s::jsonb
WHERE id = %s;

-- name: upsert_partner
INSERT INTO partner (program, id, code, name) VALUES (%s, %s, %s, %s)
ON CONFLICT (program, code) DO UPDATE SET name = excluded.name
RETURNING id;

-- name: upsert_store
INSERT INTO store (program, id, code, name, partner, time_zone, groups, address, latitude, longitude)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (program, code) DO UPDATE SET name = excluded.name, partner = excluded.partner,
    time_zone = excluded.time_zone, groups = excluded.groups, address = excluded.address,
    latitude = excluded.latitude, longitude = excluded.longitude
RETURNING id;

-- name: insert_store
INSERT INTO store (program, id, code, name, partner, time_zone) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (program, code) DO NOTHING
RETURNING id;

-- name: remove_store
DELETE FROM store AS s
WHERE s.program = %s AND s.code = %s AND NOT EXISTS (SELECT FROM till WHERE program = s.program AND store = s.id)
RETURNING 1;

-- name: list_stores
SELECT s.id, s.code, s.name, p.code, s.time_zone, s.groups, s.address, s.latitude, s.longitude,
    ARRAY(SELECT t.code FROM till t WHERE t.program = s.program AND t.store = s.id ORDER BY t.code)
FROM store s JOIN partner p ON p.program = s.program AND p.id = s.partner
WHERE s.program = %s AND s.code > %s
ORDER BY s.code
LIMIT %s;

-- name: stores_by_code
SELECT s.id, s.code, s.name, p.code, s.time_zone, s.groups, s.address, s.latitude, s.longitude,
    ARRAY(SELECT t.code FROM till t WHERE t.program = s.program AND t.store = s.id ORDER BY t.code)
FROM store s JOIN partner p ON p.program = s.program AND p.id = s.partner
WHERE s.program = %s AND s.code = ANY(%s::text[])
ORDER BY s.code;

-- name: located_stores
SELECT name, latitude, longitude FROM store WHERE program = %s AND latitude IS NOT NULL ORDER BY code LIMIT %s;

-- name: insert_tills
INSERT INTO till (program, store, code, pool)
SELECT %s, store, code, pool FROM unnest(%s::uuid[], %s::text[], %s::uuid[]) AS t (store, code, pool)
ORDER BY store, code
ON CONFLICT DO NOTHING
RETURNING store, code, pool;

-- name: find_tills
SELECT t.store, t.code, t.pool
FROM unnest(%s::uuid[], %s::text[]) AS wanted (store, code)
JOIN till t ON t.program = %s AND t.store = wanted.store AND t.code = wanted.code;

-- name: upsert_currency
INSERT INTO currency (program, code, kind, scale, names, worth_numerator, worth_denominator, active_after_days,
    expires_after_days, expires_after_months)
VALUES (%s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s)
ON CONFLICT (program, code) DO UPDATE SET names = excluded.names, worth_numerator = excluded.worth_numerator,
    worth_denominator = excluded.worth_denominator, active_after_days = excluded.active_after_days,
    expires_after_days = excluded.expires_after_days, expires_after_months = excluded.expires_after_months
WHERE currency.kind = excluded.kind AND currency.scale = excluded.scale
RETURNING code;

-- name: insert_exchange_rate
INSERT INTO exchange_rate (program, currency, valid_from, numerator, denominator) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (program, currency, valid_from) DO UPDATE SET numerator = excluded.numerator,
    denominator = excluded.denominator;

-- name: exchange_rates
SELECT currency, valid_from, numerator, denominator FROM exchange_rate
WHERE program = %s ORDER BY currency, valid_from DESC;

-- name: exchange_rate_at
SELECT numerator, denominator FROM exchange_rate
WHERE program = %s AND currency = %s AND valid_from <= %s ORDER BY valid_from DESC LIMIT 1;

-- name: insert_key
INSERT INTO api_key (id, digest, program, name, scopes, partner, store, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s);

-- name: find_key
SELECT k.id, k.program, k.name, k.scopes, k.partner, k.store
FROM api_key k WHERE k.digest = %s AND (k.revoked_at IS NULL OR k.revoked_at > %s);

-- name: list_keys
SELECT id, program, name, scopes, partner, store, created_at, used_at, revoked_at FROM api_key
WHERE program = %s AND (revoked_at IS NULL OR revoked_at > %s) ORDER BY created_at, id;

-- name: revoke_key
UPDATE api_key SET revoked_at = %(ends)s::timestamptz
WHERE id = %(key)s::uuid AND program IS NOT DISTINCT FROM %(program)s::uuid
  AND (revoked_at IS NULL OR revoked_at > %(at)s::timestamptz)
RETURNING id;

-- name: prune_sessions
DELETE FROM session WHERE expires_at <= %s;

-- name: begin_job
INSERT INTO job (id, program, kind, payload, status, total, created_at)
VALUES (%s, %s, %s, %s::jsonb, 'running', %s, %s)
ON CONFLICT (id) DO NOTHING;

-- name: find_job
SELECT payload, status, done, total FROM job WHERE id = %s;

-- name: advance_job
UPDATE job SET done = %s WHERE id = %s AND done < %s;

-- name: finish_job
UPDATE job SET status = 'done', done = total, finished_at = %s WHERE id = %s;

-- name: fail_job
UPDATE job SET status = 'failed', errors = %s::jsonb, finished_at = %s WHERE id = %s;

-- name: fail_job_again
-- Work that comes round and round: since when it fails stays what it was, until it worked in between.
UPDATE job SET created_at = CASE WHEN status = 'failed' THEN created_at ELSE %(at)s END, status = 'failed',
    errors = %(errors)s::jsonb, finished_at = %(at)s
WHERE id = %(id)s;

-- name: recover_job
UPDATE job SET status = 'done', finished_at = %s WHERE id = %s AND status = 'failed';

-- name: failed_jobs
SELECT payload, created_at, finished_at FROM job
WHERE program = %s AND kind = %s AND status = 'failed' ORDER BY created_at, id LIMIT 100;

-- name: failed_jobs_by
SELECT payload ->> %(field)s, count(*) FROM job WHERE kind = %(kind)s AND status = 'failed' GROUP BY 1;

-- name: show_job
SELECT kind, payload, status, done, total, errors, created_at, finished_at FROM job WHERE program = %s AND id = %s;

-- name: unfinished_jobs
SELECT id, program, payload FROM job WHERE status IN ('waiting', 'running') AND kind = %s ORDER BY created_at, id;
