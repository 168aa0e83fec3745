"""A member plays a game of chance: what it costs, its number, the draw, the stock and the prize in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import clock, ids
from regulars.audience import belongs
from regulars.db import requests
from regulars.db.arrays import uuids
from regulars.db.pool import Database, Transaction, fetch_all
from regulars.db.requests import Answer, Request
from regulars.errors import InsufficientPoints, NotForMember, NotFound, StateConflict
from regulars.flows import prizes, sharing, spender_proof
from regulars.flows.games import SQL, found
from regulars.flows.grace import open_pages
from regulars.flows.incoming import Key
from regulars.flows.known_programs import Known
from regulars.flows.marked import hers_of, takes_part
from regulars.flows.prizes import Cause
from regulars.flows.read_member import profile_of
from regulars.flows.spender_proof import Proved, Spender
from regulars.games import chances, plays
from regulars.games.chances import Field, Game, PayWay
from regulars.games.plays import Kept, Play
from regulars.games.problems import GameClosed, NoPlayLeft
from regulars.ledger import book
from regulars.ledger.page import Page
from regulars.members import reading
from regulars.members.model import Member
from regulars.periods import first_day, number
from regulars.prizes import Prize
from regulars.programs.model import Program
from regulars.texts import said

PLAYS_SHOWN = 50


class NewPlay(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/members/{id}/plays`."""

    game: Annotated[str, Meta(min_length=1, max_length=63)]
    pay: Literal["free", "credit", "points"] | None = None
    """How it is paid; left out: a free play, else the play of a purchase. Points are taken only where it says so."""


class PlayView(Struct, frozen=True):
    """What a play brought."""

    id: str
    game: str
    face: str
    landed: str
    """The field on which it landed."""
    given: str
    """The field whose prize was given: the consolation, where there was none left of the other."""
    name: str
    """Of what was given, in the language that was asked for."""
    prize: dict[str, Any]
    """As the field says it."""
    voucher: str | None
    """The text of the code that came with it."""
    valid_until: datetime | None
    paid: str
    currency: str | None
    points: int
    seed: int
    number: int
    """With the seed, what its draw is computed from."""
    roll: int
    played_at: datetime


class Plays(Struct, frozen=True):
    """What a member played, the latest first."""

    items: tuple[PlayView, ...]
    next: str | None


class Ways(Struct, frozen=True):
    """How she may play just now."""

    free: int
    """Free plays left in the period."""
    credits: int
    """Purchases that are good for a play."""
    currency: str | None
    points: int | None
    """What a play costs otherwise; null: it is not sold."""


class OpenGame(Struct, frozen=True):
    """A game that a member may play, and how."""

    code: str
    face: str
    name: str
    text: str
    ways: Ways


class OpenGames(Struct, frozen=True):
    """The games that are open for a member."""

    items: tuple[OpenGame, ...]
    next: str | None = None


async def play_game(
    database: Database,
    known: Known,
    request: Request,
    spender: Spender,
    member: UUID,
    new: NewPlay,
    language: str,
) -> Answer:
    """201 with what it brought.

    Raises NotFound, GameClosed, NotForMember, NoPlayLeft, InsufficientPoints, StateConflict, and what says that it is
    not she who spends (`spender_proof`); then nothing was written.
    """

    async def work(tx: Transaction) -> Answer:
        first = await requests.claim(tx, request)
        if first is not None:
            return await _with_code(tx, known, first)
        her = await sharing.locked_member(tx, known.program, member)
        kept = await found(tx, known.program.id, new.game)
        await _require_open(tx, known, kept, her, request.at)
        play = await _play(tx, known, kept, her, spender, new, request.at)
        view = (await views(tx, known, [play], language))[0]
        await requests.keep(
            tx, request, 201, msgspec.json.encode(msgspec.structs.replace(view, voucher=None))
        )
        return Answer(201, msgspec.json.encode(view))

    return await database.run(known.program.id, work)


async def open_games(
    database: Database, known: Known, member: UUID, language: str, at: datetime
) -> OpenGames:
    """The games that are open for a member, and how she may play them. Raises NotFound."""
    async with database.transaction(known.program.id) as tx:
        her = await profile_of(tx, known.program, known.vault, member)
        every = [one for one in await plays.every(tx, known.program.id) if _is_open(one, at)]
        if not every:
            return OpenGames(())
        hers, day = await hers_of(tx, known, her.id, at, her.person.birthday), day_at(known.program, at)
        open_to_her = [one for one in every if belongs(one.document.audience, hers, day)]
        ways = await _ways(tx, known.program, open_to_her, her, at)
    first = known.program.languages[0]
    items = [
        OpenGame(
            one.code, one.document.face, said(one.document.names, language, first),
            said(one.document.texts, language, first), ways[one.code],
        )
        for one in open_to_her
    ]  # fmt: skip
    return OpenGames(tuple(items))


async def plays_of(
    database: Database, known: Known, member: UUID, language: str, before: UUID | None, limit: int
) -> Plays:
    """What she played, and whoever was merged into her, the latest first. Raises NotFound."""
    async with database.transaction(known.program.id) as tx:
        whose = await everybody(tx, known.program.id, member)
        listed = await plays.of_members(tx, known.program.id, whose, before, limit + 1)
        items = await views(tx, known, listed[:limit], language)
    return Plays(tuple(items), items[-1].id if len(listed) > limit else None)


async def read_play(database: Database, known: Known, play: UUID, language: str, *, hers: UUID) -> PlayView:
    """One play of hers. Raises NotFound."""
    async with database.transaction(known.program.id) as tx:
        one = await plays.one(tx, known.program.id, play)
        if one is None or one.member not in await everybody(tx, known.program.id, hers):
            raise NotFound("There is no such play.")
        return (await views(tx, known, [one], language))[0]


async def views(tx: Transaction, known: Known, listed: Sequence[Play], language: str) -> list[PlayView]:
    """Plays as they are answered, with the texts of their codes."""
    documents = {
        code: await plays.revisions(tx, known.program.id, code) for code in {one.game for one in listed}
    }
    about = [(one.member, one.id) for one in listed]
    got = {one.about: one for one in await prizes.prize_book.of_causes(tx, known.program.id, "game", about)}
    texts = await prizes.voucher_texts(tx, known, list(got.values()))
    shown: list[PlayView] = []
    for one in listed:
        document = documents[one.game][one.revision]
        field = next(each for each in document.fields if each.code == one.given)
        given = got.get(one.id)
        prize = given.prize if given else Prize(nothing=True)
        shown.append(
            PlayView(
                id=ids.show("ply", one.id),
                game=one.game,
                face=document.face,
                landed=one.landed,
                given=one.given,
                name=said(field.names, language, known.program.languages[0]),
                prize=msgspec.to_builtins(prize),
                voucher=texts.get(given.id) if given else None,
                valid_until=given.valid_until if given else None,
                paid=one.paid,
                currency=one.currency,
                points=one.points,
                seed=one.seed,
                number=one.number,
                roll=one.roll,
                played_at=one.played_at,
            )
        )
    return shown


async def _play(
    tx: Transaction, known: Known, kept: Kept, her: Member, spender: Spender, new: NewPlay, at: datetime
) -> Play:
    program, game = known.program, kept.document
    identifier = ids.new(her.home)
    page = (await open_pages(tx, program, [her.pool]))[her.pool]
    paid = await _pay(tx, known, kept, her, page, spender, new, identifier, at)
    day = day_at(program, at)
    drawn = await plays.draw(tx, program.id, known.vault.keyring.secret, kept, day, at)
    if drawn is None:
        raise StateConflict("The game was changed or stopped just now: look at it again.")
    roll, landed = game.landed(drawn.secret, drawn.number)
    given = await _in_stock(tx, program.id, kept, landed, number(day))
    price = game.points if paid == "points" else None
    play = Play(
        identifier, her.id, her.pool, kept.code, kept.revision, drawn.seed, drawn.number, roll, landed.code, given.code,
        paid, price.currency if price else None, price.amount if price else 0, at, spender.by,
    )  # fmt: skip
    await plays.enter(tx, program.id, play)
    if not given.prize.nothing:
        await prizes.give(
            tx, known, page, her.id, given.prize, _cause(program, game, identifier, spender.by), at
        )
    await book.write(tx, program.id, [page])
    return play


async def _in_stock(tx: Transaction, program: UUID, kept: Kept, landed: Field, day: int) -> Field:
    """What is given: what stands on the field, or where there is none left the consolation."""
    if await plays.take(tx, program, kept.code, landed, day):
        return landed
    instead = kept.document.instead
    assert instead is not None, "what can be out has a consolation"
    taken = await plays.take(tx, program, kept.code, instead, day)
    assert taken, "the consolation is never out"
    return instead


async def _pay(
    tx: Transaction,
    known: Known,
    kept: Kept,
    her: Member,
    page: Page,
    spender: Spender,
    new: NewPlay,
    play: UUID,
    at: datetime,
) -> PayWay:
    """Take what the play costs. Raises NoPlayLeft, InsufficientPoints, and what `spender_proof` does."""
    game, program = kept.document, known.program
    if game.free is not None and new.pay in (None, "free"):
        period = first_day(game.free.period, day_at(program, at))
        if await plays.use(tx, program.id, her.id, kept.code, period, game.free.most):
            return "free"
    if game.credit is not None and new.pay in (None, "credit"):
        whose = await everybody(tx, program.id, her.id)
        for purchase in await _credits(tx, program, kept, her, whose, at):
            if await plays.credit(tx, program.id, kept.code, purchase, play):
                return "credit"
    if game.points is None or new.pay != "points":
        raise NoPlayLeft
    currency, amount = game.points.currency, game.points.amount
    proved = Proved(Key("member", member=her.id), proved=True, locked_until=None)
    await spender_proof.require(tx, known, spender, proved, her.id, currency, amount, at)
    available = page.available(currency, at)
    if available < amount:
        raise InsufficientPoints(
            extra={"available": available, "currency": currency, "missing": amount - available}
        )
    page.begin("redemption", effective_at=at, recorded_at=at, actor=spender.by, related=play)
    page.spend(currency, amount, at, _funder(program, game))
    return "points"


async def _require_open(tx: Transaction, known: Known, kept: Kept, her: Member, at: datetime) -> None:
    """Raises GameClosed, NotForMember."""
    if not _is_open(kept, at):
        raise GameClosed
    if not await takes_part(tx, known, kept.document.audience, her.id, at):
        raise NotForMember("This game is not for this member.")


async def _ways(
    tx: Transaction, program: Program, games: Sequence[Kept], her: Member, at: datetime
) -> dict[str, Ways]:
    """How she may play each of these games. A game that purchases are good for asks for those by itself."""
    day = day_at(program, at)
    limited = [
        (one.code, first_day(one.document.free.period, day)) for one in games if one.document.free is not None
    ]
    used = await plays.used(tx, program.id, her.id, limited)
    credited = any(one.document.credit is not None for one in games)
    whose = await everybody(tx, program.id, her.id) if credited else []
    found: dict[str, Ways] = {}
    for one in games:
        game, good = one.document, 0
        if game.credit is not None:
            good = len(await _credits(tx, program, one, her, whose, at))
        free = max(0, game.free.most - used.get(one.code, 0)) if game.free is not None else 0
        price = game.points
        found[one.code] = Ways(free, good, price.currency if price else None, price.amount if price else None)
    return found


async def _credits(
    tx: Transaction, program: Program, kept: Kept, her: Member, whose: Sequence[UUID], at: datetime
) -> list[UUID]:
    """The purchases that are good for a play, the oldest first; at most 100."""
    credit = kept.document.credit
    assert credit is not None, "asked only where a purchase is good for a play"
    since = max(at - timedelta(days=credit.days), kept.document.starts_at or kept.created_at)
    asked = {
        "program": program.id, "home": ids.home(her.pool), "pool": her.pool, "since": since, "until": at,
        "members": uuids(whose), "least": credit.least, "game": kept.code,
    }  # fmt: skip
    return [row[0] for row in await fetch_all(tx, SQL.credits, asked)]


async def everybody(tx: Transaction, program: UUID, member: UUID) -> list[UUID]:
    """She, and whoever was merged into her. Raises NotFound."""
    her = await reading.member(tx, program, member)
    if her is None:
        raise NotFound("There is no such member.")
    return [her.id, *await reading.alias_ids(tx, program, her.id)]


async def _with_code(tx: Transaction, known: Known, first: Answer) -> Answer:
    """The kept answer with the text of its code, which is not kept."""
    view = msgspec.json.decode(first.body, type=PlayView)
    play = await plays.one(tx, known.program.id, ids.read("ply", view.id))
    assert play is not None, "a play is never taken away"
    text = (await views(tx, known, [play], ""))[0].voucher
    return msgspec.structs.replace(
        first, body=msgspec.json.encode(msgspec.structs.replace(view, voucher=text))
    )


def _cause(program: Program, game: Game, play: UUID, by: str) -> Cause:
    return Cause(
        "game",
        play,
        title=said(game.names, program.languages[0]),
        by=by,
        funder=_funder(program, game),
    )


def _funder(program: Program, game: Game) -> UUID:
    partner = program.partners.get(game.funder or "")
    return partner.id if partner else program.operator


def _is_open(kept: Kept, at: datetime) -> bool:
    return kept.stopped_at is None and chances.open_at(kept.document, at)


def day_at(program: Program, at: datetime) -> date:
    """The day of an instant in the program's time zone."""
    return at.astimezone(clock.zone(program.time_zone)).date()
