-- Rewards: what points buy outside a purchase; and vouchers, whose codes may belong to somebody and end by themselves.

-- the books ---------------------------------------------------------------------------------------------------

ALTER TABLE posting DROP CONSTRAINT posting_kind_check;
ALTER TABLE posting ADD CONSTRAINT posting_kind_check CHECK (kind IN ('purchase', 'return', 'void', 'adjustment',
    'transfer_out', 'transfer_in', 'expiry', 'debt_payment', 'write_off', 'reversal', 'bonus', 'grace',
    'welcome', 'opening', 'redemption', 'cancellation'));

-- the catalogue -----------------------------------------------------------------------------------------------

CREATE TABLE reward (
    program    uuid NOT NULL REFERENCES program,
    id         uuid NOT NULL,
    revision   integer NOT NULL CHECK (revision > 0),  -- the newest, by which members claim
    stopped_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (program, id)
);

CREATE TABLE reward_revision (
    program      uuid NOT NULL,
    reward       uuid NOT NULL,
    revision     integer NOT NULL CHECK (revision > 0),
    document     jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    published_by text NOT NULL,
    PRIMARY KEY (program, reward, revision),
    FOREIGN KEY (program, reward) REFERENCES reward
);

-- What there is of a reward at a store, or (the program in its place) for all stores together; the guard of every claim.
-- supplied = remaining + what claims have that were not given back.
CREATE TABLE reward_stock (
    program   uuid NOT NULL,
    reward    uuid NOT NULL,
    store     uuid NOT NULL,
    supplied  bigint NOT NULL CHECK (supplied >= 0),
    remaining bigint NOT NULL CHECK (remaining >= 0),
    PRIMARY KEY (program, reward, store),
    FOREIGN KEY (program, reward) REFERENCES reward,
    CHECK (remaining <= supplied)
) WITH (fillfactor = 70);

-- How often a reward was claimed by one holder (a member; for all together the reward itself) in one period.
CREATE TABLE reward_use (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    holder  uuid NOT NULL,
    reward  uuid NOT NULL,
    period  integer NOT NULL,   -- its first day as yyyymmdd, 0: a lifetime
    used    bigint NOT NULL CHECK (used >= 0),
    PRIMARY KEY (program, home, holder, reward, period)
) WITH (fillfactor = 70);

-- redemptions -------------------------------------------------------------------------------------------------

-- That a member claimed a reward, and at what price. Names her by id, and nothing else of her.
CREATE TABLE redemption (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    id          uuid NOT NULL,
    reward      uuid NOT NULL,
    revision    integer NOT NULL,
    member      uuid NOT NULL,
    pool        uuid NOT NULL,
    store       uuid,               -- where it was claimed or is handed over
    stock       uuid,               -- the row of reward_stock it took from
    quantity    integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
    currency    text NOT NULL,
    points      bigint NOT NULL CHECK (points >= 0),
    money       bigint NOT NULL CHECK (money >= 0),  -- to be paid beside, minor units of base money
    valid_until timestamptz,
    redeemed_at timestamptz NOT NULL,
    redeemed_by text NOT NULL,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, home, pool) REFERENCES pool,
    FOREIGN KEY (program, reward, revision) REFERENCES reward_revision
);
CREATE INDEX redemption_of_member ON redemption (member, id);
CREATE INDEX redemption_of_pool ON redemption (pool, redeemed_at);
CREATE INDEX redemption_of_reward ON redemption (reward, id);

-- Each step of a redemption. Its key lets a state have one successor only.
CREATE TABLE redemption_state (
    program    uuid NOT NULL,
    home       smallint NOT NULL,
    redemption uuid NOT NULL,
    n          smallint NOT NULL CHECK (n >= 0),
    state      text NOT NULL CHECK (state IN ('held', 'claimed', 'ready', 'shipped', 'handed_over', 'cancelled',
                   'lapsed')),
    posting    uuid,                -- in the books, where the step moved points
    at         timestamptz NOT NULL,
    by         text NOT NULL,
    reason     text NOT NULL DEFAULT '',
    PRIMARY KEY (program, home, redemption, n),
    FOREIGN KEY (program, home, redemption) REFERENCES redemption
);

-- The state that holds, for finding what is due or waits; a cache of redemption_state.
CREATE TABLE redemption_now (
    program    uuid NOT NULL,
    home       smallint NOT NULL,
    redemption uuid NOT NULL,
    n          smallint NOT NULL,
    state      text NOT NULL,
    due_at     timestamptz,         -- when it lapses unless something is done
    PRIMARY KEY (program, home, redemption),
    FOREIGN KEY (program, home, redemption) REFERENCES redemption
) WITH (fillfactor = 70);
CREATE INDEX redemption_due ON redemption_now (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX redemption_in_state ON redemption_now (state, redemption);

-- vouchers ----------------------------------------------------------------------------------------------------

-- What the codes of a batch are worth, for how long, and whose they are.
CREATE TABLE voucher_definition (
    program    uuid NOT NULL,
    batch      uuid NOT NULL,
    document   jsonb NOT NULL,
    promotion  uuid,                -- which lets them count in a purchase
    created_at timestamptz NOT NULL,
    PRIMARY KEY (program, batch),
    FOREIGN KEY (program, batch) REFERENCES code_batch
);

-- A code that came with a redemption, whose it is where only she may use it, and its own end.
ALTER TABLE code ADD COLUMN redemption uuid, ADD COLUMN owner uuid, ADD COLUMN valid_until timestamptz,
    ADD COLUMN blocked_at timestamptz, ADD COLUMN reminded_at timestamptz;
CREATE INDEX code_of_owner ON code (owner) WHERE owner IS NOT NULL;
CREATE INDEX code_of_redemption ON code (redemption) WHERE redemption IS NOT NULL;
CREATE INDEX code_ending ON code (valid_until) WHERE owner IS NOT NULL AND valid_until IS NOT NULL AND reminded_at IS NULL;

-- A use of a code outside a purchase, or its end with the redemption that it came with. Once for each act.
CREATE TABLE code_use (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    code    uuid NOT NULL,
    act     uuid NOT NULL,          -- what is answered of it; the redemption that was cancelled
    kind    text NOT NULL CHECK (kind IN ('redeemed', 'cancelled')),
    batch   uuid NOT NULL,
    amount  bigint NOT NULL CHECK (amount > 0),
    member  uuid,
    store   uuid,
    used_at timestamptz NOT NULL,
    used_by text NOT NULL,
    PRIMARY KEY (program, home, code, act, kind),
    FOREIGN KEY (program, code) REFERENCES code
);

-- who may do what ---------------------------------------------------------------------------------------------

GRANT SELECT, INSERT, UPDATE ON reward, reward_stock, reward_use, redemption_now TO regulars_app;
GRANT SELECT, INSERT ON reward_revision, redemption, redemption_state, voucher_definition, code_use TO regulars_app;
GRANT UPDATE (owner, blocked_at, reminded_at) ON code TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['reward', 'reward_revision', 'reward_stock', 'reward_use', 'redemption',
        'redemption_state', 'redemption_now', 'voucher_definition', 'code_use']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
