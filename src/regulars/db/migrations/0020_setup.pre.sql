-- claims are sealed
-- What a claim says replaces what was recorded, so it is sealed as purchases are. Claims of before get the number of this
-- transaction: the next block takes them.
ALTER TABLE block_member DROP CONSTRAINT block_member_kind_check;
ALTER TABLE block_member ADD CONSTRAINT block_member_kind_check CHECK (kind IN
    ('posting', 'purchase', 'confirmation', 'voiding', 'return', 'consent', 'consent_confirmation', 'claim'));
ALTER TABLE purchase_claim NO FORCE ROW LEVEL SECURITY;  -- the owner fills in the rows of every program
UPDATE purchase_claim SET xid = (pg_current_xact_id()::text)::bigint WHERE xid = 0;
ALTER TABLE purchase_claim FORCE ROW LEVEL SECURITY;

-- accounts are closed
ALTER TABLE shared_account ADD COLUMN closed_at timestamptz;  -- nobody joins it any more

-- a program's logo
-- Every picture that was given is kept under its SHA-256: settings name the one in force, also those of before.
CREATE TABLE program_logo (
    program    uuid NOT NULL REFERENCES program,
    digest     bytea NOT NULL CHECK (length(digest) = 32),
    media_type text NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp')),
    body       bytea NOT NULL CHECK (length(body) BETWEEN 1 AND 200000),
    given_at   timestamptz NOT NULL,
    PRIMARY KEY (program, digest)
);
GRANT SELECT, INSERT ON program_logo TO regulars_app;
ALTER TABLE program_logo ENABLE ROW LEVEL SECURITY;
ALTER TABLE program_logo FORCE ROW LEVEL SECURITY;
CREATE POLICY one_program ON program_logo USING
    (program = nullif(current_setting('regulars.program', true), '')::uuid);
