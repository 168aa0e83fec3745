-- name: try_lock
-- One teller per program.
SELECT pg_try_advisory_xact_lock(hashtextextended('regulars.tell.' || %s::text, 0));

-- name: horizon
-- Every transaction below this number has ended, and what it wrote can be seen.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

-- name: cut
-- The number up to which there are about so many facts; a transaction is never divided.
SELECT max(xid) + 1, count(*) FROM (
    SELECT xid FROM (
        SELECT xid FROM posting WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
        UNION ALL
        SELECT xid FROM purchase WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
        UNION ALL
        SELECT xid FROM confirmation WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
        UNION ALL
        SELECT xid FROM voiding WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
        UNION ALL
        SELECT xid FROM goods_return WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
        UNION ALL
        SELECT xid FROM consent WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
        UNION ALL
        SELECT xid FROM consent_confirmation WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    ) AS facts
    ORDER BY xid
    LIMIT %(most)s
) AS first;

-- name: purchases
-- Facts that lay more than a month back when they were recorded are history that was imported: nobody is told.
SELECT p.xid, p.id, p.member, p.card, p.store, p.partner, p.till, p.receipt_number, p.held, p.purchased_at,
    p.recorded_at, p.currency, p.gross, p.discount, p.paid_with_points, p.payable, p.earned, p.spent,
    CASE WHEN %(documents)s THEN p.document END
FROM purchase AS p
WHERE p.program = %(program)s AND p.xid >= %(from)s AND p.xid < %(until)s
    AND p.purchased_at > p.recorded_at - interval '30 days'
    AND NOT EXISTS (SELECT FROM block_member AS m WHERE m.program = %(program)s AND m.home = p.home AND m.fact = p.id
        AND m.kind = 'purchase' AND m.height <= %(sealed)s);

-- name: confirmations
SELECT c.xid, c.purchase, p.member, p.card, p.store, p.partner, p.till, p.receipt_number, p.purchased_at,
    c.recorded_at, p.currency, c.gross, c.discount, c.paid_with_points, c.payable, c.earned, c.spent,
    CASE WHEN %(documents)s THEN c.document END
FROM confirmation AS c
JOIN purchase AS p ON p.program = c.program AND p.home = c.home AND p.id = c.purchase
WHERE c.program = %(program)s AND c.xid >= %(from)s AND c.xid < %(until)s
    AND NOT EXISTS (SELECT FROM block_member AS m WHERE m.program = %(program)s AND m.home = c.home
        AND m.fact = c.purchase AND m.kind = 'confirmation' AND m.height <= %(sealed)s);

-- name: voidings
SELECT v.xid, v.purchase, p.member, p.store, p.partner, p.purchased_at, v.voided_at
FROM voiding AS v
JOIN purchase AS p ON p.program = v.program AND p.home = v.home AND p.id = v.purchase
WHERE v.program = %(program)s AND v.xid >= %(from)s AND v.xid < %(until)s
    AND NOT EXISTS (SELECT FROM block_member AS m WHERE m.program = %(program)s AND m.home = v.home
        AND m.fact = v.purchase AND m.kind = 'voiding' AND m.height <= %(sealed)s);

-- name: returns
SELECT r.xid, r.id, r.purchase, p.member, r.store, p.partner, r.returned_at, r.recorded_at, r.money_back,
    r.discount_back, r.points_back, r.points_taken
FROM goods_return AS r
JOIN purchase AS p ON p.program = r.program AND p.home = r.home AND p.id = r.purchase
WHERE r.program = %(program)s AND r.xid >= %(from)s AND r.xid < %(until)s
    AND r.returned_at > r.recorded_at - interval '30 days'
    AND NOT EXISTS (SELECT FROM block_member AS m WHERE m.program = %(program)s AND m.home = r.home AND m.fact = r.id
        AND m.kind = 'return' AND m.height <= %(sealed)s);

-- name: postings
-- One row for each account, currency and direction that a posting moved; what came in has the dates of its lot. Money
-- of gift cards and vouchers is no points.
SELECT s.xid, s.id, s.kind, s.purchase, s.pool, k.kind, s.effective_at, s.recorded_at, e.currency, e.source, e.target,
    e.amount, l.active_at, l.expires_at,
    CASE WHEN k.kind = 'person' AND s.purchase IS NULL THEN (
        SELECT o.id FROM member AS o
        WHERE o.pool = s.pool AND o.program = %(program)s AND o.own_pool IS NULL
        ORDER BY o.merged_into IS NOT NULL, o.id
        LIMIT 1
    ) END
FROM posting AS s
JOIN pool AS k ON k.program = s.program AND k.home = s.home AND k.id = s.pool AND k.kind NOT IN ('gift_card', 'voucher')
JOIN entry AS e ON e.program = s.program AND e.home = s.home AND e.posting = s.id
LEFT JOIN LATERAL (
    SELECT t.active_at, t.expires_at FROM lot AS t
    WHERE t.posting = s.id AND t.program = %(program)s AND t.n = e.n
    ORDER BY t.id
    LIMIT 1
) AS l ON true
WHERE s.program = %(program)s AND s.xid >= %(from)s AND s.xid < %(until)s
    AND s.effective_at > s.recorded_at - interval '30 days'
    AND NOT EXISTS (SELECT FROM block_member AS m WHERE m.program = %(program)s AND m.home = s.home AND m.fact = s.id
        AND m.kind = 'posting' AND m.height <= %(sealed)s)
ORDER BY s.id, e.n;

-- name: consents
SELECT c.xid, c.id, c.member, c.channel, c.purpose, c.granted, c.to_confirm, c.recorded_at, false
FROM consent AS c
WHERE c.program = %(program)s AND c.xid >= %(from)s AND c.xid < %(until)s
    AND NOT EXISTS (SELECT FROM block_member AS m WHERE m.program = %(program)s AND m.home = c.home AND m.fact = c.id
        AND m.kind = 'consent' AND m.height <= %(sealed)s)
UNION ALL
SELECT n.xid, c.id, c.member, c.channel, c.purpose, c.granted, false, n.confirmed_at, true
FROM consent_confirmation AS n
JOIN consent AS c ON c.program = n.program AND c.home = n.home AND c.member = n.member AND c.id = n.consent
WHERE n.program = %(program)s AND n.xid >= %(from)s AND n.xid < %(until)s
    AND NOT EXISTS (SELECT FROM block_member AS m WHERE m.program = %(program)s AND m.home = n.home
        AND m.fact = n.consent AND m.kind = 'consent_confirmation' AND m.height <= %(sealed)s);

-- name: purchases_named
SELECT p.id, p.member, p.store, p.partner
FROM unnest(%(homes)s::smallint[], %(ids)s::uuid[]) AS t (home, id)
CROSS JOIN LATERAL (
    SELECT q.id, q.member, q.store, q.partner FROM purchase AS q
    WHERE q.program = %(program)s AND q.home = t.home AND q.id = t.id
    OFFSET 0
) AS p;

-- name: codes_used
SELECT t.id, c.promotion, c.holder
FROM unnest(%(homes)s::smallint[], %(ids)s::uuid[]) AS t (home, id)
CROSS JOIN LATERAL (
    SELECT k.promotion, k.holder FROM claim AS k
    WHERE k.program = %(program)s AND k.home = t.home AND k.purchase = t.id AND k.rule = 'code'
        AND k.kind NOT IN ('return', 'void')
    GROUP BY k.promotion, k.holder
    HAVING sum(k.amount) > 0
    OFFSET 0
) AS c;
