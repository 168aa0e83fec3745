"""The builder of promotions: from a template or empty, sentence by sentence, saved as it is made."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Response

from regulars import ids
from regulars.assortment import reading as shelves
from regulars.backoffice import drafting
from regulars.backoffice.builder_form import Maker
from regulars.backoffice.drafting import Act, Raw
from regulars.backoffice.office import Pages
from regulars.backoffice.template_examples import examples
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_promotions import RULES, who
from regulars.errors import BadRequest, DraftChanged, InvalidValue, Problem
from regulars.flows.lint_promotion import lint_document
from regulars.flows.list_templates import TemplateView, list_templates
from regulars.flows.promotion_history import promotion_history
from regulars.flows.publish_promotion import PromotionView, create_promotion, edit_draft, read_promotion
from regulars.i18n import ProgramWords
from regulars.programs.template import program_templates
from regulars.promotions import document, form_values, forms, linter
from regulars.promotions.differing import Difference, differences
from regulars.promotions.goods import goods_within
from regulars.promotions.model import Document
from regulars.promotions.schedule import days
from regulars.promotions.template import templates
from regulars.units import whole_of

pages = Pages()
DRAFT_BYTES_MAX = 4 * 1024 * 1024
WEEKS_SHOWN = 5
BEGIN_LINES = 2
"""Goods in the basket that a preview begins with."""
NAMED_MAX = 500
"""Products whose names are looked up for the form."""
ROOTS = frozenset(field.name for field in forms.document().fields)
ALWAYS_SENT = frozenset({"name", "group"})
"""Of those, what every form of ours holds, filled in or empty."""


@pages.get("/promotions/new", needs="promotions.write")
async def new(visit: Visit) -> Response[Any]:
    """Ready promotions to begin from, narrowed by a word, a trade and a kind; or an empty one."""
    every = list_templates(visit.known, visit.language.code)
    suits = {one.code: one.trades for one in templates()}
    trade, kind = visit.query.get("trade", ""), visit.query.get("kind", "")
    asked = visit.language.sorting_key(visit.query.get("q", ""))[0].split()
    kinds = {one.code: _kind(visit, one) for one in every.items}
    found = [
        one
        for one in every.items
        if (not trade or trade in suits[one.code])
        and (not kind or kind == kinds[one.code])
        and all(word in _searched(visit, one) for word in asked)
    ]
    wall = (await visit.now()).astimezone(visit.zone).replace(tzinfo=None)
    documents = [(one.code, {**one.document, "group": _group_for(visit, one.document)}) for one in found]
    # Thirty baskets are drawn and priced: in a thread, so that tills are served meanwhile.
    shown = await asyncio.to_thread(examples, documents, visit.known, wall, words(visit))
    trades = {code: one.names[visit.language.code] for code, one in program_templates().items()}
    by_trade = visit.query.get("by") == "trade"
    groups: dict[str, list[TemplateView]] = {}
    for one in found:
        mine = (
            [trades[code] for code in suits[one.code] if trade in ("", code)]
            if by_trade
            else [kinds[one.code]]
        )
        for heading in mine:
            groups.setdefault(heading, []).append(one)
    return visit.page(
        "promotions/new",
        groups=groups,
        found=len(found),
        trades=trades,
        suits=suits,
        kinds=list(dict.fromkeys(kinds.values())),
        examples=shown,
        words=words(visit),
    )


def _kind(visit: Visit, one: TemplateView) -> str:
    """What it gives, as the menu of benefits has it."""
    return visit.language.gettext(forms.of(str(one.document["benefits"][0]["kind"]), "benefit").menu)


def _searched(visit: Visit, one: TemplateView) -> str:
    return visit.language.sorting_key(f"{one.name} {one.gives} {one.when}")[0]


@pages.post("/promotions/new", needs="promotions.write", again=new)
async def create(visit: Visit) -> Response[Any]:
    """Make a draft of a template, of another promotion, or of nothing; and open it."""
    chosen = visit.form("template")
    if visit.form("like"):
        like = await read_promotion(
            visit.database, visit.program.id, ids.read("prm", visit.form("like"), "/like")
        )
        raw = {**(like.draft or like.document or {}), "names": {}}
        raw["name"] = visit.language.gettext("%(name)s (copy)") % {"name": raw["name"]}
    elif chosen:
        found = list_templates(visit.known, visit.language.code).items
        raw = next((one.document for one in found if one.code == chosen), None)
        if raw is None:
            raise InvalidValue("/template", "There is no such template")
        name = raw.get("names", {}).get(visit.language.code, raw["name"])
        raw = {**raw, "name": name, "group": _group_for(visit, raw)}
    else:
        raw = drafting.begin(visit.known, visit.language.gettext("New promotion"))
    answer = await create_promotion(visit.database, await visit.once(), document.parse(raw), by(visit))
    made = msgspec.json.decode(answer.body, type=PromotionView)
    return visit.to(f"/promotions/{made.id}/edit")


@pages.get("/promotions/{id}/edit", needs="promotions.write")
async def edit(visit: Visit) -> Response[Any]:
    """The builder of one promotion."""
    view = await read_promotion(visit.database, visit.program.id, promotion(visit))
    raw = view.draft or view.document or {}
    maker, basket = await _maker(visit, raw, with_basket=True)
    today = (await visit.now()).astimezone(visit.zone).date()
    context = _context(visit, maker, view, raw, None, (), today)
    return visit.page(
        "promotions/edit",
        basket=basket,
        shops=[(store.code, store.name) for store in visit.stores],
        tiers=_tiers(visit),
        at=f"{(await visit.now()).astimezone(visit.zone):%Y-%m-%dT%H:%M}",
        theirs=None,
        opened="",
        looked=False,
        **context,
    )


@pages.post("/promotions/{id}/edit", needs="promotions.write", bytes_max=DRAFT_BYTES_MAX)
async def save(visit: Visit) -> Response[Any]:
    """Keep what the form holds, do what a button asks for, and answer with the form as it is then."""
    view = await read_promotion(visit.database, visit.program.id, promotion(visit))
    act = drafting.read(visit.form("do") or "save")
    theirs: dict[str, Any] | None = None
    problem: Problem | None = None
    raw = _sent(visit)
    at = await visit.now()
    today = at.astimezone(visit.zone).date()
    try:
        raw, parsed = _changed(visit, raw, act, today)
        if act.verb != "look" and _differs(parsed, view.draft):
            view = await _keep(visit, parsed, act)
    except DraftChanged:
        view = await read_promotion(visit.database, visit.program.id, promotion(visit))
        theirs = await _theirs(visit, view, raw)
    except Problem as found:
        problem = found
    maker, _ = await _maker(visit, raw)
    said: tuple[linter.Finding, ...] = ()
    if problem is None and theirs is None:
        try:
            said = (
                await lint_document(
                    visit.database, visit.state.known, visit.program.id, document.parse(raw), at, visit.language.code,
                    promotion=promotion(visit),
                )
            ).findings  # fmt: skip
        except Problem as found:
            problem = found
    context = _context(visit, maker, view, raw, problem, said, today)
    return visit.part(
        "promotions/builder", theirs=theirs, opened=_opened(act, raw), looked=problem is None, **context
    )


def _differs(parsed: Document, kept: dict[str, Any] | None) -> bool:
    """Whether anything would change: a draft that stays as it is keeps its version, and what was said about it."""
    return kept is None or document.canonical(parsed) != document.canonical(document.parse(kept))


def _changed(visit: Visit, raw: Raw, act: Act, today: date) -> tuple[Raw, Document]:
    """The document after the act, and as it is understood. Raises Unprocessable, and what is `raw` is lost then."""
    if act.verb == "document":
        parsed = document.parse(visit.form("document"))
        return cast(Raw, msgspec.to_builtins(parsed)), parsed
    changed = drafting.done(raw, act, visit.known, today)
    raw.clear()
    raw.update(changed)  # what is refused is shown as it was to become
    return raw, document.parse(raw)


async def _keep(visit: Visit, parsed: Document, act: Act) -> PromotionView:
    version = whole_of(visit.form("their_version") if act.verb == "mine" else visit.form("version"))
    if version is None:
        raise BadRequest("The form names no version of the draft.")
    return await edit_draft(
        visit.database, visit.program.id, promotion(visit), parsed, by(visit), await visit.now(), version
    )


async def _theirs(visit: Visit, view: PromotionView, raw: Raw) -> dict[str, Any]:
    """What somebody else has made of the draft meanwhile: who, when, and how it differs from what is on this page."""
    mine = document.parse(raw)
    other = document.parse(view.draft or view.document or {})
    names = (await promotion_history(visit.database, visit.program.id, promotion(visit))).names
    found: list[Difference] = differences(mine, other, words(visit), visit.program.base_currency)
    return {
        "version": view.draft_version,
        "by": who(names.get(view.drafted_by or "", view.drafted_by or ""), visit.language),
        "at": view.drafted_at,
        "differences": found,
    }


def _sent(visit: Visit) -> Raw:
    """The document that the form makes. Raises BadRequest where no form of ours was sent."""
    names = [name for name in visit.form_fields() if name.partition(".")[0] in ROOTS]
    if not ALWAYS_SENT.issubset(names):
        raise BadRequest("The form could not be read.")
    values = drafting.tidy({name: visit.form_list(name) for name in names})
    raw = form_values.to_document(values, visit.program.base_currency)
    try:
        form_values.to_values(raw, visit.program.base_currency)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadRequest("The form could not be read.") from None
    return raw


def _context(
    visit: Visit,
    maker: Maker,
    view: PromotionView,
    raw: Raw,
    problem: Problem | None,
    said: tuple[linter.Finding, ...],
    today: date,
) -> dict[str, Any]:
    """What the form's template needs."""
    sheet = maker.sheet(raw, problem, said)
    others = [  # in their order, as all live ones are
        one
        for one in visit.known.live.promotions
        if one.document.group == raw.get("group") and one.id != promotion(visit)
    ]
    group = next((one for one in visit.program.settings.groups if one.name == raw.get("group")), None)
    return {
        "view": view,
        "sheet": sheet,
        "raw": raw,
        "raw_plain": msgspec.to_builtins(raw),
        "plain": json.dumps(raw, ensure_ascii=False, indent=2, default=str),
        "menus": _menus(maker, group.stage if group else ""),
        "others": others,
        "group": group,
        "group_rule": visit.language.gettext(RULES[group.rule]) if group else "",
        "excluded_groups": [maker.group(name) for name in group.excludes] if group else [],
        "fault": problem,
        "strip": _strip(raw, today) if problem is None else [],
        "today": today,
    }


def _opened(act: Act, raw: Raw) -> str:
    """The part that a button made or moved: it is shown open. Of what is not there (the page says so) none is."""
    if act.verb == "add":
        node: Any = raw
        try:
            for step in act.name.split("."):
                node = node[int(step)] if isinstance(node, list) else node[step]
            return f"{act.name}.{len(node) - 1}"
        except (LookupError, TypeError, ValueError):
            return ""
    if act.verb in ("up", "down", "copy"):
        outer, _, text = act.name.rpartition(".")
        place = whole_of(text)
        return "" if place is None else f"{outer}.{max(0, place + (-1 if act.verb == 'up' else 1))}"
    return ""


def _tiers(visit: Visit) -> list[tuple[str, str]]:
    """Tiers that a make-believe member may have: none, or a ladder's."""
    found = visit.program.settings.names.get("tier", {})
    said = words(visit)
    return (
        [("", visit.language.gettext("none")), *[(path, said.named("tier", path)) for path in found]]
        if found
        else []
    )


def _strip(raw: Raw, today: date) -> list[tuple[date, str]]:
    """The next days, and whether it runs on each: `whole`, `part` of the day, or not at all."""
    monday = today - timedelta(days=today.weekday())
    last = monday + timedelta(days=7 * WEEKS_SHOWN - 1)
    parsed = document.parse(raw)
    terms = document.build(parsed)
    runs = {one.day: "whole" if one.whole else "part" for one in days(parsed, terms.conditions, monday, last)}
    every = [monday + timedelta(days=n) for n in range(7 * WEEKS_SHOWN)]
    return [(day, runs.get(day, "")) for day in every]


def _menus(maker: Maker, stage: str) -> dict[str, list[tuple[str, list[tuple[forms.Form, str]]]]]:
    """What may be added: by side, headings, each with its kinds and an example of each in words."""
    found: dict[str, list[tuple[str, list[tuple[forms.Form, str]]]]] = {}
    for list_name, kinds in (("conditions", forms.conditions()), ("benefits", forms.benefits())):
        by_heading: dict[str, list[tuple[forms.Form, str]]] = {}
        for form in kinds:
            said = forms.said(form, maker.words)
            raw = drafting.starting(form.kind, form.side, maker.known)
            by_heading.setdefault(said.menu, []).append((said, maker.said(raw, form.side)))
        found[list_name] = list(by_heading.items())
    return found


async def _maker(visit: Visit, raw: Raw, *, with_basket: bool = False) -> tuple[Maker, list[Any]]:
    """What makes the form, with the names of the products in it; and goods to try it on."""
    listed = list(dict.fromkeys(_skus(raw)))[:NAMED_MAX]
    basket: list[Any] = []
    names: dict[tuple[str, str], str] = {}
    if listed or with_basket:
        async with visit.database.transaction(visit.program.id, analytical=True) as tx:
            found = await shelves.by_skus(tx, visit.program.id, listed) if listed else {}
            if with_basket:
                basket = await _basket(tx, visit, raw)
        names = {("sku", sku): one.name_in(visit.language.code) for sku, one in found.items()}
    return Maker(
        visit.known, cast(ProgramWords, replace(words(visit), goods_names=names, remembered={}))
    ), basket


async def _basket(tx: Any, visit: Visit, raw: Raw) -> list[Any]:
    """A few goods that it is about, or any."""
    try:
        terms = document.build(document.parse(raw))
        goods = [
            one for part in (*terms.benefits, *terms.conditions) for one in goods_within(part) if one.keys
        ]
    except Problem:
        goods = []
    if goods:
        one = goods[0]
        found = await shelves.meant(
            tx, visit.program.id, skus=one.skus, categories=one.categories, tags=one.tags, brands=one.brands,
            limit=BEGIN_LINES,
        )  # fmt: skip
        if found:
            return found
    return await shelves.page(tx, visit.program.id, limit=BEGIN_LINES)


def _skus(value: Any) -> list[str]:
    """Every product that a document names."""
    if isinstance(value, dict):
        held = cast(dict[str, Any], value)
        own = [str(sku) for sku in held.get("skus", ())] if isinstance(held.get("skus"), list | tuple) else []
        own += [str(held["sku"])] if isinstance(held.get("sku"), str) else []
        return own + [sku for inner in held.values() for sku in _skus(inner)]
    if isinstance(value, list | tuple):
        return [sku for inner in cast(list[Any], value) for sku in _skus(inner)]
    return []


def _group_for(visit: Visit, raw: Raw) -> str:
    """The template's group, or where the program has none of that name, one of the stage that its benefit needs."""
    groups = {group.name: group.stage for group in visit.program.settings.groups}
    stages = forms.of(str(raw["benefits"][0]["kind"]), "benefit").stages
    if groups.get(str(raw["group"])) in stages:
        return str(raw["group"])
    return next((name for name, stage in groups.items() if stage in stages), str(raw["group"]))


def promotion(visit: Visit) -> UUID:
    """The promotion that the address names. Raises WrongIdKind."""
    return ids.read("prm", visit.path["id"], "/id")


def by(visit: Visit) -> str:
    """Who, as promotions name their authors."""
    return ids.show("stf", visit.staff.id)


def words(visit: Visit) -> ProgramWords:
    """How the program speaks in the reader's language."""
    return visit.known.words[visit.language.code]
