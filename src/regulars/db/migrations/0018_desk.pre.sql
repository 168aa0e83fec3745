-- The desk: members are found by name and have notes, one code can be voided, and a code's uses are found.

-- Look-up: a keyed hash of a word of somebody's name, or of its first three letters → the member. ADR 0017 says what
-- a stolen table tells.
CREATE TABLE member_name (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    member  uuid NOT NULL,
    digest  bytea NOT NULL CHECK (length(digest) = 16),
    PRIMARY KEY (program, home, member, digest),
    FOREIGN KEY (program, home, member) REFERENCES member
);
CREATE INDEX member_name_of ON member_name (digest, member);

-- What staff wrote down about a member: sealed like her person, and erased with it.
CREATE TABLE member_note (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    member      uuid NOT NULL,
    id          uuid NOT NULL,
    generation  integer NOT NULL CHECK (generation > 0),
    wrapped_key bytea NOT NULL CHECK (length(wrapped_key) = 60),
    sealed      bytea NOT NULL CHECK (length(sealed) >= 28),
    written_by  text NOT NULL,
    written_at  timestamptz NOT NULL,
    PRIMARY KEY (program, home, member, id),
    FOREIGN KEY (program, home, member) REFERENCES member
);

-- One code that counts no more, whatever becomes of its batch.
ALTER TABLE code ADD COLUMN voided_at timestamptz;
ALTER TABLE code ADD COLUMN void_reason text;
CREATE INDEX code_voided ON code (batch) WHERE voided_at IS NOT NULL;
CREATE INDEX claim_of_code ON claim (holder, claimed_at) WHERE rule = 'code';

GRANT SELECT, INSERT, DELETE ON member_name TO regulars_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON member_note TO regulars_app;  -- wrapped anew under a new master key
GRANT UPDATE (voided_at, void_reason) ON code TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['member_name', 'member_note']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
