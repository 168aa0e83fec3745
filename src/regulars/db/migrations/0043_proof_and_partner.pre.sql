-- What proves the mailbox that confirmed a consent, and which partner brought a member.

-- A keyed hash, other for every consent: it proves an address and finds nobody. NULL: confirmed before this was kept, or
-- by a phone.
ALTER TABLE consent_confirmation ADD COLUMN address bytea CHECK (length(address) = 32);

-- Whose key enrolled her. NULL: the operator's, or before this was kept.
ALTER TABLE member ADD COLUMN partner uuid;
