-- What accounts are called, and what members wrote in their own words with an activity or in a survey, stands sealed.

-- What an older version kept in plain text stands aside as words_plain until `db.plain_words` has sealed it. Owners are
-- under row-level security too: it is lifted while the rows of every program are moved.
ALTER TABLE shared_account NO FORCE ROW LEVEL SECURITY;
ALTER TABLE activity_text NO FORCE ROW LEVEL SECURITY;
ALTER TABLE survey_reply NO FORCE ROW LEVEL SECURITY;
ALTER TABLE member NO FORCE ROW LEVEL SECURITY;
ALTER TABLE account_member NO FORCE ROW LEVEL SECURITY;

CREATE TABLE words_plain (
    program uuid NOT NULL REFERENCES program,
    kind    text NOT NULL CHECK (kind IN ('account', 'activity', 'reply')),
    home    smallint NOT NULL,
    id      uuid NOT NULL,
    member  uuid,               -- whose activity it is
    words   jsonb NOT NULL,
    PRIMARY KEY (program, kind, home, id)
);
-- A household that nobody is in any more, and somebody was erased from, is one whose name an erasure would have taken.
INSERT INTO words_plain (program, kind, home, id, words)
SELECT a.program, 'account', a.home, a.id,
    jsonb_build_object('name', a.name, 'registration_number', a.registration_number, 'attributes', a.attributes)
FROM shared_account a
WHERE a.kind = 'company'
    OR EXISTS (SELECT FROM member m WHERE m.program = a.program AND m.pool = a.id AND m.own_pool IS NOT NULL)
    OR NOT EXISTS (
        SELECT FROM account_member j
        JOIN member m ON m.program = j.program AND m.id = j.member
        WHERE j.program = a.program AND j.home = a.home AND j.account = a.id AND m.erased_at IS NOT NULL
    );
INSERT INTO words_plain (program, kind, home, id, member, words)
SELECT program, 'activity', home, activity, member, texts FROM activity_text;
INSERT INTO words_plain (program, kind, home, id, words)
SELECT program, 'reply', home, id, texts FROM survey_reply WHERE texts <> '{}';
-- Where there are accounts it stays even if it is empty: their rows are still to be written anew in the files.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM words_plain) AND NOT EXISTS (SELECT FROM shared_account) THEN
        DROP TABLE words_plain;
    END IF;
END
$$;

-- Without the three the household is one whose last member was erased.
ALTER TABLE shared_account
    DROP COLUMN name,
    DROP COLUMN registration_number,
    DROP COLUMN attributes,
    ADD COLUMN generation integer CHECK (generation > 0),
    ADD COLUMN wrapped_key bytea CHECK (length(wrapped_key) = 60),
    ADD COLUMN sealed bytea CHECK (length(sealed) >= 28),
    ADD CHECK (num_nulls(generation, wrapped_key, sealed) IN (0, 3));
ALTER TABLE shared_account ALTER COLUMN sealed SET STORAGE EXTERNAL;  -- ciphertext cannot be compressed

DROP TABLE activity_text;
CREATE TABLE activity_text (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    member      uuid NOT NULL,
    activity    uuid NOT NULL,
    generation  integer NOT NULL CHECK (generation > 0),
    wrapped_key bytea NOT NULL CHECK (length(wrapped_key) = 60),
    sealed      bytea NOT NULL CHECK (length(sealed) >= 28),
    PRIMARY KEY (program, home, member, activity),
    FOREIGN KEY (program, home, activity) REFERENCES activity
);
ALTER TABLE activity_text ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Without the three nothing was written, or whoever wrote it was erased.
ALTER TABLE survey_reply
    DROP COLUMN texts,
    ADD COLUMN generation integer CHECK (generation > 0),
    ADD COLUMN wrapped_key bytea CHECK (length(wrapped_key) = 60),
    ADD COLUMN sealed bytea CHECK (length(sealed) >= 28),
    ADD CHECK (num_nulls(generation, wrapped_key, sealed) IN (0, 3));
ALTER TABLE survey_reply ALTER COLUMN sealed SET STORAGE EXTERNAL;

ALTER TABLE shared_account FORCE ROW LEVEL SECURITY;
ALTER TABLE survey_reply FORCE ROW LEVEL SECURITY;
ALTER TABLE member FORCE ROW LEVEL SECURITY;
ALTER TABLE account_member FORCE ROW LEVEL SECURITY;
ALTER TABLE activity_text ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity_text FORCE ROW LEVEL SECURITY;
CREATE POLICY one_program ON activity_text USING (program = nullif(current_setting('regulars.program', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON activity_text TO regulars_app;  -- UPDATE: a new master key wraps anew
