"""Activity: the kinds of it that a program declares, what waits for a decision, and what a member did."""

from __future__ import annotations

from typing import Any

from litestar import Response

from regulars import i18n, ids
from regulars.backoffice import activity_form, desk, words_of_activity
from regulars.backoffice.members import frame
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_activity import FLAGS, STATUSES, TONES
from regulars.errors import NotFound
from regulars.flows.activity_kinds import KindView, list_kinds, put_kind
from regulars.flows.activity_views import ActivityRecord
from regulars.flows.list_activity import activities_of, waiting_activities
from regulars.flows.read_member import read_profile
from regulars.flows.review_activity import Decision, review_activity
from regulars.purchases.activity import ActivityKind
from regulars.purchases.ready_kinds import READY, made

pages = Pages()
LIST = "/engagement/activity"
WAITING = 25


@pages.get(LIST, needs="engagement.read")
async def every(visit: Visit) -> Response[Any]:
    """The kinds, and what waits for a decision."""
    kinds = await _kinds(visit)
    cursor = visit.query.get("cursor")
    after = ids.read("act", cursor, "?cursor") if cursor else None
    waiting = await waiting_activities(visit.database, visit.known.vault, after, WAITING)
    named = await desk.naming(visit, [one.source for one in waiting.items])
    return visit.page(
        "activity",
        kinds=[_kind_row(visit, one) for one in kinds.values()],
        waiting=[_row(visit, one, kinds, named) for one in waiting.items],
        next=waiting.next,
        first=cursor is None,
    )


@pages.get(f"{LIST}/new", needs="engagement.write")
async def choose(visit: Visit) -> Response[Any]:
    """Ready-made kinds to choose from."""
    taken = set(await _kinds(visit))
    _ = visit.language.gettext
    return visit.page(
        "activity_new",
        ready=[(one.code, _(one.name), _(one.about)) for one in READY if one.code not in taken],
    )


@pages.get(f"{LIST}/edit", needs="engagement.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of a kind: one that there is, or a ready-made one."""
    code = visit.form("code") or visit.query.get("code", "")
    document, known = await _document(visit, code)
    fields = visit.form_fields() or activity_form.fields_of(visit, document, new=not known)
    return visit.page(
        "activity_form",
        code=code,
        new=not known,
        fields=fields,
        measured=words_of_activity.measured(visit, document),
        data=[
            (words_of_activity.field_name(visit, document, one.name), one.name, one.type, one.unit)
            for one in document.fields
        ],
        languages=[(one, i18n.OWN_NAMES.get(one, one)) for one in visit.program.languages],
        **await activity_form.choices(visit, document),
    )


@pages.post(f"{LIST}/edit", needs="engagement.write", again=edit)
async def save(visit: Visit) -> Response[Any]:
    """Keep it as a new revision."""
    code = visit.form("code")
    document, _ = await _document(visit, code)
    changed = visit.read(ActivityKind, await activity_form.sent(visit, document))
    await put_kind(visit.database, visit.program.id, code, changed, visit.by, await visit.now())
    return visit.to(LIST, done=visit.language.gettext("Saved; it counts from now on."))


@pages.post(f"{LIST}/review/{{id}}", needs="engagement.write", again=every)
async def decide(visit: Visit) -> Response[Any]:
    """Accept or refuse what was flagged."""
    decision = Decision(visit.form("act") == "accept", desk.reason(visit))
    activity = ids.read("act", visit.path["id"], "/id")
    await review_activity(visit.database, visit.state.known, await visit.once(), activity, decision, visit.by)
    _ = visit.language.gettext
    return visit.to(
        LIST, done=_("Accepted: it counts.") if decision.accept else _("Refused: it earns nothing.")
    )


@pages.get("/members/{id}/activity", needs="members.read")
async def of_member(visit: Visit) -> Response[Any]:
    """What a member did besides buying, the latest recorded first."""
    profile = await read_profile(visit.database, visit.program, visit.known.vault, desk.read_id(visit, "mem"))
    cursor = visit.query.get("cursor")
    before = ids.read("act", cursor, "?cursor") if cursor else None
    page = await activities_of(visit.database, visit.known.vault, profile.id, before, WAITING)
    kinds = await _kinds(visit)
    named = await desk.naming(visit, [one.source for one in page.items])
    return visit.page(
        "member_activity",
        **frame(visit, profile, "activity"),
        items=[_row(visit, one, kinds, named) for one in page.items],
        next=page.next,
        first=cursor is None,
    )


async def _kinds(visit: Visit) -> dict[str, KindView]:
    return {one.code: one for one in (await list_kinds(visit.database, visit.program.id)).items}


async def _document(visit: Visit, code: str) -> tuple[ActivityKind, bool]:
    """The document of a kind, and whether there is one already. Raises NotFound."""
    found = (await _kinds(visit)).get(code)
    if found is not None:
        return found.document, True
    ready = next((one for one in READY if one.code == code), None)
    if ready is None:
        raise NotFound

    def say(language: str, message: str) -> str:
        return i18n.language(language).gettext(message)

    return made(ready, visit.program.languages, visit.program.base_currency, say), False


def _kind_row(visit: Visit, one: KindView) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": words_of_activity.name(visit, one.code, one.document),
        "measured": words_of_activity.measured(visit, one.document),
        "earns": words_of_activity.earns(visit, one.document),
        "stopped": one.document.stopped,
    }


def _row(visit: Visit, one: ActivityRecord, kinds: dict[str, KindView], named: Any) -> dict[str, Any]:
    language, say = visit.language, desk.pointing(visit)
    document = kinds[one.kind].document if one.kind in kinds else None
    given = [say(e.currency, e.amount, signed=True) for e in one.earned if e.amount]
    given += [
        language.gettext("with the month, on %(day)s") % {"day": language.short_date(e.due_on)}
        for e in one.earned
        if e.due_on is not None
    ]
    return {
        "id": one.id,
        "member": one.member,
        "kind": words_of_activity.name(visit, one.kind, document),
        "quantity": words_of_activity.quantity(visit, document, one.quantity),
        "status": language.gettext(STATUSES[one.status]),
        "tone": TONES.get(one.status, ""),
        "why": one.reason or (language.gettext(FLAGS[one.flag]) if one.flag else ""),
        "earned": language.joined(given),
        "source": named(one.source),
        "texts": [str(value) for name, value in one.data.items() if _is_text(document, name)],
        "at": language.moment(one.happened_at, visit.zone),
    }


def _is_text(document: ActivityKind | None, name: str) -> bool:
    field = document.field(name) if document is not None else None
    return field is not None and field.type == "text"
