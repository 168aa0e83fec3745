"""Decides whether a program's settings contradict one another; each contradiction is a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from regulars.contradictions import Contradicting, refuse
from regulars.i18n import N_
from regulars.programs.calculation import GroupSetting
from regulars.programs.model import Program
from regulars.programs.settings import ProgramSettings
from regulars.programs.tills import Tills

_STAGES = ("item", "basket", "earning")
_CARD_DIGITS_BESIDE_PREFIX_MIN = 7


def contradictions(settings: ProgramSettings) -> list[Contradicting]:
    """Every contradiction, with a JSON pointer to the setting; empty when there is none."""
    return [*_of_switches(settings), *_of_printers(settings.tills), *_of_groups(settings.groups)]


def _of_switches(settings: ProgramSettings) -> Iterator[Contradicting]:
    def against(field: str, message: str, **values: Any) -> Contradicting:
        return Contradicting(f"/settings/{field}", message, values)

    if settings.hold_seconds > settings.hold_seconds_max:
        yield against(
            "hold_seconds",
            N_("A hold would last {seconds} s by default, but hold_seconds_max allows {most} s at the most."),
            seconds=settings.hold_seconds,
            most=settings.hold_seconds_max,
        )
    if settings.expired_points_on_return == "restore" and settings.grace_days == 0:
        yield against(
            "grace_days",
            N_(
                "Expired points that a return gives back would be restored and expire at once: "
                "give them grace_days, or let expired_points_on_return be expire."
            ),
        )
    if settings.return_at_other_partners and not settings.return_at_other_stores:
        yield against(
            "return_at_other_partners",
            N_("Goods could be returned at another partner, but not at another store of the same one."),
        )
    if settings.card_digits - len(settings.card_prefix) - 1 < _CARD_DIGITS_BESIDE_PREFIX_MIN:
        yield against(
            "card_digits",
            N_(
                "A number of {digits} digits with the prefix {prefix} and a check digit leaves fewer than {least} "
                "digits to tell cards apart."
            ),
            digits=settings.card_digits,
            prefix=settings.card_prefix,
            least=_CARD_DIGITS_BESIDE_PREFIX_MIN,
        )
    for foreign in settings.foreign_card_prefixes:
        if foreign.startswith(settings.card_prefix) or settings.card_prefix.startswith(foreign):
            yield against(
                "foreign_card_prefixes",
                N_(
                    "The foreign prefix {foreign} and the program's own {prefix} begin alike, so a number would "
                    "belong to both."
                ),
                foreign=foreign,
                prefix=settings.card_prefix,
            )


def _of_printers(tills: Tills) -> Iterator[Contradicting]:
    message = N_("Two printers stand for the till {till!r} of the store {store!r}.")
    seen: set[tuple[str, str]] = set()
    for place, one in enumerate(tills.printers):
        if (one.store, one.till) in seen:
            values = {"store": one.store, "till": one.till}
            yield Contradicting(f"/settings/tills/printers/{place}", message, values)
        seen.add((one.store, one.till))


def _of_groups(groups: tuple[GroupSetting, ...]) -> Iterator[Contradicting]:
    earlier: list[str] = []
    stage_reached = 0
    for place, group in enumerate(groups):
        pointer, name = f"/settings/groups/{place}", group.name
        if name in earlier:
            yield Contradicting(f"{pointer}/name", N_("Two groups are named {group!r}."), {"group": name})
        stage = _STAGES.index(group.stage)
        if stage < stage_reached:
            message = N_(
                "The group {group!r} is of the stage {stage}, but stands after one of the stage {reached}; the order "
                "is item, basket, earning."
            )
            values = {"group": name, "stage": group.stage, "reached": _STAGES[stage_reached]}
            yield Contradicting(f"{pointer}/stage", message, values)
        stage_reached = max(stage_reached, stage)
        message = N_("The group {group!r} excludes {other!r}, which is not a group before it.")
        for other in group.excludes:
            if other not in earlier:
                yield Contradicting(f"{pointer}/excludes", message, {"group": name, "other": other})
        earlier.append(name)


def require_consistent(settings: ProgramSettings) -> None:
    """Raises Contradiction with all sentences when the settings contradict one another."""
    refuse(contradictions(settings))


def require_currencies(program: Program) -> None:
    """Raises Contradiction when a setting names a currency that the program does not have, or that cannot be spent."""
    gift = program.settings.welcome
    if gift is None:
        return
    currency = program.currencies.get(gift.currency)
    if currency is None or currency.kind == "qualifying":
        message = N_("The welcome gift is given in {currency}, which is no points currency of this program.")
        refuse([Contradicting("/settings/welcome/currency", message, {"currency": gift.currency})])
