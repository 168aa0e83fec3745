CREATE TABLE public.absence (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    since date NOT NULL,
    overdue_on date NOT NULL,
    noticed_at timestamp with time zone NOT NULL,
    channel text
);
ALTER TABLE ONLY public.absence FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.activity (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    member uuid NOT NULL,
    kind text NOT NULL,
    revision integer NOT NULL,
    source text NOT NULL,
    request text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    quantity bigint NOT NULL,
    data jsonb NOT NULL,
    corrects uuid,
    flag text,
    outcome jsonb NOT NULL,
    posting uuid,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT activity_flag_check CHECK ((flag = ANY (ARRAY['flood'::text, 'review'::text])))
);
ALTER TABLE ONLY public.activity FORCE ROW LEVEL SECURITY;

CREATE TABLE public.activity_count (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    kind text NOT NULL,
    currency text NOT NULL,
    span text NOT NULL,
    starts date NOT NULL,
    n integer NOT NULL,
    quantity numeric(30,0) NOT NULL,
    wanted numeric(30,0) NOT NULL,
    given numeric(30,0) NOT NULL,
    due_on date,
    closed_at timestamp with time zone,
    posting uuid,
    CONSTRAINT activity_count_n_check CHECK ((n > 0)),
    CONSTRAINT activity_count_span_check CHECK ((span = ANY (ARRAY['day'::text, 'month'::text, 'year'::text])))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.activity_count FORCE ROW LEVEL SECURITY;

CREATE TABLE public.activity_key (
    program uuid NOT NULL,
    source text NOT NULL,
    request text NOT NULL,
    home smallint NOT NULL,
    activity uuid NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT activity_key_request_check CHECK (((length(request) >= 1) AND (length(request) <= 255)))
);
ALTER TABLE ONLY public.activity_key FORCE ROW LEVEL SECURITY;

CREATE TABLE public.activity_kind (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    since timestamp with time zone NOT NULL,
    author text NOT NULL,
    CONSTRAINT activity_kind_code_check CHECK (((length(code) >= 1) AND (length(code) <= 63))),
    CONSTRAINT activity_kind_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.activity_kind FORCE ROW LEVEL SECURITY;

CREATE TABLE public.activity_reading (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    kind text NOT NULL,
    series text NOT NULL,
    value bigint NOT NULL,
    read_at timestamp with time zone NOT NULL,
    activity uuid NOT NULL
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.activity_reading FORCE ROW LEVEL SECURITY;

CREATE TABLE public.activity_review (
    program uuid NOT NULL,
    home smallint NOT NULL,
    activity uuid NOT NULL,
    accepted boolean NOT NULL,
    reason text NOT NULL,
    outcome jsonb NOT NULL,
    posting uuid,
    reviewed_at timestamp with time zone NOT NULL,
    reviewed_by text NOT NULL
);
ALTER TABLE ONLY public.activity_review FORCE ROW LEVEL SECURITY;

CREATE TABLE public.activity_text (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    activity uuid NOT NULL,
    generation integer NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT activity_text_generation_check CHECK ((generation > 0)),
    CONSTRAINT activity_text_sealed_check CHECK ((length(sealed) >= 28)),
    CONSTRAINT activity_text_wrapped_key_check CHECK ((length(wrapped_key) = 60))
);
ALTER TABLE ONLY public.activity_text ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.activity_text FORCE ROW LEVEL SECURITY;

CREATE TABLE public.activity_waiting (
    program uuid NOT NULL,
    home smallint NOT NULL,
    activity uuid NOT NULL
);
ALTER TABLE ONLY public.activity_waiting FORCE ROW LEVEL SECURITY;

CREATE TABLE public.aggregator (
    program uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    api_key uuid NOT NULL,
    calls_a_day integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    key_before uuid,
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
    used_at timestamp with time zone,
    CONSTRAINT api_key_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT api_key_scopes_check CHECK ((cardinality(scopes) > 0))
);

CREATE TABLE public.approval (
    program uuid NOT NULL,
    id uuid NOT NULL,
    act text NOT NULL,
    subject text NOT NULL,
    document jsonb NOT NULL,
    why text NOT NULL,
    asked_by jsonb NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    decided_by jsonb,
    decided_at timestamp with time zone,
    word text DEFAULT ''::text NOT NULL,
    result jsonb,
    taken_at timestamp with time zone,
    CONSTRAINT approval_act_check CHECK ((act = ANY (ARRAY['points.adjust'::text, 'promotion.publish'::text, 'member.erase'::text, 'key.create'::text]))),
    CONSTRAINT approval_check CHECK (((status = 'open'::text) = (decided_at IS NULL))),
    CONSTRAINT approval_status_check CHECK ((status = ANY (ARRAY['open'::text, 'approved'::text, 'refused'::text, 'withdrawn'::text, 'stale'::text])))
);
ALTER TABLE ONLY public.approval FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.audit (
    program uuid NOT NULL,
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor jsonb NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    before jsonb,
    after jsonb,
    why text DEFAULT ''::text NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT audit_action_check CHECK ((action ~ '^[a-z_]+\.[a-z_]+$'::text)),
    CONSTRAINT audit_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT audit_seq_check CHECK ((seq > 0))
);
ALTER TABLE ONLY public.audit FORCE ROW LEVEL SECURITY;

CREATE TABLE public.audit_head (
    program uuid NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT audit_head_seq_check CHECK ((seq > 0))
);
ALTER TABLE ONLY public.audit_head FORCE ROW LEVEL SECURITY;

CREATE TABLE public.badge (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    since timestamp with time zone NOT NULL,
    author text NOT NULL,
    CONSTRAINT badge_code_check CHECK (((length(code) >= 1) AND (length(code) <= 63))),
    CONSTRAINT badge_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.badge FORCE ROW LEVEL SECURITY;

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
    CONSTRAINT block_member_kind_check CHECK ((kind = ANY (ARRAY['posting'::text, 'purchase'::text, 'confirmation'::text, 'voiding'::text, 'return'::text, 'consent'::text, 'consent_confirmation'::text, 'claim'::text, 'witness'::text]))),
    CONSTRAINT block_member_leaf_check CHECK ((length(leaf) = 32))
);
ALTER TABLE ONLY public.block_member FORCE ROW LEVEL SECURITY;

CREATE TABLE public.board_name (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    nickname text NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT board_name_nickname_check CHECK (((length(nickname) >= 1) AND (length(nickname) <= 40)))
);
ALTER TABLE ONLY public.board_name FORCE ROW LEVEL SECURITY;

CREATE TABLE public.booking (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    occasion text NOT NULL,
    member uuid NOT NULL,
    pool uuid NOT NULL,
    seats integer NOT NULL,
    currency text,
    points bigint NOT NULL,
    booked_at timestamp with time zone NOT NULL,
    booked_by text NOT NULL,
    CONSTRAINT booking_check CHECK (((points > 0) = (currency IS NOT NULL))),
    CONSTRAINT booking_points_check CHECK ((points >= 0)),
    CONSTRAINT booking_seats_check CHECK ((seats > 0))
);
ALTER TABLE ONLY public.booking FORCE ROW LEVEL SECURITY;

CREATE TABLE public.booking_now (
    program uuid NOT NULL,
    home smallint NOT NULL,
    booking uuid NOT NULL,
    occasion text NOT NULL,
    member uuid NOT NULL,
    seats integer NOT NULL,
    n smallint NOT NULL,
    state text NOT NULL,
    place integer,
    due_at timestamp with time zone
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.booking_now FORCE ROW LEVEL SECURITY;

CREATE TABLE public.booking_step (
    program uuid NOT NULL,
    home smallint NOT NULL,
    booking uuid NOT NULL,
    n smallint NOT NULL,
    state text NOT NULL,
    pool uuid,
    posting uuid,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT booking_step_n_check CHECK ((n >= 0)),
    CONSTRAINT booking_step_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'offered'::text, 'booked'::text, 'attended'::text, 'cancelled'::text, 'lapsed'::text])))
);
ALTER TABLE ONLY public.booking_step FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.club (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT club_code_check CHECK (((length(code) >= 1) AND (length(code) <= 63))),
    CONSTRAINT club_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.club FORCE ROW LEVEL SECURITY;

CREATE TABLE public.club_invitation (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    club text NOT NULL,
    invited_at timestamp with time zone NOT NULL,
    invited_by text NOT NULL,
    answer text,
    answered_at timestamp with time zone,
    CONSTRAINT club_invitation_answer_check CHECK ((answer = ANY (ARRAY['accepted'::text, 'declined'::text, 'withdrawn'::text]))),
    CONSTRAINT club_invitation_check CHECK (((answer IS NULL) = (answered_at IS NULL)))
);
ALTER TABLE ONLY public.club_invitation FORCE ROW LEVEL SECURITY;

CREATE TABLE public.club_link (
    program uuid NOT NULL,
    code text NOT NULL,
    club text NOT NULL,
    uses integer NOT NULL,
    used integer NOT NULL,
    until timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    CONSTRAINT club_link_check CHECK (((used >= 0) AND (used <= uses))),
    CONSTRAINT club_link_code_check CHECK (((length(code) >= 8) AND (length(code) <= 32))),
    CONSTRAINT club_link_uses_check CHECK ((uses > 0))
);
ALTER TABLE ONLY public.club_link FORCE ROW LEVEL SECURITY;

CREATE TABLE public.club_revision (
    program uuid NOT NULL,
    club text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    CONSTRAINT club_revision_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.club_revision FORCE ROW LEVEL SECURITY;

CREATE TABLE public.club_stay (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    club text NOT NULL,
    since timestamp with time zone NOT NULL,
    way text NOT NULL,
    by text NOT NULL,
    CONSTRAINT club_stay_way_check CHECK ((way = ANY (ARRAY['open'::text, 'invitation'::text, 'link'::text, 'rule'::text, 'by_hand'::text])))
);
ALTER TABLE ONLY public.club_stay FORCE ROW LEVEL SECURITY;

CREATE TABLE public.code (
    program uuid NOT NULL,
    id uuid NOT NULL,
    home smallint NOT NULL,
    batch uuid NOT NULL,
    serial integer,
    purchase uuid,
    voided_at timestamp with time zone,
    void_reason text,
    redemption uuid,
    owner uuid,
    valid_until timestamp with time zone,
    blocked_at timestamp with time zone,
    reminded_at timestamp with time zone
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
    owed boolean DEFAULT false NOT NULL,
    tax_rate text,
    CONSTRAINT code_batch_check CHECK ((valid_until > valid_from)),
    CONSTRAINT code_batch_member_uses_check CHECK ((member_uses > 0)),
    CONSTRAINT code_batch_name_check CHECK (((length(name) >= 1) AND (length(name) <= 64))),
    CONSTRAINT code_batch_pattern_check CHECK (((length(pattern) >= 1) AND (length(pattern) <= 40))),
    CONSTRAINT code_batch_uses_check CHECK ((uses > 0)),
    CONSTRAINT code_batch_wanted_check CHECK ((wanted >= 0))
);
ALTER TABLE ONLY public.code_batch FORCE ROW LEVEL SECURITY;

CREATE TABLE public.code_touched (
    program uuid NOT NULL,
    home smallint NOT NULL,
    code uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL
);
ALTER TABLE ONLY public.code_touched FORCE ROW LEVEL SECURITY;

CREATE TABLE public.code_use (
    program uuid NOT NULL,
    home smallint NOT NULL,
    code uuid NOT NULL,
    act uuid NOT NULL,
    kind text NOT NULL,
    batch uuid NOT NULL,
    amount bigint NOT NULL,
    member uuid,
    store uuid,
    used_at timestamp with time zone NOT NULL,
    used_by text NOT NULL,
    CONSTRAINT code_use_amount_check CHECK ((amount > 0)),
    CONSTRAINT code_use_kind_check CHECK ((kind = ANY (ARRAY['redeemed'::text, 'cancelled'::text])))
);
ALTER TABLE ONLY public.code_use FORCE ROW LEVEL SECURITY;

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
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    address bytea,
    CONSTRAINT consent_confirmation_address_check CHECK ((length(address) = 32))
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
    CONSTRAINT currency_kind_check CHECK ((kind = ANY (ARRAY['points'::text, 'money'::text, 'qualifying'::text, 'stamps'::text, 'visits'::text]))),
    CONSTRAINT currency_scale_check CHECK (((scale >= 0) AND (scale <= 4))),
    CONSTRAINT currency_worth_denominator_check CHECK ((worth_denominator > 0)),
    CONSTRAINT currency_worth_numerator_check CHECK ((worth_numerator >= 0))
);
ALTER TABLE ONLY public.currency FORCE ROW LEVEL SECURITY;

CREATE TABLE public.data_claim (
    program uuid NOT NULL,
    digest bytea NOT NULL,
    import uuid NOT NULL,
    line bigint NOT NULL,
    CONSTRAINT data_claim_digest_check CHECK ((length(digest) = 32))
);
ALTER TABLE ONLY public.data_claim FORCE ROW LEVEL SECURITY;

CREATE TABLE public.data_export (
    program uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    format text NOT NULL,
    filter jsonb NOT NULL,
    personal boolean NOT NULL,
    status text NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    rows bigint DEFAULT 0 NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    digest bytea,
    job uuid NOT NULL,
    leased_by uuid,
    leased_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    finished_at timestamp with time zone,
    forgotten_at timestamp with time zone,
    CONSTRAINT data_export_bytes_check CHECK ((bytes >= 0)),
    CONSTRAINT data_export_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT data_export_format_check CHECK ((format = ANY (ARRAY['csv'::text, 'xlsx'::text, 'parquet'::text]))),
    CONSTRAINT data_export_rows_check CHECK ((rows >= 0)),
    CONSTRAINT data_export_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text])))
);
ALTER TABLE ONLY public.data_export FORCE ROW LEVEL SECURITY;

CREATE TABLE public.data_file (
    program uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    format text NOT NULL,
    bytes bigint NOT NULL,
    digest bytea NOT NULL,
    columns text[] NOT NULL,
    rows bigint NOT NULL,
    assumed jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    forgotten_at timestamp with time zone,
    CONSTRAINT data_file_bytes_check CHECK ((bytes >= 0)),
    CONSTRAINT data_file_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT data_file_format_check CHECK ((format = ANY (ARRAY['csv'::text, 'xlsx'::text, 'parquet'::text]))),
    CONSTRAINT data_file_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT data_file_rows_check CHECK ((rows >= 0))
);
ALTER TABLE ONLY public.data_file FORCE ROW LEVEL SECURITY;

CREATE TABLE public.data_file_part (
    program uuid NOT NULL,
    file uuid NOT NULL,
    part integer NOT NULL,
    generation integer NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT data_file_part_part_check CHECK ((part >= 0))
);
ALTER TABLE ONLY public.data_file_part ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.data_file_part FORCE ROW LEVEL SECURITY;

CREATE TABLE public.data_import (
    program uuid NOT NULL,
    id uuid NOT NULL,
    file uuid NOT NULL,
    kind text NOT NULL,
    mapping jsonb NOT NULL,
    dry_run boolean NOT NULL,
    status text NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    rows bigint NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    made bigint DEFAULT 0 NOT NULL,
    changed bigint DEFAULT 0 NOT NULL,
    repeated bigint DEFAULT 0 NOT NULL,
    faulty bigint DEFAULT 0 NOT NULL,
    undone bigint DEFAULT 0 NOT NULL,
    kept bigint DEFAULT 0 NOT NULL,
    job uuid NOT NULL,
    undo_job uuid,
    leased_by uuid,
    leased_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    finished_at timestamp with time zone,
    undone_at timestamp with time zone,
    undone_by text,
    CONSTRAINT data_import_check CHECK (((done >= 0) AND (done <= rows))),
    CONSTRAINT data_import_kind_check CHECK ((kind = ANY (ARRAY['members'::text, 'cards'::text, 'balances'::text, 'products'::text, 'stores'::text, 'purchases'::text, 'activities'::text]))),
    CONSTRAINT data_import_rows_check CHECK ((rows >= 0)),
    CONSTRAINT data_import_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text, 'undoing'::text, 'undone'::text])))
);
ALTER TABLE ONLY public.data_import FORCE ROW LEVEL SECURITY;

CREATE TABLE public.data_import_row (
    program uuid NOT NULL,
    import uuid NOT NULL,
    line bigint NOT NULL,
    outcome text NOT NULL,
    what uuid,
    note jsonb,
    faults jsonb,
    undo text DEFAULT ''::text NOT NULL,
    CONSTRAINT data_import_row_line_check CHECK ((line > 0)),
    CONSTRAINT data_import_row_outcome_check CHECK ((outcome = ANY (ARRAY['begun'::text, 'made'::text, 'changed'::text, 'faulty'::text])))
);
ALTER TABLE ONLY public.data_import_row FORCE ROW LEVEL SECURITY;

CREATE TABLE public.data_mapping (
    program uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    document jsonb NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    saved_by text NOT NULL,
    CONSTRAINT data_mapping_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80)))
);
ALTER TABLE ONLY public.data_mapping FORCE ROW LEVEL SECURITY;

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
    session uuid,
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

CREATE TABLE public.enrolment_day (
    program uuid NOT NULL,
    day date NOT NULL,
    source text NOT NULL,
    store uuid NOT NULL,
    enrolled bigint NOT NULL,
    gone bigint NOT NULL
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.enrolment_day FORCE ROW LEVEL SECURITY;

CREATE TABLE public.entitlement (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    since timestamp with time zone NOT NULL,
    author text NOT NULL,
    CONSTRAINT entitlement_code_check CHECK (((length(code) >= 1) AND (length(code) <= 63))),
    CONSTRAINT entitlement_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.entitlement FORCE ROW LEVEL SECURITY;

CREATE TABLE public.entitlement_grant (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    code text NOT NULL,
    cause text NOT NULL,
    id uuid NOT NULL,
    uses integer NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone,
    origin text NOT NULL,
    granted_at timestamp with time zone NOT NULL,
    granted_by text NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT entitlement_grant_cause_check CHECK (((length(cause) >= 1) AND (length(cause) <= 200))),
    CONSTRAINT entitlement_grant_code_check CHECK (((length(code) >= 1) AND (length(code) <= 63))),
    CONSTRAINT entitlement_grant_origin_check CHECK ((origin = ANY (ARRAY['promotion'::text, 'prize'::text, 'membership'::text, 'staff'::text]))),
    CONSTRAINT entitlement_grant_uses_check CHECK ((uses > 0))
);
ALTER TABLE ONLY public.entitlement_grant FORCE ROW LEVEL SECURITY;

CREATE TABLE public.entitlement_slot (
    program uuid NOT NULL,
    store uuid NOT NULL,
    code text NOT NULL,
    at timestamp with time zone NOT NULL,
    taken integer NOT NULL,
    CONSTRAINT entitlement_slot_taken_check CHECK ((taken >= 0))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.entitlement_slot FORCE ROW LEVEL SECURITY;

CREATE TABLE public.entitlement_use (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    member uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    state text NOT NULL,
    store uuid NOT NULL,
    partner uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    day date NOT NULL,
    guests smallint NOT NULL,
    taken integer NOT NULL,
    granted jsonb NOT NULL,
    counts boolean DEFAULT true NOT NULL,
    cost bigint NOT NULL,
    booked boolean NOT NULL,
    due_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    ended_at timestamp with time zone,
    ended_by text,
    CONSTRAINT entitlement_use_cost_check CHECK ((cost >= 0)),
    CONSTRAINT entitlement_use_guests_check CHECK ((guests >= 0)),
    CONSTRAINT entitlement_use_state_check CHECK ((state = ANY (ARRAY['booked'::text, 'used'::text, 'cancelled'::text, 'missed'::text]))),
    CONSTRAINT entitlement_use_taken_check CHECK ((taken >= 0))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.entitlement_use FORCE ROW LEVEL SECURITY;

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
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
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

CREATE TABLE public.expiry_day (
    program uuid NOT NULL,
    currency text NOT NULL,
    day date NOT NULL,
    amount bigint NOT NULL
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.expiry_day FORCE ROW LEVEL SECURITY;

CREATE TABLE public.figures_roll (
    program uuid NOT NULL,
    xid_until bigint NOT NULL,
    rolled_at timestamp with time zone NOT NULL,
    complete boolean NOT NULL
);
ALTER TABLE ONLY public.figures_roll FORCE ROW LEVEL SECURITY;

CREATE TABLE public.finding (
    program uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    named text NOT NULL,
    store uuid,
    till text DEFAULT ''::text NOT NULL,
    cashier text DEFAULT ''::text NOT NULL,
    member uuid,
    happened tstzrange NOT NULL,
    count bigint NOT NULL,
    usual bigint,
    amount bigint,
    evidence jsonb NOT NULL,
    found_at timestamp with time zone NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    decided_by jsonb,
    decided_at timestamp with time zone,
    word text DEFAULT ''::text NOT NULL,
    CONSTRAINT finding_check CHECK (((status = 'open'::text) = (decided_at IS NULL))),
    CONSTRAINT finding_kind_check CHECK ((kind = ANY (ARRAY['card_often'::text, 'returns_soon'::text, 'returns_share'::text, 'adjusted_and_spent'::text, 'code_guessing'::text, 'claims'::text, 'own_card'::text, 'member_guessing'::text]))),
    CONSTRAINT finding_status_check CHECK ((status = ANY (ARRAY['open'::text, 'harmless'::text, 'case'::text])))
);
ALTER TABLE ONLY public.finding FORCE ROW LEVEL SECURITY;

CREATE TABLE public.first_door (
    digest bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    passed_at timestamp with time zone,
    CONSTRAINT first_door_digest_check CHECK ((length(digest) = 32))
);

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

CREATE TABLE public.game (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    seed integer NOT NULL,
    plays bigint DEFAULT 0 NOT NULL,
    stopped_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT game_revision_check CHECK ((revision > 0)),
    CONSTRAINT game_seed_check CHECK ((seed > 0))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.game FORCE ROW LEVEL SECURITY;

CREATE TABLE public.game_credit (
    program uuid NOT NULL,
    home smallint NOT NULL,
    game text NOT NULL,
    purchase uuid NOT NULL,
    play uuid NOT NULL
);
ALTER TABLE ONLY public.game_credit FORCE ROW LEVEL SECURITY;

CREATE TABLE public.game_revision (
    program uuid NOT NULL,
    game text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    published_at timestamp with time zone NOT NULL,
    published_by text NOT NULL,
    CONSTRAINT game_revision_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.game_revision FORCE ROW LEVEL SECURITY;

CREATE TABLE public.game_seed (
    program uuid NOT NULL,
    game text NOT NULL,
    n integer NOT NULL,
    nonce bytea NOT NULL,
    commitment bytea NOT NULL,
    plays integer DEFAULT 0 NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    day date,
    revealed bytea,
    closed_at timestamp with time zone,
    CONSTRAINT game_seed_check1 CHECK (((revealed IS NULL) = (closed_at IS NULL))),
    CONSTRAINT game_seed_n_check CHECK ((n > 0)),
    CONSTRAINT game_seed_plays_check CHECK ((plays >= 0))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.game_seed FORCE ROW LEVEL SECURITY;

CREATE TABLE public.game_stock (
    program uuid NOT NULL,
    game text NOT NULL,
    field text NOT NULL,
    day integer NOT NULL,
    given bigint NOT NULL,
    CONSTRAINT game_stock_given_check CHECK ((given >= 0))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.game_stock FORCE ROW LEVEL SECURITY;

CREATE TABLE public.game_use (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    game text NOT NULL,
    period integer NOT NULL,
    used bigint NOT NULL,
    CONSTRAINT game_use_used_check CHECK ((used >= 0))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.game_use FORCE ROW LEVEL SECURITY;

CREATE TABLE public.gift_card (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    serial integer DEFAULT 0 NOT NULL,
    purpose text NOT NULL,
    tax_rate text DEFAULT ''::text NOT NULL,
    partner uuid NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    blocked_at timestamp with time zone,
    CONSTRAINT gift_card_check CHECK (((purpose = 'single'::text) = (tax_rate <> ''::text))),
    CONSTRAINT gift_card_purpose_check CHECK ((purpose = ANY (ARRAY['multi'::text, 'single'::text])))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.gift_card FORCE ROW LEVEL SECURITY;

CREATE TABLE public.gift_card_code (
    program uuid NOT NULL,
    id uuid NOT NULL,
    home smallint NOT NULL,
    card uuid NOT NULL,
    serial integer NOT NULL
);
ALTER TABLE ONLY public.gift_card_code FORCE ROW LEVEL SECURITY;

CREATE TABLE public.gift_card_sale (
    program uuid NOT NULL,
    home smallint NOT NULL,
    purchase uuid NOT NULL,
    line integer NOT NULL,
    card uuid NOT NULL,
    amount bigint NOT NULL,
    sold_at timestamp with time zone NOT NULL,
    CONSTRAINT gift_card_sale_amount_check CHECK ((amount > 0))
);
ALTER TABLE ONLY public.gift_card_sale FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.kept_gift_card (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    card uuid NOT NULL,
    card_home smallint NOT NULL,
    serial integer NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    reminded_of timestamp with time zone
);
ALTER TABLE ONLY public.kept_gift_card FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ladder (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    since timestamp with time zone NOT NULL,
    author text NOT NULL,
    CONSTRAINT ladder_code_check CHECK (((length(code) >= 1) AND (length(code) <= 63))),
    CONSTRAINT ladder_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.ladder FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ladder_pass (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    after_home smallint NOT NULL,
    after uuid NOT NULL,
    done_at timestamp with time zone
);
ALTER TABLE ONLY public.ladder_pass FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ledger_day (
    program uuid NOT NULL,
    currency text NOT NULL,
    day date NOT NULL,
    kind text NOT NULL,
    source text NOT NULL,
    target text NOT NULL,
    amount bigint NOT NULL
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.ledger_day FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.lottery (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    tickets bigint DEFAULT 0 NOT NULL,
    nonce bytea NOT NULL,
    commitment bytea NOT NULL,
    collected timestamp with time zone,
    drawn_at timestamp with time zone,
    stopped_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT lottery_revision_check CHECK ((revision > 0)),
    CONSTRAINT lottery_tickets_check CHECK ((tickets >= 0))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.lottery FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lottery_beacon (
    program uuid NOT NULL,
    lottery text NOT NULL,
    said_by text NOT NULL,
    beacon text NOT NULL,
    said_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.lottery_beacon FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lottery_drawing (
    program uuid NOT NULL,
    lottery text NOT NULL,
    revision integer NOT NULL,
    seed bytea NOT NULL,
    beacon text NOT NULL,
    tickets bigint NOT NULL,
    numbers jsonb NOT NULL,
    digest text NOT NULL,
    drawn_at timestamp with time zone NOT NULL,
    drawn_by text NOT NULL,
    CONSTRAINT lottery_drawing_tickets_check CHECK ((tickets >= 0))
);
ALTER TABLE ONLY public.lottery_drawing FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lottery_given (
    program uuid NOT NULL,
    lottery text NOT NULL,
    place integer NOT NULL,
    given_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.lottery_given FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lottery_revision (
    program uuid NOT NULL,
    lottery text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    published_at timestamp with time zone NOT NULL,
    published_by text NOT NULL,
    CONSTRAINT lottery_revision_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.lottery_revision FORCE ROW LEVEL SECURITY;

CREATE TABLE public.lottery_winner (
    program uuid NOT NULL,
    lottery text NOT NULL,
    place integer NOT NULL,
    number bigint NOT NULL,
    rank integer NOT NULL,
    ticket uuid NOT NULL,
    member uuid NOT NULL,
    CONSTRAINT lottery_winner_place_check CHECK ((place > 0)),
    CONSTRAINT lottery_winner_rank_check CHECK ((rank >= 0))
);
ALTER TABLE ONLY public.lottery_winner FORCE ROW LEVEL SECURITY;

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
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    partner uuid,
    CONSTRAINT member_check CHECK (((role IS NULL) = (own_pool IS NULL))),
    CONSTRAINT member_check1 CHECK (((spend_limit IS NULL) OR (role IS NOT NULL))),
    CONSTRAINT member_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'spender'::text, 'earner'::text]))),
    CONSTRAINT member_source_check CHECK ((source = ANY (ARRAY['till'::text, 'web'::text, 'app'::text, 'import'::text, 'partner'::text, 'api'::text]))),
    CONSTRAINT member_spend_limit_check CHECK ((spend_limit >= 0)),
    CONSTRAINT member_tag_check CHECK ((length(tag) <= 64))
);
ALTER TABLE ONLY public.member FORCE ROW LEVEL SECURITY;

CREATE TABLE public.member_badge (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    badge text NOT NULL,
    prize uuid,
    given_at timestamp with time zone NOT NULL,
    given_by text NOT NULL,
    taken_at timestamp with time zone
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.member_badge FORCE ROW LEVEL SECURITY;

CREATE TABLE public.member_mark (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    since timestamp with time zone NOT NULL,
    tier text,
    until timestamp with time zone,
    gained text,
    detail jsonb,
    reviewed boolean DEFAULT false NOT NULL,
    reminded_of timestamp with time zone,
    CONSTRAINT member_mark_check CHECK (((kind = 'tier'::text) = (tier IS NOT NULL))),
    CONSTRAINT member_mark_check1 CHECK (((until IS NULL) OR (until >= since))),
    CONSTRAINT member_mark_gained_check CHECK ((gained = ANY (ARRAY['earned'::text, 'kept'::text, 'lowered'::text, 'restored'::text]))),
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
    undone_at timestamp with time zone,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    undone_xid bigint,
    CONSTRAINT member_merge_check CHECK (((undone_at IS NULL) = (undone_xid IS NULL)))
);
ALTER TABLE ONLY public.member_merge FORCE ROW LEVEL SECURITY;

CREATE TABLE public.member_name (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT member_name_digest_check CHECK ((length(digest) = 16))
);
ALTER TABLE ONLY public.member_name FORCE ROW LEVEL SECURITY;

CREATE TABLE public.member_note (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    id uuid NOT NULL,
    generation integer NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed bytea NOT NULL,
    written_by text NOT NULL,
    written_at timestamp with time zone NOT NULL,
    CONSTRAINT member_note_generation_check CHECK ((generation > 0)),
    CONSTRAINT member_note_sealed_check CHECK ((length(sealed) >= 28)),
    CONSTRAINT member_note_wrapped_key_check CHECK ((length(wrapped_key) = 60))
);
ALTER TABLE ONLY public.member_note FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.member_visit (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    store uuid NOT NULL,
    day date NOT NULL,
    purchases integer NOT NULL
);
ALTER TABLE ONLY public.member_visit FORCE ROW LEVEL SECURITY;

CREATE TABLE public.membership (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    member uuid NOT NULL,
    origin uuid NOT NULL,
    n integer NOT NULL,
    state text NOT NULL,
    plan text NOT NULL,
    revision integer NOT NULL,
    anchor date NOT NULL,
    from_day date NOT NULL,
    until_day date NOT NULL,
    to_end boolean NOT NULL,
    paused_on date,
    due_at timestamp with time zone,
    begun_at timestamp with time zone NOT NULL,
    CONSTRAINT membership_state_check CHECK ((state = ANY (ARRAY['active'::text, 'due'::text, 'paused'::text, 'ended'::text])))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.membership FORCE ROW LEVEL SECURITY;

CREATE TABLE public.membership_plan (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    since timestamp with time zone NOT NULL,
    author text NOT NULL,
    CONSTRAINT membership_plan_code_check CHECK (((length(code) >= 1) AND (length(code) <= 63))),
    CONSTRAINT membership_plan_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.membership_plan FORCE ROW LEVEL SECURITY;

CREATE TABLE public.membership_step (
    program uuid NOT NULL,
    home smallint NOT NULL,
    membership uuid NOT NULL,
    n integer NOT NULL,
    act text NOT NULL,
    plan text NOT NULL,
    revision integer NOT NULL,
    from_day date NOT NULL,
    until_day date NOT NULL,
    amount bigint NOT NULL,
    credit bigint DEFAULT 0 NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT membership_step_act_check CHECK ((act = ANY (ARRAY['started'::text, 'renewed'::text, 'changed'::text, 'paused'::text, 'resumed'::text, 'to_end'::text, 'to_go_on'::text, 'due'::text, 'ended'::text, 'refunded'::text]))),
    CONSTRAINT membership_step_amount_check CHECK ((amount >= 0)),
    CONSTRAINT membership_step_credit_check CHECK ((credit >= 0)),
    CONSTRAINT membership_step_n_check CHECK ((n >= 0))
);
ALTER TABLE ONLY public.membership_step FORCE ROW LEVEL SECURITY;

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
    CONSTRAINT message_outgoing_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'push'::text, 'pass'::text]))),
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

CREATE TABLE public.missed_guess (
    program uuid NOT NULL,
    day date NOT NULL,
    store uuid NOT NULL,
    till text NOT NULL,
    cashier text NOT NULL,
    what text NOT NULL,
    guess bytea NOT NULL,
    times integer NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT missed_guess_guess_check CHECK ((length(guess) = 16)),
    CONSTRAINT missed_guess_times_check CHECK ((times > 0)),
    CONSTRAINT missed_guess_what_check CHECK ((what = ANY (ARRAY['code'::text, 'member'::text])))
);
ALTER TABLE ONLY public.missed_guess FORCE ROW LEVEL SECURITY;

CREATE TABLE public.occasion (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    seats integer NOT NULL,
    taken integer NOT NULL,
    queued integer NOT NULL,
    called_off_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT occasion_check CHECK ((taken <= seats)),
    CONSTRAINT occasion_code_check CHECK (((length(code) >= 1) AND (length(code) <= 63))),
    CONSTRAINT occasion_queued_check CHECK ((queued >= 0)),
    CONSTRAINT occasion_revision_check CHECK ((revision > 0)),
    CONSTRAINT occasion_seats_check CHECK ((seats > 0)),
    CONSTRAINT occasion_taken_check CHECK ((taken >= 0))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.occasion FORCE ROW LEVEL SECURITY;

CREATE TABLE public.occasion_revision (
    program uuid NOT NULL,
    occasion text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    CONSTRAINT occasion_revision_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.occasion_revision FORCE ROW LEVEL SECURITY;

CREATE TABLE public.offer_activation (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    promotion uuid NOT NULL,
    activated_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.offer_activation FORCE ROW LEVEL SECURITY;

CREATE TABLE public.offline_conflict (
    program uuid NOT NULL,
    home smallint NOT NULL,
    purchase uuid NOT NULL,
    kind text NOT NULL,
    id uuid NOT NULL,
    store uuid NOT NULL,
    device uuid NOT NULL,
    counter bigint NOT NULL,
    amount bigint NOT NULL,
    seconds bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT offline_conflict_kind_check CHECK ((kind = ANY (ARRAY['counter_reused'::text, 'device_unknown'::text, 'over_allowance'::text, 'over_till_total'::text, 'allowance_forged'::text, 'allowance_expired'::text, 'snapshot_old'::text, 'shortfall'::text, 'price_differs'::text, 'clock_wrong'::text])))
);
ALTER TABLE ONLY public.offline_conflict FORCE ROW LEVEL SECURITY;

CREATE TABLE public.offline_receipt (
    program uuid NOT NULL,
    device uuid NOT NULL,
    counter bigint NOT NULL,
    copy integer NOT NULL,
    purchase uuid NOT NULL,
    store uuid NOT NULL,
    snapshot uuid,
    allowance bytea,
    made_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    spent bigint NOT NULL,
    worth bigint NOT NULL,
    CONSTRAINT offline_receipt_copy_check CHECK ((copy >= 0)),
    CONSTRAINT offline_receipt_counter_check CHECK ((counter > 0)),
    CONSTRAINT offline_receipt_spent_check CHECK ((spent >= 0)),
    CONSTRAINT offline_receipt_worth_check CHECK ((worth >= 0))
);
ALTER TABLE ONLY public.offline_receipt FORCE ROW LEVEL SECURITY;

CREATE TABLE public.outbox (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    subject uuid NOT NULL,
    member uuid,
    at timestamp with time zone NOT NULL,
    data jsonb NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT outbox_type_check CHECK (((length(type) >= 1) AND (length(type) <= 60)))
);
ALTER TABLE ONLY public.outbox FORCE ROW LEVEL SECURITY;

CREATE TABLE public.pack (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    member uuid NOT NULL,
    pool uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    currency text NOT NULL,
    visits integer NOT NULL,
    price bigint NOT NULL,
    lot uuid NOT NULL,
    reference text NOT NULL,
    store uuid,
    sold_at timestamp with time zone NOT NULL,
    sold_by text NOT NULL,
    CONSTRAINT pack_price_check CHECK ((price >= 0)),
    CONSTRAINT pack_visits_check CHECK ((visits > 0))
);
ALTER TABLE ONLY public.pack FORCE ROW LEVEL SECURITY;

CREATE TABLE public.pack_kind (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    since timestamp with time zone NOT NULL,
    author text NOT NULL,
    CONSTRAINT pack_kind_code_check CHECK (((length(code) >= 1) AND (length(code) <= 63))),
    CONSTRAINT pack_kind_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.pack_kind FORCE ROW LEVEL SECURITY;

CREATE TABLE public.pack_refund (
    program uuid NOT NULL,
    home smallint NOT NULL,
    pack uuid NOT NULL,
    visits integer NOT NULL,
    amount bigint NOT NULL,
    reason text NOT NULL,
    refunded_at timestamp with time zone NOT NULL,
    refunded_by text NOT NULL,
    CONSTRAINT pack_refund_amount_check CHECK ((amount >= 0)),
    CONSTRAINT pack_refund_visits_check CHECK ((visits > 0))
);
ALTER TABLE ONLY public.pack_refund FORCE ROW LEVEL SECURITY;

CREATE TABLE public.partner (
    program uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    CONSTRAINT partner_code_check CHECK ((code ~ '^[a-z0-9][a-z0-9._-]{0,62}$'::text))
);
ALTER TABLE ONLY public.partner FORCE ROW LEVEL SECURITY;

CREATE TABLE public.passing (
    program uuid NOT NULL,
    home smallint NOT NULL,
    giver uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    pool uuid NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    fee bigint DEFAULT 0 NOT NULL,
    posting uuid NOT NULL,
    taker uuid,
    into_pool uuid,
    lots jsonb,
    charity text,
    worth bigint,
    target text,
    received bigint,
    passed_at timestamp with time zone NOT NULL,
    CONSTRAINT passing_amount_check CHECK ((amount > 0)),
    CONSTRAINT passing_check CHECK (((kind = 'transfer'::text) = ((taker IS NOT NULL) AND (into_pool IS NOT NULL) AND (lots IS NOT NULL)))),
    CONSTRAINT passing_check1 CHECK (((kind = 'donation'::text) = ((charity IS NOT NULL) AND (worth IS NOT NULL)))),
    CONSTRAINT passing_check2 CHECK (((kind = 'exchange'::text) = ((target IS NOT NULL) AND (received IS NOT NULL)))),
    CONSTRAINT passing_fee_check CHECK ((fee >= 0)),
    CONSTRAINT passing_kind_check CHECK ((kind = ANY (ARRAY['transfer'::text, 'donation'::text, 'exchange'::text, 'sharing'::text]))),
    CONSTRAINT passing_sharing_check CHECK (((kind <> 'sharing'::text) OR (into_pool IS NOT NULL)))
);
ALTER TABLE ONLY public.passing FORCE ROW LEVEL SECURITY;

CREATE TABLE public.passing_back (
    program uuid NOT NULL,
    home smallint NOT NULL,
    giver uuid NOT NULL,
    id uuid NOT NULL,
    posting uuid NOT NULL,
    taken_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.passing_back FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.play (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    member uuid NOT NULL,
    pool uuid NOT NULL,
    game text NOT NULL,
    revision integer NOT NULL,
    seed integer NOT NULL,
    number integer NOT NULL,
    roll bigint NOT NULL,
    landed text NOT NULL,
    given text NOT NULL,
    paid text NOT NULL,
    currency text,
    points bigint DEFAULT 0 NOT NULL,
    played_at timestamp with time zone NOT NULL,
    played_by text NOT NULL,
    CONSTRAINT play_number_check CHECK ((number > 0)),
    CONSTRAINT play_paid_check CHECK ((paid = ANY (ARRAY['free'::text, 'credit'::text, 'points'::text]))),
    CONSTRAINT play_points_check CHECK ((points >= 0)),
    CONSTRAINT play_roll_check CHECK ((roll >= 0))
);
ALTER TABLE ONLY public.play FORCE ROW LEVEL SECURITY;

CREATE TABLE public.points_rate (
    program uuid NOT NULL,
    currency text NOT NULL,
    target text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    since timestamp with time zone NOT NULL,
    author text NOT NULL,
    CONSTRAINT points_rate_check CHECK ((currency <> target)),
    CONSTRAINT points_rate_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.points_rate FORCE ROW LEVEL SECURITY;

CREATE TABLE public.pool (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    CONSTRAINT pool_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'household'::text, 'company'::text, 'card'::text, 'till'::text, 'gift_card'::text, 'voucher'::text])))
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
    CONSTRAINT posting_kind_check CHECK ((kind = ANY (ARRAY['purchase'::text, 'return'::text, 'void'::text, 'adjustment'::text, 'transfer_out'::text, 'transfer_in'::text, 'expiry'::text, 'debt_payment'::text, 'write_off'::text, 'reversal'::text, 'bonus'::text, 'grace'::text, 'welcome'::text, 'opening'::text, 'redemption'::text, 'cancellation'::text, 'top_up'::text, 'donation'::text, 'exchange_out'::text, 'exchange_in'::text])))
);
ALTER TABLE ONLY public.posting FORCE ROW LEVEL SECURITY;

CREATE TABLE public.prepaid_sale (
    program uuid NOT NULL,
    home smallint NOT NULL,
    purchase uuid NOT NULL,
    line integer NOT NULL,
    kind text NOT NULL,
    what uuid NOT NULL,
    amount bigint NOT NULL,
    sold_at timestamp with time zone NOT NULL,
    CONSTRAINT prepaid_sale_amount_check CHECK ((amount >= 0)),
    CONSTRAINT prepaid_sale_kind_check CHECK ((kind = ANY (ARRAY['pack'::text, 'membership'::text])))
);
ALTER TABLE ONLY public.prepaid_sale FORCE ROW LEVEL SECURITY;

CREATE TABLE public.prize (
    program uuid NOT NULL,
    home smallint NOT NULL,
    cause text NOT NULL,
    about uuid NOT NULL,
    n integer NOT NULL,
    id uuid NOT NULL,
    member uuid NOT NULL,
    document jsonb NOT NULL,
    posting uuid,
    lot uuid,
    valid_until timestamp with time zone,
    cost bigint NOT NULL,
    funder uuid NOT NULL,
    given_at timestamp with time zone NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT prize_cause_check CHECK (((length(cause) >= 1) AND (length(cause) <= 32))),
    CONSTRAINT prize_cost_check CHECK ((cost >= 0)),
    CONSTRAINT prize_n_check CHECK ((n >= 0))
);
ALTER TABLE ONLY public.prize FORCE ROW LEVEL SECURITY;

CREATE TABLE public.prize_taken (
    program uuid NOT NULL,
    home smallint NOT NULL,
    prize uuid NOT NULL,
    taken text NOT NULL,
    posting uuid,
    taken_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    CONSTRAINT prize_taken_taken_check CHECK ((taken = ANY (ARRAY['whole'::text, 'used'::text, 'kept'::text])))
);
ALTER TABLE ONLY public.prize_taken FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.program_logo (
    program uuid NOT NULL,
    digest bytea NOT NULL,
    media_type text NOT NULL,
    body bytea NOT NULL,
    given_at timestamp with time zone NOT NULL,
    CONSTRAINT program_logo_body_check CHECK (((length(body) >= 1) AND (length(body) <= 200000))),
    CONSTRAINT program_logo_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT program_logo_media_type_check CHECK ((media_type = ANY (ARRAY['image/png'::text, 'image/jpeg'::text, 'image/webp'::text])))
);
ALTER TABLE ONLY public.program_logo FORCE ROW LEVEL SECURITY;

CREATE TABLE public.program_plan (
    staff uuid NOT NULL,
    program uuid NOT NULL,
    content jsonb NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    made jsonb,
    CONSTRAINT program_plan_check CHECK (((state = 'founded'::text) = (made IS NOT NULL))),
    CONSTRAINT program_plan_state_check CHECK ((state = ANY (ARRAY['open'::text, 'founding'::text, 'founded'::text])))
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
    draft_version integer DEFAULT 0 NOT NULL,
    CONSTRAINT promotion_check CHECK (((status = 'draft'::text) = (revision = 0))),
    CONSTRAINT promotion_draft_version_check CHECK ((draft_version >= 0)),
    CONSTRAINT promotion_revision_check CHECK ((revision >= 0)),
    CONSTRAINT promotion_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'live'::text, 'stopped'::text])))
);
ALTER TABLE ONLY public.promotion FORCE ROW LEVEL SECURITY;

CREATE TABLE public.promotion_day (
    program uuid NOT NULL,
    promotion uuid NOT NULL,
    store uuid NOT NULL,
    day date NOT NULL,
    purchases bigint NOT NULL,
    by_members bigint NOT NULL,
    net bigint NOT NULL
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.promotion_day FORCE ROW LEVEL SECURITY;

CREATE TABLE public.promotion_day_given (
    program uuid NOT NULL,
    promotion uuid NOT NULL,
    store uuid NOT NULL,
    day date NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    back bigint NOT NULL
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.promotion_day_given FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.promotion_review (
    program uuid NOT NULL,
    promotion uuid NOT NULL,
    draft_version integer NOT NULL,
    step integer NOT NULL,
    kind text NOT NULL,
    comment text NOT NULL,
    by text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT promotion_review_draft_version_check CHECK ((draft_version > 0)),
    CONSTRAINT promotion_review_kind_check CHECK ((kind = ANY (ARRAY['asked'::text, 'approved'::text, 'returned'::text, 'withdrawn'::text]))),
    CONSTRAINT promotion_review_step_check CHECK ((step > 0))
);
ALTER TABLE ONLY public.promotion_review FORCE ROW LEVEL SECURITY;

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
    document bytea NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL
);
ALTER TABLE ONLY public.purchase_claim ALTER COLUMN document SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.purchase_claim FORCE ROW LEVEL SECURITY;

CREATE TABLE public.quest (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    since timestamp with time zone NOT NULL,
    author text NOT NULL,
    CONSTRAINT quest_code_check CHECK (((length(code) >= 1) AND (length(code) <= 63))),
    CONSTRAINT quest_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.quest FORCE ROW LEVEL SECURITY;

CREATE TABLE public.quest_budget (
    program uuid NOT NULL,
    quest text NOT NULL,
    won bigint DEFAULT 0 NOT NULL,
    cost bigint DEFAULT 0 NOT NULL,
    CONSTRAINT quest_budget_cost_check CHECK ((cost >= 0)),
    CONSTRAINT quest_budget_won_check CHECK ((won >= 0))
)
WITH (fillfactor='50');
ALTER TABLE ONLY public.quest_budget FORCE ROW LEVEL SECURITY;

CREATE TABLE public.quest_count (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    quest text NOT NULL,
    round integer NOT NULL,
    source uuid NOT NULL,
    act uuid NOT NULL,
    key text NOT NULL,
    amount bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT quest_count_amount_check CHECK ((amount <> 0))
);
ALTER TABLE ONLY public.quest_count FORCE ROW LEVEL SECURITY;

CREATE TABLE public.quest_entry (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    quest text NOT NULL,
    joined_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.quest_entry FORCE ROW LEVEL SECURITY;

CREATE TABLE public.quest_standing (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    quest text NOT NULL,
    round integer NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    reached bigint NOT NULL,
    steps integer[] NOT NULL,
    undone integer DEFAULT 0 NOT NULL,
    whole integer NOT NULL,
    named boolean NOT NULL,
    counted_at timestamp with time zone NOT NULL
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.quest_standing FORCE ROW LEVEL SECURITY;

CREATE TABLE public.quest_step (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    quest text NOT NULL,
    round integer NOT NULL,
    step integer NOT NULL,
    turn integer NOT NULL,
    id uuid NOT NULL,
    whole boolean NOT NULL,
    source uuid NOT NULL,
    cost bigint NOT NULL,
    reached_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.quest_step FORCE ROW LEVEL SECURITY;

CREATE TABLE public.quest_step_undone (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    quest text NOT NULL,
    round integer NOT NULL,
    step integer NOT NULL,
    turn integer NOT NULL,
    act uuid NOT NULL,
    undone_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.quest_step_undone FORCE ROW LEVEL SECURITY;

CREATE TABLE public.questionnaire (
    program uuid NOT NULL,
    version integer NOT NULL,
    document jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    CONSTRAINT questionnaire_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.questionnaire FORCE ROW LEVEL SECURITY;

CREATE TABLE public.redemption (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    reward uuid NOT NULL,
    revision integer NOT NULL,
    member uuid NOT NULL,
    pool uuid NOT NULL,
    store uuid,
    stock uuid,
    quantity integer NOT NULL,
    currency text NOT NULL,
    points bigint NOT NULL,
    money bigint NOT NULL,
    valid_until timestamp with time zone,
    redeemed_at timestamp with time zone NOT NULL,
    redeemed_by text NOT NULL,
    CONSTRAINT redemption_money_check CHECK ((money >= 0)),
    CONSTRAINT redemption_points_check CHECK ((points >= 0)),
    CONSTRAINT redemption_quantity_check CHECK (((quantity >= 1) AND (quantity <= 1000)))
);
ALTER TABLE ONLY public.redemption FORCE ROW LEVEL SECURITY;

CREATE TABLE public.redemption_now (
    program uuid NOT NULL,
    home smallint NOT NULL,
    redemption uuid NOT NULL,
    n smallint NOT NULL,
    state text NOT NULL,
    due_at timestamp with time zone
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.redemption_now FORCE ROW LEVEL SECURITY;

CREATE TABLE public.redemption_state (
    program uuid NOT NULL,
    home smallint NOT NULL,
    redemption uuid NOT NULL,
    n smallint NOT NULL,
    state text NOT NULL,
    posting uuid,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT redemption_state_n_check CHECK ((n >= 0)),
    CONSTRAINT redemption_state_state_check CHECK ((state = ANY (ARRAY['held'::text, 'claimed'::text, 'ready'::text, 'shipped'::text, 'handed_over'::text, 'cancelled'::text, 'lapsed'::text])))
);
ALTER TABLE ONLY public.redemption_state FORCE ROW LEVEL SECURITY;

CREATE TABLE public.referral (
    program uuid NOT NULL,
    home smallint NOT NULL,
    friend uuid NOT NULL,
    referrer uuid NOT NULL,
    code text NOT NULL,
    refused text,
    referred_at timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT referral_refused_check CHECK ((refused = ANY (ARRAY['self'::text, 'same_contact'::text, 'same_device'::text, 'same_account'::text, 'member_before'::text, 'circle'::text])))
);
ALTER TABLE ONLY public.referral FORCE ROW LEVEL SECURITY;

CREATE TABLE public.referral_back (
    program uuid NOT NULL,
    home smallint NOT NULL,
    friend uuid NOT NULL,
    kind text NOT NULL,
    n smallint NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    CONSTRAINT referral_back_kind_check CHECK ((kind = ANY (ARRAY['step'::text, 'milestone'::text])))
);
ALTER TABLE ONLY public.referral_back FORCE ROW LEVEL SECURITY;

CREATE TABLE public.referral_code (
    program uuid NOT NULL,
    code text NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT referral_code_code_check CHECK (((length(code) >= 6) AND (length(code) <= 16)))
);
ALTER TABLE ONLY public.referral_code FORCE ROW LEVEL SECURITY;

CREATE TABLE public.referral_milestone (
    program uuid NOT NULL,
    home smallint NOT NULL,
    referrer uuid NOT NULL,
    friends smallint NOT NULL,
    cost bigint NOT NULL,
    given_at timestamp with time zone NOT NULL,
    CONSTRAINT referral_milestone_cost_check CHECK ((cost >= 0)),
    CONSTRAINT referral_milestone_friends_check CHECK ((friends > 1))
);
ALTER TABLE ONLY public.referral_milestone FORCE ROW LEVEL SECURITY;

CREATE TABLE public.referral_open (
    program uuid NOT NULL,
    home smallint NOT NULL,
    friend uuid NOT NULL
);
ALTER TABLE ONLY public.referral_open FORCE ROW LEVEL SECURITY;

CREATE TABLE public.referral_payment (
    program uuid NOT NULL,
    home smallint NOT NULL,
    purchase uuid NOT NULL,
    digest bytea NOT NULL,
    member uuid,
    paid_at timestamp with time zone NOT NULL,
    CONSTRAINT referral_payment_digest_check CHECK ((length(digest) = 32))
);
ALTER TABLE ONLY public.referral_payment FORCE ROW LEVEL SECURITY;

CREATE TABLE public.referral_program (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    since timestamp with time zone NOT NULL,
    author text NOT NULL,
    CONSTRAINT referral_program_code_check CHECK (((length(code) >= 1) AND (length(code) <= 63))),
    CONSTRAINT referral_program_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.referral_program FORCE ROW LEVEL SECURITY;

CREATE TABLE public.referral_step (
    program uuid NOT NULL,
    home smallint NOT NULL,
    friend uuid NOT NULL,
    purchases smallint NOT NULL,
    bought_at smallint NOT NULL,
    purchase uuid NOT NULL,
    referrer uuid NOT NULL,
    to_friend boolean NOT NULL,
    to_referrer boolean NOT NULL,
    withheld text,
    cost bigint NOT NULL,
    "least" bigint NOT NULL,
    given_at timestamp with time zone NOT NULL,
    CONSTRAINT referral_step_cost_check CHECK ((cost >= 0)),
    CONSTRAINT referral_step_least_check CHECK (("least" >= 0)),
    CONSTRAINT referral_step_purchases_check CHECK ((purchases > 0)),
    CONSTRAINT referral_step_withheld_check CHECK ((withheld = ANY (ARRAY['cap'::text, 'budget'::text, 'gone'::text, 'same_account'::text, 'same_instrument'::text])))
);
ALTER TABLE ONLY public.referral_step FORCE ROW LEVEL SECURITY;

CREATE TABLE public.referral_trace (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    kind text NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT referral_trace_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT referral_trace_kind_check CHECK ((kind = ANY (ARRAY['phone'::text, 'email'::text, 'device'::text])))
);
ALTER TABLE ONLY public.referral_trace FORCE ROW LEVEL SECURITY;

CREATE TABLE public.referral_use (
    program uuid NOT NULL,
    home smallint NOT NULL,
    referrer uuid NOT NULL,
    period text NOT NULL,
    used bigint NOT NULL,
    CONSTRAINT referral_use_period_check CHECK ((length(period) <= 20)),
    CONSTRAINT referral_use_used_check CHECK ((used >= 0))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.referral_use FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.reward (
    program uuid NOT NULL,
    id uuid NOT NULL,
    revision integer NOT NULL,
    stopped_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT reward_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.reward FORCE ROW LEVEL SECURITY;

CREATE TABLE public.reward_revision (
    program uuid NOT NULL,
    reward uuid NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    published_at timestamp with time zone NOT NULL,
    published_by text NOT NULL,
    CONSTRAINT reward_revision_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.reward_revision FORCE ROW LEVEL SECURITY;

CREATE TABLE public.reward_stock (
    program uuid NOT NULL,
    reward uuid NOT NULL,
    store uuid NOT NULL,
    supplied bigint NOT NULL,
    remaining bigint NOT NULL,
    CONSTRAINT reward_stock_check CHECK ((remaining <= supplied)),
    CONSTRAINT reward_stock_remaining_check CHECK ((remaining >= 0)),
    CONSTRAINT reward_stock_supplied_check CHECK ((supplied >= 0))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.reward_stock FORCE ROW LEVEL SECURITY;

CREATE TABLE public.reward_use (
    program uuid NOT NULL,
    home smallint NOT NULL,
    holder uuid NOT NULL,
    reward uuid NOT NULL,
    period integer NOT NULL,
    used bigint NOT NULL,
    CONSTRAINT reward_use_used_check CHECK ((used >= 0))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.reward_use FORCE ROW LEVEL SECURITY;

CREATE TABLE public.rhythm (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    stale boolean NOT NULL,
    last_day date,
    median_halves integer,
    overdue_on date,
    told_of date
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.rhythm FORCE ROW LEVEL SECURITY;

CREATE TABLE public.rhythm_basis (
    program uuid NOT NULL,
    basis text NOT NULL
);
ALTER TABLE ONLY public.rhythm_basis FORCE ROW LEVEL SECURITY;

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
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    generation integer,
    wrapped_key bytea,
    sealed bytea,
    CONSTRAINT shared_account_check CHECK ((num_nulls(generation, wrapped_key, sealed) = ANY (ARRAY[0, 3]))),
    CONSTRAINT shared_account_generation_check CHECK ((generation > 0)),
    CONSTRAINT shared_account_kind_check CHECK ((kind = ANY (ARRAY['household'::text, 'company'::text]))),
    CONSTRAINT shared_account_sealed_check CHECK ((length(sealed) >= 28)),
    CONSTRAINT shared_account_wrapped_key_check CHECK ((length(wrapped_key) = 60))
);
ALTER TABLE ONLY public.shared_account ALTER COLUMN sealed SET STORAGE EXTERNAL;
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

CREATE TABLE public.staff (
    id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    language text DEFAULT 'en'::text NOT NULL,
    password text DEFAULT ''::text NOT NULL,
    totp_generation integer,
    totp_key bytea,
    totp bytea,
    totp_step bigint DEFAULT 0 NOT NULL,
    subject text,
    proven_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    founder boolean DEFAULT false NOT NULL,
    CONSTRAINT staff_check CHECK ((((totp IS NULL) = (totp_key IS NULL)) AND ((totp IS NULL) = (totp_generation IS NULL)))),
    CONSTRAINT staff_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND (length(email) <= 254)))),
    CONSTRAINT staff_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120)))
);

CREATE TABLE public.staff_attempt (
    subject bytea NOT NULL,
    wrong integer NOT NULL,
    locked_until timestamp with time zone,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_attempt_subject_check CHECK ((length(subject) = 32))
)
WITH (fillfactor='80');

CREATE TABLE public.staff_invitation (
    id uuid NOT NULL,
    digest bytea NOT NULL,
    kind text NOT NULL,
    program uuid NOT NULL,
    email text NOT NULL,
    roles text[] DEFAULT '{}'::text[] NOT NULL,
    stores uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    partner uuid,
    by uuid,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT staff_invitation_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT staff_invitation_email_check CHECK ((email = lower(email))),
    CONSTRAINT staff_invitation_kind_check CHECK ((kind = ANY (ARRAY['invitation'::text, 'password'::text, 'forgotten'::text])))
);

CREATE TABLE public.staff_passkey (
    id uuid NOT NULL,
    staff uuid NOT NULL,
    credential bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    label text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.staff_question (
    id uuid NOT NULL,
    purpose text NOT NULL,
    staff uuid,
    after text DEFAULT ''::text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_question_purpose_check CHECK ((purpose = ANY (ARRAY['passkey_sign_in'::text, 'passkey_add'::text, 'single_sign_on'::text])))
);

CREATE TABLE public.staff_recovery_code (
    staff uuid NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT staff_recovery_code_digest_check CHECK ((length(digest) = 32))
);

CREATE TABLE public.staff_role (
    program uuid NOT NULL,
    staff uuid NOT NULL,
    roles text[] NOT NULL,
    stores uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    partner uuid,
    since timestamp with time zone NOT NULL,
    CONSTRAINT staff_role_roles_check CHECK ((cardinality(roles) > 0))
);

CREATE TABLE public.staff_session (
    digest bytea NOT NULL,
    id uuid NOT NULL,
    staff uuid NOT NULL,
    program uuid,
    stage text NOT NULL,
    method text NOT NULL,
    agent text NOT NULL,
    address text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_session_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT staff_session_method_check CHECK ((method = ANY (ARRAY['password'::text, 'second_factor'::text, 'passkey'::text, 'single_sign_on'::text, 'invitation'::text]))),
    CONSTRAINT staff_session_stage_check CHECK ((stage = ANY (ARRAY['second_factor'::text, 'in'::text])))
)
WITH (fillfactor='80');

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

CREATE TABLE public.store_day (
    program uuid NOT NULL,
    store uuid NOT NULL,
    day date NOT NULL,
    purchases bigint NOT NULL,
    by_members bigint NOT NULL,
    with_card bigint NOT NULL,
    in_other_money bigint NOT NULL,
    gross bigint NOT NULL,
    discount bigint NOT NULL,
    card_gross bigint NOT NULL,
    card_discount bigint NOT NULL,
    earned bigint NOT NULL,
    spent bigint NOT NULL,
    returns bigint NOT NULL,
    gross_back bigint NOT NULL,
    discount_back bigint NOT NULL,
    money_back bigint NOT NULL,
    points_back bigint NOT NULL,
    points_taken bigint NOT NULL
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.store_day FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.survey (
    program uuid NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    stopped_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT survey_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.survey FORCE ROW LEVEL SECURITY;

CREATE TABLE public.survey_part (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    survey text NOT NULL,
    occasion text DEFAULT ''::text NOT NULL,
    revision integer NOT NULL,
    score integer,
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.survey_part FORCE ROW LEVEL SECURITY;

CREATE TABLE public.survey_reply (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    survey text NOT NULL,
    revision integer NOT NULL,
    member uuid,
    choices jsonb NOT NULL,
    day date NOT NULL,
    generation integer,
    wrapped_key bytea,
    sealed bytea,
    CONSTRAINT survey_reply_check CHECK ((num_nulls(generation, wrapped_key, sealed) = ANY (ARRAY[0, 3]))),
    CONSTRAINT survey_reply_generation_check CHECK ((generation > 0)),
    CONSTRAINT survey_reply_sealed_check CHECK ((length(sealed) >= 28)),
    CONSTRAINT survey_reply_wrapped_key_check CHECK ((length(wrapped_key) = 60))
);
ALTER TABLE ONLY public.survey_reply ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.survey_reply FORCE ROW LEVEL SECURITY;

CREATE TABLE public.survey_revision (
    program uuid NOT NULL,
    survey text NOT NULL,
    revision integer NOT NULL,
    document jsonb NOT NULL,
    published_at timestamp with time zone NOT NULL,
    published_by text NOT NULL,
    CONSTRAINT survey_revision_revision_check CHECK ((revision > 0))
);
ALTER TABLE ONLY public.survey_revision FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ticket (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    member uuid NOT NULL,
    pool uuid NOT NULL,
    lottery text NOT NULL,
    number bigint NOT NULL,
    source text NOT NULL,
    purchase uuid,
    currency text,
    points bigint DEFAULT 0 NOT NULL,
    posting uuid,
    given_at timestamp with time zone NOT NULL,
    given_by text NOT NULL,
    prize uuid,
    CONSTRAINT ticket_number_check CHECK ((number > 0)),
    CONSTRAINT ticket_points_check CHECK ((points >= 0)),
    CONSTRAINT ticket_source_check CHECK ((source = ANY (ARRAY['points'::text, 'purchase'::text, 'given'::text, 'prize'::text])))
);
ALTER TABLE ONLY public.ticket FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ticket_count (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    lottery text NOT NULL,
    tickets bigint NOT NULL,
    CONSTRAINT ticket_count_tickets_check CHECK ((tickets >= 0))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.ticket_count FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ticket_purchase (
    program uuid NOT NULL,
    home smallint NOT NULL,
    lottery text NOT NULL,
    purchase uuid NOT NULL,
    tickets integer NOT NULL,
    CONSTRAINT ticket_purchase_tickets_check CHECK ((tickets >= 0))
);
ALTER TABLE ONLY public.ticket_purchase FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ticket_void (
    program uuid NOT NULL,
    home smallint NOT NULL,
    ticket uuid NOT NULL,
    posting uuid,
    reason text NOT NULL,
    voided_at timestamp with time zone NOT NULL,
    voided_by text NOT NULL
);
ALTER TABLE ONLY public.ticket_void FORCE ROW LEVEL SECURITY;

CREATE TABLE public.tier_change (
    program uuid NOT NULL,
    home smallint NOT NULL,
    member uuid NOT NULL,
    id uuid NOT NULL,
    ladder text NOT NULL,
    from_tier text,
    to_tier text,
    at timestamp with time zone NOT NULL,
    until timestamp with time zone,
    reason text NOT NULL,
    measures jsonb NOT NULL,
    purchase uuid,
    recorded_at timestamp with time zone NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT tier_change_reason_check CHECK ((reason = ANY (ARRAY['earned'::text, 'kept'::text, 'lowered'::text, 'restored'::text, 'undone'::text, 'given'::text, 'taken'::text, 'membership'::text, 'membership_over'::text])))
);
ALTER TABLE ONLY public.tier_change FORCE ROW LEVEL SECURITY;

CREATE TABLE public.till (
    program uuid NOT NULL,
    store uuid NOT NULL,
    code text NOT NULL,
    pool uuid NOT NULL,
    CONSTRAINT till_code_check CHECK ((length(code) <= 64))
);
ALTER TABLE ONLY public.till FORCE ROW LEVEL SECURITY;

CREATE TABLE public.till_device (
    program uuid NOT NULL,
    id uuid NOT NULL,
    store uuid NOT NULL,
    till text NOT NULL,
    name text NOT NULL,
    registered boolean NOT NULL,
    made_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    counter bigint DEFAULT 0 NOT NULL,
    synced_at timestamp with time zone
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.till_device FORCE ROW LEVEL SECURITY;

CREATE TABLE public.trail_witness (
    program uuid NOT NULL,
    id uuid NOT NULL,
    seq bigint NOT NULL,
    digest bytea NOT NULL,
    witnessed_at timestamp with time zone NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT trail_witness_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT trail_witness_seq_check CHECK ((seq > 0))
);
ALTER TABLE ONLY public.trail_witness FORCE ROW LEVEL SECURITY;

CREATE TABLE public.visit_gap (
    program uuid NOT NULL,
    scope uuid NOT NULL,
    day date NOT NULL,
    gap smallint NOT NULL,
    second boolean NOT NULL,
    members bigint NOT NULL,
    CONSTRAINT visit_gap_gap_check CHECK (((gap >= 0) AND (gap <= 401)))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.visit_gap FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.voucher_booked (
    program uuid NOT NULL,
    home smallint NOT NULL,
    code uuid NOT NULL,
    money uuid NOT NULL,
    used boolean NOT NULL,
    partner uuid,
    drawn bigint NOT NULL,
    voided boolean NOT NULL,
    CONSTRAINT voucher_booked_check CHECK (((partner IS NOT NULL) = used)),
    CONSTRAINT voucher_booked_drawn_check CHECK ((drawn >= 0))
);
ALTER TABLE ONLY public.voucher_booked FORCE ROW LEVEL SECURITY;

CREATE TABLE public.voucher_definition (
    program uuid NOT NULL,
    batch uuid NOT NULL,
    document jsonb NOT NULL,
    promotion uuid,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.voucher_definition FORCE ROW LEVEL SECURITY;

CREATE TABLE public.voucher_money (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    batch uuid NOT NULL,
    lot uuid NOT NULL,
    worth bigint NOT NULL,
    codes integer NOT NULL,
    purpose text NOT NULL,
    tax_rate text DEFAULT ''::text NOT NULL,
    partner uuid NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    CONSTRAINT voucher_money_check CHECK (((purpose = 'single'::text) = (tax_rate <> ''::text))),
    CONSTRAINT voucher_money_codes_check CHECK ((codes > 0)),
    CONSTRAINT voucher_money_purpose_check CHECK ((purpose = ANY (ARRAY['multi'::text, 'single'::text]))),
    CONSTRAINT voucher_money_worth_check CHECK ((worth > 0))
);
ALTER TABLE ONLY public.voucher_money FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.wallet_pass (
    program uuid NOT NULL,
    home smallint NOT NULL,
    card uuid NOT NULL,
    shown bytea NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    looked_at timestamp with time zone NOT NULL,
    CONSTRAINT wallet_pass_shown_check CHECK ((length(shown) = 32))
);
ALTER TABLE ONLY public.wallet_pass FORCE ROW LEVEL SECURITY;

CREATE TABLE public.wallet_phone (
    program uuid NOT NULL,
    home smallint NOT NULL,
    card uuid NOT NULL,
    device bytea NOT NULL,
    push bytea NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT wallet_phone_device_check CHECK ((length(device) = 32))
);
ALTER TABLE ONLY public.wallet_phone FORCE ROW LEVEL SECURITY;

CREATE TABLE public.watch_mark (
    program uuid NOT NULL,
    xid_until bigint NOT NULL
);
ALTER TABLE ONLY public.watch_mark FORCE ROW LEVEL SECURITY;

CREATE TABLE public.webhook_cursor (
    program uuid NOT NULL,
    xid bigint NOT NULL,
    sealed bigint DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY public.webhook_cursor FORCE ROW LEVEL SECURITY;

CREATE TABLE public.webhook_delivery (
    program uuid NOT NULL,
    home smallint NOT NULL,
    subscription uuid NOT NULL,
    event uuid NOT NULL,
    id uuid NOT NULL,
    subject uuid NOT NULL,
    sequence bigint NOT NULL,
    state text NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    sent integer DEFAULT 0 NOT NULL,
    tried_at timestamp with time zone,
    answered_in integer,
    status smallint,
    answer text DEFAULT ''::text NOT NULL,
    failure text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT webhook_delivery_answer_check CHECK ((length(answer) <= 4096)),
    CONSTRAINT webhook_delivery_sequence_check CHECK ((sequence > 0)),
    CONSTRAINT webhook_delivery_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'dead'::text])))
)
WITH (fillfactor='80');
ALTER TABLE ONLY public.webhook_delivery FORCE ROW LEVEL SECURITY;

CREATE TABLE public.webhook_event (
    program uuid NOT NULL,
    home smallint NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    version smallint NOT NULL,
    subject uuid NOT NULL,
    member uuid,
    occurred_at timestamp with time zone NOT NULL,
    data bytea NOT NULL,
    CONSTRAINT webhook_event_version_check CHECK ((version > 0))
);
ALTER TABLE ONLY public.webhook_event FORCE ROW LEVEL SECURITY;

CREATE TABLE public.webhook_lane (
    program uuid NOT NULL,
    home smallint NOT NULL,
    subscription uuid NOT NULL,
    subject uuid NOT NULL,
    last bigint NOT NULL,
    head bigint NOT NULL,
    due_at timestamp with time zone,
    taken boolean DEFAULT false NOT NULL,
    turn bigint DEFAULT 0 NOT NULL,
    CONSTRAINT webhook_lane_head_check CHECK ((head > 0)),
    CONSTRAINT webhook_lane_last_check CHECK ((last > 0))
)
WITH (fillfactor='70');
ALTER TABLE ONLY public.webhook_lane FORCE ROW LEVEL SECURITY;

CREATE TABLE public.webhook_subscription (
    program uuid NOT NULL,
    id uuid NOT NULL,
    address text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    events text[] NOT NULL,
    stores uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    partners uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    generation integer DEFAULT 1 NOT NULL,
    previous_until timestamp with time zone,
    enabled boolean DEFAULT true NOT NULL,
    disabled_why text,
    failing_since timestamp with time zone,
    last_failure text DEFAULT ''::text NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by text NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT webhook_subscription_address_check CHECK (((length(address) >= 1) AND (length(address) <= 2000))),
    CONSTRAINT webhook_subscription_check CHECK ((enabled = (disabled_why IS NULL))),
    CONSTRAINT webhook_subscription_description_check CHECK ((length(description) <= 200)),
    CONSTRAINT webhook_subscription_disabled_why_check CHECK ((disabled_why = ANY (ARRAY['by_hand'::text, 'failing'::text, 'gone'::text]))),
    CONSTRAINT webhook_subscription_events_check CHECK (((cardinality(events) >= 1) AND (cardinality(events) <= 50))),
    CONSTRAINT webhook_subscription_generation_check CHECK ((generation > 0))
);
ALTER TABLE ONLY public.webhook_subscription FORCE ROW LEVEL SECURITY;

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

ALTER TABLE ONLY public.absence
    ADD CONSTRAINT absence_pkey PRIMARY KEY (program, home, member, since);

ALTER TABLE ONLY public.account_member
    ADD CONSTRAINT account_member_pkey PRIMARY KEY (program, home, account, member);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (program, home, pool, currency);

ALTER TABLE ONLY public.activity_count
    ADD CONSTRAINT activity_count_pkey PRIMARY KEY (program, home, member, kind, currency, span, starts);

ALTER TABLE ONLY public.activity_key
    ADD CONSTRAINT activity_key_pkey PRIMARY KEY (program, source, request);

ALTER TABLE ONLY public.activity_kind
    ADD CONSTRAINT activity_kind_pkey PRIMARY KEY (program, code, revision);

ALTER TABLE ONLY public.activity
    ADD CONSTRAINT activity_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.activity_reading
    ADD CONSTRAINT activity_reading_pkey PRIMARY KEY (program, home, member, kind, series);

ALTER TABLE ONLY public.activity_review
    ADD CONSTRAINT activity_review_pkey PRIMARY KEY (program, home, activity);

ALTER TABLE ONLY public.activity_text
    ADD CONSTRAINT activity_text_pkey PRIMARY KEY (program, home, member, activity);

ALTER TABLE ONLY public.activity_waiting
    ADD CONSTRAINT activity_waiting_pkey PRIMARY KEY (program, home, activity);

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

ALTER TABLE ONLY public.approval
    ADD CONSTRAINT approval_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.attempt_count
    ADD CONSTRAINT attempt_count_pkey PRIMARY KEY (program, home, kind, subject);

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (program);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (program, seq);

ALTER TABLE ONLY public.badge
    ADD CONSTRAINT badge_pkey PRIMARY KEY (program, code, revision);

ALTER TABLE ONLY public.block_member
    ADD CONSTRAINT block_member_pkey PRIMARY KEY (program, home, fact, kind);

ALTER TABLE ONLY public.block
    ADD CONSTRAINT block_pkey PRIMARY KEY (program, height);

ALTER TABLE ONLY public.board_name
    ADD CONSTRAINT board_name_pkey PRIMARY KEY (program, home, member);

ALTER TABLE ONLY public.booking_now
    ADD CONSTRAINT booking_now_pkey PRIMARY KEY (program, home, booking);

ALTER TABLE ONLY public.booking
    ADD CONSTRAINT booking_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.booking_step
    ADD CONSTRAINT booking_step_pkey PRIMARY KEY (program, home, booking, n);

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

ALTER TABLE ONLY public.club_invitation
    ADD CONSTRAINT club_invitation_pkey PRIMARY KEY (program, home, member, club);

ALTER TABLE ONLY public.club_link
    ADD CONSTRAINT club_link_pkey PRIMARY KEY (program, code);

ALTER TABLE ONLY public.club
    ADD CONSTRAINT club_pkey PRIMARY KEY (program, code);

ALTER TABLE ONLY public.club_revision
    ADD CONSTRAINT club_revision_pkey PRIMARY KEY (program, club, revision);

ALTER TABLE ONLY public.club_stay
    ADD CONSTRAINT club_stay_pkey PRIMARY KEY (program, home, member, club, since);

ALTER TABLE ONLY public.code_batch
    ADD CONSTRAINT code_batch_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.code_batch
    ADD CONSTRAINT code_batch_program_name_key UNIQUE (program, name);

ALTER TABLE ONLY public.code
    ADD CONSTRAINT code_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.code_touched
    ADD CONSTRAINT code_touched_pkey PRIMARY KEY (program, home, code, id);

ALTER TABLE ONLY public.code_use
    ADD CONSTRAINT code_use_pkey PRIMARY KEY (program, home, code, act, kind);

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

ALTER TABLE ONLY public.data_claim
    ADD CONSTRAINT data_claim_pkey PRIMARY KEY (program, digest);

ALTER TABLE ONLY public.data_export
    ADD CONSTRAINT data_export_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.data_file_part
    ADD CONSTRAINT data_file_part_pkey PRIMARY KEY (program, file, part);

ALTER TABLE ONLY public.data_file
    ADD CONSTRAINT data_file_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.data_import
    ADD CONSTRAINT data_import_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.data_import_row
    ADD CONSTRAINT data_import_row_pkey PRIMARY KEY (program, import, line);

ALTER TABLE ONLY public.data_mapping
    ADD CONSTRAINT data_mapping_pkey PRIMARY KEY (program, kind, name);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.draw
    ADD CONSTRAINT draw_pkey PRIMARY KEY (program, home, posting, n, lot);

ALTER TABLE ONLY public.dynamic_code_use
    ADD CONSTRAINT dynamic_code_use_pkey PRIMARY KEY (program, home, device, made_at);

ALTER TABLE ONLY public.enrolment_day
    ADD CONSTRAINT enrolment_day_pkey PRIMARY KEY (program, day, source, store);

ALTER TABLE ONLY public.entitlement_grant
    ADD CONSTRAINT entitlement_grant_pkey PRIMARY KEY (program, home, member, code, cause);

ALTER TABLE ONLY public.entitlement
    ADD CONSTRAINT entitlement_pkey PRIMARY KEY (program, code, revision);

ALTER TABLE ONLY public.entitlement_slot
    ADD CONSTRAINT entitlement_slot_pkey PRIMARY KEY (program, store, code, at);

ALTER TABLE ONLY public.entitlement_use
    ADD CONSTRAINT entitlement_use_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (program, home, posting, n);

ALTER TABLE ONLY public.erasure
    ADD CONSTRAINT erasure_pkey PRIMARY KEY (program, home, member);

ALTER TABLE ONLY public.erasure_proposal
    ADD CONSTRAINT erasure_proposal_pkey PRIMARY KEY (program, home, member);

ALTER TABLE ONLY public.exchange_rate
    ADD CONSTRAINT exchange_rate_pkey PRIMARY KEY (program, currency, valid_from);

ALTER TABLE ONLY public.expiry_day
    ADD CONSTRAINT expiry_day_pkey PRIMARY KEY (program, currency, day);

ALTER TABLE ONLY public.figures_roll
    ADD CONSTRAINT figures_roll_pkey PRIMARY KEY (program);

ALTER TABLE ONLY public.finding
    ADD CONSTRAINT finding_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.finding
    ADD CONSTRAINT finding_program_kind_named_key UNIQUE (program, kind, named);

ALTER TABLE ONLY public.first_door
    ADD CONSTRAINT first_door_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.foreign_card
    ADD CONSTRAINT foreign_card_pkey PRIMARY KEY (program, home, member, id);

ALTER TABLE ONLY public.game_credit
    ADD CONSTRAINT game_credit_pkey PRIMARY KEY (program, home, game, purchase);

ALTER TABLE ONLY public.game
    ADD CONSTRAINT game_pkey PRIMARY KEY (program, code);

ALTER TABLE ONLY public.game_revision
    ADD CONSTRAINT game_revision_pkey PRIMARY KEY (program, game, revision);

ALTER TABLE ONLY public.game_seed
    ADD CONSTRAINT game_seed_pkey PRIMARY KEY (program, game, n);

ALTER TABLE ONLY public.game_stock
    ADD CONSTRAINT game_stock_pkey PRIMARY KEY (program, game, field, day);

ALTER TABLE ONLY public.game_use
    ADD CONSTRAINT game_use_pkey PRIMARY KEY (program, home, member, game, period);

ALTER TABLE ONLY public.gift_card_code
    ADD CONSTRAINT gift_card_code_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.gift_card
    ADD CONSTRAINT gift_card_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.gift_card_sale
    ADD CONSTRAINT gift_card_sale_pkey PRIMARY KEY (program, home, purchase, line);

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

ALTER TABLE ONLY public.kept_gift_card
    ADD CONSTRAINT kept_gift_card_pkey PRIMARY KEY (program, home, member, card);

ALTER TABLE ONLY public.ladder_pass
    ADD CONSTRAINT ladder_pass_pkey PRIMARY KEY (program, code, revision);

ALTER TABLE ONLY public.ladder
    ADD CONSTRAINT ladder_pkey PRIMARY KEY (program, code, revision);

ALTER TABLE ONLY public.ledger_day
    ADD CONSTRAINT ledger_day_pkey PRIMARY KEY (program, currency, day, kind, source, target);

ALTER TABLE ONLY public.limit_use
    ADD CONSTRAINT limit_use_pkey PRIMARY KEY (program, home, holder, period, promotion, rule, slice);

ALTER TABLE ONLY public.lot
    ADD CONSTRAINT lot_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.lottery_beacon
    ADD CONSTRAINT lottery_beacon_pkey PRIMARY KEY (program, lottery, said_by);

ALTER TABLE ONLY public.lottery_drawing
    ADD CONSTRAINT lottery_drawing_pkey PRIMARY KEY (program, lottery);

ALTER TABLE ONLY public.lottery_given
    ADD CONSTRAINT lottery_given_pkey PRIMARY KEY (program, lottery, place);

ALTER TABLE ONLY public.lottery
    ADD CONSTRAINT lottery_pkey PRIMARY KEY (program, code);

ALTER TABLE ONLY public.lottery_revision
    ADD CONSTRAINT lottery_revision_pkey PRIMARY KEY (program, lottery, revision);

ALTER TABLE ONLY public.lottery_winner
    ADD CONSTRAINT lottery_winner_pkey PRIMARY KEY (program, lottery, place);

ALTER TABLE ONLY public.master_key
    ADD CONSTRAINT master_key_pkey PRIMARY KEY (generation);

ALTER TABLE ONLY public.member_badge
    ADD CONSTRAINT member_badge_pkey PRIMARY KEY (program, home, member, badge);

ALTER TABLE ONLY public.member_mark
    ADD CONSTRAINT member_mark_pkey PRIMARY KEY (program, home, member, kind, name, since);

ALTER TABLE ONLY public.member_merge
    ADD CONSTRAINT member_merge_pkey PRIMARY KEY (program, home, member, id);

ALTER TABLE ONLY public.member_name
    ADD CONSTRAINT member_name_pkey PRIMARY KEY (program, home, member, digest);

ALTER TABLE ONLY public.member_note
    ADD CONSTRAINT member_note_pkey PRIMARY KEY (program, home, member, id);

ALTER TABLE ONLY public.member_pin
    ADD CONSTRAINT member_pin_pkey PRIMARY KEY (program, home, member);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.member_session
    ADD CONSTRAINT member_session_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.member_twin
    ADD CONSTRAINT member_twin_pkey PRIMARY KEY (program, home, member);

ALTER TABLE ONLY public.member_visit
    ADD CONSTRAINT member_visit_pkey PRIMARY KEY (program, home, member, store, day);

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.membership_plan
    ADD CONSTRAINT membership_plan_pkey PRIMARY KEY (program, code, revision);

ALTER TABLE ONLY public.membership_step
    ADD CONSTRAINT membership_step_pkey PRIMARY KEY (program, home, membership, n);

ALTER TABLE ONLY public.message_outgoing
    ADD CONSTRAINT message_outgoing_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.missed_guess
    ADD CONSTRAINT missed_guess_pkey PRIMARY KEY (program, day, store, till, cashier, what, guess);

ALTER TABLE ONLY public.occasion
    ADD CONSTRAINT occasion_pkey PRIMARY KEY (program, code);

ALTER TABLE ONLY public.occasion_revision
    ADD CONSTRAINT occasion_revision_pkey PRIMARY KEY (program, occasion, revision);

ALTER TABLE ONLY public.offer_activation
    ADD CONSTRAINT offer_activation_pkey PRIMARY KEY (program, home, member, promotion);

ALTER TABLE ONLY public.offline_conflict
    ADD CONSTRAINT offline_conflict_pkey PRIMARY KEY (program, home, purchase, kind);

ALTER TABLE ONLY public.offline_receipt
    ADD CONSTRAINT offline_receipt_pkey PRIMARY KEY (program, device, counter, copy);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.pack_kind
    ADD CONSTRAINT pack_kind_pkey PRIMARY KEY (program, code, revision);

ALTER TABLE ONLY public.pack
    ADD CONSTRAINT pack_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.pack_refund
    ADD CONSTRAINT pack_refund_pkey PRIMARY KEY (program, home, pack);

ALTER TABLE ONLY public.partner
    ADD CONSTRAINT partner_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.partner
    ADD CONSTRAINT partner_program_code_key UNIQUE (program, code);

ALTER TABLE ONLY public.passing_back
    ADD CONSTRAINT passing_back_pkey PRIMARY KEY (program, home, giver, id);

ALTER TABLE ONLY public.passing
    ADD CONSTRAINT passing_pkey PRIMARY KEY (program, home, giver, id);

ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT passkey_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT passkey_program_home_credential_key UNIQUE (program, home, credential);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (program, home, member);

ALTER TABLE ONLY public.play
    ADD CONSTRAINT play_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.points_rate
    ADD CONSTRAINT points_rate_pkey PRIMARY KEY (program, currency, target, revision);

ALTER TABLE ONLY public.pool
    ADD CONSTRAINT pool_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.posting
    ADD CONSTRAINT posting_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.prepaid_sale
    ADD CONSTRAINT prepaid_sale_pkey PRIMARY KEY (program, home, purchase, line);

ALTER TABLE ONLY public.prize
    ADD CONSTRAINT prize_pkey PRIMARY KEY (program, home, cause, about, n);

ALTER TABLE ONLY public.prize
    ADD CONSTRAINT prize_program_home_id_key UNIQUE (program, home, id);

ALTER TABLE ONLY public.prize_taken
    ADD CONSTRAINT prize_taken_pkey PRIMARY KEY (program, home, prize);

ALTER TABLE ONLY public.product
    ADD CONSTRAINT product_pkey PRIMARY KEY (program, sku);

ALTER TABLE ONLY public.product_word
    ADD CONSTRAINT product_word_pkey PRIMARY KEY (program, word, sku);

ALTER TABLE ONLY public.program_logo
    ADD CONSTRAINT program_logo_pkey PRIMARY KEY (program, digest);

ALTER TABLE ONLY public.program
    ADD CONSTRAINT program_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.program_plan
    ADD CONSTRAINT program_plan_pkey PRIMARY KEY (staff);

ALTER TABLE ONLY public.program
    ADD CONSTRAINT program_slug UNIQUE (slug);

ALTER TABLE ONLY public.program_version
    ADD CONSTRAINT program_version_pkey PRIMARY KEY (program, version);

ALTER TABLE ONLY public.promotion_day_given
    ADD CONSTRAINT promotion_day_given_pkey PRIMARY KEY (program, day, promotion, store, currency);

ALTER TABLE ONLY public.promotion_day
    ADD CONSTRAINT promotion_day_pkey PRIMARY KEY (program, day, promotion, store);

ALTER TABLE ONLY public.promotion_event
    ADD CONSTRAINT promotion_event_pkey PRIMARY KEY (program, promotion, id);

ALTER TABLE ONLY public.promotion
    ADD CONSTRAINT promotion_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.promotion_review
    ADD CONSTRAINT promotion_review_pkey PRIMARY KEY (program, promotion, draft_version, step);

ALTER TABLE ONLY public.promotion_revision
    ADD CONSTRAINT promotion_revision_pkey PRIMARY KEY (program, promotion, revision);

ALTER TABLE ONLY public.purchase_claim
    ADD CONSTRAINT purchase_claim_pkey PRIMARY KEY (program, home, purchase);

ALTER TABLE ONLY public.purchase
    ADD CONSTRAINT purchase_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.quest_budget
    ADD CONSTRAINT quest_budget_pkey PRIMARY KEY (program, quest);

ALTER TABLE ONLY public.quest_count
    ADD CONSTRAINT quest_count_pkey PRIMARY KEY (program, home, member, quest, round, source, act, key);

ALTER TABLE ONLY public.quest_entry
    ADD CONSTRAINT quest_entry_pkey PRIMARY KEY (program, home, member, quest);

ALTER TABLE ONLY public.quest
    ADD CONSTRAINT quest_pkey PRIMARY KEY (program, code, revision);

ALTER TABLE ONLY public.quest_standing
    ADD CONSTRAINT quest_standing_pkey PRIMARY KEY (program, home, member, quest, round);

ALTER TABLE ONLY public.quest_step
    ADD CONSTRAINT quest_step_pkey PRIMARY KEY (program, home, member, quest, round, step, turn);

ALTER TABLE ONLY public.quest_step_undone
    ADD CONSTRAINT quest_step_undone_pkey PRIMARY KEY (program, home, member, quest, round, step, turn);

ALTER TABLE ONLY public.questionnaire
    ADD CONSTRAINT questionnaire_pkey PRIMARY KEY (program, version);

ALTER TABLE ONLY public.redemption_now
    ADD CONSTRAINT redemption_now_pkey PRIMARY KEY (program, home, redemption);

ALTER TABLE ONLY public.redemption
    ADD CONSTRAINT redemption_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.redemption_state
    ADD CONSTRAINT redemption_state_pkey PRIMARY KEY (program, home, redemption, n);

ALTER TABLE ONLY public.referral_back
    ADD CONSTRAINT referral_back_pkey PRIMARY KEY (program, home, friend, kind, n);

ALTER TABLE ONLY public.referral_code
    ADD CONSTRAINT referral_code_pkey PRIMARY KEY (program, code);

ALTER TABLE ONLY public.referral_milestone
    ADD CONSTRAINT referral_milestone_pkey PRIMARY KEY (program, home, referrer, friends);

ALTER TABLE ONLY public.referral_open
    ADD CONSTRAINT referral_open_pkey PRIMARY KEY (program, home, friend);

ALTER TABLE ONLY public.referral_payment
    ADD CONSTRAINT referral_payment_pkey PRIMARY KEY (program, home, purchase, digest);

ALTER TABLE ONLY public.referral
    ADD CONSTRAINT referral_pkey PRIMARY KEY (program, home, friend);

ALTER TABLE ONLY public.referral_program
    ADD CONSTRAINT referral_program_pkey PRIMARY KEY (program, code, revision);

ALTER TABLE ONLY public.referral_step
    ADD CONSTRAINT referral_step_pkey PRIMARY KEY (program, home, friend, purchases);

ALTER TABLE ONLY public.referral_trace
    ADD CONSTRAINT referral_trace_pkey PRIMARY KEY (program, home, member, kind, digest);

ALTER TABLE ONLY public.referral_use
    ADD CONSTRAINT referral_use_pkey PRIMARY KEY (program, home, referrer, period);

ALTER TABLE ONLY public.registration
    ADD CONSTRAINT registration_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.request_key
    ADD CONSTRAINT request_key_pkey PRIMARY KEY (program, partner, key);

ALTER TABLE ONLY public.reservation
    ADD CONSTRAINT reservation_pkey PRIMARY KEY (program, home, hold, lot);

ALTER TABLE ONLY public.resolution
    ADD CONSTRAINT resolution_pkey PRIMARY KEY (program, home, hold);

ALTER TABLE ONLY public.reward
    ADD CONSTRAINT reward_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.reward_revision
    ADD CONSTRAINT reward_revision_pkey PRIMARY KEY (program, reward, revision);

ALTER TABLE ONLY public.reward_stock
    ADD CONSTRAINT reward_stock_pkey PRIMARY KEY (program, reward, store);

ALTER TABLE ONLY public.reward_use
    ADD CONSTRAINT reward_use_pkey PRIMARY KEY (program, home, holder, reward, period);

ALTER TABLE ONLY public.rhythm_basis
    ADD CONSTRAINT rhythm_basis_pkey PRIMARY KEY (program);

ALTER TABLE ONLY public.rhythm
    ADD CONSTRAINT rhythm_pkey PRIMARY KEY (program, home, member);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.shared_account
    ADD CONSTRAINT shared_account_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.spending_lock
    ADD CONSTRAINT spending_lock_pkey PRIMARY KEY (program, home, member, source);

ALTER TABLE ONLY public.staff_attempt
    ADD CONSTRAINT staff_attempt_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_email_key UNIQUE (email);

ALTER TABLE ONLY public.staff_invitation
    ADD CONSTRAINT staff_invitation_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.staff_invitation
    ADD CONSTRAINT staff_invitation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.staff_passkey
    ADD CONSTRAINT staff_passkey_credential_key UNIQUE (credential);

ALTER TABLE ONLY public.staff_passkey
    ADD CONSTRAINT staff_passkey_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.staff_question
    ADD CONSTRAINT staff_question_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.staff_recovery_code
    ADD CONSTRAINT staff_recovery_code_pkey PRIMARY KEY (staff, digest);

ALTER TABLE ONLY public.staff_role
    ADD CONSTRAINT staff_role_pkey PRIMARY KEY (program, staff);

ALTER TABLE ONLY public.staff_session
    ADD CONSTRAINT staff_session_id_key UNIQUE (id);

ALTER TABLE ONLY public.staff_session
    ADD CONSTRAINT staff_session_pkey PRIMARY KEY (digest);

ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_subject_key UNIQUE (subject);

ALTER TABLE ONLY public.store_day
    ADD CONSTRAINT store_day_pkey PRIMARY KEY (program, day, store);

ALTER TABLE ONLY public.store
    ADD CONSTRAINT store_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.store
    ADD CONSTRAINT store_program_code_key UNIQUE (program, code);

ALTER TABLE ONLY public.succession
    ADD CONSTRAINT succession_pkey PRIMARY KEY (program, home, pool, id);

ALTER TABLE ONLY public.survey_part
    ADD CONSTRAINT survey_part_pkey PRIMARY KEY (program, home, member, survey, occasion);

ALTER TABLE ONLY public.survey
    ADD CONSTRAINT survey_pkey PRIMARY KEY (program, code);

ALTER TABLE ONLY public.survey_reply
    ADD CONSTRAINT survey_reply_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.survey_revision
    ADD CONSTRAINT survey_revision_pkey PRIMARY KEY (program, survey, revision);

ALTER TABLE ONLY public.ticket_count
    ADD CONSTRAINT ticket_count_pkey PRIMARY KEY (program, home, member, lottery);

ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT ticket_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.ticket_purchase
    ADD CONSTRAINT ticket_purchase_pkey PRIMARY KEY (program, home, lottery, purchase);

ALTER TABLE ONLY public.ticket_void
    ADD CONSTRAINT ticket_void_pkey PRIMARY KEY (program, home, ticket);

ALTER TABLE ONLY public.tier_change
    ADD CONSTRAINT tier_change_pkey PRIMARY KEY (program, home, member, id);

ALTER TABLE ONLY public.till_device
    ADD CONSTRAINT till_device_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.till
    ADD CONSTRAINT till_pkey PRIMARY KEY (program, store, code);

ALTER TABLE ONLY public.trail_witness
    ADD CONSTRAINT trail_witness_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.trail_witness
    ADD CONSTRAINT trail_witness_program_seq_key UNIQUE (program, seq);

ALTER TABLE ONLY public.visit_gap
    ADD CONSTRAINT visit_gap_pkey PRIMARY KEY (program, scope, day, gap, second);

ALTER TABLE ONLY public.voiding
    ADD CONSTRAINT voiding_pkey PRIMARY KEY (program, home, purchase);

ALTER TABLE ONLY public.voucher_booked
    ADD CONSTRAINT voucher_booked_pkey PRIMARY KEY (program, home, code);

ALTER TABLE ONLY public.voucher_definition
    ADD CONSTRAINT voucher_definition_pkey PRIMARY KEY (program, batch);

ALTER TABLE ONLY public.voucher_money
    ADD CONSTRAINT voucher_money_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.wallet_grant
    ADD CONSTRAINT wallet_grant_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.wallet_pass
    ADD CONSTRAINT wallet_pass_pkey PRIMARY KEY (program, home, card);

ALTER TABLE ONLY public.wallet_phone
    ADD CONSTRAINT wallet_phone_pkey PRIMARY KEY (program, home, card, device);

ALTER TABLE ONLY public.watch_mark
    ADD CONSTRAINT watch_mark_pkey PRIMARY KEY (program);

ALTER TABLE ONLY public.webhook_cursor
    ADD CONSTRAINT webhook_cursor_pkey PRIMARY KEY (program);

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_program_home_subscription_event_key UNIQUE (program, home, subscription, event);

ALTER TABLE ONLY public.webhook_event
    ADD CONSTRAINT webhook_event_pkey PRIMARY KEY (program, home, id);

ALTER TABLE ONLY public.webhook_lane
    ADD CONSTRAINT webhook_lane_pkey PRIMARY KEY (program, home, subscription, subject);

ALTER TABLE ONLY public.webhook_subscription
    ADD CONSTRAINT webhook_subscription_pkey PRIMARY KEY (program, id);

ALTER TABLE ONLY public.welcome
    ADD CONSTRAINT welcome_pkey PRIMARY KEY (program, kind, digest);

ALTER TABLE ONLY public.wrong_guess
    ADD CONSTRAINT wrong_guess_pkey PRIMARY KEY (program, home, member, id);

CREATE INDEX account_member_of ON public.account_member USING btree (member);

CREATE INDEX activity_corrected ON public.activity USING btree (corrects) WHERE (corrects IS NOT NULL);

CREATE INDEX activity_count_closed ON public.activity_count USING btree (kind, starts, member) WHERE (due_on IS NOT NULL);

CREATE INDEX activity_count_due ON public.activity_count USING btree (due_on, member) WHERE ((due_on IS NOT NULL) AND (closed_at IS NULL));

CREATE INDEX activity_latest ON public.activity USING btree (member, id);

CREATE INDEX activity_of_member ON public.activity USING btree (member, kind, happened_at);

CREATE INDEX activity_waiting_since ON public.activity_waiting USING btree (activity);

CREATE INDEX approval_of_subject ON public.approval USING btree (subject, program);

CREATE INDEX approval_open ON public.approval USING btree (expires_at, program) WHERE (status = 'open'::text);

CREATE INDEX attempt_count_age ON public.attempt_count USING btree (ends_at);

CREATE INDEX audit_at ON public.audit USING btree (at, seq);

CREATE INDEX audit_of_action ON public.audit USING btree (action, seq);

CREATE INDEX audit_of_actor ON public.audit USING btree (((actor ->> 'id'::text)), seq);

CREATE INDEX audit_of_subject ON public.audit USING btree (subject, seq);

CREATE INDEX block_member_place ON public.block_member USING btree (program, height, place);

CREATE INDEX booking_due ON public.booking_now USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX booking_of_member ON public.booking USING btree (member, id);

CREATE INDEX booking_of_occasion ON public.booking_now USING btree (occasion, booking);

CREATE UNIQUE INDEX booking_once ON public.booking_now USING btree (program, home, member, occasion) WHERE (state = ANY (ARRAY['waiting'::text, 'offered'::text, 'booked'::text, 'attended'::text]));

CREATE INDEX booking_waiting ON public.booking_now USING btree (occasion, place) WHERE (state = 'waiting'::text);

CREATE INDEX card_of_batch ON public.card USING btree (batch, serial) WHERE (batch IS NOT NULL);

CREATE INDEX card_of_member ON public.card USING btree (member) WHERE (member IS NOT NULL);

CREATE INDEX challenge_age ON public.challenge USING btree (expires_at);

CREATE INDEX challenge_of_member ON public.challenge USING btree (member, purpose) WHERE (member IS NOT NULL);

CREATE INDEX claim_of_code ON public.claim USING btree (holder, claimed_at) WHERE (rule = 'code'::text);

CREATE INDEX club_invitation_open ON public.club_invitation USING btree (club, member) WHERE (answer IS NULL);

CREATE INDEX club_link_of_club ON public.club_link USING btree (club, created_at);

CREATE INDEX code_ending ON public.code USING btree (valid_until) WHERE ((owner IS NOT NULL) AND (valid_until IS NOT NULL) AND (reminded_at IS NULL));

CREATE INDEX code_of_batch ON public.code USING btree (batch, serial);

CREATE INDEX code_of_owner ON public.code USING btree (owner) WHERE (owner IS NOT NULL);

CREATE INDEX code_of_redemption ON public.code USING btree (redemption) WHERE (redemption IS NOT NULL);

CREATE INDEX code_voided ON public.code USING btree (batch) WHERE (voided_at IS NOT NULL);

CREATE INDEX confirmation_xid ON public.confirmation USING brin (xid) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX consent_by_id ON public.consent USING btree (id);

CREATE INDEX consent_confirmation_by_id ON public.consent_confirmation USING btree (consent);

CREATE INDEX consent_confirmation_xid ON public.consent_confirmation USING brin (xid) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX consent_xid ON public.consent USING brin (xid) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX counted_purchase_of ON public.counted_purchase USING btree (pool, purchased_at);

CREATE INDEX data_claim_of_import ON public.data_claim USING btree (import, line);

CREATE INDEX device_of_member ON public.device USING btree (member);

CREATE INDEX draw_of_lot ON public.draw USING btree (lot);

CREATE INDEX dynamic_code_use_age ON public.dynamic_code_use USING btree (made_at);

CREATE INDEX entitlement_grant_id ON public.entitlement_grant USING btree (id);

CREATE INDEX entitlement_use_at_store ON public.entitlement_use USING btree (store, at);

CREATE INDEX entitlement_use_due ON public.entitlement_use USING btree (due_at) WHERE (state = 'booked'::text);

CREATE INDEX entitlement_use_of_member ON public.entitlement_use USING btree (member, code, day);

CREATE INDEX entitlement_use_of_partner ON public.entitlement_use USING btree (partner, id);

CREATE INDEX erasure_latest ON public.erasure USING btree (erased_at, member);

CREATE INDEX erasure_xid ON public.erasure USING btree (xid);

CREATE INDEX finding_of_cashier ON public.finding USING btree (cashier, store);

CREATE INDEX gift_card_by_id ON public.gift_card USING btree (id);

CREATE INDEX gift_card_sale_card ON public.gift_card_sale USING btree (card);

CREATE INDEX goods_return_of_pool ON public.goods_return USING btree (pool, purchased_at);

CREATE INDEX goods_return_of_store ON public.goods_return USING btree (store, returned_at);

CREATE INDEX goods_return_xid ON public.goods_return USING brin (xid) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX held_claim_due ON public.held_claim USING btree (lapses_at) WHERE open;

CREATE INDEX hold_due ON public.hold USING btree (lapses_at) WHERE open;

CREATE INDEX hold_of_pool ON public.hold USING btree (pool, open);

CREATE INDEX hold_of_purchase ON public.hold USING btree (purchase);

CREATE INDEX invitation_of_account ON public.invitation USING btree (account, expires_at);

CREATE INDEX limit_use_of_promotion ON public.limit_use USING btree (promotion, rule, period);

CREATE INDEX lot_expiry ON public.lot USING btree (expires_at) WHERE (open AND (expires_at IS NOT NULL));

CREATE INDEX lot_of_origin ON public.lot USING btree (origin) WHERE (origin IS NOT NULL);

CREATE INDEX lot_of_posting ON public.lot USING btree (posting);

CREATE INDEX lot_open ON public.lot USING btree (pool) WHERE open;

CREATE INDEX lottery_winner_of_member ON public.lottery_winner USING btree (member);

CREATE INDEX member_alias ON public.member USING btree (merged_into) WHERE (merged_into IS NOT NULL);

CREATE INDEX member_joined ON public.member USING btree (enrolled_at, id);

CREATE INDEX member_mark_due ON public.member_mark USING btree (until) WHERE ((kind = 'tier'::text) AND (until IS NOT NULL) AND (NOT reviewed));

CREATE INDEX member_mark_of_club ON public.member_mark USING btree (name, member) WHERE (kind = 'club'::text);

CREATE INDEX member_merge_of ON public.member_merge USING btree (duplicate);

CREATE INDEX member_merge_undone_xid ON public.member_merge USING btree (undone_xid) WHERE (undone_xid IS NOT NULL);

CREATE INDEX member_merge_xid ON public.member_merge USING btree (xid);

CREATE INDEX member_name_of ON public.member_name USING btree (digest, member);

CREATE INDEX member_of_account ON public.member USING btree (pool, id) WHERE (own_pool IS NOT NULL);

CREATE INDEX member_of_pool ON public.member USING btree (pool) WHERE (own_pool IS NULL);

CREATE INDEX member_of_tag ON public.member USING btree (tag, enrolled_at, id) WHERE (tag <> ''::text);

CREATE INDEX member_session_age ON public.member_session USING btree (expires_at);

CREATE INDEX member_session_of_member ON public.member_session USING btree (member);

CREATE INDEX member_twin_alike ON public.member_twin USING btree (digest);

CREATE INDEX member_visit_of_day ON public.member_visit USING btree (day, store, home, member);

CREATE INDEX member_xid ON public.member USING btree (xid);

CREATE INDEX membership_due ON public.membership USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX membership_in_state ON public.membership USING btree (state, id);

CREATE INDEX membership_of_member ON public.membership USING btree (member, id);

CREATE INDEX message_outgoing_age ON public.message_outgoing USING btree (created_at);

CREATE INDEX message_outgoing_due ON public.message_outgoing USING btree (due_at) WHERE (state = ANY (ARRAY['waiting'::text, 'sending'::text]));

CREATE INDEX offline_conflict_of_store ON public.offline_conflict USING btree (store, recorded_at, id);

CREATE INDEX offline_receipt_of_allowance ON public.offline_receipt USING btree (allowance) WHERE (allowance IS NOT NULL);

CREATE INDEX offline_receipt_of_snapshot ON public.offline_receipt USING btree (snapshot, device) WHERE (worth > 0);

CREATE INDEX offline_receipt_recorded ON public.offline_receipt USING btree (store, recorded_at);

CREATE INDEX outbox_xid ON public.outbox USING btree (xid);

CREATE INDEX pack_of_currency ON public.pack USING btree (currency, id);

CREATE INDEX pack_of_lot ON public.pack USING btree (lot);

CREATE INDEX pack_of_member ON public.pack USING btree (member, id);

CREATE INDEX passing_charity ON public.passing USING btree (charity, passed_at) WHERE (charity IS NOT NULL);

CREATE INDEX passing_of ON public.passing USING btree (giver, passed_at);

CREATE INDEX passing_received ON public.passing USING btree (into_pool, passed_at) WHERE (into_pool IS NOT NULL);

CREATE INDEX passkey_of_member ON public.passkey USING btree (member);

CREATE INDEX play_of_member ON public.play USING btree (member, id);

CREATE INDEX play_of_seed ON public.play USING btree (game, seed, number);

CREATE INDEX posting_of_kind ON public.posting USING btree (kind, effective_at, id);

CREATE INDEX posting_of_pool ON public.posting USING btree (pool, recorded_at, id);

CREATE INDEX posting_xid ON public.posting USING brin (xid) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX prepaid_sale_what ON public.prepaid_sale USING btree (what);

CREATE INDEX prize_of_member ON public.prize USING btree (member);

CREATE UNIQUE INDEX product_barcode ON public.product USING btree (program, barcode) WHERE (barcode IS NOT NULL);

CREATE INDEX promotion_day_given_of_promotion ON public.promotion_day_given USING btree (promotion, day);

CREATE INDEX promotion_day_of_promotion ON public.promotion_day USING btree (promotion, day);

CREATE INDEX purchase_claim_of ON public.purchase_claim USING btree (member, claimed_at);

CREATE INDEX purchase_claim_xid ON public.purchase_claim USING btree (xid);

CREATE INDEX purchase_of_pool ON public.purchase USING btree (pool, purchased_at);

CREATE INDEX purchase_of_receipt ON public.purchase USING btree (receipt_number) WHERE (receipt_number <> ''::text);

CREATE INDEX purchase_of_store ON public.purchase USING btree (store, purchased_at);

CREATE INDEX purchase_xid ON public.purchase USING brin (xid) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX quest_count_of_source ON public.quest_count USING btree (source);

CREATE INDEX quest_standing_board ON public.quest_standing USING btree (quest, round, reached DESC) WHERE named;

CREATE INDEX quest_standing_of_quest ON public.quest_standing USING btree (quest, round);

CREATE INDEX quest_step_of_quest ON public.quest_step USING btree (quest, reached_at);

CREATE INDEX redemption_due ON public.redemption_now USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX redemption_in_state ON public.redemption_now USING btree (state, redemption);

CREATE INDEX redemption_of_member ON public.redemption USING btree (member, id);

CREATE INDEX redemption_of_pool ON public.redemption USING btree (pool, redeemed_at);

CREATE INDEX redemption_of_reward ON public.redemption USING btree (reward, id);

CREATE INDEX referral_code_of ON public.referral_code USING btree (member);

CREATE INDEX referral_latest ON public.referral USING btree (referred_at, friend);

CREATE INDEX referral_of ON public.referral USING btree (referrer, referred_at);

CREATE INDEX referral_payment_by ON public.referral_payment USING btree (member, digest) WHERE (member IS NOT NULL);

CREATE INDEX referral_payment_old ON public.referral_payment USING btree (paid_at);

CREATE INDEX referral_payment_unclaimed ON public.referral_payment USING btree (paid_at) WHERE (member IS NULL);

CREATE INDEX referral_step_given ON public.referral_step USING btree (given_at, friend);

CREATE INDEX referral_step_of ON public.referral_step USING btree (referrer);

CREATE INDEX referral_trace_found ON public.referral_trace USING btree (digest);

CREATE INDEX registration_expiry ON public.registration USING btree (expires_at) WHERE (sealed IS NOT NULL);

CREATE INDEX request_key_age ON public.request_key USING brin (created_at);

CREATE INDEX rhythm_overdue ON public.rhythm USING btree (overdue_on, member) WHERE (overdue_on IS NOT NULL);

CREATE INDEX rhythm_stale ON public.rhythm USING btree (member) WHERE stale;

CREATE INDEX staff_attempt_by_age ON public.staff_attempt USING btree (last_at);

CREATE INDEX staff_invitation_by_end ON public.staff_invitation USING btree (expires_at, program);

CREATE INDEX staff_invitation_of_email ON public.staff_invitation USING btree (email);

CREATE INDEX staff_passkey_of_person ON public.staff_passkey USING btree (staff);

CREATE INDEX staff_question_by_age ON public.staff_question USING btree (expires_at);

CREATE INDEX staff_role_of_person ON public.staff_role USING btree (staff);

CREATE INDEX staff_session_of_person ON public.staff_session USING btree (staff);

CREATE INDEX store_day_of_store ON public.store_day USING btree (store, day);

CREATE INDEX survey_reply_of_member ON public.survey_reply USING btree (member) WHERE (member IS NOT NULL);

CREATE INDEX survey_reply_of_survey ON public.survey_reply USING btree (survey, id);

CREATE INDEX ticket_of_lottery ON public.ticket USING btree (lottery, number);

CREATE INDEX ticket_of_member ON public.ticket USING btree (member, lottery, id);

CREATE INDEX till_device_of_store ON public.till_device USING btree (store, id);

CREATE INDEX trail_witness_xid ON public.trail_witness USING brin (xid) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX voiding_of_pool ON public.voiding USING btree (pool, purchased_at);

CREATE INDEX wallet_grant_of_aggregator ON public.wallet_grant USING btree (aggregator) WHERE (revoked_at IS NULL);

CREATE INDEX wallet_grant_of_member ON public.wallet_grant USING btree (member);

CREATE INDEX wallet_pass_due ON public.wallet_pass USING btree (looked_at);

CREATE INDEX wallet_phone_device ON public.wallet_phone USING btree (device);

CREATE INDEX webhook_delivery_age ON public.webhook_delivery USING btree (id);

CREATE INDEX webhook_delivery_dead ON public.webhook_delivery USING btree (subscription, id) WHERE (state = 'dead'::text);

CREATE INDEX webhook_delivery_lane ON public.webhook_delivery USING btree (subscription, subject, sequence);

CREATE INDEX webhook_delivery_of ON public.webhook_delivery USING btree (subscription, id);

CREATE INDEX webhook_event_age ON public.webhook_event USING btree (id);

CREATE INDEX webhook_lane_due ON public.webhook_lane USING btree (subscription, due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX wrong_guess_age ON public.wrong_guess USING btree (guessed_at);

ALTER TABLE ONLY public.account_member
    ADD CONSTRAINT account_member_program_home_account_fkey FOREIGN KEY (program, home, account) REFERENCES public.shared_account(program, home, id);

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_program_home_pool_fkey FOREIGN KEY (program, home, pool) REFERENCES public.pool(program, home, id);

ALTER TABLE ONLY public.activity_count
    ADD CONSTRAINT activity_count_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.activity_key
    ADD CONSTRAINT activity_key_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.activity_kind
    ADD CONSTRAINT activity_kind_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.activity
    ADD CONSTRAINT activity_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.activity
    ADD CONSTRAINT activity_program_kind_revision_fkey FOREIGN KEY (program, kind, revision) REFERENCES public.activity_kind(program, code, revision);

ALTER TABLE ONLY public.activity_reading
    ADD CONSTRAINT activity_reading_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.activity_review
    ADD CONSTRAINT activity_review_program_home_activity_fkey FOREIGN KEY (program, home, activity) REFERENCES public.activity(program, home, id);

ALTER TABLE ONLY public.activity_text
    ADD CONSTRAINT activity_text_program_home_activity_fkey FOREIGN KEY (program, home, activity) REFERENCES public.activity(program, home, id);

ALTER TABLE ONLY public.activity_waiting
    ADD CONSTRAINT activity_waiting_program_home_activity_fkey FOREIGN KEY (program, home, activity) REFERENCES public.activity(program, home, id);

ALTER TABLE ONLY public.aggregator_day
    ADD CONSTRAINT aggregator_day_program_aggregator_fkey FOREIGN KEY (program, aggregator) REFERENCES public.aggregator(program, id);

ALTER TABLE ONLY public.aggregator
    ADD CONSTRAINT aggregator_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.approval
    ADD CONSTRAINT approval_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.attempt_count
    ADD CONSTRAINT attempt_count_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.badge
    ADD CONSTRAINT badge_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.block
    ADD CONSTRAINT block_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.board_name
    ADD CONSTRAINT board_name_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.booking_now
    ADD CONSTRAINT booking_now_program_home_booking_fkey FOREIGN KEY (program, home, booking) REFERENCES public.booking(program, home, id);

ALTER TABLE ONLY public.booking
    ADD CONSTRAINT booking_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.booking
    ADD CONSTRAINT booking_program_occasion_fkey FOREIGN KEY (program, occasion) REFERENCES public.occasion(program, code);

ALTER TABLE ONLY public.booking_step
    ADD CONSTRAINT booking_step_program_home_booking_fkey FOREIGN KEY (program, home, booking) REFERENCES public.booking(program, home, id);

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

ALTER TABLE ONLY public.club_invitation
    ADD CONSTRAINT club_invitation_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.club_link
    ADD CONSTRAINT club_link_program_club_fkey FOREIGN KEY (program, club) REFERENCES public.club(program, code);

ALTER TABLE ONLY public.club
    ADD CONSTRAINT club_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.club_revision
    ADD CONSTRAINT club_revision_program_club_fkey FOREIGN KEY (program, club) REFERENCES public.club(program, code);

ALTER TABLE ONLY public.club_stay
    ADD CONSTRAINT club_stay_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.code_batch
    ADD CONSTRAINT code_batch_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.code
    ADD CONSTRAINT code_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.code_touched
    ADD CONSTRAINT code_touched_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.code_use
    ADD CONSTRAINT code_use_program_code_fkey FOREIGN KEY (program, code) REFERENCES public.code(program, id);

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

ALTER TABLE ONLY public.data_claim
    ADD CONSTRAINT data_claim_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.data_export
    ADD CONSTRAINT data_export_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.data_file
    ADD CONSTRAINT data_file_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.data_import
    ADD CONSTRAINT data_import_program_file_fkey FOREIGN KEY (program, file) REFERENCES public.data_file(program, id);

ALTER TABLE ONLY public.data_import_row
    ADD CONSTRAINT data_import_row_program_import_fkey FOREIGN KEY (program, import) REFERENCES public.data_import(program, id);

ALTER TABLE ONLY public.data_mapping
    ADD CONSTRAINT data_mapping_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.draw
    ADD CONSTRAINT draw_program_home_lot_fkey FOREIGN KEY (program, home, lot) REFERENCES public.lot(program, home, id);

ALTER TABLE ONLY public.draw
    ADD CONSTRAINT draw_program_home_posting_n_fkey FOREIGN KEY (program, home, posting, n) REFERENCES public.entry(program, home, posting, n);

ALTER TABLE ONLY public.dynamic_code_use
    ADD CONSTRAINT dynamic_code_use_program_home_device_fkey FOREIGN KEY (program, home, device) REFERENCES public.device(program, home, id);

ALTER TABLE ONLY public.entitlement_grant
    ADD CONSTRAINT entitlement_grant_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.entitlement
    ADD CONSTRAINT entitlement_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.entitlement_use
    ADD CONSTRAINT entitlement_use_program_code_revision_fkey FOREIGN KEY (program, code, revision) REFERENCES public.entitlement(program, code, revision);

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

ALTER TABLE ONLY public.figures_roll
    ADD CONSTRAINT figures_roll_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.finding
    ADD CONSTRAINT finding_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.foreign_card
    ADD CONSTRAINT foreign_card_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.game
    ADD CONSTRAINT game_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.game_revision
    ADD CONSTRAINT game_revision_program_game_fkey FOREIGN KEY (program, game) REFERENCES public.game(program, code);

ALTER TABLE ONLY public.game_seed
    ADD CONSTRAINT game_seed_program_game_fkey FOREIGN KEY (program, game) REFERENCES public.game(program, code);

ALTER TABLE ONLY public.game_stock
    ADD CONSTRAINT game_stock_program_game_fkey FOREIGN KEY (program, game) REFERENCES public.game(program, code);

ALTER TABLE ONLY public.gift_card_code
    ADD CONSTRAINT gift_card_code_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.gift_card_code
    ADD CONSTRAINT gift_card_code_program_home_card_fkey FOREIGN KEY (program, home, card) REFERENCES public.gift_card(program, home, id);

ALTER TABLE ONLY public.gift_card
    ADD CONSTRAINT gift_card_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.gift_card
    ADD CONSTRAINT gift_card_program_home_id_fkey FOREIGN KEY (program, home, id) REFERENCES public.pool(program, home, id);

ALTER TABLE ONLY public.gift_card_sale
    ADD CONSTRAINT gift_card_sale_program_home_purchase_fkey FOREIGN KEY (program, home, purchase) REFERENCES public.purchase(program, home, id);

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

ALTER TABLE ONLY public.kept_gift_card
    ADD CONSTRAINT kept_gift_card_program_card_home_card_fkey FOREIGN KEY (program, card_home, card) REFERENCES public.gift_card(program, home, id);

ALTER TABLE ONLY public.kept_gift_card
    ADD CONSTRAINT kept_gift_card_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.ladder_pass
    ADD CONSTRAINT ladder_pass_program_code_revision_fkey FOREIGN KEY (program, code, revision) REFERENCES public.ladder(program, code, revision);

ALTER TABLE ONLY public.ladder
    ADD CONSTRAINT ladder_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.limit_use
    ADD CONSTRAINT limit_use_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.lot
    ADD CONSTRAINT lot_program_home_posting_n_fkey FOREIGN KEY (program, home, posting, n) REFERENCES public.entry(program, home, posting, n);

ALTER TABLE ONLY public.lottery_beacon
    ADD CONSTRAINT lottery_beacon_program_lottery_fkey FOREIGN KEY (program, lottery) REFERENCES public.lottery(program, code);

ALTER TABLE ONLY public.lottery_drawing
    ADD CONSTRAINT lottery_drawing_program_lottery_revision_fkey FOREIGN KEY (program, lottery, revision) REFERENCES public.lottery_revision(program, lottery, revision);

ALTER TABLE ONLY public.lottery_given
    ADD CONSTRAINT lottery_given_program_lottery_place_fkey FOREIGN KEY (program, lottery, place) REFERENCES public.lottery_winner(program, lottery, place);

ALTER TABLE ONLY public.lottery
    ADD CONSTRAINT lottery_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.lottery_revision
    ADD CONSTRAINT lottery_revision_program_lottery_fkey FOREIGN KEY (program, lottery) REFERENCES public.lottery(program, code);

ALTER TABLE ONLY public.lottery_winner
    ADD CONSTRAINT lottery_winner_program_lottery_fkey FOREIGN KEY (program, lottery) REFERENCES public.lottery_drawing(program, lottery);

ALTER TABLE ONLY public.member_badge
    ADD CONSTRAINT member_badge_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.member_mark
    ADD CONSTRAINT member_mark_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.member_merge
    ADD CONSTRAINT member_merge_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.member_name
    ADD CONSTRAINT member_name_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.member_note
    ADD CONSTRAINT member_note_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.member_pin
    ADD CONSTRAINT member_pin_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.member_session
    ADD CONSTRAINT member_session_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.member_twin
    ADD CONSTRAINT member_twin_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.membership_plan
    ADD CONSTRAINT membership_plan_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.membership
    ADD CONSTRAINT membership_program_home_origin_fkey FOREIGN KEY (program, home, origin) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.membership_step
    ADD CONSTRAINT membership_step_program_plan_revision_fkey FOREIGN KEY (program, plan, revision) REFERENCES public.membership_plan(program, code, revision);

ALTER TABLE ONLY public.message_outgoing
    ADD CONSTRAINT message_outgoing_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.missed_guess
    ADD CONSTRAINT missed_guess_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.occasion
    ADD CONSTRAINT occasion_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.occasion_revision
    ADD CONSTRAINT occasion_revision_program_occasion_fkey FOREIGN KEY (program, occasion) REFERENCES public.occasion(program, code);

ALTER TABLE ONLY public.offer_activation
    ADD CONSTRAINT offer_activation_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.offline_receipt
    ADD CONSTRAINT offline_receipt_program_device_fkey FOREIGN KEY (program, device) REFERENCES public.till_device(program, id);

ALTER TABLE ONLY public.pack_kind
    ADD CONSTRAINT pack_kind_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.pack
    ADD CONSTRAINT pack_program_code_revision_fkey FOREIGN KEY (program, code, revision) REFERENCES public.pack_kind(program, code, revision);

ALTER TABLE ONLY public.pack
    ADD CONSTRAINT pack_program_home_pool_fkey FOREIGN KEY (program, home, pool) REFERENCES public.pool(program, home, id);

ALTER TABLE ONLY public.pack_refund
    ADD CONSTRAINT pack_refund_program_home_pack_fkey FOREIGN KEY (program, home, pack) REFERENCES public.pack(program, home, id);

ALTER TABLE ONLY public.partner
    ADD CONSTRAINT partner_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.passing_back
    ADD CONSTRAINT passing_back_program_home_giver_id_fkey FOREIGN KEY (program, home, giver, id) REFERENCES public.passing(program, home, giver, id);

ALTER TABLE ONLY public.passing
    ADD CONSTRAINT passing_program_home_giver_fkey FOREIGN KEY (program, home, giver) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT passkey_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.play
    ADD CONSTRAINT play_program_game_revision_fkey FOREIGN KEY (program, game, revision) REFERENCES public.game_revision(program, game, revision);

ALTER TABLE ONLY public.points_rate
    ADD CONSTRAINT points_rate_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.pool
    ADD CONSTRAINT pool_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.prepaid_sale
    ADD CONSTRAINT prepaid_sale_program_home_purchase_fkey FOREIGN KEY (program, home, purchase) REFERENCES public.purchase(program, home, id);

ALTER TABLE ONLY public.prize
    ADD CONSTRAINT prize_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.prize_taken
    ADD CONSTRAINT prize_taken_program_home_prize_fkey FOREIGN KEY (program, home, prize) REFERENCES public.prize(program, home, id);

ALTER TABLE ONLY public.product
    ADD CONSTRAINT product_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.product_word
    ADD CONSTRAINT product_word_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.product_word
    ADD CONSTRAINT product_word_program_sku_fkey FOREIGN KEY (program, sku) REFERENCES public.product(program, sku) ON DELETE CASCADE;

ALTER TABLE ONLY public.program_logo
    ADD CONSTRAINT program_logo_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.program_plan
    ADD CONSTRAINT program_plan_staff_fkey FOREIGN KEY (staff) REFERENCES public.staff(id);

ALTER TABLE ONLY public.program_version
    ADD CONSTRAINT program_version_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.promotion_event
    ADD CONSTRAINT promotion_event_program_promotion_fkey FOREIGN KEY (program, promotion) REFERENCES public.promotion(program, id);

ALTER TABLE ONLY public.promotion
    ADD CONSTRAINT promotion_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.promotion_review
    ADD CONSTRAINT promotion_review_program_promotion_fkey FOREIGN KEY (program, promotion) REFERENCES public.promotion(program, id);

ALTER TABLE ONLY public.promotion_revision
    ADD CONSTRAINT promotion_revision_program_promotion_fkey FOREIGN KEY (program, promotion) REFERENCES public.promotion(program, id);

ALTER TABLE ONLY public.purchase_claim
    ADD CONSTRAINT purchase_claim_program_home_purchase_fkey FOREIGN KEY (program, home, purchase) REFERENCES public.purchase(program, home, id);

ALTER TABLE ONLY public.purchase
    ADD CONSTRAINT purchase_program_home_pool_fkey FOREIGN KEY (program, home, pool) REFERENCES public.pool(program, home, id);

ALTER TABLE ONLY public.quest_budget
    ADD CONSTRAINT quest_budget_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.quest_count
    ADD CONSTRAINT quest_count_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.quest_entry
    ADD CONSTRAINT quest_entry_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.quest
    ADD CONSTRAINT quest_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.quest_standing
    ADD CONSTRAINT quest_standing_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.quest_step
    ADD CONSTRAINT quest_step_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.quest_step_undone
    ADD CONSTRAINT quest_step_undone_program_home_member_quest_round_step_tur_fkey FOREIGN KEY (program, home, member, quest, round, step, turn) REFERENCES public.quest_step(program, home, member, quest, round, step, turn);

ALTER TABLE ONLY public.questionnaire
    ADD CONSTRAINT questionnaire_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.redemption_now
    ADD CONSTRAINT redemption_now_program_home_redemption_fkey FOREIGN KEY (program, home, redemption) REFERENCES public.redemption(program, home, id);

ALTER TABLE ONLY public.redemption
    ADD CONSTRAINT redemption_program_home_pool_fkey FOREIGN KEY (program, home, pool) REFERENCES public.pool(program, home, id);

ALTER TABLE ONLY public.redemption
    ADD CONSTRAINT redemption_program_reward_revision_fkey FOREIGN KEY (program, reward, revision) REFERENCES public.reward_revision(program, reward, revision);

ALTER TABLE ONLY public.redemption_state
    ADD CONSTRAINT redemption_state_program_home_redemption_fkey FOREIGN KEY (program, home, redemption) REFERENCES public.redemption(program, home, id);

ALTER TABLE ONLY public.referral_back
    ADD CONSTRAINT referral_back_program_home_friend_fkey FOREIGN KEY (program, home, friend) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.referral_code
    ADD CONSTRAINT referral_code_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.referral_milestone
    ADD CONSTRAINT referral_milestone_program_home_referrer_fkey FOREIGN KEY (program, home, referrer) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.referral_open
    ADD CONSTRAINT referral_open_program_home_friend_fkey FOREIGN KEY (program, home, friend) REFERENCES public.referral(program, home, friend);

ALTER TABLE ONLY public.referral_payment
    ADD CONSTRAINT referral_payment_program_home_purchase_fkey FOREIGN KEY (program, home, purchase) REFERENCES public.purchase(program, home, id);

ALTER TABLE ONLY public.referral
    ADD CONSTRAINT referral_program_home_friend_fkey FOREIGN KEY (program, home, friend) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.referral_program
    ADD CONSTRAINT referral_program_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.referral_step
    ADD CONSTRAINT referral_step_program_home_friend_fkey FOREIGN KEY (program, home, friend) REFERENCES public.referral(program, home, friend);

ALTER TABLE ONLY public.referral_trace
    ADD CONSTRAINT referral_trace_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.registration
    ADD CONSTRAINT registration_program_aggregator_fkey FOREIGN KEY (program, aggregator) REFERENCES public.aggregator(program, id);

ALTER TABLE ONLY public.reservation
    ADD CONSTRAINT reservation_program_home_hold_fkey FOREIGN KEY (program, home, hold) REFERENCES public.hold(program, home, id);

ALTER TABLE ONLY public.reservation
    ADD CONSTRAINT reservation_program_home_lot_fkey FOREIGN KEY (program, home, lot) REFERENCES public.lot(program, home, id);

ALTER TABLE ONLY public.resolution
    ADD CONSTRAINT resolution_program_home_hold_fkey FOREIGN KEY (program, home, hold) REFERENCES public.hold(program, home, id);

ALTER TABLE ONLY public.reward
    ADD CONSTRAINT reward_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.reward_revision
    ADD CONSTRAINT reward_revision_program_reward_fkey FOREIGN KEY (program, reward) REFERENCES public.reward(program, id);

ALTER TABLE ONLY public.reward_stock
    ADD CONSTRAINT reward_stock_program_reward_fkey FOREIGN KEY (program, reward) REFERENCES public.reward(program, id);

ALTER TABLE ONLY public.rhythm_basis
    ADD CONSTRAINT rhythm_basis_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_api_key_fkey FOREIGN KEY (api_key) REFERENCES public.api_key(id);

ALTER TABLE ONLY public.shared_account
    ADD CONSTRAINT shared_account_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.spending_lock
    ADD CONSTRAINT spending_lock_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.staff_invitation
    ADD CONSTRAINT staff_invitation_by_fkey FOREIGN KEY (by) REFERENCES public.staff(id);

ALTER TABLE ONLY public.staff_invitation
    ADD CONSTRAINT staff_invitation_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.staff_passkey
    ADD CONSTRAINT staff_passkey_staff_fkey FOREIGN KEY (staff) REFERENCES public.staff(id);

ALTER TABLE ONLY public.staff_question
    ADD CONSTRAINT staff_question_staff_fkey FOREIGN KEY (staff) REFERENCES public.staff(id);

ALTER TABLE ONLY public.staff_recovery_code
    ADD CONSTRAINT staff_recovery_code_staff_fkey FOREIGN KEY (staff) REFERENCES public.staff(id);

ALTER TABLE ONLY public.staff_role
    ADD CONSTRAINT staff_role_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.staff_role
    ADD CONSTRAINT staff_role_staff_fkey FOREIGN KEY (staff) REFERENCES public.staff(id);

ALTER TABLE ONLY public.staff_session
    ADD CONSTRAINT staff_session_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.staff_session
    ADD CONSTRAINT staff_session_staff_fkey FOREIGN KEY (staff) REFERENCES public.staff(id);

ALTER TABLE ONLY public.store
    ADD CONSTRAINT store_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.store
    ADD CONSTRAINT store_program_partner_fkey FOREIGN KEY (program, partner) REFERENCES public.partner(program, id);

ALTER TABLE ONLY public.succession
    ADD CONSTRAINT succession_program_home_pool_fkey FOREIGN KEY (program, home, pool) REFERENCES public.pool(program, home, id);

ALTER TABLE ONLY public.survey_part
    ADD CONSTRAINT survey_part_program_survey_revision_fkey FOREIGN KEY (program, survey, revision) REFERENCES public.survey_revision(program, survey, revision);

ALTER TABLE ONLY public.survey
    ADD CONSTRAINT survey_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.survey_reply
    ADD CONSTRAINT survey_reply_program_survey_revision_fkey FOREIGN KEY (program, survey, revision) REFERENCES public.survey_revision(program, survey, revision);

ALTER TABLE ONLY public.survey_revision
    ADD CONSTRAINT survey_revision_program_survey_fkey FOREIGN KEY (program, survey) REFERENCES public.survey(program, code);

ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT ticket_program_lottery_fkey FOREIGN KEY (program, lottery) REFERENCES public.lottery(program, code);

ALTER TABLE ONLY public.ticket_void
    ADD CONSTRAINT ticket_void_program_home_ticket_fkey FOREIGN KEY (program, home, ticket) REFERENCES public.ticket(program, home, id);

ALTER TABLE ONLY public.tier_change
    ADD CONSTRAINT tier_change_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.till_device
    ADD CONSTRAINT till_device_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.till_device
    ADD CONSTRAINT till_device_program_store_fkey FOREIGN KEY (program, store) REFERENCES public.store(program, id);

ALTER TABLE ONLY public.till
    ADD CONSTRAINT till_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.till
    ADD CONSTRAINT till_program_store_fkey FOREIGN KEY (program, store) REFERENCES public.store(program, id);

ALTER TABLE ONLY public.trail_witness
    ADD CONSTRAINT trail_witness_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.voiding
    ADD CONSTRAINT voiding_program_home_purchase_fkey FOREIGN KEY (program, home, purchase) REFERENCES public.purchase(program, home, id);

ALTER TABLE ONLY public.voucher_booked
    ADD CONSTRAINT voucher_booked_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.voucher_definition
    ADD CONSTRAINT voucher_definition_program_batch_fkey FOREIGN KEY (program, batch) REFERENCES public.code_batch(program, id);

ALTER TABLE ONLY public.voucher_money
    ADD CONSTRAINT voucher_money_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.voucher_money
    ADD CONSTRAINT voucher_money_program_home_id_fkey FOREIGN KEY (program, home, id) REFERENCES public.pool(program, home, id);

ALTER TABLE ONLY public.wallet_grant
    ADD CONSTRAINT wallet_grant_program_aggregator_fkey FOREIGN KEY (program, aggregator) REFERENCES public.aggregator(program, id);

ALTER TABLE ONLY public.wallet_grant
    ADD CONSTRAINT wallet_grant_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE ONLY public.wallet_pass
    ADD CONSTRAINT wallet_pass_program_home_card_fkey FOREIGN KEY (program, home, card) REFERENCES public.card(program, home, id);

ALTER TABLE ONLY public.wallet_phone
    ADD CONSTRAINT wallet_phone_program_home_card_fkey FOREIGN KEY (program, home, card) REFERENCES public.wallet_pass(program, home, card);

ALTER TABLE ONLY public.watch_mark
    ADD CONSTRAINT watch_mark_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.webhook_cursor
    ADD CONSTRAINT webhook_cursor_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.webhook_subscription
    ADD CONSTRAINT webhook_subscription_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.welcome
    ADD CONSTRAINT welcome_program_fkey FOREIGN KEY (program) REFERENCES public.program(id);

ALTER TABLE ONLY public.wrong_guess
    ADD CONSTRAINT wrong_guess_program_home_member_fkey FOREIGN KEY (program, home, member) REFERENCES public.member(program, home, id);

ALTER TABLE public.absence ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.account ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.account_member ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_count ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_kind ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_reading ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_review ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_text ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.activity_waiting ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.aggregator ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.aggregator_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.approval ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.attempt_count ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_head ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.badge ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.block ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.block_member ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.board_name ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.booking ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.booking_now ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.booking_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.card ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.card_batch ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.card_copy ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.card_number ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.challenge ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.claim ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.club ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.club_invitation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.club_link ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.club_revision ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.club_stay ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.code ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.code_batch ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.code_touched ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.code_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.confirmation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.consent ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.consent_confirmation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.consent_wording ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.counted_purchase ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.currency ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.data_claim ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.data_export ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.data_file ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.data_file_part ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.data_import ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.data_import_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.data_mapping ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.device ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.draw ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.dynamic_code_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.enrolment_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.entitlement ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.entitlement_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.entitlement_slot ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.entitlement_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.entry ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erasure ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.erasure_proposal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.exchange_rate ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.expiry_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.figures_roll ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.finding ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.foreign_card ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.game ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.game_credit ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.game_revision ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.game_seed ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.game_stock ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.game_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gift_card ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gift_card_code ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.gift_card_sale ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.goods_return ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.handover ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.held_claim ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.hold ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.identifier ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.imported_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.invitation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.kept_gift_card ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ladder ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ladder_pass ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ledger_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.limit_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lot ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lottery ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lottery_beacon ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lottery_drawing ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lottery_given ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lottery_revision ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.lottery_winner ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_badge ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_merge ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_name ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_note ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_pin ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_session ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_twin ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.member_visit ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.membership ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.membership_plan ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.membership_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.message_outgoing ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.missed_guess ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.occasion ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.occasion_revision ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.offer_activation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.offline_conflict ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.offline_receipt ENABLE ROW LEVEL SECURITY;

CREATE POLICY one_program ON public.absence USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.account USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.account_member USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.activity USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.activity_count USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.activity_key USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.activity_kind USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.activity_reading USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.activity_review USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.activity_text USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.activity_waiting USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.aggregator USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.aggregator_day USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.approval USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.attempt_count USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.audit USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.audit_head USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.badge USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.block USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.block_member USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.board_name USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.booking USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.booking_now USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.booking_step USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.card USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.card_batch USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.card_copy USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.card_number USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.challenge USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.claim USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.club USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.club_invitation USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.club_link USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.club_revision USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.club_stay USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.code USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.code_batch USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.code_touched USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.code_use USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.confirmation USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.consent USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.consent_confirmation USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.consent_wording USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.counted_purchase USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.currency USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.data_claim USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.data_export USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.data_file USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.data_file_part USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.data_import USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.data_import_row USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.data_mapping USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.device USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.draw USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.dynamic_code_use USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.enrolment_day USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.entitlement USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.entitlement_grant USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.entitlement_slot USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.entitlement_use USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.entry USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.erasure USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.erasure_proposal USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.exchange_rate USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.expiry_day USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.figures_roll USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.finding USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.foreign_card USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.game USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.game_credit USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.game_revision USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.game_seed USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.game_stock USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.game_use USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.gift_card USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.gift_card_code USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.gift_card_sale USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.goods_return USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.handover USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.held_claim USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.hold USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.identifier USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.imported_row USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.invitation USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.kept_gift_card USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.ladder USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.ladder_pass USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.ledger_day USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.limit_use USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.lot USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.lottery USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.lottery_beacon USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.lottery_drawing USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.lottery_given USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.lottery_revision USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.lottery_winner USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_badge USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_mark USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_merge USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_name USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_note USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_pin USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_session USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_twin USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.member_visit USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.membership USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.membership_plan USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.membership_step USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.message_outgoing USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.missed_guess USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.occasion USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.occasion_revision USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.offer_activation USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.offline_conflict USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.offline_receipt USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.outbox USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.pack USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.pack_kind USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.pack_refund USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.partner USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.passing USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.passing_back USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.passkey USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.person USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.play USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.points_rate USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.pool USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.posting USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.prepaid_sale USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.prize USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.prize_taken USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.product USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.product_word USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.program_logo USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.program_version USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.promotion USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.promotion_day USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.promotion_day_given USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.promotion_event USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.promotion_review USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.promotion_revision USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.purchase USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.purchase_claim USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.quest USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.quest_budget USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.quest_count USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.quest_entry USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.quest_standing USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.quest_step USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.quest_step_undone USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.questionnaire USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.redemption USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.redemption_now USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.redemption_state USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.referral USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.referral_back USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.referral_code USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.referral_milestone USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.referral_open USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.referral_payment USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.referral_program USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.referral_step USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.referral_trace USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.referral_use USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.registration USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.request_key USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.reservation USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.resolution USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.reward USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.reward_revision USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.reward_stock USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.reward_use USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.rhythm USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.rhythm_basis USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.shared_account USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.spending_lock USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.store USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.store_day USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.succession USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.survey USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.survey_part USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.survey_reply USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.survey_revision USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.ticket USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.ticket_count USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.ticket_purchase USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.ticket_void USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.tier_change USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.till USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.till_device USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.trail_witness USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.visit_gap USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.voiding USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.voucher_booked USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.voucher_definition USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.voucher_money USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.wallet_grant USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.wallet_pass USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.wallet_phone USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.watch_mark USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.webhook_cursor USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.webhook_delivery USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.webhook_event USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.webhook_lane USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.webhook_subscription USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.welcome USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

CREATE POLICY one_program ON public.wrong_guess USING ((program = (NULLIF(current_setting('regulars.program'::text, true), ''::text))::uuid));

ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pack ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pack_kind ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pack_refund ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.partner ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.passing ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.passing_back ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.passkey ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.person ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.play ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.points_rate ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pool ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.posting ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.prepaid_sale ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.prize ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.prize_taken ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.product ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.product_word ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.program_logo ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.program_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.promotion ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.promotion_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.promotion_day_given ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.promotion_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.promotion_review ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.promotion_revision ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.purchase ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.purchase_claim ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quest ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quest_budget ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quest_count ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quest_entry ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quest_standing ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quest_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quest_step_undone ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.questionnaire ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.redemption ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.redemption_now ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.redemption_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.referral ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.referral_back ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.referral_code ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.referral_milestone ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.referral_open ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.referral_payment ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.referral_program ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.referral_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.referral_trace ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.referral_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.registration ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.request_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reservation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.resolution ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reward ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reward_revision ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reward_stock ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reward_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rhythm ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rhythm_basis ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.shared_account ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.spending_lock ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.store ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.store_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.succession ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.survey ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.survey_part ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.survey_reply ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.survey_revision ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ticket ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ticket_count ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ticket_purchase ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ticket_void ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tier_change ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.till ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.till_device ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.trail_witness ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.visit_gap ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.voiding ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.voucher_booked ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.voucher_definition ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.voucher_money ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.wallet_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.wallet_pass ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.wallet_phone ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.watch_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_cursor ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_delivery ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_lane ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_subscription ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.welcome ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.wrong_guess ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA public TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.absence TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.account TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.account_member TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.activity TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.activity_count TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.activity_key TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.activity_kind TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.activity_reading TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.activity_review TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.activity_text TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.activity_waiting TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.aggregator TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.aggregator_day TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.api_key TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.approval TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.attempt_count TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.audit TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.audit_head TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.badge TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.block TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.block_member TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.board_name TO regulars_app;

GRANT UPDATE(nickname) ON TABLE public.board_name TO regulars_app;

GRANT UPDATE(since) ON TABLE public.board_name TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.booking TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.booking_now TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.booking_step TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.card TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.card_batch TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.card_copy TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.card_number TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.challenge TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.claim TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.club TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.club_invitation TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.club_link TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.club_revision TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.club_stay TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.code TO regulars_app;

GRANT UPDATE(voided_at) ON TABLE public.code TO regulars_app;

GRANT UPDATE(void_reason) ON TABLE public.code TO regulars_app;

GRANT UPDATE(owner) ON TABLE public.code TO regulars_app;

GRANT UPDATE(blocked_at) ON TABLE public.code TO regulars_app;

GRANT UPDATE(reminded_at) ON TABLE public.code TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.code_batch TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.code_touched TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.code_use TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.confirmation TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.consent TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.consent_confirmation TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.consent_wording TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.counted_purchase TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.currency TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.data_claim TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.data_export TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.data_file TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.data_file_part TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.data_import TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.data_import_row TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.data_mapping TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.device TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.draw TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.dynamic_code_use TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.enrolment_day TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.entitlement TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.entitlement_grant TO regulars_app;

GRANT UPDATE(ended_at) ON TABLE public.entitlement_grant TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.entitlement_slot TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.entitlement_use TO regulars_app;

GRANT UPDATE(state) ON TABLE public.entitlement_use TO regulars_app;

GRANT UPDATE(counts) ON TABLE public.entitlement_use TO regulars_app;

GRANT UPDATE(ended_at) ON TABLE public.entitlement_use TO regulars_app;

GRANT UPDATE(ended_by) ON TABLE public.entitlement_use TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.entry TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.erasure TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.erasure_proposal TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.exchange_rate TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.expiry_day TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.figures_roll TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.finding TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.first_door TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.foreign_card TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.game TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.game_credit TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.game_revision TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.game_seed TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.game_stock TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.game_use TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.gift_card TO regulars_app;

GRANT UPDATE(serial) ON TABLE public.gift_card TO regulars_app;

GRANT UPDATE(blocked_at) ON TABLE public.gift_card TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.gift_card_code TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.gift_card_sale TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.goods_return TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.handover TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.held_claim TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.hold TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.identifier TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.imported_row TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.invitation TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.job TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.kept_gift_card TO regulars_app;

GRANT UPDATE(serial) ON TABLE public.kept_gift_card TO regulars_app;

GRANT UPDATE(kept_at) ON TABLE public.kept_gift_card TO regulars_app;

GRANT UPDATE(reminded_of) ON TABLE public.kept_gift_card TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.ladder TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.ladder_pass TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ledger_day TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.limit_use TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.lot TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.lottery TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.lottery_beacon TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.lottery_drawing TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.lottery_given TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.lottery_revision TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.lottery_winner TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.master_key TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.member TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.member_badge TO regulars_app;

GRANT UPDATE(prize) ON TABLE public.member_badge TO regulars_app;

GRANT UPDATE(given_at) ON TABLE public.member_badge TO regulars_app;

GRANT UPDATE(given_by) ON TABLE public.member_badge TO regulars_app;

GRANT UPDATE(taken_at) ON TABLE public.member_badge TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.member_mark TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.member_merge TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.member_name TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.member_note TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.member_pin TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.member_session TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.member_twin TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.member_visit TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.membership TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.membership_plan TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.membership_step TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.message_outgoing TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.missed_guess TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.occasion TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.occasion_revision TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.offer_activation TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.offline_conflict TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.offline_receipt TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.outbox TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.pack TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.pack_kind TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.pack_refund TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.partner TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.passing TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.passing_back TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.passkey TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.person TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.play TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.points_rate TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.pool TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.posting TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.prepaid_sale TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.prize TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.prize_taken TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product_word TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.program TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.program_logo TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.program_plan TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.program_version TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.promotion TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.promotion_day TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.promotion_day_given TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.promotion_event TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.promotion_review TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.promotion_revision TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.purchase TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.purchase_claim TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.quest TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.quest_budget TO regulars_app;

GRANT UPDATE(won) ON TABLE public.quest_budget TO regulars_app;

GRANT UPDATE(cost) ON TABLE public.quest_budget TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.quest_count TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.quest_entry TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.quest_standing TO regulars_app;

GRANT UPDATE(since) ON TABLE public.quest_standing TO regulars_app;

GRANT UPDATE(until) ON TABLE public.quest_standing TO regulars_app;

GRANT UPDATE(reached) ON TABLE public.quest_standing TO regulars_app;

GRANT UPDATE(steps) ON TABLE public.quest_standing TO regulars_app;

GRANT UPDATE(undone) ON TABLE public.quest_standing TO regulars_app;

GRANT UPDATE(whole) ON TABLE public.quest_standing TO regulars_app;

GRANT UPDATE(named) ON TABLE public.quest_standing TO regulars_app;

GRANT UPDATE(counted_at) ON TABLE public.quest_standing TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.quest_step TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.quest_step_undone TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.questionnaire TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.redemption TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.redemption_now TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.redemption_state TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.referral TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.referral_back TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.referral_code TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.referral_milestone TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.referral_open TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.referral_payment TO regulars_app;

GRANT UPDATE(member) ON TABLE public.referral_payment TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.referral_program TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.referral_step TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.referral_trace TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.referral_use TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.registration TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.request_key TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.reservation TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.resolution TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.reward TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.reward_revision TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.reward_stock TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.reward_use TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rhythm TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.rhythm_basis TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.session TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.shared_account TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.spending_lock TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.staff TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff_attempt TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff_invitation TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff_passkey TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff_question TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff_recovery_code TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff_role TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.staff_session TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.store TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.store_day TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.succession TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.survey TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.survey_part TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.survey_reply TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.survey_revision TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.ticket TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.ticket_count TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.ticket_purchase TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.ticket_void TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.tier_change TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.till TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.till_device TO regulars_app;

GRANT UPDATE(seen_at) ON TABLE public.till_device TO regulars_app;

GRANT UPDATE(counter) ON TABLE public.till_device TO regulars_app;

GRANT UPDATE(synced_at) ON TABLE public.till_device TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.trail_witness TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.visit_gap TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.voiding TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.voucher_booked TO regulars_app;

GRANT UPDATE(used) ON TABLE public.voucher_booked TO regulars_app;

GRANT UPDATE(partner) ON TABLE public.voucher_booked TO regulars_app;

GRANT UPDATE(drawn) ON TABLE public.voucher_booked TO regulars_app;

GRANT UPDATE(voided) ON TABLE public.voucher_booked TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.voucher_definition TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.voucher_money TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.wallet_grant TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.wallet_pass TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.wallet_phone TO regulars_app;

GRANT SELECT,INSERT,UPDATE ON TABLE public.watch_mark TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_cursor TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_delivery TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_event TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_lane TO regulars_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_subscription TO regulars_app;

GRANT SELECT,INSERT ON TABLE public.welcome TO regulars_app;

GRANT SELECT,INSERT,DELETE ON TABLE public.wrong_guess TO regulars_app;
