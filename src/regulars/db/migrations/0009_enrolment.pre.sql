-- Enrolment: what members were shown and said, where they came from, the welcome gift, imports, wallet aggregators.

-- consents --------------------------------------------------------------------------------------------------

-- What is shown to a member when she is asked. A version is never changed; another text is another version.
CREATE TABLE consent_wording (
    program    uuid NOT NULL REFERENCES program,
    code       text NOT NULL CHECK (code ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    version    integer NOT NULL CHECK (version > 0),
    purpose    text NOT NULL,
    channels   text[] NOT NULL,
    texts      jsonb NOT NULL,  -- language → text
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (program, code, version)
);

ALTER TABLE consent
    ADD COLUMN given_at         timestamptz,  -- when she said it, where that is not when it was recorded
    ADD COLUMN wording          text,
    ADD COLUMN wording_version  integer,
    ADD COLUMN wording_language text,
    ADD COLUMN wording_hash     bytea CHECK (length(wording_hash) = 32),  -- of the text that was shown
    ADD COLUMN recorded_by      text NOT NULL DEFAULT '',
    ADD COLUMN evidence         text NOT NULL DEFAULT '',
    ADD COLUMN to_confirm       boolean NOT NULL DEFAULT false,  -- it counts once it is confirmed
    ADD COLUMN xid              bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    ADD CONSTRAINT consent_wording_whole CHECK (
        (wording IS NULL) = (wording_version IS NULL) AND (wording IS NULL) = (wording_language IS NULL)
        AND (wording IS NULL) = (wording_hash IS NULL));
CREATE INDEX consent_by_id ON consent (id);
CREATE INDEX consent_xid ON consent USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);

-- That a member confirmed what she said, from her own mailbox: once.
CREATE TABLE consent_confirmation (
    program      uuid NOT NULL,
    home         smallint NOT NULL,
    member       uuid NOT NULL,
    consent      uuid NOT NULL,
    confirmed_at timestamptz NOT NULL,
    xid          bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (program, home, member, consent),
    FOREIGN KEY (program, home, member, consent) REFERENCES consent
);
CREATE INDEX consent_confirmation_by_id ON consent_confirmation (consent);
CREATE INDEX consent_confirmation_xid ON consent_confirmation USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);

ALTER TABLE block_member DROP CONSTRAINT block_member_kind_check;
ALTER TABLE block_member ADD CONSTRAINT block_member_kind_check CHECK (kind IN
    ('posting', 'purchase', 'confirmation', 'voiding', 'return', 'consent', 'consent_confirmation'));

-- Who was given contacts of members, of which agreement, and how many.
CREATE TABLE handover (
    program    uuid NOT NULL REFERENCES program,
    id         uuid NOT NULL,
    channel    text NOT NULL,
    purpose    text NOT NULL,
    members    integer NOT NULL CHECK (members >= 0),
    digest     bytea NOT NULL CHECK (length(digest) = 32),  -- of the list as it was given
    given_at   timestamptz NOT NULL,
    given_to   text NOT NULL,
    PRIMARY KEY (program, id)
);

-- enrolment -------------------------------------------------------------------------------------------------

ALTER TABLE member ADD COLUMN tag text NOT NULL DEFAULT '' CHECK (length(tag) <= 64);
CREATE INDEX member_enrolled ON member (enrolled_at);

CREATE TABLE questionnaire (
    program    uuid NOT NULL REFERENCES program,
    version    integer NOT NULL CHECK (version > 0),
    document   jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (program, version)
);

-- Look-up: the keyed hash of a person's phone or email → that she was welcomed. It outlives her membership, so that
-- nobody is welcomed twice; `member` is the hash of her id.
CREATE TABLE welcome (
    program     uuid NOT NULL REFERENCES program,
    kind        text NOT NULL CHECK (kind IN ('member', 'phone', 'email')),
    digest      bytea NOT NULL CHECK (length(digest) = 32),
    home        smallint NOT NULL,
    welcomed_at timestamptz NOT NULL,
    PRIMARY KEY (program, kind, digest)
);

-- Look-up: the keyed hash of what names a row of another system → the member that was made of it.
CREATE TABLE imported_row (
    program     uuid NOT NULL REFERENCES program,
    digest      bytea NOT NULL CHECK (length(digest) = 32),
    home        smallint NOT NULL,
    member      uuid NOT NULL,
    imported_at timestamptz NOT NULL,
    PRIMARY KEY (program, digest)
);

-- aggregators -----------------------------------------------------------------------------------------------

-- A wallet of other makers that may register members and show their cards.
CREATE TABLE aggregator (
    program       uuid NOT NULL REFERENCES program,
    id            uuid NOT NULL,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    api_key       uuid NOT NULL,
    calls_a_day   integer NOT NULL CHECK (calls_a_day > 0),
    created_at    timestamptz NOT NULL,
    revoked_at    timestamptz,
    PRIMARY KEY (program, id),
    UNIQUE (program, api_key)
);

CREATE TABLE aggregator_day (
    program    uuid NOT NULL,
    aggregator uuid NOT NULL,
    day        date NOT NULL,
    calls      integer NOT NULL CHECK (calls >= 0),
    PRIMARY KEY (program, aggregator, day),
    FOREIGN KEY (program, aggregator) REFERENCES aggregator
) WITH (fillfactor = 50);

-- A phone that an aggregator brought, until its owner has confirmed it. What names her is sealed, and gone after that.
CREATE TABLE registration (
    program      uuid NOT NULL,
    home         smallint NOT NULL,
    id           uuid NOT NULL,
    aggregator   uuid NOT NULL,
    challenge    uuid NOT NULL,  -- the code that was sent to the phone
    generation   integer,
    wrapped_key  bytea CHECK (length(wrapped_key) = 60),
    sealed       bytea,
    asked_at     timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    confirmed_at timestamptz,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, aggregator) REFERENCES aggregator
);
CREATE INDEX registration_expiry ON registration (expires_at) WHERE sealed IS NOT NULL;

-- What a member allows an aggregator: to show her card and her balance. Its token is stored as a digest.
CREATE TABLE wallet_grant (
    program    uuid NOT NULL,
    home       smallint NOT NULL,
    id         uuid NOT NULL,
    member     uuid NOT NULL,
    aggregator uuid NOT NULL,
    digest     bytea NOT NULL CHECK (length(digest) = 32),
    granted_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, home, member) REFERENCES member,
    FOREIGN KEY (program, aggregator) REFERENCES aggregator
);
CREATE INDEX wallet_grant_of_member ON wallet_grant (member);

-- the books -------------------------------------------------------------------------------------------------

ALTER TABLE posting DROP CONSTRAINT posting_kind_check;
ALTER TABLE posting ADD CONSTRAINT posting_kind_check CHECK (kind IN ('purchase', 'return', 'void', 'adjustment',
    'transfer_out', 'transfer_in', 'expiry', 'debt_payment', 'write_off', 'reversal', 'bonus', 'grace',
    'welcome', 'opening'));

-- who may do what -------------------------------------------------------------------------------------------

GRANT SELECT, INSERT ON consent_wording, consent_confirmation, handover, questionnaire, welcome, imported_row
    TO regulars_app;
GRANT SELECT, INSERT, UPDATE ON aggregator, aggregator_day, registration TO regulars_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON wallet_grant TO regulars_app;  -- an erasure forgets it

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['consent_wording', 'consent_confirmation', 'handover', 'questionnaire', 'welcome',
        'imported_row', 'aggregator', 'aggregator_day', 'registration', 'wallet_grant']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
