CREATE TABLE public.account (
    program uuid NOT NULL,
    home smallint NOT NULL,
    pool uuid NOT NULL,
    currency text NOT NULL,
    balance bigint NOT NULL,
    debt bigint NOT NULL,
    CONSTRAINT account_balance_check CHECK ((balance >= 0)),
    CONSTRAINT account_debt_check CHECK ((debt >= 0))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.account FORCE ROW LEVEL SECURITY;

CREATE TABLE public.account_member (
    program uuid NOT NULL,
    home smallint NOT NULL,
    account uuid NOT NULL,
    member uuid NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    left_at timestamp with time zone
);
ALTER TABLE ONLY public.account_member FORCE ROW LEVEL SECURITY;

CREATE TABLE public.aggregator (
    program uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    api_key uuid NOT NULL,
    calls_a_day integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT aggregator_calls_a_day_check CHECK ((calls_a_day > 0)),
    CONSTRAINT aggregator_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
ALTER TABLE ONLY public.aggregator FORCE ROW LEVEL SECURITY;

CREATE TABLE public.aggregator_day (
    program uuid NOT NULL,
    aggregator uuid NOT NULL,
    day date NOT NULL,
    calls integer NOT NULL,
    CONSTRAINT aggregator_day_calls_check CHECK ((calls >= 0))
)
WITH (fillfactor='50');
ALTER TABLE ONLY public.aggregator_day FORCE ROW LEVEL SECURITY;

CREATE TABLE public.api_key (
    id uuid NOT NULL,
    digest bytea NOT NULL,
    program uuid,
    name text NOT NULL,
    scopes text[] NOT NULL,
    partner uuid,
    store uuid,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT api_key_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT api_key_scopes_check CHECK ((cardinality(scopes) > 0))
);

CREATE TABLE public.attempt_count (
    program uuid NOT NULL,
    home smallint NOT NULL,
    kind text NOT NULL,
    subject bytea NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    count integer NOT NULL,
    CONSTRAINT attempt_count_subject_check CHECK ((length(subject) = 32))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.attempt_count FORCE ROW LEVEL SECURITY;

CREATE TABLE public.block (
    program uuid NOT NULL,
    height bigint NOT NULL,
    epoch integer NOT NULL,
    xid_from bigint NOT NULL,
    xid_until bigint NOT NULL,
    members integer NOT NULL,
    root bytea NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    CONSTRAINT block_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT block_height_check CHECK ((height > 0)),
    CONSTRAINT block_members_check CHECK ((members >= 0)),
    CONSTRAINT block_previous_check CHECK ((length(previous) = 32)),
    CONSTRAINT block_root_check CHECK ((length(root) = 32))
);
ALTER TABLE ONLY public.block FORCE ROW LEVEL SECURITY;

CREATE TABLE public.block_member (
    program uuid NOT NULL,
    home smallint NOT NULL,
    fact uuid NOT NULL,
    kind text NOT NULL,
    height bigint NOT NULL,
    place integer NOT NULL,
    leaf bytea NOT NULL,
    CONSTRAINT block_member_kind_check CHECK ((kind = ANY (ARRAY['posting'::text, 'purchase'::text, 'confirmation'::text, 'voiding'::text, 'return'::text, 'consent'::text, 'consent_confirmation'::text]))),
    CONSTRAINT block_member_leaf_check CHECK ((length(leaf) = 32))
);
ALTER TABLE ONLY public.block_member FORCE ROW LEVEL SECURITY;

CREATE TABLE public.card (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    number text NOT NULL,
    pool uuid NOT NULL,
    member uuid,
    status text NOT NULL,
    replaced_by uuid,
    issued_at timestamp with time zone NOT NULL,
    batch uuid,
    serial integer,
    CONSTRAINT card_serial_check CHECK ((serial > 0)),
    CONSTRAINT card_status_check CHECK ((status = ANY (ARRAY['issued'::text, 'active'::text, 'blocked'::text, 'replaced'::text, 'closed'::text])))
);
ALTER TABLE ONLY public.card FORCE ROW LEVEL SECURITY;

CREATE TABLE public.card_batch (
    program uuid NOT NULL,
    id uuid NOT NULL,
    wanted integer NOT NULL,
    made integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    job uuid,
    CONSTRAINT card_batch_check CHECK (((made >= 0) AND (made <= wanted))),
    CONSTRAINT card_batch_wanted_check CHECK (((wanted >= 1) AND (wanted <= 1000000)))
);
ALTER TABLE ONLY public.card_batch FORCE ROW LEVEL SECURITY;

CREATE TABLE public.card_copy (
    program uuid NOT NULL,
    home smallint NOT NULL,
    card uuid NOT NULL,
    copy integer NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by text NOT NULL,
    CONSTRAINT card_copy_copy_check CHECK ((copy > 0))
);
ALTER TABLE ONLY public.card_copy FORCE ROW LEVEL SECURITY;

CREATE TABLE public.card_number (
    program uuid NOT NULL,
    number text NOT NULL,
    home smallint NOT NULL,
    card uuid NOT NULL,
    CONSTRAINT card_number_number_check CHECK ((number ~ '^[0-9]{8,19}$'::text))
);
ALTER TABLE ONLY public.card_number FORCE ROW LEVEL SECURITY;

CREATE TABLE public.challenge (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    purpose text NOT NULL,
    channel text NOT NULL,
    member uuid,
    contact bytea,
    digest bytea NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    used_by bytea,
    CONSTRAINT challenge_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'passkey'::text]))),
    CONSTRAINT challenge_contact_check CHECK ((length(contact) = 32)),
    CONSTRAINT challenge_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT challenge_purpose_check CHECK ((purpose = ANY (ARRAY['spend'::text, 'log_in'::text, 'confirm'::text, 'passkey_log_in'::text, 'passkey_add'::text]))),
    CONSTRAINT challenge_used_by_check CHECK ((length(used_by) = 32))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.challenge FORCE ROW LEVEL SECURITY;

CREATE TABLE public.claim (
    program uuid NOT NULL,
    home smallint NOT NULL,
    purchase uuid NOT NULL,
    promotion uuid NOT NULL,
    rule text NOT NULL,
    kind text NOT NULL,
    act uuid NOT NULL,
    holder uuid NOT NULL,
    period integer NOT NULL,
    amount bigint NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    CONSTRAINT claim_amount_check CHECK ((amount <> 0)),
    CONSTRAINT claim_kind_check CHECK ((kind = ANY (ARRAY['claim'::text, 'renewal'::text, 'confirmation'::text, 'return'::text, 'release'::text, 'void'::text, 'cancellation'::text])))
);
ALTER TABLE ONLY public.claim FORCE ROW LEVEL SECURITY;

CREATE TABLE public.code (
    program uuid NOT NULL,
    id uuid NOT NULL,
    home smallint NOT NULL,
    batch uuid NOT NULL,
    serial integer,
    purchase uuid
);
ALTER TABLE ONLY public.code FORCE ROW LEVEL SECURITY;

CREATE TABLE public.code_batch (
    program uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    pattern text NOT NULL,
    wanted integer NOT NULL,
    uses bigint NOT NULL,
    member_uses bigint,
    valid_from timestamp with time zone,
    valid_until timestamp with time zone,
    stopped_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    job uuid,
    CONSTRAINT code_batch_check CHECK ((valid_until > valid_from)),
    CONSTRAINT code_batch_member_uses_check CHECK ((member_uses > 0)),
    CONSTRAINT code_batch_name_check CHECK (((length(name) >= 1) AND (length(name) <= 64))),
    CONSTRAINT code_batch_pattern_check CHECK (((length(pattern) >= 1) AND (length(pattern) <= 40))),
    CONSTRAINT code_batch_uses_check CHECK ((uses > 0)),
    CONSTRAINT code_batch_wanted_check CHECK ((wanted >= 0))
);
ALTER TABLE ONLY public.code_batch FORCE ROW LEVEL SECURITY;

CREATE TABLE public.confirmation (
    program uuid NOT NULL,
    home smallint NOT NULL,
    purchase uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    gross bigint NOT NULL,
    discount bigint NOT NULL,
    paid_with_points bigint NOT NULL,
    payable bigint NOT NULL,
    turnover bigint NOT NULL,
    earned bigint NOT NULL,
    spent bigint NOT NULL,
    document bytea NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL
);
ALTER TABLE ONLY public.confirmation ALTER COLUMN document SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.confirmation FORCE ROW LEVEL SECURITY;

CREATE TABLE public.consent (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    id uuid NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    granted boolean NOT NULL,
    source text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    given_at timestamp with time zone,
    wording text,
    wording_version integer,
    wording_language text,
    wording_hash bytea,
    recorded_by text DEFAULT ''::text NOT NULL,
    evidence text DEFAULT ''::text NOT NULL,
    to_confirm boolean DEFAULT false NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT consent_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'phone'::text, 'post'::text, 'push'::text]))),
    CONSTRAINT consent_wording_hash_check CHECK ((length(wording_hash) = 32)),
    CONSTRAINT consent_wording_whole CHECK ((((wording IS NULL) = (wording_version IS NULL)) AND ((wording IS NULL) = (wording_language IS NULL)) AND ((wording IS NULL) = (wording_hash IS NULL))))
);
ALTER TABLE ONLY public.consent FORCE ROW LEVEL SECURITY;

CREATE TABLE public.consent_confirmation (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    consent uuid NOT NULL,
    confirmed_at timestamp with time zone NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL
);
ALTER TABLE ONLY public.consent_confirmation FORCE ROW LEVEL SECURITY;

CREATE TABLE public.consent_wording (
    program uuid NOT NULL,
    code text NOT NULL,
    version integer NOT NULL,
    purpose text NOT NULL,
    channels text[] NOT NULL,
    texts jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    CONSTRAINT consent_wording_code_check CHECK ((code ~ '^[a-z0-9][a-z0-9._-]{0,62}$'::text)),
    CONSTRAINT consent_wording_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.consent_wording FORCE ROW LEVEL SECURITY;

CREATE TABLE public.counted_purchase (
    program uuid NOT NULL,
    home smallint NOT NULL,
    pool uuid NOT NULL,
    purchase uuid NOT NULL,
    bought_at smallint NOT NULL,
    purchased_at timestamp with time zone NOT NULL,
    turnover bigint NOT NULL,
    merge uuid
);
ALTER TABLE ONLY public.counted_purchase FORCE ROW LEVEL SECURITY;

CREATE TABLE public.currency (
    program uuid NOT NULL,
    code text NOT NULL,
    kind text NOT NULL,
    scale smallint NOT NULL,
    names jsonb DEFAULT '{}'::jsonb NOT NULL,
    worth_numerator bigint NOT NULL,
    worth_denominator bigint NOT NULL,
    active_after_days integer DEFAULT 0 NOT NULL,
    expires_after_days integer,
    expires_after_months integer,
    CONSTRAINT currency_active_after_days_check CHECK (((active_after_days >= 0) AND (active_after_days <= 3660))),
    CONSTRAINT currency_check CHECK (((expires_after_days IS NULL) OR (expires_after_months IS NULL))),
    CONSTRAINT currency_code_check CHECK ((code ~ '^[A-Z][A-Z0-9_]{1,15}$'::text)),
    CONSTRAINT currency_expires_after_days_check CHECK (((expires_after_days >= 1) AND (expires_after_days <= 36600))),
    CONSTRAINT currency_expires_after_months_check CHECK (((expires_after_months >= 1) AND (expires_after_months <= 1200))),
    CONSTRAINT currency_kind_check CHECK ((kind = ANY (ARRAY['points'::text, 'money'::text, 'qualifying'::text]))),
    CONSTRAINT currency_scale_check CHECK (((scale >= 0) AND (scale <= 4))),
    CONSTRAINT currency_worth_denominator_check CHECK ((worth_denominator > 0)),
    CONSTRAINT currency_worth_numerator_check CHECK ((worth_numerator >= 0))
);
ALTER TABLE ONLY public.currency FORCE ROW LEVEL SECURITY;

CREATE TABLE public.device (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    member uuid NOT NULL,
    card text NOT NULL,
    public_key bytea NOT NULL,
    label text NOT NULL,
    certified_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT device_label_check CHECK ((length(label) <= 80)),
    CONSTRAINT device_public_key_check CHECK ((length(public_key) = 33))
);
ALTER TABLE ONLY public.device FORCE ROW LEVEL SECURITY;

CREATE TABLE public.draw (
    program uuid NOT NULL,
    home smallint NOT NULL,
    posting uuid NOT NULL,
    n smallint NOT NULL,
    lot uuid NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT draw_amount_check CHECK ((amount <> 0))
);
ALTER TABLE ONLY public.draw FORCE ROW LEVEL SECURITY;

CREATE TABLE public.dynamic_code_use (
    program uuid NOT NULL,
    home smallint NOT NULL,
    device uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    used_by bytea NOT NULL,
    CONSTRAINT dynamic_code_use_used_by_check CHECK ((length(used_by) = 32))
);
ALTER TABLE ONLY public.dynamic_code_use FORCE ROW LEVEL SECURITY;

CREATE TABLE public.entry (
    program uuid NOT NULL,
    home smallint NOT NULL,
    posting uuid NOT NULL,
    n smallint NOT NULL,
    pool uuid NOT NULL,
    currency text NOT NULL,
    source text NOT NULL,
    target text NOT NULL,
    amount bigint NOT NULL,
    partner uuid,
    CONSTRAINT entry_amount_check CHECK ((amount > 0)),
    CONSTRAINT entry_check CHECK ((source <> target)),
    CONSTRAINT entry_source_check CHECK ((source = ANY (ARRAY['points'::text, 'debt'::text, 'issued'::text, 'redeemed'::text, 'expired'::text, 'transfer'::text, 'adjusted'::text, 'written_off'::text]))),
    CONSTRAINT entry_target_check CHECK ((target = ANY (ARRAY['points'::text, 'debt'::text, 'issued'::text, 'redeemed'::text, 'expired'::text, 'transfer'::text, 'adjusted'::text, 'written_off'::text])))
);
ALTER TABLE ONLY public.entry FORCE ROW LEVEL SECURITY;

CREATE TABLE public.erasure (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    erased_at timestamp with time zone NOT NULL,
    certificate bytea NOT NULL,
    signature bytea NOT NULL,
    CONSTRAINT erasure_signature_check CHECK ((length(signature) = 64))
);
ALTER TABLE ONLY public.erasure FORCE ROW LEVEL SECURITY;

CREATE TABLE public.erasure_proposal (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    country text NOT NULL,
    months integer NOT NULL,
    last_seen timestamp with time zone NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    status text NOT NULL,
    decided_at timestamp with time zone,
    decided_by uuid,
    CONSTRAINT erasure_proposal_check CHECK (((decided_at IS NULL) = (status = 'open'::text))),
    CONSTRAINT erasure_proposal_country_check CHECK (((length(country) >= 1) AND (length(country) <= 2))),
    CONSTRAINT erasure_proposal_months_check CHECK ((months > 0)),
    CONSTRAINT erasure_proposal_status_check CHECK ((status = ANY (ARRAY['open'::text, 'accepted'::text, 'declined'::text])))
);
ALTER TABLE ONLY public.erasure_proposal FORCE ROW LEVEL SECURITY;

CREATE TABLE public.exchange_rate (
    program uuid NOT NULL,
    currency text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    numerator bigint NOT NULL,
    denominator bigint NOT NULL,
    CONSTRAINT exchange_rate_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT exchange_rate_denominator_check CHECK ((denominator > 0)),
    CONSTRAINT exchange_rate_numerator_check CHECK ((numerator > 0))
);
ALTER TABLE ONLY public.exchange_rate FORCE ROW LEVEL SECURITY;

CREATE TABLE public.foreign_card (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    id uuid NOT NULL,
    generation integer NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed bytea NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT foreign_card_generation_check CHECK ((generation > 0)),
    CONSTRAINT foreign_card_sealed_check CHECK (((length(sealed) >= 28) AND (length(sealed) <= 4000))),
    CONSTRAINT foreign_card_wrapped_key_check CHECK ((length(wrapped_key) = 60))
);
ALTER TABLE ONLY public.foreign_card FORCE ROW LEVEL SECURITY;

CREATE TABLE public.goods_return (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    purchase uuid NOT NULL,
    store uuid NOT NULL,
    request text NOT NULL,
    returned_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    gross_back bigint NOT NULL,
    money_back bigint NOT NULL,
    discount_back bigint NOT NULL,
    turnover_back bigint NOT NULL,
    points_back bigint NOT NULL,
    points_taken bigint NOT NULL,
    document bytea NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    pool uuid NOT NULL,
    purchased_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.goods_return ALTER COLUMN document SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.goods_return FORCE ROW LEVEL SECURITY;

CREATE TABLE public.handover (
    program uuid NOT NULL,
    id uuid NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    members integer NOT NULL,
    digest bytea NOT NULL,
    given_at timestamp with time zone NOT NULL,
    given_to text NOT NULL,
    CONSTRAINT handover_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT handover_members_check CHECK ((members >= 0))
);
ALTER TABLE ONLY public.handover FORCE ROW LEVEL SECURITY;

CREATE TABLE public.held_claim (
    program uuid NOT NULL,
    home smallint NOT NULL,
    purchase uuid NOT NULL,
    lapses_at timestamp with time zone NOT NULL,
    open boolean DEFAULT true NOT NULL
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.held_claim FORCE ROW LEVEL SECURITY;

CREATE TABLE public.hold (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    pool uuid NOT NULL,
    purchase uuid,
    made_at timestamp with time zone NOT NULL,
    lapses_at timestamp with time zone NOT NULL,
    open boolean DEFAULT true NOT NULL,
    CONSTRAINT hold_check CHECK ((lapses_at > made_at))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.hold FORCE ROW LEVEL SECURITY;

CREATE TABLE public.identifier (
    program uuid NOT NULL,
    kind text NOT NULL,
    digest bytea NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    CONSTRAINT identifier_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT identifier_kind_check CHECK ((kind = ANY (ARRAY['phone'::text, 'email'::text, 'external_id'::text])))
);
ALTER TABLE ONLY public.identifier FORCE ROW LEVEL SECURITY;

CREATE TABLE public.imported_row (
    program uuid NOT NULL,
    digest bytea NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    imported_at timestamp with time zone NOT NULL,
    CONSTRAINT imported_row_digest_check CHECK ((length(digest) = 32))
);
ALTER TABLE ONLY public.imported_row FORCE ROW LEVEL SECURITY;

CREATE TABLE public.invitation (
    program uuid NOT NULL,
    digest bytea NOT NULL,
    home smallint NOT NULL,
    account uuid NOT NULL,
    role text NOT NULL,
    spend_limit bigint,
    invited_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    accepted_by uuid,
    CONSTRAINT invitation_check CHECK ((expires_at > invited_at)),
    CONSTRAINT invitation_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT invitation_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'spender'::text, 'earner'::text]))),
    CONSTRAINT invitation_spend_limit_check CHECK ((spend_limit >= 0))
);
ALTER TABLE ONLY public.invitation FORCE ROW LEVEL SECURITY;

CREATE TABLE public.job (
    id uuid NOT NULL,
    program uuid NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    status text NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    total bigint DEFAULT 0 NOT NULL,
    result jsonb,
    errors jsonb DEFAULT '[]'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT job_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text])))
);

CREATE TABLE public.limit_use (
    program uuid NOT NULL,
    home smallint NOT NULL,
    holder uuid NOT NULL,
    period integer NOT NULL,
    promotion uuid NOT NULL,
    rule text NOT NULL,
    slice smallint DEFAULT 0 NOT NULL,
    used bigint NOT NULL,
    granted bigint NOT NULL,
    cap bigint NOT NULL,
    CONSTRAINT limit_use_cap_check CHECK ((cap >= 0)),
    CONSTRAINT limit_use_granted_check CHECK ((granted >= 0)),
    CONSTRAINT limit_use_slice_check CHECK ((slice >= 0))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.limit_use FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lot (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    pool uuid NOT NULL,
    currency text NOT NULL,
    posting uuid NOT NULL,
    n smallint NOT NULL,
    purchase uuid,
    issuer uuid,
    funder uuid,
    promotion uuid,
    revision integer,
    unit_cost_numerator bigint DEFAULT 0 NOT NULL,
    unit_cost_denominator bigint DEFAULT 1 NOT NULL,
    amount bigint NOT NULL,
    drawn bigint DEFAULT 0 NOT NULL,
    reserved bigint DEFAULT 0 NOT NULL,
    earned_at timestamp with time zone NOT NULL,
    active_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    origin uuid,
    open boolean GENERATED ALWAYS AS ((drawn < amount)) STORED,
    CONSTRAINT lot_amount_check CHECK ((amount > 0)),
    CONSTRAINT lot_check CHECK (((drawn + reserved) <= amount)),
    CONSTRAINT lot_check1 CHECK (((expires_at IS NULL) OR (expires_at > active_at))),
    CONSTRAINT lot_drawn_check CHECK ((drawn >= 0)),
    CONSTRAINT lot_reserved_check CHECK ((reserved >= 0)),
    CONSTRAINT lot_unit_cost_denominator_check CHECK ((unit_cost_denominator > 0))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.lot FORCE ROW LEVEL SECURITY;

CREATE TABLE public.master_key (
    generation integer NOT NULL,
    mark bytea NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT master_key_generation_check CHECK ((generation > 0)),
    CONSTRAINT master_key_mark_check CHECK ((length(mark) = 32))
);

CREATE TABLE public.member (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    pool uuid NOT NULL,
    language text NOT NULL,
    source text NOT NULL,
    store uuid,
    enrolled_at timestamp with time zone NOT NULL,
    erased_at timestamp with time zone,
    merged_into uuid,
    unproved boolean DEFAULT false NOT NULL,
    spending_locked_until timestamp with time zone,
    own_pool uuid,
    role text,
    spend_limit bigint,
    tag text DEFAULT ''::text NOT NULL,
    CONSTRAINT member_check CHECK (((role IS NULL) = (own_pool IS NULL))),
    CONSTRAINT member_check1 CHECK (((spend_limit IS NULL) OR (role IS NOT NULL))),
    CONSTRAINT member_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'spender'::text, 'earner'::text]))),
    CONSTRAINT member_source_check CHECK ((source = ANY (ARRAY['till'::text, 'web'::text, 'app'::text, 'import'::text, 'partner'::text, 'api'::text]))),
    CONSTRAINT member_spend_limit_check CHECK ((spend_limit >= 0)),
    CONSTRAINT member_tag_check CHECK ((length(tag) <= 64))
);
ALTER TABLE ONLY public.member FORCE ROW LEVEL SECURITY;

CREATE TABLE public.member_mark (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    since timestamp with time zone NOT NULL,
    tier text,
    until timestamp with time zone,
    CONSTRAINT member_mark_check CHECK (((kind = 'tier'::text) = (tier IS NOT NULL))),
    CONSTRAINT member_mark_check1 CHECK (((until IS NULL) OR (until >= since))),
    CONSTRAINT member_mark_kind_check CHECK ((kind = ANY (ARRAY['audience'::text, 'club'::text, 'tier'::text]))),
    CONSTRAINT member_mark_name_check CHECK (((length(name) >= 1) AND (length(name) <= 63))),
    CONSTRAINT member_mark_tier_check CHECK (((length(tier) >= 1) AND (length(tier) <= 63)))
);
ALTER TABLE ONLY public.member_mark FORCE ROW LEVEL SECURITY;

CREATE TABLE public.member_merge (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    id uuid NOT NULL,
    duplicate uuid NOT NULL,
    source uuid NOT NULL,
    target uuid NOT NULL,
    merged_at timestamp with time zone NOT NULL,
    moved jsonb NOT NULL,
    undone_at timestamp with time zone
);
ALTER TABLE ONLY public.member_merge FORCE ROW LEVEL SECURITY;

CREATE TABLE public.member_pin (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    salt bytea NOT NULL,
    digest bytea NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT member_pin_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT member_pin_salt_check CHECK ((length(salt) = 16))
);
ALTER TABLE ONLY public.member_pin FORCE ROW LEVEL SECURITY;

CREATE TABLE public.member_session (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    member uuid NOT NULL,
    digest bytea NOT NULL,
    label text NOT NULL,
    method text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT member_session_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT member_session_label_check CHECK ((length(label) <= 80)),
    CONSTRAINT member_session_method_check CHECK ((method = ANY (ARRAY['code'::text, 'passkey'::text])))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.member_session FORCE ROW LEVEL SECURITY;

CREATE TABLE public.member_twin (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT member_twin_digest_check CHECK ((length(digest) = 32))
);
ALTER TABLE ONLY public.member_twin FORCE ROW LEVEL SECURITY;

CREATE TABLE public.message_outgoing (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    channel text NOT NULL,
    purpose text NOT NULL,
    sealed bytea,
    state text NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    due_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT message_outgoing_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'push'::text]))),
    CONSTRAINT message_outgoing_check CHECK (((sealed IS NULL) = (state = ANY (ARRAY['sent'::text, 'failed'::text])))),
    CONSTRAINT message_outgoing_purpose_check CHECK (((length(purpose) >= 1) AND (length(purpose) <= 40))),
    CONSTRAINT message_outgoing_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sending'::text, 'sent'::text, 'failed'::text])))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.message_outgoing FORCE ROW LEVEL SECURITY;

CREATE TABLE public.migration (
    number integer NOT NULL,
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.offer_activation (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    promotion uuid NOT NULL,
    activated_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.offer_activation FORCE ROW LEVEL SECURITY;

CREATE TABLE public.partner (
    program uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    CONSTRAINT partner_code_check CHECK ((code ~ '^[a-z0-9][a-z0-9._-]{0,62}$'::text))
);
ALTER TABLE ONLY public.partner FORCE ROW LEVEL SECURITY;

CREATE TABLE public.passkey (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    member uuid NOT NULL,
    credential bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    label text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    removed_at timestamp with time zone,
    CONSTRAINT passkey_credential_check CHECK (((length(credential) >= 1) AND (length(credential) <= 1023))),
    CONSTRAINT passkey_label_check CHECK ((length(label) <= 80))
);
ALTER TABLE ONLY public.passkey FORCE ROW LEVEL SECURITY;

CREATE TABLE public.person (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    generation integer NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT person_generation_check CHECK ((generation > 0)),
    CONSTRAINT person_sealed_check CHECK ((length(sealed) >= 28)),
    CONSTRAINT person_wrapped_key_check CHECK ((length(wrapped_key) = 60))
);
ALTER TABLE ONLY public.person ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.person FORCE ROW LEVEL SECURITY;

CREATE TABLE public.pool (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    CONSTRAINT pool_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'household'::text, 'company'::text, 'card'::text, 'till'::text])))
);
ALTER TABLE ONLY public.pool FORCE ROW LEVEL SECURITY;

CREATE TABLE public.posting (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    pool uuid NOT NULL,
    kind text NOT NULL,
    purchase uuid,
    related uuid,
    effective_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT posting_kind_check CHECK ((kind = ANY (ARRAY['purchase'::text, 'return'::text, 'void'::text, 'adjustment'::text, 'transfer_out'::text, 'transfer_in'::text, 'expiry'::text, 'debt_payment'::text, 'write_off'::text, 'reversal'::text, 'bonus'::text, 'grace'::text, 'welcome'::text, 'opening'::text])))
);
ALTER TABLE ONLY public.posting FORCE ROW LEVEL SECURITY;

CREATE TABLE public.product (
    program uuid NOT NULL,
    sku text NOT NULL,
    name text NOT NULL,
    names jsonb DEFAULT '{}'::jsonb NOT NULL,
    barcode text,
    categories text[] DEFAULT '{}'::text[] NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    brand text DEFAULT ''::text NOT NULL,
    unit text DEFAULT 'piece'::text NOT NULL,
    price bigint NOT NULL,
    cost bigint,
    tax_rate integer DEFAULT 0 NOT NULL,
    CONSTRAINT product_cost_check CHECK ((cost >= 0)),
    CONSTRAINT product_price_check CHECK ((price >= 0)),
    CONSTRAINT product_sku_check CHECK (((length(sku) >= 1) AND (length(sku) <= 64))),
    CONSTRAINT product_tax_rate_check CHECK (((tax_rate >= 0) AND (tax_rate <= 1000000)))
);
ALTER TABLE ONLY public.product FORCE ROW LEVEL SECURITY;

CREATE TABLE public.product_word (
    program uuid NOT NULL,
    word text NOT NULL,
    sku text NOT NULL
);
ALTER TABLE ONLY public.product_word FORCE ROW LEVEL SECURITY;

CREATE TABLE public.program (
    id uuid NOT NULL,
    name text NOT NULL,
    base_currency text NOT NULL,
    time_zone text NOT NULL,
    languages text[] NOT NULL,
    sandbox boolean NOT NULL,
    clock_at timestamp with time zone,
    settings jsonb NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    slug text DEFAULT replace((gen_random_uuid())::text, '-'::text, ''::text) NOT NULL,
    CONSTRAINT program_base_currency_check CHECK ((base_currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT program_check CHECK (((clock_at IS NULL) OR sandbox)),
    CONSTRAINT program_languages_check CHECK ((cardinality(languages) > 0)),
    CONSTRAINT program_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT program_slug_check CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text))
);

CREATE TABLE public.program_version (
    program uuid NOT NULL,
    version bigint NOT NULL,
    settings jsonb NOT NULL,
    currencies jsonb NOT NULL
);
ALTER TABLE ONLY public.program_version FORCE ROW LEVEL SECURITY;

CREATE TABLE public.promotion (
    program uuid NOT NULL,
    id uuid NOT NULL,
    draft jsonb,
    drafted_at timestamp with time zone,
    drafted_by text DEFAULT ''::text NOT NULL,
    status text NOT NULL,
    revision integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT promotion_check CHECK (((status = 'draft'::text) = (revision = 0))),
    CONSTRAINT promotion_revision_check CHECK ((revision >= 0)),
    CONSTRAINT promotion_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'live'::text, 'stopped'::text])))
);
ALTER TABLE ONLY public.promotion FORCE ROW LEVEL SECURITY;

CREATE TABLE public.promotion_event (
    program uuid NOT NULL,
    promotion uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    revision integer NOT NULL,
    version bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    accepted text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT promotion_event_kind_check CHECK ((kind = ANY (ARRAY['published'::text, 'stopped'::text, 'resumed'::text])))
);
ALTER TABLE ONLY public.promotion_event FORCE ROW LEVEL SECURITY;

CREATE TABLE public.promotion_revision (
    program uuid NOT NULL,
    promotion uuid NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    changes jsonb NOT NULL,
    published_at timestamp with time zone NOT NULL,
    published_by text NOT NULL,
    CONSTRAINT promotion_revision_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.promotion_revision FORCE ROW LEVEL SECURITY;

CREATE TABLE public.purchase (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    pool uuid NOT NULL,
    member uuid,
    card uuid,
    partner uuid NOT NULL,
    store uuid NOT NULL,
    till text NOT NULL,
    cashier text NOT NULL,
    receipt_number text NOT NULL,
    request text NOT NULL,
    held boolean NOT NULL,
    purchased_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    currency text NOT NULL,
    gross bigint NOT NULL,
    discount bigint NOT NULL,
    paid_with_points bigint NOT NULL,
    payable bigint NOT NULL,
    turnover bigint NOT NULL,
    earned bigint NOT NULL,
    spent bigint NOT NULL,
    document bytea NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL
);
ALTER TABLE ONLY public.purchase ALTER COLUMN document SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.purchase FORCE ROW LEVEL SECURITY;

CREATE TABLE public.purchase_claim (
    program uuid NOT NULL,
    home smallint NOT NULL,
    purchase uuid NOT NULL,
    id uuid NOT NULL,
    member uuid NOT NULL,
    pool uuid NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    document bytea NOT NULL
);
ALTER TABLE ONLY public.purchase_claim ALTER COLUMN document SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.purchase_claim FORCE ROW LEVEL SECURITY;

CREATE TABLE public.questionnaire (
    program uuid NOT NULL,
    version integer NOT NULL,
    document jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    CONSTRAINT questionnaire_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.questionnaire FORCE ROW LEVEL SECURITY;

CREATE TABLE public.registration (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    aggregator uuid NOT NULL,
    challenge uuid NOT NULL,
    generation integer,
    wrapped_key bytea,
    sealed bytea,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    CONSTRAINT registration_wrapped_key_check CHECK ((length(wrapped_key) = 60))
);
ALTER TABLE ONLY public.registration FORCE ROW LEVEL SECURITY;

CREATE TABLE public.request_key (
    program uuid NOT NULL,
    partner uuid NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    digest bytea NOT NULL,
    home smallint,
    ref uuid,
    status smallint,
    body bytea,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT request_key_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255))),
    CONSTRAINT request_key_kind_check CHECK ((kind = ANY (ARRAY['purchase'::text, 'return'::text, 'void'::text, 'post'::text])))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.request_key FORCE ROW LEVEL SECURITY;

CREATE TABLE public.reservation (
    program uuid NOT NULL,
    home smallint NOT NULL,
    hold uuid NOT NULL,
    lot uuid NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT reservation_amount_check CHECK ((amount > 0))
);
ALTER TABLE ONLY public.reservation FORCE ROW LEVEL SECURITY;

CREATE TABLE public.resolution (
    program uuid NOT NULL,
    home smallint NOT NULL,
    hold uuid NOT NULL,
    kind text NOT NULL,
    posting uuid,
    resolved_at timestamp with time zone NOT NULL,
    CONSTRAINT resolution_kind_check CHECK ((kind = ANY (ARRAY['capture'::text, 'release'::text, 'lapse'::text])))
);
ALTER TABLE ONLY public.resolution FORCE ROW LEVEL SECURITY;

CREATE TABLE public.session (
    digest bytea NOT NULL,
    api_key uuid NOT NULL,
    state jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT session_digest_check CHECK ((length(digest) = 32))
);

CREATE TABLE public.shared_account (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    registration_number text DEFAULT ''::text NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    CONSTRAINT shared_account_kind_check CHECK ((kind = ANY (ARRAY['household'::text, 'company'::text]))),
    CONSTRAINT shared_account_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT shared_account_registration_number_check CHECK ((length(registration_number) <= 64))
);
ALTER TABLE ONLY public.shared_account FORCE ROW LEVEL SECURITY;

CREATE TABLE public.spending_lock (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    source bytea NOT NULL,
    wrong integer DEFAULT 0 NOT NULL,
    forget_at timestamp with time zone,
    locked_until timestamp with time zone,
    CONSTRAINT spending_lock_source_check CHECK ((length(source) = 32))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.spending_lock FORCE ROW LEVEL SECURITY;

CREATE TABLE public.store (
    program uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    partner uuid NOT NULL,
    time_zone text NOT NULL,
    groups text[] DEFAULT '{}'::text[] NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    latitude integer,
    longitude integer,
    CONSTRAINT store_check CHECK (((latitude IS NULL) = (longitude IS NULL))),
    CONSTRAINT store_code_check CHECK (((length(code) >= 1) AND (length(code) <= 64))),
    CONSTRAINT store_latitude_check CHECK (((latitude >= '-90000000'::integer) AND (latitude <= 90000000))),
    CONSTRAINT store_longitude_check CHECK (((longitude >= '-180000000'::integer) AND (longitude <= 180000000)))
);
ALTER TABLE ONLY public.store FORCE ROW LEVEL SECURITY;

CREATE TABLE public.succession (
    program uuid NOT NULL,
    home smallint NOT NULL,
    pool uuid NOT NULL,
    id uuid NOT NULL,
    target uuid NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);
ALTER TABLE ONLY public.succession FORCE ROW LEVEL SECURITY;

CREATE TABLE public.till (
    program uuid NOT NULL,
    store uuid NOT NULL,
    code text NOT NULL,
    pool uuid NOT NULL,
    CONSTRAINT till_code_check CHECK ((length(code) <= 64))
);
ALTER TABLE ONLY public.till FORCE ROW LEVEL SECURITY;

CREATE TABLE public.voiding (
    program uuid NOT NULL,
    home smallint NOT NULL,
    purchase uuid NOT NULL,
    reason text NOT NULL,
    voided_at timestamp with time zone NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    pool uuid NOT NULL,
    purchased_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.voiding FORCE ROW LEVEL SECURITY;

CREATE TABLE public.wallet_grant (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    member uuid NOT NULL,
    aggregator uuid NOT NULL,
    digest bytea NOT NULL,
    granted_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT wallet_grant_digest_check CHECK ((length(digest) = 32))
);
ALTER TABLE ONLY public.wallet_grant FORCE ROW LEVEL SECURITY;

CREATE TABLE public.welcome (
    program uuid NOT NULL,
    kind text NOT NULL,
    digest bytea NOT NULL,
    home smallint NOT NULL,
    welcomed_at timestamp with time zone NOT NULL,
    CONSTRAINT welcome_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT welcome_kind_check CHECK ((kind = ANY (ARRAY['member'::text, 'phone'::text, 'email'::text])))
);
ALTER TABLE ONLY public.welcome FORCE ROW LEVEL SECURITY;

CREATE TABLE public.wrong_guess (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    id uuid NOT NULL,
    source bytea NOT NULL,
    guessed_at timestamp with time zone NOT NULL,
    CONSTRAINT wrong_guess_source_check CHECK ((length(source) = 32))
);
ALTER TABLE ONLY public.wrong_guess FORCE ROW LEVEL SECURITY;

ALTER TABLE ONLY public.account_member
    ADD CONSTRAINT account_member_pkey PRIMARY KEY (program, home, account, member);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (program, home, pool, currency);

ALTER TABLE ONLY public.aggregator_day
    ADD CONSTRAINT aggregator_day_pkey PRIMARY KEY (program, aggregator, day);

ALTER TABLE ONLY public.aggregator
    ADD CONSTRAINT aggregator_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.aggregator
    ADD CONSTRAINT aggregator_program_api_key_key UNIQUE (program, api_key);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.attempt_count
    ADD CONSTRAINT attempt_count_pkey PRIMARY KEY (program, home, kind, subject);

ALTER TABLE ONLY public.block_member
    ADD CONSTRAINT block_member_pkey PRIMARY KEY (program, home, fact, kind);

ALTER TABLE ONLY public.block
    ADD CONSTRAINT block_pkey PRIMARY KEY (program, height);

ALTER TABLE ONLY public.card_batch
    ADD CONSTRAINT card_batch_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.card_copy
    ADD CONSTRAINT card_copy_pkey PRIMARY KEY (program, home, card, copy);

ALTER TABLE ONLY public.card_number
    ADD CONSTRAINT card_number_pkey PRIMARY KEY (program, number);

ALTER TABLE ONLY public.card
    ADD CONSTRAINT card_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.challenge
    ADD CONSTRAINT challenge_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_pkey PRIMARY KEY (program, home, purchase, promotion, rule, kind, act);

ALTER TABLE ONLY public.code_batch
    ADD CONSTRAINT code_batch_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.code_batch
    ADD CONSTRAINT code_batch_program_name_key UNIQUE (program, name);

ALTER TABLE ONLY public.code
    ADD CONSTRAINT code_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.confirmation
    ADD CONSTRAINT confirmation_pkey PRIMARY KEY (program, home, purchase);

ALTER TABLE ONLY public.consent_confirmation
    ADD CONSTRAINT consent_confirmation_pkey PRIMARY KEY (program, home, member, consent);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (program, home, member, id);

ALTER TABLE ONLY public.consent_wording
    ADD CONSTRAINT consent_wording_pkey PRIMARY KEY (program, code, version);

ALTER TABLE ONLY public.counted_purchase
    ADD CONSTRAINT counted_purchase_pkey PRIMARY KEY (program, home, pool, purchase);

ALTER TABLE ONLY public.currency
    ADD CONSTRAINT currency_pkey PRIMARY KEY (program, code);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.draw
    ADD CONSTRAINT draw_pkey PRIMARY KEY (program, home, posting, n, lot);

ALTER TABLE ONLY public.dynamic_code_use
    ADD CONSTRAINT dynamic_code_use_pkey PRIMARY KEY (program, home, device, made_at);

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (program, home, posting, n);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_pkey PRIMARY KEY (program, home, member);

ALTER TABLE ONLY public.erasure_proposal
    ADD CONSTRAINT erasure_proposal_pkey PRIMARY KEY (program, home, member);

ALTER TABLE ONLY public.exchange_rate
    ADD CONSTRAINT exchange_rate_pkey PRIMARY KEY (program, currency, valid_from);

ALTER TABLE ONLY public.foreign_card
    ADD CONSTRAINT foreign_card_pkey PRIMARY KEY (program, home, member, id);

ALTER TABLE ONLY public.goods_return
    ADD CONSTRAINT goods_return_pkey PRIMARY KEY (program, home, purchase, id);

ALTER TABLE ONLY public.handover
    ADD CONSTRAINT handover_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.held_claim
    ADD CONSTRAINT held_claim_pkey PRIMARY KEY (program, home, purchase);

ALTER TABLE ONLY public.hold
    ADD CONSTRAINT hold_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.identifier
    ADD CONSTRAINT identifier_pkey PRIMARY KEY (program, kind, digest);

ALTER TABLE ONLY public.imported_row
    ADD CONSTRAINT imported_row_pkey PRIMARY KEY (program, digest);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (program, digest);

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.limit_use
    ADD CONSTRAINT limit_use_pkey PRIMARY KEY (program, home, holder, period, promotion, rule, slice);

ALTER TABLE ONLY public.lot
    ADD CONSTRAINT lot_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.master_key
    ADD CONSTRAINT master_key_pkey PRIMARY KEY (generation);

ALTER TABLE ONLY public.member_mark
    ADD CONSTRAINT member_mark_pkey PRIMARY KEY (program, home, member, kind, name, since);

ALTER TABLE ONLY public.member_merge
    ADD CONSTRAINT member_merge_pkey PRIMARY KEY (program, home, member, id);

ALTER TABLE ONLY public.member_pin
    ADD CONSTRAINT member_pin_pkey PRIMARY KEY (program, home, member);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.member_session
    ADD CONSTRAINT member_session_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.member_twin
    ADD CONSTRAINT member_twin_pkey PRIMARY KEY (program, home, member);

ALTER TABLE ONLY public.message_outgoing
    ADD CONSTRAINT message_outgoing_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.offer_activation
    ADD CONSTRAINT offer_activation_pkey PRIMARY KEY (program, home, member, promotion);

ALTER TABLE ONLY public.partner
    ADD CONSTRAINT partner_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.partner
    ADD CONSTRAINT partner_program_code_key UNIQUE (program, code);

ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT passkey_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT passkey_program_home_credential_key UNIQUE (program, home, credential);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (program, home, member);

ALTER TABLE ONLY public.pool
    ADD CONSTRAINT pool_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.posting
    ADD CONSTRAINT posting_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.product
    ADD CONSTRAINT product_pkey PRIMARY KEY (program, sku);

ALTER TABLE ONLY public.product_word
    ADD CONSTRAINT product_word_pkey PRIMARY KEY (program, word, sku);

ALTER TABLE ONLY public.program
    ADD CONSTRAINT program_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.program
    ADD CONSTRAINT program_slug UNIQUE (slug);

ALTER TABLE ONLY public.program_version
    ADD CONSTRAINT program_version_pkey PRIMARY KEY (program, version);

ALTER TABLE ONLY public.promotion_event
    ADD CONSTRAINT promotion_event_pkey PRIMARY KEY (program, promotion, id);

ALTER TABLE ONLY public.promotion
    ADD CONSTRAINT promotion_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.promotion_revision
    ADD CONSTRAINT promotion_revision_pkey PRIMARY KEY (program, promotion, revision);

ALTER TABLE ONLY public.purchase_claim
    ADD CONSTRAINT purchase_claim_pkey PRIMARY KEY (program, home, purchase);

ALTER TABLE ONLY public.purchase
    ADD CONSTRAINT purchase_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.questionnaire
    ADD CONSTRAINT questionnaire_pkey PRIMARY KEY (program, version);

ALTER TABLE ONLY public.registration
    ADD CONSTRAINT registration_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.request_key
    ADD CONSTRAINT request_key_pkey PRIMARY KEY (program, partner, key);

ALTER TABLE ONLY public.reservation
    ADD CONSTRAINT reservation_pkey PRIMARY KEY (program, home, hold, lot);

ALTER TABLE ONLY public.resolution
    ADD CONSTRAINT resolution_pkey PRIMARY KEY (program, home, hold);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.shared_account
    ADD CONSTRAINT shared_account_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.spending_lock
    ADD CONSTRAINT spending_lock_pkey PRIMARY KEY (program, home, member, source);

ALTER TABLE ONLY public.store
    ADD CONSTRAINT store_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.store
    ADD CONSTRAINT store_program_code_key UNIQUE (program, code);

ALTER TABLE ONLY public.succession
    ADD CONSTRAINT succession_pkey PRIMARY KEY (program, home, pool, id);

ALTER TABLE ONLY public.till
    ADD CONSTRAINT till_pkey PRIMARY KEY (program, store, code);

ALTER TABLE ONLY public.voiding
    ADD CONSTRAINT voiding_pkey PRIMARY KEY (program, home, purchase);

ALTER TABLE ONLY public.wallet_grant
    ADD CONSTRAINT wallet_grant_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.welcome
    ADD CONSTRAINT welcome_pkey PRIMARY KEY (program, kind, digest);

ALTER TABLE ONLY public.wrong_guess
    ADD CONSTRAINT wrong_guess_pkey PRIMARY KEY (program, home, member, id);

CREATE INDEX account_member_of ON public.account_member USING btree (member);

CREATE INDEX attempt_count_age ON public.attempt_count USING btree (ends_at);

CREATE INDEX block_member_place ON public.block_member USING btree (program, height, place);

CREATE INDEX card_of_batch ON public.card USING btree (batch, serial) WHERE (batch IS NOT NULL);

CREATE INDEX card_of_member ON public.card USING btree (member) WHERE (member IS NOT NULL);

CREATE INDEX challenge_age ON public.challenge USING btree (expires_at);

CREATE INDEX challenge_of_member ON public.challenge USING btree (member, purpose) WHERE (member IS NOT NULL);

CREATE INDEX code_of_batch ON public.code USING btree (batch, serial);

CREATE INDEX confirmation_xid ON public.confirmation USING brin (xid) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX consent_by_id ON public.consent USING btree (id);

CREATE INDEX consent_confirmation_by_id ON public.consent_confirmation USING btree (consent);

CREATE INDEX consent_confirmation_xid ON public.consent_confirmation USING brin (xid) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX consent_xid ON public.consent USING brin (xid) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX counted_purchase_of ON public.counted_purchase USING btree (pool, purchased_at);

CREATE INDEX device_of_member ON public.device USING btree (member);

CREATE INDEX draw_of_lot ON public.draw USING btree (lot);

CREATE INDEX dynamic_code_use_age ON public.dynamic_code_use USING btree (made_at);

CREATE INDEX goods_return_of_pool ON public.goods_return USING btree (pool, purchased_at);

CREATE INDEX goods_return_of_store ON public.goods_return USING btree (store, returned_at);

CREATE INDEX goods_return_xid ON public.goods_return USING brin (xid) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX held_claim_due ON public.held_claim USING btree (lapses_at) WHERE open;

CREATE INDEX hold_due ON public.hold USING btree (lapses_at) WHERE open;

CREATE INDEX hold_of_pool ON public.hold USING btree (pool, open);

CREATE INDEX hold_of_purchase ON public.hold USING btree (purchase);

CREATE INDEX limit_use_of_promotion ON public.limit_use USING btree (promotion, rule, period);

CREATE INDEX lot_expiry ON public.lot USING btree (expires_at) WHERE (open AND (expires_at IS NOT NULL));

CREATE INDEX lot_of_posting ON public.lot USING btree (posting);

CREATE INDEX lot_open ON public.lot USING btree (pool) WHERE open;

CREATE INDEX member_alias ON public.member USING btree (merged_into) WHERE (merged_into IS NOT NULL);

CREATE INDEX member_enrolled ON public.member USING btree (enrolled_at);

CREATE INDEX member_merge_of ON public.member_merge USING btree (duplicate);

CREATE INDEX member_of_account ON public.member USING btree (pool, id) WHERE (own_pool IS NOT NULL);

CREATE INDEX member_session_age ON public.member_session USING btree (expires_at);

CREATE INDEX member_session_of_member ON public.member_session USING btree (member);

CREATE INDEX member_twin_alike ON public.member_twin USING btree (digest);

CREATE INDEX message_outgoing_age ON public.message_outgoing USING btree (created_at);

CREATE INDEX message_outgoing_due ON public.message_outgoing USING btree (due_at) WHERE (state = ANY (ARRAY['waiting'::text, 'sending'::text]));

CREATE INDEX passkey_of_member ON public.passkey USING btree (member);

CREATE INDEX posting_of_pool ON public.posting USING btree (pool, recorded_at, id);

CREATE INDEX posting_xid ON public.posting USING brin (xid) WITH (pages_per_range='32', autosummarize='on');

CREATE UNIQUE INDEX product_barcode ON public.product USING btree (program, barcode) WHERE (barcode IS NOT NULL);

CREATE INDEX purchase_claim_of ON public.purchase_claim USING btree (member, claimed_at);

CREATE INDEX purchase_of_pool ON public.purchase USING btree (pool, purchased_at);

CREATE INDEX purchase_of_receipt ON public.purchase USING btree (receipt_number) WHERE (receipt_number <> ''::text);

CREATE INDEX purchase_of_store ON public.purchase USING btree (store, purchased_at);

CREATE INDEX purchase_xid ON public.purchase USING brin (xid) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX registration_expiry ON public.registration USING btree (expires_at) WHERE (sealed IS NOT NULL);

CREATE INDEX request_key_age ON public.request_key USING brin (created_at);

CREATE INDEX voiding_of_pool ON public.voiding USING btree (pool, purchased_at);

CREATE INDEX wallet_grant_of_member ON public.wallet_grant USING btree (member);

CREATE INDEX wrong_guess_age ON public.wrong_guess USING btree (guessed_at);

ALTER TABLE ONLY public.account_member
    ADD CONSTRAINT account_member_program_home_account_fkey FOREIGN KEY (program, home, account) REFERENCES public.shared_account(program, home, id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_program_home_pool_fkey FOREIGN KEY (program, home, pool) REFERENCES public.pool(program, home, id);

ALTER TABLE ONLY public.aggregator_day
    ADD CONSTRAINT aggregator_day_program_aggregator_fkey FOREIGN KEY (program, aggregator) REFERENCES public.aggregator(program, id);

ALTER TABLE ONLY public.aggregator
    ADD CONSTRAINT aggregator_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.attempt_count
    ADD CONSTRAINT attempt_count_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.block
    ADD CONSTRAINT block_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.card_batch
    ADD CONSTRAINT card_batch_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.card_copy
    ADD CONSTRAINT card_copy_program_home_card_fkey FOREIGN KEY (program, home, card) REFERENCES public.card(program, home, id);

ALTER TABLE ONLY public.card_number
    ADD CONSTRAINT card_number_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.card
    ADD CONSTRAINT card_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.challenge
    ADD CONSTRAINT challenge_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_program_home_purchase_fkey FOREIGN KEY (program, home, purchase) REFERENCES public.purchase(program, home, id);

ALTER TABLE ONLY public.code_batch
    ADD CONSTRAINT code_batch_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.code
    ADD CONSTRAINT code_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.confirmation
    ADD CONSTRAINT confirmation_program_home_purchase_fkey FOREIGN KEY (program, home, purchase) REFERENCES public.purchase(program, home, id);

ALTER TABLE ONLY public.consent_confirmation
    ADD CONSTRAINT consent_confirmation_program_home_member_consent_fkey FOREIGN KEY (program, home, member, consent) REFERENCES public.consent(program, home, member, id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.consent_wording
    ADD CONSTRAINT consent_wording_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.counted_purchase
    ADD CONSTRAINT counted_purchase_program_home_pool_fkey FOREIGN KEY (program, home, pool) REFERENCES public.pool(program, home, id);

ALTER TABLE ONLY public.currency
    ADD CONSTRAINT currency_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.draw
    ADD CONSTRAINT draw_program_home_lot_fkey FOREIGN KEY (program, home, lot) REFERENCES public.lot(program, home, id);

ALTER TABLE ONLY public.draw
    ADD CONSTRAINT draw_program_home_posting_n_fkey FOREIGN KEY (program, home, posting, n) REFERENCES public.entry(program, home, posting, n);

ALTER TABLE ONLY public.dynamic_code_use
    ADD CONSTRAINT dynamic_code_use_program_home_device_fkey FOREIGN KEY (program, home, device) REFERENCES public.device(program, home, id);

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_program_home_posting_fkey FOREIGN KEY (program, home, posting) REFERENCES public.posting(program, home, id);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.erasure_proposal
    ADD CONSTRAINT erasure_proposal_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.erasure_proposal
    ADD CONSTRAINT erasure_proposal_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.exchange_rate
    ADD CONSTRAINT exchange_rate_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.foreign_card
    ADD CONSTRAINT foreign_card_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.goods_return
    ADD CONSTRAINT goods_return_program_home_purchase_fkey FOREIGN KEY (program, home, purchase) REFERENCES public.purchase(program, home, id);

ALTER TABLE ONLY public.handover
    ADD CONSTRAINT handover_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.held_claim
    ADD CONSTRAINT held_claim_program_home_purchase_fkey FOREIGN KEY (program, home, purchase) REFERENCES public.purchase(program, home, id);

ALTER TABLE ONLY public.identifier
    ADD CONSTRAINT identifier_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.imported_row
    ADD CONSTRAINT imported_row_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_program_home_account_fkey FOREIGN KEY (program, home, account) REFERENCES public.shared_account(program, home, id);

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.limit_use
    ADD CONSTRAINT limit_use_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.lot
    ADD CONSTRAINT lot_program_home_posting_n_fkey FOREIGN KEY (program, home, posting, n) REFERENCES public.entry(program, home, posting, n);

ALTER TABLE ONLY public.member_mark
    ADD CONSTRAINT member_mark_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.member_merge
    ADD CONSTRAINT member_merge_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.member_pin
    ADD CONSTRAINT member_pin_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.member_session
    ADD CONSTRAINT member_session_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.member_twin
    ADD CONSTRAINT member_twin_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.message_outgoing
    ADD CONSTRAINT message_outgoing_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.offer_activation
    ADD CONSTRAINT offer_activation_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.partner
    ADD CONSTRAINT partner_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT passkey_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.pool
    ADD CONSTRAINT pool_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.product
    ADD CONSTRAINT product_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.product_word
    ADD CONSTRAINT product_word_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.product_word
    ADD CONSTRAINT product_word_program_sku_fkey FOREIGN KEY (program, sku) REFERENCES public.product(program, sku) ON DELETE CASCADE;

ALTER TABLE ONLY public.program_version
    ADD CONSTRAINT program_version_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.promotion_event
    ADD CONSTRAINT promotion_event_program_promotion_fkey FOREIGN KEY (program, promotion) REFERENCES public.promotion(program, id);

ALTER TABLE ONLY public.promotion
    ADD CONSTRAINT promotion_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.promotion_revision
    ADD CONSTRAINT promotion_revision_program_promotion_fkey FOREIGN KEY (program, promotion) REFERENCES public.promotion(program, id);

ALTER TABLE ONLY public.purchase_claim
    ADD CONSTRAINT purchase_claim_program_home_purchase_fkey FOREIGN KEY (program, home, purchase) REFERENCES public.purchase(program, home, id);

ALTER TABLE ONLY public.purchase
    ADD CONSTRAINT purchase_program_home_pool_fkey FOREIGN KEY (program, home, pool) REFERENCES public.pool(program, home, id);

ALTER TABLE ONLY public.questionnaire
    ADD CONSTRAINT questionnaire_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.registration
    ADD CONSTRAINT registration_program_aggregator_fkey FOREIGN KEY (program, aggregator) REFERENCES public.aggregator(program, id);

ALTER TABLE ONLY public.reservation
    ADD CONSTRAINT reservation_program_home_hold_fkey FOREIGN KEY (program, home, hold) REFERENCES public.hold(program, home, id);

ALTER TABLE ONLY public.reservation
    ADD CONSTRAINT reservation_program_home_lot_fkey FOREIGN KEY (program, home, lot) REFERENCES public.lot(program, home, id);

ALTER TABLE ONLY public.resolution
    ADD CONSTRAINT resolution_program_home_hold_fkey FOREIGN KEY (program, home, hold) REFERENCES public.hold(program, home, id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_api_key_fkey FOREIGN KEY (api_key) REFERENCES public.api_key(id);

ALTER TABLE ONLY public.shared_account
    ADD CONSTRAINT shared_account_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.spending_lock
    ADD CONSTRAINT spending_lock_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.store
    ADD CONSTRAINT store_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.store
    ADD CONSTRAINT store_program_partner_fkey FOREIGN KEY (program, partner) REFERENCES public.partner(program, id);

ALTER TABLE ONLY public.succession
    ADD CONSTRAINT succession_program_home_pool_fkey FOREIGN KEY (program, home, pool) REFERENCES public.pool(program, home, id);

ALTER TABLE ONLY public.till
    ADD CONSTRAINT till_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.till
    ADD CONSTRAINT till_program_store_fkey FOREIGN KEY (program, store) REFERENCES public.store(program, id);

ALTER TABLE ONLY public.voiding
    ADD CONSTRAINT voiding_program_home_purchase_fkey FOREIGN KEY (program, home, purchase) REFERENCES public.purchase(program, home, id);

ALTER TABLE ONLY public.wallet_grant
    ADD CONSTRAINT wallet_grant_program_aggregator_fkey FOREIGN KEY (program, aggregator) REFERENCES public.aggregator(program, id);

ALTER TABLE ONLY public.wallet_grant
    ADD CONSTRAINT wallet_grant_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.welcome
    ADD CONSTRAINT welcome_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.wrong_guess
    ADD CONSTRAINT wrong_guess_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE public.account ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.account_member ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.aggregator ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.aggregator_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.attempt_count ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.block ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.block_member ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.card ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.card_batch ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.card_copy ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.card_number ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.challenge ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.claim ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.code ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.code_batch ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.confirmation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.consent ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.consent_confirmation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.consent_wording ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.counted_purchase ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.currency ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.device ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.draw ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.dynamic_code_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.entry ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erasure ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erasure_proposal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.exchange_rate ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.foreign_card ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.goods_return ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.handover ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.held_claim ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.hold ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.identifier ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.imported_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.invitation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.limit_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lot ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_merge ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_pin ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_session ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_twin ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.message_outgoing ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.offer_activation ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_program ON public.account USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.account_member USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.aggregator USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.aggregator_day USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.attempt_count USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.block USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.block_member USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.card USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.card_batch USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.card_copy USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.card_number USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.challenge USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.claim USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.code USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.code_batch USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.confirmation USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.consent USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.consent_confirmation USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.consent_wording USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.counted_purchase USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.currency USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.device USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.draw USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.dynamic_code_use USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.entry USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.erasure USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.erasure_proposal USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.exchange_rate USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.foreign_card USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.goods_return USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.handover USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.held_claim USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.hold USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.identifier USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.imported_row USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.invitation USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.limit_use USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.lot USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_mark USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_merge USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_pin USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_session USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_twin USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.message_outgoing USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.offer_activation USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.partner USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.passkey USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.person USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.pool USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.posting USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.product USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.product_word USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.program_version USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.promotion USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.promotion_event USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.promotion_revision USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.purchase USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.purchase_claim USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.questionnaire USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.registration USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.request_key USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.reservation USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.resolution USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.shared_account USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.spending_lock USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.store USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.succession USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.till USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.voiding USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.wallet_grant USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.welcome USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.wrong_guess USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

ALTER TABLE public.partner ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.passkey ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.person ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pool ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.posting ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.product ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.product_word ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.program_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.promotion ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.promotion_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.promotion_revision ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.purchase ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.purchase_claim ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.questionnaire ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.registration ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.request_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reservation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.resolution ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.shared_account ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.spending_lock ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.store ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.succession ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.till ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.voiding ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.wallet_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.welcome ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.wrong_guess ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA public TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.account TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.account_member TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.aggregator TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.aggregator_day TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.api_key TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.attempt_count TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.block TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.block_member TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.card TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.card_batch TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.card_copy TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.card_number TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.challenge TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.claim TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.code TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.code_batch TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.confirmation TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.consent TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.consent_confirmation TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.consent_wording TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.counted_purchase TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.currency TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.device TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.draw TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.dynamic_code_use TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.entry TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.erasure TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.erasure_proposal TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.exchange_rate TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.foreign_card TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.goods_return TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.handover TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.held_claim TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.hold TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.identifier TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.imported_row TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.invitation TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.job TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.limit_use TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.lot TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.master_key TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.member TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.member_mark TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.member_merge TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.member_pin TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.member_session TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.member_twin TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.message_outgoing TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.offer_activation TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.partner TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.passkey TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.person TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.pool TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.posting TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product_word TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.program TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.program_version TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.promotion TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.promotion_event TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.promotion_revision TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.purchase TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.purchase_claim TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.questionnaire TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.registration TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.request_key TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.reservation TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.resolution TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.session TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.shared_account TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.spending_lock TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.store TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.succession TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.till TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.voiding TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.wallet_grant TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.welcome TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.wrong_guess TO regulars_app;
