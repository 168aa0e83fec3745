-- Challenges: what members are asked to do for a prize, how far each is, who did it; badges, and boards of the best.

-- prizes: what challenges, games of chance, surveys, referrals and draws gave ----------------------------------------

-- That a member was given something. Its key is what it was given for: nothing gives twice.
CREATE TABLE prize (
    program     uuid NOT NULL,
    home        smallint NOT NULL,           -- the member's
    cause       text NOT NULL CHECK (length(cause) BETWEEN 1 AND 32),
    about       uuid NOT NULL,               -- the completion, the play, the answers…
    n           integer NOT NULL CHECK (n >= 0),  -- which of the prizes of this cause
    id          uuid NOT NULL,
    member      uuid NOT NULL,
    document    jsonb NOT NULL,
    posting     uuid,                        -- of points: what brought them
    lot         uuid,
    valid_until timestamptz,
    cost        bigint NOT NULL CHECK (cost >= 0),  -- minor units of base money
    funder      uuid NOT NULL,
    given_at    timestamptz NOT NULL,
    xid         bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    PRIMARY KEY (program, home, cause, about, n),
    UNIQUE (program, home, id),
    FOREIGN KEY (program, home, member) REFERENCES member
);
CREATE INDEX prize_of_member ON prize (member);

-- That it was taken back, for its ground was gone.
CREATE TABLE prize_taken (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    prize    uuid NOT NULL,
    taken    text NOT NULL CHECK (taken IN ('whole', 'used', 'kept')),  -- used: a voucher that was used already
    posting  uuid,
    taken_at timestamptz NOT NULL,
    reason   text NOT NULL,
    PRIMARY KEY (program, home, prize),
    FOREIGN KEY (program, home, prize) REFERENCES prize (program, home, id)
);

-- badges --------------------------------------------------------------------------------------------------------------

CREATE TABLE badge (
    program  uuid NOT NULL REFERENCES program,
    code     text NOT NULL CHECK (length(code) BETWEEN 1 AND 63),
    revision integer NOT NULL CHECK (revision > 0),
    document jsonb NOT NULL,
    since    timestamptz NOT NULL,
    author   text NOT NULL,
    PRIMARY KEY (program, code, revision)
);

-- The badges that members have or had.
CREATE TABLE member_badge (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    member   uuid NOT NULL,
    badge    text NOT NULL,
    prize    uuid,                           -- with which it came; none: given by hand
    given_at timestamptz NOT NULL,
    given_by text NOT NULL,
    taken_at timestamptz,
    PRIMARY KEY (program, home, member, badge),
    FOREIGN KEY (program, home, member) REFERENCES member
) WITH (fillfactor = 80);

-- challenges: `quest` in the tables, for `challenge` is a code that proves who somebody is -----------------------------

-- A revision of a challenge; the newest of a code counts.
CREATE TABLE quest (
    program  uuid NOT NULL REFERENCES program,
    code     text NOT NULL CHECK (length(code) BETWEEN 1 AND 63),
    revision integer NOT NULL CHECK (revision > 0),
    document jsonb NOT NULL,
    since    timestamptz NOT NULL,
    author   text NOT NULL,
    PRIMARY KEY (program, code, revision)
);

-- How many times a challenge was won, and what that cost; the guard of the last winner.
CREATE TABLE quest_budget (
    program uuid NOT NULL REFERENCES program,
    quest   text NOT NULL,
    won     bigint NOT NULL DEFAULT 0 CHECK (won >= 0),
    cost    bigint NOT NULL DEFAULT 0 CHECK (cost >= 0),  -- minor units of base money
    PRIMARY KEY (program, quest)
) WITH (fillfactor = 50);

-- Who said that she takes part.
CREATE TABLE quest_entry (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    member    uuid NOT NULL,
    quest     text NOT NULL,
    joined_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, member, quest),
    FOREIGN KEY (program, home, member) REFERENCES member
);

-- What each thing that a member did added to a challenge, and what of it came back: facts that sum to her progress.
CREATE TABLE quest_count (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    member  uuid NOT NULL,
    quest   text NOT NULL,
    round   integer NOT NULL,      -- the first day of her window as yyyymmdd, 0: the only one
    source  uuid NOT NULL,         -- the purchase or activity
    act     uuid NOT NULL,         -- itself, or the return, voiding or correction
    key     text NOT NULL,
    amount  bigint NOT NULL CHECK (amount <> 0),
    at      timestamptz NOT NULL,  -- when the source happened
    PRIMARY KEY (program, home, member, quest, round, source, act, key),
    FOREIGN KEY (program, home, member) REFERENCES member
);
CREATE INDEX quest_count_of_source ON quest_count (source);

-- Where each member stands: the sums of her counts, and the steps that she has. Kept with every count.
CREATE TABLE quest_standing (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    member  uuid NOT NULL,
    quest   text NOT NULL,
    round   integer NOT NULL,
    since   timestamptz NOT NULL,
    until   timestamptz NOT NULL,
    reached bigint NOT NULL,
    steps   integer[] NOT NULL,
    undone  integer NOT NULL DEFAULT 0,  -- how many steps were taken back so far
    whole   integer NOT NULL,            -- how many times all of it is done
    named   boolean NOT NULL,            -- she is shown on boards
    counted_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, member, quest, round),
    FOREIGN KEY (program, home, member) REFERENCES member
) WITH (fillfactor = 80);
CREATE INDEX quest_standing_board ON quest_standing (quest, round, reached DESC) WHERE named;
CREATE INDEX quest_standing_of_quest ON quest_standing (quest, round);

-- That a member reached a step; its key lets her reach it once. What is taken back and reached again is another turn.
CREATE TABLE quest_step (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    member  uuid NOT NULL,
    quest   text NOT NULL,
    round   integer NOT NULL,
    step    integer NOT NULL,
    turn    integer NOT NULL,
    id      uuid NOT NULL,
    whole   boolean NOT NULL,
    source  uuid NOT NULL,       -- with which it was reached
    cost    bigint NOT NULL,     -- of its prizes, minor units of base money
    reached_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, member, quest, round, step, turn),
    FOREIGN KEY (program, home, member) REFERENCES member
);
CREATE INDEX quest_step_of_quest ON quest_step (quest, reached_at);

-- That a step was taken back, for its ground was gone.
CREATE TABLE quest_step_undone (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    member  uuid NOT NULL,
    quest   text NOT NULL,
    round   integer NOT NULL,
    step    integer NOT NULL,
    turn    integer NOT NULL,
    act     uuid NOT NULL,
    undone_at timestamptz NOT NULL,
    PRIMARY KEY (program, home, member, quest, round, step, turn),
    FOREIGN KEY (program, home, member, quest, round, step, turn) REFERENCES quest_step
);

-- Under which name a member is shown on boards; without one she is not.
CREATE TABLE board_name (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    member   uuid NOT NULL,
    nickname text NOT NULL CHECK (length(nickname) BETWEEN 1 AND 40),
    since    timestamptz NOT NULL,
    PRIMARY KEY (program, home, member),
    FOREIGN KEY (program, home, member) REFERENCES member
);

GRANT SELECT, INSERT ON quest, quest_count, quest_step, quest_step_undone TO regulars_app;
GRANT SELECT, INSERT, UPDATE (won, cost) ON quest_budget TO regulars_app;
GRANT SELECT, INSERT, DELETE ON quest_entry TO regulars_app;
GRANT SELECT, INSERT, UPDATE (since, until, reached, steps, undone, whole, named, counted_at) ON quest_standing TO regulars_app;
GRANT SELECT, INSERT, DELETE, UPDATE (nickname, since) ON board_name TO regulars_app;
GRANT SELECT, INSERT ON prize, prize_taken, badge TO regulars_app;
GRANT SELECT, INSERT, UPDATE (prize, given_at, given_by, taken_at) ON member_badge TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['prize', 'prize_taken', 'badge', 'member_badge', 'quest', 'quest_budget', 'quest_entry',
        'quest_count', 'quest_standing', 'quest_step', 'quest_step_undone', 'board_name']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
