-- The foundation: programs, members and cards, promotions, purchases, the ledger.
-- Rules of the house (docs/decisions/0003, 0005): every key begins with the program, and with the home for what
-- belongs to an account; facts can be inserted and read, never changed; no trigger computes; rows of other
-- programs do not exist for the application's role. Indexes beside the keys begin with what tells rows apart, not with
-- the program: on a table without statistics the planner takes whichever index has the program for the key.

-- programs ------------------------------------------------------------------------------------------------

CREATE TABLE program (
    id            uuid PRIMARY KEY,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    base_currency text NOT NULL CHECK (base_currency ~ '^[A-Z]{3}$'),
    time_zone     text NOT NULL,
    languages     text[] NOT NULL CHECK (cardinality(languages) > 0),
    sandbox       boolean NOT NULL,
    clock_at      timestamptz CHECK (clock_at IS NULL OR sandbox),
    settings      jsonb NOT NULL,
    version       bigint NOT NULL DEFAULT 1,  -- of all that a process caches: settings, stores, currencies, live promotions
    created_at    timestamptz NOT NULL
);

CREATE TABLE api_key (
    id         uuid PRIMARY KEY,
    digest     bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    program    uuid REFERENCES program,  -- NULL: the operator's, who makes programs
    name       text NOT NULL,
    scopes     text[] NOT NULL CHECK (cardinality(scopes) > 0),
    partner    uuid,
    store      uuid,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE TABLE session (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    api_key    uuid NOT NULL REFERENCES api_key,
    state      jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TABLE job (
    id          uuid PRIMARY KEY,
    program     uuid NOT NULL REFERENCES program,
    kind        text NOT NULL,
    payload     jsonb NOT NULL,
    status      text NOT NULL CHECK (status IN ('waiting', 'running', 'done', 'failed')),
    done        bigint NOT NULL DEFAULT 0,
    total       bigint NOT NULL DEFAULT 0,
    result      jsonb,
    errors      jsonb NOT NULL DEFAULT '[]',
    created_at  timestamptz NOT NULL,
    finished_at timestamptz
);

-- What a version of the program calculated by, so that a purchase can be explained as it was decided.
CREATE TABLE program_version (
    program    uuid NOT NULL REFERENCES program,
    version    bigint NOT NULL,
    settings   jsonb NOT NULL,
    currencies jsonb NOT NULL,
    PRIMARY KEY (program, version)
);

CREATE TABLE partner (
    program uuid NOT NULL REFERENCES program,
    id      uuid NOT NULL,
    code    text NOT NULL CHECK (code ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    name    text NOT NULL,
    PRIMARY KEY (program, id),
    UNIQUE (program, code)
);

CREATE TABLE store (
    program   uuid NOT NULL REFERENCES program,
    id        uuid NOT NULL,
    code      text NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    name      text NOT NULL,
    partner   uuid NOT NULL,
    time_zone text NOT NULL,
    groups    text[] NOT NULL DEFAULT '{}',
    address   text NOT NULL DEFAULT '',
    PRIMARY KEY (program, id),
    UNIQUE (program, code),
    FOREIGN KEY (program, partner) REFERENCES partner
);

CREATE TABLE till (
    program uuid NOT NULL REFERENCES program,
    store   uuid NOT NULL,
    code    text NOT NULL CHECK (length(code) <= 64),
    pool    uuid NOT NULL,  -- where its anonymous purchases live
    PRIMARY KEY (program, store, code),
    FOREIGN KEY (program, store) REFERENCES store
);

CREATE TABLE currency (
    program              uuid NOT NULL REFERENCES program,
    code                 text NOT NULL CHECK (code ~ '^[A-Z][A-Z0-9_]{1,15}$'),
    kind                 text NOT NULL CHECK (kind IN ('points', 'money', 'qualifying')),
    scale                smallint NOT NULL CHECK (scale BETWEEN 0 AND 4),
    names                jsonb NOT NULL DEFAULT '{}',
    worth_numerator      bigint NOT NULL CHECK (worth_numerator >= 0),
    worth_denominator    bigint NOT NULL CHECK (worth_denominator > 0),
    active_after_days    integer NOT NULL DEFAULT 0 CHECK (active_after_days BETWEEN 0 AND 3660),
    expires_after_days   integer CHECK (expires_after_days BETWEEN 1 AND 36600),
    expires_after_months integer CHECK (expires_after_months BETWEEN 1 AND 1200),
    PRIMARY KEY (program, code),
    CHECK (expires_after_days IS NULL OR expires_after_months IS NULL)
);

CREATE TABLE exchange_rate (
    program     uuid NOT NULL REFERENCES program,
    currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    valid_from  timestamptz NOT NULL,
    numerator   bigint NOT NULL CHECK (numerator > 0),    -- one minor unit of `currency` is numerator / denominator
    denominator bigint NOT NULL CHECK (denominator > 0),  -- minor units of the base money
    PRIMARY KEY (program, currency, valid_from)
);

-- assortment ----------------------------------------------------------------------------------------------

CREATE TABLE product (
    program    uuid NOT NULL REFERENCES program,
    sku        text NOT NULL CHECK (length(sku) BETWEEN 1 AND 64),
    name       text NOT NULL,
    names      jsonb NOT NULL DEFAULT '{}',
    barcode    text,
    categories text[] NOT NULL DEFAULT '{}',
    tags       text[] NOT NULL DEFAULT '{}',
    brand      text NOT NULL DEFAULT '',
    unit       text NOT NULL DEFAULT 'piece',
    price      bigint NOT NULL CHECK (price >= 0),
    cost       bigint CHECK (cost >= 0),
    tax_rate   integer NOT NULL DEFAULT 0 CHECK (tax_rate BETWEEN 0 AND 1000000),
    PRIMARY KEY (program, sku)
);
CREATE UNIQUE INDEX product_barcode ON product (program, barcode) WHERE barcode IS NOT NULL;

CREATE TABLE product_word (
    program uuid NOT NULL REFERENCES program,
    word    text NOT NULL,
    sku     text NOT NULL,
    PRIMARY KEY (program, word, sku),
    FOREIGN KEY (program, sku) REFERENCES product ON DELETE CASCADE
);

-- promotions ----------------------------------------------------------------------------------------------

CREATE TABLE promotion (
    program    uuid NOT NULL REFERENCES program,
    id         uuid NOT NULL,
    draft      jsonb,
    drafted_at timestamptz,
    drafted_by text NOT NULL DEFAULT '',
    status     text NOT NULL CHECK (status IN ('draft', 'live', 'stopped')),
    revision   integer NOT NULL DEFAULT 0 CHECK (revision >= 0),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (program, id),
    CHECK ((status = 'draft') = (revision = 0))
);

CREATE TABLE promotion_revision (
    program      uuid NOT NULL,
    promotion    uuid NOT NULL,
    revision     integer NOT NULL CHECK (revision > 0),
    document     jsonb NOT NULL,
    changes      jsonb NOT NULL,  -- against the revision before
    published_at timestamptz NOT NULL,
    published_by text NOT NULL,
    PRIMARY KEY (program, promotion, revision),
    FOREIGN KEY (program, promotion) REFERENCES promotion
);

CREATE TABLE promotion_event (
    program   uuid NOT NULL,
    promotion uuid NOT NULL,
    id        uuid NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('published', 'stopped', 'resumed')),
    revision  integer NOT NULL,
    version   bigint NOT NULL,  -- of the program after this: which promotions were live at a version is read from here
    at        timestamptz NOT NULL,
    by        text NOT NULL,
    PRIMARY KEY (program, promotion, id),
    FOREIGN KEY (program, promotion) REFERENCES promotion
);

-- members -------------------------------------------------------------------------------------------------

CREATE TABLE member (
    program      uuid NOT NULL REFERENCES program,
    home         smallint NOT NULL,
    id           uuid NOT NULL,
    pool         uuid NOT NULL,
    language     text NOT NULL,
    source       text NOT NULL CHECK (source IN ('till', 'web', 'app', 'import', 'partner', 'api')),
    store        uuid,
    attributes   jsonb NOT NULL DEFAULT '{}',
    enrolled_at  timestamptz NOT NULL,
    erased_at    timestamptz,
    merged_into  uuid,
    PRIMARY KEY (program, home, id)
);

-- All that says who a member is; nothing of this stands anywhere else.
CREATE TABLE person (
    program     uuid NOT NULL REFERENCES program,
    home        smallint NOT NULL,
    member      uuid NOT NULL,
    name        text NOT NULL DEFAULT '',
    phone       text,
    email       text,
    external_id text,
    birthday    date,
    PRIMARY KEY (program, home, member),
    FOREIGN KEY (program, home, member) REFERENCES member
);

-- Look-up: the keyed hash of a phone, an email or an external id → whose it is.
CREATE TABLE identifier (
    program uuid NOT NULL REFERENCES program,
    kind    text NOT NULL CHECK (kind IN ('phone', 'email', 'external_id')),
    digest  bytea NOT NULL CHECK (length(digest) = 32),
    home    smallint NOT NULL,
    member  uuid NOT NULL,
    PRIMARY KEY (program, kind, digest)
);

CREATE TABLE consent (
    program     uuid NOT NULL REFERENCES program,
    home        smallint NOT NULL,
    member      uuid NOT NULL,
    id          uuid NOT NULL,
    channel     text NOT NULL CHECK (channel IN ('email', 'sms', 'phone', 'post', 'push')),
    purpose     text NOT NULL,
    granted     boolean NOT NULL,
    source      text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, member, id),
    FOREIGN KEY (program, home, member) REFERENCES member
);

CREATE TABLE card (
    program     uuid NOT NULL REFERENCES program,
    home        smallint NOT NULL,
    id          uuid NOT NULL,
    number      text NOT NULL,
    pool        uuid NOT NULL,
    member      uuid,
    status      text NOT NULL CHECK (status IN ('issued', 'active', 'blocked', 'replaced', 'closed')),
    replaced_by uuid,
    issued_at   timestamptz NOT NULL,
    PRIMARY KEY (program, home, id)
);
CREATE INDEX card_of_member ON card (member) WHERE member IS NOT NULL;

-- Look-up: a card's number → the card.
CREATE TABLE card_number (
    program uuid NOT NULL REFERENCES program,
    number  text NOT NULL CHECK (number ~ '^[0-9]{8,19}$'),
    home    smallint NOT NULL,
    card    uuid NOT NULL,
    PRIMARY KEY (program, number)
);

-- requests ------------------------------------------------------------------------------------------------

-- Look-up: the name that a caller gave to a write → what was answered.
CREATE TABLE request_key (
    program    uuid NOT NULL,
    partner    uuid NOT NULL,  -- the key's partner, or the program itself
    key        text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    kind       text NOT NULL CHECK (kind IN ('purchase', 'return', 'void', 'post')),
    digest     bytea NOT NULL,
    home       smallint,
    ref        uuid,           -- the purchase or return whose document is the answer
    status     smallint,
    body       bytea,          -- the answer of any other request
    created_at timestamptz NOT NULL,
    PRIMARY KEY (program, partner, key)
) WITH (fillfactor = 80);
CREATE INDEX request_key_age ON request_key USING brin (created_at);

-- the ledger ----------------------------------------------------------------------------------------------

-- Whose points they are: a member alone, a household, a company, an unassigned card, a till (anonymous purchases).
-- Its row is the lock of all its accounts.
CREATE TABLE pool (
    program   uuid NOT NULL REFERENCES program,
    home      smallint NOT NULL,
    id        uuid NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('person', 'household', 'company', 'card', 'till')),
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, id)
);

-- The sums of a pool in one currency, kept for reading; never a guard (DESIGN §3).
CREATE TABLE account (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    pool     uuid NOT NULL,
    currency text NOT NULL,
    balance  bigint NOT NULL CHECK (balance >= 0),  -- not yet drawn, with pending and not yet posted expiries
    debt     bigint NOT NULL CHECK (debt >= 0),
    PRIMARY KEY (program, home, pool, currency),
    FOREIGN KEY (program, home, pool) REFERENCES pool
) WITH (fillfactor = 80);

CREATE TABLE posting (
    program      uuid NOT NULL,
    home         smallint NOT NULL,
    id           uuid NOT NULL,
    pool         uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('purchase', 'return', 'void', 'adjustment', 'transfer_out', 'transfer_in',
                     'expiry', 'debt_payment', 'write_off', 'reversal', 'bonus', 'grace')),
    purchase     uuid,         -- the purchase it belongs to, also when a return of it does
    related      uuid,         -- the posting it reverses or pays for, the return, or the transfer that both sides share
    effective_at timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    actor        text NOT NULL,
    reason       text NOT NULL DEFAULT '',
    xid          bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (program, home, id)
);
CREATE INDEX posting_of_pool ON posting (pool, recorded_at, id);
CREATE INDEX posting_xid ON posting USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);

-- Amounts moved from one account to another: both legs in one row, so that no posting can be out of balance.
-- `points` and `debt` are the pool's own; the others are the program's, sums over all rows.
CREATE TABLE entry (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    posting  uuid NOT NULL,
    n        smallint NOT NULL,
    pool     uuid NOT NULL,
    currency text NOT NULL,
    source   text NOT NULL CHECK (source IN ('points', 'debt', 'issued', 'redeemed', 'expired', 'transfer', 'adjusted', 'written_off')),
    target   text NOT NULL CHECK (target IN ('points', 'debt', 'issued', 'redeemed', 'expired', 'transfer', 'adjusted', 'written_off')),
    amount   bigint NOT NULL CHECK (amount > 0),
    partner  uuid,  -- the partner whose share of the program's account moves
    PRIMARY KEY (program, home, posting, n),
    FOREIGN KEY (program, home, posting) REFERENCES posting,
    CHECK (source <> target)
);

CREATE TABLE lot (
    program               uuid NOT NULL,
    home                  smallint NOT NULL,
    id                    uuid NOT NULL,
    pool                  uuid NOT NULL,
    currency              text NOT NULL,
    posting               uuid NOT NULL,
    n                     smallint NOT NULL,  -- the entry into `points` that brought it
    purchase              uuid,
    issuer                uuid,      -- partner that issued it
    funder                uuid,      -- partner that pays for it
    promotion             uuid,
    revision              integer,
    unit_cost_numerator   bigint NOT NULL DEFAULT 0,  -- what one unit costs its funder, in minor units of the base money
    unit_cost_denominator bigint NOT NULL DEFAULT 1 CHECK (unit_cost_denominator > 0),
    amount                bigint NOT NULL CHECK (amount > 0),
    drawn                 bigint NOT NULL DEFAULT 0 CHECK (drawn >= 0),
    reserved              bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    earned_at             timestamptz NOT NULL,
    active_at             timestamptz NOT NULL,
    expires_at            timestamptz,
    origin                uuid,      -- the lot that a transfer or a grace continued
    open                  boolean GENERATED ALWAYS AS (drawn < amount) STORED,  -- so that a part drawn touches no index
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, home, posting, n) REFERENCES entry,
    CHECK (drawn + reserved <= amount),
    CHECK (expires_at IS NULL OR expires_at > active_at)
) WITH (fillfactor = 80);
CREATE INDEX lot_open ON lot (pool) WHERE open;
CREATE INDEX lot_expiry ON lot (expires_at) WHERE open AND expires_at IS NOT NULL;
CREATE INDEX lot_of_posting ON lot (posting);

-- What an entry out of `points` took from a lot; below zero what an entry into `points` gave back to it.
CREATE TABLE draw (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    posting uuid NOT NULL,
    n       smallint NOT NULL,
    lot     uuid NOT NULL,
    amount  bigint NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (program, home, posting, n, lot),
    FOREIGN KEY (program, home, posting, n) REFERENCES entry,
    FOREIGN KEY (program, home, lot) REFERENCES lot
);
CREATE INDEX draw_of_lot ON draw (lot);

CREATE TABLE hold (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    id        uuid NOT NULL,
    pool      uuid NOT NULL,
    purchase  uuid,
    made_at   timestamptz NOT NULL,
    lapses_at timestamptz NOT NULL CHECK (lapses_at > made_at),
    open      boolean NOT NULL DEFAULT true,  -- there is no resolution yet
    PRIMARY KEY (program, home, id)
) WITH (fillfactor = 80);
CREATE INDEX hold_of_pool ON hold (pool, open);
CREATE INDEX hold_due ON hold (lapses_at) WHERE open;
CREATE INDEX hold_of_purchase ON hold (purchase);

CREATE TABLE reservation (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    hold    uuid NOT NULL,
    lot     uuid NOT NULL,
    amount  bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (program, home, hold, lot),
    FOREIGN KEY (program, home, hold) REFERENCES hold,
    FOREIGN KEY (program, home, lot) REFERENCES lot
);

-- How a hold ended. Its key is the hold: it ends once.
CREATE TABLE resolution (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    hold        uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('capture', 'release', 'lapse')),
    posting     uuid,
    resolved_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, hold),
    FOREIGN KEY (program, home, hold) REFERENCES hold
);

-- purchases -----------------------------------------------------------------------------------------------

CREATE TABLE purchase (
    program          uuid NOT NULL,
    home             smallint NOT NULL,
    id               uuid NOT NULL,
    pool             uuid NOT NULL,
    member           uuid,
    card             uuid,
    partner          uuid NOT NULL,
    store            uuid NOT NULL,
    till             text NOT NULL,
    cashier          text NOT NULL,
    receipt_number   text NOT NULL,
    request          text NOT NULL,
    held             boolean NOT NULL,  -- it began as a hold: it counts once there is a confirmation
    purchased_at     timestamptz NOT NULL,
    recorded_at      timestamptz NOT NULL,
    currency         text NOT NULL,
    gross            bigint NOT NULL,
    discount         bigint NOT NULL,
    paid_with_points bigint NOT NULL,  -- what the points were worth, as payment or as price reduction
    payable          bigint NOT NULL,
    turnover         bigint NOT NULL,  -- in base money: what was paid, the part paid with points included or not by setting
    earned           bigint NOT NULL,  -- points of the program's first points currency
    spent            bigint NOT NULL,
    document         bytea NOT NULL,
    xid              bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, home, pool) REFERENCES pool
);
ALTER TABLE purchase ALTER COLUMN document SET STORAGE EXTERNAL;
CREATE INDEX purchase_of_pool ON purchase (pool, purchased_at);
CREATE INDEX purchase_of_store ON purchase (store, purchased_at);
CREATE INDEX purchase_of_receipt ON purchase (receipt_number) WHERE receipt_number <> '';
CREATE INDEX purchase_xid ON purchase USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);

-- A held purchase that came about. Its document replaces the held one.
CREATE TABLE confirmation (
    program          uuid NOT NULL,
    home             smallint NOT NULL,
    purchase         uuid NOT NULL,
    recorded_at      timestamptz NOT NULL,
    gross            bigint NOT NULL,
    discount         bigint NOT NULL,
    paid_with_points bigint NOT NULL,
    payable          bigint NOT NULL,
    turnover         bigint NOT NULL,
    earned           bigint NOT NULL,
    spent            bigint NOT NULL,
    document         bytea NOT NULL,
    xid              bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (program, home, purchase),
    FOREIGN KEY (program, home, purchase) REFERENCES purchase
);
ALTER TABLE confirmation ALTER COLUMN document SET STORAGE EXTERNAL;
CREATE INDEX confirmation_xid ON confirmation USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);

-- A purchase that did not come about, or was taken back whole.
CREATE TABLE voiding (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    purchase  uuid NOT NULL,
    reason    text NOT NULL,
    voided_at timestamptz NOT NULL,
    xid       bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (program, home, purchase),
    FOREIGN KEY (program, home, purchase) REFERENCES purchase
);

CREATE TABLE goods_return (
    program       uuid NOT NULL,
    home          smallint NOT NULL,
    id            uuid NOT NULL,
    purchase      uuid NOT NULL,
    store         uuid NOT NULL,
    request       text NOT NULL,
    returned_at   timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL,
    gross_back    bigint NOT NULL,
    money_back    bigint NOT NULL,  -- minor units of the purchase's currency
    discount_back bigint NOT NULL,
    turnover_back bigint NOT NULL,
    points_back   bigint NOT NULL,  -- of the program's first points currency
    points_taken  bigint NOT NULL,
    document      bytea NOT NULL,
    xid           bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (program, home, purchase, id),
    FOREIGN KEY (program, home, purchase) REFERENCES purchase
);
ALTER TABLE goods_return ALTER COLUMN document SET STORAGE EXTERNAL;
CREATE INDEX goods_return_of_store ON goods_return (store, returned_at);
CREATE INDEX goods_return_xid ON goods_return USING brin (xid) WITH (pages_per_range = 32, autosummarize = on);

-- the seal ------------------------------------------------------------------------------------------------

CREATE TABLE block (
    program   uuid NOT NULL REFERENCES program,
    height    bigint NOT NULL CHECK (height > 0),
    epoch     integer NOT NULL,  -- transaction ids are comparable within one epoch only
    xid_from  bigint NOT NULL,
    xid_until bigint NOT NULL,   -- everything below it is sealed
    members   integer NOT NULL CHECK (members >= 0),  -- none: it only begins an epoch
    root      bytea NOT NULL CHECK (length(root) = 32),
    previous  bytea NOT NULL CHECK (length(previous) = 32),
    hash      bytea NOT NULL CHECK (length(hash) = 32),
    sealed_at timestamptz NOT NULL,
    PRIMARY KEY (program, height)
);

CREATE TABLE block_member (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    fact    uuid NOT NULL,
    kind    text NOT NULL CHECK (kind IN ('posting', 'purchase', 'confirmation', 'voiding', 'return')),
    height  bigint NOT NULL,
    place   integer NOT NULL,
    leaf    bytea NOT NULL CHECK (length(leaf) = 32),
    PRIMARY KEY (program, home, fact, kind)
);
CREATE INDEX block_member_place ON block_member (program, height, place);

-- who may do what -----------------------------------------------------------------------------------------

-- Outside row-level security: program, api_key, session, job (and migration, which the application never reads).
GRANT SELECT, INSERT, UPDATE ON program, api_key, job TO regulars_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON session TO regulars_app;

GRANT SELECT, INSERT, UPDATE ON partner, store, till, currency, exchange_rate, promotion, member, card,
    pool, account, lot, hold TO regulars_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON product, product_word, person, identifier, card_number, request_key TO regulars_app;

-- Facts.
GRANT SELECT, INSERT ON program_version, promotion_revision, promotion_event, consent, posting, entry, draw, reservation, resolution,
    purchase, confirmation, voiding, goods_return, block, block_member TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['program_version', 'partner', 'store', 'till', 'currency', 'exchange_rate', 'product', 'product_word',
        'promotion', 'promotion_revision', 'promotion_event', 'member', 'person', 'identifier', 'consent', 'card',
        'card_number', 'request_key', 'pool', 'account', 'posting', 'entry', 'lot', 'draw', 'hold', 'reservation',
        'resolution', 'purchase', 'confirmation', 'voiding', 'goods_return', 'block', 'block_member']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
