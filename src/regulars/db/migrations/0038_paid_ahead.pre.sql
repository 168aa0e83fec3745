-- Tiers that paid memberships give, what goes on in another account of what was paid ahead, and files of activity.

ALTER TABLE tier_change DROP CONSTRAINT tier_change_reason_check;
ALTER TABLE tier_change ADD CONSTRAINT tier_change_reason_check CHECK (reason IN ('earned', 'kept', 'lowered',
    'restored', 'undone', 'given', 'taken', 'membership', 'membership_over'));

ALTER TABLE data_import DROP CONSTRAINT data_import_kind_check;
ALTER TABLE data_import ADD CONSTRAINT data_import_kind_check CHECK (kind IN ('members', 'cards', 'balances',
    'products', 'stores', 'purchases', 'activities'));

-- Where a lot goes on: few lots have come from another one.
CREATE INDEX lot_of_origin ON lot (origin) WHERE origin IS NOT NULL;
