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
        m.language, m.enrolled_at, m.erased_at, m.merged_into,
        ((get_byte(uuid_send(m.merged_into), 14) & 3) * 256
            + get_byte(uuid_send(m.merged_into), 15))::smallint AS merged_home
    FROM found AS f
    LEFT JOIN member AS m ON m.program = %(program)s AND m.home = f.home AND m.id = f.member
), followed AS MATERIALIZED (
    SELECT n.position, coalesce(o.home, n.home) AS home, coalesce(o.id, n.member) AS member,
        coalesce(o.pool, n.pool) AS pool, n.card, n.card_status, coalesce(o.language, n.language) AS language,
        coalesce(o.enrolled_at, n.enrolled_at) AS enrolled_at,
        CASE WHEN o.id IS NULL THEN n.erased_at ELSE o.erased_at END AS erased_at
    FROM named AS n
    LEFT JOIN member AS o ON o.program = %(program)s AND o.home = n.merged_home AND o.id = n.merged_into
)
SELECT f.position, f.pool, f.home, f.member, f.card, f.card_status, coalesce(p.name, '') AS name,
    coalesce(f.language, '') AS language, f.enrolled_at, f.erased_at IS NOT NULL AS erased
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
INSERT INTO member (program, home, id, pool, language, source, store, attributes, enrolled_at)
SELECT %(program)s, home, id, pool, language, source, store, attributes::jsonb, enrolled_at
FROM unnest(%(homes)s::smallint[], %(ids)s::uuid[], %(pools)s::uuid[], %(languages)s::text[], %(sources)s::text[], %(stores)s::uuid[], %(attributes)s::text[], %(enrolled)s::timestamptz[])
    AS m (home, id, pool, language, source, store, attributes, enrolled_at);

-- name: insert_persons
INSERT INTO person (program, home, member, name, phone, email, external_id, birthday)
SELECT %(program)s, home, member, name, phone, email, external_id, birthday::date
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[], %(names)s::text[], %(phones)s::text[], %(emails)s::text[], %(external_ids)s::text[], %(birthdays)s::text[])
    AS p (home, member, name, phone, email, external_id, birthday);

-- name: insert_consents
INSERT INTO consent (program, home, member, id, channel, purpose, granted, source, recorded_at)
SELECT %(program)s, home, member, id, channel, purpose, granted, source, recorded_at
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[], %(ids)s::uuid[], %(channels)s::text[], %(purposes)s::text[], %(granted)s::boolean[], %(sources)s::text[], %(recorded)s::timestamptz[])
    AS c (home, member, id, channel, purpose, granted, source, recorded_at);

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
SELECT m.id, m.home, m.pool, m.language, m.source, m.store, m.attributes, m.enrolled_at, m.erased_at, m.merged_into,
    coalesce(p.name, ''), p.phone, p.email, p.external_id, p.birthday
FROM member AS m
LEFT JOIN person AS p ON p.program = m.program AND p.home = m.home AND p.member = m.id
WHERE m.program = %s AND m.home = %s AND m.id = %s;

-- name: change_member
UPDATE member SET language = %s, attributes = %s::jsonb WHERE program = %s AND home = %s AND id = %s;

-- name: change_person
UPDATE person SET name = %s, phone = %s, email = %s, external_id = %s, birthday = %s
WHERE program = %s AND home = %s AND member = %s;

-- name: erase_member
UPDATE member SET erased_at = %s, attributes = '{}' WHERE program = %s AND home = %s AND id = %s AND erased_at IS NULL
RETURNING 1;

-- name: delete_person
DELETE FROM person WHERE program = %s AND home = %s AND member = %s;

-- name: close_cards
UPDATE card SET status = 'closed' WHERE program = %s AND home = %s AND member = %s AND status <> 'closed';

-- name: cards_of_member
SELECT id, number, pool, member, status, issued_at, replaced_by
FROM card
WHERE program = %s AND home = %s AND member = %s AND id > %s
ORDER BY id
LIMIT %s;

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
ON CONFLICT (program, home, member, kind, name, since) DO UPDATE SET tier = excluded.tier, until = excluded.until;

-- name: end_mark
UPDATE member_mark SET until = %s
WHERE program = %s AND home = %s AND member = %s AND kind = %s AND name = %s
    AND since <= %s AND (until IS NULL OR until > %s);

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
