-- Drafts that were there before 0019 are version 1: its statement found none of them under row-level security, and a
-- draft of no version cannot be reviewed.
ALTER TABLE promotion NO FORCE ROW LEVEL SECURITY;  -- the owner fills in the rows of every program
UPDATE promotion SET draft_version = 1 WHERE draft IS NOT NULL AND draft_version = 0;
ALTER TABLE promotion FORCE ROW LEVEL SECURITY;
