-- name: held_of_member
-- How many rows of each kind say who a member is, let her in, or are sealed for her. What is counted here before and
-- after an erasure is what her certificate says; every table that keeps such rows has a line.
SELECT kind, count
FROM (
    SELECT 'identity', count(*) FROM person WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'marks', count(*) FROM member_mark WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'club_invitations', count(*) FROM club_invitation WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'club_stays', count(*) FROM club_stay WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'booked_seats', count(*) FROM booking AS b JOIN booking_now AS n ON n.program = b.program AND n.home = b.home AND n.booking = b.id WHERE b.program = %(program)s AND b.member = %(member)s AND n.state IN ('waiting', 'offered', 'booked')
    UNION ALL
    SELECT 'likenesses', count(*) FROM member_twin WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'names', count(*) FROM member_name WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'notes', count(*) FROM member_note WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'foreign_cards', count(*) FROM foreign_card WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'board_names', count(*) FROM board_name WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'challenges_joined', count(*) FROM quest_entry WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'kept_gift_cards', count(*) FROM kept_gift_card WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'wallet_phones', count(*) FROM wallet_phone AS p JOIN card AS c ON c.program = p.program AND c.home = p.home AND c.id = p.card WHERE c.program = %(program)s AND c.member = %(member)s
    UNION ALL
    SELECT 'referral_codes', count(*) FROM referral_code WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'referral_traces', count(*) FROM referral_trace WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'referral_payments', count(*) FROM referral_payment WHERE program = %(program)s AND member = %(member)s
    UNION ALL
    SELECT 'sessions', count(*) FROM member_session WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'passkeys', count(*) FROM passkey WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'pins', count(*) FROM member_pin WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'devices', count(*) FROM device WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'challenges', count(*) FROM challenge WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'spending_locks', count(*) FROM spending_lock WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'wrong_guesses', count(*) FROM wrong_guess WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'wallet_grants', count(*) FROM wallet_grant WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'household_names', count(*) FROM shared_account AS a WHERE a.program = %(program)s AND a.kind = 'household' AND a.sealed IS NOT NULL
        AND EXISTS (SELECT FROM account_member AS j WHERE j.program = a.program AND j.home = a.home AND j.account = a.id AND j.member = %(member)s)
        AND NOT EXISTS (SELECT FROM member AS m WHERE m.program = a.program AND m.pool = a.id AND m.own_pool IS NOT NULL)
    UNION ALL
    SELECT 'activity_texts', count(*) FROM activity_text WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'meter_readings', count(*) FROM activity_reading WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'rhythms', count(*) FROM rhythm WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'absences', count(*) FROM absence WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'booked_visits', count(*) FROM entitlement_use WHERE program = %(program)s AND member = %(member)s AND state = 'booked'
    UNION ALL
    SELECT 'open_cards', count(*) FROM card WHERE program = %(program)s AND member = %(member)s AND status <> 'closed'
    UNION ALL
    SELECT 'survey_answers', count(*) FROM survey_reply WHERE program = %(program)s AND member = %(member)s
) AS held (kind, count)
WHERE count > 0;
