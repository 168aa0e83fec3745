-- name: marks_of_persons
-- The nonce of what is sealed: it stays as long as nobody changes who the member is.
SELECT p.member, encode(substring(p.sealed FROM 1 FOR 12), 'hex')
FROM unnest(%s::smallint[], %s::uuid[]) AS t (home, member)
JOIN person AS p ON p.program = %s AND p.home = t.home AND p.member = t.member;

-- name: recorded_before
SELECT r.key FROM unnest(%s::text[]) AS t (key)
JOIN request_key AS r ON r.program = %s AND r.partner = %s AND r.key = t.key;

-- name: member_since
-- What happened to a member after she was entered, as the first thing that speaks against taking her back.
SELECT CASE
    WHEN m.erased_at IS NOT NULL THEN 'erased'
    WHEN m.merged_into IS NOT NULL OR EXISTS (SELECT FROM member AS a WHERE a.program = m.program AND a.merged_into = m.id)
        THEN 'merged'
    WHEN m.own_pool IS NOT NULL THEN 'shared'
    WHEN EXISTS (SELECT FROM purchase AS p WHERE p.program = m.program AND p.pool = m.pool) THEN 'purchases'
    WHEN EXISTS (SELECT FROM posting AS p WHERE p.program = m.program AND p.pool = m.pool AND p.recorded_at > %(at)s)
        THEN 'postings'
    WHEN EXISTS (SELECT FROM consent AS c WHERE c.program = m.program AND c.home = m.home AND c.member = m.id
        AND c.recorded_at > %(at)s) THEN 'consents'
    WHEN EXISTS (SELECT FROM card AS c WHERE c.program = m.program AND c.home = m.home AND c.member = m.id
        AND (c.issued_at > %(at)s OR c.status <> 'active')) THEN 'cards'
    WHEN EXISTS (SELECT FROM passkey AS k WHERE k.program = m.program AND k.home = m.home AND k.member = m.id)
        OR EXISTS (SELECT FROM device AS d WHERE d.program = m.program AND d.home = m.home AND d.member = m.id)
        THEN 'devices'
    WHEN encode(substring(p.sealed FROM 1 FOR 12), 'hex') IS DISTINCT FROM %(mark)s THEN 'changed'
    ELSE '' END
FROM member AS m
LEFT JOIN person AS p ON p.program = m.program AND p.home = m.home AND p.member = m.id
WHERE m.program = %(program)s AND m.home = %(home)s AND m.id = %(member)s;

-- name: openings_of
-- The postings by which a pool was opened by one import.
SELECT id FROM posting WHERE program = %s AND home = %s AND pool = %s AND kind = 'opening' AND recorded_at = %s;

-- name: card_since
SELECT c.number, c.status, EXISTS (
    SELECT FROM purchase AS p WHERE p.program = c.program AND p.pool = c.pool AND p.card = c.id)
FROM card AS c WHERE c.program = %s AND c.home = %s AND c.id = %s;
