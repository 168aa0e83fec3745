-- Which line of a receipt paid for a prepaid pack or for a period of a membership.

-- A line pays once. A fact.
CREATE TABLE prepaid_sale (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    purchase uuid NOT NULL,
    line     integer NOT NULL,
    kind     text NOT NULL CHECK (kind IN ('pack', 'membership')),
    what     uuid NOT NULL,                             -- the pack, or the membership
    amount   bigint NOT NULL CHECK (amount >= 0),       -- minor units of base money
    sold_at  timestamptz NOT NULL,
    PRIMARY KEY (program, home, purchase, line),
    FOREIGN KEY (program, home, purchase) REFERENCES purchase
);
CREATE INDEX prepaid_sale_what ON prepaid_sale (what);

GRANT SELECT, INSERT ON prepaid_sale TO regulars_app;
ALTER TABLE prepaid_sale ENABLE ROW LEVEL SECURITY;
ALTER TABLE prepaid_sale FORCE ROW LEVEL SECURITY;
CREATE POLICY one_program ON prepaid_sale USING
    (program = nullif(current_setting('regulars.program', true), '')::uuid);
