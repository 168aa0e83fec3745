-- Two people who edit one draft, and a second person who looks at it before it is published.

ALTER TABLE promotion ADD COLUMN draft_version integer NOT NULL DEFAULT 0 CHECK (draft_version >= 0);
UPDATE promotion SET draft_version = 1 WHERE draft IS NOT NULL;

-- What was said about a draft: of one version, step after step. An edited draft has said nothing yet.
CREATE TABLE promotion_review (
    program       uuid NOT NULL,
    promotion     uuid NOT NULL,
    draft_version integer NOT NULL CHECK (draft_version > 0),
    step          integer NOT NULL CHECK (step > 0),
    kind          text NOT NULL CHECK (kind IN ('asked', 'approved', 'returned', 'withdrawn')),
    comment       text NOT NULL,
    by            text NOT NULL,
    at            timestamptz NOT NULL,
    PRIMARY KEY (program, promotion, draft_version, step),
    FOREIGN KEY (program, promotion) REFERENCES promotion (program, id)
);
GRANT SELECT, INSERT ON promotion_review TO regulars_app;
ALTER TABLE promotion_review ENABLE ROW LEVEL SECURITY;
ALTER TABLE promotion_review FORCE ROW LEVEL SECURITY;
CREATE POLICY one_program ON promotion_review
    USING (program = nullif(current_setting('regulars.program', true), '')::uuid);
