-- name: newest
SELECT DISTINCT ON (code) code, revision, document::text
FROM entitlement WHERE program = %s
ORDER BY code, revision DESC;

-- name: find
SELECT code, revision, document::text FROM entitlement
WHERE program = %s AND code = %s
ORDER BY revision DESC LIMIT 1;

-- name: add
INSERT INTO entitlement (program, code, revision, document, since, author)
SELECT i.program, i.code,
    coalesce((SELECT e.revision FROM entitlement e WHERE e.program = i.program AND e.code = i.code
        ORDER BY e.revision DESC LIMIT 1), 0) + 1,
    %s::jsonb, %s, %s
FROM (SELECT %s::uuid AS program, %s::text AS code) i
RETURNING revision;

-- name: grant
-- One cause gives once: no row comes back the second time.
INSERT INTO entitlement_grant (program, home, member, code, cause, id, uses, starts_at, ends_at, origin, granted_at,
    granted_by)
SELECT g.program, t.home, t.member, t.code, t.cause, t.id, t.uses, t.starts_at, t.ends_at, t.origin, g.granted_at, t.by
FROM (SELECT %(program)s::uuid AS program, %(at)s::timestamptz AS granted_at) g
CROSS JOIN unnest(%(homes)b::smallint[], %(members)b::uuid[], %(codes)b::text[], %(causes)b::text[], %(ids)b::uuid[],
    %(uses)b::integer[], %(starts)b::timestamptz[], %(ends)b::timestamptz[], %(origins)b::text[], %(by)b::text[])
    AS t (home, member, code, cause, id, uses, starts_at, ends_at, origin, by)
ON CONFLICT (program, home, member, code, cause) DO NOTHING
RETURNING id;

-- name: end_grants
-- Takes back what causes gave that nothing was used or is booked of; the members' pools must be locked.
UPDATE entitlement_grant g SET ended_at = %(at)s
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[], %(codes)s::text[], %(causes)s::text[]) AS t (home, member, code, cause)
WHERE (g.program, g.home, g.member, g.code, g.cause) = (%(program)s::uuid, t.home, t.member, t.code, t.cause)
    AND g.ended_at IS NULL
    AND NOT EXISTS (
        SELECT FROM entitlement_use u
        WHERE u.program = g.program AND u.member = g.member AND u.code = g.code AND u.counts AND u.granted ? g.id::text
    )
RETURNING g.id;

-- name: end_given
-- Takes back all that a cause, and those that begin with it, gave these members; visits of it stand, used and booked.
UPDATE entitlement_grant g SET ended_at = %(at)s
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[]) AS t (home, member)
WHERE (g.program, g.home, g.member) = (%(program)s::uuid, t.home, t.member) AND g.ended_at IS NULL
    AND (g.cause = %(cause)s OR starts_with(g.cause, %(cause)s || '/'));

-- name: taken_of
-- What visits that count took of the uses that a cause gave, and those that begin with it, and one of just that text.
SELECT coalesce(sum((u.granted ->> g.id::text)::integer), 0)::integer
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[]) AS t (home, member)
JOIN entitlement_grant g ON (g.program, g.home, g.member, g.code) = (%(program)s::uuid, t.home, t.member, %(code)s::text)
JOIN entitlement_use u ON u.program = g.program AND u.member = ANY (%(members)s::uuid[]) AND u.code = g.code
    AND u.counts AND u.granted ? g.id::text
WHERE g.cause IN (%(cause)s, %(also)s) OR starts_with(g.cause, %(cause)s || '/');

-- name: of_memberships
-- What these grants came with, those of memberships, and whether they have ended.
SELECT g.id, g.cause, g.ended_at IS NOT NULL
FROM entitlement_grant g
WHERE g.program = %s AND g.id = ANY (%b::uuid[]) AND g.origin = 'membership'
ORDER BY g.id;

-- name: grants
-- What these members (one, and who was merged into her) were given, the first first.
SELECT g.id, g.code, g.uses, g.starts_at, g.ends_at, g.origin
FROM (SELECT %s::uuid AS program, %s::text AS code) i
CROSS JOIN unnest(%b::smallint[], %b::uuid[]) AS t (home, member)
CROSS JOIN LATERAL (
    SELECT * FROM entitlement_grant g
    WHERE g.program = i.program AND g.home = t.home AND g.member = t.member AND g.ended_at IS NULL
        AND (i.code IS NULL OR g.code = i.code)
    OFFSET 0
) g
ORDER BY g.id;

-- name: taken
-- What their visits took that count, past and booked.
SELECT u.code, u.day, u.taken, u.granted::text
FROM (SELECT %s::uuid AS program, %s::text AS code) i
CROSS JOIN unnest(%b::uuid[]) AS t (member)
CROSS JOIN LATERAL (
    SELECT u.code, u.day, u.taken, u.granted FROM entitlement_use u
    WHERE u.program = i.program AND u.member = t.member AND u.counts AND (i.code IS NULL OR u.code = i.code)
    OFFSET 0
) u;

-- name: enter
INSERT INTO entitlement_use (program, home, id, member, code, revision, state, store, partner, at, day, guests, taken,
    granted, cost, booked, due_at, created_at, created_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s);

-- name: take_slot
-- The guard of a slot's capacity: no row comes back where there is no room.
INSERT INTO entitlement_slot AS s (program, store, code, at, taken)
SELECT i.program, i.store, i.code, i.at, i.people
FROM (SELECT %(program)s::uuid AS program, %(store)s::uuid AS store, %(code)s::text AS code, %(at)s::timestamptz AS at,
    %(people)s::integer AS people) i
WHERE i.people <= %(capacity)s
ON CONFLICT (program, store, code, at) DO UPDATE SET taken = s.taken + excluded.taken
WHERE s.taken + excluded.taken <= %(capacity)s
RETURNING taken;

-- name: free_slot
UPDATE entitlement_slot SET taken = taken - %s WHERE program = %s AND store = %s AND code = %s AND at = %s;

-- name: slots
SELECT at, taken FROM entitlement_slot
WHERE program = %s AND store = %s AND code = %s AND at >= %s AND at < %s;

-- name: check_in
-- A booking becomes a use once, whatever else is asked of it at the same time.
UPDATE entitlement_use SET state = 'used', ended_at = %(at)s, ended_by = %(by)s
WHERE program = %(program)s AND home = %(home)s AND id = %(id)s AND state = 'booked'
RETURNING id;

-- name: end
-- A booking or a use ends in one of these states once; what it took comes back unless it still counts.
UPDATE entitlement_use SET state = %(to)s, counts = %(counts)s, ended_at = %(at)s, ended_by = %(by)s
WHERE program = %(program)s AND home = %(home)s AND id = %(id)s AND state = %(from)s
RETURNING id;

-- name: use
SELECT id, member, code, revision, state, store, partner, at, day, guests, taken, granted::text, counts, cost, booked,
    due_at, created_at, created_by, ended_at, ended_by
FROM entitlement_use WHERE program = %s AND home = %s AND id = %s;

-- name: uses_of
-- Their visits of an entitlement, or of all, the latest first.
SELECT u.id, u.member, u.code, u.revision, u.state, u.store, u.partner, u.at, u.day, u.guests, u.taken, u.granted::text,
    u.counts, u.cost, u.booked, u.due_at, u.created_at, u.created_by, u.ended_at, u.ended_by
FROM unnest(%(members)s::uuid[]) AS t (member)
CROSS JOIN LATERAL (
    SELECT * FROM entitlement_use u
    WHERE u.program = %(program)s AND u.member = t.member AND (%(state)s::text IS NULL OR u.state = %(state)s)
    OFFSET 0
) u
ORDER BY u.at DESC, u.id DESC
LIMIT %(limit)s;

-- name: count_used
SELECT count(*)::integer FROM entitlement_use
WHERE program = %s AND member = ANY (%s::uuid[]) AND code = ANY (%s::text[]) AND state = 'used' AND at >= %s;

-- name: uses_at
-- What is used and booked at a store between two instants, in order.
SELECT u.id, u.member, u.code, u.revision, u.state, u.store, u.partner, u.at, u.day, u.guests, u.taken, u.granted::text,
    u.counts, u.cost, u.booked, u.due_at, u.created_at, u.created_by, u.ended_at, u.ended_by
FROM entitlement_use u
WHERE u.program = %s AND u.store = %s AND u.at >= %s AND u.at < %s
ORDER BY u.at, u.id
LIMIT %s;

-- name: uses_of_partners
-- What was used or booked, the latest written first; `partner`: at that partner's places only.
SELECT u.id, u.member, u.code, u.revision, u.state, u.store, u.partner, u.at, u.day, u.guests, u.taken, u.granted::text,
    u.counts, u.cost, u.booked, u.due_at, u.created_at, u.created_by, u.ended_at, u.ended_by
FROM unnest(%(partners)s::uuid[]) AS t (partner)
CROSS JOIN LATERAL (
    SELECT * FROM entitlement_use u
    WHERE u.program = %(program)s AND u.partner = t.partner AND (%(before)s::uuid IS NULL OR u.id < %(before)s)
        AND (%(code)s::text IS NULL OR u.code = %(code)s)
    ORDER BY u.id DESC
    LIMIT %(limit)s
) u
ORDER BY u.id DESC
LIMIT %(limit)s;

-- name: costs
-- What was used at places of these stores between two instants, summed by partner, store and entitlement.
SELECT u.partner, u.store, u.code, count(*), sum(u.guests)::bigint, sum(u.cost)::bigint
FROM unnest(%(stores)s::uuid[]) AS t (store)
CROSS JOIN LATERAL (
    SELECT * FROM entitlement_use u
    WHERE u.program = %(program)s AND u.store = t.store AND u.at >= %(since)s AND u.at < %(until)s AND u.state = 'used'
    OFFSET 0
) u
GROUP BY u.partner, u.store, u.code
ORDER BY u.partner, u.store, u.code;

-- name: due
SELECT id FROM entitlement_use WHERE program = %s AND state = 'booked' AND due_at <= %s ORDER BY due_at LIMIT %s;

-- name: cancel_of
-- An erasure gives back what she had booked, and her places in the slots.
UPDATE entitlement_use SET state = 'cancelled', counts = false
WHERE program = %s AND member = %s AND state = 'booked'
RETURNING store, code, at, 1 + guests;

-- name: end_grants_of
UPDATE entitlement_grant SET ended_at = granted_at
WHERE program = %s AND home = %s AND member = %s AND ended_at IS NULL;
