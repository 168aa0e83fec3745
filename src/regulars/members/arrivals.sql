-- name: welcome
-- Those that are new, in one order everywhere.
INSERT INTO welcome (program, kind, digest, home, welcomed_at)
SELECT %s, kind, digest, home, at
FROM (SELECT %s::timestamptz AS at) AS i,
    unnest(%s::text[], %s::bytea[], %s::smallint[]) AS w (kind, digest, home)
ORDER BY kind, digest
ON CONFLICT DO NOTHING
RETURNING kind, digest;

-- name: import_rows
INSERT INTO imported_row (program, digest, home, member, imported_at)
SELECT %s, digest, home, member, at
FROM (SELECT %s::timestamptz AS at) AS i,
    unnest(%s::bytea[], %s::smallint[], %s::uuid[]) AS r (digest, home, member)
ORDER BY digest
ON CONFLICT DO NOTHING
RETURNING digest;

-- name: imported_rows
SELECT r.digest, r.member
FROM unnest(%s::bytea[]) AS asked (digest)
JOIN imported_row AS r ON r.program = %s AND r.digest = asked.digest;

-- name: release_rows
DELETE FROM imported_row AS r USING unnest(%s::bytea[]) AS t (digest) WHERE r.program = %s AND r.digest = t.digest;

-- name: release_numbers
DELETE FROM card_number AS n USING unnest(%s::text[], %s::uuid[]) AS t (number, card)
WHERE n.program = %s AND n.number = t.number AND n.card = t.card;

-- name: enter_questionnaire
-- The next version, unless another was entered just now.
INSERT INTO questionnaire (program, version, document, created_at, created_by)
SELECT %(program)s, coalesce(max(version), 0) + 1, %(document)s::jsonb, %(at)s, %(by)s
FROM questionnaire WHERE program = %(program)s
ON CONFLICT DO NOTHING
RETURNING version;

-- name: questionnaire
SELECT version, document::text, created_at FROM questionnaire
WHERE program = %s
ORDER BY version DESC
LIMIT 1;

-- name: claim_given_numbers
INSERT INTO card_number (program, number, home, card)
SELECT %s, number, home, card
FROM unnest(%s::text[], %s::smallint[], %s::uuid[]) AS n (number, home, card)
ORDER BY number
ON CONFLICT DO NOTHING
RETURNING number;

-- name: people
SELECT p.member, p.generation, p.wrapped_key, p.sealed
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, member)
CROSS JOIN LATERAL (
    SELECT * FROM person WHERE program = %s AND home = asked.home AND member = asked.member OFFSET 0
) AS p;
