-- Ladders of tiers: what they ask for, when a member's tier is to be looked at again, and every change of one.

-- A revision of a ladder; the newest of a code counts.
CREATE TABLE ladder (
    program   uuid NOT NULL REFERENCES program,
    code      text NOT NULL CHECK (length(code) BETWEEN 1 AND 63),
    revision  integer NOT NULL CHECK (revision > 0),
    document  jsonb NOT NULL,
    since     timestamptz NOT NULL,
    author    text NOT NULL,
    PRIMARY KEY (program, code, revision)
);

-- How far a new revision was carried through all members: those up to this one have been looked at.
CREATE TABLE ladder_pass (
    program    uuid NOT NULL,
    code       text NOT NULL,
    revision   integer NOT NULL,
    after_home smallint NOT NULL,
    after      uuid NOT NULL,
    done_at    timestamptz,
    PRIMARY KEY (program, code, revision),
    FOREIGN KEY (program, code, revision) REFERENCES ladder
);

-- How a tier came about and what it rests on; null where nobody reckoned: it was given by hand.
ALTER TABLE member_mark
    ADD COLUMN gained text CHECK (gained IN ('earned', 'kept', 'lowered', 'restored')),
    ADD COLUMN detail jsonb,
    ADD COLUMN reviewed boolean NOT NULL DEFAULT false;  -- its end was looked at, or it was taken away or replaced
CREATE INDEX member_mark_due ON member_mark (until) WHERE kind = 'tier' AND until IS NOT NULL AND NOT reviewed;

-- Every change of a member's tier.
CREATE TABLE tier_change (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    member      uuid NOT NULL,
    id          uuid NOT NULL,
    ladder      text NOT NULL,
    from_tier   text,
    to_tier     text,
    at          timestamptz NOT NULL,   -- from when on
    until       timestamptz,            -- half-open; none: for ever, or there is no tier
    reason      text NOT NULL CHECK (reason IN ('earned', 'kept', 'lowered', 'restored', 'undone', 'given', 'taken')),
    measures    jsonb NOT NULL,
    purchase    uuid,                   -- with which it came about
    recorded_at timestamptz NOT NULL,
    xid         bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (program, home, member, id),
    FOREIGN KEY (program, home, member) REFERENCES member
);

GRANT SELECT, INSERT ON ladder, tier_change TO regulars_app;
GRANT SELECT, INSERT, UPDATE ON ladder_pass TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['ladder', 'ladder_pass', 'tier_change']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
