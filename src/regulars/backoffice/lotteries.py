"""The pages of draws: a form, tickets, the public number, draw now, call off, winners and their prizes."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response

from regulars import ids
from regulars.backoffice import desk, game_forms
from regulars.backoffice.games import STATUS
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.flows.draws import LotteryView, put_draw, read_draw, read_proof
from regulars.flows.hold_draw import NewBeacon, hold_draw, say_beacon
from regulars.flows.lottery_tickets import call_off
from regulars.games.draws import RANKS_MAX, Lottery
from regulars.i18n import N_
from regulars.units import money_scale

pages = Pages()
SPARE_ROWS = 2


@pages.get("/engagement/draws/new", needs="engagement.write")
async def new(visit: Visit) -> Response[Any]:
    """The form of a new draw."""
    return await _form(visit, None)


@pages.post("/engagement/draws/new", needs="engagement.write", again=new)
async def make(visit: Visit) -> Response[Any]:
    """Publish it."""
    return await _save(visit, visit.form("code"))


@pages.get("/engagement/draws/{code}", needs="engagement.read")
async def draw(visit: Visit) -> Response[Any]:
    """One draw: its tickets, its proof, who won."""
    at, code = await visit.now(), visit.path["code"]
    one = await read_draw(visit.database, visit.program.id, code, at)
    document = msgspec.convert(one.document, Lottery)
    proof = await read_proof(visit.database, visit.program.id, code)
    return visit.page(
        "draw",
        one=one,
        document=document,
        heading=visit.said(document.names),
        stands=STATUS[one.status],
        ranks=[(rank, visit.said(rank.names)) for rank in document.ranks],
        proof=proof,
        winners=[(won, visit.said(document.ranks[won.rank].names)) for won in proof.winners],
        due=at >= document.draws_at and one.status == "closed",
        waits=document.beacon and one.status == "closed",
        points=desk.pointing(visit),
        money=visit.language.money(document.purchases.amount, visit.program.base_currency)
        if document.purchases
        else "",
    )


@pages.get("/engagement/draws/{code}/edit", needs="engagement.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of a draw that is there."""
    found = await read_draw(visit.database, visit.program.id, visit.path["code"], await visit.now())
    return await _form(visit, found)


@pages.post("/engagement/draws/{code}/edit", needs="engagement.write", again=edit)
async def change(visit: Visit) -> Response[Any]:
    """Publish the next revision; with tickets only texts. Raises NotFound."""
    before = await read_draw(visit.database, visit.program.id, visit.path["code"], await visit.now())
    return await _save(visit, before.code, msgspec.convert(before.document, Lottery))


@pages.post("/engagement/draws/{code}/hold", needs="engagement.write", again=draw)
async def hold(visit: Visit) -> Response[Any]:
    """Draw now."""
    code = visit.path["code"]
    await hold_draw(visit.database, visit.known, code, visit.by, await visit.now())
    return visit.to(f"/engagement/draws/{code}", done=visit.language.gettext("It is drawn."))


@pages.post("/engagement/draws/{code}/beacon", needs="engagement.write", again=draw)
async def beacon(visit: Visit) -> Response[Any]:
    """Say what the public number is."""
    code, new = visit.path["code"], visit.read(NewBeacon, {"beacon": visit.form("beacon")})
    by = ids.show("stf", visit.staff.id)
    agreed = await say_beacon(visit.database, visit.known, code, new, by, await visit.now())
    said = (
        N_("Two of you agree: it can be drawn.") if agreed else N_("Noted. Somebody else types it in, too.")
    )
    return visit.to(f"/engagement/draws/{code}", done=visit.language.gettext(said))


@pages.post("/engagement/draws/{code}/stop", needs="engagement.write", again=draw)
async def stop(visit: Visit) -> Response[Any]:
    """Call it off."""
    code = visit.path["code"]
    await call_off(visit.database, visit.known, code, visit.by, await visit.now())
    said = visit.language.gettext("Called off. Points for tickets are back.")
    return visit.to(f"/engagement/draws/{code}", done=said)


async def _save(visit: Visit, code: str, before: Lottery | None = None) -> Response[Any]:
    game_forms.require_code(code)
    document = visit.read(Lottery, _sent(visit, before))
    await put_draw(visit.database, visit.known, code, document, visit.by, await visit.now())
    return visit.to(f"/engagement/draws/{code}", done=visit.language.gettext("Saved."))


async def _form(visit: Visit, one: LotteryView | None) -> Response[Any]:
    shown = visit.form_fields() or _shown(visit, one)
    used = [n for n in range(RANKS_MAX) if shown.get(f"rank{n}-count")]
    return visit.page(
        "draw_form",
        one=one,
        shown=shown,
        rows=range(min(RANKS_MAX, max(used, default=-1) + 1 + SPARE_ROWS)),
        languages=game_forms.languages(visit),
        kinds=await game_forms.kinds(visit, shown, one.code if one else ""),
        currencies=[
            (code, code) for code, each in visit.program.currencies.items() if each.kind != "qualifying"
        ],
    )


def _shown(visit: Visit, one: LotteryView | None) -> dict[str, str]:
    if one is None:
        return {"hour": "12:00", "rank0-count": "1"}
    draw, scale = msgspec.convert(one.document, Lottery), money_scale(visit.program.base_currency)
    shown = {"code": one.code, "beacon": "yes" if draw.beacon else ""}
    shown |= game_forms.shown_texts("names", draw.names) | game_forms.shown_texts("texts", draw.texts)
    shown |= game_forms.shown_audience(one.document)
    shown |= {"entries_from": game_forms.day_of(visit, draw.entries_from)}
    shown |= {"entries_until": game_forms.day_of(visit, draw.entries_until, last=True)}
    shown |= game_forms.shown_moment(visit, "day", "hour", draw.draws_at)
    if draw.price is not None:
        shown |= {"price": str(draw.price.amount), "currency": draw.price.currency}
    if draw.purchases is not None:
        shown |= {
            "per": game_forms.decimal(draw.purchases.amount, scale),
            "per_most": str(draw.purchases.most),
        }
    if draw.most is not None:
        shown |= {"most": str(draw.most)}
    for n, rank in enumerate(draw.ranks):
        shown |= game_forms.shown_texts(f"rank{n}-name", rank.names)
        shown |= game_forms.shown_prize(f"rank{n}", rank.prize) | {f"rank{n}-count": str(rank.count)}
    return shown


def _sent(visit: Visit, before: Lottery | None) -> dict[str, Any]:
    """What the form says, as a document; what it has no room for stays as it was. Raises InvalidValue."""
    sent: dict[str, Any] = {
        "names": game_forms.texts(visit, "names"),
        "texts": game_forms.texts(visit, "texts"),
    }
    sent |= {"audience": game_forms.audience(visit), "beacon": visit.form("beacon") == "yes"}
    times = (before.entries_from, before.entries_until) if before else ()
    sent |= game_forms.days(visit, "entries_from", "entries_until", *times)
    draws_at = game_forms.moment(visit, "day", "hour", before.draws_at if before else None)
    sent |= {"draws_at": draws_at.isoformat()}
    if before is not None and before.funder:
        sent["funder"] = before.funder
    if visit.form("price"):
        sent["price"] = {
            "amount": desk.whole(visit.form("price"), "/price"),
            "currency": visit.form("currency"),
        }
    if visit.form("per"):
        amount = desk.amount(visit.form("per"), money_scale(visit.program.base_currency), "/per")
        sent["purchases"] = {
            "amount": amount,
            "most": desk.whole(visit.form("per_most") or "10", "/per_most"),
        }
    if visit.form("most"):
        sent["most"] = desk.whole(visit.form("most"), "/most")
    old = dict(enumerate(rank.prize for rank in before.ranks)) if before else {}
    sent["ranks"] = [
        {
            "names": game_forms.texts(visit, f"rank{n}-name"),
            "prize": game_forms.prize(visit, f"rank{n}", old.get(n)),
            "count": desk.whole(visit.form(f"rank{n}-count"), f"/ranks/{n}/count"),
        }
        for n in range(RANKS_MAX)
        if visit.form(f"rank{n}-count") and game_forms.texts(visit, f"rank{n}-name")
    ]
    return sent
