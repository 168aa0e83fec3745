"""The equipment of a program's tills: scanners and receipt printers."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Ends = Annotated[str, Meta(max_length=8, pattern=r"^[\x21-\x7e]*$(?!\n)")]
Place = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f]*$(?!\n)")]


class Printer(Struct, frozen=True, forbid_unknown_fields=True):
    """A receipt printer in the network, and whose it is."""

    store: Annotated[str, Meta(min_length=1, max_length=64)]
    """Code of the store."""
    till: Place
    """Empty: of every till of the store that has none of its own."""
    host: Annotated[str, Meta(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:_-]+$(?!\n)")]
    port: Annotated[int, Meta(ge=1, le=65_535)] = 9100
    columns: Literal[32, 42, 48] = 48
    """Letters in a line: 32 on paper of 58 mm, 42 or 48 on 80 mm."""
    drawer: bool = False
    """Whether a cash drawer hangs on it, which opens with cash."""
    answers: bool = True
    """Whether it says how it is (DLE EOT); of one that does not, nobody knows whether there is paper."""


class Tills(Struct, frozen=True, forbid_unknown_fields=True):
    """The equipment of the tills."""

    scanner_prefix: Ends = ""
    """What the scanners type before each code, if they are set so: then nothing else is taken for a scan."""
    scanner_suffix: Literal["enter", "tab"] = "enter"
    """The key that ends each code."""
    printers: Annotated[tuple[Printer, ...], Meta(max_length=2_000)] = ()

    def printer_of(self, store: str, till: str) -> Printer | None:
        """The printer of a till, or else that of its store; None: there is none."""
        here = [one for one in self.printers if one.store == store and one.till in (till, "")]
        return max(here, key=lambda one: bool(one.till), default=None)
