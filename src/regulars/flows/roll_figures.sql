-- name: lock
-- One roller per program, and never in the path of a purchase.
SELECT pg_try_advisory_xact_lock(hashtextextended('regulars.figures.' || %s::text, 0));

-- name: wait_for_lock
SELECT pg_advisory_xact_lock(hashtextextended('regulars.figures.' || %s::text, 0));

-- name: snapshot
-- Every transaction below the first number has ended, and what it wrote can be seen.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

-- name: stands
SELECT xid_until, rolled_at, complete FROM figures_roll WHERE program = %s;

-- name: move
INSERT INTO figures_roll AS f (program, xid_until, rolled_at, complete) VALUES (%s, %s, %s, %s)
ON CONFLICT (program) DO UPDATE SET xid_until = excluded.xid_until, rolled_at = excluded.rolled_at,
    complete = excluded.complete;

-- name: parts
-- Where to cut what is new, so that each part has about so many facts and divides no transaction: after which
-- transaction each part ends, and how many facts are in it.
WITH facts AS (
    SELECT xid FROM purchase WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL SELECT xid FROM confirmation WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL SELECT xid FROM purchase_claim WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL SELECT xid FROM voiding WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL SELECT xid FROM goods_return WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL SELECT xid FROM posting WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL SELECT xid FROM member WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL SELECT xid FROM erasure WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL SELECT xid FROM member_merge WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL
    SELECT undone_xid FROM member_merge
    WHERE program = %(program)s AND undone_xid >= %(from)s AND undone_xid < %(until)s
),
transactions AS (
    SELECT xid, count(*) AS facts, (sum(count(*)) OVER (ORDER BY xid) - count(*))::bigint / %(size)s::bigint AS part
    FROM facts GROUP BY xid
)
SELECT max(xid), sum(facts)::bigint FROM transactions GROUP BY part ORDER BY 1;

-- name: purchases
-- Purchases that came about, were claimed or voided; a hold counts once it is confirmed.
WITH acts AS (
    SELECT 'purchase' AS act, home, id FROM purchase
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s AND NOT held
    UNION ALL
    SELECT 'confirmation', home, purchase FROM confirmation
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL
    SELECT 'claim', home, purchase FROM purchase_claim
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL
    SELECT 'voiding', home, purchase FROM voiding
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
)
SELECT a.act, p.store, (p.purchased_at AT TIME ZONE s.time_zone)::date, p.currency, p.member, p.card IS NOT NULL,
    coalesce(c.gross, p.gross), coalesce(c.discount, p.discount), coalesce(c.earned, p.earned),
    coalesce(c.spent, p.spent), coalesce(c.document, p.document), k.member, k.document
FROM acts AS a
CROSS JOIN LATERAL (
    SELECT * FROM purchase WHERE program = %(program)s AND home = a.home AND id = a.id OFFSET 0
) AS p
JOIN store AS s ON s.program = %(program)s AND s.id = p.store
LEFT JOIN LATERAL (
    SELECT * FROM confirmation WHERE program = %(program)s AND home = a.home AND purchase = a.id OFFSET 0
) AS c ON true
LEFT JOIN LATERAL (
    SELECT * FROM purchase_claim WHERE program = %(program)s AND home = a.home AND purchase = a.id OFFSET 0
) AS k ON true
WHERE NOT p.held OR c.purchase IS NOT NULL;

-- name: returns
-- Returns; and those of purchases that were voided afterwards, which count no more.
WITH acts AS (
    SELECT 1 AS sign, home, purchase, id FROM goods_return
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL
    SELECT -1, r.home, r.purchase, r.id
    FROM voiding AS v
    CROSS JOIN LATERAL (
        SELECT * FROM goods_return WHERE program = %(program)s AND home = v.home AND purchase = v.purchase OFFSET 0
    ) AS r
    WHERE v.program = %(program)s AND v.xid >= %(from)s AND v.xid < %(until)s
)
SELECT a.sign, r.store, (r.returned_at AT TIME ZONE s.time_zone)::date, p.currency, r.gross_back, r.discount_back,
    r.money_back, r.points_back, r.points_taken, r.document, coalesce(k.document, c.document, p.document)
FROM acts AS a
CROSS JOIN LATERAL (
    SELECT * FROM goods_return
    WHERE program = %(program)s AND home = a.home AND purchase = a.purchase AND id = a.id OFFSET 0
) AS r
JOIN store AS s ON s.program = %(program)s AND s.id = r.store
CROSS JOIN LATERAL (
    SELECT * FROM purchase WHERE program = %(program)s AND home = a.home AND id = a.purchase OFFSET 0
) AS p
LEFT JOIN LATERAL (
    SELECT * FROM confirmation WHERE program = %(program)s AND home = a.home AND purchase = a.purchase OFFSET 0
) AS c ON true
LEFT JOIN LATERAL (
    SELECT * FROM purchase_claim WHERE program = %(program)s AND home = a.home AND purchase = a.purchase OFFSET 0
) AS k ON true;

-- name: add_to_stores
INSERT INTO store_day AS d (program, store, day, purchases, by_members, with_card, in_other_money, gross, discount,
    card_gross, card_discount, earned, spent, returns, gross_back, discount_back, money_back, points_back, points_taken)
SELECT %s, x.*
FROM unnest(%s::uuid[], %s::date[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::bigint[], %s::bigint[]) AS x
ON CONFLICT (program, store, day) DO UPDATE SET
    purchases = d.purchases + excluded.purchases, by_members = d.by_members + excluded.by_members,
    with_card = d.with_card + excluded.with_card, in_other_money = d.in_other_money + excluded.in_other_money,
    gross = d.gross + excluded.gross, discount = d.discount + excluded.discount,
    card_gross = d.card_gross + excluded.card_gross, card_discount = d.card_discount + excluded.card_discount,
    earned = d.earned + excluded.earned, spent = d.spent + excluded.spent, returns = d.returns + excluded.returns,
    gross_back = d.gross_back + excluded.gross_back, discount_back = d.discount_back + excluded.discount_back,
    money_back = d.money_back + excluded.money_back, points_back = d.points_back + excluded.points_back,
    points_taken = d.points_taken + excluded.points_taken;

-- name: add_to_promotions
INSERT INTO promotion_day AS d (program, promotion, store, day, purchases, by_members, net)
SELECT %s, x.*
FROM unnest(%s::uuid[], %s::uuid[], %s::date[], %s::bigint[], %s::bigint[], %s::bigint[]) AS x
ON CONFLICT (program, promotion, store, day) DO UPDATE SET purchases = d.purchases + excluded.purchases,
    by_members = d.by_members + excluded.by_members, net = d.net + excluded.net;

-- name: add_to_given
INSERT INTO promotion_day_given AS d (program, promotion, store, day, currency, amount, back)
SELECT %s, x.*
FROM unnest(%s::uuid[], %s::uuid[], %s::date[], %s::text[], %s::bigint[], %s::bigint[]) AS x
ON CONFLICT (program, promotion, store, day, currency) DO UPDATE SET amount = d.amount + excluded.amount,
    back = d.back + excluded.back;

-- name: change_gaps
-- What the visits to come change between members' days of buying, before they are written: the gaps as they will be
-- less the gaps as they are.
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%(homes)s::smallint[], %(members)s::uuid[], %(stores)s::uuid[], %(days)s::date[],
        %(purchases)s::integer[]) AS x (home, member, store, day, purchases)
),
present AS MATERIALIZED (
    SELECT v.member, v.store, v.day, v.purchases
    FROM (SELECT DISTINCT home, member FROM asked) AS a
    CROSS JOIN LATERAL (
        SELECT * FROM member_visit WHERE program = %(program)s AND home = a.home AND member = a.member OFFSET 0
    ) AS v
),
to_be AS (
    SELECT member, store, day
    FROM (SELECT member, store, day, purchases FROM present UNION ALL SELECT member, store, day, purchases FROM asked) AS v
    GROUP BY member, store, day
    HAVING sum(purchases) > 0
),
visits AS (
    SELECT DISTINCT v.sign, s.scope, v.member, v.day
    FROM (
        SELECT -1 AS sign, member, store, day FROM present WHERE purchases > 0
        UNION ALL
        SELECT 1, member, store, day FROM to_be
    ) AS v
    CROSS JOIN LATERAL (VALUES (v.store), (%(program)s::uuid)) AS s (scope)
),
gaps AS (
    SELECT sign, scope, day, least(coalesce(day - lag(day) OVER earlier, 0), 401)::smallint AS gap,
        row_number() OVER earlier = 2 AS second
    FROM visits
    WINDOW earlier AS (PARTITION BY sign, scope, member ORDER BY day)
)
INSERT INTO visit_gap AS g (program, scope, day, gap, second, members)
SELECT %(program)s, scope, day, gap, second, sum(sign)
FROM gaps
GROUP BY scope, day, gap, second
HAVING sum(sign) <> 0
ON CONFLICT (program, scope, day, gap, second) DO UPDATE SET members = g.members + excluded.members;

-- name: add_visits
INSERT INTO member_visit AS v (program, home, member, store, day, purchases)
SELECT %(program)s, x.*
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[], %(stores)s::uuid[], %(days)s::date[], %(purchases)s::integer[]) AS x
ON CONFLICT (program, home, member, store, day) DO UPDATE SET purchases = v.purchases + excluded.purchases;

-- name: add_enrolments
-- Whoever was merged into another is gone; whoever was erased too, unless she was gone already.
WITH changes AS (
    SELECT enrolled_at AS at, source, coalesce(store, program) AS store, 1 AS enrolled, 0 AS gone
    FROM member WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL
    SELECT e.erased_at, m.source, coalesce(m.store, m.program), 0, 1
    FROM erasure AS e
    JOIN member AS m ON m.program = e.program AND m.home = e.home AND m.id = e.member
    WHERE e.program = %(program)s AND e.xid >= %(from)s AND e.xid < %(until)s AND m.merged_into IS NULL
    UNION ALL
    SELECT g.at, m.source, coalesce(m.store, m.program), 0, g.gone
    FROM (
        SELECT duplicate, merged_at AS at, 1 AS gone FROM member_merge
        WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
        UNION ALL
        SELECT duplicate, undone_at, -1 FROM member_merge
        WHERE program = %(program)s AND undone_xid >= %(from)s AND undone_xid < %(until)s
    ) AS g
    JOIN member AS m ON m.program = %(program)s AND m.id = g.duplicate
        AND m.home = ((get_byte(uuid_send(g.duplicate), 14) & 3) * 256 + get_byte(uuid_send(g.duplicate), 15))::smallint
)
INSERT INTO enrolment_day AS d (program, day, source, store, enrolled, gone)
SELECT %(program)s, (at AT TIME ZONE %(zone)s)::date, source, store, sum(enrolled), sum(gone)
FROM changes
GROUP BY 2, source, store
ON CONFLICT (program, day, source, store) DO UPDATE SET enrolled = d.enrolled + excluded.enrolled,
    gone = d.gone + excluded.gone;

-- name: add_to_ledger
INSERT INTO ledger_day AS d (program, currency, day, kind, source, target, amount)
SELECT %(program)s, e.currency, (p.effective_at AT TIME ZONE %(zone)s)::date, p.kind, e.source, e.target, sum(e.amount)
FROM posting AS p
CROSS JOIN LATERAL (
    SELECT * FROM entry WHERE program = %(program)s AND home = p.home AND posting = p.id OFFSET 0
) AS e
WHERE p.program = %(program)s AND p.xid >= %(from)s AND p.xid < %(until)s
GROUP BY e.currency, 3, p.kind, e.source, e.target
ON CONFLICT (program, currency, day, kind, source, target) DO UPDATE SET amount = d.amount + excluded.amount;

-- name: add_to_expiries
-- New lots add what they hold, draws take it from the day on which their lot expires.
WITH changes AS (
    SELECT l.currency, l.expires_at, l.amount
    FROM posting AS p
    CROSS JOIN LATERAL (
        SELECT * FROM lot WHERE program = %(program)s AND home = p.home AND posting = p.id OFFSET 0
    ) AS l
    WHERE p.program = %(program)s AND p.xid >= %(from)s AND p.xid < %(until)s
    UNION ALL
    SELECT l.currency, l.expires_at, -d.amount
    FROM posting AS p
    CROSS JOIN LATERAL (
        SELECT * FROM draw WHERE program = %(program)s AND home = p.home AND posting = p.id OFFSET 0
    ) AS d
    CROSS JOIN LATERAL (
        SELECT * FROM lot WHERE program = %(program)s AND home = p.home AND id = d.lot OFFSET 0
    ) AS l
    WHERE p.program = %(program)s AND p.xid >= %(from)s AND p.xid < %(until)s
)
INSERT INTO expiry_day AS d (program, currency, day, amount)
SELECT %(program)s, currency, coalesce((expires_at AT TIME ZONE %(zone)s)::date, 'infinity'), sum(amount)
FROM changes
GROUP BY currency, 3
HAVING sum(amount) <> 0
ON CONFLICT (program, currency, day) DO UPDATE SET amount = d.amount + excluded.amount;

-- name: forget
-- All that was summed up of a program.
WITH of_stores AS (DELETE FROM store_day WHERE program = %(program)s),
    of_promotions AS (DELETE FROM promotion_day WHERE program = %(program)s),
    of_given AS (DELETE FROM promotion_day_given WHERE program = %(program)s),
    of_visits AS (DELETE FROM member_visit WHERE program = %(program)s),
    of_gaps AS (DELETE FROM visit_gap WHERE program = %(program)s),
    of_enrolments AS (DELETE FROM enrolment_day WHERE program = %(program)s),
    of_ledger AS (DELETE FROM ledger_day WHERE program = %(program)s),
    of_expiries AS (DELETE FROM expiry_day WHERE program = %(program)s)
SELECT 1;
