-- name: purchases_by_day
SELECT s.code, (p.purchased_at AT TIME ZONE s.time_zone)::date AS day,
    count(*) AS purchases,
    count(*) FILTER (WHERE p.member IS NOT NULL) AS by_members,
    count(*) FILTER (WHERE p.currency <> %(base)s) AS in_other_money,
    coalesce(sum(coalesce(c.gross, p.gross)) FILTER (WHERE p.currency = %(base)s), 0)::bigint AS gross,
    coalesce(sum(coalesce(c.discount, p.discount)) FILTER (WHERE p.currency = %(base)s), 0)::bigint AS discount,
    coalesce(sum(coalesce(c.earned, p.earned)), 0)::bigint AS earned,
    coalesce(sum(coalesce(c.spent, p.spent)), 0)::bigint AS spent
FROM store s
JOIN purchase p ON p.program = s.program AND p.store = s.id
    AND p.purchased_at >= (%(first)s::date)::timestamp AT TIME ZONE s.time_zone
    AND p.purchased_at < (%(last)s::date + 1)::timestamp AT TIME ZONE s.time_zone
LEFT JOIN voiding v ON v.program = p.program AND v.home = p.home AND v.purchase = p.id
LEFT JOIN confirmation c ON c.program = p.program AND c.home = p.home AND c.purchase = p.id
WHERE s.program = %(program)s AND (%(store)s = '' OR s.code = %(store)s)
    AND v.purchase IS NULL AND (NOT p.held OR c.purchase IS NOT NULL)
GROUP BY s.code, day;

-- name: returns_by_day
SELECT s.code, (r.returned_at AT TIME ZONE s.time_zone)::date AS day,
    count(*) AS returns,
    coalesce(sum(r.money_back) FILTER (WHERE p.currency = %(base)s), 0)::bigint AS money_back
FROM store s
JOIN goods_return r ON r.program = s.program AND r.store = s.id
    AND r.returned_at >= (%(first)s::date)::timestamp AT TIME ZONE s.time_zone
    AND r.returned_at < (%(last)s::date + 1)::timestamp AT TIME ZONE s.time_zone
JOIN purchase p ON p.program = r.program AND p.home = r.home AND p.id = r.purchase
WHERE s.program = %(program)s AND (%(store)s = '' OR s.code = %(store)s)
GROUP BY s.code, day;
