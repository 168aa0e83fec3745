-- What a member keeps in her portal beside what the program knows: cards of others, so that a new phone has them too.

-- What is on the card (its name, kind and text) is sealed with a key of its own, wrapped under a master key as a
-- person's is; an erasure deletes the row with it.
CREATE TABLE foreign_card (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    member      uuid NOT NULL,
    id          uuid NOT NULL,
    generation  integer NOT NULL CHECK (generation > 0),
    wrapped_key bytea NOT NULL CHECK (length(wrapped_key) = 60),
    sealed      bytea NOT NULL CHECK (length(sealed) BETWEEN 28 AND 4000),
    added_at    timestamptz NOT NULL,
    PRIMARY KEY (program, home, member, id),
    FOREIGN KEY (program, home, member) REFERENCES member
);

GRANT SELECT, INSERT, UPDATE, DELETE ON foreign_card TO regulars_app;

ALTER TABLE foreign_card ENABLE ROW LEVEL SECURITY;
ALTER TABLE foreign_card FORCE ROW LEVEL SECURITY;
CREATE POLICY one_program ON foreign_card USING
    (program = nullif(current_setting('regulars.program', true), '')::uuid);
