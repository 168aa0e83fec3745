-- Referrals: who brought whom, what both got for it and what was taken back; and points that members pass on.

-- A revision of what a program gives for bringing a friend; the newest counts.
CREATE TABLE referral_program (
    program  uuid NOT NULL REFERENCES program,
    code     text NOT NULL CHECK (length(code) BETWEEN 1 AND 63),
    revision integer NOT NULL CHECK (revision > 0),
    document jsonb NOT NULL,
    since    timestamptz NOT NULL,
    author   text NOT NULL,
    PRIMARY KEY (program, code, revision)
);

-- A member's own code: the key says that no two members have one, however it was drawn.
CREATE TABLE referral_code (
    program uuid NOT NULL,
    code    text NOT NULL CHECK (length(code) BETWEEN 6 AND 16),
    home    smallint NOT NULL,
    member  uuid NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (program, code),
    FOREIGN KEY (program, home, member) REFERENCES member
);
CREATE INDEX referral_code_of ON referral_code (member);

-- By what it is noticed that a friend is no other person: keyed hashes of phones, emails and devices once seen with her.
CREATE TABLE referral_trace (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    member  uuid NOT NULL,
    kind    text NOT NULL CHECK (kind IN ('phone', 'email', 'device')),
    digest  bytea NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (program, home, member, kind, digest),
    FOREIGN KEY (program, home, member) REFERENCES member
);
CREATE INDEX referral_trace_found ON referral_trace (digest);

-- Who brought whom: a friend is brought once. `refused` says why nothing is given for it.
CREATE TABLE referral (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    friend      uuid NOT NULL,
    referrer    uuid NOT NULL,
    code        text NOT NULL,
    refused     text CHECK (refused IN ('self', 'same_contact', 'same_device', 'same_account', 'member_before', 'circle')),
    referred_at timestamptz NOT NULL,
    until       timestamptz NOT NULL,  -- half-open: what the friend buys later counts for nothing
    PRIMARY KEY (program, home, friend),
    FOREIGN KEY (program, home, friend) REFERENCES member
);
CREATE INDEX referral_of ON referral (referrer, referred_at);
CREATE INDEX referral_latest ON referral (referred_at, friend);

-- Referrals that may still come to something: what the round looks at.
CREATE TABLE referral_open (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    friend  uuid NOT NULL,
    PRIMARY KEY (program, home, friend),
    FOREIGN KEY (program, home, friend) REFERENCES referral
);

-- That a friend's n-th purchase was rewarded, once; what both got stands with the prizes. `withheld`: why somebody got none.
CREATE TABLE referral_step (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    friend    uuid NOT NULL,
    purchases smallint NOT NULL CHECK (purchases > 0),
    bought_at smallint NOT NULL,   -- home of the purchase
    purchase  uuid NOT NULL,
    referrer  uuid NOT NULL,
    to_friend   boolean NOT NULL,
    to_referrer boolean NOT NULL,
    withheld  text CHECK (withheld IN ('cap', 'budget', 'gone', 'same_account')),
    cost      bigint NOT NULL CHECK (cost >= 0),  -- minor units of base money
    least     bigint NOT NULL CHECK (least >= 0), -- what of the purchase must stand
    given_at  timestamptz NOT NULL,
    PRIMARY KEY (program, home, friend, purchases),
    FOREIGN KEY (program, home, friend) REFERENCES referral
);
CREATE INDEX referral_step_given ON referral_step (given_at, friend);
CREATE INDEX referral_step_of ON referral_step (referrer);

-- What a referrer was given for her n-th friend, once.
CREATE TABLE referral_milestone (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    referrer uuid NOT NULL,
    friends  smallint NOT NULL CHECK (friends > 1),
    cost     bigint NOT NULL CHECK (cost >= 0),
    given_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, referrer, friends),
    FOREIGN KEY (program, home, referrer) REFERENCES member
);

-- That it was taken back, once: `purchases` of a friend, or (`friend` the referrer herself) the milestone of so many friends.
CREATE TABLE referral_back (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    friend   uuid NOT NULL,
    kind     text NOT NULL CHECK (kind IN ('step', 'milestone')),
    n        smallint NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, friend, kind, n),
    FOREIGN KEY (program, home, friend) REFERENCES member
);

-- How much of a referrer's caps is used, by period; and (`referrer` the program) of the budget, minor units of base money.
CREATE TABLE referral_use (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    referrer uuid NOT NULL,
    period   text NOT NULL CHECK (length(period) <= 20),
    used     bigint NOT NULL CHECK (used >= 0),
    PRIMARY KEY (program, home, referrer, period)
) WITH (fillfactor = 80);

-- Points that a member passed on to another, gave to a charity, or changed into another currency.
CREATE TABLE passing (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    giver     uuid NOT NULL,
    id        uuid NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('transfer', 'donation', 'exchange')),
    pool      uuid NOT NULL,          -- the giver's
    currency  text NOT NULL,
    amount    bigint NOT NULL CHECK (amount > 0),
    fee       bigint NOT NULL DEFAULT 0 CHECK (fee >= 0),
    posting   uuid NOT NULL,
    taker     uuid,                   -- of a transfer: the member
    into_pool uuid,                   -- of a transfer: hers
    lots      jsonb,                  -- of a transfer: the lots that came of it, each with its amount
    charity   text,                   -- of a donation: code of the partner
    worth     bigint,                 -- of a donation: minor units of base money
    target    text,                   -- of an exchange: the currency
    received  bigint,                 -- of an exchange: how much of it
    passed_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, giver, id),
    FOREIGN KEY (program, home, giver) REFERENCES member,
    CHECK ((kind = 'transfer') = (taker IS NOT NULL AND into_pool IS NOT NULL AND lots IS NOT NULL)),
    CHECK ((kind = 'donation') = (charity IS NOT NULL AND worth IS NOT NULL)),
    CHECK ((kind = 'exchange') = (target IS NOT NULL AND received IS NOT NULL))
);
CREATE INDEX passing_of ON passing (giver, passed_at);
CREATE INDEX passing_received ON passing (into_pool, passed_at) WHERE into_pool IS NOT NULL;
CREATE INDEX passing_charity ON passing (charity, passed_at) WHERE charity IS NOT NULL;

-- That a transfer was taken back, once.
CREATE TABLE passing_back (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    giver    uuid NOT NULL,
    id       uuid NOT NULL,
    posting  uuid NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, giver, id),
    FOREIGN KEY (program, home, giver, id) REFERENCES passing
);

-- A revision of the rate at which one currency of the program is changed into another; the newest counts.
CREATE TABLE points_rate (
    program  uuid NOT NULL REFERENCES program,
    currency text NOT NULL,
    target   text NOT NULL,
    revision integer NOT NULL CHECK (revision > 0),
    document jsonb NOT NULL,
    since    timestamptz NOT NULL,
    author   text NOT NULL,
    PRIMARY KEY (program, currency, target, revision),
    CHECK (currency <> target)
);

-- Whatever kinds of postings there are by now, and three more.
DO $$
DECLARE
    said text;
    kinds text[];
BEGIN
    SELECT pg_get_constraintdef(oid) INTO said FROM pg_constraint
    WHERE conname = 'posting_kind_check' AND conrelid = 'posting'::regclass;
    SELECT array_agg(hit[1] ORDER BY place) INTO kinds
    FROM regexp_matches(said, '''([a-z_]+)''', 'g') WITH ORDINALITY AS m (hit, place);
    kinds := kinds || (SELECT array_agg(new) FROM unnest(ARRAY['donation', 'exchange_out', 'exchange_in']) AS new
        WHERE new <> ALL (kinds));
    ALTER TABLE posting DROP CONSTRAINT posting_kind_check;
    EXECUTE format('ALTER TABLE posting ADD CONSTRAINT posting_kind_check CHECK (kind IN (%s))',
        (SELECT string_agg(quote_literal(one), ', ') FROM unnest(kinds) AS one));
END
$$;

GRANT SELECT, INSERT ON referral_program, referral, referral_step, referral_milestone, referral_back, passing, passing_back,
    points_rate TO regulars_app;
GRANT SELECT, INSERT, DELETE ON referral_code, referral_trace, referral_open TO regulars_app;
GRANT SELECT, INSERT, UPDATE ON referral_use TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['referral_program', 'referral_code', 'referral_trace', 'referral', 'referral_open',
        'referral_step', 'referral_milestone', 'referral_back', 'referral_use', 'passing', 'passing_back', 'points_rate']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
