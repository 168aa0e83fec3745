-- name: enter_file
INSERT INTO data_file (program, id, name, format, bytes, digest, columns, rows, assumed, created_at, created_by,
    forgotten_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s);

-- name: enter_parts
INSERT INTO data_file_part (program, file, part, generation, wrapped_key, sealed)
SELECT %s, %s, part, generation, wrapped_key, sealed
FROM unnest(%b::integer[], %b::integer[], %b::bytea[], %b::bytea[]) AS p (part, generation, wrapped_key, sealed);

-- name: find_file
SELECT id, name, format, bytes, digest, columns, rows, assumed::text, created_at, created_by, forgotten_at
FROM data_file WHERE program = %s AND id = %s;

-- name: files_named
SELECT id, name, format, bytes, digest, columns, rows, assumed::text, created_at, created_by, forgotten_at
FROM data_file WHERE program = %s AND id = ANY(%s::uuid[]);

-- name: part
SELECT generation, wrapped_key, sealed FROM data_file_part WHERE program = %s AND file = %s AND part = %s;

-- name: forget_parts
DELETE FROM data_file_part WHERE program = %s AND file = %s;

-- name: old_files
SELECT id FROM data_file WHERE program = %s AND forgotten_at IS NULL AND created_at < %s ORDER BY id LIMIT %s;

-- name: forget_file
UPDATE data_file SET forgotten_at = %s WHERE program = %s AND id = %s AND forgotten_at IS NULL;

-- name: parts_by_generation
SELECT generation, count(*) FROM data_file_part WHERE program = %s GROUP BY generation;

-- name: enter_import
INSERT INTO data_import (program, id, file, kind, mapping, dry_run, status, rows, job, created_at, created_by)
VALUES (%s, %s, %s, %s, %s::jsonb, %s, 'waiting', %s, %s, %s, %s);

-- name: find_import
SELECT id, file, kind, mapping::text, dry_run, status, why, rows, done, made, changed, repeated, faulty, undone, kept,
    job, undo_job, created_at, created_by, finished_at, undone_at, undone_by
FROM data_import WHERE program = %s AND id = %s;

-- name: imports
SELECT id, file, kind, mapping::text, dry_run, status, why, rows, done, made, changed, repeated, faulty, undone, kept,
    job, undo_job, created_at, created_by, finished_at, undone_at, undone_by
FROM data_import WHERE program = %s AND id < %s ORDER BY id DESC LIMIT %s;

-- name: lease_import
-- Whoever has the lease works on it; one that was killed loses it by itself.
UPDATE data_import SET leased_by = %(who)s, leased_until = %(until)s,
    status = CASE WHEN status = 'waiting' THEN 'running' ELSE status END
WHERE program = %(program)s AND id = %(import)s AND status IN ('waiting', 'running', 'undoing')
    AND (leased_by IS NULL OR leased_by = %(who)s OR leased_until < %(now)s)
RETURNING id;

-- name: advance_import
-- A step is done once: it begins where the one before ended. How many rows a run has is known when it has read them.
UPDATE data_import SET done = %(to)s, rows = greatest(rows, %(to)s), made = made + %(made)s, changed = changed + %(changed)s,
    repeated = repeated + %(repeated)s, faulty = faulty + %(faulty)s
WHERE program = %(program)s AND id = %(import)s AND done = %(from)s AND status = 'running'
RETURNING done;

-- name: count_run
-- Processes that record side by side each count what they have done, as long as the run is theirs.
UPDATE data_import SET rows = rows + %(rows)s, done = done + %(rows)s, made = made + %(made)s,
    changed = changed + %(changed)s, repeated = repeated + %(repeated)s, faulty = faulty + %(faulty)s,
    leased_until = %(until)s
WHERE program = %(program)s AND id = %(import)s AND status = 'running' AND leased_by = %(who)s
RETURNING done;

-- name: take_up_run
-- Whoever goes on with a run looks once more at what was not known to be whole: it is counted anew.
UPDATE data_import SET rows = 0, done = 0, repeated = 0, faulty = 0 WHERE program = %s AND id = %s;

-- name: forget_faults
DELETE FROM data_import_row WHERE program = %s AND import = %s AND outcome = 'faulty';

-- name: stop_run
-- A run whose process was killed, and that nobody went on with.
UPDATE data_import SET status = 'failed', why = %(why)s, finished_at = %(at)s, leased_by = NULL, leased_until = NULL
WHERE program = %(program)s AND id = %(import)s AND status = 'running' AND leased_until < %(now)s
RETURNING job;

-- name: fail_begun
-- What was about to be recorded when its process was killed: whether it was is not known here.
UPDATE data_import_row SET outcome = 'faulty', faults = %s::jsonb
WHERE program = %s AND import = %s AND outcome = 'begun';

-- name: begin_again
-- A dry run that was stopped begins at the first row: it wrote nothing that it could go on from.
UPDATE data_import SET done = 0, made = 0, changed = 0, repeated = 0, faulty = 0
WHERE program = %s AND id = %s AND dry_run AND status = 'running' AND done > 0;

-- name: forget_rows
DELETE FROM data_import_row WHERE program = %s AND import = %s;

-- name: finish_import
UPDATE data_import SET status = %s, why = %s, finished_at = %s, leased_by = NULL, leased_until = NULL
WHERE program = %s AND id = %s AND status IN ('waiting', 'running');

-- name: release_import
UPDATE data_import SET leased_by = NULL, leased_until = NULL WHERE program = %s AND id = %s AND leased_by = %s;

-- name: begin_undo
UPDATE data_import SET status = 'undoing', undo_job = %s, undone_by = %s
WHERE program = %s AND id = %s AND status IN ('done', 'failed') AND NOT dry_run
RETURNING made + changed;

-- name: finish_undo
UPDATE data_import SET status = 'undone', undone_at = %s, leased_by = NULL, leased_until = NULL
WHERE program = %s AND id = %s AND status = 'undoing';

-- name: note_rows
INSERT INTO data_import_row AS r (program, import, line, outcome, what, note, faults)
SELECT %s, %s, line, outcome, what, note::jsonb, faults::jsonb
FROM unnest(%b::bigint[], %b::text[], %b::uuid[], %b::text[], %b::text[]) AS t (line, outcome, what, note, faults)
ORDER BY line
ON CONFLICT (program, import, line) DO UPDATE
    SET outcome = excluded.outcome, what = excluded.what, note = excluded.note, faults = excluded.faults
    WHERE r.outcome = 'begun';

-- name: begin_rows
-- What is about to be recorded, so that a step that was stopped knows its own.
INSERT INTO data_import_row (program, import, line, outcome)
SELECT %s, %s, line, 'begun' FROM unnest(%b::bigint[]) AS t (line) ORDER BY line
ON CONFLICT DO NOTHING;

-- name: rows_of_lines
SELECT line, outcome FROM data_import_row WHERE program = %s AND import = %s AND line = ANY(%s::bigint[]);

-- name: drop_begun
DELETE FROM data_import_row
WHERE program = %s AND import = %s AND line = ANY(%s::bigint[]) AND outcome = 'begun';

-- name: rows_to_undo
SELECT line, outcome, what, note::text, faults::text, undo FROM data_import_row
WHERE program = %s AND import = %s AND line < %s AND outcome IN ('made', 'changed') AND undo = ''
ORDER BY line DESC LIMIT %s;

-- name: rows_to_report
SELECT line, outcome, what, note::text, faults::text, undo FROM data_import_row
WHERE program = %s AND import = %s AND line > %s AND (outcome = 'faulty' OR undo NOT IN ('', 'undone'))
ORDER BY line LIMIT %s;

-- name: note_undone
UPDATE data_import_row AS r SET undo = t.undo
FROM unnest(%s::bigint[], %s::text[]) AS t (line, undo)
WHERE r.program = %s AND r.import = %s AND r.line = t.line AND r.undo = '';

-- name: count_undone
UPDATE data_import SET undone = undone + %s, kept = kept + %s
WHERE program = %s AND id = %s AND status = 'undoing'
RETURNING id;

-- name: claim_balances
INSERT INTO data_claim (program, digest, import, line)
SELECT %s, digest, %s, line FROM unnest(%s::bytea[], %s::bigint[]) AS t (digest, line) ORDER BY digest
ON CONFLICT DO NOTHING
RETURNING digest;

-- name: claimed_balances
SELECT c.digest FROM unnest(%s::bytea[]) AS t (digest)
JOIN data_claim AS c ON c.program = %s AND c.digest = t.digest;

-- name: release_balances
DELETE FROM data_claim AS c USING unnest(%s::bigint[]) AS t (line)
WHERE c.program = %s AND c.import = %s AND c.line = t.line;

-- name: save_mapping
INSERT INTO data_mapping (program, kind, name, document, saved_at, saved_by) VALUES (%s, %s, %s, %s::jsonb, %s, %s)
ON CONFLICT (program, kind, name) DO UPDATE
    SET document = excluded.document, saved_at = excluded.saved_at, saved_by = excluded.saved_by;

-- name: mappings
SELECT kind, name, document::text, saved_at, saved_by FROM data_mapping WHERE program = %s ORDER BY kind, name LIMIT 500;

-- name: find_mapping
SELECT kind, name, document::text, saved_at, saved_by FROM data_mapping WHERE program = %s AND kind = %s AND name = %s;

-- name: enter_export
INSERT INTO data_export (program, id, kind, format, filter, personal, status, job, created_at, created_by)
VALUES (%s, %s, %s, %s, %s::jsonb, %s, 'waiting', %s, %s, %s);

-- name: find_export
SELECT id, kind, format, filter::text, personal, status, why, rows, bytes, digest, job, created_at, created_by,
    finished_at, forgotten_at
FROM data_export WHERE program = %s AND id = %s;

-- name: exports
SELECT id, kind, format, filter::text, personal, status, why, rows, bytes, digest, job, created_at, created_by,
    finished_at, forgotten_at
FROM data_export WHERE program = %s AND id < %s ORDER BY id DESC LIMIT %s;

-- name: lease_export
UPDATE data_export SET leased_by = %(who)s, leased_until = %(until)s, status = 'running'
WHERE program = %(program)s AND id = %(export)s AND status IN ('waiting', 'running')
    AND (leased_by IS NULL OR leased_by = %(who)s OR leased_until < %(now)s)
RETURNING id;

-- name: advance_export
UPDATE data_export SET rows = %s, bytes = %s
WHERE program = %s AND id = %s AND status = 'running' AND leased_by = %s
RETURNING id;

-- name: finish_export
UPDATE data_export SET status = %s, why = %s, digest = %s, finished_at = %s, leased_by = NULL, leased_until = NULL
WHERE program = %s AND id = %s AND status IN ('waiting', 'running') AND leased_by = %s
RETURNING id;

-- name: old_exports
SELECT id FROM data_export
WHERE program = %s AND forgotten_at IS NULL AND status IN ('done', 'failed') AND finished_at < %s ORDER BY id LIMIT %s;

-- name: forget_export
UPDATE data_export SET forgotten_at = %s WHERE program = %s AND id = %s AND forgotten_at IS NULL;
