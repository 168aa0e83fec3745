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
INSERT INTO survey_reply (program, home, id, survey, revision, member, choices, texts, day)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s);

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
-- The latest texts of a survey.
SELECT q.key, q.value, r.day
FROM (
    SELECT r.id, r.texts, r.day FROM survey_reply r
    WHERE r.program = %s AND r.survey = %s
    ORDER BY r.id DESC
    LIMIT %s
) r
CROSS JOIN LATERAL jsonb_each_text(r.texts) AS q (key, value)
ORDER BY r.id DESC, q.key;

-- name: every_reply
SELECT day, choices::text, texts::text FROM survey_reply
WHERE program = %s AND survey = %s
ORDER BY day, id
LIMIT %s;

-- name: of_members
SELECT survey, choices::text, texts::text, day FROM survey_reply
WHERE program = %s AND member = ANY (%s::uuid[])
ORDER BY day DESC, id
LIMIT %s;

-- name: forget
UPDATE survey_reply SET member = NULL, texts = '{}'::jsonb WHERE program = %s AND member = %s;
