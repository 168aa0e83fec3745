-- name: write_note
INSERT INTO member_note (program, home, member, id, generation, wrapped_key, sealed, written_by, written_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: notes_of
-- Hers and of those who were merged into her, the newest first.
SELECT n.member, n.id, n.generation, n.wrapped_key, n.sealed, n.written_by, n.written_at
FROM (
    SELECT %(home)s::smallint AS home, %(member)s::uuid AS id
    UNION ALL
    SELECT home, id FROM member WHERE program = %(program)s AND merged_into = %(member)s
) AS m
JOIN member_note AS n ON n.program = %(program)s AND n.home = m.home AND n.member = m.id
ORDER BY n.id DESC
LIMIT %(limit)s;

-- name: remove_note
DELETE FROM member_note WHERE program = %s AND home = %s AND member = %s AND id = %s RETURNING 1;

-- name: forget_notes
DELETE FROM member_note WHERE program = %s AND home = %s AND member = %s;

-- name: sealed_notes
SELECT home, member, id, generation, wrapped_key FROM member_note
WHERE program = %(program)s AND (home, member, id) > (%(home)s, %(member)s, %(id)s)
ORDER BY home, member, id
LIMIT %(limit)s;

-- name: rewrap_notes
UPDATE member_note AS p SET generation = r.generation, wrapped_key = r.wrapped_key
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[], %(ids)s::uuid[], %(generations)s::integer[], %(keys)s::bytea[], %(before)s::bytea[])
    AS r (home, member, id, generation, wrapped_key, before)
WHERE p.program = %(program)s AND p.home = r.home AND p.member = r.member AND p.id = r.id AND p.wrapped_key = r.before;
