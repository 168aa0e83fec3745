-- What was tried in vain at a till and stands on no receipt: previews and look-ups are facts of nothing else.

-- A row is one thing that somebody tried, however often: a code that stays in a basket is sent with every line. It is kept
-- as a keyed hash, which names nobody, and for a few days: what came of it is a finding.
CREATE TABLE missed_guess (
    program  uuid NOT NULL REFERENCES program,
    day      date NOT NULL,                         -- where the store is, else where the program is
    store    uuid NOT NULL,                         -- all zeros: none was named
    till     text NOT NULL,
    cashier  text NOT NULL,
    what     text NOT NULL CHECK (what IN ('code', 'member')),
    guess    bytea NOT NULL CHECK (length(guess) = 16),
    times    integer NOT NULL CHECK (times > 0),
    first_at timestamptz NOT NULL,
    last_at  timestamptz NOT NULL,
    xid      bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,    -- of the last time
    PRIMARY KEY (program, day, store, till, cashier, what, guess)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON missed_guess TO regulars_app;
ALTER TABLE missed_guess ENABLE ROW LEVEL SECURITY;
ALTER TABLE missed_guess FORCE ROW LEVEL SECURITY;
CREATE POLICY one_program ON missed_guess USING
    (program = nullif(current_setting('regulars.program', true), '')::uuid);

ALTER TABLE finding DROP CONSTRAINT finding_kind_check;
ALTER TABLE finding ADD CONSTRAINT finding_kind_check CHECK (kind IN ('card_often', 'returns_soon', 'returns_share',
    'adjusted_and_spent', 'code_guessing', 'claims', 'own_card', 'member_guessing'));
