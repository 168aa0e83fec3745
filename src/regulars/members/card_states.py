"""Decides what may become of a card: five states, and the changes that are allowed between them.

issued ──► active ◄──► blocked          a batch's card waits as `issued` until it is handed over
   └─────────┴───────────┴──► replaced  another number stands in for it, on the same account
                              closed    it is out of use; its account stays
"""

from __future__ import annotations

from typing import Literal

from regulars.members.model import CardStatus

Act = Literal["activate", "block", "unblock", "close", "replace"]

CHANGES: dict[Act, tuple[CardStatus, tuple[CardStatus, ...]]] = {
    "activate": ("active", ("issued",)),
    "block": ("blocked", ("issued", "active")),
    "unblock": ("active", ("blocked",)),
    "close": ("closed", ("issued", "active", "blocked")),
    "replace": ("replaced", ("issued", "active", "blocked")),
}
"""What an act makes of a card, and from which states. From `replaced` and `closed` nothing leads back."""

DONE: dict[Act, tuple[CardStatus, ...]] = {
    "activate": ("active",),
    "block": ("blocked",),
    "unblock": ("active", "issued"),
    "close": ("closed",),
    "replace": (),
}
"""In which states an act has been done already: done again, it changes nothing and is no error."""

IN_USE: tuple[CardStatus, ...] = ("issued", "active")
"""The states in which a card earns, and of which a copy may be made."""
