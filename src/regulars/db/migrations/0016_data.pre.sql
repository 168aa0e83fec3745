-- What is brought in and taken out: files, imports with what became of their rows, exports, named mappings.

-- A file that was sent to be imported, or that an export wrote. What stands in it is sealed, and deleted when its time
-- is over (`forgotten_at`); that it was there stays.
CREATE TABLE data_file (
    program      uuid NOT NULL REFERENCES program,
    id           uuid NOT NULL,
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    format       text NOT NULL CHECK (format IN ('csv', 'xlsx', 'parquet')),
    bytes        bigint NOT NULL CHECK (bytes >= 0),
    digest       bytea NOT NULL CHECK (length(digest) = 32),  -- SHA-256
    columns      text[] NOT NULL,
    rows         bigint NOT NULL CHECK (rows >= 0),
    assumed      jsonb NOT NULL,  -- how it was read: encoding, delimiter, sheet
    created_at   timestamptz NOT NULL,
    created_by   text NOT NULL,
    forgotten_at timestamptz,
    PRIMARY KEY (program, id)
);

-- Some rows of a file, or a piece of an export's file, under a key of its own.
CREATE TABLE data_file_part (
    program     uuid NOT NULL,
    file        uuid NOT NULL,
    part        integer NOT NULL CHECK (part >= 0),
    generation  integer NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed      bytea NOT NULL,
    PRIMARY KEY (program, file, part)
);
ALTER TABLE data_file_part ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE TABLE data_import (
    program     uuid NOT NULL,
    id          uuid NOT NULL,
    file        uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('members', 'cards', 'balances', 'products', 'stores', 'purchases')),
    mapping     jsonb NOT NULL,
    dry_run     boolean NOT NULL,
    status      text NOT NULL CHECK (status IN ('waiting', 'running', 'done', 'failed', 'undoing', 'undone')),
    why         text NOT NULL DEFAULT '',
    rows        bigint NOT NULL CHECK (rows >= 0),
    done        bigint NOT NULL DEFAULT 0 CHECK (done BETWEEN 0 AND rows),  -- the guard of every step
    made        bigint NOT NULL DEFAULT 0,
    changed     bigint NOT NULL DEFAULT 0,
    repeated    bigint NOT NULL DEFAULT 0,
    faulty      bigint NOT NULL DEFAULT 0,
    undone      bigint NOT NULL DEFAULT 0,
    kept        bigint NOT NULL DEFAULT 0,
    job         uuid NOT NULL,
    undo_job    uuid,
    leased_by   uuid,
    leased_until timestamptz,
    created_at  timestamptz NOT NULL,
    created_by  text NOT NULL,
    finished_at timestamptz,
    undone_at   timestamptz,
    undone_by   text,
    PRIMARY KEY (program, id),
    FOREIGN KEY (program, file) REFERENCES data_file
);

-- What became of a row: what it made or changed, or what is wrong with it; never what stood in it.
CREATE TABLE data_import_row (
    program uuid NOT NULL,
    import  uuid NOT NULL,
    line    bigint NOT NULL CHECK (line > 0),  -- as an editor shows it
    outcome text NOT NULL CHECK (outcome IN ('begun', 'made', 'changed', 'faulty')),
    what    uuid,     -- the member, card, posting, store or purchase
    note    jsonb,    -- what undoing needs to know: a product's or store's former values
    faults  jsonb,
    undo    text NOT NULL DEFAULT '',  -- 'undone', or why it was kept
    PRIMARY KEY (program, import, line),
    FOREIGN KEY (program, import) REFERENCES data_import
);

-- That a balance of another system is in the books already, by the keyed hash of what names it.
CREATE TABLE data_claim (
    program uuid NOT NULL REFERENCES program,
    digest  bytea NOT NULL CHECK (length(digest) = 32),
    import  uuid NOT NULL,
    line    bigint NOT NULL,
    PRIMARY KEY (program, digest)
);
CREATE INDEX data_claim_of_import ON data_claim (import, line);

CREATE TABLE data_mapping (
    program  uuid NOT NULL REFERENCES program,
    kind     text NOT NULL,
    name     text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    document jsonb NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by text NOT NULL,
    PRIMARY KEY (program, kind, name)
);

-- Who took out what, how many rows, and the digest of the file; the row outlives the file.
CREATE TABLE data_export (
    program     uuid NOT NULL REFERENCES program,
    id          uuid NOT NULL,
    kind        text NOT NULL,
    format      text NOT NULL CHECK (format IN ('csv', 'xlsx', 'parquet')),
    filter      jsonb NOT NULL,
    personal    boolean NOT NULL,  -- whether somebody can be recognised by what stands in it
    status      text NOT NULL CHECK (status IN ('waiting', 'running', 'done', 'failed')),
    why         text NOT NULL DEFAULT '',
    rows        bigint NOT NULL DEFAULT 0 CHECK (rows >= 0),
    bytes       bigint NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    digest      bytea CHECK (length(digest) = 32),
    job         uuid NOT NULL,
    leased_by   uuid,
    leased_until timestamptz,
    created_at  timestamptz NOT NULL,
    created_by  text NOT NULL,
    finished_at timestamptz,
    forgotten_at timestamptz,
    PRIMARY KEY (program, id)
);

GRANT SELECT, INSERT, UPDATE ON data_file, data_import, data_export TO regulars_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON data_file_part, data_import_row, data_claim, data_mapping TO regulars_app;
-- Undoing an import lets its members, and a store that it entered, come again.
GRANT DELETE ON imported_row, store TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['data_file', 'data_file_part', 'data_import', 'data_import_row', 'data_claim',
        'data_mapping', 'data_export']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
