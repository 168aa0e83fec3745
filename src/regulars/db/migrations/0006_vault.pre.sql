-- The identity vault: who a member is, sealed under a key of her own; certificates of erasures and proposals for them.

-- The plain rows of an older version stand aside as person_plain until `db.upgrade` has sealed them. Owners are under
-- row-level security too: it is lifted while the rows of every program are moved.
ALTER TABLE person NO FORCE ROW LEVEL SECURITY;
ALTER TABLE member NO FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
    IF EXISTS (SELECT FROM person) OR EXISTS (SELECT FROM member WHERE attributes <> '{}') THEN
        ALTER TABLE person RENAME TO person_plain;
        ALTER TABLE person_plain RENAME CONSTRAINT person_pkey TO person_plain_pkey;
        ALTER TABLE person_plain ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}';
        REVOKE ALL ON person_plain FROM regulars_app;
        INSERT INTO person_plain (program, home, member)
        SELECT m.program, m.home, m.id FROM member m WHERE m.attributes <> '{}' AND m.erased_at IS NULL
        ON CONFLICT DO NOTHING;
        UPDATE person_plain p SET attributes = m.attributes
        FROM member m
        WHERE (m.program, m.home, m.id) = (p.program, p.home, p.member) AND m.attributes <> '{}';
    ELSE
        DROP TABLE person;
    END IF;
END
$$;
ALTER TABLE member DROP COLUMN attributes;
ALTER TABLE member FORCE ROW LEVEL SECURITY;

-- All that says who a member is, sealed; nothing of this stands anywhere else. Without the row, and with it the wrapped
-- key, nobody can open a copy of the sealed text that may lie in an old file.
CREATE TABLE person (
    program     uuid NOT NULL REFERENCES program,
    home        smallint NOT NULL,
    member      uuid NOT NULL,
    generation  integer NOT NULL CHECK (generation > 0),                 -- of the master key that wraps the person's key
    wrapped_key bytea NOT NULL CHECK (length(wrapped_key) = 60),
    sealed      bytea NOT NULL CHECK (length(sealed) >= 28),
    PRIMARY KEY (program, home, member),
    FOREIGN KEY (program, home, member) REFERENCES member
);
ALTER TABLE person ALTER COLUMN sealed SET STORAGE EXTERNAL;             -- ciphertext cannot be compressed

-- Of the whole installation: by what a master key is recognised, so that a wrong one is refused before it seals.
CREATE TABLE master_key (
    generation integer PRIMARY KEY CHECK (generation > 0),
    mark       bytea NOT NULL CHECK (length(mark) = 32),
    retired_at timestamptz                                               -- nothing is sealed under it any more
);

-- That a member was erased: what was removed, and that the books balance. Signed.
CREATE TABLE erasure (
    program     uuid NOT NULL REFERENCES program,
    home        smallint NOT NULL,
    member      uuid NOT NULL,
    erased_at   timestamptz NOT NULL,
    certificate bytea NOT NULL,
    signature   bytea NOT NULL CHECK (length(signature) = 64),
    PRIMARY KEY (program, home, member),
    FOREIGN KEY (program, home, member) REFERENCES member
);

-- That a member was not seen for so long that she should be erased. Declined, it is not proposed again for a year.
CREATE TABLE erasure_proposal (
    program     uuid NOT NULL REFERENCES program,
    home        smallint NOT NULL,
    member      uuid NOT NULL,
    country     text NOT NULL CHECK (length(country) BETWEEN 1 AND 2),
    months      integer NOT NULL CHECK (months > 0),                     -- the rule's
    last_seen   timestamptz NOT NULL,
    proposed_at timestamptz NOT NULL,
    status      text NOT NULL CHECK (status IN ('open', 'accepted', 'declined')),
    decided_at  timestamptz CHECK ((decided_at IS NULL) = (status = 'open')),
    decided_by  uuid,
    PRIMARY KEY (program, home, member),
    FOREIGN KEY (program, home, member) REFERENCES member
);

GRANT SELECT, INSERT, UPDATE, DELETE ON person TO regulars_app;
GRANT SELECT, INSERT, UPDATE ON master_key TO regulars_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON erasure_proposal TO regulars_app;
GRANT SELECT, INSERT ON erasure TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['person', 'erasure', 'erasure_proposal']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
