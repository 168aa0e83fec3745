-- name: lock
SELECT pg_try_advisory_xact_lock(hashtextextended('regulars.watch.' || %s::text, 0));

-- name: snapshot
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

-- name: mark
SELECT xid_until FROM watch_mark WHERE program = %s;

-- name: move
INSERT INTO watch_mark (program, xid_until) VALUES (%s, %s)
ON CONFLICT (program) DO UPDATE SET xid_until = excluded.xid_until;

-- name: card_often
-- Days of a customer at a store on which something new was recorded, counted whole: what one till had of them, and what one
-- cashier had at whichever till. Where both are many it is one day, each receipt once; the till is empty where there are
-- several, and then the cashier is empty too unless one of them had that many.
WITH fresh AS (
    SELECT DISTINCT p.store, coalesce(p.card, p.member) AS customer, (p.purchased_at AT TIME ZONE s.time_zone)::date AS day,
        s.time_zone AS zone
    FROM purchase p
    JOIN store s ON (s.program, s.id) = (p.program, p.store)
    WHERE p.program = %(program)s AND p.xid >= %(from)s AND p.xid < %(until)s
      AND coalesce(p.card, p.member) IS NOT NULL
),
counted AS (
    SELECT f.day, f.customer, p.store, p.till, p.cashier, p.member, p.purchased_at, p.turnover, p.id,
        count(*) OVER (PARTITION BY f.day, f.customer, p.store, p.till) AS of_till,
        CASE WHEN p.cashier <> '' THEN count(*) OVER (PARTITION BY f.day, f.customer, p.store, p.cashier) ELSE 0 END
            AS of_cashier
    FROM fresh f
    JOIN purchase p ON p.program = %(program)s AND p.store = f.store AND coalesce(p.card, p.member) = f.customer
        AND p.purchased_at >= f.day::timestamp AT TIME ZONE f.zone
        AND p.purchased_at < (f.day + 1)::timestamp AT TIME ZONE f.zone
    LEFT JOIN voiding v ON (v.program, v.home, v.purchase) = (p.program, p.home, p.id)
    WHERE v.purchase IS NULL
)
SELECT c.day, c.store, CASE WHEN min(c.till) = max(c.till) THEN min(c.till) ELSE '' END,
    CASE
        WHEN min(c.till) = max(c.till) THEN mode() WITHIN GROUP (ORDER BY c.cashier)
        WHEN max(c.of_cashier) >= %(often)s THEN (array_agg(c.cashier ORDER BY c.of_cashier DESC, c.cashier))[1]
        ELSE ''
    END,
    c.customer, (array_agg(c.member ORDER BY c.purchased_at))[1], min(c.purchased_at), max(c.purchased_at), count(*),
    sum(c.turnover)::bigint, array_agg(c.id ORDER BY c.purchased_at)
FROM counted c
WHERE greatest(c.of_till, c.of_cashier) >= %(often)s
GROUP BY c.day, c.store, c.customer;

-- name: returns_soon
WITH fresh AS (
    SELECT DISTINCT p.store, p.cashier, (r.returned_at AT TIME ZONE s.time_zone)::date AS day, s.time_zone AS zone
    FROM goods_return r
    JOIN purchase p ON (p.program, p.home, p.id) = (r.program, r.home, r.purchase)
    JOIN store s ON (s.program, s.id) = (p.program, p.store)
    WHERE r.program = %(program)s AND r.xid >= %(from)s AND r.xid < %(until)s AND p.cashier <> ''
      AND r.returned_at - p.purchased_at <= make_interval(mins => %(minutes)s)
)
SELECT f.day, f.store, (array_agg(p.till ORDER BY r.returned_at))[1], f.cashier, min(r.returned_at), max(r.returned_at),
    count(*), sum(r.money_back)::bigint, array_agg(p.id ORDER BY r.returned_at)
FROM fresh f
JOIN goods_return r ON r.program = %(program)s AND r.store = f.store
    AND r.returned_at >= f.day::timestamp AT TIME ZONE f.zone
    AND r.returned_at < (f.day + 1)::timestamp AT TIME ZONE f.zone
JOIN purchase p ON (p.program, p.home, p.id) = (r.program, r.home, r.purchase)
WHERE p.cashier = f.cashier AND r.returned_at - p.purchased_at <= make_interval(mins => %(minutes)s)
GROUP BY f.day, f.store, f.cashier
HAVING count(*) >= %(most)s;

-- name: returns_share
-- In the four weeks up to now, at stores where something came back: of a hundred receipts of each cashier, how many
-- came back, beside those of her colleagues there.
WITH fresh AS (
    SELECT DISTINCT p.store FROM goods_return r
    JOIN purchase p ON (p.program, p.home, p.id) = (r.program, r.home, r.purchase)
    WHERE r.program = %(program)s AND r.xid >= %(from)s AND r.xid < %(until)s
),
sold AS (
    SELECT p.store, p.cashier, count(DISTINCT p.id) AS receipts, count(r.id) AS returns,
        coalesce(sum(r.money_back), 0)::bigint AS money,
        array_agg(p.id ORDER BY p.id) FILTER (WHERE r.id IS NOT NULL) AS ids,
        min(r.returned_at) AS first, max(r.returned_at) AS last
    FROM fresh f
    JOIN purchase p ON p.program = %(program)s AND p.store = f.store
        AND p.purchased_at >= %(at)s::timestamptz - interval '28 days' AND p.purchased_at < %(at)s
    LEFT JOIN goods_return r ON (r.program, r.home, r.purchase) = (p.program, p.home, p.id)
    GROUP BY p.store, p.cashier
),
beside AS (
    SELECT s.*, sum(s.receipts) OVER store - s.receipts AS other_receipts,
        sum(s.returns) OVER store - s.returns AS other_returns
    FROM sold s WINDOW store AS (PARTITION BY s.store)
)
SELECT b.store, b.cashier, b.receipts, b.returns, b.money, b.ids, b.first, b.last,
    (b.other_returns * 1000 / b.other_receipts)::bigint AS usual, (b.returns * 1000 / b.receipts)::bigint AS share
FROM beside b
WHERE b.cashier <> '' AND b.returns >= 5 AND b.receipts >= 20 AND b.other_receipts >= 100
  AND b.returns::numeric / b.receipts >= %(times)s * greatest(b.other_returns::numeric / b.other_receipts, 0.005);

-- name: adjusted_and_spent
-- Points given by hand of whose account something new was paid, claimed, or passed on soon after, with all that was. What
-- was held first counts as of the instant at which it was held.
WITH left_it AS (
    SELECT DISTINCT s.home, s.pool, coalesce(p.recorded_at, r.redeemed_at, s.recorded_at) AS at
    FROM posting s
    LEFT JOIN purchase p ON (p.program, p.home, p.id) = (s.program, s.home, s.purchase)
    LEFT JOIN redemption r ON (r.program, r.home, r.id) = (s.program, s.home, s.related)
    WHERE s.program = %(program)s AND s.xid >= %(from)s AND s.xid < %(until)s AND s.kind = ANY(%(kinds)s)
),
given AS (
    SELECT a.home, a.id, a.pool, a.recorded_at, e.currency, sum(e.amount)::bigint AS amount
    FROM (
        SELECT DISTINCT a.home, a.id, a.pool, a.recorded_at FROM left_it l
        JOIN posting a ON a.program = %(program)s AND a.home = l.home AND a.pool = l.pool AND a.kind = 'adjustment'
            AND a.recorded_at <= l.at AND a.recorded_at >= l.at - make_interval(mins => %(minutes)s)
    ) a
    JOIN entry e ON (e.program, e.home, e.posting) = (%(program)s, a.home, a.id) AND e.source = 'adjusted'
    GROUP BY a.home, a.id, a.pool, a.recorded_at, e.currency
)
SELECT g.id, g.amount, g.recorded_at, s.id, p.id, r.id, coalesce(p.store, r.store), coalesce(p.till, ''),
    coalesce(p.cashier, ''), coalesce(p.member, r.member, whose.id), coalesce(p.recorded_at, r.redeemed_at, s.recorded_at),
    p.paid_with_points
FROM given g
JOIN posting s ON s.program = %(program)s AND s.home = g.home AND s.pool = g.pool AND s.recorded_at >= g.recorded_at
    AND s.kind = ANY(%(kinds)s)
LEFT JOIN purchase p ON (p.program, p.home, p.id) = (s.program, s.home, s.purchase)
LEFT JOIN redemption r ON (r.program, r.home, r.id) = (s.program, s.home, s.related)
LEFT JOIN LATERAL (
    SELECT m.id FROM member m WHERE m.program = %(program)s AND m.pool = g.pool AND m.own_pool IS NULL
    UNION ALL
    SELECT m.id FROM member m WHERE m.program = %(program)s AND m.pool = g.pool AND m.own_pool IS NOT NULL
    UNION ALL
    SELECT m.id FROM member m WHERE m.program = %(program)s AND m.home = g.home AND m.own_pool = g.pool
    ORDER BY id LIMIT 1
) whose ON p.member IS NULL AND r.member IS NULL
WHERE coalesce(p.recorded_at, r.redeemed_at, s.recorded_at)
    BETWEEN g.recorded_at AND g.recorded_at + make_interval(mins => %(minutes)s)
  AND EXISTS (SELECT FROM entry e WHERE (e.program, e.home, e.posting) = (s.program, s.home, s.id)
    AND e.source = 'points' AND e.currency = g.currency)
ORDER BY 11, s.id;

-- name: documents
-- What was recorded with the codes that were tried: only new purchases, the oldest first.
SELECT p.id, p.store, p.till, p.cashier, (p.purchased_at AT TIME ZONE s.time_zone)::date, p.purchased_at, p.document
FROM purchase p
JOIN store s ON (s.program, s.id) = (p.program, p.store)
WHERE p.program = %(program)s AND p.xid >= %(from)s AND p.xid < %(until)s;

-- name: documents_of_days
-- What cashiers recorded on whole days at their tills, the oldest first.
SELECT p.id, p.store, p.till, p.cashier, f.day, p.purchased_at, p.document
FROM unnest(%(stores)s::uuid[], %(tills)s::text[], %(cashiers)s::text[], %(days)s::text[]::date[])
    AS f (store, till, cashier, day)
JOIN store s ON s.program = %(program)s AND s.id = f.store
JOIN purchase p ON p.program = %(program)s AND p.store = f.store AND p.till = f.till AND p.cashier = f.cashier
    AND p.purchased_at >= f.day::timestamp AT TIME ZONE s.time_zone
    AND p.purchased_at < (f.day + 1)::timestamp AT TIME ZONE s.time_zone
ORDER BY p.purchased_at, p.id;

-- name: claims
WITH fresh AS (
    SELECT DISTINCT k.member, p.cashier, p.store FROM purchase_claim k
    JOIN purchase p ON (p.program, p.home, p.id) = (k.program, k.home, k.purchase)
    WHERE k.program = %(program)s AND k.xid >= %(from)s AND k.xid < %(until)s AND p.cashier <> ''
)
SELECT f.store, f.cashier, f.member, min(k.claimed_at), max(k.claimed_at), count(*), sum(p.turnover)::bigint,
    array_agg(p.id ORDER BY k.claimed_at)
FROM fresh f
JOIN purchase_claim k ON k.program = %(program)s AND k.member = f.member
    AND k.claimed_at > %(at)s::timestamptz - interval '7 days'
JOIN purchase p ON (p.program, p.home, p.id) = (k.program, k.home, k.purchase)
    AND p.cashier = f.cashier AND p.store = f.store
GROUP BY f.store, f.cashier, f.member
HAVING count(*) >= %(most)s;

-- name: own_card
WITH fresh AS (
    SELECT DISTINCT p.store, p.cashier, p.member, (p.purchased_at AT TIME ZONE s.time_zone)::date AS day, s.time_zone AS zone
    FROM unnest(%(cashiers)s::text[], %(members)s::uuid[]) AS own (cashier, member)
    JOIN purchase p ON p.cashier = own.cashier AND p.member = own.member
    JOIN store s ON (s.program, s.id) = (p.program, p.store)
    WHERE p.program = %(program)s AND p.xid >= %(from)s AND p.xid < %(until)s
)
SELECT f.day, p.store, (array_agg(p.till ORDER BY p.purchased_at))[1], p.cashier, p.member, min(p.purchased_at),
    max(p.purchased_at), count(*), sum(p.turnover)::bigint, array_agg(p.id ORDER BY p.purchased_at)
FROM fresh f
JOIN purchase p ON p.program = %(program)s AND p.store = f.store AND p.cashier = f.cashier AND p.member = f.member
    AND p.purchased_at >= f.day::timestamp AT TIME ZONE f.zone
    AND p.purchased_at < (f.day + 1)::timestamp AT TIME ZONE f.zone
GROUP BY f.day, p.store, p.cashier, p.member;

-- name: of_cashiers
-- Each cashier of a store in a time: receipts, of members, returns, money back.
SELECT p.cashier, count(DISTINCT p.id), count(DISTINCT p.id) FILTER (WHERE p.member IS NOT NULL OR p.card IS NOT NULL),
    sum(p.turnover) FILTER (WHERE r.n IS NULL OR r.n = 1)::bigint, coalesce(sum(r.one), 0)::bigint,
    coalesce(sum(r.money), 0)::bigint
FROM purchase p
LEFT JOIN LATERAL (
    SELECT row_number() OVER () AS n, 1 AS one, g.money_back AS money FROM goods_return g
    WHERE (g.program, g.home, g.purchase) = (p.program, p.home, p.id)
) r ON true
LEFT JOIN voiding v ON (v.program, v.home, v.purchase) = (p.program, p.home, p.id)
WHERE p.program = %(program)s AND p.store = %(store)s AND p.purchased_at >= %(since)s AND p.purchased_at < %(until)s
  AND v.purchase IS NULL
GROUP BY p.cashier ORDER BY p.cashier;
