"""The words of the pages of members, purchases and codes: states, kinds and reasons, marked to be translated."""

from __future__ import annotations

from regulars.i18n import N_

FOUND_BY: dict[str, str] = {
    "member": N_("the member's id"),
    "card": N_("card"),
    "phone": N_("phone"),
    "email": N_("email"),
    "external_id": N_("id in another system"),
    "receipt": N_("receipt number"),
    "name": N_("name"),
}
CARD_STATES: dict[str, tuple[str, str]] = {
    "issued": (N_("Not in use yet"), ""),
    "active": (N_("In use"), "good"),
    "blocked": (N_("Blocked"), "bad"),
    "replaced": (N_("Replaced"), ""),
    "closed": (N_("Closed"), ""),
}
PURCHASE_STATES: dict[str, tuple[str, str]] = {
    "recorded": (N_("Recorded"), "good"),
    "held": (N_("Held"), "warning"),
    "partly_returned": (N_("Partly returned"), "warning"),
    "returned": (N_("Returned"), "bad"),
    "voided": (N_("Voided"), "bad"),
}
CONSENT_STATES: dict[str, tuple[str, str]] = {
    "granted": (N_("Agreed"), "good"),
    "pending": (N_("Waits for the member's confirmation"), "warning"),
    "withdrawn": (N_("Not agreed"), ""),
}
CHANNELS: dict[str, str] = {
    "email": N_("Email"),
    "sms": N_("SMS"),
    "phone": N_("Telephone"),
    "post": N_("Post"),
    "push": N_("On the member's phone"),
}
SOURCES: dict[str, str] = {
    "till": N_("at a till"),
    "web": N_("on the website"),
    "app": N_("in the app"),
    "import": N_("from another system"),
    "partner": N_("by a partner"),
    "api": N_("by another program"),
}
CONSENT_SOURCES: dict[str, str] = {**SOURCES, "email_changed": N_("ended, for the email changed")}
"""Where something was said, or why it ended."""
BOUGHT: dict[str, str] = {
    "any": N_("bought something"),
    "new": N_("bought for the first time"),
    "known": N_("bought, and had bought before"),
    "cohort": N_("90 days since the first purchase ended"),
    "again": N_("came again within 90 days of the first purchase"),
}
"""What members did in the days that are asked for."""
MEMBER_STATES: dict[str, tuple[str, str]] = {
    "present": (N_("Member"), "good"),
    "erased": (N_("Erased"), ""),
    "merged": (N_("Merged into another"), ""),
}
MOVED: dict[str, str] = {
    "given": N_("Given by purchases"),
    "otherwise": N_("Given otherwise"),
    "spent": N_("Spent"),
    "taken": N_("Taken back"),
    "expired": N_("Expired"),
    "expiring": N_("Expiring"),
}
"""What became of points, as the page of points adds it up."""
ROLES: dict[str, str] = {
    "owner": N_("owner"),
    "spender": N_("may spend"),
    "earner": N_("collects only"),
}
ACCOUNT_KINDS: dict[str, str] = {
    "company": N_("Company"),
    "household": N_("Household"),
}
UNNAMED: dict[str, str] = {
    "nobody": N_("is no member: nobody has this card, phone, email or id"),
    "several": N_("names several members: give the card or the member's id"),
    "card_of_nobody": N_("is a card that belongs to nobody yet"),
    "erased": N_("was erased"),
}
"""Why what was typed names no member."""
NOT_KNOWN_THEN = N_("was not known when this form was sent: send it anew")
"""Of a line, where the form is sent a second time and is answered as the first time."""
VERDICTS: dict[str, tuple[str, str]] = {
    "applied": (N_("Applied"), "good"),
    "refused": (N_("Not fulfilled"), ""),
    "suppressed": (N_("Another was better"), "warning"),
}
"""What became of a promotion on a receipt."""
CODE_STATES: dict[str, tuple[str, str]] = {
    "good": (N_("Good"), "good"),
    "used": (N_("Used"), ""),
    "early": (N_("Not valid yet"), "warning"),
    "late": (N_("Not valid any more"), ""),
    "voided": (N_("Voided"), "bad"),
    "stopped": (N_("Its batch was stopped"), "bad"),
}
