-- Tills that sold while the line was down: what each counted, what it let be spent, and what did not agree.

-- A browser or machine that sells without the line. One that nobody registered is entered with its first receipt.
CREATE TABLE till_device (
    program    uuid NOT NULL REFERENCES program,
    id         uuid NOT NULL,
    store      uuid NOT NULL,
    till       text NOT NULL,
    name       text NOT NULL,
    registered boolean NOT NULL,
    made_at    timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,      -- when it last asked for a snapshot, or sent a receipt
    counter    bigint NOT NULL DEFAULT 0, -- the highest of its receipts that came
    synced_at  timestamptz,               -- when the last of them came
    PRIMARY KEY (program, id),
    FOREIGN KEY (program, store) REFERENCES store
) WITH (fillfactor = 70);
CREATE INDEX till_device_of_store ON till_device (store, id);

-- A receipt that was made without the line. `copy` 0 has the counter once; another receipt with the same counter is
-- kept under the next number. A fact.
CREATE TABLE offline_receipt (
    program     uuid NOT NULL,
    device      uuid NOT NULL,
    counter     bigint NOT NULL CHECK (counter > 0),
    copy        integer NOT NULL CHECK (copy >= 0),
    purchase    uuid NOT NULL,
    store       uuid NOT NULL,
    snapshot    uuid,
    allowance   bytea,                    -- which one it spent under; leads to nobody
    made_at     timestamptz NOT NULL,     -- by the device's own clock
    recorded_at timestamptz NOT NULL,
    spent       bigint NOT NULL CHECK (spent >= 0),   -- points
    worth       bigint NOT NULL CHECK (worth >= 0),   -- minor units of base money that they paid
    PRIMARY KEY (program, device, counter, copy),
    FOREIGN KEY (program, device) REFERENCES till_device
);
CREATE INDEX offline_receipt_of_allowance ON offline_receipt (allowance) WHERE allowance IS NOT NULL;
CREATE INDEX offline_receipt_of_snapshot ON offline_receipt (snapshot, device) WHERE worth > 0;
CREATE INDEX offline_receipt_recorded ON offline_receipt (store, recorded_at);

-- What did not agree with a receipt when it came, each kind once. A fact.
CREATE TABLE offline_conflict (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    purchase    uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('counter_reused', 'device_unknown', 'over_allowance', 'over_till_total',
                    'allowance_forged', 'allowance_expired', 'snapshot_old', 'shortfall', 'price_differs', 'clock_wrong')),
    id          uuid NOT NULL,            -- of the conflict, in the order of their coming
    store       uuid NOT NULL,
    device      uuid NOT NULL,
    counter     bigint NOT NULL,
    amount      bigint NOT NULL,          -- minor units of base money
    seconds     bigint NOT NULL,          -- of `clock_wrong`: how far ahead the device was
    made_at     timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, purchase, kind)
);
CREATE INDEX offline_conflict_of_store ON offline_conflict (store, recorded_at, id);

GRANT SELECT, INSERT, UPDATE (seen_at, counter, synced_at) ON till_device TO regulars_app;
GRANT SELECT, INSERT ON offline_receipt, offline_conflict TO regulars_app;
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['till_device', 'offline_receipt', 'offline_conflict']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING'
            ' (program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END $$;
