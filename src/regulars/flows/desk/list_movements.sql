-- name: movements
-- What moved members' points of one currency, the latest day first, within a day by kind. The days and kinds are those of
-- the sums by day, so that only postings are read of which there is something to show; the sums are the figures. Whose
-- they are: of whoever bought, else of whoever has the pool to herself; of two who were merged the one who stayed.
WITH asked AS MATERIALIZED (
    SELECT DISTINCT day, kind FROM ledger_day
    WHERE program = %(program)s AND currency = %(currency)s AND day BETWEEN %(first)s AND %(last)s AND amount <> 0
        AND (day, kind) <= (%(after_day)s::date, %(after_kind)s::text) AND 'points' IN (source, target)
        AND %(group)s::text IN ('', CASE
            WHEN 'expired' IN (source, target) THEN 'expired' WHEN 'redeemed' IN (source, target) THEN 'spent'
            WHEN source = 'points' THEN 'taken' WHEN kind = 'purchase' THEN 'given' ELSE 'otherwise' END)
)
SELECT a.day, a.kind, f.effective_at, f.id, f.n, f.target, f.amount, f.actor, f.reason, m.id, f.purchase, f.store, f.promotion
FROM (SELECT * FROM asked ORDER BY day DESC, kind DESC) AS a
CROSS JOIN LATERAL (
    SELECT p.effective_at, p.id, p.pool, p.actor, p.reason, p.purchase, e.n, e.target, e.amount, b.store,
        b.member, l.promotion
    FROM posting AS p
    CROSS JOIN LATERAL (
        SELECT * FROM entry
        WHERE program = p.program AND home = p.home AND posting = p.id AND currency = %(currency)s
            AND 'points' IN (source, target)
            AND %(group)s::text IN ('', CASE
                WHEN 'expired' IN (source, target) THEN 'expired' WHEN 'redeemed' IN (source, target) THEN 'spent'
                WHEN source = 'points' THEN 'taken' WHEN a.kind = 'purchase' THEN 'given' ELSE 'otherwise' END)
        OFFSET 0
    ) AS e
    LEFT JOIN LATERAL (
        SELECT store, member FROM purchase
        WHERE program = p.program AND id = p.purchase
            AND home = ((get_byte(uuid_send(p.purchase), 14) & 3) * 256 + get_byte(uuid_send(p.purchase), 15))::smallint
        OFFSET 0
    ) AS b ON true
    LEFT JOIN LATERAL (
        SELECT promotion FROM lot WHERE program = p.program AND posting = p.id AND n = e.n ORDER BY id LIMIT 1
    ) AS l ON true
    WHERE p.program = %(program)s AND p.kind = a.kind
        AND p.effective_at >= a.day::timestamp AT TIME ZONE %(zone)s
        AND p.effective_at < (a.day + 1)::timestamp AT TIME ZONE %(zone)s
        AND p.effective_at <= CASE WHEN (a.day, a.kind) = (%(after_day)s::date, %(after_kind)s::text)
            THEN %(after_at)s::timestamptz ELSE 'infinity' END
        AND (a.day, a.kind, p.effective_at, p.id, e.n) <
            (%(after_day)s::date, %(after_kind)s::text, %(after_at)s::timestamptz, %(after_id)s::uuid, %(after_n)s::smallint)
        AND (%(store)s::uuid IS NULL OR b.store = %(store)s)
        AND (%(promotion)s::uuid IS NULL OR l.promotion = %(promotion)s)
    ORDER BY p.effective_at DESC, p.id DESC, e.n DESC
    LIMIT %(limit)s
) AS f
LEFT JOIN LATERAL (
    SELECT coalesce(merged_into, id) AS id FROM member
    WHERE program = %(program)s AND id = f.member
        AND home = ((get_byte(uuid_send(f.member), 14) & 3) * 256 + get_byte(uuid_send(f.member), 15))::smallint
    UNION ALL
    SELECT coalesce(merged_into, id) FROM member
    WHERE f.member IS NULL AND program = %(program)s AND pool = f.pool AND own_pool IS NULL
    LIMIT 1
) AS m ON true
ORDER BY a.day DESC, a.kind DESC, f.effective_at DESC, f.id DESC, f.n DESC
LIMIT %(limit)s;

-- name: expiring
-- Lots with something left that expire from an instant until before another, the soonest first; whose they are as above.
SELECT l.expires_at, l.id, l.amount - l.drawn, m.id, l.purchase, b.store, l.promotion
FROM lot AS l
LEFT JOIN LATERAL (
    SELECT store, member FROM purchase
    WHERE program = l.program AND id = l.purchase
        AND home = ((get_byte(uuid_send(l.purchase), 14) & 3) * 256 + get_byte(uuid_send(l.purchase), 15))::smallint
    OFFSET 0
) AS b ON true
LEFT JOIN LATERAL (
    SELECT coalesce(merged_into, id) AS id FROM member
    WHERE program = l.program AND id = b.member
        AND home = ((get_byte(uuid_send(b.member), 14) & 3) * 256 + get_byte(uuid_send(b.member), 15))::smallint
    UNION ALL
    SELECT coalesce(merged_into, id) FROM member
    WHERE b.member IS NULL AND program = l.program AND pool = l.pool AND own_pool IS NULL
    LIMIT 1
) AS m ON true
WHERE l.program = %(program)s AND l.currency = %(currency)s AND l.open AND l.expires_at IS NOT NULL
    AND l.expires_at >= %(since)s AND l.expires_at < %(until)s
    AND (l.expires_at, l.id) > (%(after_at)s::timestamptz, %(after_id)s::uuid)
    AND (%(store)s::uuid IS NULL OR b.store = %(store)s)
    AND (%(promotion)s::uuid IS NULL OR l.promotion = %(promotion)s)
ORDER BY l.expires_at, l.id
LIMIT %(limit)s;
