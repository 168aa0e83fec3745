-- name: keep
-- The flow holds the member's row, so that two at once do not both find room for the last one. A card that she keeps
-- already is kept by the code that she showed now.
INSERT INTO kept_gift_card AS k (program, home, member, card, card_home, serial, kept_at)
SELECT %(program)s, %(home)s, %(member)s, %(card)s, %(card_home)s, %(serial)s, %(at)s
WHERE (
    SELECT count(*) FROM kept_gift_card
    WHERE program = %(program)s AND home = %(home)s AND member = %(member)s AND card <> %(card)s
) < %(most)s
ON CONFLICT (program, home, member, card) DO UPDATE SET serial = excluded.serial, kept_at = excluded.kept_at
RETURNING k.card;

-- name: kept
-- The cards that she keeps, those that got another code since left out.
SELECT g.id, g.serial, g.purpose, g.tax_rate, g.partner, g.issued_at, g.blocked_at
FROM kept_gift_card k
CROSS JOIN LATERAL (
    SELECT * FROM gift_card g WHERE (g.program, g.home, g.id) = (k.program, k.card_home, k.card) OFFSET 0
) AS g
WHERE k.program = %s AND k.home = %s AND k.member = %s AND g.serial = k.serial
ORDER BY k.kept_at DESC, k.card;

-- name: used
-- Whether the program has given out any gift card.
SELECT EXISTS (SELECT FROM gift_card WHERE program = %s);

-- name: let_go
DELETE FROM kept_gift_card WHERE program = %s AND home = %s AND member = %s AND card = %s RETURNING card;

-- name: copy
-- A merge: what the duplicate keeps the survivor keeps too.
INSERT INTO kept_gift_card (program, home, member, card, card_home, serial, kept_at, reminded_of)
SELECT program, %s, %s, card, card_home, serial, kept_at, reminded_of
FROM kept_gift_card WHERE program = %s AND home = %s AND member = %s
ON CONFLICT (program, home, member, card) DO NOTHING;

-- name: remind
-- The guard of the reminder: who sets it writes the message.
UPDATE kept_gift_card SET reminded_of = %(of)s
WHERE program = %(program)s AND home = %(home)s AND member = %(member)s AND card = %(card)s
    AND (reminded_of IS NULL OR reminded_of < %(of)s)
RETURNING card;

-- name: forget
DELETE FROM kept_gift_card WHERE program = %s AND home = %s AND member = %s;
