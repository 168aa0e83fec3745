-- What the back office's figures are read from: facts, summed up by day. A job keeps them, never the path of a purchase
-- (docs/decisions/0016-figures-rolled-up.md); every row can be made anew from the facts: `regulars figures rebuild`.

-- How far a program's facts are summed up: of all transactions before `xid_until`.
CREATE TABLE figures_roll (
    program   uuid PRIMARY KEY REFERENCES program,
    xid_until bigint NOT NULL,
    rolled_at timestamptz NOT NULL,         -- by the program's clock
    complete  boolean NOT NULL              -- false while a first summing up, or one from the start, is under way
);

-- What a store brought on one of its days. Money in the program's base money, points in its first points currency.
CREATE TABLE store_day (
    program        uuid NOT NULL,
    store          uuid NOT NULL,
    day            date NOT NULL,           -- the store's own
    purchases      bigint NOT NULL,
    by_members     bigint NOT NULL,
    with_card      bigint NOT NULL,         -- by members, or with a card that is nobody's yet
    in_other_money bigint NOT NULL,
    gross          bigint NOT NULL,
    discount       bigint NOT NULL,
    card_gross     bigint NOT NULL,         -- of those with a card
    card_discount  bigint NOT NULL,
    earned         bigint NOT NULL,
    spent          bigint NOT NULL,
    returns        bigint NOT NULL,         -- on the day on which the goods came back
    gross_back     bigint NOT NULL,
    discount_back  bigint NOT NULL,
    money_back     bigint NOT NULL,
    points_back    bigint NOT NULL,         -- of those spent
    points_taken   bigint NOT NULL,         -- of those earned
    PRIMARY KEY (program, day, store)
) WITH (fillfactor = 70);
CREATE INDEX store_day_of_store ON store_day (store, day);

-- In how many purchases a promotion gave something, in a store on one of its days.
CREATE TABLE promotion_day (
    program    uuid NOT NULL,
    promotion  uuid NOT NULL,
    store      uuid NOT NULL,
    day        date NOT NULL,
    purchases  bigint NOT NULL,
    by_members bigint NOT NULL,
    net        bigint NOT NULL,             -- what these purchases came to after discounts, base money
    PRIMARY KEY (program, day, promotion, store)
) WITH (fillfactor = 70);
CREATE INDEX promotion_day_of_promotion ON promotion_day (promotion, day);

-- What it gave: discounts in a money, points in a points currency.
CREATE TABLE promotion_day_given (
    program   uuid NOT NULL,
    promotion uuid NOT NULL,
    store     uuid NOT NULL,
    day       date NOT NULL,
    currency  text NOT NULL,
    amount    bigint NOT NULL,              -- on the day of the purchase
    back      bigint NOT NULL,              -- on the day of the return
    PRIMARY KEY (program, day, promotion, store, currency)
) WITH (fillfactor = 70);
CREATE INDEX promotion_day_given_of_promotion ON promotion_day_given (promotion, day);

-- That a member bought in a store on a day, and how often.
CREATE TABLE member_visit (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    member    uuid NOT NULL,
    store     uuid NOT NULL,
    day       date NOT NULL,
    purchases integer NOT NULL,
    PRIMARY KEY (program, home, member, store, day)
);

-- How many members bought on a day and had bought so many days before. From these rows the buyers of any period are
-- counted, each once: who bought on a day of it and not before within it. `scope`: a store, or the program.
CREATE TABLE visit_gap (
    program uuid NOT NULL,
    scope   uuid NOT NULL,
    day     date NOT NULL,
    gap     smallint NOT NULL CHECK (gap BETWEEN 0 AND 401),  -- days; 0: never before; 401: more than 400
    second  boolean NOT NULL,                                 -- the member's second day
    members bigint NOT NULL,
    PRIMARY KEY (program, scope, day, gap, second)
) WITH (fillfactor = 70);

-- Who joined, by day of the program, way and store; and who left: erased, or merged into another.
CREATE TABLE enrolment_day (
    program  uuid NOT NULL,
    day      date NOT NULL,
    source   text NOT NULL,
    store    uuid NOT NULL,                 -- the program's id: in no store
    enrolled bigint NOT NULL,
    gone     bigint NOT NULL,
    PRIMARY KEY (program, day, source, store)
) WITH (fillfactor = 70);

-- What moved in the books, by the day of the program on which it was effective.
CREATE TABLE ledger_day (
    program  uuid NOT NULL,
    currency text NOT NULL,
    day      date NOT NULL,
    kind     text NOT NULL,
    source   text NOT NULL,
    target   text NOT NULL,
    amount   bigint NOT NULL,
    PRIMARY KEY (program, currency, day, kind, source, target)
) WITH (fillfactor = 70);

-- What is left of all lots, by the day of the program on which it expires; `infinity`: never.
CREATE TABLE expiry_day (
    program  uuid NOT NULL,
    currency text NOT NULL,
    day      date NOT NULL,
    amount   bigint NOT NULL,
    PRIMARY KEY (program, currency, day)
) WITH (fillfactor = 70);

-- In which transaction it was written, as facts have it: so that no row is missed and none counted twice. What was
-- there before this migration is of transaction 0.
ALTER TABLE member ADD COLUMN xid bigint NOT NULL DEFAULT 0;
ALTER TABLE member ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text)::bigint;
CREATE INDEX member_xid ON member (xid);
ALTER TABLE member_merge ADD COLUMN xid bigint NOT NULL DEFAULT 0, ADD COLUMN undone_xid bigint;
ALTER TABLE member_merge ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text)::bigint;
ALTER TABLE member_merge NO FORCE ROW LEVEL SECURITY;  -- the owner fills in the rows of every program
UPDATE member_merge SET undone_xid = 0 WHERE undone_at IS NOT NULL;
ALTER TABLE member_merge FORCE ROW LEVEL SECURITY;
ALTER TABLE member_merge ADD CHECK ((undone_at IS NULL) = (undone_xid IS NULL));
CREATE INDEX member_merge_xid ON member_merge (xid);
CREATE INDEX member_merge_undone_xid ON member_merge (undone_xid) WHERE undone_xid IS NOT NULL;
ALTER TABLE erasure ADD COLUMN xid bigint NOT NULL DEFAULT 0;
ALTER TABLE erasure ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text)::bigint;
CREATE INDEX erasure_xid ON erasure (xid);
ALTER TABLE purchase_claim ADD COLUMN xid bigint NOT NULL DEFAULT 0;
ALTER TABLE purchase_claim ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text)::bigint;
CREATE INDEX purchase_claim_xid ON purchase_claim (xid);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['figures_roll', 'store_day', 'promotion_day', 'promotion_day_given', 'member_visit',
        'visit_gap', 'enrolment_day', 'ledger_day', 'expiry_day']
    LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO regulars_app', name);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
