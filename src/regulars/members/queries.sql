-- name: resolve
-- Who the customers of a batch are: one row per position that leads to an account. `home` of an id stands in its last
-- ten bits. Steps are materialised so that every join compares plain columns: under row-level security an index is
-- not used with a function of another table's column.
WITH asked AS MATERIALIZED (
    SELECT position, kind, number, digest, home, id
    FROM unnest(%(positions)s::integer[], %(kinds)s::text[], %(numbers)s::text[], %(digests)s::bytea[], %(homes)s::smallint[], %(ids)s::uuid[])
        AS a (position, kind, number, digest, home, id)
), found AS MATERIALIZED (
    SELECT a.position, c.home, c.member, c.pool, c.id AS card, c.status AS card_status
    FROM asked AS a
    JOIN card_number AS n ON n.program = %(program)s AND n.number = a.number
    JOIN card AS c ON c.program = n.program AND c.home = n.home AND c.id = n.card
    WHERE a.kind = 'card'
    UNION ALL
    SELECT a.position, i.home, i.member, NULL, NULL, NULL
    FROM asked AS a
    JOIN identifier AS i ON i.program = %(program)s AND i.kind = a.kind AND i.digest = a.digest
    UNION ALL
    SELECT a.position, a.home, a.id, NULL, NULL, NULL
    FROM asked AS a
    WHERE a.kind = 'member'
), named AS MATERIALIZED (
    SELECT f.position, f.home, m.id AS member, coalesce(m.pool, f.pool) AS pool, f.card, f.card_status,
        m.language, m.enrolled_at, m.erased_at, m.merged_into, m.role, m.spend_limit, m.unproved, m.spending_locked_until,
        ((get_byte(uuid_send(m.merged_into), 14) & 3) * 256
            + get_byte(uuid_send(m.merged_into), 15))::smallint AS merged_home
    FROM found AS f
    LEFT JOIN member AS m ON m.program = %(program)s AND m.home = f.home AND m.id = f.member
), followed AS MATERIALIZED (
    SELECT n.position, coalesce(o.home, n.home) AS home, coalesce(o.id, n.member) AS member,
        coalesce(o.pool, n.pool) AS pool, n.card, n.card_status, coalesce(o.language, n.language) AS language,
        coalesce(o.enrolled_at, n.enrolled_at) AS enrolled_at,
        CASE WHEN o.id IS NULL THEN n.erased_at ELSE o.erased_at END AS erased_at,
        CASE WHEN o.id IS NULL THEN n.role ELSE o.role END AS role,
        CASE WHEN o.id IS NULL THEN n.spend_limit ELSE o.spend_limit END AS spend_limit,
        CASE WHEN o.id IS NULL THEN n.unproved ELSE o.unproved END AS unproved,
        CASE WHEN o.id IS NULL THEN n.spending_locked_until ELSE o.spending_locked_until END AS spending_locked_until
    FROM named AS n
    LEFT JOIN member AS o ON o.program = %(program)s AND o.home = n.merged_home AND o.id = n.merged_into
)
SELECT f.position, f.pool, f.home, f.member, f.card, f.card_status, coalesce(f.language, '') AS language, f.enrolled_at,
    f.erased_at IS NOT NULL AS erased, p.generation, p.wrapped_key, p.sealed, f.role, f.spend_limit,
    coalesce(f.unproved, false) AS unproved, f.spending_locked_until
FROM followed AS f
LEFT JOIN person AS p ON p.program = %(program)s AND p.home = f.home AND p.member = f.member
WHERE f.pool IS NOT NULL;

-- name: claim_identifiers
-- In one order everywhere, so that two enrolments that want the same two cannot wait for one another.
INSERT INTO identifier (program, kind, digest, home, member)
SELECT %(program)s, kind, digest, home, member
FROM unnest(%(kinds)s::text[], %(digests)s::bytea[], %(homes)s::smallint[], %(members)s::uuid[]) AS i (kind, digest, home, member)
ORDER BY kind, digest
ON CONFLICT DO NOTHING
RETURNING kind, digest;

-- name: holders_of_identifiers
SELECT i.kind, i.digest, i.member
FROM unnest(%(kinds)s::text[], %(digests)s::bytea[]) AS a (kind, digest)
JOIN identifier AS i ON i.program = %(program)s AND i.kind = a.kind AND i.digest = a.digest;

-- name: delete_identifiers
DELETE FROM identifier AS i
USING unnest(%(kinds)s::text[], %(digests)s::bytea[]) AS a (kind, digest)
WHERE i.program = %(program)s AND i.kind = a.kind AND i.digest = a.digest AND i.member = %(member)s;

-- name: insert_members
INSERT INTO member (program, home, id, pool, language, source, store, tag, enrolled_at, partner)
SELECT %(program)s, home, id, pool, language, source, store, tag, enrolled_at, partner
FROM unnest(%(homes)s::smallint[], %(ids)s::uuid[], %(pools)s::uuid[], %(languages)s::text[], %(sources)s::text[], %(stores)s::uuid[], %(tags)s::text[], %(enrolled)s::timestamptz[],
    %(partners)s::uuid[])
    AS m (home, id, pool, language, source, store, tag, enrolled_at, partner);

-- name: insert_persons
INSERT INTO person (program, home, member, generation, wrapped_key, sealed)
SELECT %(program)s, home, member, generation, wrapped_key, sealed
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[], %(generations)s::integer[], %(keys)s::bytea[], %(sealed)s::bytea[])
    AS p (home, member, generation, wrapped_key, sealed);

-- name: claim_numbers
INSERT INTO card_number (program, number, home, card)
SELECT %(program)s, number, home, card
FROM unnest(%(numbers)s::text[], %(homes)s::smallint[], %(cards)s::uuid[]) AS n (number, home, card)
ORDER BY number
ON CONFLICT DO NOTHING
RETURNING number;

-- name: insert_cards
INSERT INTO card (program, home, id, number, pool, member, status, issued_at)
SELECT %(program)s, home, id, number, pool, member, %(status)s, %(at)s
FROM unnest(%(homes)s::smallint[], %(ids)s::uuid[], %(numbers)s::text[], %(pools)s::uuid[], %(members)s::uuid[]) AS c (home, id, number, pool, member);

-- name: lock_member
SELECT 1 FROM member WHERE program = %s AND home = %s AND id = %s FOR NO KEY UPDATE;

-- name: read_member
SELECT m.id, m.home, m.pool, m.language, m.source, m.store, m.enrolled_at, m.erased_at, m.merged_into,
    m.own_pool, m.role, m.spend_limit, m.tag, m.partner, p.generation, p.wrapped_key, p.sealed
FROM member AS m
LEFT JOIN person AS p ON p.program = m.program AND p.home = m.home AND p.member = m.id
WHERE m.program = %s AND m.home = %s AND m.id = %s;

-- name: change_member
UPDATE member SET language = %s WHERE program = %s AND home = %s AND id = %s;

-- name: change_person
UPDATE person SET generation = %s, wrapped_key = %s, sealed = %s
WHERE program = %s AND home = %s AND member = %s;

-- name: erase_member
UPDATE member SET erased_at = %s WHERE program = %s AND home = %s AND id = %s AND erased_at IS NULL
RETURNING 1;

-- name: delete_person
DELETE FROM person WHERE program = %s AND home = %s AND member = %s;

-- name: close_cards
UPDATE card SET status = 'closed' WHERE program = %s AND home = %s AND member = %s AND status <> 'closed';

-- name: cards_of_member
-- Hers, and those of members who were merged into her.
SELECT id, number, pool, member, status, issued_at, replaced_by
FROM (
    SELECT id, number, pool, member, status, issued_at, replaced_by
    FROM card
    WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT c.id, c.number, c.pool, c.member, c.status, c.issued_at, c.replaced_by
    FROM member AS a
    JOIN card AS c ON c.program = a.program AND c.home = a.home AND c.member = a.id
    WHERE a.program = %(program)s AND a.merged_into = %(member)s
) AS c
WHERE id > %(after)s
ORDER BY id
LIMIT %(limit)s;

-- name: card_by_number
SELECT c.id, c.number, c.pool, c.member, c.status, c.issued_at, c.replaced_by
FROM card_number AS n
JOIN card AS c ON c.program = n.program AND c.home = n.home AND c.id = n.card
WHERE n.program = %s AND n.number = %s;

-- name: card_by_id
SELECT id, number, pool, member, status, issued_at, replaced_by FROM card WHERE program = %s AND home = %s AND id = %s;

-- name: change_card_status
UPDATE card SET status = %s
WHERE program = %s AND home = %s AND id = %s AND status = ANY(%s)
RETURNING id, number, pool, member, status, issued_at, replaced_by;

-- name: replace_card
UPDATE card SET status = 'replaced', replaced_by = %s
WHERE program = %s AND home = %s AND id = %s AND member = %s AND status IN ('issued', 'active', 'blocked')
RETURNING 1;

-- name: adopt_card
UPDATE card SET member = %s, status = 'active'
WHERE program = %s AND home = %s AND id = %s AND member IS NULL AND status IN ('issued', 'active')
RETURNING issued_at;

-- name: retire_unassigned_card
UPDATE card SET status = 'replaced', replaced_by = %s
WHERE program = %s AND home = %s AND id = %s AND member IS NULL AND status IN ('issued', 'active')
RETURNING 1;

-- name: repoint_number
UPDATE card_number SET home = %s, card = %s WHERE program = %s AND number = %s;

-- name: current_mark
SELECT since, tier FROM member_mark
WHERE program = %s AND home = %s AND member = %s AND kind = %s AND name = %s
    AND since <= %s AND (until IS NULL OR until > %s)
ORDER BY since DESC
LIMIT 1;

-- name: put_mark
-- A mark that was taken away and given again at one instant is one mark.
INSERT INTO member_mark (program, home, member, kind, name, since, tier, until)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (program, home, member, kind, name, since) DO UPDATE SET tier = excluded.tier, until = excluded.until,
    gained = NULL, detail = NULL, reviewed = false;

-- name: end_mark
UPDATE member_mark SET until = %s, reviewed = true
WHERE program = %s AND home = %s AND member = %s AND kind = %s AND name = %s
    AND since <= %s AND (until IS NULL OR until > %s);

-- name: held_club
-- `detail`, of a club: paid memberships give the mark, or make it longer than `own_until`, to which it is hers anyway.
SELECT since, until, detail IS NOT NULL, (detail ->> 'own_until')::timestamptz FROM member_mark
WHERE program = %s AND home = %s AND member = %s AND kind = 'club' AND name = %s
    AND since <= %s AND (until IS NULL OR until > %s)
ORDER BY since DESC
LIMIT 1;

-- name: hold_club
INSERT INTO member_mark (program, home, member, kind, name, since, until, detail)
VALUES (%s, %s, %s, 'club', %s, %s, %s, %s::jsonb)
ON CONFLICT (program, home, member, kind, name, since) DO UPDATE SET until = excluded.until, detail = excluded.detail;

-- name: marks_of
SELECT kind, name, tier, since, until FROM member_mark
WHERE program = %s AND home = %s AND member = %s AND since <= %s AND (until IS NULL OR until > %s)
ORDER BY kind, name;

-- name: forget_marks
DELETE FROM member_mark WHERE program = %s AND home = %s AND member = %s;

-- name: activate_offers
-- In one order everywhere; whoever activated an offer before keeps the first instant.
INSERT INTO offer_activation (program, home, member, promotion, activated_at)
SELECT %s, home, member, promotion, at
FROM (SELECT %s::timestamptz AS at) AS i,
    unnest(%b::smallint[], %b::uuid[], %b::uuid[]) AS t (home, member, promotion)
ORDER BY home, member, promotion
ON CONFLICT DO NOTHING;

-- name: activations_of
SELECT promotion, activated_at FROM offer_activation WHERE program = %s AND home = %s AND member = %s;

-- name: insert_card_batch
INSERT INTO card_batch (program, id, wanted, created_at, created_by, job) VALUES (%s, %s, %s, %s, %s, %s);

-- name: find_card_batch
SELECT id, wanted, made, created_at, created_by, job FROM card_batch WHERE program = %s AND id = %s;

-- name: card_batches
SELECT id, wanted, made, created_at, created_by, job FROM card_batch
WHERE program = %s AND id > %s
ORDER BY id
LIMIT %s;

-- name: lock_card_batch
-- Whoever makes cards of a batch holds its row: another process begins where this one ends.
SELECT wanted, made FROM card_batch WHERE program = %s AND id = %s FOR NO KEY UPDATE;

-- name: advance_card_batch
UPDATE card_batch SET made = made + %s WHERE program = %s AND id = %s;

-- name: insert_batch_cards
INSERT INTO card (program, home, id, number, pool, status, issued_at, batch, serial)
SELECT %(program)s, home, id, number, pool, 'issued', %(at)s, %(batch)s, serial
FROM unnest(%(homes)s::smallint[], %(ids)s::uuid[], %(numbers)s::text[], %(pools)s::uuid[], %(serials)s::integer[])
    AS c (home, id, number, pool, serial);

-- name: cards_of_batch
SELECT serial, id, number, status, member
FROM card
WHERE program = %s AND batch = %s AND serial > %s
ORDER BY serial
LIMIT %s;

-- name: lock_card
SELECT id, number, pool, member, status, issued_at, replaced_by
FROM card
WHERE program = %s AND home = %s AND id = %s
FOR NO KEY UPDATE;

-- name: insert_card_copy
INSERT INTO card_copy (program, home, card, copy, made_at, made_by)
SELECT %(program)s, %(home)s, %(card)s, 1 + count(*), %(at)s, %(by)s
FROM card_copy
WHERE program = %(program)s AND home = %(home)s AND card = %(card)s
RETURNING copy;

-- name: aliases_of
-- Whoever was merged into a member, also by way of another, with what is still sealed of her.
WITH RECURSIVE alias AS (
    SELECT a.program, a.home, a.id FROM member AS a WHERE a.program = %(program)s AND a.merged_into = %(member)s
    UNION
    SELECT a.program, a.home, a.id FROM alias JOIN member AS a ON a.program = alias.program AND a.merged_into = alias.id
)
SELECT a.id, p.generation, p.wrapped_key, p.sealed
FROM alias AS a
LEFT JOIN person AS p ON p.program = a.program AND p.home = a.home AND p.member = a.id;

-- name: persons_of
SELECT t.member, p.generation, p.wrapped_key, p.sealed
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%s::smallint[], %s::uuid[]) AS t (home, member)
JOIN person AS p ON p.program = g.program AND p.home = t.home AND p.member = t.member;
