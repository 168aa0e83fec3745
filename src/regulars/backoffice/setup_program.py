"""The program itself: its name and languages, and every switch, under headings, each with what it does."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response
from msgspec import Struct

from regulars.backoffice import setup_values
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_setup import HEADINGS, RULES, STAGES, Heading, Switch
from regulars.errors import Fault, InvalidValue, NotFound, Problem, Unprocessable
from regulars.flows.change_program import LANGUAGES, ProgramChange, change_program
from regulars.i18n import N_, OWN_NAMES
from regulars.programs.settings import ProgramSettings

pages = Pages()
DEFAULTS: dict[str, Any] = msgspec.to_builtins(ProgramSettings())
POINTERS = tuple(setup_values.pointer_of(switch.field) for one in HEADINGS for switch in one.switches)
BLANK_GROUPS = 2
NEVER, EMPTY = N_("never"), N_("empty")


class Row(Struct, frozen=True):
    """A switch as it stands."""

    switch: Switch
    name: str
    words: str
    text: str
    """What its field holds."""
    was: str
    """What it held when the page was made: what is sent unchanged is not written over what a colleague changed."""
    default: str
    """The default in words."""
    changed: bool
    choices: list[tuple[str, str]]
    fault: str


@pages.get("/setup", needs="setup.read")
async def program(visit: Visit) -> Response[Any]:
    """The program's name and languages, and the headings of its switches."""
    settings = msgspec.to_builtins(visit.program.settings)
    text = visit.language.gettext
    headings = [
        (
            one.code,
            text(one.name),
            text(one.words),
            sum(_differs(switch, settings) for switch in one.switches),
        )
        for one in HEADINGS
    ]
    given = {"name": visit.program.name, "slug": visit.program.slug}
    if visit.problem is not None:
        given |= {name: visit.form(name) for name in given}
    order_changed = settings["groups"] != DEFAULTS["groups"]
    return visit.page(
        "setup/program",
        headings=headings,
        given=given,
        spoken=visit.form_list("languages") or list(visit.program.languages),
        all_languages=[(code, OWN_NAMES[code]) for code in LANGUAGES],
        order_changed=order_changed,
    )


@pages.post("/setup", needs="setup.write", again=program)
async def save_program(visit: Visit) -> Response[Any]:
    """Another name, short name or languages; the first language is the program's own."""
    first = visit.form("first_language")
    languages = [first, *(code for code in visit.form_list("languages") if code != first)]
    sent = {
        "name": visit.form("name"),
        "slug": visit.form("slug"),
        "languages": [one for one in languages if one],
    }
    await change_program(visit.database, visit.program.id, visit.read(ProgramChange, sent))
    return visit.to("/setup", done=visit.language.gettext("Saved; it counts from now on."))


@pages.get("/setup/rules/{heading}", needs="setup.read")
async def heading(visit: Visit) -> Response[Any]:
    """The switches of one heading, each with what it does and its default."""
    found = _heading(visit)
    settings = msgspec.to_builtins(visit.program.settings)
    rows = [_row(visit, switch, settings) for switch in found.switches]
    return visit.page("setup/heading", heading=found, rows=rows)


@pages.post("/setup/rules/{heading}", needs="setup.write", again=heading)
async def save_heading(visit: Visit) -> Response[Any]:
    """Write the switches that were changed on the page, or one of them back to its default."""
    found = _heading(visit)
    back = visit.form("default")
    switches = {switch.field: switch for switch in found.switches}
    if back:
        if back not in switches:
            raise NotFound("There is no such setting.")
        changes = {back: setup_values.value_of(DEFAULTS, back)}
    else:
        changes = _changes(visit, found)
    if changes:
        settings = msgspec.to_builtins(visit.program.settings)
        await change_settings(visit, setup_values.change_of(settings, changes))
    said = visit.language.gettext("Saved; it counts from now on.")
    return visit.to(f"/setup/rules/{found.code}", done=said)


@pages.get("/setup/order", needs="setup.read")
async def order(visit: Visit) -> Response[Any]:
    """The groups of promotions in their order of calculation."""
    groups = msgspec.to_builtins(visit.program.settings.groups)
    if visit.problem is not None:
        groups = _groups_sent(visit)
    text = visit.language.gettext
    return visit.page(
        "setup/order",
        groups=[
            *groups,
            *({"name": "", "stage": "item", "rule": "all", "excludes": []} for _ in range(BLANK_GROUPS)),
        ],
        stages=[(code, text(name)) for code, name in STAGES],
        rules=[(code, text(name)) for code, name in RULES],
    )


@pages.post("/setup/order", needs="setup.write", again=order)
async def save_order(visit: Visit) -> Response[Any]:
    """Other groups, or another order of them."""
    await change_settings(visit, {"groups": _groups_sent(visit)})
    return visit.to("/setup/order", done=visit.language.gettext("Saved; it counts from now on."))


async def change_settings(visit: Visit, changes: dict[str, Any]) -> None:
    """Change these settings. Raises InvalidValue, Contradiction: what is of the wrong shape is told in one sentence."""
    try:
        await change_program(visit.database, visit.program.id, ProgramChange(settings=changes))
    except InvalidValue as problem:
        raise _plainly(problem) from problem


def _plainly(problem: Problem) -> Problem:
    """A refusal of a value's shape, without the machine's words."""
    faults = [Fault(_field_at(one.pointer), setup_values.NOT_POSSIBLE) for one in problem.errors]
    return Unprocessable(errors=faults)


def _field_at(pointer: str) -> str:
    """The switch that a pointer leads to or into."""
    return max((one for one in POINTERS if f"{pointer}/".startswith(f"{one}/")), key=len, default=pointer)


def _changes(visit: Visit, found: Heading) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    faults: list[Fault] = []
    for switch in found.switches:
        sent, was = (visit.form(name + switch.field).replace("\r\n", "\n") for name in ("", "was-"))
        if sent == was:
            continue
        try:
            changes[switch.field] = setup_values.read(switch, sent, visit.program.base_currency)
        except InvalidValue as problem:
            faults += problem.errors
    if faults:
        raise Unprocessable(errors=faults)
    return changes


def _row(visit: Visit, switch: Switch, settings: dict[str, Any]) -> Row:
    text = visit.language.gettext
    currency = visit.program.base_currency
    choices = [(code, text(name)) for code, name in switch.choices]
    if switch.kind == "yes_no":
        choices = [("yes", text("Yes")), ("no", text("No"))]
    was = setup_values.shown(switch, setup_values.value_of(settings, switch.field), currency)
    default = setup_values.shown(switch, setup_values.value_of(DEFAULTS, switch.field), currency)
    refused = visit.problem is not None and switch.field in visit.form_fields()
    named = dict(choices)
    return Row(
        switch,
        text(switch.name),
        text(switch.words),
        visit.form(switch.field) if refused else was,
        was,
        named.get(default, default) or text(NEVER if switch.kind == "money" else EMPTY),
        _differs(switch, settings),
        choices,
        visit.fault(setup_values.pointer_of(switch.field)),
    )


def _differs(switch: Switch, settings: dict[str, Any]) -> bool:
    return setup_values.value_of(settings, switch.field) != setup_values.value_of(DEFAULTS, switch.field)


def _heading(visit: Visit) -> Heading:
    found = next((one for one in HEADINGS if one.code == visit.path["heading"]), None)
    if found is None:
        raise NotFound("There is no such page.")
    return found


def _groups_sent(visit: Visit) -> list[dict[str, Any]]:
    columns = [visit.form_list(name) for name in ("name", "stage", "rule", "excludes", "place")]
    rows = [row for row in zip(*columns, strict=False) if row[0]]
    rows.sort(key=lambda row: int(row[4]) if row[4].isascii() and row[4].isdigit() else 10**6)
    return [
        {"name": name, "stage": stage, "rule": rule,
         "excludes": [one.strip() for one in excludes.split(",") if one.strip()]}
        for name, stage, rule, excludes, _ in rows
    ]  # fmt: skip
