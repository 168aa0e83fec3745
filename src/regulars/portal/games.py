"""The member's games: wheels and scratch cards with their odds, her tickets and how a draw is proved, surveys."""

from __future__ import annotations

import secrets
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from msgspec import Struct

from regulars import ids
from regulars.errors import Conflict, NotFound, Problem, SpenderLimit, SpendingNotAllowed
from regulars.flows.draws import LotteryView, list_draws, read_draw, read_proof
from regulars.flows.games import Odds, read_odds
from regulars.flows.lottery_tickets import NewTicket, buy_tickets, tickets_of
from regulars.flows.play_game import NewPlay, OpenGame, PlayView, open_games, play_game, read_play
from regulars.flows.spender_proof import Spender
from regulars.flows.surveys import open_surveys
from regulars.games.chances import PayWay
from regulars.games.draws import Lottery
from regulars.i18n import N_
from regulars.portal import showing, visiting, wheel
from regulars.portal.visiting import Guest, Member
from regulars.programs.model import Caller
from regulars.web import faults, pages

HttpRequest = Request[Any, Any, Any]
PAY_WAYS: dict[str, PayWay] = {"free": "free", "credit": "credit", "points": "points"}
"""As the form names them; anything else: whatever she has."""
CODE_MAX = 63
TICKETS_SHOWN = 60
FAULTS: dict[str, str] = {
    "no_play_left": N_("You have no play left just now."),
    "insufficient_points": N_("You do not have that many points yet."),
    "game_closed": N_("This is not open just now."),
    "not_for_member": N_("This is not meant for you."),
    "already_answered": N_("You have answered this already. Thank you!"),
    SpendingNotAllowed.code: N_("You collect points for the account, but only others spend them."),
    SpenderLimit.code: N_("That is more than you may spend of the account today."),
}


class OddLine(Struct, frozen=True):
    """A field of a game in words."""

    name: str
    odds: str
    percent: str
    left: str
    shade: int


class DrawLine(Struct, frozen=True):
    """A draw in words."""

    code: str
    name: str
    text: str
    status: str
    about: str
    price: str
    brings: str
    """What a purchase brings."""
    mine: tuple[int, ...]
    prizes: tuple[str, ...]


@get("/portal/{slug:str}/games", include_in_schema=False)
async def games(request: HttpRequest) -> Response[Any]:
    """All that is open for her: games, draws and surveys."""
    found = await visiting.member(request)
    database, language = request.app.state.database, found.language.code
    playable = await open_games(database, found.known, found.id, language, found.now)
    asked = await open_surveys(database, found.known, found.id, language, found.now)
    listed = await list_draws(database, found.program.id, found.now)
    mine = await tickets_of(database, found.known, found.id)
    draws = [
        _draw(found, one, [t.number for t in mine.items if t.draw == one.code and not t.void])
        for one in listed.items
        if one.status != "stopped"
    ]
    return visiting.show(
        request,
        found,
        "games",
        tab="offers",
        games=[(one, ways_words(found, one)) for one in playable.items],
        draws=draws,
        surveys=asked.items,
    )


@get("/portal/{slug:str}/games/{code:str}", include_in_schema=False)
async def game(request: HttpRequest) -> Response[Any]:
    """A wheel or a scratch card, its odds, and what her last play brought. Raises NotFound."""
    found = await visiting.member(request)
    return await _game(request, found)


@post("/portal/{slug:str}/games/{code:str}", status_code=303, include_in_schema=False)
async def play(request: HttpRequest) -> Response[Any]:
    """Play it: what it brings is decided before anything turns."""
    found, form = await visiting.writing(request)
    code = _code(request)
    new = visiting.checked(NewPlay(code, PAY_WAYS.get(form.get("pay", ""))))
    write = visiting.form_key(found, f"play/{code}", form, msgspec.to_builtins(new))
    database = visiting.database(request, found)
    try:
        answer = await play_game(
            database, found.known, write, _spender(found), found.id, new, found.language.code
        )
    except (Conflict, SpendingNotAllowed, SpenderLimit) as problem:
        return await _game(request, found, problem)
    made = msgspec.json.decode(answer.body, type=PlayView)
    return visiting.back(found, f"/games/{code}?play={made.id}")


@get("/portal/{slug:str}/draws/{code:str}", include_in_schema=False)
async def draw(request: HttpRequest) -> Response[Any]:
    """A draw: her tickets, and after it the winning numbers with the proof. Raises NotFound."""
    found = await visiting.member(request)
    return await _one_draw(request, found)


@post("/portal/{slug:str}/draws/{code:str}", status_code=303, include_in_schema=False)
async def buy(request: HttpRequest) -> Response[Any]:
    """Buy a ticket for points."""
    found, form = await visiting.writing(request)
    code = _code(request)
    new = visiting.checked(NewTicket(code))
    write = visiting.form_key(found, f"ticket/{code}", form, msgspec.to_builtins(new))
    try:
        await buy_tickets(
            visiting.database(request, found), found.known, write, _spender(found), found.id, new
        )
    except (Conflict, SpendingNotAllowed, SpenderLimit) as problem:
        return await _one_draw(request, found, problem)
    return visiting.back(found, f"/draws/{code}", said="claimed")


@get("/portal/{slug:str}/draws/{code:str}/proof.json", include_in_schema=False)
async def proof(request: HttpRequest) -> Response[Any]:
    """The proof of a draw, for everybody: numbers of tickets and nobody's name. Raises NotFound."""
    found: Guest = await visiting.guest(request)
    shown = await read_proof(request.app.state.database, found.program.id, _code(request))
    headers = {**pages.SECURITY_HEADERS, "Cache-Control": "no-cache"}
    return Response(msgspec.json.encode(shown), media_type="application/json", headers=headers)


def ways_words(found: Member, one: OpenGame) -> str:
    """How she may play: so many free plays, or what a play costs."""
    language, ways = found.language, one.ways
    free = ways.free + ways.credits
    if free:
        return language.ngettext("{n} free play", "{n} free plays", free).format(n=language.number(free))
    if ways.points and ways.currency:
        return showing.points_text(found, ways.currency, ways.points)
    return language.gettext("No play left just now")


async def _game(request: HttpRequest, found: Member, problem: Problem | None = None) -> Response[Any]:
    database, language, code = request.app.state.database, found.language, _code(request)
    odds = await read_odds(database, found.known, code, found.now)
    listed = await open_games(database, found.known, found.id, language.code, found.now)
    one = next((each for each in listed.items if each.code == code), None)
    played = await _played(request, found, code)
    if one is None and played is None and problem is None:
        raise NotFound("There is no such game.")
    chances = [Fraction(field.odds) for field in odds.fields]
    landed = next((n for n, field in enumerate(odds.fields) if played and field.code == played.landed), None)
    return visiting.show(
        request,
        found,
        "game",
        tab="offers",
        status=200 if problem is None else problem.status,
        code=code,
        one=one,
        ways=ways_words(found, one) if one else "",
        price=showing.points_text(found, one.ways.currency, one.ways.points)
        if one and one.ways.currency and one.ways.points
        else "",
        heading=found.said(odds.names),
        face=played.face if played else one.face if one else "wheel",
        fields=_fields(found, odds),
        segments=wheel.segments(chances),
        turn=wheel.turned(chances, landed) if landed is not None else 0,
        played=played,
        won=bool(played and not played.prize.get("nothing")),
        out=bool(played and played.landed != played.given),
        until=showing.last_day(found, played.valid_until) if played and played.valid_until else "",
        qr=showing.code("qr", played.voucher) if played and played.voucher else "",
        seeds=odds.seeds[1:3],
        fault=_said(found, problem),
        nonce=secrets.token_hex(8),
    )


async def _played(request: HttpRequest, found: Member, code: str) -> PlayView | None:
    """The play in the address, if it is one of hers of this game."""
    text = request.query_params.get("play", "")[:64]
    if not text:
        return None
    try:
        identifier = ids.read("ply", text)
    except ids.WrongIdKind as error:
        raise NotFound("There is no such play.") from error
    database = request.app.state.database
    shown = await read_play(database, found.known, identifier, found.language.code, hers=found.id)
    return shown if shown.game == code else None


def _fields(found: Member, odds: Odds) -> list[OddLine]:
    language = found.language
    lines = []
    for n, field in enumerate(odds.fields):
        least = min((left for left in (field.left, field.left_today) if left is not None), default=None)
        lines.append(
            OddLine(
                found.said(field.names),
                field.odds,
                _percent(found, Fraction(field.odds)),
                language.ngettext("{n} left", "{n} left", least).format(n=language.number(least))
                if least is not None
                else "",
                wheel.shade_of(n, len(odds.fields)),
            )
        )
    return lines


def _percent(found: Member, odd: Fraction) -> str:
    """A chance in per cent, with as many decimals as it takes to be no zero; four at the most."""
    share = Decimal(odd.numerator) / Decimal(odd.denominator)
    decimals = next((n for n in range(5) if round(share * 100, n) == share * 100), 4)
    least = Decimal("0.000001")
    if share < least / 2:
        return "<" + found.language.percent(least, decimals=4)
    if 1 - share < least / 2 and odd != 1:
        return ">" + found.language.percent(1 - least, decimals=4)
    return found.language.percent(share, decimals=decimals)


async def _one_draw(request: HttpRequest, found: Member, problem: Problem | None = None) -> Response[Any]:
    database, code = request.app.state.database, _code(request)
    shown = await read_draw(database, found.program.id, code, found.now)
    proved = await read_proof(database, found.program.id, code)
    mine = await tickets_of(database, found.known, found.id, code)
    numbers = sorted(one.number for one in mine.items if not one.void)
    names = msgspec.convert(shown.document, Lottery).ranks
    winners = [
        (
            one.ticket,
            found.said(names[one.rank].names),
            one.ticket in numbers,
        )
        for one in proved.winners
    ]
    return visiting.show(
        request,
        found,
        "draw",
        tab="offers",
        status=200 if problem is None else problem.status,
        one=_draw(found, shown, numbers),
        proof=proved,
        winners=winners,
        won=[name for _, name, hers in winners if hers],
        count=found.language.number(len(proved.tickets)),
        fault=_said(found, problem),
        nonce=secrets.token_hex(8),
    )


def _draw(found: Member, one: LotteryView, numbers: list[int]) -> DrawLine:
    language, document = found.language, msgspec.convert(one.document, Lottery)
    _ = language.gettext
    ends = showing.moment(language, document.entries_until, found.now, found.zone, begins=False)
    draws = showing.moment(language, document.draws_at, found.now, found.zone, begins=False)
    about = {
        "open": _("Tickets until: {moment}").format(moment=ends),
        "closed": _("Drawn: {moment}").format(moment=draws),
        "drawn": _("Drawn: {moment}").format(
            moment=showing.moment(
                language, one.drawn_at or document.draws_at, found.now, found.zone, begins=False
            )
        ),
    }.get(one.status, _("Not open yet"))
    return DrawLine(
        one.code,
        found.said(document.names),
        found.said(document.texts),
        one.status,
        about,
        showing.points_text(found, document.price.currency, document.price.amount) if document.price else "",
        language.money(document.purchases.amount, found.program.base_currency) if document.purchases else "",
        tuple(numbers[:TICKETS_SHOWN]),
        tuple(
            f"{rank.count} × {found.said(rank.names)}" if rank.count > 1 else found.said(rank.names)
            for rank in document.ranks
        ),
    )


def _said(found: Member, problem: Problem | None) -> str:
    return "" if problem is None else faults.of_code(problem, FAULTS, found.language)


def _spender(found: Member) -> Spender:
    """She herself: she is logged in."""
    caller = Caller(found.program.id, found.id, frozenset())
    return Spender(caller, f"member {ids.show('mem', found.id)}", vouched=True)


def _code(request: HttpRequest) -> str:
    return request.path_params["code"][:CODE_MAX]


routes: list[Any] = [games, game, play, draw, buy, proof]
