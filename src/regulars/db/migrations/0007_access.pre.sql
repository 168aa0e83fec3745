-- Who may come in and who may spend: the program's short name, sessions of members, codes, locks, devices, passkeys,
-- PINs, and messages on their way out.

-- The default serves programs that are older than their short names.
ALTER TABLE program ADD COLUMN slug text NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', '')
    CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$');
ALTER TABLE program ADD CONSTRAINT program_slug UNIQUE (slug);

-- Both are read with the customer of every purchase. An unproved member gave a phone or email that nobody has confirmed
-- yet: she earns, and may not spend. `spending_locked_until` is the latest lock of her spending, wherever it counts.
ALTER TABLE member ADD COLUMN unproved boolean NOT NULL DEFAULT false, ADD COLUMN spending_locked_until timestamptz;

-- A code that was sent, or what a passkey has to sign. The code itself is not kept.
CREATE TABLE challenge (
    program    uuid NOT NULL REFERENCES program,
    home       smallint NOT NULL,
    id         uuid NOT NULL,
    purpose    text NOT NULL CHECK (purpose IN ('spend', 'log_in', 'confirm', 'passkey_log_in', 'passkey_add')),
    channel    text NOT NULL CHECK (channel IN ('sms', 'email', 'passkey')),
    member     uuid,                                       -- none: of a phone that nobody has
    contact    bytea CHECK (length(contact) = 32),         -- the blind index of where it was sent
    digest     bytea NOT NULL CHECK (length(digest) = 32), -- keyed
    attempts   smallint NOT NULL DEFAULT 0,                -- wrong ones
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    used_by    bytea CHECK (length(used_by) = 32),         -- the request that it was used with
    PRIMARY KEY (program, home, id)
) WITH (fillfactor = 80);
CREATE INDEX challenge_of_member ON challenge (member, purpose) WHERE member IS NOT NULL;
CREATE INDEX challenge_age ON challenge (expires_at);

-- How often somebody did what may be done so often in a while.
CREATE TABLE attempt_count (
    program uuid NOT NULL REFERENCES program,
    home    smallint NOT NULL,                             -- drawn from the subject
    kind    text NOT NULL,
    subject bytea NOT NULL CHECK (length(subject) = 32),
    ends_at timestamptz NOT NULL,
    count   integer NOT NULL,
    PRIMARY KEY (program, home, kind, subject)
) WITH (fillfactor = 70);
CREATE INDEX attempt_count_age ON attempt_count (ends_at);

-- Wrong codes of a member at one source (a till, a session), and until when spending is locked there.
-- The source of 32 zeros is everywhere; its row is locked before any of the others of the member.
CREATE TABLE spending_lock (
    program      uuid NOT NULL,
    home         smallint NOT NULL,
    member       uuid NOT NULL,
    source       bytea NOT NULL CHECK (length(source) = 32),
    wrong        integer NOT NULL DEFAULT 0,
    forget_at    timestamptz,                              -- from when on they count no more
    locked_until timestamptz,
    PRIMARY KEY (program, home, member, source),
    FOREIGN KEY (program, home, member) REFERENCES member
) WITH (fillfactor = 70);

CREATE TABLE wrong_guess (
    program    uuid NOT NULL,
    home       smallint NOT NULL,
    member     uuid NOT NULL,
    id         uuid NOT NULL,
    source     bytea NOT NULL CHECK (length(source) = 32),
    guessed_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, member, id),
    FOREIGN KEY (program, home, member) REFERENCES member
);

CREATE INDEX wrong_guess_age ON wrong_guess (guessed_at);

CREATE TABLE member_pin (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    member  uuid NOT NULL,
    salt    bytea NOT NULL CHECK (length(salt) = 16),
    digest  bytea NOT NULL CHECK (length(digest) = 32),    -- scrypt
    set_at  timestamptz NOT NULL,
    PRIMARY KEY (program, home, member),
    FOREIGN KEY (program, home, member) REFERENCES member
);

-- A phone that makes dynamic codes: its public key, for which the program signed.
CREATE TABLE device (
    program      uuid NOT NULL,
    home         smallint NOT NULL,
    id           uuid NOT NULL,
    member       uuid NOT NULL,
    card         text NOT NULL,
    public_key   bytea NOT NULL CHECK (length(public_key) = 33),
    label        text NOT NULL CHECK (length(label) <= 80),
    certified_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, home, member) REFERENCES member
);
CREATE INDEX device_of_member ON device (member);

-- A dynamic code counts once.
CREATE TABLE dynamic_code_use (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    device  uuid NOT NULL,
    made_at timestamptz NOT NULL,
    used_by bytea NOT NULL CHECK (length(used_by) = 32),
    PRIMARY KEY (program, home, device, made_at),
    FOREIGN KEY (program, home, device) REFERENCES device
);

CREATE INDEX dynamic_code_use_age ON dynamic_code_use (made_at);

CREATE TABLE passkey (
    program    uuid NOT NULL,
    home       smallint NOT NULL,
    id         uuid NOT NULL,
    member     uuid NOT NULL,
    credential bytea NOT NULL CHECK (length(credential) BETWEEN 1 AND 1023),
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    label      text NOT NULL CHECK (length(label) <= 80),
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    removed_at timestamptz,
    PRIMARY KEY (program, home, id),
    UNIQUE (program, home, credential),
    FOREIGN KEY (program, home, member) REFERENCES member
);
CREATE INDEX passkey_of_member ON passkey (member);

CREATE TABLE member_session (
    program    uuid NOT NULL,
    home       smallint NOT NULL,
    id         uuid NOT NULL,
    member     uuid NOT NULL,
    digest     bytea NOT NULL CHECK (length(digest) = 32),
    label      text NOT NULL CHECK (length(label) <= 80),
    method     text NOT NULL CHECK (method IN ('code', 'passkey')),
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,                       -- to the hour
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, home, member) REFERENCES member
) WITH (fillfactor = 80);
CREATE INDEX member_session_of_member ON member_session (member);
CREATE INDEX member_session_age ON member_session (expires_at);

-- Recipient and text are sealed, and gone once it was sent or given up.
CREATE TABLE message_outgoing (
    program     uuid NOT NULL REFERENCES program,
    home        smallint NOT NULL,
    id          uuid NOT NULL,
    channel     text NOT NULL CHECK (channel IN ('sms', 'email', 'push')),
    purpose     text NOT NULL CHECK (length(purpose) BETWEEN 1 AND 40),
    sealed      bytea,
    state       text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    attempts    smallint NOT NULL DEFAULT 0,
    due_at      timestamptz NOT NULL,                      -- while it is being sent: when that is given up
    expires_at  timestamptz NOT NULL,
    created_at  timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (program, home, id),
    CHECK ((sealed IS NULL) = (state IN ('sent', 'failed')))
) WITH (fillfactor = 80);
CREATE INDEX message_outgoing_due ON message_outgoing (due_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX message_outgoing_age ON message_outgoing (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON challenge, attempt_count, spending_lock, member_pin, device, passkey,
    member_session, message_outgoing TO regulars_app;
GRANT SELECT, INSERT, DELETE ON wrong_guess, dynamic_code_use TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['challenge', 'attempt_count', 'spending_lock', 'wrong_guess', 'member_pin', 'device',
        'dynamic_code_use', 'passkey', 'member_session', 'message_outgoing']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
