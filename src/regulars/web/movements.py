"""Says in a language what moved a member's points."""

from __future__ import annotations

from regulars.i18n import Language
from regulars.ledger.model import PostingKind


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
        "welcome": _("Welcome gift"),
        "opening": _("Brought along"),
    }
    return words[kind]
