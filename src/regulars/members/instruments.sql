-- name: note
-- Only for a program that has, or had, a referral program: for others nothing is to be found out by it.
INSERT INTO referral_payment (program, home, purchase, digest, member, paid_at)
SELECT a.program, t.home, t.purchase, t.digest, t.member, t.paid_at
FROM (SELECT %s::uuid AS program) AS a,
    unnest(%s::smallint[], %s::uuid[], %s::bytea[], %s::uuid[], %s::timestamptz[])
        AS t (home, purchase, digest, member, paid_at)
WHERE EXISTS (SELECT FROM referral_program AS r WHERE r.program = a.program)
ON CONFLICT DO NOTHING;

-- name: withdraw
DELETE FROM referral_payment WHERE program = %s AND home = %s AND purchase = %s;

-- name: claimed
UPDATE referral_payment SET member = %s WHERE program = %s AND home = %s AND purchase = %s AND member IS NULL;

-- name: of_purchases
SELECT DISTINCT p.digest
FROM unnest(%s::smallint[], %s::uuid[]) AS t (home, id)
JOIN referral_payment AS p ON p.program = %s AND p.home = t.home AND p.purchase = t.id;

-- name: paid_near
-- Members, whoever is or was in an account with them, and whoever was merged into one of those.
WITH near AS (
    SELECT t.id FROM unnest(%(members)s::uuid[]) AS t (id)
    UNION
    SELECT b.member
    FROM account_member AS a
    JOIN account_member AS b ON b.program = a.program AND b.home = a.home AND b.account = a.account
    WHERE a.program = %(program)s AND a.member = ANY (%(members)s::uuid[])
), everybody AS (
    SELECT n.id FROM near AS n
    UNION
    SELECT m.id FROM near AS n JOIN member AS m ON m.program = %(program)s AND m.merged_into = n.id
)
SELECT 1
FROM everybody AS e
CROSS JOIN LATERAL (
    SELECT FROM referral_payment AS p
    WHERE p.program = %(program)s AND p.member = e.id AND p.digest = ANY (%(digests)s::bytea[])
    LIMIT 1
) AS p
WHERE e.id <> %(but)s
LIMIT 1;

-- name: forget
DELETE FROM referral_payment WHERE program = %s AND member = %s;

-- name: prune
DELETE FROM referral_payment AS p
USING (
    (SELECT r.home, r.purchase, r.digest FROM referral_payment AS r
     WHERE r.program = %(program)s AND r.paid_at < %(before)s LIMIT %(limit)s)
    UNION
    (SELECT r.home, r.purchase, r.digest FROM referral_payment AS r
     WHERE r.program = %(program)s AND r.member IS NULL AND r.paid_at < %(unclaimed)s LIMIT %(limit)s)
) AS old
WHERE p.program = %(program)s AND (p.home, p.purchase, p.digest) = (old.home, old.purchase, old.digest);
