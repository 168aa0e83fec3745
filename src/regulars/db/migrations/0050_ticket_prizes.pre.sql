-- Tickets of a lottery that came as a prize: a challenge's, a game's, a survey's, a referral's.

ALTER TABLE ticket ADD COLUMN prize uuid;   -- the prize that they came as

ALTER TABLE ticket DROP CONSTRAINT ticket_source_check;
ALTER TABLE ticket ADD CONSTRAINT ticket_source_check CHECK (source IN ('points', 'purchase', 'given', 'prize'));
