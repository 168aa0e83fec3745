-- name: lot_drawn
SELECT l.home, l.id, l.drawn, coalesce(sum(d.amount), 0)::bigint AS found
FROM lot AS l
LEFT JOIN draw AS d ON d.program = l.program AND d.home = l.home AND d.lot = l.id
WHERE l.program = %(program)s
GROUP BY l.program, l.home, l.id
HAVING l.drawn <> coalesce(sum(d.amount), 0)
LIMIT %(limit)s;

-- name: lot_overdrawn
SELECT home, id, amount, drawn, reserved
FROM lot
WHERE program = %(program)s AND (drawn + reserved > amount OR drawn < 0 OR reserved < 0)
LIMIT %(limit)s;

-- name: lot_reserved
SELECT l.home, l.id, l.reserved, coalesce(sum(r.amount) FILTER (WHERE h.open), 0)::bigint AS found
FROM lot AS l
LEFT JOIN reservation AS r ON r.program = l.program AND r.home = l.home AND r.lot = l.id
LEFT JOIN hold AS h ON h.program = r.program AND h.home = r.home AND h.id = r.hold
WHERE l.program = %(program)s
GROUP BY l.program, l.home, l.id
HAVING l.reserved <> coalesce(sum(r.amount) FILTER (WHERE h.open), 0)
LIMIT %(limit)s;

-- name: lot_pool
SELECT l.home, l.id, l.pool, p.pool AS found
FROM lot AS l
JOIN posting AS p ON p.program = l.program AND p.home = l.home AND p.id = l.posting
WHERE l.program = %(program)s AND l.pool <> p.pool
LIMIT %(limit)s;

-- name: draw_pool
SELECT d.home, d.lot, l.pool, p.pool AS found
FROM draw AS d
JOIN lot AS l ON l.program = d.program AND l.home = d.home AND l.id = d.lot
JOIN entry AS e ON e.program = d.program AND e.home = d.home AND e.posting = d.posting AND e.n = d.n
JOIN posting AS p ON p.program = d.program AND p.home = d.home AND p.id = d.posting
WHERE d.program = %(program)s AND (l.pool <> p.pool OR l.currency <> e.currency)
LIMIT %(limit)s;

-- name: entry_pool
SELECT e.home, e.posting, e.pool, p.pool AS found
FROM entry AS e
JOIN posting AS p ON p.program = e.program AND p.home = e.home AND p.id = e.posting
WHERE e.program = %(program)s AND e.pool <> p.pool
LIMIT %(limit)s;

-- name: entry_covered
WITH moved AS (
    SELECT home, posting, n, amount FROM draw WHERE program = %(program)s
    UNION ALL
    SELECT home, posting, n, -amount FROM lot WHERE program = %(program)s
),
covered AS (
    SELECT home, posting, n, sum(amount)::bigint AS amount FROM moved GROUP BY home, posting, n
)
SELECT e.home, e.posting, e.n,
       CASE WHEN e.source = 'points' THEN e.amount WHEN e.target = 'points' THEN -e.amount ELSE 0 END AS amount,
       coalesce(c.amount, 0) AS found
FROM entry AS e
LEFT JOIN covered AS c ON c.home = e.home AND c.posting = e.posting AND c.n = e.n
WHERE e.program = %(program)s
  AND coalesce(c.amount, 0)
      <> CASE WHEN e.source = 'points' THEN e.amount WHEN e.target = 'points' THEN -e.amount ELSE 0 END
LIMIT %(limit)s;

-- name: posting_empty
SELECT p.home, p.id, p.kind
FROM posting AS p
WHERE p.program = %(program)s
  AND NOT EXISTS (SELECT FROM entry AS e WHERE e.program = p.program AND e.home = p.home AND e.posting = p.id)
LIMIT %(limit)s;

-- name: account_balance
WITH of_lots AS (
    SELECT home, pool, currency, sum(amount - drawn)::bigint AS amount
    FROM lot WHERE program = %(program)s GROUP BY home, pool, currency
),
of_entries AS (
    SELECT home, pool, currency,
           sum(CASE WHEN target = 'points' THEN amount WHEN source = 'points' THEN -amount ELSE 0 END)::bigint AS amount
    FROM entry WHERE program = %(program)s GROUP BY home, pool, currency
)
SELECT coalesce(a.home, e.home, l.home) AS home, coalesce(a.pool, e.pool, l.pool) AS pool,
       coalesce(a.currency, e.currency, l.currency) AS currency,
       coalesce(a.balance, 0) AS balance, coalesce(l.amount, 0) AS of_lots, coalesce(e.amount, 0) AS of_entries
FROM (SELECT * FROM account WHERE program = %(program)s) AS a
FULL JOIN of_entries AS e USING (home, pool, currency)
FULL JOIN of_lots AS l USING (home, pool, currency)
WHERE coalesce(a.balance, 0) <> coalesce(l.amount, 0) OR coalesce(a.balance, 0) <> coalesce(e.amount, 0)
LIMIT %(limit)s;

-- name: account_debt
WITH of_entries AS (
    SELECT home, pool, currency,
           sum(CASE WHEN source = 'debt' THEN amount WHEN target = 'debt' THEN -amount ELSE 0 END)::bigint AS amount
    FROM entry WHERE program = %(program)s GROUP BY home, pool, currency
)
SELECT home, pool, currency, coalesce(a.debt, 0) AS debt, coalesce(e.amount, 0) AS found
FROM (SELECT * FROM account WHERE program = %(program)s) AS a
FULL JOIN of_entries AS e USING (home, pool, currency)
WHERE coalesce(a.debt, 0) <> coalesce(e.amount, 0)
LIMIT %(limit)s;

-- name: hold_open
SELECT h.home, h.id, h.open, s.kind
FROM hold AS h
LEFT JOIN resolution AS s ON s.program = h.program AND s.home = h.home AND s.hold = h.id
WHERE h.program = %(program)s AND h.open = (s.hold IS NOT NULL)
LIMIT %(limit)s;

-- name: hold_captured
SELECT s.home, s.hold, d.lot, d.amount, coalesce(r.amount, 0) AS reserved
FROM resolution AS s
JOIN entry AS e ON e.program = s.program AND e.home = s.home AND e.posting = s.posting
               AND e.source = 'points' AND e.target = 'redeemed'
JOIN draw AS d ON d.program = e.program AND d.home = e.home AND d.posting = e.posting AND d.n = e.n
LEFT JOIN reservation AS r ON r.program = s.program AND r.home = s.home AND r.hold = s.hold AND r.lot = d.lot
WHERE s.program = %(program)s AND s.kind = 'capture' AND d.amount > coalesce(r.amount, 0)
  AND NOT EXISTS (
      SELECT FROM resolution AS o
      WHERE o.program = s.program AND o.home = s.home AND o.posting = s.posting AND o.hold <> s.hold
  )
LIMIT %(limit)s;

-- name: transfer_balanced
SELECT currency, sum(CASE WHEN target = 'transfer' THEN amount ELSE -amount END)::bigint AS left_over
FROM entry
WHERE program = %(program)s AND 'transfer' IN (source, target)
GROUP BY currency
HAVING sum(CASE WHEN target = 'transfer' THEN amount ELSE -amount END) <> 0
LIMIT %(limit)s;

-- name: given_back
SELECT p.home, p.purchase, d.lot, sum(d.amount)::bigint AS left_over
FROM posting AS p
JOIN entry AS e ON e.program = p.program AND e.home = p.home AND e.posting = p.id
JOIN draw AS d ON d.program = e.program AND d.home = e.home AND d.posting = e.posting AND d.n = e.n
WHERE p.program = %(program)s AND p.purchase IS NOT NULL AND 'redeemed' IN (e.source, e.target)
GROUP BY p.home, p.purchase, d.lot
HAVING sum(d.amount) < 0
LIMIT %(limit)s;
