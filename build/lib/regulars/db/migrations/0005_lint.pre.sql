-- Who publishes a promotion that the linter warns of says which warnings she accepts.

ALTER TABLE promotion_event ADD COLUMN accepted text[] NOT NULL DEFAULT '{}';
