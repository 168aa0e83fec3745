-- name: note
INSERT INTO missed_guess AS m (program, day, store, till, cashier, what, guess, times, first_at, last_at)
SELECT %(program)s, %(day)s, %(store)s, %(till)s, %(cashier)s, g.what, g.guess, 1, %(at)s, %(at)s
FROM unnest(%(whats)s::text[], %(guesses)s::bytea[]) AS g (what, guess)
ORDER BY g.what, g.guess
ON CONFLICT (program, day, store, till, cashier, what, guess) DO UPDATE SET times = m.times + 1,
    last_at = greatest(m.last_at, excluded.last_at), xid = excluded.xid;

-- name: forget
DELETE FROM missed_guess WHERE program = %(program)s AND what = 'member' AND guess = ANY(%(guesses)s::bytea[]);

-- name: days
-- Days at a till, and a cashier there, on which something new was tried, counted whole.
WITH fresh AS (
    SELECT DISTINCT day, store, till, cashier FROM missed_guess
    WHERE program = %(program)s AND what = %(what)s AND xid >= %(from)s AND xid < %(until)s
)
SELECT m.day, nullif(m.store, '00000000-0000-0000-0000-000000000000'), m.till, m.cashier, count(*), min(m.first_at),
    max(m.last_at)
FROM fresh f
JOIN missed_guess m ON m.program = %(program)s AND m.what = %(what)s
    AND (m.day, m.store, m.till, m.cashier) = (f.day, f.store, f.till, f.cashier)
GROUP BY m.day, m.store, m.till, m.cashier;

-- name: prune
DELETE FROM missed_guess WHERE program = %(program)s AND day < %(before)s::date;
