-- name: days
-- Sums by day, by store, or by both: what is not asked for is null.
SELECT CASE WHEN %(by_day)s THEN day END AS of_day, CASE WHEN %(by_store)s THEN store END AS of_store,
    sum(purchases)::bigint, sum(by_members)::bigint, sum(in_other_money)::bigint, sum(gross)::bigint, sum(discount)::bigint,
    sum(earned)::bigint, sum(spent)::bigint, sum(returns)::bigint, sum(money_back)::bigint, sum(with_card)::bigint,
    sum(card_gross)::bigint, sum(card_discount)::bigint, sum(gross_back)::bigint, sum(discount_back)::bigint,
    sum(points_back)::bigint, sum(points_taken)::bigint
FROM store_day
WHERE program = %(program)s AND (%(stores)s::uuid[] IS NULL OR store = ANY (%(stores)s::uuid[]))
    AND (day BETWEEN %(first)s::date AND %(last)s::date OR day = ANY (%(also)s::date[]))
GROUP BY of_day, of_store
ORDER BY of_day, of_store;

-- name: mark
SELECT rolled_at, complete FROM figures_roll WHERE program = %s;
