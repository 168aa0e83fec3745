-- name: add
-- The flow holds the member's row, so that two at once do not both find room for the last one.
INSERT INTO foreign_card (program, home, member, id, generation, wrapped_key, sealed, added_at)
SELECT %(program)s, %(home)s, %(member)s, %(id)s, %(generation)s, %(wrapped)s, %(sealed)s, %(at)s
WHERE (
    SELECT count(*) FROM foreign_card WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
) < %(most)s
RETURNING id;

-- name: all_of
SELECT id, generation, wrapped_key, sealed, added_at FROM foreign_card
WHERE program = %s AND home = %s AND member = %s
ORDER BY id;

-- name: one
SELECT id, generation, wrapped_key, sealed, added_at FROM foreign_card
WHERE program = %s AND home = %s AND member = %s AND id = %s;

-- name: remove
DELETE FROM foreign_card WHERE program = %s AND home = %s AND member = %s AND id = %s RETURNING id;

-- name: forget
DELETE FROM foreign_card WHERE program = %s AND home = %s AND member = %s;
