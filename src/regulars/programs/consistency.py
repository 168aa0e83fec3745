"""Decides whether a program's settings contradict one another; each contradiction is a sentence."""

from __future__ import annotations

from regulars.errors import Contradiction, Fault
from regulars.programs.model import GroupSetting, Program, ProgramSettings

_STAGES = ("item", "basket", "earning")
_CARD_DIGITS_BESIDE_PREFIX_MIN = 7


def contradictions(settings: ProgramSettings) -> list[Fault]:
    """Every contradiction, with a JSON pointer below `/settings`; empty when there is none."""
    found: list[Fault] = []

    def refuse(field: str, sentence: str) -> None:
        found.append(Fault(f"/settings/{field}", sentence, Contradiction.code))

    if settings.hold_seconds > settings.hold_seconds_max:
        refuse(
            "hold_seconds",
            f"A hold would last {settings.hold_seconds} s by default, but hold_seconds_max allows "
            f"{settings.hold_seconds_max} s at the most.",
        )
    if settings.expired_points_on_return == "restore" and settings.grace_days == 0:
        refuse(
            "grace_days",
            "Expired points that a return gives back would be restored and expire at once: "
            "give them grace_days, or let expired_points_on_return be expire.",
        )
    if settings.return_at_other_partners and not settings.return_at_other_stores:
        refuse(
            "return_at_other_partners",
            "Goods could be returned at another partner, but not at another store of the same one.",
        )
    if settings.card_digits - len(settings.card_prefix) - 1 < _CARD_DIGITS_BESIDE_PREFIX_MIN:
        refuse(
            "card_digits",
            f"A number of {settings.card_digits} digits with the prefix {settings.card_prefix} and a check "
            f"digit leaves fewer than {_CARD_DIGITS_BESIDE_PREFIX_MIN} digits to tell cards apart.",
        )
    for foreign in settings.foreign_card_prefixes:
        if foreign.startswith(settings.card_prefix) or settings.card_prefix.startswith(foreign):
            refuse(
                "foreign_card_prefixes",
                f"The foreign prefix {foreign} and the program's own {settings.card_prefix} begin alike, "
                "so a number would belong to both.",
            )
    found += _group_contradictions(settings.groups)
    return found


def _group_contradictions(groups: tuple[GroupSetting, ...]) -> list[Fault]:
    found: list[Fault] = []
    earlier: list[str] = []
    stage_reached = 0
    for place, group in enumerate(groups):
        pointer = f"/settings/groups/{place}"
        if group.name in earlier:
            found.append(
                Fault(f"{pointer}/name", f"Two groups are named {group.name!r}.", Contradiction.code)
            )
        stage = _STAGES.index(group.stage)
        if stage < stage_reached:
            found.append(
                Fault(
                    f"{pointer}/stage",
                    f"The group {group.name!r} is of the stage {group.stage}, but stands after one of the "
                    f"stage {_STAGES[stage_reached]}; the order is item, basket, earning.",
                    Contradiction.code,
                )
            )
        stage_reached = max(stage_reached, stage)
        found += [
            Fault(
                f"{pointer}/excludes",
                f"The group {group.name!r} excludes {other!r}, which is not a group before it.",
                Contradiction.code,
            )
            for other in group.excludes
            if other not in earlier
        ]
        earlier.append(group.name)
    return found


def require_consistent(settings: ProgramSettings) -> None:
    """Raises Contradiction with all sentences when the settings contradict one another."""
    found = contradictions(settings)
    if found:
        raise Contradiction(" ".join(fault.detail for fault in found), errors=found)


def require_currencies(program: Program) -> None:
    """Raises Contradiction when a setting names a currency that the program does not have, or that cannot be spent."""
    gift = program.settings.welcome
    if gift is None:
        return
    currency = program.currencies.get(gift.currency)
    if currency is None or currency.kind == "qualifying":
        sentence = (
            f"The welcome gift is given in {gift.currency}, which is no points currency of this program."
        )
        raise Contradiction(
            sentence, errors=[Fault("/settings/welcome/currency", sentence, Contradiction.code)]
        )
