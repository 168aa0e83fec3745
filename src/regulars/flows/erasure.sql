-- name: held_of_member
-- How many rows of each kind say who a member is, let her in, or are sealed for her. What is counted here before and
-- after an erasure is what her certificate says; every table that keeps such rows has a line.
SELECT kind, count
FROM (
    SELECT 'identity', count(*) FROM person WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'marks', count(*) FROM member_mark WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'likenesses', count(*) FROM member_twin WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
    UNION ALL
    SELECT 'foreign_cards', count(*) FROM foreign_card WHERE program = %(program)s AND home = %(home)s AND member = %(member)s
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
    SELECT 'open_cards', count(*) FROM card WHERE program = %(program)s AND member = %(member)s AND status <> 'closed'
) AS held (kind, count)
WHERE count > 0;
