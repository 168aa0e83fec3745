-- A plan is answered, its program is made, it stands. Who finds it open freezes it, so that a second tab makes nothing.
DELETE FROM program_plan WHERE content -> 'done' ? 'ready';  -- its program is there: only its last page is lost
ALTER TABLE program_plan
    ADD COLUMN state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'founding', 'founded')),
    ADD COLUMN made jsonb,  -- what the last page shows: ids alone
    ADD CHECK ((state = 'founded') = (made IS NOT NULL));
