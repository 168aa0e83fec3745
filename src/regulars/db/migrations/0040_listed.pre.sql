-- Certificates of erasures are listed, the newest first; and who was invited into an account and has not come yet.
CREATE INDEX erasure_latest ON erasure (erased_at, member);
CREATE INDEX invitation_of_account ON invitation (account, expires_at);

-- A wallet's key may be given a new text: the one of before is known to be the same wallet's until it ends.
ALTER TABLE aggregator ADD COLUMN key_before uuid;

-- How many members allow a wallet to show their cards.
CREATE INDEX wallet_grant_of_aggregator ON wallet_grant (aggregator) WHERE revoked_at IS NULL;
