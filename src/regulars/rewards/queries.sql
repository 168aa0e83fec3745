-- name: create
INSERT INTO reward (program, id, revision, created_at) VALUES (%s, %s, 1, %s);

-- name: revise
-- The guard: the next revision is that of whoever gets there first.
UPDATE reward SET revision = revision + 1 WHERE program = %s AND id = %s RETURNING revision;

-- name: freeze
INSERT INTO reward_revision (program, reward, revision, document, published_at, published_by)
VALUES (%s, %s, %s, %s::jsonb, %s, %s);

-- name: stop
UPDATE reward SET stopped_at = coalesce(stopped_at, %s) WHERE program = %s AND id = %s RETURNING 1;

-- name: resume
UPDATE reward SET stopped_at = NULL WHERE program = %s AND id = %s RETURNING 1;

-- name: find
SELECT r.id, v.revision, v.document::text, r.stopped_at, r.created_at, v.published_at, v.published_by
FROM reward r
JOIN reward_revision v ON (v.program, v.reward, v.revision) = (r.program, r.id, coalesce(%s::integer, r.revision))
WHERE r.program = %s AND r.id = %s;

-- name: revisions
SELECT r.id, v.revision, v.document::text, r.stopped_at, r.created_at, v.published_at, v.published_by
FROM (SELECT %s::uuid AS program) g
CROSS JOIN unnest(%b::uuid[], %b::integer[]) AS t (id, revision)
CROSS JOIN LATERAL (
    SELECT v.* FROM reward_revision v
    WHERE (v.program, v.reward, v.revision) = (g.program, t.id, t.revision)
    LIMIT 1
) v
JOIN reward r ON (r.program, r.id) = (g.program, t.id);

-- name: page
-- In the order they were made; with `standing` only those that were not stopped.
SELECT r.id, v.revision, v.document::text, r.stopped_at, r.created_at, v.published_at, v.published_by
FROM reward r
JOIN reward_revision v ON (v.program, v.reward, v.revision) = (r.program, r.id, r.revision)
WHERE r.program = %(program)s AND (%(after)s::uuid IS NULL OR r.id > %(after)s)
    AND (NOT %(standing)s OR r.stopped_at IS NULL)
ORDER BY r.id
LIMIT %(limit)s;

-- name: supply
-- More, or (below zero) less: never fewer than are there.
INSERT INTO reward_stock AS s (program, reward, store, supplied, remaining)
SELECT i.program, i.reward, i.store, i.more, i.more
FROM (SELECT %s::uuid AS program, %s::uuid AS reward, %s::uuid AS store, %s::bigint AS more) AS i
WHERE i.more >= 0
ON CONFLICT (program, reward, store) DO UPDATE
SET supplied = s.supplied + excluded.supplied, remaining = s.remaining + excluded.remaining
RETURNING supplied, remaining;

-- name: withdraw
UPDATE reward_stock SET supplied = supplied - %(less)s, remaining = remaining - %(less)s
WHERE program = %(program)s AND reward = %(reward)s AND store = %(store)s AND remaining >= %(less)s
RETURNING supplied, remaining;

-- name: stocks
SELECT t.id, s.store, s.supplied, s.remaining
FROM (SELECT %s::uuid AS program) g
CROSS JOIN unnest(%b::uuid[]) AS t (id)
CROSS JOIN LATERAL (
    SELECT s.store, s.supplied, s.remaining FROM reward_stock s WHERE (s.program, s.reward) = (g.program, t.id) OFFSET 0
) s
ORDER BY t.id, s.store;

-- name: take_stock
-- The guard of the stock: no row comes back where there is too little.
UPDATE reward_stock SET remaining = remaining - %(quantity)s
WHERE program = %(program)s AND reward = %(reward)s AND store = %(store)s AND remaining >= %(quantity)s
RETURNING remaining;

-- name: return_stock
UPDATE reward_stock SET remaining = remaining + %(quantity)s
WHERE program = %(program)s AND reward = %(reward)s AND store = %(store)s
RETURNING remaining;

-- name: use
-- The guard of the limits: a counter whose limit would be passed answers no row. They are locked in the order in which
-- they come.
INSERT INTO reward_use AS u (program, home, holder, reward, period, used)
SELECT i.program, t.home, t.holder, i.reward, t.period, i.quantity
FROM (SELECT %s::uuid AS program, %s::uuid AS reward, %s::bigint AS quantity) AS i
CROSS JOIN unnest(%b::smallint[], %b::uuid[], %b::integer[], %b::bigint[]) AS t (home, holder, period, most)
WHERE i.quantity <= t.most
ON CONFLICT (program, home, holder, reward, period) DO UPDATE SET used = u.used + excluded.used
WHERE u.used + excluded.used <= (
    SELECT m.most FROM unnest(%b::uuid[], %b::integer[], %b::bigint[]) AS m (holder, period, most)
    WHERE m.holder = excluded.holder AND m.period = excluded.period
)
RETURNING holder, period;

-- name: unuse
-- Never below zero: when the program's time zone was changed since, claims of two periods may count in one.
INSERT INTO reward_use AS u (program, home, holder, reward, period, used)
SELECT i.program, t.home, t.holder, i.reward, t.period, 0
FROM (SELECT %s::uuid AS program, %s::uuid AS reward) AS i
CROSS JOIN unnest(%b::smallint[], %b::uuid[], %b::integer[]) AS t (home, holder, period)
ON CONFLICT (program, home, holder, reward, period) DO UPDATE SET used = greatest(u.used - %s, 0);

-- name: uses
SELECT u.reward, u.holder, u.period, u.used
FROM (SELECT %s::uuid AS program) g
CROSS JOIN unnest(%b::uuid[], %b::smallint[], %b::uuid[], %b::integer[]) AS t (reward, home, holder, period)
CROSS JOIN LATERAL (
    SELECT u.reward, u.holder, u.period, u.used FROM reward_use u
    WHERE (u.program, u.home, u.holder, u.reward, u.period) = (g.program, t.home, t.holder, t.reward, t.period)
    LIMIT 1
) u;

-- name: enter
INSERT INTO redemption (program, home, id, reward, revision, member, pool, store, stock, quantity, currency, points, money,
    valid_until, redeemed_at, redeemed_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: step
-- A second successor of a state cannot be written: the key is the guard.
INSERT INTO redemption_state (program, home, redemption, n, state, posting, at, by, reason)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
RETURNING n;

-- name: stand
INSERT INTO redemption_now (program, home, redemption, n, state, due_at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (program, home, redemption) DO UPDATE SET n = excluded.n, state = excluded.state, due_at = excluded.due_at;

-- name: redemption
SELECT id, reward, revision, member, pool, store, stock, quantity, currency, points, money, valid_until, redeemed_at,
    redeemed_by
FROM redemption
WHERE program = %s AND home = %s AND id = %s;

-- name: steps
SELECT n, state, posting, at, by, reason
FROM redemption_state
WHERE program = %s AND home = %s AND redemption = %s
ORDER BY n;

-- name: steps_of
SELECT t.id, s.n, s.state, s.posting, s.at, s.by, s.reason
FROM (SELECT %s::uuid AS program) g
CROSS JOIN unnest(%b::smallint[], %b::uuid[]) AS t (home, id)
CROSS JOIN LATERAL (
    SELECT s.n, s.state, s.posting, s.at, s.by, s.reason FROM redemption_state s
    WHERE (s.program, s.home, s.redemption) = (g.program, t.home, t.id)
    OFFSET 0
) s
ORDER BY t.id, s.n;

-- name: standing
SELECT t.id, n.state, n.due_at
FROM (SELECT %s::uuid AS program) g
CROSS JOIN unnest(%b::smallint[], %b::uuid[]) AS t (home, id)
CROSS JOIN LATERAL (
    SELECT n.state, n.due_at FROM redemption_now n WHERE (n.program, n.home, n.redemption) = (g.program, t.home, t.id) LIMIT 1
) n;

-- name: of_members
-- The redemptions of these members (one, and who was merged into her), the latest first.
SELECT r.id, r.reward, r.revision, r.member, r.pool, r.store, r.stock, r.quantity, r.currency, r.points, r.money,
    r.valid_until, r.redeemed_at, r.redeemed_by
FROM unnest(%(members)s::uuid[]) AS t (id)
CROSS JOIN LATERAL (
    SELECT * FROM redemption r
    WHERE r.program = %(program)s AND r.member = t.id AND (%(before)s::uuid IS NULL OR r.id < %(before)s)
    ORDER BY r.id DESC
    LIMIT %(limit)s
) r
ORDER BY r.id DESC
LIMIT %(limit)s;

-- name: ids_of_member
SELECT id FROM redemption WHERE program = %s AND member = %s;

-- name: in_states
-- The redemptions of a program that are in one of these states, the latest first.
SELECT r.id, r.reward, r.revision, r.member, r.pool, r.store, r.stock, r.quantity, r.currency, r.points, r.money,
    r.valid_until, r.redeemed_at, r.redeemed_by
FROM unnest(%(states)s::text[]) AS t (state)
CROSS JOIN LATERAL (
    SELECT r.* FROM redemption_now n
    JOIN redemption r ON r.program = %(program)s AND r.home = n.home AND r.id = n.redemption
    WHERE n.program = %(program)s AND n.state = t.state AND (%(before)s::uuid IS NULL OR n.redemption < %(before)s)
        AND (%(stores)s::uuid[] IS NULL OR r.store = ANY (%(stores)s::uuid[]) OR r.store IS NULL AND %(storeless)s)
    ORDER BY n.redemption DESC
    LIMIT %(limit)s
) r
ORDER BY r.id DESC
LIMIT %(limit)s;

-- name: due
SELECT n.redemption FROM redemption_now n
WHERE n.program = %s AND n.due_at <= %s
ORDER BY n.due_at, n.redemption
LIMIT %s;

-- name: stock_astray
-- Rows of stock that are not what was supplied less what claims have of it.
SELECT s.reward, s.store, s.supplied, s.remaining, coalesce(c.claimed, 0) AS claimed
FROM reward_stock s
LEFT JOIN (
    SELECT r.reward, r.stock, sum(r.quantity)::bigint AS claimed
    FROM redemption r
    JOIN redemption_now n ON (n.program, n.home, n.redemption) = (r.program, r.home, r.id)
    WHERE r.program = %(program)s AND r.stock IS NOT NULL AND n.state NOT IN ('cancelled', 'lapsed')
    GROUP BY r.reward, r.stock
) c ON (c.reward, c.stock) = (s.reward, s.store)
WHERE s.program = %(program)s AND s.supplied <> s.remaining + coalesce(c.claimed, 0)
LIMIT %(limit)s;

-- name: states_astray
-- Redemptions whose standing is not their last step.
SELECT n.redemption, n.n, n.state, s.n AS last, s.state AS last_state
FROM redemption_now n
JOIN LATERAL (
    SELECT s.n, s.state FROM redemption_state s
    WHERE (s.program, s.home, s.redemption) = (n.program, n.home, n.redemption)
    ORDER BY s.n DESC
    LIMIT 1
) s ON true
WHERE n.program = %(program)s AND (s.n, s.state) <> (n.n, n.state)
LIMIT %(limit)s;

-- name: define
INSERT INTO voucher_definition (program, batch, document, promotion, created_at) VALUES (%s, %s, %s::jsonb, %s, %s);

-- name: definitions
SELECT t.id, d.document::text, d.promotion
FROM (SELECT %s::uuid AS program) g
CROSS JOIN unnest(%b::uuid[]) AS t (id)
CROSS JOIN LATERAL (
    SELECT d.document, d.promotion FROM voucher_definition d WHERE (d.program, d.batch) = (g.program, t.id) LIMIT 1
) d;

-- name: defined
SELECT batch, document::text, promotion FROM voucher_definition WHERE program = %s ORDER BY batch DESC LIMIT %s;
