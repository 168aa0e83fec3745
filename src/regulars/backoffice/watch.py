"""What looks unusual at the tills: a list with reasons and receipts, decided with a word; a cashier's report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args
from uuid import UUID

from litestar import Response
from msgspec import Struct

from regulars import clock, ids
from regulars.backoffice.days import typed_day
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import ROOT, Visit
from regulars.backoffice.words_of_review import KINDS, VERDICTS, finding_text
from regulars.flows import review_findings as flow
from regulars.flows.review_findings import Cashier, FindingView, Verdict
from regulars.programs.findings import Kind, Status

pages = Pages()
AT_ONCE = 25
REPORT_DAYS = 28
REPORT_DAYS_MAX = 92
LEADS_TO = {"pur": "/purchases/"}


class Shown(Struct, frozen=True):
    """A finding as it is read."""

    one: FindingView
    title: str
    text: str
    """What was seen, in a sentence."""
    store: str
    evidence: tuple[tuple[str, str | None], ...]
    """Id, and where its page is."""
    status: str
    tone: str


class Beside(Struct, frozen=True):
    """A cashier's figures beside those of all others in the store."""

    hers: Cashier
    others: Cashier
    colleagues: int


@pages.get("/review/watch", needs="review.read")
async def watch(visit: Visit) -> Response[Any]:
    """What looks unusual at the tills."""
    query, cursor = visit.query, visit.query.get("cursor")
    status = query.get("status", "open")
    kind = query.get("kind", "")
    page = await flow.list_findings(
        visit.database,
        visit.program,
        status=_one_of(status, Status),
        kind=_one_of(kind, Kind),
        cashier=query.get("cashier") or None,
        stores=visit.staff.stores,
        before=ids.read("fnd", cursor, "?cursor") if cursor else None,
        limit=AT_ONCE,
    )
    language = visit.language
    return visit.page(
        "watch",
        items=[_shown(visit, one) for one in page.items],
        next=page.next,
        first=cursor is None,
        standing=status,
        kind=kind,
        statuses=[("", language.gettext("all"))]
        + [(code, language.gettext(word)) for code, (word, _) in VERDICTS.items()],
        kinds=[("", language.gettext("all"))]
        + [(code, language.gettext(title)) for code, title in KINDS.items()],
        settings=visit.program.settings,
    )


@pages.get("/review/watch/cashier", needs="review.read")
async def report(visit: Visit) -> Response[Any]:
    """A cashier's figures beside her colleagues', to be printed."""
    query, stores = visit.query, visit.stores
    store = next((one for one in stores if one.code == query.get("store")), stores[0] if stores else None)
    today = (await visit.now()).astimezone(visit.zone).date()
    last = typed_day(query.get("to")) or today
    first = typed_day(query.get("from")) or last - timedelta(days=REPORT_DAYS - 1)
    if not first <= last < first + timedelta(days=REPORT_DAYS_MAX):
        first = last - timedelta(days=REPORT_DAYS - 1)
    chosen = query.get("cashier", "")
    cashiers: list[Cashier] = []
    findings: list[Shown] = []
    if store is not None:
        since, until = (
            clock.midnight(first, store.time_zone),
            clock.midnight(last + timedelta(days=1), store.time_zone),
        )
        cashiers = await flow.cashiers_of(visit.database, visit.program.id, store.id, since, until)
        if chosen:
            own = await flow.list_findings(
                visit.database,
                visit.program,
                cashier=chosen,
                stores=[store.id],
                since=since,
                until=until,
                limit=AT_ONCE,
            )
            findings = [_shown(visit, one) for one in own.items]
    return visit.page(
        "cashier",
        stores=stores,
        store=store,
        first=first,
        last=last,
        today=today,
        cashiers=cashiers,
        chosen=chosen,
        beside=_beside(cashiers, chosen),
        findings=findings,
        there=clock.zone(store.time_zone) if store is not None else visit.zone,
    )


@pages.get("/review/watch/{id}", needs="review.read")
async def finding(visit: Visit) -> Response[Any]:
    """One finding, with all that was seen."""
    found = await flow.read_finding(visit.database, visit.program, _id(visit), visit.staff.stores)
    return visit.page("finding", shown=_shown(visit, found))


@pages.post("/review/watch/{id}/decide", needs="review.decide", again=watch)
async def decide(visit: Visit) -> Response[Any]:
    """Say what it was."""
    verdict = visit.read(Verdict, {"status": visit.form("status"), "word": visit.form("word")})
    await flow.decide_finding(
        visit.database, visit.program, await visit.once(), _id(visit), verdict, visit.staff.stores
    )
    return visit.to("/review/watch", done=visit.language.gettext("It is written down."))


@pages.post("/review/watch/{id}/reopen", needs="review.decide", again=watch)
async def reopen(visit: Visit) -> Response[Any]:
    """Let it be decided anew."""
    await flow.reopen_finding(
        visit.database, visit.program, await visit.once(), _id(visit), visit.staff.stores
    )
    return visit.to("/review/watch", done=visit.language.gettext("It is open again."))


def _shown(visit: Visit, one: FindingView) -> Shown:
    language, program = visit.language, visit.program
    status, tone = VERDICTS[one.status]
    store = program.stores.get(one.store or "")
    may_open = visit.may("purchases.read")
    evidence = tuple(
        (named, f"{ROOT}{place}{named}" if may_open and place else None)
        for named in one.evidence
        for place in [LEADS_TO.get(named.partition("_")[0])]
    )
    return Shown(
        one,
        language.gettext(KINDS[one.kind]),
        finding_text(one, program, language),
        store.name if store is not None else one.store or "",
        evidence,
        language.gettext(status),
        tone,
    )


def _beside(cashiers: list[Cashier], chosen: str) -> Beside | None:
    hers = next((one for one in cashiers if one.cashier == chosen), None)
    if hers is None or not chosen:
        return None
    rest = [one for one in cashiers if one.cashier != chosen]
    names = ("receipts", "of_members", "turnover", "returns", "money_back")
    return Beside(hers, Cashier("", *[sum(getattr(one, name) for one in rest) for name in names]), len(rest))


def _one_of(text: str, choices: Any) -> Any:
    return text if text in get_args(choices) else None


def _id(visit: Visit) -> UUID:
    return ids.read("fnd", visit.path["id"], "/id")
