-- Rhythms of visits and who is overdue; stamps; prepaid packs of visits; memberships that are paid for.

ALTER TABLE currency DROP CONSTRAINT currency_kind_check;
ALTER TABLE currency ADD CONSTRAINT currency_kind_check CHECK (kind IN ('points', 'money', 'qualifying', 'stamps',
    'visits'));

-- rhythms -----------------------------------------------------------------------------------------------------

-- How regularly a member comes, as her visits were last looked at; made anew from them whenever some were summed up.
CREATE TABLE rhythm (
    program       uuid NOT NULL,
    home          smallint NOT NULL,
    member        uuid NOT NULL,
    stale         boolean NOT NULL,
    last_day      date,
    median_halves integer,                -- of the intervals between her visits, in half days
    overdue_on    date,                   -- the first day on which she is; none: she has no rhythm yet
    told_of       date,                   -- the last visit before the absence that was noticed
    PRIMARY KEY (program, home, member)
) WITH (fillfactor = 70);
CREATE INDEX rhythm_stale ON rhythm (member) WHERE stale;
CREATE INDEX rhythm_overdue ON rhythm (overdue_on, member) WHERE overdue_on IS NOT NULL;

-- By which settings the rhythms of a program were judged.
CREATE TABLE rhythm_basis (
    program uuid PRIMARY KEY REFERENCES program,
    basis   text NOT NULL
);

-- That a member's absence was noticed, once for each. A fact.
CREATE TABLE absence (
    program    uuid NOT NULL,
    home       smallint NOT NULL,
    member     uuid NOT NULL,
    since      date NOT NULL,             -- her last visit
    overdue_on date NOT NULL,
    noticed_at timestamptz NOT NULL,
    channel    text,                      -- of the message to her; none: she did not agree to any
    PRIMARY KEY (program, home, member, since)
);

ALTER TABLE member_visit NO FORCE ROW LEVEL SECURITY;
INSERT INTO rhythm (program, home, member, stale) SELECT DISTINCT program, home, member, true FROM member_visit;
ALTER TABLE member_visit FORCE ROW LEVEL SECURITY;

-- packs -------------------------------------------------------------------------------------------------------

-- A revision of what a prepaid pack holds and costs; the newest of a code counts.
CREATE TABLE pack_kind (
    program  uuid NOT NULL REFERENCES program,
    code     text NOT NULL CHECK (length(code) BETWEEN 1 AND 63),
    revision integer NOT NULL CHECK (revision > 0),
    document jsonb NOT NULL,
    since    timestamptz NOT NULL,
    author   text NOT NULL,
    PRIMARY KEY (program, code, revision)
);

-- A pack that somebody bought: one lot of the books. A fact.
CREATE TABLE pack (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    id        uuid NOT NULL,
    member    uuid NOT NULL,
    pool      uuid NOT NULL,
    code      text NOT NULL,
    revision  integer NOT NULL,
    currency  text NOT NULL,
    visits    integer NOT NULL CHECK (visits > 0),
    price     bigint NOT NULL CHECK (price >= 0),     -- minor units of base money
    lot       uuid NOT NULL,
    reference text NOT NULL,                          -- of the payment
    store     uuid,
    sold_at   timestamptz NOT NULL,
    sold_by   text NOT NULL,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, home, pool) REFERENCES pool,
    FOREIGN KEY (program, code, revision) REFERENCES pack_kind
);
CREATE INDEX pack_of_member ON pack (member, id);
CREATE INDEX pack_of_lot ON pack (lot);
CREATE INDEX pack_of_currency ON pack (currency, id);

-- What of a pack was paid back, once. A fact.
CREATE TABLE pack_refund (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    pack        uuid NOT NULL,
    visits      integer NOT NULL CHECK (visits > 0),
    amount      bigint NOT NULL CHECK (amount >= 0),
    reason      text NOT NULL,
    refunded_at timestamptz NOT NULL,
    refunded_by text NOT NULL,
    PRIMARY KEY (program, home, pack),
    FOREIGN KEY (program, home, pack) REFERENCES pack
);

-- memberships -------------------------------------------------------------------------------------------------

-- A revision of what a paid membership costs and gives; the newest of a code counts for what is begun or renewed.
CREATE TABLE membership_plan (
    program  uuid NOT NULL REFERENCES program,
    code     text NOT NULL CHECK (length(code) BETWEEN 1 AND 63),
    revision integer NOT NULL CHECK (revision > 0),
    document jsonb NOT NULL,
    since    timestamptz NOT NULL,
    author   text NOT NULL,
    PRIMARY KEY (program, code, revision)
);

-- Each act of a membership. Its key lets a state have one successor only. Facts.
CREATE TABLE membership_step (
    program    uuid NOT NULL,
    home       smallint NOT NULL,
    membership uuid NOT NULL,
    n          integer NOT NULL CHECK (n >= 0),
    act        text NOT NULL CHECK (act IN ('started', 'renewed', 'changed', 'paused', 'resumed', 'to_end', 'to_go_on',
                   'due', 'ended', 'refunded')),
    plan       text NOT NULL,
    revision   integer NOT NULL,
    from_day   date NOT NULL,             -- of the period that is paid, in the program's time zone
    until_day  date NOT NULL,             -- half-open
    amount     bigint NOT NULL CHECK (amount >= 0),   -- what the period is worth, or for `refunded` was paid back:
                                                      -- minor units of base money
    credit     bigint NOT NULL DEFAULT 0 CHECK (credit >= 0),  -- of it, what was paid for another plan before
    reference  text NOT NULL DEFAULT '',  -- of the payment
    at         timestamptz NOT NULL,
    by         text NOT NULL,
    reason     text NOT NULL DEFAULT '',
    PRIMARY KEY (program, home, membership, n),
    FOREIGN KEY (program, plan, revision) REFERENCES membership_plan
);

-- How each membership stands: what its last step came to.
CREATE TABLE membership (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    id        uuid NOT NULL,
    member    uuid NOT NULL,              -- whose it is: after a merge the survivor
    origin    uuid NOT NULL,              -- who began it
    n         integer NOT NULL,           -- of its last step
    state     text NOT NULL CHECK (state IN ('active', 'due', 'paused', 'ended')),
    plan      text NOT NULL,
    revision  integer NOT NULL,
    anchor    date NOT NULL,              -- from which its periods are counted
    from_day  date NOT NULL,
    until_day date NOT NULL,
    to_end    boolean NOT NULL,           -- with the period, not renewed
    paused_on date,
    due_at    timestamptz,                -- when something happens unless something is done
    begun_at  timestamptz NOT NULL,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, home, origin) REFERENCES member
) WITH (fillfactor = 70);
CREATE INDEX membership_of_member ON membership (member, id);
CREATE INDEX membership_due ON membership (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX membership_in_state ON membership (state, id);

-- who may do what ---------------------------------------------------------------------------------------------

GRANT SELECT, INSERT, UPDATE ON rhythm_basis, membership TO regulars_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON rhythm TO regulars_app;
GRANT SELECT, INSERT ON pack_kind, pack, pack_refund, membership_plan, membership_step TO regulars_app;
GRANT SELECT, INSERT, DELETE ON absence TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['rhythm', 'rhythm_basis', 'absence', 'pack_kind', 'pack', 'pack_refund',
        'membership_plan', 'membership_step', 'membership']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
