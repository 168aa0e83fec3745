-- name: members
SELECT m.home, m.id, m.language, m.source, s.code, m.tag, m.enrolled_at, m.pool
FROM member AS m
LEFT JOIN store AS s ON s.program = m.program AND s.id = m.store
WHERE m.program = %(program)s AND (m.home, m.id) > (%(home)s, %(id)s) AND m.erased_at IS NULL AND m.merged_into IS NULL
ORDER BY m.home, m.id
LIMIT %(limit)s;

-- name: cards
SELECT c.home, c.id, c.number, c.member, c.pool, c.status, c.issued_at, c.replaced_by, c.batch, c.serial
FROM card AS c
WHERE c.program = %(program)s AND (c.home, c.id) > (%(home)s, %(id)s)
ORDER BY c.home, c.id
LIMIT %(limit)s;

-- name: lots
-- Lots with something left, and whose they are.
SELECT l.home, l.id, l.pool, m.id, l.currency, l.amount - l.drawn - l.reserved, l.amount, l.drawn, l.reserved,
    l.earned_at, l.active_at, l.expires_at, i.code, f.code, l.unit_cost_numerator, l.unit_cost_denominator, l.promotion,
    l.purchase
FROM lot AS l
LEFT JOIN partner AS i ON i.program = l.program AND i.id = l.issuer
LEFT JOIN partner AS f ON f.program = l.program AND f.id = l.funder
LEFT JOIN LATERAL (
    SELECT id FROM member AS m
    WHERE m.program = l.program AND m.pool = l.pool AND m.own_pool IS NULL AND m.merged_into IS NULL LIMIT 1
) AS m ON true
WHERE l.program = %(program)s AND (l.home, l.id) > (%(home)s, %(id)s) AND l.open
    AND (l.expires_at IS NULL OR l.expires_at > %(at)s)
ORDER BY l.home, l.id
LIMIT %(limit)s;

-- name: postings
SELECT p.home, p.id, p.pool, p.kind, p.effective_at, p.recorded_at, p.actor, p.reason, p.purchase, p.related, e.n,
    e.currency, e.source, e.target, e.amount, r.code
FROM (
    SELECT * FROM posting
    WHERE program = %(program)s AND (home, id) > (%(home)s, %(id)s)
        AND recorded_at >= %(from)s AND recorded_at < %(to)s
    ORDER BY home, id
    LIMIT %(limit)s
) AS p
JOIN entry AS e ON e.program = p.program AND e.home = p.home AND e.posting = p.id
LEFT JOIN partner AS r ON r.program = e.program AND r.id = e.partner
ORDER BY p.home, p.id, e.n;

-- name: purchases
-- What a claimed one earned is in the document of its claim, not in the sums that were recorded.
SELECT p.home, p.id, p.request, coalesce(k.member, p.member), coalesce(k.pool, p.pool), s.code, r.code, p.till, p.cashier, p.receipt_number, p.purchased_at,
    p.recorded_at, p.currency, coalesce(c.gross, p.gross), coalesce(c.discount, p.discount),
    coalesce(c.paid_with_points, p.paid_with_points), coalesce(c.payable, p.payable),
    CASE WHEN k.purchase IS NULL THEN coalesce(c.earned, p.earned) END,
    coalesce(c.spent, p.spent), p.held AND c.purchase IS NULL, v.voided_at, coalesce(k.document, c.document, p.document)
FROM purchase AS p
LEFT JOIN confirmation AS c ON (c.program, c.home, c.purchase) = (p.program, p.home, p.id)
LEFT JOIN voiding AS v ON (v.program, v.home, v.purchase) = (p.program, p.home, p.id)
LEFT JOIN purchase_claim AS k ON (k.program, k.home, k.purchase) = (p.program, p.home, p.id)
LEFT JOIN store AS s ON s.program = p.program AND s.id = p.store
LEFT JOIN partner AS r ON r.program = p.program AND r.id = p.partner
WHERE p.program = %(program)s AND (p.home, p.id) > (%(home)s, %(id)s)
    AND p.purchased_at >= %(from)s AND p.purchased_at < %(to)s
    AND (cardinality(%(stores)s::text[]) = 0 OR s.code = ANY(%(stores)s::text[]))
ORDER BY p.home, p.id
LIMIT %(limit)s;

-- name: consents
SELECT c.home, c.member, c.id, c.channel, c.purpose, c.granted, c.source, c.recorded_at, c.given_at, c.wording,
    c.wording_version, c.wording_language, c.recorded_by, c.evidence, c.to_confirm, n.confirmed_at
FROM consent AS c
LEFT JOIN consent_confirmation AS n
    ON (n.program, n.home, n.member, n.consent) = (c.program, c.home, c.member, c.id)
WHERE c.program = %(program)s AND (c.home, c.member, c.id) > (%(home)s, %(member)s, %(id)s)
    AND c.recorded_at >= %(from)s AND c.recorded_at < %(to)s
ORDER BY c.home, c.member, c.id
LIMIT %(limit)s;
