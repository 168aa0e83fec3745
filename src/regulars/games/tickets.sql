-- name: create
INSERT INTO lottery (program, code, revision, nonce, commitment, created_at) VALUES (%s, %s, 1, %s, %s, %s);

-- name: revise
-- By another rule purchases of before may bring tickets: they are looked through again from the first.
UPDATE lottery SET revision = revision + 1, collected = NULL WHERE program = %s AND code = %s RETURNING revision;

-- name: freeze
INSERT INTO lottery_revision (program, lottery, revision, document, published_at, published_by)
VALUES (%s, %s, %s, %s::jsonb, %s, %s);

-- name: find
SELECT l.code, l.revision, v.document::text, l.tickets, l.commitment, l.collected, l.drawn_at, l.stopped_at, l.created_at
FROM lottery l
JOIN lottery_revision v ON (v.program, v.lottery, v.revision) = (l.program, l.code, l.revision)
WHERE l.program = %s AND l.code = %s;

-- name: every
SELECT l.code, l.revision, v.document::text, l.tickets, l.commitment, l.collected, l.drawn_at, l.stopped_at, l.created_at
FROM lottery l
JOIN lottery_revision v ON (v.program, v.lottery, v.revision) = (l.program, l.code, l.revision)
WHERE l.program = %s
ORDER BY l.created_at DESC, l.code
LIMIT %s;

-- name: number
-- The guard: a lottery that was drawn or called off meanwhile, or changed, gives no ticket. The last number comes back.
UPDATE lottery SET tickets = tickets + %(count)s
WHERE program = %(program)s AND code = %(code)s AND revision = %(revision)s AND drawn_at IS NULL AND stopped_at IS NULL
RETURNING tickets;

-- name: count
-- The guard of what a member may have: no row comes back where it would be more.
INSERT INTO ticket_count AS c (program, home, member, lottery, tickets)
SELECT i.program, i.home, i.member, i.lottery, i.count
FROM (SELECT %(program)s::uuid AS program, %(home)s::smallint AS home, %(member)s::uuid AS member,
    %(lottery)s::text AS lottery, %(count)s::bigint AS count) AS i
WHERE i.count <= %(most)s
ON CONFLICT (program, home, member, lottery) DO UPDATE SET tickets = c.tickets + excluded.tickets
WHERE c.tickets + excluded.tickets <= %(most)s
RETURNING tickets;

-- name: counted
SELECT tickets FROM ticket_count WHERE program = %s AND home = %s AND member = %s AND lottery = %s;

-- name: enter
INSERT INTO ticket (program, home, id, member, pool, lottery, number, source, purchase, currency, points, posting, prize,
    given_at, given_by)
SELECT g.program, g.home, t.id, g.member, g.pool, g.lottery, t.number, g.source, g.purchase, g.currency, g.points, g.posting,
    g.prize, g.given_at, g.given_by
FROM (SELECT %(program)s::uuid AS program, %(home)s::smallint AS home, %(member)s::uuid AS member, %(pool)s::uuid AS pool,
    %(lottery)s::text AS lottery, %(source)s::text AS source, %(purchase)s::uuid AS purchase,
    %(currency)s::text AS currency, %(points)s::bigint AS points, %(posting)s::uuid AS posting,
    %(prize)s::uuid AS prize, %(given_at)s::timestamptz AS given_at, %(given_by)s::text AS given_by) AS g
CROSS JOIN unnest(%(ids)b::uuid[], %(numbers)b::bigint[]) AS t (id, number);

-- name: bring
-- The guard of a purchase's tickets: no row comes back where it brought its own already.
INSERT INTO ticket_purchase (program, home, lottery, purchase, tickets) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: find_ticket
SELECT t.id, t.member, t.pool, t.lottery, t.number, t.source, t.currency, t.points, t.posting, t.given_at, v.voided_at
FROM ticket t
LEFT JOIN ticket_void v ON (v.program, v.home, v.ticket) = (t.program, t.home, t.id)
WHERE t.program = %s AND t.home = %s AND t.id = %s;

-- name: of_members
SELECT t.id, t.member, t.pool, t.lottery, t.number, t.source, t.currency, t.points, t.posting, t.given_at, v.voided_at
FROM ticket t
LEFT JOIN ticket_void v ON (v.program, v.home, v.ticket) = (t.program, t.home, t.id)
WHERE t.program = %(program)s AND t.member = ANY (%(members)s::uuid[])
    AND (%(lottery)s::text IS NULL OR t.lottery = %(lottery)s)
ORDER BY t.id DESC
LIMIT %(limit)s;

-- name: of_prize
SELECT t.id, t.member, t.pool, t.lottery, t.number, t.source, t.currency, t.points, t.posting, t.given_at, NULL::timestamptz
FROM ticket t
WHERE t.program = %s AND t.home = %s AND t.member = %s AND t.prize = %s
    AND NOT EXISTS (SELECT FROM ticket_void v WHERE (v.program, v.home, v.ticket) = (t.program, t.home, t.id) OFFSET 0)
ORDER BY t.number;

-- name: lock
SELECT 1 FROM lottery WHERE program = %s AND code = %s FOR NO KEY UPDATE;

-- name: of_lottery
SELECT t.id, t.member, t.pool, t.lottery, t.number, t.source, t.currency, t.points, t.posting, t.given_at, NULL::timestamptz
FROM ticket t
WHERE t.program = %s AND t.lottery = %s
    AND NOT EXISTS (SELECT FROM ticket_void v WHERE (v.program, v.home, v.ticket) = (t.program, t.home, t.id) OFFSET 0)
ORDER BY t.number
LIMIT %s;

-- name: hold_open
-- A draw waits for whoever has this; after a draw no row comes back.
SELECT 1 FROM lottery WHERE program = %s AND code = %s AND drawn_at IS NULL FOR SHARE;

-- name: void
-- The guard of a ticket: no row comes back where it was void already.
INSERT INTO ticket_void (program, home, ticket, posting, reason, voided_at, voided_by) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: uncount
UPDATE ticket_count SET tickets = greatest(tickets - %s, 0)
WHERE program = %s AND home = %s AND member = %s AND lottery = %s;

-- name: carry_counts
INSERT INTO ticket_count AS c (program, home, member, lottery, tickets)
SELECT d.program, %(home)s, %(member)s, d.lottery, d.tickets FROM ticket_count d
WHERE d.program = %(program)s AND d.home = %(of_home)s AND d.member = %(of)s
ON CONFLICT (program, home, member, lottery) DO UPDATE SET tickets = c.tickets + excluded.tickets;

-- name: recount
UPDATE ticket_count AS c SET tickets = (
    SELECT count(*) FROM ticket t
    WHERE t.program = c.program AND t.member = ANY (%(whose)b::uuid[]) AND t.lottery = c.lottery
        AND NOT EXISTS (SELECT FROM ticket_void v WHERE (v.program, v.home, v.ticket) = (t.program, t.home, t.id) OFFSET 0))
WHERE c.program = %(program)s AND c.home = %(home)s AND c.member = %(member)s;

-- name: collected
UPDATE lottery SET collected = %s WHERE program = %s AND code = %s AND revision = %s RETURNING 1;

-- name: stop
UPDATE lottery SET stopped_at = coalesce(stopped_at, %s) WHERE program = %s AND code = %s AND drawn_at IS NULL RETURNING 1;

-- name: close
-- The guard of the draw: one that was drawn or called off answers no row.
UPDATE lottery SET drawn_at = %s WHERE program = %s AND code = %s AND drawn_at IS NULL AND stopped_at IS NULL
RETURNING nonce, commitment;

-- name: say
INSERT INTO lottery_beacon (program, lottery, said_by, beacon, said_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (program, lottery, said_by) DO UPDATE SET beacon = excluded.beacon, said_at = excluded.said_at;

-- name: said
SELECT beacon, count(*) FROM lottery_beacon WHERE program = %s AND lottery = %s GROUP BY beacon ORDER BY count(*) DESC, beacon;

-- name: drawing
INSERT INTO lottery_drawing (program, lottery, revision, seed, beacon, tickets, numbers, digest, drawn_at, drawn_by)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s);

-- name: win
INSERT INTO lottery_winner (program, lottery, place, number, rank, ticket, member)
SELECT g.program, g.lottery, t.place, t.number, t.rank, t.ticket, t.member
FROM (SELECT %s::uuid AS program, %s::text AS lottery) AS g
CROSS JOIN unnest(%b::integer[], %b::bigint[], %b::integer[], %b::uuid[], %b::uuid[])
    AS t (place, number, rank, ticket, member);

-- name: drawn
SELECT revision, seed, beacon, tickets, numbers::text, digest, drawn_at, drawn_by FROM lottery_drawing
WHERE program = %s AND lottery = %s;

-- name: winners
SELECT w.place, w.number, w.rank, w.ticket, w.member, g.given_at
FROM lottery_winner w
LEFT JOIN lottery_given g ON (g.program, g.lottery, g.place) = (w.program, w.lottery, w.place)
WHERE w.program = %s AND w.lottery = %s
ORDER BY w.place;

-- name: give
-- The guard of a winner's prize: no row comes back where it was given already.
INSERT INTO lottery_given (program, lottery, place, given_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING 1;
