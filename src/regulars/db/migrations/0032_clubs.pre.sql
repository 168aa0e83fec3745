-- Clubs that members join, leave and are invited to; and events with seats ("occasion": an event is what happened).

-- clubs -------------------------------------------------------------------------------------------------------

-- Who is in a club stands in member_mark, where promotions read it. This row is locked where places are limited.
CREATE TABLE club (
    program    uuid NOT NULL REFERENCES program,
    code       text NOT NULL CHECK (length(code) BETWEEN 1 AND 63),
    revision   integer NOT NULL CHECK (revision > 0),   -- the one that counts
    created_at timestamptz NOT NULL,
    PRIMARY KEY (program, code)
);

CREATE TABLE club_revision (
    program    uuid NOT NULL,
    club       text NOT NULL,
    revision   integer NOT NULL CHECK (revision > 0),
    document   jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (program, club, revision),
    FOREIGN KEY (program, club) REFERENCES club
);

-- A code that lets so many in.
CREATE TABLE club_link (
    program    uuid NOT NULL,
    code       text NOT NULL CHECK (length(code) BETWEEN 8 AND 32),
    club       text NOT NULL,
    uses       integer NOT NULL CHECK (uses > 0),
    used       integer NOT NULL CHECK (used BETWEEN 0 AND uses),
    until      timestamptz,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (program, code),
    FOREIGN KEY (program, club) REFERENCES club
);
CREATE INDEX club_link_of_club ON club_link (club, created_at);

CREATE TABLE club_invitation (
    program     uuid NOT NULL,
    home        smallint NOT NULL,
    member      uuid NOT NULL,
    club        text NOT NULL,
    invited_at  timestamptz NOT NULL,
    invited_by  text NOT NULL,
    answer      text CHECK (answer IN ('accepted', 'declined', 'withdrawn')),
    answered_at timestamptz CHECK ((answer IS NULL) = (answered_at IS NULL)),
    PRIMARY KEY (program, home, member, club),
    FOREIGN KEY (program, home, member) REFERENCES member
);
CREATE INDEX club_invitation_open ON club_invitation (club, member) WHERE answer IS NULL;

-- How somebody came into a club with the mark of that instant; a mark without it was given by hand.
CREATE TABLE club_stay (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    member  uuid NOT NULL,
    club    text NOT NULL,
    since   timestamptz NOT NULL,
    way     text NOT NULL CHECK (way IN ('open', 'invitation', 'link', 'rule', 'by_hand')),
    by      text NOT NULL,
    PRIMARY KEY (program, home, member, club, since),
    FOREIGN KEY (program, home, member) REFERENCES member
);

CREATE INDEX member_mark_of_club ON member_mark (name, member) WHERE kind = 'club';

-- events with seats -------------------------------------------------------------------------------------------

-- Locked by whoever changes anything about its seats: so nobody waits while a seat is free that would fit her.
CREATE TABLE occasion (
    program       uuid NOT NULL REFERENCES program,
    code          text NOT NULL CHECK (length(code) BETWEEN 1 AND 63),
    revision      integer NOT NULL CHECK (revision > 0),
    seats         integer NOT NULL CHECK (seats > 0),
    taken         integer NOT NULL CHECK (taken >= 0),      -- booked, offered or attended
    queued        integer NOT NULL CHECK (queued >= 0),     -- the last number of the waiting list
    called_off_at timestamptz,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (program, code),
    CHECK (taken <= seats)
) WITH (fillfactor = 70);

CREATE TABLE occasion_revision (
    program    uuid NOT NULL,
    occasion   text NOT NULL,
    revision   integer NOT NULL CHECK (revision > 0),
    document   jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    PRIMARY KEY (program, occasion, revision),
    FOREIGN KEY (program, occasion) REFERENCES occasion
);

-- That a member asked for seats, and what they cost her by the revision of then. Names her by id, and nothing else.
CREATE TABLE booking (
    program   uuid NOT NULL,
    home      smallint NOT NULL,
    id        uuid NOT NULL,
    occasion  text NOT NULL,
    member    uuid NOT NULL,
    pool      uuid NOT NULL,
    seats     integer NOT NULL CHECK (seats > 0),
    currency  text,
    points    bigint NOT NULL CHECK (points >= 0),
    booked_at timestamptz NOT NULL,
    booked_by text NOT NULL,
    PRIMARY KEY (program, home, id),
    FOREIGN KEY (program, home, member) REFERENCES member,
    FOREIGN KEY (program, occasion) REFERENCES occasion,
    CHECK ((points > 0) = (currency IS NOT NULL))
);
CREATE INDEX booking_of_member ON booking (member, id);

-- Each step of a booking. Its key lets a state have one successor only.
CREATE TABLE booking_step (
    program uuid NOT NULL,
    home    smallint NOT NULL,
    booking uuid NOT NULL,
    n       smallint NOT NULL CHECK (n >= 0),
    state   text NOT NULL CHECK (state IN ('waiting', 'offered', 'booked', 'attended', 'cancelled', 'lapsed')),
    pool    uuid,               -- whose books the step moved points in
    posting uuid,
    at      timestamptz NOT NULL,
    by      text NOT NULL,
    reason  text NOT NULL DEFAULT '',
    PRIMARY KEY (program, home, booking, n),
    FOREIGN KEY (program, home, booking) REFERENCES booking
);

-- The state that holds, for finding who is next, what is due, and who has a seat; a cache of booking_step.
CREATE TABLE booking_now (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    booking  uuid NOT NULL,
    occasion text NOT NULL,
    member   uuid NOT NULL,
    seats    integer NOT NULL,
    n        smallint NOT NULL,
    state    text NOT NULL,
    place    integer,           -- its number on the waiting list
    due_at   timestamptz,       -- when an offered seat goes to the next, or what was called off is given back
    PRIMARY KEY (program, home, booking),
    FOREIGN KEY (program, home, booking) REFERENCES booking
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX booking_once ON booking_now (program, home, member, occasion)
    WHERE state IN ('waiting', 'offered', 'booked', 'attended');
CREATE INDEX booking_waiting ON booking_now (occasion, place) WHERE state = 'waiting';
CREATE INDEX booking_due ON booking_now (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX booking_of_occasion ON booking_now (occasion, booking);

-- who may do what ---------------------------------------------------------------------------------------------

GRANT SELECT, INSERT, UPDATE ON club, club_link, occasion, booking_now TO regulars_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON club_invitation TO regulars_app;
GRANT SELECT, INSERT, DELETE ON club_stay TO regulars_app;
GRANT SELECT, INSERT ON club_revision, occasion_revision, booking, booking_step TO regulars_app;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['club', 'club_revision', 'club_link', 'club_invitation', 'club_stay', 'occasion',
        'occasion_revision', 'booking', 'booking_step', 'booking_now']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY one_program ON %I USING '
            '(program = nullif(current_setting(''regulars.program'', true), '''')::uuid)', name);
    END LOOP;
END
$$;
