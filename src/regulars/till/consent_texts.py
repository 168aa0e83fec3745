"""What whoever is enrolled at a till is asked to agree to, in the languages of the program: she is read her own."""

from __future__ import annotations

from regulars import i18n
from regulars.i18n import N_
from regulars.programs.model import Program
from regulars.web.consent_words import CHANNELS, PURPOSES, TERMS

NOTIFICATION = N_("Notification")
"""A till is not the phone on which the member's own pages say “this phone”."""


def agreeing(program: Program) -> dict[str, dict[str, str | dict[str, str]]]:
    """Language → the terms, and what channels and purposes are called."""
    found: dict[str, dict[str, str | dict[str, str]]] = {}
    for code in program.languages:
        _ = i18n.language(code).gettext
        found[code] = {
            "terms": _(TERMS),
            "channels": {channel: _(text) for channel, text in (CHANNELS | {"push": NOTIFICATION}).items()},
            "purposes": {purpose: _(text) for purpose, text in PURPOSES.items()},
        }
    return found
