-- Entitlements: what members may do so many times in a period, what they booked of it, and what came beside.

-- A revision of an entitlement; the newest of a code counts.
CREATE TABLE entitlement (
    program   uuid NOT NULL REFERENCES program,
    code      text NOT NULL CHECK (length(code) BETWEEN 1 AND 63),
    revision  integer NOT NULL CHECK (revision > 0),
    document  jsonb NOT NULL,
    since     timestamptz NOT NULL,
    author    text NOT NULL,
    PRIMARY KEY (program, code, revision)
);

-- Uses that a member was given beside what her tier has. One cause gives once.
CREATE TABLE entitlement_grant (
    program    uuid NOT NULL,
    home       smallint NOT NULL,
    member     uuid NOT NULL,
    code       text NOT NULL CHECK (length(code) BETWEEN 1 AND 63),
    cause      text NOT NULL CHECK (length(cause) BETWEEN 1 AND 200),
    id         uuid NOT NULL,
    uses       integer NOT NULL CHECK (uses > 0),
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz,                -- half-open; none: without end
    origin     text NOT NULL CHECK (origin IN ('promotion', 'prize', 'membership', 'staff')),
    granted_at timestamptz NOT NULL,
    granted_by text NOT NULL,
    ended_at   timestamptz,                -- taken back; what was used stands
    PRIMARY KEY (program, home, member, code, cause),
    FOREIGN KEY (program, home, member) REFERENCES member
);
CREATE INDEX entitlement_grant_id ON entitlement_grant (id);

-- A visit: used at a desk, or booked and then used, cancelled or missed. Its state changes; what it took does not.
CREATE TABLE entitlement_use (
    program    uuid NOT NULL,
    home       smallint NOT NULL,
    id         uuid NOT NULL,
    member     uuid NOT NULL,
    code       text NOT NULL,
    revision   integer NOT NULL,
    state      text NOT NULL CHECK (state IN ('booked', 'used', 'cancelled', 'missed')),
    store      uuid NOT NULL,
    partner    uuid NOT NULL,              -- the store's: whose costs it is
    at         timestamptz NOT NULL,       -- when she came, or is to come
    day        date NOT NULL,              -- of it, in the program's time zone: what the quota counts by
    guests     smallint NOT NULL CHECK (guests >= 0),
    taken      integer NOT NULL CHECK (taken >= 0),   -- of the quota of her tier
    granted    jsonb NOT NULL,             -- and of what she was given: grant → uses
    counts     boolean NOT NULL DEFAULT true,         -- false: it took nothing after all
    cost       bigint NOT NULL CHECK (cost >= 0),     -- once it is used: minor units of base money
    booked     boolean NOT NULL,           -- it has a place in a slot
    due_at     timestamptz,                -- when a booking that nobody came to is missed
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    ended_at   timestamptz,
    ended_by   text,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, code, revision) REFERENCES entitlement
) WITH (fillfactor = 80);
CREATE INDEX entitlement_use_of_member ON entitlement_use (member, code, day);
CREATE INDEX entitlement_use_at_store ON entitlement_use (store, at);
CREATE INDEX entitlement_use_of_partner ON entitlement_use (partner, id);
CREATE INDEX entitlement_use_due ON entitlement_use (due_at) WHERE state = 'booked';

-- How many people a place expects at an hour; the guard of its capacity.
CREATE TABLE entitlement_slot (
    program uuid NOT NULL,
    store   uuid NOT NULL,
    code    text NOT NULL,
    at      timestamptz NOT NULL,
    taken   integer NOT NULL CHECK (taken >= 0),
    PRIMARY KEY (program, store, code, at)
) WITH (fillfactor = 70);

GRANT SELECT, INSERT ON entitlement, entitlement_grant, entitlement_use TO regulars_app;
GRANT UPDATE (ended_at) ON entitlement_grant TO regulars_app;
GRANT UPDATE (state, counts, ended_at, ended_by) ON entitlement_use TO regulars_app;
GRANT SELECT, INSERT, UPDATE ON entitlement_slot TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['entitlement', 'entitlement_grant', 'entitlement_use', 'entitlement_slot']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
