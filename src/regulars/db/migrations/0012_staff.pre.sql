-- Staff: the people who run programs, what they may do in which program, and where they are signed in.
-- Outside row-level security, as keys and sessions are: who signs in has not said yet for which program.

CREATE TABLE staff (
    id              uuid PRIMARY KEY,
    email           text NOT NULL UNIQUE CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    language        text NOT NULL DEFAULT 'en',
    password        text NOT NULL DEFAULT '',   -- Argon2id; empty: only by another way (single sign-on, passkey)
    totp_generation integer,                    -- the secret of the second factor: master key, wrapped key, sealed text
    totp_key        bytea,
    totp            bytea,
    totp_step       bigint NOT NULL DEFAULT 0,  -- the last step that a code was taken for: each counts once
    subject         text UNIQUE,                -- who she is at the company's own sign-in: issuer and subject
    proven_at       timestamptz,                -- since when it is known that the address is hers
    created_at      timestamptz NOT NULL,
    CHECK ((totp IS NULL) = (totp_key IS NULL) AND (totp IS NULL) = (totp_generation IS NULL))
);

-- What a person may do in one program.
CREATE TABLE staff_role (
    program uuid NOT NULL REFERENCES program,
    staff   uuid NOT NULL REFERENCES staff,
    roles   text[] NOT NULL CHECK (cardinality(roles) > 0),
    stores  uuid[] NOT NULL DEFAULT '{}',    -- of a shop manager
    partner uuid,                            -- of a partner's user
    since   timestamptz NOT NULL,
    PRIMARY KEY (program, staff)
);
CREATE INDEX staff_role_of_person ON staff_role (staff);

CREATE TABLE staff_session (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    id         uuid NOT NULL UNIQUE,
    staff      uuid NOT NULL REFERENCES staff,
    program    uuid REFERENCES program,      -- the one that is looked at; none chosen yet
    stage      text NOT NULL CHECK (stage IN ('second_factor', 'in')),
    method     text NOT NULL CHECK (method IN ('password', 'second_factor', 'passkey', 'single_sign_on', 'invitation')),
    agent      text NOT NULL,                -- what kind of browser it is
    address    text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,         -- to the minute
    expires_at timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX staff_session_of_person ON staff_session (staff);

-- Wrong passwords and codes in a row: by whom they are meant, from which network address, in which known browser.
CREATE TABLE staff_attempt (
    subject      bytea PRIMARY KEY CHECK (length(subject) = 32),  -- an HMAC: nobody's address stands here
    wrong        integer NOT NULL,
    locked_until timestamptz,
    last_at      timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX staff_attempt_by_age ON staff_attempt (last_at);

-- What gets her in when her second factor is lost; each works once.
CREATE TABLE staff_recovery_code (
    staff  uuid NOT NULL REFERENCES staff,
    digest bytea NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (staff, digest)
);

CREATE TABLE staff_passkey (
    id         uuid PRIMARY KEY,
    staff      uuid NOT NULL REFERENCES staff,
    credential bytea NOT NULL UNIQUE,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    label      text NOT NULL,
    created_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX staff_passkey_of_person ON staff_passkey (staff);

-- What a browser was asked to bring back, once: a passkey's signature, or an answer of the company's sign-in.
CREATE TABLE staff_question (
    id         uuid PRIMARY KEY,
    purpose    text NOT NULL CHECK (purpose IN ('passkey_sign_in', 'passkey_add', 'single_sign_on')),
    staff      uuid REFERENCES staff,
    after      text NOT NULL DEFAULT '',     -- where she wanted to go
    expires_at timestamptz NOT NULL
);
CREATE INDEX staff_question_by_age ON staff_question (expires_at);

-- A link by which somebody joins a program's staff, or sets a new password. Its text is kept nowhere.
CREATE TABLE staff_invitation (
    id         uuid PRIMARY KEY,
    digest     bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    kind       text NOT NULL CHECK (kind IN ('invitation', 'password', 'forgotten')),
    program    uuid NOT NULL REFERENCES program,
    email      text NOT NULL CHECK (email = lower(email)),
    roles      text[] NOT NULL DEFAULT '{}',
    stores     uuid[] NOT NULL DEFAULT '{}',
    partner    uuid,
    by         uuid REFERENCES staff,        -- nobody: the command line, or herself
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX staff_invitation_of_email ON staff_invitation (email);
CREATE INDEX staff_invitation_by_end ON staff_invitation (expires_at, program);

GRANT SELECT, INSERT, UPDATE ON staff TO regulars_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
    staff_role, staff_session, staff_attempt, staff_recovery_code, staff_passkey, staff_question, staff_invitation
    TO regulars_app;
