-- name: members
SELECT m.home, m.id, m.language, m.source, s.code, m.tag, m.enrolled_at, m.pool, r.code
FROM member AS m
LEFT JOIN store AS s ON s.program = m.program AND s.id = m.store
LEFT JOIN partner AS r ON r.program = m.program AND r.id = m.partner
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
    c.wording_version, c.wording_language, c.recorded_by, c.evidence, c.to_confirm, n.confirmed_at,
    encode(n.address, 'hex')
FROM consent AS c
LEFT JOIN consent_confirmation AS n
    ON (n.program, n.home, n.member, n.consent) = (c.program, c.home, c.member, c.id)
WHERE c.program = %(program)s AND (c.home, c.member, c.id) > (%(home)s, %(member)s, %(id)s)
    AND c.recorded_at >= %(from)s AND c.recorded_at < %(to)s
ORDER BY c.home, c.member, c.id
LIMIT %(limit)s;

-- name: returns
SELECT g.home, g.purchase, g.id, g.request, p.request, s.code, g.pool, g.returned_at, g.recorded_at, p.currency,
    g.gross_back, g.discount_back, g.money_back, g.points_back, g.points_taken, v.voided_at
FROM goods_return AS g
JOIN purchase AS p ON (p.program, p.home, p.id) = (g.program, g.home, g.purchase)
LEFT JOIN voiding AS v ON (v.program, v.home, v.purchase) = (g.program, g.home, g.purchase)
LEFT JOIN store AS s ON s.program = g.program AND s.id = g.store
WHERE g.program = %(program)s AND (g.home, g.purchase, g.id) > (%(home)s, %(purchase)s, %(id)s)
    AND g.returned_at >= %(from)s AND g.returned_at < %(to)s
    AND (cardinality(%(stores)s::text[]) = 0 OR s.code = ANY(%(stores)s::text[]))
ORDER BY g.home, g.purchase, g.id
LIMIT %(limit)s;

-- name: code_states
-- The numbered codes of a batch, how often each was used, and what ended it.
SELECT c.serial, c.voided_at, c.void_reason, c.blocked_at,
    coalesce((
        SELECT sum(u.used) FROM limit_use AS u
        WHERE (u.program, u.home, u.holder, u.period, u.promotion, u.rule) = (c.program, c.home, c.id, 0, c.batch, 'code')
    ), 0)::bigint
FROM code AS c
WHERE c.program = %(program)s AND c.batch = %(batch)s AND c.serial > %(serial)s
ORDER BY c.serial
LIMIT %(limit)s;

-- name: vouchers
-- Codes that are somebody's, that came with a purchase or a reward, or whose batch says what they are good for.
SELECT c.id, c.batch, c.owner, c.purchase, c.redemption, b.valid_from, least(b.valid_until, c.valid_until), b.uses,
    b.stopped_at, c.voided_at, c.void_reason, c.blocked_at,
    coalesce((
        SELECT sum(u.used) FROM limit_use AS u
        WHERE (u.program, u.home, u.holder, u.period, u.promotion, u.rule) = (c.program, c.home, c.id, 0, c.batch, 'code')
    ), 0)::bigint
FROM code AS c
JOIN code_batch AS b ON (b.program, b.id) = (c.program, c.batch)
LEFT JOIN voucher_definition AS d ON (d.program, d.batch) = (c.program, c.batch)
WHERE c.program = %(program)s AND c.id > %(id)s AND (c.serial IS NULL OR c.owner IS NOT NULL OR d.batch IS NOT NULL)
ORDER BY c.id
LIMIT %(limit)s;

-- name: gift_cards
SELECT g.home, g.id, g.serial, g.purpose, g.tax_rate, r.code, g.issued_at, g.blocked_at, coalesce(a.balance, 0)
FROM gift_card AS g
LEFT JOIN partner AS r ON r.program = g.program AND r.id = g.partner
LEFT JOIN account AS a ON (a.program, a.home, a.pool, a.currency) = (g.program, g.home, g.id, %(currency)s::text)
WHERE g.program = %(program)s AND (g.home, g.id) > (%(home)s, %(id)s)
ORDER BY g.home, g.id
LIMIT %(limit)s;

-- name: redemptions
SELECT d.home, d.id, d.reward, d.revision, d.member, d.pool, s.code, d.quantity, d.currency, d.points, d.money,
    d.valid_until, d.redeemed_at, d.redeemed_by, n.state, t.at
FROM redemption AS d
LEFT JOIN store AS s ON s.program = d.program AND s.id = d.store
LEFT JOIN redemption_now AS n ON (n.program, n.home, n.redemption) = (d.program, d.home, d.id)
LEFT JOIN redemption_state AS t ON (t.program, t.home, t.redemption, t.n) = (n.program, n.home, n.redemption, n.n)
WHERE d.program = %(program)s AND (d.home, d.id) > (%(home)s, %(id)s)
    AND d.redeemed_at >= %(from)s AND d.redeemed_at < %(to)s
ORDER BY d.home, d.id
LIMIT %(limit)s;

-- name: promotion_revisions
SELECT r.promotion, r.revision, r.published_at, r.published_by, r.document::text, r.changes::text
FROM promotion_revision AS r
WHERE r.program = %(program)s AND (r.promotion, r.revision) > (%(promotion)s, %(revision)s)
ORDER BY r.promotion, r.revision
LIMIT %(limit)s;

-- name: tiers
-- Which tiers members hold at an instant; the lowest, which is everybody's, is nobody's in particular.
SELECT k.home, k.member, k.name, k.since, k.tier, k.until, k.gained
FROM member_mark AS k
WHERE k.program = %(program)s AND (k.home, k.member, k.name, k.since) > (%(home)s, %(member)s, %(ladder)s, %(since)s)
    AND k.kind = 'tier' AND k.since <= %(at)s AND (k.until IS NULL OR k.until > %(at)s)
ORDER BY k.home, k.member, k.name, k.since
LIMIT %(limit)s;

-- name: tier_changes
SELECT t.home, t.member, t.id, t.ladder, t.from_tier, t.to_tier, t.at, t.until, t.reason, t.measures::text, t.purchase,
    t.recorded_at
FROM tier_change AS t
WHERE t.program = %(program)s AND (t.home, t.member, t.id) > (%(home)s, %(member)s, %(id)s)
    AND t.recorded_at >= %(from)s AND t.recorded_at < %(to)s
ORDER BY t.home, t.member, t.id
LIMIT %(limit)s;

-- name: findings
SELECT f.id, f.kind, s.code, f.till, f.cashier, f.member, lower(f.happened), upper(f.happened), f.count, f.usual, f.amount,
    f.evidence, f.found_at, f.status, f.decided_by ->> 'name', f.decided_at, f.word
FROM finding AS f
LEFT JOIN store AS s ON s.program = f.program AND s.id = f.store
WHERE f.program = %(program)s AND f.id > %(id)s AND f.found_at >= %(from)s AND f.found_at < %(to)s
ORDER BY f.id
LIMIT %(limit)s;
