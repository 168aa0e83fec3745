-- name: create
INSERT INTO survey (program, code, revision, created_at) VALUES (%s, %s, 1, %s);

-- name: revise
UPDATE survey SET revision = revision + 1 WHERE program = %s AND code = %s RETURNING revision;

-- name: freeze
INSERT INTO survey_revision (program, survey, revision, document, published_at, published_by)
VALUES (%s, %s, %s, %s::jsonb, %s, %s);

-- name: stop
UPDATE survey SET stopped_at = %s WHERE program = %s AND code = %s RETURNING 1;

-- name: find
SELECT s.code, s.revision, v.document::text, s.stopped_at, s.created_at
FROM survey s
JOIN survey_revision v ON (v.program, v.survey, v.revision) = (s.program, s.code, s.revision)
WHERE s.program = %s AND s.code = %s;

-- name: every
SELECT s.code, s.revision, v.document::text, s.stopped_at, s.created_at
FROM survey s
JOIN survey_revision v ON (v.program, v.survey, v.revision) = (s.program, s.code, s.revision)
WHERE s.program = %s
ORDER BY s.created_at DESC, s.code
LIMIT %s;

-- name: take_part
-- The guard: once for each occasion. No row comes back where she has answered.
INSERT INTO survey_part (program, home, member, survey, occasion, revision, score, id, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: parts
SELECT survey, occasion, revision, score, id, at FROM survey_part
WHERE program = %(program)s AND member = ANY (%(members)s::uuid[]) AND home = ANY (%(homes)s::smallint[])
ORDER BY at DESC
LIMIT %(limit)s;

-- name: reply
INSERT INTO survey_reply (program, home, id, survey, revision, member, choices, generation, wrapped_key, sealed, day)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s);

-- name: counts
SELECT q.key, a.value, count(*)
FROM survey_reply r
CROSS JOIN LATERAL jsonb_each(r.choices) AS q (key, value)
CROSS JOIN LATERAL jsonb_array_elements_text(q.value) AS a (value)
WHERE r.program = %s AND r.survey = %s
GROUP BY q.key, a.value;

-- name: replies
-- Of surveys: how many have answered.
SELECT n.survey, (SELECT count(*) FROM survey_reply AS r WHERE r.program = g.program AND r.survey = n.survey)
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%b::text[]) AS n (survey);

-- name: written
-- Of the latest answers of a survey those with something written.
SELECT r.id, r.day, r.choices::text, r.generation, r.wrapped_key, r.sealed
FROM (
    SELECT r.* FROM survey_reply r
    WHERE r.program = %s AND r.survey = %s
    ORDER BY r.id DESC
    LIMIT %s
) r
WHERE r.sealed IS NOT NULL
ORDER BY r.id DESC;

-- name: every_reply
SELECT id, day, choices::text, generation, wrapped_key, sealed FROM survey_reply
WHERE program = %s AND survey = %s
ORDER BY day, id
LIMIT %s;

-- name: of_members
SELECT survey, id, day, choices::text, generation, wrapped_key, sealed FROM survey_reply
WHERE program = %s AND member = ANY (%s::uuid[])
ORDER BY day DESC, id
LIMIT %s;

-- name: forget
UPDATE survey_reply SET member = NULL, generation = NULL, wrapped_key = NULL, sealed = NULL
WHERE program = %s AND member = %s;

-- name: texts_by_generation
SELECT generation, count(*) FROM survey_reply WHERE program = %s AND sealed IS NOT NULL GROUP BY generation;

-- name: sealed_replies
SELECT home, id AS member, id, generation, wrapped_key FROM survey_reply
WHERE program = %(program)s AND (home, id) > (%(home)s, %(id)s) AND sealed IS NOT NULL
ORDER BY home, id
LIMIT %(limit)s;

-- name: rewrap_replies
UPDATE survey_reply AS p SET generation = r.generation, wrapped_key = r.wrapped_key
FROM unnest(%(homes)s::smallint[], %(ids)s::uuid[], %(generations)s::integer[], %(keys)s::bytea[], %(before)s::bytea[])
    AS r (home, id, generation, wrapped_key, before)
WHERE p.program = %(program)s AND p.home = r.home AND p.id = r.id AND p.wrapped_key = r.before;
