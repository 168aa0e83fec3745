-- The audit trail: every change with who, when, from where, before and after, why. Hash-chained within a program.

-- Its row is locked while an entry is added, last of all locks, so that the chain has no fork.
CREATE TABLE audit_head (
    program uuid PRIMARY KEY REFERENCES program,
    seq     bigint NOT NULL CHECK (seq > 0)
);

CREATE TABLE audit (
    program  uuid NOT NULL REFERENCES program,
    seq      bigint NOT NULL CHECK (seq > 0),
    at       timestamptz NOT NULL,
    actor    jsonb NOT NULL,              -- kind, id, name, address, agent, by
    action   text NOT NULL CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
    subject  text NOT NULL,               -- what was changed, by its id or code
    before   jsonb,                       -- what differs, as it was; of personal data the names of the fields alone
    after    jsonb,
    why      text NOT NULL DEFAULT '',
    digest   bytea NOT NULL CHECK (length(digest) = 32),  -- SHA-256 of the digest before and of all this
    PRIMARY KEY (program, seq)
);
CREATE INDEX audit_of_subject ON audit (subject, seq);
CREATE INDEX audit_of_action ON audit (action, seq);
CREATE INDEX audit_of_actor ON audit ((actor ->> 'id'), seq);
CREATE INDEX audit_at ON audit (at, seq);

GRANT SELECT, INSERT, UPDATE ON audit_head TO regulars_app;
GRANT SELECT, INSERT ON audit TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_head', 'audit']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
