-- Passes that phones keep up to date: who wants to hear that a card shows something new, and what it showed last.

-- A card that lies in a phone's wallet: what it shows is looked at on rounds, and `changed_at` says when that changed.
-- `shown` is a digest of it. `looked_at` is both the order of the rounds and the guard against two at once.
CREATE TABLE wallet_pass (
    program    uuid NOT NULL,
    home       smallint NOT NULL,
    card       uuid NOT NULL,
    shown      bytea NOT NULL CHECK (length(shown) = 32),
    changed_at timestamptz NOT NULL,
    looked_at  timestamptz NOT NULL,
    PRIMARY KEY (program, home, card),
    FOREIGN KEY (program, home, card) REFERENCES card
);
CREATE INDEX wallet_pass_due ON wallet_pass (looked_at);

-- A phone that has the pass. `device` is a keyed hash of its name for itself, `push` its push token, sealed.
CREATE TABLE wallet_phone (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    card    uuid NOT NULL,
    device  bytea NOT NULL CHECK (length(device) = 32),
    push    bytea NOT NULL,
    since   timestamptz NOT NULL,
    PRIMARY KEY (program, home, card, device),
    FOREIGN KEY (program, home, card) REFERENCES wallet_pass
);
CREATE INDEX wallet_phone_device ON wallet_phone (device);

GRANT SELECT, INSERT, UPDATE, DELETE ON wallet_pass, wallet_phone TO regulars_app;

-- That a pass is new is told to a phone by a way of its own.
ALTER TABLE message_outgoing DROP CONSTRAINT message_outgoing_channel_check;
ALTER TABLE message_outgoing ADD CONSTRAINT message_outgoing_channel_check
    CHECK (channel = ANY (ARRAY['sms'::text, 'email'::text, 'push'::text, 'pass'::text]));

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['wallet_pass', 'wallet_phone']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
