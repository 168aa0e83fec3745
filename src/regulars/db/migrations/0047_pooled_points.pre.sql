-- Points that a member brings into a shared account are passed on too: limits count them, and there they cool off.
ALTER TABLE passing DROP CONSTRAINT passing_kind_check;
ALTER TABLE passing ADD CONSTRAINT passing_kind_check CHECK (kind IN ('transfer', 'donation', 'exchange', 'sharing'));
ALTER TABLE passing ADD CONSTRAINT passing_sharing_check CHECK (kind <> 'sharing' OR into_pool IS NOT NULL);
