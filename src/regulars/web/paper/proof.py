"""Lays out the proof of a balance to be read on paper: what there is, how it came about, where each step is sealed."""

from __future__ import annotations

from typing import Any

from regulars import clock
from regulars.flows.prove_balance import BalanceProof
from regulars.flows.read_member import CurrencyBalance
from regulars.i18n import Language
from regulars.programs.model import Program
from regulars.web.movements import kind_words

MOVEMENTS_MAX = 500
HASH_SHOWN = 16


def sheet(proof: BalanceProof, program: Program, words: Language) -> dict[str, Any]:
    """What the template of a person's paper sets."""
    _, zone = words.gettext, clock.zone(program.time_zone)

    def points(amount: int, code: str, *, signed: bool = False) -> str:
        spec = program.currencies[code]
        return words.points(amount, spec.names, scale=spec.scale, signed=signed)

    balances = [[points(one.available, one.currency), _worth(one, words)] for one in proof.balances]
    movements = [
        [
            words.short_date(one.effective_at, zone),
            f"{kind_words(words, one.kind)} · {_seal(one.block, one.leaf, words)}",
            points(one.change, one.currency, signed=True),
            points(one.balance, one.currency),
        ]
        for one in proof.movements[:MOVEMENTS_MAX]
    ]
    sealed = [[_("Account"), proof.account]]
    if proof.head is not None:
        sealed.append([_("Last block of the chain"), f"{proof.head.height} · {proof.head.hash}"])
    more = len(proof.movements) > MOVEMENTS_MAX
    return {
        "created_at": proof.at.isoformat(),
        "author": program.name,
        "title": _("Proof of the balance"),
        "language": words.code,
        "made": f"{program.name} · {words.moment(proof.at, zone)}",
        "sections": [
            _section(_("Balance"), [], balances),
            _section(
                _("Seal"),
                [],
                sealed,
                _("The file proof.json has the whole hashes and how to check them."),
            ),
            _section(
                _("Movements"),
                [_("Date"), _("What"), _("Plus or minus"), _("Balance")],
                movements,
                _("Earlier ones are in the file with all data.") if more else "",
            ),
        ],
        "purchases_title": "",
        "purchases": [],
        "more": "",
    }


def _worth(balance: CurrencyBalance, words: Language) -> str:
    return words.money(balance.worth.amount, balance.worth.currency) if balance.worth.amount else ""


def _seal(block: int | None, leaf: str | None, words: Language) -> str:
    _ = words.gettext
    if block is None:
        return _("not sealed yet")
    return _("block {block}").format(block=block) + (f" · {leaf[:HASH_SHOWN]}" if leaf else "")


def _section(title: str, head: list[str], rows: list[list[str]], note: str = "") -> dict[str, Any]:
    return {
        "title": title,
        "head": head,
        "rows": rows or [["–"] * (len(head) or 2)],
        "note": note,
        "numbers": 2 if head else 0,
    }
