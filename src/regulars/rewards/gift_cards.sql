-- name: issue
INSERT INTO gift_card (program, home, id, purpose, tax_rate, partner, issued_at) VALUES (%s, %s, %s, %s, %s, %s, %s);

-- name: keep_code
INSERT INTO gift_card_code (program, id, home, card, serial) VALUES (%s, %s, %s, %s, %s);

-- name: presented
-- The cards of codes, for a whole batch; with a code that is not in force any more its card shows another serial.
SELECT asked.id, c.serial, g.id, g.serial, g.purpose, g.tax_rate, g.partner, g.issued_at, g.blocked_at
FROM unnest(%s::uuid[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT * FROM gift_card_code WHERE program = %s AND id = asked.id OFFSET 0
) AS c
CROSS JOIN LATERAL (
    SELECT * FROM gift_card WHERE program = c.program AND home = c.home AND id = c.card OFFSET 0
) AS g;

-- name: find
SELECT id, serial, purpose, tax_rate, partner, issued_at, blocked_at
FROM gift_card WHERE program = %s AND home = %s AND id = %s;

-- name: block
UPDATE gift_card SET blocked_at = %s WHERE program = %s AND home = %s AND id = %s AND blocked_at IS NULL;

-- name: unblock
UPDATE gift_card SET blocked_at = NULL WHERE program = %s AND home = %s AND id = %s AND blocked_at IS NOT NULL;

-- name: renew
UPDATE gift_card SET serial = serial + 1 WHERE program = %s AND home = %s AND id = %s RETURNING serial;
