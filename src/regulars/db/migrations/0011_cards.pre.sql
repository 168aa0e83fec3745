-- Cards in batches, and second plastics with the number of a card that is there.

-- A batch of cards that belong to nobody yet. `made` is how far it has come: the guard of every step that makes more.
CREATE TABLE card_batch (
    program    uuid NOT NULL REFERENCES program,
    id         uuid NOT NULL,
    wanted     integer NOT NULL CHECK (wanted BETWEEN 1 AND 1000000),
    made       integer NOT NULL DEFAULT 0 CHECK (made BETWEEN 0 AND wanted),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    job        uuid,
    PRIMARY KEY (program, id)
);

-- The batch that a card was made in, and its place there, from 1: the order in which it is printed.
ALTER TABLE card ADD COLUMN batch uuid, ADD COLUMN serial integer CHECK (serial > 0);
CREATE INDEX card_of_batch ON card (batch, serial) WHERE batch IS NOT NULL;

-- That a card was made a second time, with the same number: the old plastic and the new one are one card.
CREATE TABLE card_copy (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    card    uuid NOT NULL,
    copy    integer NOT NULL CHECK (copy > 0),
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    PRIMARY KEY (program, home, card, copy),
    FOREIGN KEY (program, home, card) REFERENCES card
);

-- Where a store is, in millionths of a degree (WGS 84): a pass in a wallet comes up by itself near one.
ALTER TABLE store ADD COLUMN latitude integer CHECK (latitude BETWEEN -90000000 AND 90000000),
    ADD COLUMN longitude integer CHECK (longitude BETWEEN -180000000 AND 180000000),
    ADD CHECK ((latitude IS NULL) = (longitude IS NULL));

GRANT SELECT, INSERT, UPDATE ON card_batch TO regulars_app;
GRANT SELECT, INSERT ON card_copy TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['card_batch', 'card_copy']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
