-- Vouchers that were paid for, with points or money, are owed: the books of each are a pool of its own, in the currency
-- VOUCHER_ and the base money's code.
ALTER TABLE pool DROP CONSTRAINT pool_kind_check;
ALTER TABLE pool ADD CONSTRAINT pool_kind_check CHECK (kind IN
    ('person', 'household', 'company', 'card', 'till', 'gift_card', 'voucher'));

-- Whether something of the batch is owed, so that the uses of its codes are noted for the books.
ALTER TABLE code_batch ADD COLUMN owed boolean NOT NULL DEFAULT false;

-- Of single-purpose vouchers, per cent: a purchase tells the tax that was due when they were given out.
ALTER TABLE code_batch ADD COLUMN tax_rate text;
ALTER TABLE code_batch NO FORCE ROW LEVEL SECURITY;  -- the owner fills in the rows of every program
ALTER TABLE voucher_definition NO FORCE ROW LEVEL SECURITY;
UPDATE code_batch AS b SET tax_rate = d.document ->> 'tax_rate'
FROM voucher_definition AS d
WHERE d.program = b.program AND d.batch = b.id AND d.document ->> 'purpose' = 'single';
ALTER TABLE code_batch FORCE ROW LEVEL SECURITY;
ALTER TABLE voucher_definition FORCE ROW LEVEL SECURITY;

-- Codes whose use has changed since the books looked, one row for each change.
CREATE TABLE code_touched (
    program uuid NOT NULL REFERENCES program,
    home    smallint NOT NULL,
    code    uuid NOT NULL,
    id      uuid NOT NULL DEFAULT gen_random_uuid(),
    PRIMARY KEY (program, home, code, id)
);

-- What is owed together: the codes of one claimed reward, or those of a batch that is sold.
CREATE TABLE voucher_money (
    program   uuid NOT NULL REFERENCES program,
    home      smallint NOT NULL,
    id        uuid NOT NULL,              -- its pool's id too: the redemption's or the batch's
    batch     uuid NOT NULL,
    lot       uuid NOT NULL,
    worth     bigint NOT NULL CHECK (worth > 0),  -- of one code, minor units of base money
    codes     integer NOT NULL CHECK (codes > 0),
    purpose   text NOT NULL CHECK (purpose IN ('multi', 'single')),
    tax_rate  text NOT NULL DEFAULT '',   -- as 0.21, of single-purpose ones: their tax was due when they were given out
    partner   uuid NOT NULL,              -- who owes it
    issued_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, home, id) REFERENCES pool (program, home, id),
    CHECK ((purpose = 'single') = (tax_rate <> ''))
);

-- What of a code the books have.
CREATE TABLE voucher_booked (
    program uuid NOT NULL REFERENCES program,
    home    smallint NOT NULL,
    code    uuid NOT NULL,
    money   uuid NOT NULL,                    -- where it is owed
    used    boolean NOT NULL,
    partner uuid CHECK ((partner IS NOT NULL) = used),  -- at whose store it was used
    drawn   bigint NOT NULL CHECK (drawn >= 0),  -- of its worth what was still owed when it was used
    voided  boolean NOT NULL,
    PRIMARY KEY (program, home, code)
);

GRANT SELECT, INSERT, DELETE ON code_touched TO regulars_app;
GRANT SELECT, INSERT ON voucher_money TO regulars_app;
GRANT SELECT, INSERT, UPDATE (used, partner, drawn, voided) ON voucher_booked TO regulars_app;
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['code_touched', 'voucher_money', 'voucher_booked']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING'
            ' (program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END $$;
