-- name: next_lapse
-- Of purchases that are held, of rewards that are reserved or wait to be fetched, of visits to which nobody came.
SELECT least(
    (SELECT min(lapses_at) FROM hold
     WHERE program = %(program)s AND open AND lapses_at > %(since)s AND lapses_at <= %(until)s),
    (SELECT min(due_at) FROM redemption_now
     WHERE program = %(program)s AND due_at > %(since)s AND due_at <= %(until)s),
    (SELECT min(due_at) FROM entitlement_use
     WHERE program = %(program)s AND state = 'booked' AND due_at > %(since)s AND due_at <= %(until)s)
);

-- name: next_expiry
SELECT min(expires_at) FROM lot
WHERE program = %s AND drawn < amount AND expires_at IS NOT NULL AND expires_at > %s AND expires_at <= %s;
