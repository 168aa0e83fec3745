-- name: reach
-- Members who bought in each period, each counted once: on a day of it, and not before within it. `cohort`: whose
-- ninety days since their first purchase ended in the period; `again`: those of them who bought again within these.
SELECT p.first,
    coalesce(sum(g.members) FILTER (WHERE g.day >= p.first AND (g.gap = 0 OR g.gap > g.day - p.first)), 0)::bigint,
    coalesce(sum(g.members) FILTER (WHERE g.day >= p.first AND g.gap = 0), 0)::bigint,
    coalesce(sum(g.members) FILTER (WHERE g.day > p.last - 30 AND (g.gap = 0 OR g.gap > g.day - p.last + 29)), 0)::bigint,
    coalesce(sum(g.members) FILTER (WHERE g.day > p.last - 90 AND (g.gap = 0 OR g.gap > g.day - p.last + 89)), 0)::bigint,
    coalesce(sum(g.members) FILTER (WHERE g.gap = 0 AND g.day <= p.last - 90), 0)::bigint,
    coalesce(sum(g.members) FILTER (
        WHERE g.second AND g.gap <= 90 AND g.day - g.gap BETWEEN p.first - 90 AND p.last - 90), 0)::bigint
FROM unnest(%(firsts)s::date[], %(lasts)s::date[]) AS p (first, last)
JOIN visit_gap AS g ON g.program = %(program)s AND g.scope = ANY (%(scopes)s::uuid[])
    AND g.day BETWEEN p.first - 90 AND p.last
GROUP BY p.first;

-- name: active
-- By how many the members change who bought within the last so many days, day by day: whoever buys counts from that day
-- on, unless she did already, and until so many days after her last purchase. The first row is where it begins.
WITH bought AS (
    SELECT day, CASE WHEN gap BETWEEN 1 AND %(window)s THEN gap ELSE %(window)s END AS new_for, sum(members) AS members
    FROM visit_gap
    WHERE program = %(program)s AND scope = ANY (%(scopes)s::uuid[])
        AND day BETWEEN %(first)s::date - %(window)s::integer + 1 AND %(last)s
    GROUP BY day, new_for
)
SELECT greatest(c.day, %(first)s::date) AS on_day, sum(c.members)::bigint
FROM bought AS b
CROSS JOIN LATERAL (VALUES
    (b.day + %(window)s::integer - b.new_for, b.members), (b.day + %(window)s::integer, -b.members)
) AS c (day, members)
WHERE c.day <= %(last)s
GROUP BY on_day
ORDER BY on_day;

-- name: series
-- Who joined and left (0), what came to the members' points and went from them (1), and what is left to expire (2), by
-- day; all that was before the first day is on the day before it. Books know no stores: they are the whole program's.
SELECT 0 AS part, '' AS currency, greatest(day, %(first)s::date - 1) AS of_day, sum(enrolled)::bigint, sum(gone)::bigint
FROM enrolment_day
WHERE program = %(program)s AND day <= %(last)s AND (%(stores)s::uuid[] IS NULL OR store = ANY (%(stores)s::uuid[]))
GROUP BY of_day
UNION ALL
SELECT 1, currency, greatest(day, %(first)s::date - 1) AS of_day,
    coalesce(sum(amount) FILTER (WHERE target = 'points'), 0)::bigint,
    coalesce(sum(amount) FILTER (WHERE source = 'points'), 0)::bigint
FROM ledger_day
WHERE program = %(program)s AND day <= %(last)s AND %(whole)s
GROUP BY currency, of_day
UNION ALL
SELECT 2, currency, day, amount, 0
FROM expiry_day
WHERE program = %(program)s AND day BETWEEN %(expiring_from)s AND %(expiring_until)s AND %(whole)s AND amount <> 0
ORDER BY 1, 2, 3;

-- name: promotions
-- What each promotion gave in a period, with its name: of what is live, else of what was published last.
WITH times AS (
    SELECT promotion, sum(purchases)::bigint AS purchases, sum(by_members)::bigint AS by_members, sum(net)::bigint AS net
    FROM promotion_day
    WHERE program = %(program)s AND day BETWEEN %(first)s AND %(last)s
        AND (%(stores)s::uuid[] IS NULL OR store = ANY (%(stores)s::uuid[]))
    GROUP BY promotion
),
given AS (
    SELECT promotion, array_agg(currency ORDER BY currency) AS currencies,
        array_agg(amount ORDER BY currency) AS amounts, array_agg(back ORDER BY currency) AS backs
    FROM (
        SELECT promotion, currency, sum(amount)::bigint AS amount, sum(back)::bigint AS back
        FROM promotion_day_given
        WHERE program = %(program)s AND day BETWEEN %(first)s AND %(last)s
            AND (%(stores)s::uuid[] IS NULL OR store = ANY (%(stores)s::uuid[]))
        GROUP BY promotion, currency
    ) AS by_currency
    GROUP BY promotion
)
SELECT o.promotion, n.name, n.names, o.purchases, o.by_members, o.net, o.currencies, o.amounts, o.backs
FROM (
    SELECT coalesce(t.promotion, g.promotion) AS promotion, coalesce(t.purchases, 0) AS purchases,
        coalesce(t.by_members, 0) AS by_members, coalesce(t.net, 0) AS net, coalesce(g.currencies, '{}') AS currencies,
        coalesce(g.amounts, '{}') AS amounts, coalesce(g.backs, '{}') AS backs
    FROM times AS t
    FULL JOIN given AS g ON g.promotion = t.promotion
) AS o
LEFT JOIN LATERAL (
    SELECT r.document ->> 'name' AS name, coalesce(r.document -> 'names', '{}') AS names
    FROM promotion AS p
    JOIN promotion_revision AS r ON r.program = p.program AND r.promotion = p.id AND r.revision = p.revision
    WHERE p.program = %(program)s AND p.id = o.promotion
    OFFSET 0
) AS n ON true;

-- name: points
-- What moved one currency's points, by day, kind of posting, and where from or to; what was before, on the day before.
SELECT greatest(day, %(first)s::date - 1) AS of_day, kind, source, target, sum(amount)::bigint
FROM ledger_day
WHERE program = %(program)s AND currency = %(currency)s AND day <= %(last)s AND 'points' IN (source, target)
GROUP BY of_day, kind, source, target
ORDER BY of_day;

-- name: expiring
SELECT day, amount FROM expiry_day
WHERE program = %s AND currency = %s AND day >= %s AND day < 'infinity' AND amount <> 0
ORDER BY day
LIMIT %s;
