-- name: enter
-- Found once more, an open finding grows, in what it counts or in what shows it; one that was decided stays as it was
-- decided.
INSERT INTO finding AS f (program, id, kind, named, store, till, cashier, member, happened, count, usual, amount,
    evidence, found_at)
VALUES (%(program)s, %(id)s, %(kind)s, %(named)s, %(store)s, %(till)s, %(cashier)s, %(member)s,
    tstzrange(%(first)s, %(last)s, '[]'), %(count)s, %(usual)s, %(amount)s, %(evidence)s, %(at)s)
ON CONFLICT (program, kind, named) DO UPDATE SET store = excluded.store, till = excluded.till,
    cashier = excluded.cashier, member = excluded.member, count = excluded.count, usual = excluded.usual,
    amount = excluded.amount, evidence = excluded.evidence, happened = excluded.happened
    WHERE f.status = 'open'
      AND (excluded.count, jsonb_array_length(excluded.evidence)) > (f.count, jsonb_array_length(f.evidence))
RETURNING id;

-- name: find
SELECT id, kind, store, till, cashier, member, lower(happened), upper(happened), count, usual, amount, evidence, found_at,
    status, decided_by, decided_at, word
FROM finding WHERE program = %s AND id = %s;

-- name: page
SELECT id, kind, store, till, cashier, member, lower(happened), upper(happened), count, usual, amount, evidence, found_at,
    status, decided_by, decided_at, word
FROM finding
WHERE program = %(program)s AND id < %(before)s AND (%(status)s::text IS NULL OR status = %(status)s::text)
  AND (%(kind)s::text IS NULL OR kind = %(kind)s::text)
  AND (%(cashier)s::text IS NULL OR cashier = %(cashier)s::text)
  AND (%(stores)s::uuid[] IS NULL OR store = ANY(%(stores)s::uuid[]))
  AND happened && tstzrange(%(since)s, %(until)s)
ORDER BY id DESC LIMIT %(limit)s;

-- name: decide
UPDATE finding SET status = %(status)s, decided_at = %(at)s, word = %(word)s,
    decided_by = nullif(current_setting('regulars.actor', true), '')::jsonb - 'address' - 'agent' - 'by' - 'why'
WHERE program = %(program)s AND id = %(id)s AND status = 'open'
RETURNING id;

-- name: reopen
UPDATE finding SET status = 'open', decided_at = NULL, decided_by = NULL, word = ''
WHERE program = %(program)s AND id = %(id)s AND status <> 'open'
RETURNING id;

