-- Gift cards: money in advance. The books of each are a pool of its own, in the currency GIFT_ and the base money's code.
ALTER TABLE pool DROP CONSTRAINT pool_kind_check;
ALTER TABLE pool ADD CONSTRAINT pool_kind_check CHECK (kind IN
    ('person', 'household', 'company', 'card', 'till', 'gift_card'));
ALTER TABLE posting DROP CONSTRAINT posting_kind_check;
ALTER TABLE posting ADD CONSTRAINT posting_kind_check CHECK (kind IN
    ('purchase', 'return', 'void', 'adjustment', 'transfer_out', 'transfer_in', 'expiry', 'debt_payment', 'write_off',
     'reversal', 'bonus', 'grace', 'welcome', 'opening', 'redemption', 'cancellation', 'top_up'));

CREATE TABLE gift_card (
    program    uuid NOT NULL REFERENCES program,
    home       smallint NOT NULL,
    id         uuid NOT NULL,               -- its pool's id too
    serial     integer NOT NULL DEFAULT 0,  -- of its codes the one in force: a card that was lost gets another
    purpose    text NOT NULL CHECK (purpose IN ('multi', 'single')),
    tax_rate   text NOT NULL DEFAULT '',    -- of a single-purpose one: its tax was due when it was sold
    partner    uuid NOT NULL,               -- who sold it, and owes what is on it
    issued_at  timestamptz NOT NULL,
    blocked_at timestamptz,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, home, id) REFERENCES pool (program, home, id),
    CHECK ((purpose = 'single') = (tax_rate <> ''))
) WITH (fillfactor = 80);

CREATE INDEX gift_card_by_id ON gift_card (id);

-- A code says where its card is. It stands here as a keyed hash: nothing in this table could be presented.
CREATE TABLE gift_card_code (
    program uuid NOT NULL REFERENCES program,
    id      uuid NOT NULL,
    home    smallint NOT NULL,
    card    uuid NOT NULL,
    serial  integer NOT NULL,
    PRIMARY KEY (program, id),
    FOREIGN KEY (program, home, card) REFERENCES gift_card (program, home, id)
);

GRANT SELECT, INSERT, UPDATE (serial, blocked_at) ON gift_card TO regulars_app;
GRANT SELECT, INSERT ON gift_card_code TO regulars_app;
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['gift_card', 'gift_card_code']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING'
            ' (program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END $$;
