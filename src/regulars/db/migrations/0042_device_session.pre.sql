-- A phone that makes codes knows the log-in that certified it, and ends with it. Those of before have none.
ALTER TABLE device ADD COLUMN session uuid;
