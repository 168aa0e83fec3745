"""Who may do what, written out by hand: each role's permissions, each page's permission, each endpoint's scopes.

The application has its own tables; the tests of test_matrix.py hold the two against one another, cell by cell. Whoever
adds a page or an endpoint adds its row here, and says thereby to whom it is open.
"""

from __future__ import annotations

ROLES: dict[str, str] = {
    "owner": (
        "home.read books.read members.read members.change members.adjust members.merge members.export members.erase "
        "purchases.read purchases.return promotions.read promotions.write promotions.publish promotions.stop "
        "codes.read codes.write rewards.read rewards.write rewards.fulfil engagement.read engagement.write "
        "engagement.serve data.import data.export webhooks.write "
        "review.read review.decide approvals.decide "
        "audit.read setup.read setup.write keys.write staff.read staff.write"
    ),
    "marketing": (
        "home.read books.read members.read purchases.read promotions.read promotions.write promotions.publish "
        "promotions.stop codes.read codes.write setup.read rewards.read rewards.write engagement.read engagement.write"
    ),
    "service": (
        "members.read members.change members.adjust members.merge members.export members.erase purchases.read "
        "purchases.return promotions.read codes.read rewards.read rewards.fulfil engagement.read engagement.serve"
    ),
    "finance": (
        "home.read books.read members.read members.adjust purchases.read promotions.read promotions.stop codes.read "
        "data.export review.read approvals.decide audit.read setup.read rewards.read engagement.read"
    ),
    "shop_manager": (
        "home.read purchases.read purchases.return promotions.read review.read review.decide rewards.read "
        "rewards.fulfil engagement.read engagement.serve"
    ),
    "partner_user": "home.read purchases.read promotions.read",
    "analyst": "home.read books.read purchases.read promotions.read codes.read rewards.read engagement.read",
    "auditor": (
        "home.read books.read members.read purchases.read promotions.read codes.read data.export review.read "
        "audit.read setup.read staff.read rewards.read engagement.read"
    ),
}
"""What each role may."""

ANYBODY = "-"
"""Whoever has a role in the program."""

PAGES: dict[str, str] = {
    "GET ": "home.read",
    "GET /home.csv": "home.read",
    "GET /figures/promotions.csv": "home.read",
    "GET /points": "books.read",
    "GET /points.csv": "books.read",
    "GET /points/expiring.csv": "books.read",
    "GET /points/movements": "books.read",
    "GET /points/movements.csv": "books.read",
    "GET /prepaid": "books.read",
    "GET /prepaid.csv": "books.read",
    "GET /day": "home.read",
    "GET /day.csv": "home.read",
    "GET /data/imports": "data.import",
    "POST /data/imports/files": "data.import",
    "GET /data/imports/files/{id}": "data.import",
    "POST /data/imports/preview": "data.import",
    "POST /data/imports": "data.import",
    "GET /data/imports/{id}": "data.import",
    "GET /data/imports/{id}/progress": "data.import",
    "POST /data/imports/{id}/run": "data.import",
    "POST /data/imports/{id}/undo": "data.import",
    "GET /data/imports/{id}/report.csv": "data.import",
    "GET /data/exports": "data.export",
    "GET /data/exports/list": "data.export",
    "POST /data/exports": "data.export",
    "GET /data/exports/{id}/file": "data.export",
    "GET /data/webhooks": "webhooks.write",
    "GET /data/webhooks/new": "webhooks.write",
    "POST /data/webhooks": "webhooks.write",
    "GET /data/webhooks/{id}": "webhooks.write",
    "GET /data/webhooks/{id}/edit": "webhooks.write",
    "POST /data/webhooks/{id}/edit": "webhooks.write",
    "POST /data/webhooks/{id}/switch": "webhooks.write",
    "POST /data/webhooks/{id}/rotate": "webhooks.write",
    "POST /data/webhooks/{id}/remove": "webhooks.write",
    "POST /data/webhooks/{id}/test": "webhooks.write",
    "POST /data/webhooks/{id}/replay": "webhooks.write",
    "GET /data/webhooks/deliveries/{id}": "webhooks.write",
    "POST /data/webhooks/deliveries/{id}/replay": "webhooks.write",
    "GET /setup": "setup.read",
    "POST /setup": "setup.write",
    "GET /setup/rules/{heading}": "setup.read",
    "POST /setup/rules/{heading}": "setup.write",
    "GET /setup/order": "setup.read",
    "POST /setup/order": "setup.write",
    "GET /setup/currencies": "setup.read",
    "GET /setup/currencies/edit": "setup.write",
    "POST /setup/currencies/edit": "setup.write",
    "POST /setup/currencies/rates": "setup.write",
    "POST /setup/currencies/points-rates": "setup.write",
    "POST /setup/currencies/points-rates/stop": "setup.write",
    "GET /setup/stores": "setup.read",
    "GET /setup/stores/new": "setup.write",
    "POST /setup/stores": "setup.write",
    "GET /setup/stores/edit": "setup.write",
    "POST /setup/stores/edit": "setup.write",
    "GET /setup/partners/edit": "setup.write",
    "POST /setup/partners/edit": "setup.write",
    "GET /setup/keys": "keys.write",
    "GET /setup/keys/new": "keys.write",
    "POST /setup/keys": "keys.write",
    "POST /setup/keys/{id}/rotate": "keys.write",
    "POST /setup/keys/{id}/revoke": "keys.write",
    "GET /setup/wallets": "keys.write",
    "POST /setup/wallets": "keys.write",
    "POST /setup/wallets/{id}/quota": "keys.write",
    "POST /setup/wallets/{id}/rotate": "keys.write",
    "POST /setup/wallets/{id}/end": "keys.write",
    "GET /setup/texts": "setup.read",
    "GET /setup/texts/wording": "setup.write",
    "POST /setup/texts/wording": "setup.write",
    "GET /setup/texts/questions": "setup.write",
    "POST /setup/texts/questions": "setup.write",
    "POST /setup/texts/questions/preview": "setup.write",
    "POST /setup/texts/names": "setup.write",
    "GET /setup/branding": "setup.read",
    "POST /setup/branding": "setup.write",
    "POST /setup/branding/logo": "setup.write",
    "POST /setup/branding/words": "setup.write",
    "GET /setup/branding/preview": "setup.read",
    "GET /setup/sandbox": "keys.write",
    "POST /setup/sandbox": "keys.write",
    "GET /setup/tiers": "setup.read",
    "GET /setup/tiers/edit": "setup.write",
    "POST /setup/tiers/withdraw": "setup.write",
    "POST /setup/tiers/edit": "setup.write",
    "GET /setup/printers": "setup.read",
    "GET /setup/printers/edit": "setup.write",
    "POST /setup/printers/edit": "setup.write",
    "POST /setup/printers/remove": "setup.write",
    "POST /setup/printers/test": "setup.write",
    "GET /setup/exclusions": "setup.read",
    "POST /setup/exclusions": "setup.write",
    "GET /team": "staff.read",
    "GET /team/invite": "staff.write",
    "POST /team/invite": "staff.write",
    "POST /team/invitations/{id}/withdraw": "staff.write",
    "GET /team/{id}": "staff.write",
    "POST /team/{id}": "staff.write",
    "POST /team/{id}/remove": "staff.write",
    "POST /team/{id}/password": "staff.write",
    "GET /me": ANYBODY,
    "POST /me": ANYBODY,
    "POST /me/password": ANYBODY,
    "POST /me/second-factor/off": ANYBODY,
    "POST /me/recovery-codes": ANYBODY,
    "POST /me/passkeys/{id}/remove": ANYBODY,
    "POST /me/sessions/{id}/end": ANYBODY,
    "POST /me/sessions/end": ANYBODY,
    "GET /members": "members.read",
    "GET /members/list": "home.read",
    "GET /members/list.csv": "data.export",
    "GET /members/sources": "home.read",
    "GET /members/sources.csv": "home.read",
    "POST /members/find": "members.read",
    "GET /members/{id}": "members.read",
    "GET /members/{id}/history": "members.read",
    "GET /members/{id}/receipts": "members.read",
    "GET /members/{id}/consents": "members.read",
    "GET /members/{id}/access": "members.read",
    "GET /members/{id}/merge": "members.merge",
    "POST /members/{id}/merge/find": "members.merge",
    "POST /members/{id}/merge": "members.merge",
    "POST /members/{id}/unmerge/{other}": "members.merge",
    "POST /members/{id}/cards": "members.change",
    "POST /members/{id}/cards/{card}/block": "members.change",
    "POST /members/{id}/cards/{card}/unblock": "members.change",
    "POST /members/{id}/cards/{card}/close": "members.change",
    "POST /members/{id}/person": "members.change",
    "POST /members/{id}/points": "members.adjust",
    "POST /members/{id}/notes": "members.change",
    "POST /members/{id}/notes/{note}/remove": "members.change",
    "POST /members/{id}/consents": "members.change",
    "POST /members/{id}/sessions/end": "members.change",
    "POST /members/{id}/devices/{device}/revoke": "members.change",
    "POST /members/{id}/passkeys/{passkey}/remove": "members.change",
    "GET /members/{id}/export": "members.export",
    "GET /members/{id}/export.json": "members.export",
    "GET /members/{id}/export.pdf": "members.export",
    "POST /members/{id}/erase": "members.erase",
    "GET /purchases": "purchases.read",
    "GET /purchases.csv": "purchases.read",
    "GET /purchases/{id}": "purchases.read",
    "GET /purchases/{id}/panel": "purchases.read",
    "POST /purchases/{id}/returns/preview": "purchases.return",
    "POST /purchases/{id}/returns": "purchases.return",
    "POST /purchases/{id}/void": "purchases.return",
    "POST /purchases/{id}/claim": "members.change",
    "POST /purchases/{id}/send": "purchases.return",
    "GET /purchases/{id}/paper": "purchases.read",
    "GET /codes": "codes.read",
    "POST /codes/find": "codes.read",
    "POST /codes/void": "codes.write",
    "GET /codes/new": "codes.write",
    "POST /codes/new": "codes.write",
    "GET /codes/{id}": "codes.read",
    "GET /codes/{id}/progress": "codes.read",
    "POST /codes/{id}/stop": "codes.write",
    "GET /codes/{id}/codes.csv": "codes.write",
    "GET /engagement/clubs": "engagement.read",
    "GET /engagement/clubs/new": "engagement.write",
    "POST /engagement/clubs/new": "engagement.write",
    "GET /engagement/clubs/{code}": "engagement.read",
    "GET /engagement/clubs/{code}/edit": "engagement.write",
    "POST /engagement/clubs/{code}/edit": "engagement.write",
    "POST /engagement/clubs/{code}/links": "engagement.write",
    "POST /engagement/clubs/{code}/members": "engagement.serve",
    "GET /members/{id}/clubs": "members.read",
    "GET /engagement/events": "engagement.read",
    "GET /engagement/events/new": "engagement.write",
    "POST /engagement/events/new": "engagement.write",
    "GET /engagement/events/{code}": "engagement.read",
    "GET /engagement/events/{code}/edit": "engagement.write",
    "POST /engagement/events/{code}/edit": "engagement.write",
    "POST /engagement/events/{code}/call-off": "engagement.write",
    "POST /engagement/events/{code}/door": "engagement.serve",
    "POST /engagement/events/{code}/bookings": "engagement.serve",
    "GET /engagement/events/{code}/guests.csv": "members.read",
    "GET /rewards": "rewards.read",
    "GET /rewards/new": "rewards.write",
    "POST /rewards/new": "rewards.write",
    "GET /rewards/{id}": "rewards.read",
    "GET /rewards/{id}/edit": "rewards.write",
    "POST /rewards/{id}/edit": "rewards.write",
    "POST /rewards/{id}/stop": "rewards.write",
    "POST /rewards/{id}/stock": "rewards.write",
    "GET /redemptions": "rewards.read",
    "POST /redemptions/{id}": "rewards.fulfil",
    "GET /members/{id}/rewards": "members.read",
    "GET /engagement/challenges": "engagement.read",
    "GET /engagement/challenges/new": "engagement.write",
    "POST /engagement/challenges/new": "engagement.write",
    "GET /engagement/challenges/{code}/edit": "engagement.write",
    "POST /engagement/challenges/{code}/edit": "engagement.write",
    "POST /engagement/challenges/{code}/stop": "engagement.write",
    "POST /engagement/challenges/preview": "engagement.write",
    "POST /engagement/challenges/{code}/preview": "engagement.write",
    "POST /engagement/badges": "engagement.write",
    "GET /members/{id}/challenges": "members.read",
    "POST /members/{id}/badges": "engagement.serve members.read",
    "GET /engagement/games": "engagement.read",
    "GET /engagement/surveys": "engagement.read",
    "GET /engagement/games/new": "engagement.write",
    "POST /engagement/games/new": "engagement.write",
    "GET /engagement/games/{code}": "engagement.read",
    "GET /engagement/games/{code}/edit": "engagement.write",
    "POST /engagement/games/{code}/edit": "engagement.write",
    "POST /engagement/games/{code}/stop": "engagement.write",
    "GET /engagement/draws/new": "engagement.write",
    "POST /engagement/draws/new": "engagement.write",
    "GET /engagement/draws/{code}": "engagement.read",
    "GET /engagement/draws/{code}/edit": "engagement.write",
    "POST /engagement/draws/{code}/edit": "engagement.write",
    "POST /engagement/draws/{code}/stop": "engagement.write",
    "GET /engagement/surveys/new": "engagement.write",
    "POST /engagement/surveys/new": "engagement.write",
    "GET /engagement/surveys/{code}": "engagement.read",
    "GET /engagement/surveys/{code}/edit": "engagement.write",
    "POST /engagement/surveys/{code}/edit": "engagement.write",
    "POST /engagement/surveys/{code}/stop": "engagement.write",
    "GET /engagement/surveys/{code}/answers.csv": "engagement.read",
    "POST /engagement/draws/{code}/hold": "engagement.write",
    "POST /engagement/draws/{code}/beacon": "engagement.write",
    "GET /engagement/entitlements": "engagement.read",
    "GET /engagement/entitlements/new": "engagement.write",
    "POST /engagement/entitlements/new": "engagement.write",
    "GET /engagement/entitlements/{code}/edit": "engagement.write",
    "POST /engagement/entitlements/{code}/edit": "engagement.write",
    "GET /engagement/entitlements/desk": "engagement.serve",
    "POST /engagement/entitlements/desk": "engagement.serve",
    "POST /engagement/entitlements/desk/find": "engagement.serve",
    "POST /engagement/entitlements/visits/{id}": "engagement.serve",
    "GET /members/{id}/games": "members.read",
    "POST /members/{id}/games": "engagement.serve members.read",
    "GET /members/{id}/entitlements": "members.read",
    "POST /members/{id}/entitlements": "engagement.serve members.read",
    "GET /members/{id}/referrals": "members.read",
    "GET /members/{id}/activity": "members.read",
    "GET /engagement/memberships": "engagement.read",
    "GET /engagement/memberships/plans/new": "engagement.write",
    "POST /engagement/memberships/plans/new": "engagement.write",
    "GET /engagement/memberships/plans/{code}/edit": "engagement.write",
    "POST /engagement/memberships/plans/{code}/edit": "engagement.write",
    "GET /engagement/memberships/packs/new": "engagement.write",
    "POST /engagement/memberships/packs/new": "engagement.write",
    "GET /engagement/memberships/packs/{code}/edit": "engagement.write",
    "POST /engagement/memberships/packs/{code}/edit": "engagement.write",
    "GET /engagement/overdue": "engagement.read",
    "GET /engagement/overdue.csv": "engagement.read",
    "GET /members/{id}/memberships": "members.read",
    "POST /members/{id}/memberships": "engagement.serve members.read",
    "POST /members/{id}/memberships/{membership}": "engagement.serve members.read",
    "POST /members/{id}/packs": "engagement.serve members.read",
    "GET /engagement/activity": "engagement.read",
    "GET /engagement/activity/new": "engagement.write",
    "GET /engagement/activity/edit": "engagement.write",
    "POST /engagement/activity/edit": "engagement.write",
    "POST /engagement/activity/review/{id}": "engagement.write",
    "GET /engagement/referrals": "engagement.read",
    "GET /engagement/referrals/edit": "engagement.write",
    "POST /engagement/referrals/edit": "engagement.write",
    "GET /vouchers": "codes.read",
    "POST /vouchers/find": "codes.read",
    "POST /vouchers/block": "members.change",
    "POST /vouchers/unblock": "members.change",
    "GET /vouchers/new": "promotions.publish",
    "POST /vouchers/new": "promotions.publish",
    "GET /members/marks": "members.change members.adjust",
    "POST /members/marks": "members.change members.adjust",
    "GET /members/{id}/marks": "members.read",
    "POST /members/{id}/marks": "members.change",
    "POST /members/{id}/marks/take": "members.change",
    "POST /members/{id}/tier": "members.adjust",
    "POST /members/{id}/tier/match": "members.adjust",
    "POST /members/{id}/tier/take": "members.adjust",
    "GET /accounts": "members.read",
    "POST /accounts": "members.change",
    "POST /accounts/find": "members.read",
    "GET /accounts/new": "members.change",
    "GET /accounts/{id}": "members.read",
    "POST /accounts/{id}/name": "members.change",
    "POST /accounts/{id}/invitations": "members.change",
    "POST /accounts/{id}/members": "members.change",
    "POST /accounts/{id}/members/{member}/role": "members.change",
    "POST /accounts/{id}/members/{member}/remove": "members.change",
    "POST /accounts/{id}/close": "members.adjust",
    "GET /gift-cards": "codes.read",
    "POST /gift-cards": "members.adjust",
    "POST /gift-cards/find": "codes.read",
    "GET /gift-cards/{id}": "codes.read",
    "POST /gift-cards/{id}/block": "members.change",
    "POST /gift-cards/{id}/unblock": "members.change",
    "POST /gift-cards/{id}/renew": "members.adjust",
    "GET /review/audit": "audit.read",
    "GET /review/audit/{number}": "audit.read",
    "GET /review/audit.csv": "audit.read",
    "GET /promotions": "promotions.read",
    "GET /promotions.csv": "promotions.read",
    "GET /promotions/calendar": "promotions.read",
    "GET /promotions/{id}": "promotions.read",
    "GET /promotions/{id}/results.csv": "promotions.read",
    "POST /promotions/{id}/stop": "promotions.stop",
    "POST /promotions/{id}/resume": "promotions.stop",
    "GET /promotions/new": "promotions.write",
    "POST /promotions/new": "promotions.write",
    "GET /promotions/{id}/edit": "promotions.write",
    "POST /promotions/{id}/edit": "promotions.write",
    "GET /promotions/{id}/publish": "promotions.read",
    "POST /promotions/{id}/publish": "promotions.publish",
    "POST /promotions/{id}/review": "promotions.write",
    "GET /promotions/{id}/diff": "promotions.read",
    "POST /promotions/{id}/try": "promotions.read",
    "POST /promotions/{id}/replay": "promotions.read",
    "GET /promotions/pick": "promotions.read",
    "POST /promotions/goods": "promotions.read",
    "GET /review": "approvals.decide",
    "GET /review/erasures": "members.erase",
    "POST /review/erasures/{id}/accept": "members.erase",
    "POST /review/erasures/{id}/decline": "members.erase",
    "GET /review/certificates": "members.read",
    "POST /review/certificates/check": "members.read",
    "GET /review/certificates/{id}": "members.read",
    "GET /review/certificates/{id}/certificate.json": "members.read",
    "GET /review/asked": ANYBODY,
    "GET /review/{id}": ANYBODY,
    "POST /review/{id}/approve": "approvals.decide",
    "POST /review/{id}/refuse": "approvals.decide",
    "POST /review/{id}/withdraw": ANYBODY,
    "POST /review/{id}/key": "keys.write",
    "GET /review/watch": "review.read",
    "GET /review/offline": "review.read",
    "GET /review/offline.csv": "review.read",
    "GET /review/watch/cashier": "review.read",
    "GET /review/watch/{id}": "review.read",
    "POST /review/watch/{id}/decide": "review.decide",
    "POST /review/watch/{id}/reopen": "review.decide",
}
"""What each page of the back office needs, all of it; the address is below /backoffice."""

ENDPOINTS: dict[str, str] = {
    "aggregator": """
        POST /v1/issuer/registrations
        POST /v1/issuer/registrations/{id}/confirm
        POST /v1/issuer/cards
        GET /v1/issuer/balance
    """,
    "issuer manage": """
        POST /v1/packs/{id}/refunds
        PUT /v1/members/{id}/nickname
        DELETE /v1/members/{id}/nickname
        POST /v1/members/{id}/answers
        POST /v1/members/{id}/clubs/{code}
        DELETE /v1/members/{id}/clubs/{code}
        POST /v1/members/{id}/clubs/{code}/invite
        POST /v1/members/{id}/clubs/{code}/decline
        POST /v1/members/{id}/bookings
        POST /v1/bookings/{id}/confirm
        POST /v1/bookings/{id}/cancel
        POST /v1/members/{id}/tickets
        POST /v1/tickets/{id}/void
        GET /v1/members/{id}/referral
        POST /v1/members/{id}/referrer
        POST /v1/members/{id}/donations
        POST /v1/members/{id}/exchanges
        POST /v1/members/{id}/exchanges/preview
        POST /v1/members/{id}/plays
        GET /v1/members/{id}/plays
        POST /v1/vouchers/block
        POST /v1/vouchers/unblock
        POST /v1/members/{id}/vouchers/transfer
        DELETE /v1/members/{id}/grants/{grant}
        PATCH /v1/members/{id}
        GET /v1/members/{id}/statement.pdf
        PUT /v1/members/{id}/marks
        DELETE /v1/members/{id}/marks/{kind}/{code}
        POST /v1/accounts
        PATCH /v1/accounts/{id}
        POST /v1/accounts/{id}/members
        PATCH /v1/accounts/{id}/members/{member}
        DELETE /v1/accounts/{id}/members/{member}
        POST /v1/accounts/{id}/invitations
        GET /v1/members/{id}/duplicates
        POST /v1/cards/unblock
        POST /v1/cards/close
        POST /v1/cards/copies
        POST /v1/cards/batch
        GET /v1/card-batches/{id}/cards
        GET /v1/card-batches/{id}/cards.csv
        POST /v1/card-batches/{id}/sheet
        GET /v1/cards/{id}/pass.pkpass
        GET /v1/cards/{id}/google-wallet
        POST /v1/devices
        DELETE /v1/devices/{id}
    """,
    "issuer manage partner read till": """
        GET /v1/program
        GET /v1/stores
        GET /v1/partners
        GET /v1/currencies
        GET /v1/exchange-rates
        GET /v1/products
        GET /v1/purchases
        GET /v1/purchases/{id}
        GET /v1/purchases/{id}/explanation
        GET /v1/program/signing-key
    """,
    "issuer manage partner till": """
        POST /v1/purchases/preview
        POST /v1/purchases
        POST /v1/purchases/batch
        POST /v1/purchases/{id}/confirm
        POST /v1/purchases/void
        POST /v1/purchases/{id}/void
        POST /v1/purchases/{id}/returns/preview
        POST /v1/purchases/{id}/returns
        POST /v1/purchases/{id}/claim
        POST /v1/purchases/claim
        POST /v1/members
    """,
    "issuer manage read": """
        GET /v1/members/{id}/cards
        GET /v1/cards/{id}
        GET /v1/cards/{id}/code.svg
        GET /v1/surveys
        GET /v1/surveys/{code}
        GET /v1/members/{id}/events
        GET /v1/activities/{id}
        GET /v1/clubs/{code}/members
        GET /v1/occasions/{code}/bookings
        GET /v1/members/{id}/bookings
        GET /v1/draws
        GET /v1/draws/{code}
        GET /v1/games
        GET /v1/games/{code}
        GET /v1/members/{id}/consents
        GET /v1/members/{id}/grants
        GET /v1/members/{id}
        GET /v1/members/{id}/statement
        GET /v1/members/{id}/marks
        GET /v1/members/{id}/tier-changes
        GET /v1/members/{id}/referrals
        GET /v1/accounts/{id}
        GET /v1/accounts/{id}/statement
        GET /v1/accounts/{id}/members
        GET /v1/members/{id}/account
        GET /v1/card-batches
        GET /v1/card-batches/{id}
        GET /v1/members/{id}/devices
        GET /v1/members/{id}/rhythm
        GET /v1/overdue
        GET /v1/memberships
        GET /v1/memberships/{id}
    """,
    "issuer manage read till": """
        GET /v1/challenges
        GET /v1/challenges/{code}/leaderboard
        GET /v1/members/{id}/progress
        GET /v1/badges
        GET /v1/members/{id}/surveys
        GET /v1/clubs
        GET /v1/clubs/{code}
        GET /v1/members/{id}/clubs
        GET /v1/occasions
        GET /v1/occasions/{code}
        GET /v1/bookings/{id}
        GET /v1/draws/{code}/proof
        GET /v1/members/{id}/tickets
        GET /v1/games/{code}/odds
        GET /v1/games/{code}/seeds/{n}
        GET /v1/members/{id}/games
        GET /v1/rewards
        GET /v1/entitlements
        GET /v1/entitlements/{code}/slots
        GET /v1/members/{id}/entitlements
        GET /v1/members/{id}/redemptions
        GET /v1/redemptions/{id}
        POST /v1/vouchers/find
        GET /v1/program/questionnaire
        GET /v1/consent-wordings
        POST /v1/members/find
        GET /v1/members/{id}/balance
        GET /v1/ladders
        GET /v1/activity-kinds
        GET /v1/referral-programs
        GET /v1/points-rates
        GET /v1/members/{id}/offers
        GET /v1/membership-plans
        GET /v1/members/{id}/memberships
        GET /v1/packs
        GET /v1/members/{id}/packs
    """,
    "issuer manage till": """
        POST /v1/members/{id}/progress/{code}/join
        POST /v1/occasions/{code}/check-in
        POST /v1/members/{id}/consents
        POST /v1/consents/confirm
        POST /v1/members/{id}/offers
        POST /v1/invitations/accept
        POST /v1/members/{id}/cards
        POST /v1/cards/block
        POST /v1/cards/activate
        POST /v1/members/{id}/challenges
        POST /v1/members/{id}/events
        POST /v1/activities/batch
        POST /v1/members/{id}/redemptions
        POST /v1/members/{id}/entitlements/{code}/bookings
        POST /v1/entitlement-uses/{id}/cancel
        POST /v1/redemptions/{id}/cancel
        POST /v1/redemptions/{id}/confirm
        POST /v1/redemptions/{id}/fulfil
        POST /v1/vouchers/redeem
        POST /v1/challenges/{id}/verify
        PUT /v1/members/{id}/pin
        POST /v1/members/{id}/memberships
        POST /v1/memberships/{id}/renewals
        POST /v1/memberships/{id}/cancellations
        POST /v1/memberships/{id}/pauses
        POST /v1/memberships/{id}/resumptions
        POST /v1/memberships/{id}/changes
        POST /v1/members/{id}/packs
        POST /v1/members/{id}/visits
    """,
    "manage": """
        PUT /v1/surveys/{code}
        POST /v1/surveys/{code}/stop
        POST /v1/surveys/{code}/resume
        PUT /v1/clubs/{code}
        POST /v1/clubs/{code}/links
        PUT /v1/occasions/{code}
        POST /v1/occasions/{code}/call-off
        PUT /v1/draws/{code}
        POST /v1/draws/{code}/stop
        POST /v1/draws/{code}/beacon
        POST /v1/draws/{code}/hold
        PUT /v1/games/{code}
        POST /v1/games/{code}/stop
        POST /v1/games/{code}/resume
        PUT /v1/ladders/{code}
        PUT /v1/challenges/{code}
        POST /v1/challenges/{code}/stop
        PUT /v1/badges/{code}
        POST /v1/members/{id}/badges
        DELETE /v1/members/{id}/badges/{code}
        PUT /v1/activity-kinds/{code}
        POST /v1/activity-kinds/{code}/close
        POST /v1/activities/{id}/review
        PUT /v1/referral-programs/{code}
        PUT /v1/points-rates/{currency}/{target}
        POST /v1/members/{id}/transfers/{transfer}/take-back
        PUT /v1/entitlements/{code}
        POST /v1/members/{id}/entitlements/{code}/grants
        POST /v1/rewards
        PUT /v1/rewards/{id}
        POST /v1/rewards/{id}/stop
        POST /v1/rewards/{id}/resume
        POST /v1/rewards/{id}/stock
        POST /v1/voucher-batches
        POST /v1/keys/{id}/rotate
        GET /v1/approvals
        GET /v1/approvals/{id}
        POST /v1/approvals/{id}/approve
        POST /v1/approvals/{id}/refuse
        POST /v1/approvals/{id}/withdraw
        GET /v1/findings
        POST /v1/findings/{id}/decide
        POST /v1/findings/{id}/reopen
        POST /v1/program/sandbox
        PATCH /v1/program
        POST /v1/stores
        POST /v1/partners
        POST /v1/currencies
        POST /v1/exchange-rates
        GET /v1/keys
        POST /v1/keys
        DELETE /v1/keys/{id}
        POST /v1/sandbox/clock
        POST /v1/products
        PUT /v1/program/logo
        PUT /v1/program/questionnaire
        POST /v1/members/batch
        POST /v1/consent-wordings
        GET /v1/members/handover
        GET /v1/handovers
        POST /v1/aggregators
        PATCH /v1/aggregators/{id}
        DELETE /v1/aggregators/{id}
        DELETE /v1/members/{id}
        POST /v1/members/{id}/adjustments
        POST /v1/members/{id}/transfers
        POST /v1/accounts/{id}/close
        POST /v1/members/{id}/merge
        POST /v1/members/{id}/unmerge
        POST /v1/promotions
        PUT /v1/promotions/{id}/draft
        POST /v1/promotions/{id}/publish
        POST /v1/promotions/{id}/stop
        POST /v1/promotions/{id}/resume
        POST /v1/promotions/{id}/review
        POST /v1/gift-cards/unblock
        POST /v1/gift-cards/renew
        POST /v1/code-batches
        GET /v1/code-batches/{id}/codes
        GET /v1/code-batches/{id}/codes.csv
        POST /v1/code-batches/{id}/stop
        POST /v1/imports/files
        GET /v1/imports/files/{id}
        GET /v1/imports/mappings
        POST /v1/imports
        POST /v1/imports/{id}/undo
        POST /v1/exports
        GET /v1/exports
        GET /v1/exports/{id}
        GET /v1/exports/{id}/file
        GET /v1/members/{id}/export
        GET /v1/members/{id}/export.pdf
        GET /v1/members/{id}/erasure
        GET /v1/erasure-proposals
        POST /v1/erasure-proposals/{id}/accept
        POST /v1/erasure-proposals/{id}/decline
        POST /v1/webhooks
        GET /v1/webhooks
        GET /v1/webhooks/{id}
        PATCH /v1/webhooks/{id}
        DELETE /v1/webhooks/{id}
        POST /v1/webhooks/{id}/rotate
        POST /v1/webhooks/{id}/test
        GET /v1/webhooks/{id}/deliveries
        GET /v1/webhooks/deliveries/{id}
        POST /v1/webhooks/deliveries/{id}/replay
        POST /v1/webhooks/{id}/replay
        GET /v1/audit
        GET /v1/audit/chain
        PUT /v1/membership-plans/{code}
        PUT /v1/packs/{code}
    """,
    "manage till": """
        POST /v1/till/devices
        GET /v1/till/snapshot
        POST /v1/members/{id}/entitlements/{code}/uses
        POST /v1/entitlement-uses/{id}/check-in
        POST /v1/gift-cards
        POST /v1/gift-cards/top-up
        POST /v1/gift-cards/block
    """,
    "manage read": """
        GET /v1/surveys/{code}/results
        GET /v1/surveys/{code}/results.csv
        POST /v1/clubs/{code}/preview
        GET /v1/entitlement-uses
        GET /v1/entitlement-costs
        GET /v1/members/sources
        GET /v1/referrals
        GET /v1/donations
        GET /v1/activities
        GET /v1/reward-catalogue
        GET /v1/rewards/{id}
        GET /v1/redemptions
        GET /v1/voucher-batches
        GET /v1/aggregators
        GET /v1/accounts
        GET /v1/promotions
        POST /v1/ladders/{code}/preview
        GET /v1/promotions/schema
        GET /v1/promotions/templates
        POST /v1/promotions/lint
        GET /v1/promotions/{id}
        GET /v1/promotions/{id}/draft
        GET /v1/promotions/{id}/revisions
        GET /v1/promotions/{id}/usage
        POST /v1/promotions/{id}/lint
        POST /v1/promotions/simulate
        POST /v1/promotions/{id}/simulate
        POST /v1/challenges/preview
        POST /v1/promotions/try
        POST /v1/promotions/{id}/try
        GET /v1/promotions/calendar
        GET /v1/promotions/{id}/diff
        GET /v1/promotions/{id}/review
        GET /v1/promotions/{id}/results
        GET /v1/code-batches
        GET /v1/code-batches/{id}
        GET /v1/gift-cards
        GET /v1/liabilities
        GET /v1/gift-cards/{id}
        GET /v1/gift-cards/{id}/statement
        GET /v1/jobs/{id}
        GET /v1/imports
        GET /v1/imports/{id}
        GET /v1/imports/{id}/report
    """,
    "manage read till": """
        GET /v1/till/devices
        GET /v1/till/devices/{id}
        GET /v1/till/conflicts
        POST /v1/gift-cards/find
        GET /v1/sandbox/clock
    """,
    "operator": """
        POST /v1/programs
    """,
}
"""Any of these scopes opens these calls."""
