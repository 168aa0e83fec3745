"""Says in a language what moved a member's points."""

from __future__ import annotations

from collections.abc import Mapping

from regulars.i18n import Language
from regulars.ledger.model import PostingKind


def movement_words(
    spoken: Language, kind: PostingKind, reason: str, named: Mapping[str, Mapping[str, str]]
) -> str:
    """As `kind_words`; what gave points without buying is called by its own name."""
    words = kind_words(spoken, kind)
    if reason not in named or kind not in ("bonus", "reversal"):
        return words
    name = spoken.text_of(named[reason])
    return name if kind == "bonus" else f"{words}: {name}"


def kind_words(spoken: Language, kind: PostingKind) -> str:
    """What a posting is to the member whose points it moved."""
    _ = spoken.gettext
    words: dict[PostingKind, str] = {
        "purchase": _("Purchase"),
        "return": _("Return"),
        "void": _("Cancelled purchase"),
        "adjustment": _("Correction"),
        "transfer_out": _("Given to another account"),
        "transfer_in": _("Received from another account"),
        "expiry": _("Expired"),
        "debt_payment": _("Paid what was owed"),
        "write_off": _("A debt was waived"),
        "reversal": _("Correction"),
        "bonus": _("Bonus"),
        "grace": _("Given back after their date"),
        "top_up": _("Put on the gift card"),
        "welcome": _("Welcome gift"),
        "opening": _("Brought along"),
        "redemption": _("Reward"),
        "cancellation": _("Reward given back"),
        "donation": _("Given to a good cause"),
        "exchange_out": _("Exchanged"),
        "exchange_in": _("Received in exchange"),
    }
    return words[kind]
