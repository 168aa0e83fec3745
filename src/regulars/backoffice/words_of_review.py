"""What the pages of the review call things: who acts, what was done, why something is looked at."""

from __future__ import annotations

from regulars.flows.asking import ApprovalView
from regulars.flows.read_audit import AuditActor
from regulars.flows.review_findings import FindingView
from regulars.i18n import N_, Language
from regulars.programs.findings import Kind, Status
from regulars.programs.model import Program

FAMILIES: dict[str, str] = {
    "drawer": N_("Cash drawer"),
    "activity": N_("Activity"),
    "activity_kind": N_("Kind of activity"),
    "badge": N_("Badge"),
    "challenge": N_("Challenge"),
    "draw": N_("Lottery"),
    "game": N_("Game"),
    "points_rate": N_("Rate between points"),
    "referral": N_("Referral"),
    "referral_program": N_("Referral program"),
    "survey": N_("Survey"),
    "ticket": N_("Lottery ticket"),
    "account": N_("Shared account"),
    "aggregator": N_("Other wallet"),
    "approval": N_("Approval"),
    "card": N_("Card"),
    "card_batch": N_("Batch of cards"),
    "clock": N_("Sandbox clock"),
    "code": N_("Code"),
    "code_batch": N_("Batch of codes"),
    "consent_wording": N_("Consent wording"),
    "currency": N_("Currency"),
    "data": N_("Data"),
    "device": N_("Device"),
    "entitlement": N_("Entitlement"),
    "erasure_proposal": N_("Proposed erasure"),
    "exchange_rate": N_("Exchange rate"),
    "export": N_("Export"),
    "file": N_("File"),
    "finding": N_("Finding"),
    "gift_card": N_("Gift card"),
    "import": N_("Import"),
    "key": N_("Key"),
    "ladder": N_("Ladder of tiers"),
    "member": N_("Member"),
    "membership": N_("Membership"),
    "membership_plan": N_("Plan of a membership"),
    "pack": N_("Pack of visits"),
    "visit": N_("Visit"),
    "partner": N_("Partner"),
    "points": N_("Points"),
    "products": N_("Products"),
    "program": N_("Program"),
    "promotion": N_("Promotion"),
    "purchase": N_("Purchase"),
    "questionnaire": N_("Questions to members"),
    "club": N_("Club"),
    "occasion": N_("Event with seats"),
    "booking": N_("Booking"),
    "reward": N_("Reward"),
    "staff": N_("Staff"),
    "store": N_("Store"),
    "vault": N_("Vault"),
    "voucher": N_("Voucher"),
    "voucher_batch": N_("Batch of vouchers"),
    "webhook": N_("Webhook"),
}
"""What was changed, by the first word of an action."""

VERBS: dict[str, str] = {
    "beacon": N_("public number written"),
    "donated": N_("donated"),
    "exchanged": N_("exchanged"),
    "given": N_("awarded"),
    "held": N_("drawn"),
    "named": N_("referrer named"),
    "taken": N_("taken away"),
    "transfer_taken_back": N_("transfer taken back"),
    "cancelled": N_("cancelled"),
    "due": N_("to be paid"),
    "ended": N_("ended"),
    "paused": N_("paused"),
    "plan_changed": N_("plan changed"),
    "prolonged": N_("paid for another period"),
    "refunded": N_("paid back"),
    "sold": N_("sold"),
    "used": N_("used"),
    "accepted": N_("accepted"),
    "activated": N_("activated"),
    "added": N_("added"),
    "adjusted": N_("adjusted by hand"),
    "approved": N_("approved"),
    "asked": N_("asked for"),
    "blocked": N_("blocked"),
    "card_issued": N_("given a card"),
    "changed": N_("changed"),
    "claimed": N_("given to a member"),
    "closed": N_("closed"),
    "copied": N_("made again"),
    "created": N_("made"),
    "decided": N_("decided"),
    "declined": N_("declined"),
    "disabled": N_("switched off"),
    "done": N_("finished"),
    "downloaded": N_("downloaded"),
    "drafted": N_("draft edited"),
    "enrolled": N_("enrolled"),
    "entered": N_("entered"),
    "erased": N_("erased"),
    "expired": N_("out of time"),
    "exported": N_("data taken out"),
    "handed_over": N_("handed over"),
    "invitation_withdrawn": N_("invitation withdrawn"),
    "invited": N_("invited"),
    "issued": N_("issued"),
    "joined": N_("joined"),
    "kept_waiting": N_("kept waiting after wrong tries"),
    "key_retired": N_("master key retired"),
    "let_in": N_("let in"),
    "logged_out": N_("logged out"),
    "marked": N_("marked"),
    "member_changed": N_("person in it changed"),
    "member_left": N_("person in it left"),
    "members_entered": N_("people entered"),
    "merged": N_("merged"),
    "note_removed": N_("note removed"),
    "noted": N_("note written"),
    "opened": N_("opened"),
    "passkey_added": N_("passkey added"),
    "passkey_removed": N_("passkey removed"),
    "password_changed": N_("password changed"),
    "password_reset": N_("password set anew"),
    "pin_removed": N_("PIN removed"),
    "pin_set": N_("PIN set"),
    "post_changed": N_("roles changed"),
    "published": N_("published"),
    "receipt_sent": N_("receipt sent"),
    "recovery_codes_renewed": N_("recovery codes renewed"),
    "refreshed": N_("made as the program is now"),
    "refused": N_("refused"),
    "removed": N_("removed"),
    "renamed": N_("renamed"),
    "renewed": N_("given another code"),
    "reopened": N_("opened again"),
    "replayed": N_("sent once more"),
    "reset_link_given": N_("link for a new password given"),
    "resumed": N_("resumed"),
    "reviewed": N_("draft reviewed"),
    "returned": N_("goods taken back"),
    "revised": N_("revised"),
    "revoked": N_("ended"),
    "rotated": N_("secret changed"),
    "second_factor_dropped": N_("second factor taken away"),
    "second_factor_set": N_("second factor set"),
    "sent": N_("sent"),
    "set": N_("set"),
    "sign_in_refused": N_("sign-in refused"),
    "signed_in": N_("signed in"),
    "started": N_("started"),
    "stopped": N_("stopped"),
    "called_off": N_("called off"),
    "left": N_("left"),
    "link_made": N_("code that lets in made"),
    "supplied": N_("stock changed"),
    "taken_out": N_("taken out"),
    "topped_up": N_("more put on it"),
    "transferred": N_("transferred"),
    "unblocked": N_("unblocked"),
    "undone": N_("undone"),
    "undo_started": N_("undo begun"),
    "unmarked": N_("mark taken away"),
    "unmerged": N_("merge undone"),
    "voided": N_("voided"),
    "withdrawn": N_("withdrawn"),
}
"""What was done, by the second word of an action."""


def action_text(action: str, language: Language) -> str:
    """What was done, as `Promotion: published`; one without words stands as it is."""
    family, _, verb = action.partition(".")
    if family not in FAMILIES or verb not in VERBS:
        return action
    return f"{language.gettext(FAMILIES[family])}: {language.gettext(VERBS[verb])}"


def actor_text(actor: AuditActor, language: Language) -> str:
    """Who did it, by name where there is one."""
    if actor.kind == "staff":
        return actor.name or language.gettext("Staff")
    if actor.kind == "key":
        return language.gettext("Key %(name)s") % {"name": actor.name or actor.id}
    if actor.kind == "member":
        return language.gettext("The member herself")
    if actor.kind == "command":
        return actor.id or language.gettext("A command")
    return language.gettext("The program itself")


STANDINGS: dict[str, tuple[str, str]] = {
    "open": (N_("waits"), "warning"),
    "approved": (N_("done"), "good"),
    "refused": (N_("refused"), "bad"),
    "withdrawn": (N_("taken back"), ""),
    "stale": (N_("could not be done any more"), "bad"),
    "expired": (N_("out of time"), ""),
}
"""How an approval stands: the word, and its colour."""


def act_text(one: ApprovalView, program: Program, language: Language) -> str:
    """What happens once somebody agrees, in plain words."""
    document = one.document
    if one.act == "points.adjust":
        adjustment = document["adjustment"]
        currency = program.currencies.get(adjustment["currency"])
        names, scale = (currency.names, currency.scale) if currency else ({}, 0)
        amount = adjustment["amount"]
        points = language.points(abs(amount), names, scale=scale)
        text = N_("A member gets %(points)s.") if amount > 0 else N_("%(points)s are taken from a member.")
        return language.gettext(text) % {"points": points}
    if one.act == "promotion.publish":
        budget = document.get("budget")
        words = {"name": document.get("name", one.subject)}
        if budget is None:
            return language.gettext("“%(name)s” goes live, without a limit on what it may cost.") % words
        words["money"] = language.money(budget, program.base_currency)
        return language.gettext("“%(name)s” goes live; it may cost %(money)s in all.") % words
    if one.act == "member.erase":
        return language.gettext("A member is erased for good; the books stay.")
    words = {"name": one.subject}
    if "wallet" in document:
        words["calls"] = language.number(document["wallet"]["calls_a_day"])
        text = N_(
            "The wallet app “%(name)s” is let in with a key of its own; calls a day, at most: %(calls)s."
        )
        return language.gettext(text) % words
    if "turned" in document:
        words["hours"] = language.number(document["turned"]["hours"])
        text = N_("The wallet app “%(name)s” gets another key; its old one works %(hours)s h longer.")
        return language.gettext(text) % words
    words["scopes"] = ", ".join(document["key"]["scopes"])
    return language.gettext("A key “%(name)s” is made, which may: %(scopes)s.") % words


KINDS: dict[Kind, str] = {
    "card_often": N_("One card again and again"),
    "returns_soon": N_("Goods back soon after they were sold"),
    "returns_share": N_("Far more returns than colleagues"),
    "adjusted_and_spent": N_("Points given by hand, then spent"),
    "code_guessing": N_("Codes tried"),
    "claims": N_("Receipts claimed by the same member"),
    "own_card": N_("A cashier's own card"),
    "member_guessing": N_("Phones and cards tried"),
}
"""What a finding is called."""

VERDICTS: dict[Status, tuple[str, str]] = {
    "open": (N_("to be looked at"), "warning"),
    "harmless": (N_("harmless"), "good"),
    "case": (N_("a case"), "bad"),
}
"""How a finding stands: the word, and its colour."""


def finding_text(one: FindingView, program: Program, language: Language) -> str:
    """What was seen, in a sentence; it accuses nobody."""
    count, money = one.count, language.money(one.amount or 0, program.base_currency)
    if one.kind == "card_often":
        text = _card_often(one, language)
    elif one.kind == "returns_soon":
        text = language.ngettext(
            "%(num)s receipt came back shortly after it was rung up; %(money)s were paid out.",
            "%(num)s receipts came back shortly after they were rung up; %(money)s were paid out.",
            count,
        )
    elif one.kind == "returns_share":
        words = {
            "share": language.percent(count / 1000, decimals=1),
            "usual": language.percent((one.usual or 0) / 1000, decimals=1),
        }
        text = N_("%(share)s of her receipts came back in four weeks; of her colleagues' %(usual)s.")
        return language.gettext(text) % words
    elif one.kind == "adjusted_and_spent":
        words = {"points": language.number(count), "money": money}
        if one.amount is not None:
            text = N_("%(points)s points were given by hand, and %(money)s paid with points within the hour.")
        elif any(shown.startswith("rdm_") for shown in one.evidence):
            text = N_(
                "%(points)s points were given by hand, and a reward was claimed with points within the hour."
            )
        else:
            text = N_("%(points)s points were given by hand, and points left the account within the hour.")
        return language.gettext(text) % words
    elif one.kind == "code_guessing":
        text = language.ngettext(
            "%(num)s code that does not exist was tried at one till on one day.",
            "%(num)s codes that do not exist were tried at one till on one day.",
            count,
        )
    elif one.kind == "member_guessing":
        text = language.ngettext(
            "%(num)s phone, email or card that leads to nobody was looked up at one till on one day.",
            "%(num)s phones, emails or cards that lead to nobody were looked up at one till on one day.",
            count,
        )
    elif one.kind == "claims":
        text = language.ngettext(
            "One member claimed %(num)s receipt of this cashier in seven days, over %(money)s.",
            "One member claimed %(num)s receipts of this cashier in seven days, over %(money)s.",
            count,
        )
    else:
        text = language.ngettext(
            "The cashier rang up %(num)s receipt with her own card, over %(money)s.",
            "The cashier rang up %(num)s receipts with her own card, over %(money)s.",
            count,
        )
    return text % {"num": language.number(count), "money": money}


def _card_often(one: FindingView, language: Language) -> str:
    """Where the card was again and again: at the one till, with the one cashier, or at several of both."""
    if one.till:
        return language.ngettext(
            "A card was shown on %(num)s receipt of one till on one day, over %(money)s in all.",
            "A card was shown on %(num)s receipts of one till on one day, over %(money)s in all.",
            one.count,
        )
    if one.cashier:
        return language.ngettext(
            "A card was shown on %(num)s receipt of one store on one day, again and again to one cashier at "
            "several tills, over %(money)s in all.",
            "A card was shown on %(num)s receipts of one store on one day, again and again to one cashier at "
            "several tills, over %(money)s in all.",
            one.count,
        )
    return language.ngettext(
        "A card was shown on %(num)s receipt of one store on one day, again and again at the same tills, over "
        "%(money)s in all.",
        "A card was shown on %(num)s receipts of one store on one day, again and again at the same tills, over "
        "%(money)s in all.",
        one.count,
    )
