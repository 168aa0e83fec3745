-- name: mark_master_keys
-- Another process may have entered one just now: its mark is answered, to be compared. A mark under which nothing is
-- sealed gives way (`replaced`).
INSERT INTO master_key AS k (generation, mark)
SELECT generation, mark FROM unnest(%(generations)s::integer[], %(marks)s::bytea[]) AS n (generation, mark)
ORDER BY generation
ON CONFLICT (generation) DO UPDATE
    SET mark = CASE WHEN k.generation = ANY(%(replaced)s::integer[]) THEN excluded.mark ELSE k.mark END
RETURNING generation, mark;

-- name: master_keys
SELECT generation, mark, retired_at FROM master_key ORDER BY generation;

-- name: retire_master_key
UPDATE master_key SET retired_at = %s WHERE generation = %s AND retired_at IS NULL RETURNING 1;

-- name: sealed_persons
-- A page of the persons, by their key.
SELECT home, member, member AS id, generation, wrapped_key FROM person
WHERE program = %(program)s AND (home, member) > (%(home)s, %(member)s)
ORDER BY home, member
LIMIT %(limit)s;

-- name: rewrap_persons
-- A person who was changed in the meantime has a new key already.
UPDATE person AS p SET generation = r.generation, wrapped_key = r.wrapped_key
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[], %(generations)s::integer[], %(keys)s::bytea[], %(before)s::bytea[])
    AS r (home, member, generation, wrapped_key, before)
WHERE p.program = %(program)s AND p.home = r.home AND p.member = r.member AND p.wrapped_key = r.before;

-- name: sealed_foreign_cards
SELECT home, member, id, generation, wrapped_key FROM foreign_card
WHERE program = %(program)s AND (home, member, id) > (%(home)s, %(member)s, %(id)s)
ORDER BY home, member, id
LIMIT %(limit)s;

-- name: rewrap_foreign_cards
UPDATE foreign_card AS p SET generation = r.generation, wrapped_key = r.wrapped_key
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[], %(ids)s::uuid[], %(generations)s::integer[], %(keys)s::bytea[], %(before)s::bytea[])
    AS r (home, member, id, generation, wrapped_key, before)
WHERE p.program = %(program)s AND p.home = r.home AND p.member = r.member AND p.id = r.id AND p.wrapped_key = r.before;

-- name: sealed_by_generation
-- Registrations that wait for their confirmation are sealed too; they are gone within days and are not wrapped anew.
SELECT generation, sum(persons)::bigint, count(*)
FROM (
    SELECT generation, 1 AS persons FROM person WHERE program = %(program)s
    UNION ALL
    SELECT generation, 0 FROM foreign_card WHERE program = %(program)s
    UNION ALL
    SELECT generation, 0 FROM member_note WHERE program = %(program)s
    UNION ALL
    SELECT generation, 0 FROM shared_account WHERE program = %(program)s AND sealed IS NOT NULL
    UNION ALL
    SELECT generation, 0 FROM registration WHERE program = %(program)s AND sealed IS NOT NULL
) AS s
GROUP BY generation;
