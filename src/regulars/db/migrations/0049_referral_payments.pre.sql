-- By what it is noticed that a friend's purchase was paid by whoever brought her.

-- What a purchase was paid with: a keyed hash of what the terminal calls the payment card, while a referral may turn on it.
CREATE TABLE referral_payment (
    program  uuid NOT NULL,
    home     smallint NOT NULL,
    purchase uuid NOT NULL,
    digest   bytea NOT NULL CHECK (length(digest) = 32),
    member   uuid,                  -- whose purchase it is; NULL: nobody's, and it may still be claimed
    paid_at  timestamptz NOT NULL,
    PRIMARY KEY (program, home, purchase, digest),
    FOREIGN KEY (program, home, purchase) REFERENCES purchase
);
CREATE INDEX referral_payment_by ON referral_payment (member, digest) WHERE member IS NOT NULL;
CREATE INDEX referral_payment_old ON referral_payment (paid_at);
CREATE INDEX referral_payment_unclaimed ON referral_payment (paid_at) WHERE member IS NULL;

GRANT SELECT, INSERT, DELETE, UPDATE (member) ON referral_payment TO regulars_app;
ALTER TABLE referral_payment ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_payment FORCE ROW LEVEL SECURITY;
CREATE POLICY one_program ON referral_payment USING
    (program = nullif(current_setting('regulars.program', true), '')::uuid);

ALTER TABLE referral_step DROP CONSTRAINT referral_step_withheld_check;
ALTER TABLE referral_step ADD CONSTRAINT referral_step_withheld_check
    CHECK (withheld IN ('cap', 'budget', 'gone', 'same_account', 'same_instrument'));
