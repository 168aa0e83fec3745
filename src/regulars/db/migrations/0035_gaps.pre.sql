-- Gift cards that a member keeps with her, and which line of a receipt paid for money on a gift card.

-- She showed the card's code, so she holds it. `serial`: of its codes the one that she showed; once it gets another,
-- she keeps nothing. `reminded_of`: the end of money of which she was reminded last.
CREATE TABLE kept_gift_card (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    member      uuid NOT NULL,
    card        uuid NOT NULL,
    card_home   smallint NOT NULL,
    serial      integer NOT NULL,
    kept_at     timestamptz NOT NULL,
    reminded_of timestamptz,
    PRIMARY KEY (program, home, member, card),
    FOREIGN KEY (program, home, member) REFERENCES member,
    FOREIGN KEY (program, card_home, card) REFERENCES gift_card
);

-- A line of a receipt pays for the money on one gift card, once. A fact.
CREATE TABLE gift_card_sale (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    purchase uuid NOT NULL,
    line     integer NOT NULL,
    card     uuid NOT NULL,
    amount   bigint NOT NULL CHECK (amount > 0),
    sold_at  timestamptz NOT NULL,
    PRIMARY KEY (program, home, purchase, line),
    FOREIGN KEY (program, home, purchase) REFERENCES purchase
);
CREATE INDEX gift_card_sale_card ON gift_card_sale (card);

GRANT SELECT, INSERT, DELETE, UPDATE (serial, kept_at, reminded_of) ON kept_gift_card TO regulars_app;
GRANT SELECT, INSERT ON gift_card_sale TO regulars_app;
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['kept_gift_card', 'gift_card_sale']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING'
            ' (program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END $$;
