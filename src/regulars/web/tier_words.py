"""Words for a member's tiers: what she has and until when, how far it is to the next, what keeps it, how it came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.flows.known_programs import Known
from regulars.flows.member_tiers import Part, TierStanding, Way, amount_of
from regulars.i18n import N_, Language, ProgramWords
from regulars.members.tier_marks import TierChange

A_MOMENT = timedelta(microseconds=1)
REASONS = {
    "earned": N_("reached"),
    "kept": N_("kept"),
    "lowered": N_("not kept"),
    "restored": N_("goes on"),
    "undone": N_("taken back after a return"),
    "given": N_("given by hand"),
    "taken": N_("taken away by hand"),
    "membership": N_("given with a membership"),
    "membership_over": N_("the membership is over"),
}
"""Why a tier changed."""


class Bar(Struct, frozen=True):
    """How far it is with one thing that is asked for."""

    said: str
    """`€120.00 of €300.00`."""
    missing: str
    """What is still to come; empty: nothing."""
    value: int
    most: int


class TierShown(Struct, frozen=True):
    """A member on one ladder, in words."""

    ladder: str
    name: str
    """What her tier is called; empty: none."""
    until: str
    """The last day on which she has it; empty: it does not end."""
    next: str
    ways: tuple[tuple[Bar, ...], ...]
    """To the next tier, the nearest first; all bars of one are needed."""
    keeping: str
    """What has to be done for keeping it, in a sentence; empty: nothing is asked."""
    kept_ways: tuple[tuple[Bar, ...], ...]


class Changed(Struct, frozen=True):
    """A line of the history."""

    name: str
    day: str
    why: str


def shown(
    known: Known, language: Language, zone: ZoneInfo, tiers: Sequence[TierStanding]
) -> tuple[TierShown, ...]:
    """Those of the ladders on which there is something to show."""
    words = known.words[language.code]
    return tuple(
        TierShown(
            one.ladder,
            _named(words, one.ladder, one.tier),
            language.short_date(one.until - A_MOMENT, zone) if one.until is not None else "",
            _named(words, one.ladder, one.next.tier) if one.next is not None else "",
            tuple(_bars(way, words, known) for way in one.next.ways) if one.next is not None else (),
            _keeping(one, language, zone),
            tuple(_bars(way, words, known) for way in one.keep.ways)
            if one.keep is not None and not one.keep.reached
            else (),
        )
        for one in tiers
        if one.tier is not None or one.next is not None
    )


def history(
    known: Known, language: Language, zone: ZoneInfo, changes: Sequence[TierChange]
) -> tuple[Changed, ...]:
    """How her tiers came to be, the newest first."""
    words = known.words[language.code]
    return tuple(
        Changed(
            _named(words, one.ladder, one.tier) or language.gettext("no tier"),
            language.short_date(one.at, zone),
            language.gettext(REASONS[one.reason]),
        )
        for one in changes
    )


def _keeping(one: TierStanding, language: Language, zone: ZoneInfo) -> str:
    if one.keep is None:
        return ""
    if one.keep.reached:
        return language.gettext("You have done what keeps it.")
    since = language.short_date(one.keep.since, zone)
    until = language.short_date(one.keep.until - A_MOMENT, zone)
    text = language.gettext("To keep it, from {since} to {until}:")
    return text.format(since=since, until=until)


def _bars(way: Way, words: ProgramWords, known: Known) -> tuple[Bar, ...]:
    return tuple(_bar(part, words, known) for part in way.parts)


def _bar(part: Part, words: ProgramWords, known: Known) -> Bar:
    reached = amount_of(part, words, known.program, part.reached)
    most = amount_of(part, words, known.program, part.at_least)
    said = words.gettext("{reached} of {all}").format(reached=reached, all=most)
    missing = amount_of(part, words, known.program) if part.missing else ""
    return Bar(said, missing, min(part.reached, part.at_least), part.at_least)


def _named(words: ProgramWords, ladder: str, tier: str | None) -> str:
    return words.named("tier", f"{ladder}/{tier}") if tier is not None else ""
