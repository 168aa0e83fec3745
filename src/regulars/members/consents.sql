-- name: record
INSERT INTO consent (program, home, member, id, channel, purpose, granted, source, recorded_at, given_at, wording,
    wording_version, wording_language, wording_hash, recorded_by, evidence, to_confirm)
SELECT %(program)s, home, member, id, channel, purpose, granted, source, recorded_at, given_at, wording,
    wording_version, wording_language, wording_hash, recorded_by, evidence, to_confirm
FROM unnest(%(homes)s::smallint[], %(members)s::uuid[], %(ids)s::uuid[], %(channels)s::text[], %(purposes)s::text[],
    %(granted)s::boolean[], %(sources)s::text[], %(recorded)s::timestamptz[], %(given)s::timestamptz[],
    %(wordings)s::text[], %(versions)s::integer[], %(languages)s::text[], %(hashes)s::bytea[], %(recorders)s::text[],
    %(evidence)s::text[], %(to_confirm)s::boolean[])
    AS c (home, member, id, channel, purpose, granted, source, recorded_at, given_at, wording, wording_version,
        wording_language, wording_hash, recorded_by, evidence, to_confirm);

-- name: confirm
INSERT INTO consent_confirmation (program, home, member, consent, confirmed_at, address)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: confirm_from
-- As long as what was answered from is hers: her phone or email may have changed just now.
INSERT INTO consent_confirmation (program, home, member, consent, confirmed_at, address)
SELECT %(program)s, %(home)s, %(member)s, %(consent)s, %(at)s, %(address)s
FROM identifier AS i
WHERE i.program = %(program)s AND i.kind = %(kind)s AND i.digest = %(digest)s AND i.member = %(member)s
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: one
SELECT c.id, c.channel, c.purpose, c.granted, c.source, c.recorded_at, c.given_at, c.wording, c.wording_version,
    c.wording_language, c.wording_hash, c.recorded_by, c.evidence, c.to_confirm, n.confirmed_at, n.address
FROM consent AS c
LEFT JOIN consent_confirmation AS n ON n.program = c.program AND n.home = c.home AND n.member = c.member AND n.consent = c.id
WHERE c.program = %s AND c.home = %s AND c.member = %s AND c.id = %s;

-- name: history
SELECT c.id, c.channel, c.purpose, c.granted, c.source, c.recorded_at, c.given_at, c.wording, c.wording_version,
    c.wording_language, c.wording_hash, c.recorded_by, c.evidence, c.to_confirm, n.confirmed_at, n.address
FROM consent AS c
LEFT JOIN consent_confirmation AS n ON n.program = c.program AND n.home = c.home AND n.member = c.member AND n.consent = c.id
WHERE c.program = %s AND c.home = %s AND c.member = %s
ORDER BY c.id DESC
LIMIT %s;

-- name: withdrawn_since
SELECT 1 FROM consent
WHERE program = %s AND home = %s AND member = %s AND channel = %s AND purpose = %s AND id > %s AND NOT granted
LIMIT 1;

-- name: agreed
-- What a member agrees to: the latest word of each channel and purpose, of those that count.
SELECT DISTINCT ON (c.channel, c.purpose) c.channel, c.purpose, c.granted
FROM consent AS c
WHERE c.program = %(program)s AND c.home = %(home)s AND c.member = %(member)s
    AND (NOT c.granted OR NOT c.to_confirm OR EXISTS (
        SELECT FROM consent_confirmation AS n
        WHERE n.program = %(program)s AND n.home = %(home)s AND n.member = %(member)s AND n.consent = c.id))
ORDER BY c.channel, c.purpose, c.id DESC;

-- name: insert_wording
-- The next version, unless another was entered just now.
INSERT INTO consent_wording (program, code, version, purpose, channels, texts, created_at, created_by)
SELECT %(program)s, %(code)s, coalesce(max(version), 0) + 1, %(purpose)s, %(channels)s::text[], %(texts)s::jsonb, %(at)s, %(by)s
FROM consent_wording WHERE program = %(program)s AND code = %(code)s
ON CONFLICT DO NOTHING
RETURNING version;

-- name: wordings
SELECT code, version, purpose, channels, texts::text, created_at FROM consent_wording
WHERE program = %s AND code > %s
ORDER BY code, version DESC
LIMIT %s;

-- name: wordings_named
-- The asked version of each, or the newest.
SELECT w.code, w.version, w.purpose, w.channels, w.texts::text, w.created_at
FROM unnest(%s::text[], %s::integer[]) AS asked (code, version)
CROSS JOIN LATERAL (
    SELECT * FROM consent_wording
    WHERE program = %s AND code = asked.code AND (asked.version IS NULL OR version = asked.version)
    ORDER BY version DESC
    LIMIT 1
) AS w;

-- name: agreeing
-- Members who agree to be spoken to, in the order of their keys: a page of a list that is handed over.
SELECT m.home, m.id, m.language, c.said_at, c.wording, c.wording_version
FROM member AS m
CROSS JOIN LATERAL (
    SELECT c.granted, coalesce(c.given_at, c.recorded_at) AS said_at, c.wording, c.wording_version
    FROM consent AS c
    WHERE c.program = m.program AND c.home = m.home AND c.member = m.id
        AND c.channel = %(channel)s AND c.purpose = %(purpose)s
        AND (NOT c.granted OR NOT c.to_confirm OR EXISTS (
            SELECT FROM consent_confirmation AS n
            WHERE n.program = c.program AND n.home = c.home AND n.member = c.member AND n.consent = c.id))
    ORDER BY c.id DESC
    LIMIT 1
) AS c
WHERE m.program = %(program)s AND (m.home, m.id) > (%(home)s, %(member)s) AND c.granted
    AND m.erased_at IS NULL AND m.merged_into IS NULL
ORDER BY m.home, m.id
LIMIT %(limit)s;

-- name: insert_handover
INSERT INTO handover (program, id, channel, purpose, members, digest, given_at, given_to)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s);

-- name: handovers
SELECT id, channel, purpose, members, digest, given_at, given_to FROM handover
WHERE program = %s AND id < %s
ORDER BY id DESC
LIMIT %s;
