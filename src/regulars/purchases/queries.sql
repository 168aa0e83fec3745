-- name: record
INSERT INTO purchase (program, home, id, pool, member, card, partner, store, till, cashier, receipt_number, request, held,
    purchased_at, recorded_at, currency, gross, discount, paid_with_points, payable, turnover, earned, spent, document)
SELECT %s, home, id, pool, member, card, partner, store, till, cashier, receipt_number, request, held,
    purchased_at, %s, currency, gross, discount, paid_with_points, payable, turnover, earned, spent, document
FROM unnest(%b::smallint[], %b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[],
    %b::text[], %b::text[], %b::boolean[], %b::timestamptz[], %b::text[], %b::bigint[], %b::bigint[], %b::bigint[],
    %b::bigint[], %b::bigint[], %b::bigint[], %b::bigint[], %b::bytea[])
    AS t (home, id, pool, member, card, partner, store, till, cashier, receipt_number, request, held,
    purchased_at, currency, gross, discount, paid_with_points, payable, turnover, earned, spent, document);

-- name: confirm
INSERT INTO confirmation (program, home, purchase, recorded_at, gross, discount, paid_with_points, payable, turnover,
    earned, spent, document)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: void
INSERT INTO voiding (program, home, purchase, reason, voided_at, pool, purchased_at)
SELECT p.program, p.home, p.id, a.reason, a.at, p.pool, p.purchased_at
FROM (SELECT %s::uuid AS program, %s::smallint AS home, %s::uuid AS purchase, %s::text AS reason, %s::timestamptz AS at) a
JOIN purchase p ON (p.program, p.home, p.id) = (a.program, a.home, a.purchase)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: give_back
INSERT INTO goods_return (program, home, id, purchase, store, request, returned_at, recorded_at, gross_back, money_back, discount_back,
    turnover_back, points_back, points_taken, document, pool, purchased_at)
SELECT a.program, a.home, a.id, a.purchase, a.store, a.request, a.returned_at, a.recorded_at, a.gross_back, a.money_back,
    a.discount_back, a.turnover_back, a.points_back, a.points_taken, a.document, p.pool, p.purchased_at
FROM (
    SELECT %s::uuid AS program, %s::smallint AS home, %s::uuid AS id, %s::uuid AS purchase, %s::uuid AS store,
        %s::text AS request, %s::timestamptz AS returned_at, %s::timestamptz AS recorded_at, %s::bigint AS gross_back,
        %s::bigint AS money_back, %s::bigint AS discount_back, %s::bigint AS turnover_back, %s::bigint AS points_back,
        %s::bigint AS points_taken, %s::bytea AS document
) a
JOIN purchase p ON (p.program, p.home, p.id) = (a.program, a.home, a.purchase);

-- name: find
SELECT p.id, p.home, p.pool, p.member, p.card, p.partner, p.store, p.till, p.cashier, p.receipt_number, p.request, p.held,
    p.purchased_at, p.recorded_at, coalesce(c.recorded_at, p.recorded_at), coalesce(k.document, c.document, p.document),
    c.purchase IS NOT NULL, v.reason, h.lapses_at, h.id, r.kind, k.member, k.pool, k.claimed_at
FROM purchase p
LEFT JOIN confirmation c ON (c.program, c.home, c.purchase) = (p.program, p.home, p.id)
LEFT JOIN voiding v ON (v.program, v.home, v.purchase) = (p.program, p.home, p.id)
LEFT JOIN hold h ON p.held AND (h.program, h.home, h.purchase) = (p.program, p.home, p.id)
LEFT JOIN resolution r ON (r.program, r.home, r.hold) = (h.program, h.home, h.id)
LEFT JOIN purchase_claim k ON (k.program, k.home, k.purchase) = (p.program, p.home, p.id)
WHERE p.program = %s AND p.home = %s AND p.id = %s;

-- name: came_back
SELECT p.id, coalesce(c.document, p.document),
    array(SELECT r.document FROM goods_return r WHERE (r.program, r.home, r.purchase) = (p.program, p.home, p.id))
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
JOIN purchase p ON p.program = %s AND (p.home, p.id) = (asked.home, asked.id)
LEFT JOIN confirmation c ON (c.program, c.home, c.purchase) = (p.program, p.home, p.id);

-- name: returns
SELECT id, request, returned_at, recorded_at, document
FROM goods_return
WHERE program = %s AND home = %s AND purchase = %s
ORDER BY recorded_at, id;
