-- name: enter
-- The row is there and locked, whether it was there before or not.
INSERT INTO wallet_pass AS p (program, home, card, shown, changed_at, looked_at)
SELECT %(program)s, %(home)s, %(card)s, %(shown)s, %(at)s, %(at)s
FROM card AS c
WHERE c.program = %(program)s AND c.home = %(home)s AND c.id = %(card)s
ON CONFLICT (program, home, card) DO UPDATE SET looked_at = p.looked_at
RETURNING card;

-- name: register
-- The flow holds the pass, so that two phones do not both find room for the last one.
INSERT INTO wallet_phone AS p (program, home, card, device, push, since)
SELECT %(program)s, %(home)s, %(card)s, %(device)s, %(push)s, %(at)s
WHERE (
    SELECT count(*) FROM wallet_phone AS o
    WHERE o.program = %(program)s AND o.home = %(home)s AND o.card = %(card)s AND o.device <> %(device)s
) < %(most)s
ON CONFLICT (program, home, card, device) DO UPDATE SET push = excluded.push
RETURNING p.since = %(at)s;

-- name: lock
SELECT card FROM wallet_pass WHERE program = %s AND home = %s AND card = %s FOR UPDATE;

-- name: unregister
DELETE FROM wallet_phone WHERE program = %s AND home = %s AND card = %s AND device = %s RETURNING card;

-- name: leave
DELETE FROM wallet_pass AS p
WHERE p.program = %(program)s AND p.home = %(home)s AND p.card = %(card)s AND NOT EXISTS (
    SELECT FROM wallet_phone AS o WHERE o.program = %(program)s AND o.home = %(home)s AND o.card = %(card)s
);

-- name: changed
-- The passes of one phone that show something new since an instant.
SELECT p.card, w.changed_at
FROM wallet_phone AS p
JOIN wallet_pass AS w ON w.program = p.program AND w.home = p.home AND w.card = p.card
WHERE p.device = %(device)s AND p.program = %(program)s AND w.changed_at > %(since)s
ORDER BY w.changed_at, p.card
LIMIT %(most)s;

-- name: changed_at
SELECT changed_at FROM wallet_pass WHERE program = %s AND home = %s AND card = %s;

-- name: try_lock
SELECT pg_try_advisory_xact_lock(hashtextextended('regulars.passes.' || %s::text, 0));

-- name: due
-- Those that were not looked at for longest.
SELECT card, shown FROM wallet_pass
WHERE looked_at < %(before)s AND program = %(program)s
ORDER BY looked_at
LIMIT %(most)s
FOR UPDATE;

-- name: looked
UPDATE wallet_pass AS p
SET looked_at = %(at)s, shown = n.shown,
    changed_at = CASE WHEN p.shown = n.shown THEN p.changed_at ELSE %(at)s END
FROM unnest(%(homes)s::smallint[], %(cards)s::uuid[], %(shown)s::bytea[]) AS n (home, card, shown)
WHERE p.program = %(program)s AND p.home = n.home AND p.card = n.card;

-- name: phones
SELECT n.card, o.device, o.push
FROM unnest(%(homes)s::smallint[], %(cards)s::uuid[]) AS n (home, card)
CROSS JOIN LATERAL (
    SELECT p.device, p.push FROM wallet_phone AS p
    WHERE p.program = %(program)s AND p.home = n.home AND p.card = n.card
    OFFSET 0
) AS o;

-- name: forget_phones
DELETE FROM wallet_phone AS p USING card AS c
WHERE c.member = %(member)s AND c.program = %(program)s
    AND p.program = c.program AND p.home = c.home AND p.card = c.id;

-- name: forget_passes
DELETE FROM wallet_pass AS p USING card AS c
WHERE c.member = %(member)s AND c.program = %(program)s
    AND p.program = c.program AND p.home = c.home AND p.card = c.id;
