-- name: insert_account
INSERT INTO shared_account (program, home, id, kind, generation, wrapped_key, sealed, opened_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s);

-- name: read_account
SELECT id, kind, generation, wrapped_key, sealed, opened_at, closed_at
FROM shared_account
WHERE program = %s AND home = %s AND id = %s;

-- name: accounts
SELECT a.id, a.kind, a.generation, a.wrapped_key, a.sealed, a.opened_at, a.closed_at,
    (SELECT count(*) FROM member AS m WHERE m.program = a.program AND m.pool = a.id AND m.own_pool IS NOT NULL)
FROM shared_account AS a
WHERE a.program = %(program)s AND (a.home, a.id) > (%(home)s, %(after)s)
    AND (%(kind)s::text IS NULL OR a.kind = %(kind)s::text)
    AND (%(closed)s::boolean IS NULL OR (a.closed_at IS NOT NULL) = %(closed)s::boolean)
ORDER BY a.home, a.id
LIMIT %(limit)s;

-- name: change_account
UPDATE shared_account SET generation = %s, wrapped_key = %s, sealed = %s
WHERE program = %s AND home = %s AND id = %s;

-- name: left_empty
SELECT DISTINCT a.id
FROM account_member AS j
JOIN shared_account AS a ON a.program = j.program AND a.home = j.home AND a.id = j.account
WHERE j.program = %s AND j.member = ANY(%s::uuid[]) AND a.kind = 'household' AND a.sealed IS NOT NULL
    AND NOT EXISTS (SELECT FROM member AS m WHERE m.program = a.program AND m.pool = a.id AND m.own_pool IS NOT NULL)
ORDER BY a.id;

-- name: forget_names
UPDATE shared_account AS a SET generation = NULL, wrapped_key = NULL, sealed = NULL
FROM (SELECT %s::uuid AS program) AS g, unnest(%s::smallint[], %s::uuid[]) AS t (home, id)
WHERE a.program = g.program AND a.home = t.home AND a.id = t.id AND a.kind = 'household'
    AND NOT EXISTS (SELECT FROM member AS m WHERE m.program = a.program AND m.pool = a.id AND m.own_pool IS NOT NULL);

-- name: close_account
-- When it was closed: for good, the first time.
UPDATE shared_account SET closed_at = coalesce(closed_at, %s)
WHERE program = %s AND home = %s AND id = %s
RETURNING closed_at;

-- name: leave_all
UPDATE member SET pool = own_pool, own_pool = NULL, role = NULL, spend_limit = NULL
WHERE program = %s AND pool = %s AND own_pool IS NOT NULL;

-- name: note_all_leaving
UPDATE account_member SET left_at = %s WHERE program = %s AND home = %s AND account = %s AND left_at IS NULL;

-- name: join_account
-- Her own pool waits for her. Whoever is in an account already, was erased or merged, does not join; nor does anybody
-- join an account that was closed.
UPDATE member SET own_pool = pool, pool = %s, role = %s, spend_limit = %s
WHERE program = %s AND home = %s AND id = %s
    AND own_pool IS NULL AND erased_at IS NULL AND merged_into IS NULL AND pool = ANY(%s)
    AND EXISTS (SELECT FROM shared_account AS a
        WHERE a.program = %s AND a.home = %s AND a.id = %s AND a.closed_at IS NULL)
RETURNING own_pool;

-- name: leave_account
UPDATE member SET pool = own_pool, own_pool = NULL, role = NULL, spend_limit = NULL
WHERE program = %s AND home = %s AND id = %s AND pool = %s AND own_pool IS NOT NULL
RETURNING pool;

-- name: change_role
UPDATE member SET role = %s, spend_limit = %s
WHERE program = %s AND home = %s AND id = %s AND pool = %s AND own_pool IS NOT NULL
RETURNING 1;

-- name: other_owners
SELECT count(*) FROM member
WHERE program = %s AND pool = %s AND own_pool IS NOT NULL AND role = 'owner' AND id <> %s;

-- name: members_of_account
SELECT m.id, m.role, m.spend_limit, j.joined_at, p.generation, p.wrapped_key, p.sealed
FROM member AS m
JOIN account_member AS j ON j.program = m.program AND j.home = %s AND j.account = m.pool AND j.member = m.id
LEFT JOIN person AS p ON p.program = m.program AND p.home = m.home AND p.member = m.id
WHERE m.program = %s AND m.pool = %s AND m.own_pool IS NOT NULL AND m.id > %s
ORDER BY m.id
LIMIT %s;

-- name: note_joining
INSERT INTO account_member (program, home, account, member, joined_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (program, home, account, member) DO UPDATE SET joined_at = excluded.joined_at, left_at = NULL;

-- name: note_leaving
UPDATE account_member SET left_at = %s WHERE program = %s AND home = %s AND account = %s AND member = %s;

-- name: insert_invitation
INSERT INTO invitation (program, digest, home, account, role, spend_limit, invited_at, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s);

-- name: find_invitation
SELECT account FROM invitation WHERE program = %s AND digest = %s AND accepted_at IS NULL AND expires_at > %s;

-- name: open_invitations
SELECT role, spend_limit, invited_at, expires_at FROM invitation
WHERE program = %s AND account = %s AND accepted_at IS NULL AND expires_at > %s
ORDER BY expires_at, digest
LIMIT 200;

-- name: accept_invitation
UPDATE invitation SET accepted_at = %s, accepted_by = %s
WHERE program = %s AND digest = %s AND accepted_at IS NULL AND expires_at > %s
RETURNING account, role, spend_limit;

-- name: sealed_accounts
SELECT home, id AS member, id, generation, wrapped_key FROM shared_account
WHERE program = %(program)s AND (home, id) > (%(home)s, %(id)s) AND sealed IS NOT NULL
ORDER BY home, id
LIMIT %(limit)s;

-- name: rewrap_accounts
UPDATE shared_account AS p SET generation = r.generation, wrapped_key = r.wrapped_key
FROM unnest(%(homes)s::smallint[], %(ids)s::uuid[], %(generations)s::integer[], %(keys)s::bytea[], %(before)s::bytea[])
    AS r (home, id, generation, wrapped_key, before)
WHERE p.program = %(program)s AND p.home = r.home AND p.id = r.id AND p.wrapped_key = r.before;
