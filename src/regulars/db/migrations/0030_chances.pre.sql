-- Games of chance whose draws anybody can compute again, lotteries with tickets, quizzes and surveys.

-- games of chance ---------------------------------------------------------------------------------------------

CREATE TABLE game (
    program    uuid NOT NULL REFERENCES program,
    code       text NOT NULL,
    revision   integer NOT NULL CHECK (revision > 0),  -- the newest, by which members play
    seed       integer NOT NULL CHECK (seed > 0),      -- the one that decides now; the next one is committed to as well
    plays      bigint NOT NULL DEFAULT 0,
    stopped_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (program, code)
) WITH (fillfactor = 70);

CREATE TABLE game_revision (
    program      uuid NOT NULL,
    game         text NOT NULL,
    revision     integer NOT NULL CHECK (revision > 0),
    document     jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    published_by text NOT NULL,
    PRIMARY KEY (program, game, revision),
    FOREIGN KEY (program, game) REFERENCES game
);

-- What decides the plays, one after the other. The seed is made of the nonce and the installation's secret, so that
-- who reads the database cannot tell a play beforehand; it is written here when it decides nothing more.
CREATE TABLE game_seed (
    program    uuid NOT NULL,
    game       text NOT NULL,
    n          integer NOT NULL CHECK (n > 0),
    nonce      bytea NOT NULL,
    commitment bytea NOT NULL,            -- SHA-256 of the seed, published before the first play
    plays      integer NOT NULL DEFAULT 0 CHECK (plays >= 0),
    opened_at  timestamptz NOT NULL,      -- when it was committed to
    day        date,                      -- of its plays
    revealed   bytea,
    closed_at  timestamptz,
    PRIMARY KEY (program, game, n),
    FOREIGN KEY (program, game) REFERENCES game,
    CHECK ((revealed IS NULL) = (closed_at IS NULL))
) WITH (fillfactor = 70);

-- How many of what stands on a field were given: on a day (yyyymmdd), and in all (0).
CREATE TABLE game_stock (
    program uuid NOT NULL,
    game    text NOT NULL,
    field   text NOT NULL,
    day     integer NOT NULL,
    given   bigint NOT NULL CHECK (given >= 0),
    PRIMARY KEY (program, game, field, day),
    FOREIGN KEY (program, game) REFERENCES game
) WITH (fillfactor = 70);

-- How often somebody played for nothing in a period (its first day as yyyymmdd, 0: ever).
CREATE TABLE game_use (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    member  uuid NOT NULL,
    game    text NOT NULL,
    period  integer NOT NULL,
    used    bigint NOT NULL CHECK (used >= 0),
    PRIMARY KEY (program, home, member, game, period)
) WITH (fillfactor = 70);

-- The purchase that a play was good for: once.
CREATE TABLE game_credit (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    game     text NOT NULL,
    purchase uuid NOT NULL,
    play     uuid NOT NULL,
    PRIMARY KEY (program, home, game, purchase)
);

-- A play. Names the member by id, and nothing else of her.
CREATE TABLE play (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    id        uuid NOT NULL,
    member    uuid NOT NULL,
    pool      uuid NOT NULL,              -- whose points paid for it
    game      text NOT NULL,
    revision  integer NOT NULL,
    seed      integer NOT NULL,
    number    integer NOT NULL CHECK (number > 0),
    roll      bigint NOT NULL CHECK (roll >= 0),
    landed    text NOT NULL,              -- the field that it landed on
    given     text NOT NULL,              -- the field whose prize was given
    paid      text NOT NULL CHECK (paid IN ('free', 'credit', 'points')),
    currency  text,
    points    bigint NOT NULL DEFAULT 0 CHECK (points >= 0),
    played_at timestamptz NOT NULL,
    played_by text NOT NULL,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, game, revision) REFERENCES game_revision
);
CREATE INDEX play_of_member ON play (member, id);
CREATE INDEX play_of_seed ON play (game, seed, number);

-- lotteries ---------------------------------------------------------------------------------------------------

CREATE TABLE lottery (
    program    uuid NOT NULL REFERENCES program,
    code       text NOT NULL,
    revision   integer NOT NULL CHECK (revision > 0),
    tickets    bigint NOT NULL DEFAULT 0 CHECK (tickets >= 0),  -- the last number that was given
    nonce      bytea NOT NULL,
    commitment bytea NOT NULL,            -- SHA-256 of the seed, published with the lottery
    collected  timestamptz,               -- purchases recorded before have brought their tickets
    drawn_at   timestamptz,               -- from here on there is a drawing, and no ticket any more
    stopped_at timestamptz,               -- called off: its tickets were void
    created_at timestamptz NOT NULL,
    PRIMARY KEY (program, code)
) WITH (fillfactor = 70);

CREATE TABLE lottery_revision (
    program      uuid NOT NULL,
    lottery      text NOT NULL,
    revision     integer NOT NULL CHECK (revision > 0),
    document     jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    published_by text NOT NULL,
    PRIMARY KEY (program, lottery, revision),
    FOREIGN KEY (program, lottery) REFERENCES lottery
);

-- A ticket. In the public list there is its number only.
CREATE TABLE ticket (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    id       uuid NOT NULL,
    member   uuid NOT NULL,
    pool     uuid NOT NULL,
    lottery  text NOT NULL,
    number   bigint NOT NULL CHECK (number > 0),
    source   text NOT NULL CHECK (source IN ('points', 'purchase', 'given')),
    purchase uuid,
    currency text,
    points   bigint NOT NULL DEFAULT 0 CHECK (points >= 0),
    posting  uuid,                        -- in the books, where it was bought for points
    given_at timestamptz NOT NULL,
    given_by text NOT NULL,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, lottery) REFERENCES lottery
);
CREATE INDEX ticket_of_member ON ticket (member, lottery, id);
CREATE INDEX ticket_of_lottery ON ticket (lottery, number);

-- That a ticket counts no more: once.
CREATE TABLE ticket_void (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    ticket    uuid NOT NULL,
    posting   uuid,                       -- by which its points came back
    reason    text NOT NULL,
    voided_at timestamptz NOT NULL,
    voided_by text NOT NULL,
    PRIMARY KEY (program, home, ticket),
    FOREIGN KEY (program, home, ticket) REFERENCES ticket
);

-- What a purchase brought in a lottery: once.
CREATE TABLE ticket_purchase (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    lottery  text NOT NULL,
    purchase uuid NOT NULL,
    tickets  integer NOT NULL CHECK (tickets >= 0),
    PRIMARY KEY (program, home, lottery, purchase)
);

-- How many tickets a member has of a lottery.
CREATE TABLE ticket_count (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    member  uuid NOT NULL,
    lottery text NOT NULL,
    tickets bigint NOT NULL CHECK (tickets >= 0),
    PRIMARY KEY (program, home, member, lottery)
) WITH (fillfactor = 70);

-- What somebody says the public number is that a draw waits for; two people have to say the same.
CREATE TABLE lottery_beacon (
    program uuid NOT NULL,
    lottery text NOT NULL,
    said_by text NOT NULL,
    beacon  text NOT NULL,
    said_at timestamptz NOT NULL,
    PRIMARY KEY (program, lottery, said_by),
    FOREIGN KEY (program, lottery) REFERENCES lottery
);

-- The draw: once. With it anybody computes the winners again.
CREATE TABLE lottery_drawing (
    program  uuid NOT NULL,
    lottery  text NOT NULL,
    revision integer NOT NULL,
    seed     bytea NOT NULL,
    beacon   text NOT NULL,
    tickets  bigint NOT NULL CHECK (tickets >= 0),
    numbers  jsonb NOT NULL,              -- of the tickets that took part, in rising order
    digest   text NOT NULL,               -- SHA-256 of the list
    drawn_at timestamptz NOT NULL,
    drawn_by text NOT NULL,
    PRIMARY KEY (program, lottery),
    FOREIGN KEY (program, lottery, revision) REFERENCES lottery_revision
);

CREATE TABLE lottery_winner (
    program uuid NOT NULL,
    lottery text NOT NULL,
    place   integer NOT NULL CHECK (place > 0),
    number  bigint NOT NULL,
    rank    integer NOT NULL CHECK (rank >= 0),    -- which of the document's prizes
    ticket  uuid NOT NULL,
    member  uuid NOT NULL,
    PRIMARY KEY (program, lottery, place),
    FOREIGN KEY (program, lottery) REFERENCES lottery_drawing
);
CREATE INDEX lottery_winner_of_member ON lottery_winner (member);

-- What a winner was given: once.
CREATE TABLE lottery_given (
    program  uuid NOT NULL,
    lottery  text NOT NULL,
    place    integer NOT NULL,
    given_at timestamptz NOT NULL,
    PRIMARY KEY (program, lottery, place),
    FOREIGN KEY (program, lottery, place) REFERENCES lottery_winner
);

-- quizzes and surveys -----------------------------------------------------------------------------------------

CREATE TABLE survey (
    program    uuid NOT NULL REFERENCES program,
    code       text NOT NULL,
    revision   integer NOT NULL CHECK (revision > 0),
    stopped_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (program, code)
);

CREATE TABLE survey_revision (
    program      uuid NOT NULL,
    survey       text NOT NULL,
    revision     integer NOT NULL CHECK (revision > 0),
    document     jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    published_by text NOT NULL,
    PRIMARY KEY (program, survey, revision),
    FOREIGN KEY (program, survey) REFERENCES survey
);

-- That a member took part, and what she got for it: once for each occasion (empty: once for ever).
CREATE TABLE survey_part (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    member   uuid NOT NULL,
    survey   text NOT NULL,
    occasion text NOT NULL DEFAULT '',
    revision integer NOT NULL,
    score    integer,                     -- right answers of a quiz
    id       uuid NOT NULL,               -- for what a prize was given
    at       timestamptz NOT NULL,
    PRIMARY KEY (program, home, member, survey, occasion),
    FOREIGN KEY (program, survey, revision) REFERENCES survey_revision
);

-- What was answered. An anonymous answer names no member, and its day only; an erasure takes the name and the texts.
CREATE TABLE survey_reply (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    id       uuid NOT NULL,
    survey   text NOT NULL,
    revision integer NOT NULL,
    member   uuid,
    choices  jsonb NOT NULL,              -- question → what was chosen, as a list
    texts    jsonb NOT NULL,              -- question → what was written
    day      date NOT NULL,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, survey, revision) REFERENCES survey_revision
);
CREATE INDEX survey_reply_of_survey ON survey_reply (survey, id);
CREATE INDEX survey_reply_of_member ON survey_reply (member) WHERE member IS NOT NULL;

-- who may do what ---------------------------------------------------------------------------------------------

GRANT SELECT, INSERT, UPDATE ON game, game_seed, game_stock, game_use, lottery, ticket_count, lottery_beacon, survey,
    survey_reply TO regulars_app;
GRANT SELECT, INSERT ON game_revision, game_credit, play, lottery_revision, ticket, ticket_void, ticket_purchase,
    lottery_drawing, lottery_winner, lottery_given, survey_revision, survey_part TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['game', 'game_revision', 'game_seed', 'game_stock', 'game_use', 'game_credit', 'play',
        'lottery', 'lottery_revision', 'ticket', 'ticket_void', 'ticket_purchase', 'ticket_count', 'lottery_beacon',
        'lottery_drawing', 'lottery_winner', 'lottery_given', 'survey', 'survey_revision', 'survey_part',
        'survey_reply']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
