-- name: live
SELECT p.id, p.revision, r.document, r.published_at
FROM promotion p
JOIN promotion_revision r ON (r.program, r.promotion, r.revision) = (p.program, p.id, p.revision)
WHERE p.program = %s AND p.status = 'live'
ORDER BY p.id;

-- name: create
INSERT INTO promotion (program, id, draft, drafted_at, drafted_by, status, created_at)
VALUES (%s, %s, %s, %s, %s, 'draft', %s);

-- name: edit
UPDATE promotion SET draft = %s, drafted_at = %s, drafted_by = %s
WHERE program = %s AND id = %s
RETURNING 1;

-- name: publish
UPDATE promotion SET status = 'live', revision = revision + 1, draft = NULL
WHERE program = %s AND id = %s
RETURNING revision;

-- name: freeze
INSERT INTO promotion_revision (program, promotion, revision, document, changes, published_at, published_by)
VALUES (%s, %s, %s, %s, %s, %s, %s);

-- name: set_status
UPDATE promotion SET status = %s
WHERE program = %s AND id = %s AND status = %s
RETURNING revision;

-- name: note
INSERT INTO promotion_event (program, promotion, id, kind, revision, version, at, by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s);

-- name: find
SELECT id, status, revision, draft, created_at FROM promotion WHERE program = %s AND id = %s;

-- name: find_locked
SELECT id, status, revision, draft, created_at FROM promotion WHERE program = %s AND id = %s FOR UPDATE;

-- name: page
SELECT id, status, revision, draft, created_at
FROM promotion
WHERE program = %s AND (%s::uuid IS NULL OR id > %s)
ORDER BY id
LIMIT %s;

-- name: revisions
SELECT revision, document, changes, published_at, published_by
FROM promotion_revision
WHERE program = %s AND promotion = %s
ORDER BY revision DESC;

-- name: frozen
SELECT r.promotion, r.revision, r.document, r.published_at
FROM unnest(%b::uuid[], %b::integer[]) AS t (promotion, revision)
JOIN promotion_revision r ON (r.program, r.promotion, r.revision) = (%s, t.promotion, t.revision);

-- name: live_at
SELECT r.promotion, r.revision, r.document, r.published_at
FROM (
    SELECT DISTINCT ON (promotion) program, promotion, kind, revision
    FROM promotion_event
    WHERE program = %s AND version <= %s
    ORDER BY promotion, version DESC, id DESC
) AS last
JOIN promotion_revision r ON (r.program, r.promotion, r.revision) = (last.program, last.promotion, last.revision)
WHERE last.kind <> 'stopped';
