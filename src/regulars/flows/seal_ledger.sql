-- name: try_lock
-- One sealer per program; sealing is never in the path of a purchase.
SELECT pg_try_advisory_xact_lock(hashtextextended('regulars.seal.' || %s::text, 0));

-- name: last_block
SELECT program, height, epoch, xid_from, xid_until, members, root, previous, sealed_at, hash
FROM block WHERE program = %s ORDER BY height DESC LIMIT 1;

-- name: blocks
SELECT program, height, epoch, xid_from, xid_until, members, root, previous, sealed_at, hash
FROM block WHERE program = %s AND height > %s ORDER BY height LIMIT %s;

-- name: block
SELECT program, height, epoch, xid_from, xid_until, members, root, previous, sealed_at, hash
FROM block WHERE program = %s AND height = %s;

-- name: snapshot
-- Every transaction below this number has ended, and what it wrote can be seen.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

-- name: unsealed
WITH facts AS (
    SELECT xid, 'posting' AS kind, home, id AS fact, recorded_at FROM posting
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL
    SELECT xid, 'purchase', home, id, recorded_at FROM purchase
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL
    SELECT xid, 'confirmation', home, purchase, recorded_at FROM confirmation
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL
    SELECT xid, 'voiding', home, purchase, voided_at FROM voiding
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL
    SELECT xid, 'return', home, id, recorded_at FROM goods_return
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL
    SELECT xid, 'consent', home, id, recorded_at FROM consent
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL
    SELECT xid, 'consent_confirmation', home, consent, confirmed_at FROM consent_confirmation
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL
    SELECT xid, 'claim', home, purchase, claimed_at FROM purchase_claim
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
    UNION ALL
    SELECT xid, 'witness', 0::smallint, id, witnessed_at FROM trail_witness
    WHERE program = %(program)s AND xid >= %(from)s AND xid < %(until)s
)
SELECT f.kind, f.home, f.fact, f.xid, f.recorded_at
FROM facts AS f
WHERE NOT EXISTS (
    SELECT FROM block_member AS m
    WHERE m.program = %(program)s AND m.home = f.home AND m.fact = f.fact AND m.kind = f.kind
)
ORDER BY f.xid, f.kind, f.home, f.fact
LIMIT %(limit)s;

-- name: postings
SELECT p.home, p.id, p.pool, p.kind, p.purchase, p.related, p.effective_at, p.recorded_at
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM posting WHERE program = %s AND home = asked.home AND id = asked.id OFFSET 0
) AS p;

-- name: entries
SELECT e.home, e.posting, e.n, e.pool, e.currency, e.source, e.target, e.amount, e.partner
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM entry WHERE program = %s AND home = asked.home AND posting = asked.id OFFSET 0
) AS e
ORDER BY e.n;

-- name: draws
SELECT d.home, d.posting, d.n, d.lot, d.amount
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM draw WHERE program = %s AND home = asked.home AND posting = asked.id OFFSET 0
) AS d
ORDER BY d.n, d.lot;

-- name: lots
SELECT l.home, l.posting, l.n, l.id, l.pool, l.currency, l.amount, l.purchase, l.issuer, l.funder, l.promotion,
       l.revision, l.unit_cost_numerator, l.unit_cost_denominator, l.earned_at, l.active_at, l.expires_at, l.origin
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM lot WHERE program = %s AND home = asked.home AND posting = asked.id OFFSET 0
) AS l
ORDER BY l.n, l.id;

-- name: purchases
SELECT p.home, p.id, p.pool, p.partner, p.store, p.held, p.purchased_at, p.recorded_at, p.currency, p.gross,
       p.discount, p.paid_with_points, p.payable, p.turnover, p.earned, p.spent, sha256(p.document)
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM purchase WHERE program = %s AND home = asked.home AND id = asked.id OFFSET 0
) AS p;

-- name: confirmations
SELECT c.home, c.purchase, c.recorded_at, c.gross, c.discount, c.paid_with_points, c.payable, c.turnover,
       c.earned, c.spent, sha256(c.document)
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM confirmation WHERE program = %s AND home = asked.home AND purchase = asked.id OFFSET 0
) AS c;

-- name: voidings
SELECT v.home, v.purchase, v.voided_at
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM voiding WHERE program = %s AND home = asked.home AND purchase = asked.id OFFSET 0
) AS v;

-- name: returns
-- The key of a return begins with its purchase, which a block's member does not name: few are returned, so all
-- of these homes are looked through.
SELECT r.home, r.id, r.purchase, r.store, r.returned_at, r.recorded_at, r.money_back, r.gross_back, r.discount_back,
       r.turnover_back, r.points_back, r.points_taken, sha256(r.document)
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM goods_return WHERE program = %s AND home = asked.home AND id = asked.id OFFSET 0
) AS r;

-- name: consents
-- A consent by its id: its own index, for its key begins with the member.
SELECT c.home, c.id, c.member, c.channel, c.purpose, c.granted, c.source, c.recorded_at, c.given_at, c.wording,
       c.wording_version, c.wording_language, c.wording_hash, c.to_confirm, sha256(convert_to(c.evidence, 'UTF8'))
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM consent WHERE program = %s AND home = asked.home AND id = asked.id OFFSET 0
) AS c;

-- name: consent_confirmations
-- The last field came later: it is no part of the leaf of a fact that has none.
SELECT n.home, n.consent, n.member, n.confirmed_at, n.address
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM consent_confirmation WHERE program = %s AND home = asked.home AND consent = asked.id OFFSET 0
) AS n;

-- name: claims
SELECT c.home, c.purchase, c.id, c.member, c.pool, c.claimed_at, sha256(c.document)
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM purchase_claim WHERE program = %s AND home = asked.home AND purchase = asked.id OFFSET 0
) AS c;

-- name: witnesses
-- Where the audit trail ended: of the program, so its home is 0.
SELECT asked.home, w.id, w.seq, w.digest, w.witnessed_at
FROM unnest(%s::smallint[], %s::uuid[]) AS asked (home, id)
CROSS JOIN LATERAL (
    SELECT * FROM trail_witness WHERE program = %s AND id = asked.id OFFSET 0
) AS w;

-- name: write_block
INSERT INTO block (program, height, epoch, xid_from, xid_until, members, root, previous, sealed_at, hash)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: write_members
INSERT INTO block_member (program, height, place, kind, home, fact, leaf)
SELECT %s, %s, x.place, x.kind, x.home, x.fact, x.leaf
FROM unnest(%s::integer[], %s::text[], %s::smallint[], %s::uuid[], %s::bytea[]) AS x (place, kind, home, fact, leaf);

-- name: members
SELECT place, kind, home, fact, leaf FROM block_member WHERE program = %s AND height = %s ORDER BY place;

-- name: place_of
SELECT height, place FROM block_member WHERE program = %s AND home = %s AND fact = %s AND kind = %s;

-- name: holder
-- The process whose transaction has this number; `pg_locks` shows it to everyone.
SELECT pid FROM pg_locks
WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND granted
  AND transactionid = (%s::bigint %% 4294967296)::text::xid
LIMIT 1;
