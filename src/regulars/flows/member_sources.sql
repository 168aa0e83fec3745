-- name: sources
-- Who joined when, by what brought them: how many, who has left since, and who has bought, as the sums by day know it.
SELECT m.source, m.tag, m.store, m.partner, count(*)::integer, count(*) FILTER (WHERE m.erased_at IS NOT NULL)::integer,
    count(*) FILTER (WHERE EXISTS (
        SELECT FROM member_visit AS v
        WHERE v.program = m.program AND v.home = m.home AND v.member = m.id AND v.purchases > 0))::integer
FROM member AS m
WHERE m.program = %(program)s AND m.enrolled_at >= %(from)s AND m.enrolled_at < %(until)s
    AND (%(stores)s::uuid[] IS NULL OR m.store = ANY(%(stores)s::uuid[]))
GROUP BY m.source, m.tag, m.store, m.partner
ORDER BY count(*) DESC, m.source, m.tag, m.store, m.partner
LIMIT %(limit)s;
