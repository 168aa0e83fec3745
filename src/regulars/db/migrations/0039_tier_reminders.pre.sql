-- Members are reminded of what still has to be reached before their tier ends: once for each end.

ALTER TABLE member_mark ADD COLUMN reminded_of timestamptz;  -- the end of the tier that she was reminded of
