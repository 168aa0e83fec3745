-- name: note
-- The guard: a line is entered once.
INSERT INTO gift_card_sale (program, home, purchase, line, card, amount, sold_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (program, home, purchase, line) DO NOTHING
RETURNING line;

-- name: of
SELECT line, card, amount, sold_at FROM gift_card_sale WHERE program = %s AND home = %s AND purchase = %s ORDER BY line;
