-- name: open_pools
INSERT INTO pool (program, home, id, kind, opened_at)
SELECT %s, x.home, x.id, x.kind, %s
FROM unnest(%s::smallint[], %s::uuid[], %s::text[]) AS x (home, id, kind);

-- name: lock
-- All accounts of a batch in one statement, in the order of the arrays (which are sorted): the lateral query is
-- run once per element. NO KEY: rows that only refer to the pool need not wait.
SELECT p.id
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
CROSS JOIN LATERAL (
    SELECT id FROM pool WHERE program = %s AND home = asked.home AND id = asked.id FOR NO KEY UPDATE
) AS p;

-- name: pages
-- Open lots (0), accounts (1), open holds with their reservations (2): one statement, so that what is read
-- without the lock is a state that was. OFFSET 0 makes each lateral query an index probe per pool, also when
-- the plan was made while the tables were empty (a join would then read the program's every lot).
SELECT 0 AS part, l.pool, l.id, l.currency, l.amount, l.drawn, l.reserved, l.earned_at, l.active_at, l.expires_at,
       l.issuer, l.funder, l.promotion, l.revision, l.purchase, l.unit_cost_numerator, l.unit_cost_denominator, l.origin
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, pool)
CROSS JOIN LATERAL (
    SELECT * FROM lot WHERE program = %s AND home = asked.home AND pool = asked.pool AND open OFFSET 0
) AS l
UNION ALL
SELECT 1, a.pool, NULL, a.currency, a.debt, 0, 0, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, 0, 1, NULL
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, pool)
CROSS JOIN LATERAL (
    SELECT * FROM account WHERE program = %s AND home = asked.home AND pool = asked.pool OFFSET 0
) AS a
UNION ALL
SELECT 2, h.pool, h.id, NULL, h.amount, 0, 0, h.made_at, h.lapses_at, NULL,
       NULL, NULL, NULL, NULL, h.purchase, 0, 1, h.lot
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, pool)
CROSS JOIN LATERAL (
    SELECT o.pool, o.id, o.made_at, o.lapses_at, o.purchase, r.lot, r.amount
    FROM hold AS o
    LEFT JOIN reservation AS r ON r.program = o.program AND r.home = o.home AND r.hold = o.id
    WHERE o.program = %s AND o.home = asked.home AND o.pool = asked.pool AND o.open OFFSET 0
) AS h;

-- name: pages_of_the_past
-- What `pages` would have answered, by the postings effective at an instant and recorded by another. A draw on a
-- lot that was not there yet (a late receipt spent points that came later) is owed: it stands with the debt.
-- The last row (3) says until when the postings that are known have settled what fell due.
WITH of_pool AS MATERIALIZED (
    SELECT p.id, p.effective_at <= %(effective_at)s AND p.recorded_at <= %(recorded_at)s AS known
    FROM posting AS p
    WHERE p.program = %(program)s AND p.home = %(home)s AND p.pool = %(pool)s
),
drawn AS MATERIALIZED (
    SELECT d.lot, coalesce(sum(d.amount) FILTER (WHERE p.known), 0)::bigint AS amount
    FROM of_pool AS p
    JOIN draw AS d ON d.program = %(program)s AND d.home = %(home)s AND d.posting = p.id
    GROUP BY d.lot
),
held AS MATERIALIZED (
    SELECT h.id, h.purchase, h.made_at, h.lapses_at, r.lot, r.amount
    FROM hold AS h
    LEFT JOIN reservation AS r ON r.program = h.program AND r.home = h.home AND r.hold = h.id
    LEFT JOIN resolution AS s ON s.program = h.program AND s.home = h.home AND s.hold = h.id
    WHERE h.program = %(program)s AND h.home = %(home)s AND h.pool = %(pool)s
      AND h.made_at <= least(%(effective_at)s, %(recorded_at)s)
      AND (s.resolved_at IS NULL OR s.resolved_at > %(effective_at)s)
),
of_lot AS MATERIALIZED (
    SELECT l.*, p.known, coalesce(d.amount, 0) AS drawn_then,
           coalesce((SELECT sum(h.amount) FROM held AS h WHERE h.lot = l.id), 0)::bigint AS reserved_then
    FROM (
        SELECT o.id FROM lot AS o
        WHERE o.program = %(program)s AND o.home = %(home)s AND o.pool = %(pool)s AND o.open
        UNION
        SELECT lot FROM drawn
    ) AS mine
    JOIN lot AS l ON l.program = %(program)s AND l.home = %(home)s AND l.id = mine.id
    JOIN of_pool AS p ON p.id = l.posting
    LEFT JOIN drawn AS d ON d.lot = l.id
),
owed AS (
    SELECT e.currency, CASE WHEN e.source = 'debt' THEN e.amount WHEN e.target = 'debt' THEN -e.amount ELSE 0 END AS amount
    FROM of_pool AS p
    JOIN entry AS e ON e.program = %(program)s AND e.home = %(home)s AND e.posting = p.id
    WHERE p.known
    UNION ALL
    SELECT currency, greatest(drawn_then + reserved_then - CASE WHEN known THEN amount ELSE 0 END, 0) FROM of_lot
)
SELECT 0 AS part, pool, id, currency, amount, least(drawn_then, amount - reserved_then), reserved_then,
       earned_at, active_at, expires_at, issuer, funder, promotion, revision, purchase,
       unit_cost_numerator, unit_cost_denominator, origin
FROM of_lot
WHERE known
UNION ALL
SELECT 1, %(pool)s, NULL, currency, sum(amount)::bigint, 0, 0, NULL, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, 0, 1, NULL
FROM owed
GROUP BY currency
UNION ALL
SELECT 2, %(pool)s, id, NULL, amount, 0, 0, made_at, lapses_at, NULL,
       NULL, NULL, NULL, NULL, purchase, 0, 1, lot
FROM held
UNION ALL
SELECT 3, %(pool)s, NULL, NULL, 0, 0, 0, max(p.recorded_at), NULL, NULL,
       NULL, NULL, NULL, NULL, NULL, 0, 1, NULL
FROM of_pool AS o
JOIN posting AS p ON p.program = %(program)s AND p.home = %(home)s AND p.id = o.id
WHERE o.known;

-- name: lots_of_purchase
-- The lots that a purchase brought or that its postings drew, open or not, and how much of each expired. A lot of
-- the purchase may also have come by a transfer or a grace; a closed one was drawn by a posting of its pool.
WITH of_pool AS MATERIALIZED (
    SELECT id, purchase FROM posting WHERE program = %(program)s AND home = %(home)s AND pool = %(pool)s
),
of_purchase AS (
    SELECT id FROM lot
    WHERE program = %(program)s AND home = %(home)s AND pool = %(pool)s AND open AND purchase = %(purchase)s
    UNION
    SELECT l.id FROM of_pool AS p
    JOIN draw AS d ON d.program = %(program)s AND d.home = %(home)s AND d.posting = p.id
    JOIN lot AS l ON l.program = %(program)s AND l.home = %(home)s AND l.id = d.lot
    WHERE p.purchase = %(purchase)s OR l.purchase = %(purchase)s
)
SELECT 0 AS part, l.pool, l.id, l.currency, l.amount, l.drawn, l.reserved, l.earned_at, l.active_at, l.expires_at,
       l.issuer, l.funder, l.promotion, l.revision, l.purchase, l.unit_cost_numerator, l.unit_cost_denominator, l.origin,
       coalesce((
           SELECT sum(d.amount) FROM draw AS d
           JOIN entry AS e ON e.program = d.program AND e.home = d.home AND e.posting = d.posting AND e.n = d.n
           WHERE d.program = l.program AND d.home = l.home AND d.lot = l.id AND 'expired' IN (e.source, e.target)
       ), 0)::bigint AS expired
FROM of_purchase AS o
JOIN lot AS l ON l.program = %(program)s AND l.home = %(home)s AND l.id = o.id;

-- name: spent_by_purchase
-- What a purchase drew to pay with, less what its returns have given back.
SELECT d.lot, e.currency, sum(d.amount)::bigint
FROM posting AS p
JOIN entry AS e ON e.program = p.program AND e.home = p.home AND e.posting = p.id
JOIN draw AS d ON d.program = e.program AND d.home = e.home AND d.posting = e.posting AND d.n = e.n
WHERE p.program = %s AND p.home = %s AND p.pool = %s AND p.purchase = %s AND 'redeemed' IN (e.source, e.target)
GROUP BY d.lot, e.currency
HAVING sum(d.amount) > 0;

-- name: posting
SELECT id, pool, kind, effective_at, recorded_at, actor, reason, purchase, related
FROM posting
WHERE program = %s AND home = %s AND id = %s;

-- name: entries_of_posting
SELECT currency, source, target, amount, partner
FROM entry
WHERE program = %s AND home = %s AND posting = %s
ORDER BY n;

-- name: draws_of_posting
SELECT n, lot, amount FROM draw WHERE program = %s AND home = %s AND posting = %s ORDER BY n, lot;

-- name: lots_of_posting
SELECT n, id FROM lot WHERE program = %s AND home = %s AND posting = %s ORDER BY n, id;

-- name: write_postings
INSERT INTO posting (program, home, id, pool, kind, purchase, related, effective_at, recorded_at, actor, reason)
SELECT %s, x.*
FROM unnest(
    %s::smallint[], %s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::timestamptz[],
    %s::timestamptz[], %s::text[], %s::text[]
)
     AS x (home, id, pool, kind, purchase, related, effective_at, recorded_at, actor, reason);

-- name: write_entries
INSERT INTO entry (program, home, posting, n, pool, currency, source, target, amount, partner)
SELECT %s, x.*
FROM unnest(
    %s::smallint[], %s::uuid[], %s::smallint[], %s::uuid[], %s::text[], %s::text[], %s::text[],
    %s::bigint[], %s::uuid[]
)
     AS x (home, posting, n, pool, currency, source, target, amount, partner);

-- name: write_lots
INSERT INTO lot (program, home, id, pool, currency, posting, n, purchase, issuer, funder, promotion, revision,
                 unit_cost_numerator, unit_cost_denominator, amount, drawn, reserved,
                 earned_at, active_at, expires_at, origin)
SELECT %s, x.*
FROM unnest(
    %s::smallint[], %s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::smallint[], %s::uuid[],
    %s::uuid[], %s::uuid[], %s::uuid[], %s::integer[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::uuid[]
)
     AS x (home, id, pool, currency, posting, n, purchase, issuer, funder, promotion, revision,
           unit_cost_numerator, unit_cost_denominator, amount, drawn, reserved,
           earned_at, active_at, expires_at, origin);

-- name: change_lots
UPDATE lot SET drawn = lot.drawn + x.drawn, reserved = lot.reserved + x.reserved
FROM unnest(%s::smallint[], %s::uuid[], %s::bigint[], %s::bigint[]) AS x (home, id, drawn, reserved)
WHERE lot.program = %s AND lot.home = x.home AND lot.id = x.id;

-- name: write_draws
INSERT INTO draw (program, home, posting, n, lot, amount)
SELECT %s, x.*
FROM unnest(%s::smallint[], %s::uuid[], %s::smallint[], %s::uuid[], %s::bigint[]) AS x (home, posting, n, lot, amount);

-- name: write_holds
INSERT INTO hold (program, home, id, pool, purchase, made_at, lapses_at)
SELECT %s, x.*
FROM unnest(%s::smallint[], %s::uuid[], %s::uuid[], %s::uuid[], %s::timestamptz[], %s::timestamptz[]) AS x (home, id, pool, purchase, made_at, lapses_at);

-- name: write_reservations
INSERT INTO reservation (program, home, hold, lot, amount)
SELECT %s, x.*
FROM unnest(%s::smallint[], %s::uuid[], %s::uuid[], %s::bigint[]) AS x (home, hold, lot, amount);

-- name: write_resolutions
INSERT INTO resolution (program, home, hold, kind, posting, resolved_at)
SELECT %s, x.*
FROM unnest(%s::smallint[], %s::uuid[], %s::text[], %s::uuid[], %s::timestamptz[]) AS x (home, hold, kind, posting, resolved_at);

-- name: close_holds
UPDATE hold SET open = false
FROM unnest(%s::smallint[], %s::uuid[]) AS x (home, id)
WHERE hold.program = %s AND hold.home = x.home AND hold.id = x.id;

-- name: write_sums
INSERT INTO account AS a (program, home, pool, currency, balance, debt)
SELECT %s, x.*
FROM unnest(%s::smallint[], %s::uuid[], %s::text[], %s::bigint[], %s::bigint[]) AS x (home, pool, currency, balance, debt)
ON CONFLICT (program, home, pool, currency) DO UPDATE SET balance = excluded.balance, debt = excluded.debt;

-- name: pools_with_expired_points
SELECT DISTINCT home, pool
FROM lot
WHERE program = %s AND open AND expires_at <= %s AND drawn + reserved < amount
ORDER BY home, pool
LIMIT %s;

-- name: pools_with_lapsed_holds
SELECT DISTINCT home, pool
FROM hold
WHERE program = %s AND open AND lapses_at <= %s
ORDER BY home, pool
LIMIT %s;

-- name: statement
WITH moved AS (
    SELECT p.id, p.kind, p.effective_at, p.recorded_at, p.purchase, p.related, p.actor, p.reason, e.currency,
           sum(CASE WHEN e.target = 'points' THEN e.amount WHEN e.source = 'points' THEN -e.amount ELSE 0 END) AS change,
           sum(CASE WHEN e.source = 'debt' THEN e.amount WHEN e.target = 'debt' THEN -e.amount ELSE 0 END) AS debt_change
    FROM posting AS p
    JOIN entry AS e ON e.program = p.program AND e.home = p.home AND e.posting = p.id
    WHERE p.program = %(program)s AND p.home = %(home)s AND p.pool = %(pool)s AND p.recorded_at < %(until)s
      AND (%(currency)s::text IS NULL OR e.currency = %(currency)s)
    GROUP BY p.program, p.home, p.id, e.currency
),
running AS (
    SELECT *, sum(change) OVER so_far AS balance, sum(debt_change) OVER so_far AS debt
    FROM moved
    WINDOW so_far AS (PARTITION BY currency ORDER BY recorded_at, id)
)
SELECT id, kind, effective_at, recorded_at, purchase, related, actor, reason, currency,
       change::bigint, debt_change::bigint, balance::bigint, debt::bigint
FROM running
WHERE recorded_at >= %(since)s
  AND (recorded_at, id, currency) < (%(before_recorded_at)s, %(before_posting)s, %(before_currency)s)
ORDER BY recorded_at DESC, id DESC, currency DESC
LIMIT %(limit)s;

-- name: movements_of_purchase
-- What the postings of one purchase did to a pool, in the order of recording; no running sums.
SELECT p.id, p.kind, p.effective_at, p.recorded_at, p.purchase, p.related, p.actor, p.reason, e.currency,
       sum(CASE WHEN e.target = 'points' THEN e.amount WHEN e.source = 'points' THEN -e.amount ELSE 0 END)::bigint,
       sum(CASE WHEN e.source = 'debt' THEN e.amount WHEN e.target = 'debt' THEN -e.amount ELSE 0 END)::bigint
FROM posting AS p
JOIN entry AS e ON e.program = p.program AND e.home = p.home AND e.posting = p.id
WHERE p.program = %s AND p.home = %s AND p.pool = %s AND p.purchase = %s
GROUP BY p.program, p.home, p.id, e.currency
ORDER BY p.recorded_at, p.id, e.currency;
