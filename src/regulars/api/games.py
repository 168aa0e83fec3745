"""The calls about games of chance: what there is, odds and seeds that anybody can check, and playing."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from regulars import ids
from regulars.db.requests import Answer
from regulars.errors import InvalidValue
from regulars.flows import games, words
from regulars.flows.games import Games, GameView, Odds, SeedPlays
from regulars.flows.known_programs import Known
from regulars.flows.ladders import CODE
from regulars.flows.play_game import NewPlay, OpenGames, Plays, PlayView, open_games, play_game, plays_of
from regulars.flows.spender_proof import Spender
from regulars.games.chances import Game
from regulars.web.endpoints import Call, Endpoints

calls = Endpoints("Games")


class PageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, Meta(max_length=64)] | None = None


@calls("GET", "/v1/games", scopes="issuer manage read", answer=Games, items_by="code")
async def every(call: Call[Any, Any]) -> Games:
    """The games of chance of the program: how often each was played, what it gave, and what that cost."""
    return await games.list_games(call.database, await call.known(), await call.now())


@calls("GET", "/v1/games/{code}", scopes="issuer manage read", answer=GameView)
async def show(call: Call[Any, Any]) -> GameView:
    """A game of chance by the revision that counts."""
    return await games.read_game(call.database, await call.known(), call.path["code"], await call.now())


@calls("PUT", "/v1/games/{code}", scopes="manage", body=Game, answer=GameView)
async def put(call: Call[Game, Any]) -> GameView:
    """Make a wheel or a scratch card, or change it by a new revision; the same document again changes nothing.

    The odds of a field are its `weight` over the sum of all. Where its prize has a stock that is gone, the
    `consolation` is given in its place: the published odds stay true. What contradicts itself is `422
    contradictory_configuration`, with a sentence for each place.
    """
    return await games.put_game(
        call.database, await call.known(), _code(call), call.body, call.caller.by, await call.now()
    )


@calls("POST", "/v1/games/{code}/stop", scopes="manage", answer=GameView)
async def stop(call: Call[Any, Any]) -> GameView:
    """Nobody plays it from now on. Its seed is revealed."""
    return await games.stop_game(call.database, await call.known(), call.path["code"], await call.now())


@calls("POST", "/v1/games/{code}/resume", scopes="manage", answer=GameView)
async def resume(call: Call[Any, Any]) -> GameView:
    """A stopped game is played again, under the seed that was committed to next."""
    return await games.stop_game(
        call.database, await call.known(), call.path["code"], await call.now(), stops=False
    )


@calls("GET", "/v1/games/{code}/odds", scopes="till issuer manage read", answer=Odds)
async def odds(call: Call[Any, Any]) -> Odds:
    """All that is public of a game: exact odds, what is left, and the hashes of the seeds that decide its plays.

    A seed decides at most 1,000 plays of one day and one revision. Its hash is published before the first of them, the
    seed itself after the last. `GET /v1/games/{code}/seeds/{n}` lists what it decided.
    """
    return await games.read_odds(call.database, await call.known(), call.path["code"], await call.now())


@calls("GET", "/v1/games/{code}/seeds/{n}", scopes="till issuer manage read", answer=SeedPlays)
async def seed(call: Call[Any, Any]) -> SeedPlays:
    """What a revealed seed decided, play by play, so that anybody computes it again; nobody is named.

    `404` while it decides still.
    """
    text = call.path["n"]
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidValue("/n", "is the number of a seed, from 1")
    return await games.read_seed(call.database, await call.known(), call.path["code"], int(text))


@calls("GET", "/v1/members/{id}/games", scopes="till issuer manage read", answer=OpenGames, items_by="code")
async def of_member(call: Call[Any, Any]) -> OpenGames:
    """The games that are open for a member: free plays left, purchases that are good for one, and the price."""
    known = await call.known()
    return await open_games(call.database, known, _member(call), _language(call, known), await call.now())


@calls("POST", "/v1/members/{id}/plays", scopes="issuer manage", body=NewPlay, answer=PlayView, status=201)
async def play(call: Call[NewPlay, Any]) -> Answer:
    """Play a game for the member: the price, the number, the draw, the stock and the prize in one transaction.

    `409`: `game_closed`, `not_for_member`, `no_play_left` (points are taken only where `pay` says so),
    `insufficient_points`; nothing was written then. The text of a code that was won is in `voucher`; it is stored
    nowhere.
    """
    known = await call.known()
    spender = Spender(call.caller, call.caller.by)
    return await play_game(
        call.database, known, await call.request(), spender, _member(call), call.body, _language(call, known)
    )


@calls("GET", "/v1/members/{id}/plays", scopes="issuer manage", query=PageQuery, answer=Plays)
async def played(call: Call[Any, PageQuery]) -> Plays:
    """What the member played, and whoever was merged into her, the latest first."""
    known, query = await call.known(), call.query
    before = ids.read("ply", query.cursor, "?cursor") if query.cursor else None
    return await plays_of(call.database, known, _member(call), _language(call, known), before, query.limit)


def _code(call: Call[Any, Any]) -> str:
    code = call.path["code"]
    if not CODE.fullmatch(code):
        raise InvalidValue("/code", "a code has small letters, digits, dots, hyphens and underscores")
    return code


def _language(call: Call[Any, Any], known: Known) -> str:
    return words.chosen(known.program.languages, call.language, "")


def _member(call: Call[Any, Any]) -> UUID:
    return ids.read("mem", call.path["id"], "/id")
