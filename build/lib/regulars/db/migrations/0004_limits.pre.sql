-- Use limits, budgets and unique codes: what is counted, and the facts that the counts rest on.

-- How much of a rule one holder has used in one period: a cache of the claims, and the guard of every claim.
-- The holder is whose it is (a member, a pool, a card, a store, a partner, a code; of a total the promotion itself).
CREATE TABLE limit_use (
    program   uuid NOT NULL REFERENCES program,
    home      smallint NOT NULL,
    holder    uuid NOT NULL,
    period    integer NOT NULL,   -- its first day as yyyymmdd, 0: a lifetime
    promotion uuid NOT NULL,      -- of a code its batch
    rule      text NOT NULL,
    slice     smallint NOT NULL DEFAULT 0 CHECK (slice >= 0),
    used      bigint NOT NULL,
    granted   bigint NOT NULL CHECK (granted >= 0),  -- to the claim that came last
    cap       bigint NOT NULL CHECK (cap >= 0),      -- by which that was judged
    PRIMARY KEY (program, home, holder, period, promotion, rule, slice)
) WITH (fillfactor = 70);
CREATE INDEX limit_use_of_promotion ON limit_use (promotion, rule, period);

-- What a purchase took of a counter and, below zero, gave back: each act once.
CREATE TABLE claim (
    program    uuid NOT NULL,
    home       smallint NOT NULL,
    purchase   uuid NOT NULL,
    promotion  uuid NOT NULL,
    rule       text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('claim', 'renewal', 'confirmation', 'return', 'release', 'void',
                   'cancellation')),
    act        uuid NOT NULL,      -- the return, the cancelled code; otherwise the purchase
    holder     uuid NOT NULL,
    period     integer NOT NULL,
    amount     bigint NOT NULL CHECK (amount <> 0),
    claimed_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, purchase, promotion, rule, kind, act),
    FOREIGN KEY (program, home, purchase) REFERENCES purchase
);

-- Claims of a hold that is neither confirmed nor voided; once its time is over they are given back.
CREATE TABLE held_claim (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    purchase  uuid NOT NULL,
    lapses_at timestamptz NOT NULL,
    open      boolean NOT NULL DEFAULT true,
    PRIMARY KEY (program, home, purchase),
    FOREIGN KEY (program, home, purchase) REFERENCES purchase
) WITH (fillfactor = 80);
CREATE INDEX held_claim_due ON held_claim (lapses_at) WHERE open;

-- A batch of unique codes.
CREATE TABLE code_batch (
    program     uuid NOT NULL REFERENCES program,
    id          uuid NOT NULL,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    pattern     text NOT NULL CHECK (length(pattern) BETWEEN 1 AND 40),
    wanted      integer NOT NULL CHECK (wanted >= 0),
    uses        bigint NOT NULL CHECK (uses > 0),        -- of each code
    member_uses bigint CHECK (member_uses > 0),          -- of all its codes together, by each member
    valid_from  timestamptz,
    valid_until timestamptz CHECK (valid_until > valid_from),
    stopped_at  timestamptz,
    created_at  timestamptz NOT NULL,
    created_by  text NOT NULL,
    job         uuid,
    PRIMARY KEY (program, id),
    UNIQUE (program, name)
);

-- Look-up: a code (by its keyed hash: codes are bearer secrets) → its batch. How often it was used, limit_use says.
CREATE TABLE code (
    program  uuid NOT NULL REFERENCES program,
    id       uuid NOT NULL,
    home     smallint NOT NULL,
    batch    uuid NOT NULL,
    serial   integer,            -- from which it was made; none for one that was issued with a purchase
    purchase uuid,               -- with which it was issued
    PRIMARY KEY (program, id)
);
CREATE INDEX code_of_batch ON code (batch, serial);

GRANT SELECT, INSERT, UPDATE ON limit_use, held_claim, code_batch TO regulars_app;
GRANT SELECT, INSERT ON claim, code TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['limit_use', 'claim', 'held_claim', 'code_batch', 'code']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
