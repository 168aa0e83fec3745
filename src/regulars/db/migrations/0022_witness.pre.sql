-- Where the audit trail ended at an instant. Each is a fact that the ledger's blocks seal, so that an end which is cut
-- off later, with all that tells of it in the trail itself, is still known.
CREATE TABLE trail_witness (
    program      uuid NOT NULL REFERENCES program,
    id           uuid NOT NULL,
    seq          bigint NOT NULL CHECK (seq > 0),
    digest       bytea NOT NULL CHECK (length(digest) = 32),
    witnessed_at timestamptz NOT NULL,
    xid          bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (program, id),
    UNIQUE (program, seq)
);
CREATE INDEX trail_witness_xid ON trail_witness USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);
GRANT SELECT, INSERT ON trail_witness TO regulars_app;
ALTER TABLE trail_witness ENABLE ROW LEVEL SECURITY;
ALTER TABLE trail_witness FORCE ROW LEVEL SECURITY;
CREATE POLICY one_program ON trail_witness USING
    (program = nullif(current_setting('regulars.program', true), '')::uuid);

ALTER TABLE block_member DROP CONSTRAINT block_member_kind_check;
ALTER TABLE block_member ADD CONSTRAINT block_member_kind_check CHECK (kind IN
    ('posting', 'purchase', 'confirmation', 'voiding', 'return', 'consent', 'consent_confirmation', 'claim', 'witness'));
