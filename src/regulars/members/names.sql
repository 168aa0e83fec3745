-- name: put_names
INSERT INTO member_name (program, home, member, digest)
SELECT i.program, home, member, digest
FROM (SELECT %s::uuid AS program) AS i, unnest(%s::smallint[], %s::uuid[], %s::bytea[]) AS t (home, member, digest)
ON CONFLICT DO NOTHING;

-- name: forget_names
DELETE FROM member_name WHERE program = %s AND home = %s AND member = %s;

-- name: drop_names
-- Those that her name no longer has.
DELETE FROM member_name WHERE program = %s AND home = %s AND member = %s AND digest <> ALL(%s::bytea[]);

-- name: named
-- Members who have all of these digests, by id, from the one after a place. The first digest is walked, the others are
-- looked up.
SELECT n.member
FROM (SELECT %(program)s::uuid AS program, %(first)s::bytea AS digest, %(after)s::uuid AS after) AS g
JOIN member_name AS n ON n.digest = g.digest AND n.member > g.after AND n.program = g.program
JOIN member AS m ON m.program = n.program AND m.home = n.home AND m.id = n.member
WHERE m.merged_into IS NULL AND m.erased_at IS NULL
    AND NOT EXISTS (
        SELECT FROM unnest(%(others)s::bytea[]) AS o (digest)
        WHERE NOT EXISTS (
            SELECT FROM member_name AS x
            WHERE x.program = n.program AND x.home = n.home AND x.member = n.member AND x.digest = o.digest
            OFFSET 0)
        OFFSET 0)
ORDER BY n.member
LIMIT %(limit)s;

-- name: known_names
SELECT t.digest
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%s::bytea[]) AS t (digest)
WHERE EXISTS (SELECT FROM member_name AS n WHERE n.digest = t.digest AND n.program = g.program OFFSET 0);

-- name: persons_after
-- A page of the persons, by their key. Locked: whoever changes her name meanwhile waits, and then drops the old one.
SELECT home, member, generation, wrapped_key, sealed FROM person
WHERE program = %s AND (home, member) > (%s, %s)
ORDER BY home, member
LIMIT %s
FOR SHARE;
