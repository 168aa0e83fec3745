-- name: owed
-- What is owed by kind, unit, tax and age; of money that is over only what a held purchase still has.
SELECT o.kind, o.currency, o.purpose, o.tax_rate, o.age, sum(o.amount)::bigint, sum(o.reserved)::bigint,
    count(DISTINCT o.id)::integer
FROM (
    SELECT p.kind, p.id, p.purpose, p.tax_rate, l.currency, l.reserved,
        CASE WHEN l.expires_at <= %(at)s THEN l.reserved ELSE l.amount - l.drawn END AS amount,
        (SELECT count(*) FROM unnest(%(ages)s::timestamptz[]) AS a (since) WHERE l.earned_at <= a.since)::integer AS age
    FROM (
        SELECT 'gift_card' AS kind, program, home, id, purpose, tax_rate FROM gift_card WHERE program = %(program)s
        UNION ALL
        SELECT 'voucher', program, home, id, purpose, tax_rate FROM voucher_money WHERE program = %(program)s
    ) AS p
    JOIN lot AS l ON l.program = p.program AND l.home = p.home AND l.pool = p.id AND l.open
) AS o
WHERE o.amount > 0
GROUP BY o.kind, o.currency, o.purpose, o.tax_rate, o.age
ORDER BY o.kind, o.currency, o.purpose, o.tax_rate, o.age;

-- name: rows
-- What is owed, lot by lot, the oldest first: of a card the number of its code, of a voucher its batch and that one's name.
SELECT l.earned_at, l.id, p.kind, p.id, p.serial, p.batch,
    coalesce((SELECT b.name FROM code_batch AS b WHERE b.program = p.program AND b.id = p.batch), ''),
    l.currency, p.purpose, p.tax_rate, l.expires_at,
    CASE WHEN l.expires_at <= %(at)s THEN l.reserved ELSE l.amount - l.drawn END
FROM (
    SELECT 'gift_card' AS kind, program, home, id, purpose, tax_rate, serial, NULL::uuid AS batch
    FROM gift_card WHERE program = %(program)s
    UNION ALL
    SELECT 'voucher', program, home, id, purpose, tax_rate, 0, batch FROM voucher_money WHERE program = %(program)s
) AS p
JOIN lot AS l ON l.program = p.program AND l.home = p.home AND l.pool = p.id AND l.open
WHERE (%(kind)s::text IS NULL OR p.kind = %(kind)s) AND (%(purpose)s::text IS NULL OR p.purpose = %(purpose)s)
    AND (%(since)s::timestamptz IS NULL OR l.earned_at > %(since)s)
    AND (%(until)s::timestamptz IS NULL OR l.earned_at <= %(until)s)
    AND CASE WHEN l.expires_at <= %(at)s THEN l.reserved ELSE l.amount - l.drawn END > 0
    AND (%(after)s::uuid IS NULL OR (l.earned_at, l.id) > (%(after_at)s::timestamptz, %(after)s::uuid))
ORDER BY l.earned_at, l.id
LIMIT %(limit)s;

-- name: cards
-- The lots of gift cards that are owed, by their keys, after one of them.
SELECT p.home, l.earned_at, l.id, p.id, p.serial, NULL::uuid, '', l.currency, p.purpose, p.tax_rate, l.expires_at,
    CASE WHEN l.expires_at <= %(at)s THEN l.reserved ELSE l.amount - l.drawn END
FROM gift_card AS p
JOIN lot AS l ON l.program = p.program AND l.home = p.home AND l.pool = p.id AND l.open
WHERE p.program = %(program)s AND (p.home, p.id) >= (%(home)s::smallint, %(pool)s::uuid)
    AND (p.home, p.id, l.id) > (%(home)s::smallint, %(pool)s::uuid, %(lot)s::uuid)
    AND (%(purpose)s::text IS NULL OR p.purpose = %(purpose)s)
    AND (%(since)s::timestamptz IS NULL OR l.earned_at > %(since)s)
    AND (%(until)s::timestamptz IS NULL OR l.earned_at <= %(until)s)
    AND CASE WHEN l.expires_at <= %(at)s THEN l.reserved ELSE l.amount - l.drawn END > 0
ORDER BY p.home, p.id, l.id
LIMIT %(limit)s;

-- name: vouchers
-- The same of vouchers, with the names of their batches.
SELECT p.home, l.earned_at, l.id, p.id, 0, p.batch, b.name, l.currency, p.purpose, p.tax_rate, l.expires_at,
    CASE WHEN l.expires_at <= %(at)s THEN l.reserved ELSE l.amount - l.drawn END
FROM voucher_money AS p
JOIN code_batch AS b ON b.program = p.program AND b.id = p.batch
JOIN lot AS l ON l.program = p.program AND l.home = p.home AND l.pool = p.id AND l.open
WHERE p.program = %(program)s AND (p.home, p.id) >= (%(home)s::smallint, %(pool)s::uuid)
    AND (p.home, p.id, l.id) > (%(home)s::smallint, %(pool)s::uuid, %(lot)s::uuid)
    AND (%(purpose)s::text IS NULL OR p.purpose = %(purpose)s)
    AND (%(since)s::timestamptz IS NULL OR l.earned_at > %(since)s)
    AND (%(until)s::timestamptz IS NULL OR l.earned_at <= %(until)s)
    AND CASE WHEN l.expires_at <= %(at)s THEN l.reserved ELSE l.amount - l.drawn END > 0
ORDER BY p.home, p.id, l.id
LIMIT %(limit)s;
