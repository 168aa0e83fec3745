-- name: next_entry
INSERT INTO audit_head AS h (program, seq) VALUES (%s::uuid, 1)
ON CONFLICT (program) DO UPDATE SET seq = h.seq + 1
RETURNING seq;

-- name: add_entry
INSERT INTO audit (program, seq, at, actor, action, subject, before, after, why, digest)
SELECT e.program, e.seq, e.at, e.actor, e.action, e.subject, e.before, e.after, e.why,
       sha256(coalesce(last.digest, decode(repeat('00', 32), 'hex')) || convert_to(jsonb_build_array(
           e.program, e.seq, extract(epoch FROM e.at), e.actor, e.action, e.subject, e.before, e.after, e.why)::text, 'UTF8'))
FROM (SELECT %(program)s::uuid AS program, %(seq)s::bigint AS seq, %(at)s::timestamptz AS at, who.actor - 'why' AS actor,
             %(action)s::text AS action, %(subject)s::text AS subject, %(before)s::jsonb AS before,
             %(after)s::jsonb AS after, coalesce(nullif(%(why)s::text, ''), who.actor ->> 'why', '') AS why
      FROM (SELECT coalesce(%(actor)s::jsonb, nullif(current_setting('regulars.actor', true), '')::jsonb,
                            '{"kind": "job"}') AS actor) AS who) AS e
LEFT JOIN audit last ON last.program = e.program AND last.seq = e.seq - 1;

-- name: told_since
SELECT 1 FROM audit WHERE subject = %s::text AND action = %s::text AND at >= %s::timestamptz
ORDER BY seq DESC LIMIT 1;

-- name: first_kind
SELECT actor ->> 'kind' FROM audit WHERE program = %s::uuid AND subject = %s::text AND action = %s::text
ORDER BY seq LIMIT 1;

-- name: broken_links
SELECT a.seq
FROM audit a
LEFT JOIN audit last ON last.program = a.program AND last.seq = a.seq - 1
WHERE a.program = %s::uuid
  AND (a.digest <> sha256(coalesce(last.digest, decode(repeat('00', 32), 'hex')) || convert_to(jsonb_build_array(
           a.program, a.seq, extract(epoch FROM a.at), a.actor, a.action, a.subject, a.before, a.after, a.why)::text, 'UTF8'))
       OR (last.seq IS NULL AND a.seq > 1))
ORDER BY a.seq LIMIT 100;

-- name: broken_among
-- Of these entries those that are not there, or do not follow from the one before.
SELECT asked.seq
FROM unnest(%(asked)s::bigint[]) AS asked (seq)
LEFT JOIN audit a ON a.program = %(program)s AND a.seq = asked.seq
LEFT JOIN audit last ON last.program = a.program AND last.seq = a.seq - 1
WHERE a.seq IS NULL
   OR a.digest <> sha256(coalesce(last.digest, decode(repeat('00', 32), 'hex')) || convert_to(jsonb_build_array(
           a.program, a.seq, extract(epoch FROM a.at), a.actor, a.action, a.subject, a.before, a.after, a.why)::text, 'UTF8'))
   OR (last.seq IS NULL AND a.seq > 1)
ORDER BY asked.seq;

-- name: witness
INSERT INTO trail_witness (program, id, seq, digest, witnessed_at)
SELECT h.program, %(id)s::uuid, h.seq, a.digest, %(at)s::timestamptz
FROM audit_head h JOIN audit a ON a.program = h.program AND a.seq = h.seq
WHERE h.program = %(program)s::uuid
ON CONFLICT (program, seq) DO NOTHING
RETURNING seq;

-- name: contradicted
-- Entries that were witnessed, all or of those asked for, and are gone or are not what they were.
SELECT w.seq
FROM trail_witness w
LEFT JOIN audit a ON a.program = w.program AND a.seq = w.seq
WHERE w.program = %(program)s::uuid AND (%(asked)s::bigint[] IS NULL OR w.seq = ANY(%(asked)s::bigint[]))
  AND a.digest IS DISTINCT FROM w.digest
ORDER BY w.seq LIMIT 100;

-- name: head
SELECT coalesce(h.seq, 0), a.digest, coalesce(w.seq, 0), w.witnessed_at
FROM (SELECT %s::uuid AS program) AS p
LEFT JOIN audit_head h ON h.program = p.program
LEFT JOIN audit a ON a.program = h.program AND a.seq = h.seq
LEFT JOIN LATERAL (
    SELECT seq, witnessed_at FROM trail_witness WHERE program = p.program ORDER BY seq DESC LIMIT 1
) AS w ON true;
