-- name: newest
SELECT revision, document::text, since FROM referral_program WHERE program = %s AND code = %s ORDER BY revision DESC LIMIT 1;

-- name: add
-- The next revision. Two at once: one of them meets the primary key.
INSERT INTO referral_program (program, code, revision, document, since, author)
SELECT a.program, a.code, 1 + coalesce((
        SELECT r.revision FROM referral_program AS r WHERE (r.program, r.code) = (a.program, a.code)
        ORDER BY r.revision DESC LIMIT 1), 0), a.document, a.since, a.author
FROM (SELECT %s::uuid AS program, %s::text AS code, %s::jsonb AS document, %s::timestamptz AS since, %s::text AS author) AS a
RETURNING revision;

-- name: code_of
SELECT code FROM referral_code WHERE program = %s AND member = %s ORDER BY made_at, code LIMIT 1;

-- name: owner_of
SELECT member FROM referral_code WHERE program = %s AND code = %s;

-- name: make_code
INSERT INTO referral_code (program, code, home, member, made_at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING;

-- name: note_traces
INSERT INTO referral_trace (program, home, member, kind, digest)
SELECT a.program, a.home, a.member, t.kind, t.digest
FROM (SELECT %s::uuid AS program, %s::smallint AS home, %s::uuid AS member) AS a,
    unnest(%s::text[], %s::bytea[]) AS t (kind, digest)
ON CONFLICT DO NOTHING;

-- name: seen_with
-- With whom these were seen: the member whom she is today, if she was merged.
SELECT coalesce(m.merged_into, m.id), r.kind
FROM (SELECT %s::uuid AS program) AS g
CROSS JOIN unnest(%s::text[], %s::bytea[]) AS t (kind, digest)
CROSS JOIN LATERAL (
    SELECT r.home, r.member, r.kind FROM referral_trace AS r
    WHERE r.digest = t.digest AND r.program = g.program AND r.kind = t.kind OFFSET 0
) AS r
CROSS JOIN LATERAL (
    SELECT m.id, m.merged_into FROM member AS m WHERE (m.program, m.home, m.id) = (g.program, r.home, r.member) OFFSET 0
) AS m;

-- name: refer
INSERT INTO referral (program, home, friend, referrer, code, refused, referred_at, until)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: open
INSERT INTO referral_open (program, home, friend) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING;

-- name: close
DELETE FROM referral_open WHERE program = %s AND home = %s AND friend = %s;

-- name: referral_of
SELECT friend, referrer, code, refused, referred_at, until FROM referral WHERE program = %s AND home = %s AND friend = %s;

-- name: friends_of
SELECT friend FROM referral WHERE program = %s AND referrer = %s AND refused IS NULL ORDER BY referred_at LIMIT 1000;

-- name: were_together
-- Whether two members are, or ever were, in one household or company.
SELECT 1
FROM account_member AS a
JOIN account_member AS b ON b.program = a.program AND b.member = %(other)s AND b.account = a.account
WHERE a.program = %(program)s AND a.member = %(member)s
LIMIT 1;

-- name: accounts_of
-- The shared accounts that members are or ever were in.
SELECT a.member, a.account FROM account_member AS a WHERE a.program = %s AND a.member = ANY (%s::uuid[]);

-- name: next_open
SELECT r.home, r.friend, r.referrer, r.referred_at, r.until
FROM referral_open AS o
CROSS JOIN LATERAL (
    SELECT * FROM referral AS r WHERE (r.program, r.home, r.friend) = (o.program, o.home, o.friend) OFFSET 0
) AS r
WHERE o.program = %s AND (o.home, o.friend) > (%s, %s)
ORDER BY o.home, o.friend
LIMIT %s;

-- name: steps_of
SELECT s.friend, s.purchases
FROM unnest(%s::smallint[], %s::uuid[]) AS t (home, friend)
JOIN referral_step AS s ON s.program = %s AND s.home = t.home AND s.friend = t.friend;

-- name: note_step
INSERT INTO referral_step (program, home, friend, purchases, bought_at, purchase, referrer, to_friend, to_referrer, withheld,
    cost, least, given_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: step
SELECT friend, purchases, bought_at, purchase, referrer, to_friend, to_referrer, withheld, cost, least, given_at
FROM referral_step WHERE program = %s AND home = %s AND friend = %s AND purchases = %s;

-- name: steps_given
-- Steps since an instant that were not taken back, with what must stand of their purchases.
SELECT s.home, s.friend, s.purchases, s.bought_at, s.purchase, s.least, s.given_at
FROM referral_step AS s
WHERE s.program = %(program)s AND (s.given_at, s.friend, s.purchases) > (%(since)s, %(friend)s, %(purchases)s)
    AND NOT EXISTS (SELECT FROM referral_back AS b
        WHERE (b.program, b.home, b.friend, b.kind, b.n) = (s.program, s.home, s.friend, 'step', s.purchases) OFFSET 0)
ORDER BY s.given_at, s.friend, s.purchases
LIMIT %(limit)s;

-- name: note_milestone
INSERT INTO referral_milestone (program, home, referrer, friends, cost, given_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: milestones_of
SELECT m.friends, m.cost,
    EXISTS (SELECT FROM referral_back AS b
        WHERE (b.program, b.home, b.friend, b.kind, b.n) = (m.program, m.home, m.referrer, 'milestone', m.friends) OFFSET 0)
FROM referral_milestone AS m
WHERE m.program = %s AND m.home = %s AND m.referrer = %s
ORDER BY m.friends;

-- name: take_back
INSERT INTO referral_back (program, home, friend, kind, n, taken_at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: friends_that_stand
-- Friends whose first purchase counted, and was not taken back.
SELECT count(*)
FROM referral_step AS s
WHERE s.program = %s AND s.referrer = %s AND s.purchases = 1
    AND coalesce(s.withheld, '') NOT IN ('same_account', 'same_instrument')
    AND NOT EXISTS (SELECT FROM referral_back AS b
        WHERE (b.program, b.home, b.friend, b.kind, b.n) = (s.program, s.home, s.friend, 'step', s.purchases) OFFSET 0);

-- name: use
-- One use more, if there is room for it.
INSERT INTO referral_use AS u (program, home, referrer, period, used)
SELECT a.program, a.home, a.referrer, a.period, a.wanted
FROM (SELECT %(program)s::uuid AS program, %(home)s::smallint AS home, %(referrer)s::uuid AS referrer,
    %(period)s::text AS period, %(wanted)s::bigint AS wanted) AS a
WHERE a.wanted <= %(most)s::bigint
ON CONFLICT (program, home, referrer, period) DO UPDATE SET used = u.used + excluded.used
    WHERE u.used + excluded.used <= %(most)s::bigint
RETURNING used;

-- name: give_back_use
-- Never below zero: when the program's time zone was changed since, rewards of two periods may count in one.
UPDATE referral_use SET used = greatest(used - %s, 0) WHERE program = %s AND home = %s AND referrer = %s AND period = %s;

-- name: forget_code
DELETE FROM referral_code WHERE program = %s AND home = %s AND member = %s;

-- name: forget_traces
DELETE FROM referral_trace WHERE program = %s AND home = %s AND member = %s;

-- name: follow_codes
-- The codes of whoever is merged lead to the one that she is from now on by her own row; what she was found by moves.
INSERT INTO referral_trace (program, home, member, kind, digest)
SELECT r.program, t.home, t.member, r.kind, r.digest
FROM (SELECT %s::smallint AS home, %s::uuid AS member) AS t, referral_trace AS r
WHERE r.program = %s AND r.home = %s AND r.member = %s
ON CONFLICT DO NOTHING;

-- name: told_of
-- What is held of members: their codes, that they were brought, and when they brought somebody.
SELECT 'code', c.code, c.made_at, NULL FROM referral_code AS c WHERE c.program = %(program)s AND c.member = ANY (%(members)s::uuid[])
UNION ALL
SELECT 'was_brought', r.code, r.referred_at, coalesce(r.refused, (
    SELECT s.withheld FROM referral_step AS s
    WHERE (s.program, s.home, s.friend) = (r.program, r.home, r.friend) AND s.withheld = 'same_instrument' LIMIT 1))
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[]) AS t (home, id)
JOIN referral AS r ON r.program = %(program)s AND r.home = t.home AND r.friend = t.id
UNION ALL
SELECT 'brought', r.code, r.referred_at, coalesce(r.refused, (
    SELECT s.withheld FROM referral_step AS s
    WHERE (s.program, s.home, s.friend) = (r.program, r.home, r.friend) AND s.withheld = 'same_instrument' LIMIT 1))
FROM referral AS r
WHERE r.program = %(program)s AND r.referrer = ANY (%(members)s::uuid[])
ORDER BY 3, 1
LIMIT 10000;
