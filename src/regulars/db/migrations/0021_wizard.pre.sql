-- The first door: who may make programs, and a program that is being made. Outside row-level security: there is none yet.

-- A one-time address that lets the first owner in; only its hash is kept.
CREATE TABLE first_door (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    expires_at timestamptz NOT NULL,
    passed_at  timestamptz
);

ALTER TABLE staff ADD COLUMN founder boolean NOT NULL DEFAULT false;  -- may make programs

-- What somebody has chosen so far; one at a time.
CREATE TABLE program_plan (
    staff    uuid PRIMARY KEY REFERENCES staff,
    program  uuid NOT NULL,               -- the id that the program will have
    content  jsonb NOT NULL,
    saved_at timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON first_door TO regulars_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON program_plan TO regulars_app;

-- To the hour. A key that was rotated works for a while beside the new one: `revoked_at` lies ahead then.
ALTER TABLE api_key ADD COLUMN used_at timestamptz;
