-- name: times
-- In how many purchases a promotion gave something, by store and day.
SELECT store, day, purchases, by_members, net
FROM promotion_day
WHERE program = %(program)s AND promotion = %(promotion)s AND day BETWEEN %(first)s AND %(last)s
    AND (%(stores)s::uuid[] IS NULL OR store = ANY (%(stores)s::uuid[]));

-- name: given
SELECT store, day, currency, amount, back
FROM promotion_day_given
WHERE program = %(program)s AND promotion = %(promotion)s AND day BETWEEN %(first)s AND %(last)s
    AND (%(stores)s::uuid[] IS NULL OR store = ANY (%(stores)s::uuid[]));

-- name: all_purchases
-- All purchases of the days, to say of how many it gave something.
SELECT store, day, purchases
FROM store_day
WHERE program = %(program)s AND day BETWEEN %(first)s AND %(last)s
    AND (%(stores)s::uuid[] IS NULL OR store = ANY (%(stores)s::uuid[]));

-- name: costs
-- What each promotion has given to date, less what came back.
SELECT promotion, currency, sum(amount - back)::bigint
FROM promotion_day_given
WHERE program = %(program)s AND (%(stores)s::uuid[] IS NULL OR store = ANY (%(stores)s::uuid[]))
GROUP BY promotion, currency;

-- name: costs_of
-- The same of a few.
SELECT promotion, currency, sum(amount - back)::bigint
FROM promotion_day_given
WHERE program = %(program)s AND promotion = ANY (%(promotions)s::uuid[])
    AND (%(stores)s::uuid[] IS NULL OR store = ANY (%(stores)s::uuid[]))
GROUP BY promotion, currency;
