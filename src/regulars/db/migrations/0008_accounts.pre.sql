-- Accounts that several members share (households, companies), members that are merged, purchases that are claimed.

-- A member of a shared account buys on its pool; her own waits for her. What she may do stands beside it, where every
-- purchase reads it anyway.
ALTER TABLE member
    ADD COLUMN own_pool uuid,
    ADD COLUMN role text CHECK (role IN ('owner', 'spender', 'earner')),
    ADD COLUMN spend_limit bigint CHECK (spend_limit >= 0),  -- a day, minor units of base money
    ADD CHECK ((role IS NULL) = (own_pool IS NULL)),
    ADD CHECK (spend_limit IS NULL OR role IS NOT NULL);
CREATE INDEX member_of_account ON member (pool, id) WHERE own_pool IS NOT NULL;
CREATE INDEX member_alias ON member (merged_into) WHERE merged_into IS NOT NULL;

-- What a pool of the kind household or company is called; its id is the pool's.
CREATE TABLE shared_account (
    program             uuid NOT NULL REFERENCES program,
    home                smallint NOT NULL,
    id                  uuid NOT NULL,
    kind                text NOT NULL CHECK (kind IN ('household', 'company')),
    name                text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    registration_number text NOT NULL DEFAULT '' CHECK (length(registration_number) <= 64),
    attributes          jsonb NOT NULL DEFAULT '{}',
    opened_at           timestamptz NOT NULL,
    PRIMARY KEY (program, home, id)
);

-- Who was ever in it. Who is in it now, and as what, the member's own row says.
CREATE TABLE account_member (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    account   uuid NOT NULL,
    member    uuid NOT NULL,
    joined_at timestamptz NOT NULL,
    left_at   timestamptz,
    PRIMARY KEY (program, home, account, member),
    FOREIGN KEY (program, home, account) REFERENCES shared_account
);
CREATE INDEX account_member_of ON account_member (member);

-- Look-up: the keyed hash of a code that was given to somebody → which account she may join, once.
CREATE TABLE invitation (
    program     uuid NOT NULL REFERENCES program,
    digest      bytea NOT NULL CHECK (length(digest) = 32),
    home        smallint NOT NULL,
    account     uuid NOT NULL,
    role        text NOT NULL CHECK (role IN ('owner', 'spender', 'earner')),
    spend_limit bigint CHECK (spend_limit >= 0),
    invited_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL CHECK (expires_at > invited_at),
    accepted_at timestamptz,
    accepted_by uuid,
    PRIMARY KEY (program, digest),
    FOREIGN KEY (program, home, account) REFERENCES shared_account
);

-- Where the points of a pool went when their owner moved on: with a merge, or into a shared account. A purchase that
-- was recorded before is returned there.
CREATE TABLE succession (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    pool     uuid NOT NULL,
    id       uuid NOT NULL,
    target   uuid NOT NULL,
    moved_at timestamptz NOT NULL,
    ended_at timestamptz,  -- the merge was undone
    PRIMARY KEY (program, home, pool, id),
    FOREIGN KEY (program, home, pool) REFERENCES pool
);

-- That two members were one person, and what went over, so that it can be undone.
CREATE TABLE member_merge (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    member    uuid NOT NULL,  -- who stays
    id        uuid NOT NULL,
    duplicate uuid NOT NULL,
    source    uuid NOT NULL,  -- the duplicate's pool
    target    uuid NOT NULL,
    merged_at timestamptz NOT NULL,
    moved     jsonb NOT NULL,
    undone_at timestamptz,
    PRIMARY KEY (program, home, member, id),
    FOREIGN KEY (program, home, member) REFERENCES member
);
CREATE INDEX member_merge_of ON member_merge (duplicate);

-- The keyed hash of a member's name and birthday: who else may be the same person.
CREATE TABLE member_twin (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    member  uuid NOT NULL,
    digest  bytea NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (program, home, member),
    FOREIGN KEY (program, home, member) REFERENCES member
);
CREATE INDEX member_twin_alike ON member_twin (digest);

-- An anonymous purchase that a member claimed afterwards: once. Its document replaces the recorded one.
CREATE TABLE purchase_claim (
    program    uuid NOT NULL,
    home       smallint NOT NULL,
    purchase   uuid NOT NULL,
    id         uuid NOT NULL,
    member     uuid NOT NULL,
    pool       uuid NOT NULL,
    claimed_at timestamptz NOT NULL,
    document   bytea NOT NULL,
    PRIMARY KEY (program, home, purchase),
    FOREIGN KEY (program, home, purchase) REFERENCES purchase
);
ALTER TABLE purchase_claim ALTER COLUMN document SET STORAGE EXTERNAL;
CREATE INDEX purchase_claim_of ON purchase_claim (member, claimed_at);

-- Purchases of other pools (a till's, a duplicate's) that count as this pool's: its turnover, its visits.
CREATE TABLE counted_purchase (
    program      uuid NOT NULL,
    home         smallint NOT NULL,
    pool         uuid NOT NULL,
    purchase     uuid NOT NULL,
    bought_at    smallint NOT NULL,  -- the home that the purchase lives at
    purchased_at timestamptz NOT NULL,
    turnover     bigint NOT NULL,    -- in base money, before what came back
    merge        uuid,               -- with which it came; none: it was claimed
    PRIMARY KEY (program, home, pool, purchase),
    FOREIGN KEY (program, home, pool) REFERENCES pool
);
CREATE INDEX counted_purchase_of ON counted_purchase (pool, purchased_at);

GRANT SELECT, INSERT, UPDATE ON shared_account, account_member, invitation, succession, member_merge TO regulars_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON member_twin TO regulars_app;  -- an erasure forgets it
GRANT SELECT, INSERT, DELETE ON counted_purchase TO regulars_app;     -- an undone merge gives back
GRANT SELECT, INSERT ON purchase_claim TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['shared_account', 'account_member', 'invitation', 'succession', 'member_merge',
        'member_twin', 'purchase_claim', 'counted_purchase']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
