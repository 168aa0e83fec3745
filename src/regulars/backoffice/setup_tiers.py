"""Tiers: the ladders of the program, built by a form, and what a change would do to today's members."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from litestar import Response

from regulars.backoffice import setup_values
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_setup import DOWNGRADES, MEASURES, PERIODS, VALIDITIES
from regulars.errors import InvalidValue
from regulars.flows.ladders import LadderPreview, list_ladders, preview_ladder, put_ladder, withdraw_ladder
from regulars.flows.member_tiers import Part, amount_of
from regulars.i18n import N_
from regulars.members.ladders import LadderDocument, Requirement
from regulars.units import money_scale, units_of

pages = Pages()
LIST = "/setup/tiers"
BLANK_TIERS = 1
WAYS, PARTS = 2, 2
"""Room for so many ways with so many parts; a ladder that has more is shown with all of its own."""
AMOUNT_FAULT = "a whole number from 1 is needed, of money with its cents"


@pages.get("/setup/tiers", needs="setup.read")
async def tiers(visit: Visit) -> Response[Any]:
    """The ladders of the program, with what each tier asks for."""
    found = await list_ladders(visit.database, visit.program.id)
    return visit.page(
        "setup/tiers",
        ladders=[(one, [_row(visit, one.code, tier) for tier in one.document.tiers]) for one in found.items],
        periods=_words(visit, PERIODS),
        validities=_words(visit, VALIDITIES),
    )


@pages.get("/setup/tiers/edit", needs="setup.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of a ladder, new or not."""
    return await _form(visit, None)


@pages.post("/setup/tiers/edit", needs="setup.write", again=edit)
async def save(visit: Visit) -> Response[Any]:
    """Say what the change would do, or make it."""
    code, document = visit.form("code"), visit.read(LadderDocument, _sent(visit))
    at = await visit.now()
    if visit.form("act") == "preview":
        known = visit.state.known
        found = await preview_ladder(visit.database, known, visit.program.id, code, document, at)
        return await _form(visit, found)
    await put_ladder(visit.database, visit.program.id, code, document, visit.by, at)
    said = visit.language.gettext("%(name)s is saved; it counts from the next purchase on.")
    return visit.to(LIST, done=said % {"name": code})


@pages.post("/setup/tiers/withdraw", needs="setup.write", again=tiers)
async def withdraw(visit: Visit) -> Response[Any]:
    """Withdraw a ladder, or put one back."""
    code, back = visit.form("code"), bool(visit.form("back"))
    await withdraw_ladder(
        visit.database, visit.program.id, code, visit.by, await visit.now(), withdrawn=not back
    )
    said = (
        N_("%(name)s counts again; whoever has reached a tier climbs in the minutes after.")
        if back
        else N_("%(name)s counts no more; its tiers end in the minutes after.")
    )
    return visit.to(LIST, done=visit.language.gettext(said) % {"name": code})


async def _form(visit: Visit, preview: LadderPreview | None) -> Response[Any]:
    code = visit.query.get("code", "") or visit.form("code")
    found = await list_ladders(visit.database, visit.program.id)
    one = next((ladder for ladder in found.items if ladder.code == code), None)
    fields = visit.form_fields()
    if not fields:
        fields = _fields(visit, one.document if one else None) | {"code": code}
    rows = [n for n in range(20) if fields.get(f"t{n}-code")]
    count = min(20, (max(rows) + 1 if rows else 1) + BLANK_TIERS)
    names = {tier: _name(visit, code, tier) for tier in ((preview.before | preview.after) if preview else {})}
    return visit.page(
        "setup/ladder",
        one=one,
        fields=fields,
        rows=range(count),
        ways=range(max([WAYS, *[int(field.split("-")[1][1:]) + 1 for field in fields if "-w" in field]])),
        parts_of=range(
            max([PARTS, *[int(field.split("-")[2][1:]) + 1 for field in fields if "-r" in field]])
        ),
        measures=[*_words(visit, MEASURES).items(), *_qualifying(visit)],
        periods=_words(visit, PERIODS).items(),
        validities=_words(visit, VALIDITIES).items(),
        downgrades=_words(visit, DOWNGRADES).items(),
        preview=preview,
        names=names,
    )


def _sent(visit: Visit) -> dict[str, Any]:
    """The document that the form says. Raises InvalidValue."""
    fields = visit.form_fields()
    tiers: list[dict[str, Any]] = []
    for n in range(20):
        code = fields.get(f"t{n}-code", "")
        if not code:
            continue
        ways: list[list[dict[str, Any]]] = []
        for w in range(10):
            parts = [
                _requirement(
                    visit, fields[f"t{n}-w{w}-r{r}-measure"], fields.get(f"t{n}-w{w}-r{r}-amount", ""), n
                )
                for r in range(5)
                if fields.get(f"t{n}-w{w}-r{r}-measure")
            ]
            if parts:
                ways.append(parts)
        tiers.append({"code": code, "ways": ways, "invitation_only": fields.get(f"t{n}-invitation") == "yes"})
    return {
        "tiers": tiers,
        **{name: fields.get(name, "") for name in ("period", "validity", "downgrade")},
        **{name: _days(fields.get(name, ""), name) for name in ("period_days", "valid_days", "grace_days")},
        **{name: fields.get(name) == "yes" for name in ("soft_landing", "undo_on_return")},
    }


def _requirement(visit: Visit, measure: str, text: str, tier: int) -> dict[str, Any]:
    kind, _, currency = measure.partition(":")
    scale = 0
    if kind == "spend":
        scale = money_scale(visit.program.base_currency)
    elif currency in visit.program.currencies:
        scale = visit.program.currencies[currency].scale
    try:
        at_least = units_of(text.replace(",", ".").replace(" ", "").replace("\u00a0", ""), scale)
    except ValueError:
        raise InvalidValue(f"/tiers/{tier}", AMOUNT_FAULT) from None
    if not at_least:
        raise InvalidValue(f"/tiers/{tier}", AMOUNT_FAULT)
    return {"measure": kind, "at_least": at_least} | ({"currency": currency} if currency else {})


def _days(text: str, name: str) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise InvalidValue(f"/{name}", setup_values.NOT_POSSIBLE)
    return int(text)


def _fields(visit: Visit, document: LadderDocument | None) -> dict[str, str]:
    """A ladder as the fields of the form."""
    if document is None:
        return {"undo_on_return": "yes"}
    fields: dict[str, str] = {
        name: getattr(document, name) for name in ("period", "validity", "downgrade")
    } | {
        name: str(getattr(document, name) or "") for name in ("period_days", "valid_days", "grace_days")
    } | {name: "yes" for name in ("soft_landing", "undo_on_return") if getattr(document, name)}  # fmt: skip
    for n, tier in enumerate(document.tiers):
        fields[f"t{n}-code"] = tier.code
        if tier.invitation_only:
            fields[f"t{n}-invitation"] = "yes"
        for w, way in enumerate(tier.ways):
            for r, part in enumerate(way):
                measure = f"currency:{part.currency}" if part.currency else part.measure
                fields[f"t{n}-w{w}-r{r}-measure"] = measure
                fields[f"t{n}-w{w}-r{r}-amount"] = _plain(visit, part)
    return fields


def _plain(visit: Visit, part: Requirement) -> str:
    """An amount as one types it."""
    scale = 0
    if part.measure == "spend":
        scale = money_scale(visit.program.base_currency)
    elif part.currency in visit.program.currencies:
        scale = visit.program.currencies[part.currency].scale
    return f"{Decimal(part.at_least).scaleb(-scale):f}"


def _row(visit: Visit, ladder: str, tier: Any) -> dict[str, Any]:
    language = visit.language
    if tier.invitation_only:
        asks = language.gettext("by invitation")
    elif not tier.ways:
        asks = language.gettext("everybody")
    else:
        asks = f" {language.gettext('or')} ".join(
            " + ".join(_said(visit, part) for part in way) for way in tier.ways
        )
    return {"code": tier.code, "name": _name(visit, ladder, tier.code), "asks": asks}


def _said(visit: Visit, part: Requirement) -> str:
    asked = Part(part.measure, part.currency, 0, part.at_least, 0)
    return amount_of(asked, visit.known.words[visit.language.code], visit.program, part.at_least)


def _qualifying(visit: Visit) -> list[tuple[str, str]]:
    language = visit.language
    return [
        (f"currency:{one.code}", language.points_name(5, one.names) or one.code)
        for one in visit.program.currencies.values()
        if one.kind == "qualifying"
    ]


def _words(visit: Visit, of: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {code: visit.language.gettext(words) for code, words in of}


def _name(visit: Visit, ladder: str, tier: str) -> str:
    if not tier:
        return visit.language.gettext("no tier")
    return visit.known.words[visit.language.code].named("tier", f"{ladder}/{tier}")
