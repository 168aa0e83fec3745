-- name: enter
INSERT INTO voucher_money (program, home, id, batch, lot, worth, codes, purpose, tax_rate, partner, issued_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: find
SELECT id, batch, lot, worth, codes, purpose, tax_rate, partner, issued_at
FROM voucher_money WHERE program = %s AND home = %s AND id = %s;

-- name: booked
SELECT used, partner, drawn, voided FROM voucher_booked WHERE program = %s AND home = %s AND code = %s;

-- name: book
-- The pool of the money is locked: nobody else books this code.
INSERT INTO voucher_booked AS b (program, home, code, money, used, partner, drawn, voided)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (program, home, code) DO UPDATE
SET used = excluded.used, partner = excluded.partner, drawn = excluded.drawn, voided = excluded.voided;
