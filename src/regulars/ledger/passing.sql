-- name: note
INSERT INTO passing (program, home, giver, id, kind, pool, currency, amount, fee, posting, taker, into_pool, lots, charity,
    worth, target, received, passed_at)
VALUES (%(program)s, %(home)s, %(giver)s, %(id)s, %(kind)s, %(pool)s, %(currency)s, %(amount)s, %(fee)s, %(posting)s,
    %(taker)s, %(into_pool)s, %(lots)s::jsonb, %(charity)s, %(worth)s, %(target)s, %(received)s, %(passed_at)s);

-- name: passed_since
-- What a giver has passed on in these ways since an instant, but for what she took back.
SELECT coalesce(sum(p.amount), 0)::bigint
FROM passing AS p
WHERE p.program = %s AND p.giver = %s AND p.passed_at >= %s AND p.kind = ANY (%s::text[]) AND p.currency = %s
    AND NOT EXISTS (SELECT FROM passing_back AS b
        WHERE (b.program, b.home, b.giver, b.id) = (p.program, p.home, p.giver, p.id) OFFSET 0);

-- name: received_since
SELECT p.passed_at, p.amount
FROM passing AS p
WHERE p.program = %s AND p.into_pool = %s AND p.passed_at > %s AND p.currency = %s
    AND NOT EXISTS (SELECT FROM passing_back AS b
        WHERE (b.program, b.home, b.giver, b.id) = (p.program, p.home, p.giver, p.id) OFFSET 0);

-- name: transfer
-- A transfer's id carries the home of who gave it.
SELECT giver, currency, amount, taker, into_pool, lots::text, passed_at
FROM passing WHERE program = %s AND home = %s AND giver = ANY (%s::uuid[]) AND id = %s AND kind = 'transfer';

-- name: take_back
INSERT INTO passing_back (program, home, giver, id, posting, taken_at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: donated
-- What each charity was given, by currency: amount, minor units of base money, how many times.
SELECT charity, currency, sum(amount)::bigint, sum(worth)::bigint, count(*)::integer
FROM passing
WHERE program = %s AND charity IS NOT NULL
GROUP BY charity, currency
ORDER BY charity, currency;

-- name: newest_rates
SELECT DISTINCT ON (currency, target) currency, target, revision, document::text, since
FROM points_rate WHERE program = %s
ORDER BY currency, target, revision DESC;

-- name: add_rate
INSERT INTO points_rate (program, currency, target, revision, document, since, author)
SELECT a.program, a.currency, a.target, 1 + coalesce((
        SELECT r.revision FROM points_rate AS r WHERE (r.program, r.currency, r.target) = (a.program, a.currency, a.target)
        ORDER BY r.revision DESC LIMIT 1), 0), a.document, a.since, a.author
FROM (SELECT %s::uuid AS program, %s::text AS currency, %s::text AS target, %s::jsonb AS document, %s::timestamptz AS since,
    %s::text AS author) AS a
RETURNING revision;

-- name: passed_by
-- What members passed on, the latest first.
SELECT p.kind, p.currency, p.amount, p.fee, p.charity, p.target, p.received, p.passed_at,
    CASE WHEN p.kind = 'transfer' THEN p.id END, b.taken_at
FROM passing p
LEFT JOIN passing_back b ON (b.program, b.home, b.giver, b.id) = (p.program, p.home, p.giver, p.id)
WHERE p.program = %s AND p.giver = ANY (%s::uuid[])
ORDER BY p.passed_at DESC, p.id DESC
LIMIT 10000;
