"""The pages of games of chance: the list with draws beside it, a form, what was given and is left, stop."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response

from regulars.backoffice import desk, game_forms
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.flows.draws import list_draws
from regulars.flows.games import GameView, list_games, put_game, read_game, read_odds, stop_game
from regulars.games.chances import Game
from regulars.i18n import N_
from regulars.prizes import Prize
from regulars.units import money_scale

pages = Pages()
SPARE_ROWS = 2
ROWS_MAX = 24
STATUS = {
    "live": (N_("can be played"), "good"),
    "open": (N_("tickets are given"), "good"),
    "closed": (N_("waits for the draw"), "warning"),
    "drawn": (N_("drawn"), ""),
    "planned": (N_("not yet"), ""),
    "over": (N_("over"), ""),
    "stopped": (N_("stopped"), ""),
}
PERIODS = (("day", N_("a day")), ("week", N_("a week")), ("month", N_("a month")), ("ever", N_("ever")))
FACES = (("wheel", N_("a wheel of fortune")), ("scratch", N_("a scratch card")))


@pages.get("/engagement/games", needs="engagement.read")
async def games(visit: Visit) -> Response[Any]:
    """Wheels and scratch cards, and the draws."""
    at = await visit.now()
    found = await list_games(visit.database, visit.known, at)
    drawn = await list_draws(visit.database, visit.program.id, at)
    return visit.page(
        "games",
        games=[(one, _name(visit, one), STATUS[one.status]) for one in found.items],
        draws=[(one, visit.said(one.document["names"]), STATUS[one.status]) for one in drawn.items],
        money=_money(visit),
    )


@pages.get("/engagement/games/new", needs="engagement.write")
async def new(visit: Visit) -> Response[Any]:
    """The form of a new game."""
    return await _form(visit, None)


@pages.post("/engagement/games/new", needs="engagement.write", again=new)
async def make(visit: Visit) -> Response[Any]:
    """Publish it."""
    return await _save(visit, visit.form("code"))


@pages.get("/engagement/games/{code}", needs="engagement.read")
async def game(visit: Visit) -> Response[Any]:
    """One game: its odds, what was given, what is left, what it cost."""
    at, code = await visit.now(), visit.path["code"]
    one = await read_game(visit.database, visit.known, code, at)
    odds = await read_odds(visit.database, visit.known, code, at)
    return visit.page(
        "game",
        one=one,
        heading=_name(visit, one),
        stands=STATUS[one.status],
        fields=[(field, visit.said(field.names)) for field in odds.fields],
        seeds=odds.seeds,
        money=_money(visit),
    )


@pages.get("/engagement/games/{code}/edit", needs="engagement.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of a game that is there."""
    return await _form(
        visit, await read_game(visit.database, visit.known, visit.path["code"], await visit.now())
    )


@pages.post("/engagement/games/{code}/edit", needs="engagement.write", again=edit)
async def change(visit: Visit) -> Response[Any]:
    """Publish the next revision. Raises NotFound."""
    before = await read_game(visit.database, visit.known, visit.path["code"], await visit.now())
    return await _save(visit, before.code, msgspec.convert(before.document, Game))


@pages.post("/engagement/games/{code}/stop", needs="engagement.write", again=game)
async def stop(visit: Visit) -> Response[Any]:
    """Stop it, or let it be played again."""
    code, resumes = visit.path["code"], bool(visit.form("resume"))
    await stop_game(visit.database, visit.known, code, await visit.now(), stops=not resumes)
    said = N_("The game can be played again.") if resumes else N_("Nobody plays it from now on.")
    return visit.to(f"/engagement/games/{code}", done=visit.language.gettext(said))


async def _save(visit: Visit, code: str, before: Game | None = None) -> Response[Any]:
    game_forms.require_code(code)
    document = visit.read(Game, _sent(visit, before))
    await put_game(visit.database, visit.known, code, document, visit.by, await visit.now())
    said = visit.language.gettext("Saved: members play it by these odds from now on.")
    return visit.to(f"/engagement/games/{code}", done=said)


async def _form(visit: Visit, one: GameView | None) -> Response[Any]:
    shown = visit.form_fields()
    if not shown:
        shown = _shown(visit, one)
    used = [n for n in range(ROWS_MAX) if shown.get(f"field{n}-code")]
    language = visit.language
    return visit.page(
        "game_form",
        one=one,
        shown=shown,
        rows=range(min(ROWS_MAX, max(2, max(used, default=0) + 1 + SPARE_ROWS))),
        languages=game_forms.languages(visit),
        kinds=await game_forms.kinds(visit, shown),
        faces=[(code, language.gettext(name)) for code, name in FACES],
        periods=[("", "–"), *[(code, language.gettext(name)) for code, name in PERIODS]],
        currencies=[
            (code, code) for code, each in visit.program.currencies.items() if each.kind != "qualifying"
        ],
    )


def _shown(visit: Visit, one: GameView | None) -> dict[str, str]:
    if one is None:
        return {"period": "day", "most": "1"}
    game, scale = msgspec.convert(one.document, Game), money_scale(visit.program.base_currency)
    shown = {"code": one.code, "face": game.face, "consolation": game.consolation or ""}
    shown |= game_forms.shown_texts("names", game.names) | game_forms.shown_texts("texts", game.texts)
    shown |= game_forms.shown_audience(one.document)
    shown |= {"from": game_forms.day_of(visit, game.starts_at)}
    shown |= {"until": game_forms.day_of(visit, game.ends_at, last=True)}
    if game.free is not None:
        shown |= {"period": game.free.period, "most": str(game.free.most)}
    if game.points is not None:
        shown |= {"price": str(game.points.amount), "currency": game.points.currency}
    if game.credit is not None:
        shown |= {"least": game_forms.decimal(game.credit.least, scale), "credit_days": str(game.credit.days)}
    for n, field in enumerate(game.fields):
        shown |= game_forms.shown_texts(f"field{n}-name", field.names)
        shown |= game_forms.shown_prize(f"field{n}", field.prize)
        shown |= {f"field{n}-code": field.code, f"field{n}-weight": str(field.weight)}
        shown |= {f"field{n}-stock": str(field.stock or ""), f"field{n}-day": str(field.stock_per_day or "")}
    return shown


def _sent(visit: Visit, before: Game | None) -> dict[str, Any]:
    """What the form says, as a document; what it has no room for stays as it was. Raises InvalidValue."""
    sent: dict[str, Any] = {"face": visit.form("face") or "wheel", "names": game_forms.texts(visit, "names")}
    sent |= {"texts": game_forms.texts(visit, "texts"), "audience": game_forms.audience(visit)}
    sent |= game_forms.days(visit, "from", "until", *((before.starts_at, before.ends_at) if before else ()))
    if before is not None and before.funder:
        sent["funder"] = before.funder
    if visit.form("consolation"):
        sent["consolation"] = visit.form("consolation")
    if visit.form("most") and visit.form("period"):
        sent["free"] = {"most": desk.whole(visit.form("most"), "/most"), "period": visit.form("period")}
    if visit.form("price"):
        sent["points"] = {
            "amount": desk.whole(visit.form("price"), "/price"),
            "currency": visit.form("currency"),
        }
    if visit.form("least"):
        least = desk.amount(visit.form("least"), money_scale(visit.program.base_currency), "/least")
        sent["credit"] = {
            "least": least,
            "days": desk.whole(visit.form("credit_days") or "30", "/credit_days"),
        }
    old = {field.code: field.prize for field in before.fields} if before else {}
    sent["fields"] = [_field(visit, n, old) for n in range(ROWS_MAX) if visit.form(f"field{n}-code")]
    return sent


def _field(visit: Visit, n: int, old: dict[str, Prize]) -> dict[str, Any]:
    at = f"field{n}"
    field: dict[str, Any] = {
        "code": visit.form(f"{at}-code"),
        "weight": desk.whole(visit.form(f"{at}-weight"), f"/fields/{n}/weight"),
        "names": game_forms.texts(visit, f"{at}-name"),
        "prize": game_forms.prize(visit, at, old.get(visit.form(f"{at}-code"))),
    }
    if visit.form(f"{at}-stock"):
        field["stock"] = desk.whole(visit.form(f"{at}-stock"), f"/fields/{n}/stock")
    if visit.form(f"{at}-day"):
        field["stock_per_day"] = desk.whole(visit.form(f"{at}-day"), f"/fields/{n}/stock_per_day")
    return field


def _name(visit: Visit, one: GameView) -> str:
    return visit.said(one.document["names"])


def _money(visit: Visit) -> Any:
    return lambda amount: visit.language.money(amount, visit.program.base_currency)
