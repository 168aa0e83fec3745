"""Every change that flows tell the audit trail of has words on its page."""

from __future__ import annotations

import re
from pathlib import Path

import regulars
from regulars.backoffice.words_of_review import FAMILIES, VERBS

SOURCE = Path(regulars.__file__).parent
TOLD = re.compile(r'Change\(\s*(f?)"([^"]+)"')


def actions() -> set[str]:
    """What stands in the sources, but for those whose words are put together while they run."""
    return {
        action
        for file in SOURCE.rglob("*.py")
        for composed, action in TOLD.findall(file.read_text(encoding="utf-8"))
        if not composed
    }


def test_every_action_has_a_family_and_a_verb() -> None:
    found = actions()
    assert len(found) > 60
    without = {
        action for action in found for family, _, verb in [action.partition(".")]
        if family not in FAMILIES or verb not in VERBS
    }  # fmt: skip
    assert without == set()


def test_what_is_put_together_has_words_too() -> None:
    composed = {
        "store.changed", "partner.entered", "currency.entered", "promotion.published", "promotion.stopped",
        "promotion.resumed", "card.blocked", "card.unblocked", "card.activated", "card.closed", "staff.signed_in",
        "staff.joined", "staff.sign_in_refused", "staff.kept_waiting", "staff.password_changed",
        "staff.password_reset", "staff.second_factor_set", "staff.second_factor_dropped",
        "staff.recovery_codes_renewed", "staff.passkey_added", "staff.passkey_removed", "staff.renamed",
        "approval.approved", "approval.refused", "approval.withdrawn",
    }  # fmt: skip
    for action in composed:
        family, _, verb = action.partition(".")
        assert family in FAMILIES, action
        assert verb in VERBS, action
