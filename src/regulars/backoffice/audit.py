"""The audit trail as a page: searched by its address, each change readable, the chain checked, all of it as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response
from msgspec import Struct

from regulars import clock, ids
from regulars.backoffice import desk
from regulars.backoffice.days import typed_day
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import ROOT, Visit
from regulars.backoffice.words_of_review import FAMILIES, action_text, actor_text
from regulars.errors import NotFound
from regulars.flows.desk.authors import key_names, team_names
from regulars.flows.read_audit import AuditEntry, check_entries, every_entry, read_audit, read_entry
from regulars.programs.audit.search import Wanted
from regulars.programs.roles import Permission
from regulars.web.tables import rows_as_csv

pages = Pages()
AT_ONCE = 50
TEXT_MAX = 200
SHORT_MAX = 40
HEADINGS = (
    "number",
    "at",
    "kind",
    "actor",
    "name",
    "address",
    "by",
    "action",
    "subject",
    "before",
    "after",
    "why",
    "digest",
)
LEADS_TO: dict[str, tuple[str, Permission | None]] = {
    "mem": ("/members/", "members.read"),
    "pur": ("/purchases/", "purchases.read"),
    "prm": ("/promotions/", "promotions.read"),
    "cbt": ("/codes/", "codes.read"),
    "apr": ("/review/", None),
    "fnd": ("/review/watch/", "review.read"),
    "stf": ("/team/", "staff.write"),
    "whs": ("/data/webhooks/", "webhooks.write"),
    "imp": ("/data/imports/", "data.import"),
}
"""Where the page of a subject is, by what its id begins with, and what it needs."""


class Line(Struct, frozen=True):
    """A field that differs, before and after."""

    field: str
    before: str
    after: str


class Shown(Struct, frozen=True):
    """An entry as it is read."""

    entry: AuditEntry
    action: str
    actor: str
    href: str | None
    """Where its subject is."""
    short: str
    """What differs, in a few words."""
    about: str = ""
    """What its subject is called; empty: only its id is known."""


class Known(Struct, frozen=True):
    """Who can be chosen as the author of a change, each as the address has it and as people say it."""

    team: list[tuple[str, str]]
    keys: list[tuple[str, str]]
    kinds: list[tuple[str, str]]

    @property
    def names(self) -> dict[str, str]:
        """What an id of the team or of a key is called."""
        return dict([*self.team, *self.keys])


@pages.get("/review/audit", needs="audit.read")
async def trail(visit: Visit) -> Response[Any]:
    """Who changed what, and when."""
    wanted = wanted_of(visit)
    cursor = visit.query.get("cursor")
    page = await read_audit(visit.database, visit.program.id, wanted, cursor, AT_ONCE)
    chain = await check_entries(visit.database, visit.program.id, [one.seq for one in page.items])
    known = await _known(visit)
    return visit.page(
        "audit",
        items=[shown(visit, one, known.names) for one in page.items],
        next=page.next,
        first=cursor is None,
        filtered=wanted != Wanted(),
        chain=chain,
        known=known,
        families=families(visit),
        asked=wanted,
        action_text=lambda action: action_text(action, visit.language),
    )


@pages.get("/review/audit/{number}", needs="audit.read")
async def entry(visit: Visit) -> Response[Any]:
    """One change, field by field."""
    number = visit.path["number"]
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise NotFound("There is no such entry.")
    found = await read_entry(visit.database, visit.program.id, int(number))
    known = await _known(visit)
    return visit.page(
        "audit_entry", one=shown(visit, found, known.names), lines=lines(found.before, found.after)
    )


@pages.get("/review/audit.csv", needs="audit.read")
async def file(visit: Visit) -> Response[Any]:
    """The same entries, all of them, for a spreadsheet."""
    wanted = wanted_of(visit)

    async def pieces() -> AsyncIterator[bytes]:
        yield "\ufeff".encode() + rows_as_csv([HEADINGS])
        async for one in every_entry(visit.database, visit.program.id, wanted):
            yield rows_as_csv([_row(one)])

    return visit.stream("audit.csv", pieces(), "text/csv")


def wanted_of(visit: Visit) -> Wanted:
    """The filter that stands in the address; what makes no sense in it is left out."""
    query, zone = visit.query, visit.program.time_zone
    since, until = typed_day(query.get("from")), typed_day(query.get("to"))
    return Wanted(
        since=clock.midnight(since, zone) if since else None,
        until=clock.midnight(until + timedelta(days=1), zone) if until else None,
        actor=_text(query.get("actor")),
        action=_text(query.get("action")),
        subject=_text(query.get("subject")),
        why=_text(query.get("why")),
    )


def shown(visit: Visit, one: AuditEntry, names: Mapping[str, str]) -> Shown:
    """An entry in the reader's words; `names` are those of ids that have one."""
    prefix = one.subject.partition("_")[0]
    place, needs = LEADS_TO.get(prefix, ("", None)) if "_" in one.subject else ("", None)
    opens = place and (needs is None or visit.may(needs))
    short = "; ".join(_in_short(line) for line in lines(one.before, one.after))[:TEXT_MAX]
    return Shown(
        one,
        action_text(one.action, visit.language),
        actor_text(one.actor, visit.language),
        f"{ROOT}{place}{one.subject}" if opens else None,
        short,
        names.get(one.subject) or _promotion(visit, one.subject),
    )


def lines(before: Any, after: Any) -> list[Line]:
    """What differs, a line for each field; a change that is no set of fields is one line without a name."""
    if not isinstance(before, dict | None) or not isinstance(after, dict | None):
        return [Line("", _readable(before), _readable(after))]
    was, became = before or {}, after or {}
    return [
        Line(
            str(name),
            _readable(was[name]) if name in was else "",
            _readable(became[name]) if name in became else "",
        )
        for name in {**was, **became}
    ]


def families(visit: Visit) -> list[tuple[str, str]]:
    """What can have been changed, to choose from, by name."""
    return _by_name((code, visit.language.gettext(name)) for code, name in FAMILIES.items())


async def _known(visit: Visit) -> Known:
    program = visit.program.id
    team = await team_names(visit.database, program)
    keys = await key_names(visit.database, program, clock.world())
    return Known(_by_name(team), _by_name(keys), _kinds(visit))


def _by_name(named: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(named, key=lambda one: one[1].casefold())


def _promotion(visit: Visit, subject: str) -> str:
    """The name of a promotion that is live; empty for anything else."""
    if not subject.startswith("prm_"):
        return ""
    live = visit.known.promotion(ids.read("prm", subject, "/subject"))
    return live.name(desk.spoken(visit)) if live else ""


def _kinds(visit: Visit) -> list[tuple[str, str]]:
    language = visit.language
    return [
        ("staff", language.gettext("Staff")),
        ("key", language.gettext("Keys")),
        ("member", language.gettext("Members")),
        ("command", language.gettext("Commands")),
        ("job", language.gettext("Jobs")),
    ]


def _in_short(line: Line) -> str:
    values = [value[:SHORT_MAX] for value in (line.before, line.after) if value not in ("", "–")]
    return ": ".join(part for part in (line.field, " → ".join(values)) if part)


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _readable(value: Any) -> str:
    """As people read it: a list of words as words, anything else as it was written."""
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return _plain(value)


def _row(one: AuditEntry) -> list[str | int]:
    actor = one.actor
    before, after = ("" if value is None else _plain(value) for value in (one.before, one.after))
    return [
        one.seq, one.at.isoformat(), actor.kind, actor.id, actor.name, actor.address, actor.by, one.action,
        one.subject, before, after, one.why, one.digest,
    ]  # fmt: skip


def _text(text: str | None) -> str | None:
    text = (text or "").strip().replace("\0", "")
    return text[:TEXT_MAX] or None
