-- name: note
-- The guard: a line is entered once.
INSERT INTO prepaid_sale (program, home, purchase, line, kind, what, amount, sold_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (program, home, purchase, line) DO NOTHING
RETURNING line;

-- name: of
SELECT line, kind, what, amount, sold_at FROM prepaid_sale WHERE program = %s AND home = %s AND purchase = %s
ORDER BY line;
