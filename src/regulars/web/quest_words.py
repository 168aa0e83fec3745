"""Says in a language what a challenge asks for, how far somebody is, until when, and what it gives."""

from __future__ import annotations

from regulars.flows.known_programs import Known
from regulars.flows.quest_acts import amounts, prize_words
from regulars.games.quests import Quest, QuestDocument
from regulars.i18n import N_, Language, ProgramWords
from regulars.prizes import Prize

STATES = {
    "open": N_("running"),
    "joinable": N_("to join"),
    "done": N_("done"),
    "exhausted": N_("all prizes are gone"),
    "upcoming": N_("not yet"),
}


def goal(words: ProgramWords, known: Known, document: QuestDocument) -> str:
    """What is asked for, in one line."""
    asked = document.goal
    n = asked.need
    count = words.spoken.number(n)
    if asked.kind == "set":
        text = _set(words, asked.of or "skus", n)
    elif asked.kind == "streak":
        text = _streak(words, asked.each, n)
    elif asked.kind == "count":
        text = (
            words.ngettext("{n} purchase", "{n} purchases", n)
            if asked.activity is None
            else words.ngettext("{n} time: {what}", "{n} times: {what}", n)
        )
    elif asked.measure == "units":
        text = words.ngettext("{n} piece in all", "{n} pieces in all", n)
    else:
        return words.gettext("{amount} in all").format(
            amount=amounts(words, known.program, Quest("", 0, document), 0)[1]
        )
    what = (asked.activity or "").replace("-", " ").replace("_", " ")
    return text.format(n=count, what=what)


def so_far(words: ProgramWords, known: Known, quest: Quest, reached: int) -> str:
    """2 of 3; `reached` in the unit of `need`."""
    here, whole = amounts(words, known.program, quest, reached * quest.scale)
    return words.gettext("{reached} of {need}").format(reached=here, need=whole)


def amount(words: ProgramWords, known: Known, quest: Quest, reached: int) -> str:
    """So much of it, in the unit of `need`."""
    asked = quest.document.goal
    if asked.kind == "sum" and asked.measure == "points" and asked.currency is not None:
        return words.points(reached, asked.currency)
    return amounts(words, known.program, quest, reached * quest.scale)[0]


def gives(words: ProgramWords, prizes: tuple[Prize, ...]) -> str:
    """+150 points and a badge."""
    return words.joined([text for prize in prizes if (text := prize_words(words, prize))])


def state(language: Language, code: str) -> str:
    """How it stands."""
    return language.gettext(STATES[code])


def _set(words: ProgramWords, of: str, n: int) -> str:
    if of == "categories":
        return words.ngettext("{n} category", "{n} different categories", n)
    if of == "brands":
        return words.ngettext("{n} brand", "{n} different brands", n)
    if of == "stores":
        return words.ngettext("{n} store", "{n} different stores", n)
    if of == "partners":
        return words.ngettext("{n} partner", "{n} different partners", n)
    return words.ngettext("{n} product", "{n} different products", n)


def _streak(words: ProgramWords, each: str, n: int) -> str:
    if each == "day":
        return words.ngettext("{n} day in a row", "{n} days in a row", n)
    if each == "month":
        return words.ngettext("{n} month in a row", "{n} months in a row", n)
    return words.ngettext("{n} week in a row", "{n} weeks in a row", n)
