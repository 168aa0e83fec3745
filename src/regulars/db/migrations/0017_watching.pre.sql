-- What waits for a second person, and what looks unusual at tills.

CREATE TABLE approval (
    program    uuid NOT NULL REFERENCES program,
    id         uuid NOT NULL,
    act        text NOT NULL CHECK (act IN ('points.adjust', 'promotion.publish', 'member.erase', 'key.create')),
    subject    text NOT NULL,               -- whom or what it is about: mem_…, prm_…
    document   jsonb NOT NULL,              -- what is to be done, as it was asked; no personal data
    why        text NOT NULL,
    asked_by   jsonb NOT NULL,              -- actor: kind, id, name
    asked_at   timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    status     text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'approved', 'refused', 'withdrawn', 'stale')),
    decided_by jsonb,
    decided_at timestamptz,
    word       text NOT NULL DEFAULT '',    -- of who decided; of a stale one why it could not be done any more
    result     jsonb,                       -- what it brought: a posting, a revision, a key's id
    taken_at   timestamptz,                 -- when who asked for a key was shown its text
    PRIMARY KEY (program, id),
    CHECK ((status = 'open') = (decided_at IS NULL))
);
CREATE INDEX approval_open ON approval (expires_at, program) WHERE status = 'open';
CREATE INDEX approval_of_subject ON approval (subject, program);

CREATE TABLE finding (
    program    uuid NOT NULL REFERENCES program,
    id         uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN (
        'card_often', 'returns_soon', 'returns_share', 'adjusted_and_spent', 'code_guessing', 'claims', 'own_card')),
    named      text NOT NULL,               -- what makes it the same finding when it is found once more
    store      uuid,
    till       text NOT NULL DEFAULT '',
    cashier    text NOT NULL DEFAULT '',
    member     uuid,
    happened   tstzrange NOT NULL,
    count      bigint NOT NULL,             -- how often, in its own measure
    usual      bigint,                      -- what is usual, in the same measure
    amount     bigint,                      -- minor units of base money, where it is about money
    evidence   jsonb NOT NULL,              -- ids of receipts, returns and postings
    found_at   timestamptz NOT NULL,
    status     text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'harmless', 'case')),
    decided_by jsonb,
    decided_at timestamptz,
    word       text NOT NULL DEFAULT '',
    PRIMARY KEY (program, id),
    UNIQUE (program, kind, named),
    CHECK ((status = 'open') = (decided_at IS NULL))
);
CREATE INDEX finding_of_cashier ON finding (cashier, store);

-- Up to which transaction the facts were looked at.
CREATE TABLE watch_mark (
    program   uuid PRIMARY KEY REFERENCES program,
    xid_until bigint NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON approval, finding, watch_mark TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['approval', 'finding', 'watch_mark']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
