-- Webhooks: what happened is told to the systems that subscribed to it.

-- What happened beside the facts (members, cards, promotions), written in the transaction in which it did, as long as
-- somebody listens. The worker takes the rows away when it has made events of them.
CREATE TABLE outbox (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    id      uuid NOT NULL,
    type    text NOT NULL CHECK (length(type) BETWEEN 1 AND 60),
    subject uuid NOT NULL,
    member  uuid,
    at      timestamptz NOT NULL,
    data    jsonb NOT NULL,
    xid     bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (program, home, id)
);
CREATE INDEX outbox_xid ON outbox (xid);

CREATE TABLE webhook_subscription (
    program        uuid NOT NULL REFERENCES program,
    id             uuid NOT NULL,
    address        text NOT NULL CHECK (length(address) BETWEEN 1 AND 2000),
    description    text NOT NULL DEFAULT '' CHECK (length(description) <= 200),
    events         text[] NOT NULL CHECK (cardinality(events) BETWEEN 1 AND 50),
    stores         uuid[] NOT NULL DEFAULT '{}',  -- empty: every one
    partners       uuid[] NOT NULL DEFAULT '{}',
    generation     integer NOT NULL DEFAULT 1 CHECK (generation > 0),  -- of its secret
    previous_until timestamptz,  -- until when the secret before signs too
    enabled        boolean NOT NULL DEFAULT true,
    disabled_why   text CHECK (disabled_why IN ('by_hand', 'failing', 'gone')),
    failing_since  timestamptz,
    last_failure   text NOT NULL DEFAULT '',
    xid            bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),  -- it hears of what came later
    created_at     timestamptz NOT NULL,
    created_by     text NOT NULL,
    deleted_at     timestamptz,
    PRIMARY KEY (program, id),
    CHECK (enabled = (disabled_why IS NULL))
);

-- How far the facts were told, as a number of transactions. Facts of blocks up to `sealed` are older than the server.
CREATE TABLE webhook_cursor (
    program uuid PRIMARY KEY REFERENCES program,
    xid     bigint NOT NULL,
    sealed  bigint NOT NULL DEFAULT 0
);

CREATE TABLE webhook_event (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    id          uuid NOT NULL,
    type        text NOT NULL,
    version     smallint NOT NULL CHECK (version > 0),
    subject     uuid NOT NULL,  -- whose events are numbered and kept in order: a member, else what it is about
    member      uuid,
    occurred_at timestamptz NOT NULL,
    data        bytea NOT NULL,
    PRIMARY KEY (program, home, id)
);
CREATE INDEX webhook_event_age ON webhook_event (id);

-- Events of one subject on their way to one subscriber, one after the other.
CREATE TABLE webhook_lane (
    program      uuid NOT NULL,
    home         smallint NOT NULL,
    subscription uuid NOT NULL,
    subject      uuid NOT NULL,
    last         bigint NOT NULL CHECK (last > 0),  -- sequence number that was given last
    head         bigint NOT NULL CHECK (head > 0),  -- nothing before it waits
    due_at       timestamptz,  -- when the first that waits may be sent; null: nothing waits
    taken        boolean NOT NULL DEFAULT false,  -- somebody is sending, and has time until due_at
    turn         bigint NOT NULL DEFAULT 0,  -- how often it was taken: only the last taker may say what became of it
    PRIMARY KEY (program, home, subscription, subject)
) WITH (fillfactor = 70);
CREATE INDEX webhook_lane_due ON webhook_lane (subscription, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE webhook_delivery (
    program      uuid NOT NULL,
    home         smallint NOT NULL,
    subscription uuid NOT NULL,
    event        uuid NOT NULL,
    id           uuid NOT NULL,
    subject      uuid NOT NULL,
    sequence     bigint NOT NULL CHECK (sequence > 0),
    state        text NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
    attempts     smallint NOT NULL DEFAULT 0,  -- since it waits
    sent         integer NOT NULL DEFAULT 0,  -- all attempts, with those of replays
    tried_at     timestamptz,
    answered_in  integer,  -- milliseconds
    status       smallint,
    answer       text NOT NULL DEFAULT '' CHECK (length(answer) <= 4096),
    failure      text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    PRIMARY KEY (program, home, id),
    UNIQUE (program, home, subscription, event)  -- an event is entered once for each subscriber
) WITH (fillfactor = 80);
CREATE INDEX webhook_delivery_age ON webhook_delivery (id);
CREATE INDEX webhook_delivery_of ON webhook_delivery (subscription, id);
CREATE INDEX webhook_delivery_lane ON webhook_delivery (subscription, subject, sequence);
CREATE INDEX webhook_delivery_dead ON webhook_delivery (subscription, id) WHERE state = 'dead';

-- Whose account a posting without a purchase is in.
CREATE INDEX member_of_pool ON member (pool) WHERE own_pool IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON
    webhook_subscription, webhook_cursor, webhook_event, webhook_lane, webhook_delivery TO regulars_app;
GRANT SELECT, INSERT, DELETE ON outbox TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['outbox', 'webhook_subscription', 'webhook_cursor', 'webhook_event', 'webhook_lane',
        'webhook_delivery']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
