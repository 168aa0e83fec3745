-- Activity: what members do besides buying, by kinds that a program declares, and what it earns.

-- A revision of a kind: what its data are, where it may come from, and what it earns. The newest of a code counts.
CREATE TABLE activity_kind (
    program   uuid NOT NULL REFERENCES program,
    code      text NOT NULL CHECK (length(code) BETWEEN 1 AND 63),
    revision  integer NOT NULL CHECK (revision > 0),
    document  jsonb NOT NULL,
    since     timestamptz NOT NULL,
    author    text NOT NULL,
    PRIMARY KEY (program, code, revision)
);

-- That a member did something. Names her by id; what somebody wrote in her own words stands in activity_text.
CREATE TABLE activity (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    id          uuid NOT NULL,
    member      uuid NOT NULL,
    kind        text NOT NULL,
    revision    integer NOT NULL,
    source      text NOT NULL,         -- the key that sent it
    request     text NOT NULL,         -- its id at the source
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    quantity    bigint NOT NULL,       -- thousandths of the kind's unit; below zero: a correction
    data        jsonb NOT NULL,
    corrects    uuid,                  -- the activity that it corrects
    flag        text CHECK (flag IN ('flood', 'review')),  -- why it earns nothing unless somebody accepts it
    outcome     jsonb NOT NULL,        -- what was answered
    posting     uuid,
    xid         bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, home, member) REFERENCES member,
    FOREIGN KEY (program, kind, revision) REFERENCES activity_kind
);
CREATE INDEX activity_of_member ON activity (member, kind, happened_at);
CREATE INDEX activity_latest ON activity (member, id);
CREATE INDEX activity_corrected ON activity (corrects) WHERE corrects IS NOT NULL;

-- Where the activity lives that a source named so. Its key lets one be recorded once.
CREATE TABLE activity_key (
    program  uuid NOT NULL REFERENCES program,
    source   text NOT NULL,
    request  text NOT NULL CHECK (length(request) BETWEEN 1 AND 255),
    home     smallint NOT NULL,
    activity uuid NOT NULL,
    digest   bytea NOT NULL,           -- SHA-256 of what was sent
    PRIMARY KEY (program, source, request)
);

-- What somebody wrote in her own words with it; forgotten with her.
CREATE TABLE activity_text (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    member   uuid NOT NULL,
    activity uuid NOT NULL,
    texts    jsonb NOT NULL,
    PRIMARY KEY (program, home, member, activity),
    FOREIGN KEY (program, home, activity) REFERENCES activity
);

-- What waits for somebody to look at it. Taken out once: the guard of every decision.
CREATE TABLE activity_waiting (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    activity uuid NOT NULL,
    PRIMARY KEY (program, home, activity),
    FOREIGN KEY (program, home, activity) REFERENCES activity
);
CREATE INDEX activity_waiting_since ON activity_waiting (activity);

-- What was decided of one that was flagged.
CREATE TABLE activity_review (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    activity    uuid NOT NULL,
    accepted    boolean NOT NULL,
    reason      text NOT NULL,
    outcome     jsonb NOT NULL,
    posting     uuid,
    reviewed_at timestamptz NOT NULL,
    reviewed_by text NOT NULL,
    PRIMARY KEY (program, home, activity),
    FOREIGN KEY (program, home, activity) REFERENCES activity
);

-- What a member's activity of a kind came to in a span of time, and what it earned in a currency. Written only as it was
-- read (`n`), so that two at once cannot both count from the same state.
CREATE TABLE activity_count (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    member    uuid NOT NULL,
    kind      text NOT NULL,
    currency  text NOT NULL,
    span      text NOT NULL CHECK (span IN ('day', 'month', 'year')),
    starts    date NOT NULL,           -- its first day, by the program's calendar
    n         integer NOT NULL CHECK (n > 0),
    quantity  numeric(30) NOT NULL,    -- thousandths that counted, where remainders are carried in this span
    wanted    numeric(30) NOT NULL,    -- what it would have earned without this span's limit
    given     numeric(30) NOT NULL,
    due_on    date,                    -- the day on which the span is closed, where it earns only then
    closed_at timestamptz,
    posting   uuid,                    -- the last that gave something for it
    PRIMARY KEY (program, home, member, kind, currency, span, starts),
    FOREIGN KEY (program, home, member) REFERENCES member
) WITH (fillfactor = 70);
CREATE INDEX activity_count_due ON activity_count (due_on, member) WHERE due_on IS NOT NULL AND closed_at IS NULL;
CREATE INDEX activity_count_closed ON activity_count (kind, starts, member) WHERE due_on IS NOT NULL;

-- The last reading of each of a member's meters.
CREATE TABLE activity_reading (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    member   uuid NOT NULL,
    kind     text NOT NULL,
    series   text NOT NULL,            -- which of her meters; empty: she has one
    value    bigint NOT NULL,          -- thousandths
    read_at  timestamptz NOT NULL,
    activity uuid NOT NULL,
    PRIMARY KEY (program, home, member, kind, series),
    FOREIGN KEY (program, home, member) REFERENCES member
) WITH (fillfactor = 70);

GRANT SELECT, INSERT ON activity_kind, activity, activity_key, activity_review TO regulars_app;
GRANT SELECT, INSERT, DELETE ON activity_text, activity_waiting TO regulars_app;
GRANT SELECT, INSERT, UPDATE ON activity_count TO regulars_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON activity_reading TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['activity_kind', 'activity', 'activity_key', 'activity_text', 'activity_waiting',
        'activity_review', 'activity_count', 'activity_reading']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
