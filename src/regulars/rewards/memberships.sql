-- name: newest_plans
SELECT DISTINCT ON (p.code) p.code, p.revision,
    (SELECT min(f.since) FROM membership_plan f WHERE (f.program, f.code) = (p.program, p.code)), p.document::text
FROM membership_plan p
WHERE p.program = %s
ORDER BY p.code, p.revision DESC;

-- name: plan_as
SELECT document::text FROM membership_plan WHERE program = %s AND code = %s AND revision = %s;

-- name: add_plan
INSERT INTO membership_plan (program, code, revision, document, since, author)
SELECT g.program, g.code,
    1 + coalesce((SELECT max(p.revision) FROM membership_plan p WHERE (p.program, p.code) = (g.program, g.code)), 0),
    g.document, g.since, g.author
FROM (SELECT %s::uuid AS program, %s::text AS code, %s::jsonb AS document, %s::timestamptz AS since, %s::text AS author)
    AS g
RETURNING revision;

-- name: membership
SELECT id, member, n, state, plan, revision, anchor, from_day, until_day, to_end, paused_on, due_at, begun_at
FROM membership WHERE program = %s AND home = %s AND id = %s;

-- name: of_members
SELECT id, member, n, state, plan, revision, anchor, from_day, until_day, to_end, paused_on, due_at, begun_at
FROM membership WHERE program = %s AND member = ANY (%s::uuid[]) ORDER BY id DESC LIMIT 100;

-- name: in_state
SELECT id, member, n, state, plan, revision, anchor, from_day, until_day, to_end, paused_on, due_at, begun_at
FROM membership WHERE program = %s AND state = %s AND id < %s ORDER BY id DESC LIMIT %s;

-- name: count_states
SELECT state, count(*) FROM membership WHERE program = %s GROUP BY state;

-- name: begin
INSERT INTO membership (program, home, id, member, origin, n, state, plan, revision, anchor, from_day, until_day,
    to_end, paused_on, due_at, begun_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: follow
-- Hers are the survivor's; `origin` says whose they were.
UPDATE membership SET member = %s WHERE program = %s AND member = %s;

-- name: part
UPDATE membership SET member = origin WHERE program = %s AND member = %s AND origin = %s;

-- name: move
UPDATE membership SET n = %s, state = %s, plan = %s, revision = %s, anchor = %s, from_day = %s, until_day = %s,
    to_end = %s, paused_on = %s, due_at = %s
WHERE program = %s AND home = %s AND id = %s AND n = %s;

-- name: note_step
INSERT INTO membership_step (program, home, membership, n, act, plan, revision, from_day, until_day, amount, credit,
    reference, at, by, reason)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (program, home, membership, n) DO NOTHING
RETURNING 1;

-- name: paid_periods
-- A change of plan ends what was paid for before: only the acts since the last one count.
SELECT s.act, s.from_day, s.until_day, s.amount, s.revision, s.reference, s.n
FROM membership_step s
WHERE s.program = %(program)s AND s.home = %(home)s AND s.membership = %(membership)s
    AND s.act IN ('started', 'renewed', 'changed', 'refunded')
    AND s.n >= coalesce((SELECT max(c.n) FROM membership_step c
        WHERE c.program = %(program)s AND c.home = %(home)s AND c.membership = %(membership)s AND c.act = 'changed'), 0)
ORDER BY s.n;

-- name: steps
SELECT n, act, plan, from_day, until_day, amount, credit, reference, at, by, reason
FROM membership_step WHERE program = %s AND home = %s AND membership = %s ORDER BY n LIMIT 1000;

-- name: due
SELECT id FROM membership WHERE program = %s AND due_at <= %s ORDER BY due_at, id LIMIT %s;

-- name: next_due
SELECT min(due_at) FROM membership WHERE program = %s AND due_at <= %s;
