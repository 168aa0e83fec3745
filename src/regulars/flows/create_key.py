"""Makes an API key: kept as a digest, its text shown once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue, SecondPersonNeeded
from regulars.flows import asking
from regulars.i18n import N_
from regulars.partners import aggregators
from regulars.programs import approvals, keys, reading, registry
from regulars.programs.audit import trail
from regulars.programs.audit.trail import Change
from regulars.programs.model import ApiKey, Program

WALLET_SCOPE = "aggregator"
OF_A_WALLET = N_("A wallet app's key comes with the wallet: let it in, and it gets one.")


class NewKey(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/keys`."""

    scopes: Annotated[tuple[str, ...], Meta(min_length=1, max_length=8)]
    name: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")] = ""
    partner: str | None = None
    """Code of the partner for whom the key speaks."""
    store: str | None = None
    """Code of the one store at which the key may be used."""


class KeyView(Struct, frozen=True):
    """A key as it is answered; `key` is its text, shown in the answer that made it and nowhere else."""

    id: str
    name: str
    scopes: tuple[str, ...]
    partner: str | None
    store: str | None
    key: str


class ListedKey(KeyView, frozen=True):
    """A key in a list: beside it when it was made, when it was last used (to the hour), and when it ends."""

    created_at: datetime
    used_at: datetime | None
    ends_at: datetime | None


class Rotation(Struct, frozen=True, forbid_unknown_fields=True):
    """`POST /v1/keys/{id}/rotate`."""

    hours: Annotated[int, Meta(ge=0, le=720)] = 24
    """How long the old key works beside the new one."""


def key_view(key: ApiKey, program: Program) -> KeyView:
    """The key as it is stored in an answer: of its text only what it begins with."""
    partners = {partner.id: code for code, partner in program.partners.items()}
    stores = {store.id: code for code, store in program.stores.items()}
    return KeyView(
        id=ids.show("key", key.id),
        name=key.name,
        scopes=key.scopes,
        partner=partners[key.partner] if key.partner else None,
        store=stores[key.store] if key.store else None,
        key=kind_of_key(program),
    )


def kind_of_key(program: Program) -> keys.Kind:
    """What the texts of this program's keys begin with."""
    return "test" if program.sandbox else "live"


async def create_key(database: Database, program: UUID, new: NewKey, *, at: datetime) -> tuple[ApiKey, str]:
    """A key with a random text, for the command line. Raises InvalidValue, NotFound."""

    async def work(tx: Transaction) -> tuple[ApiKey, str]:
        loaded = await reading.load(tx, program)
        text = keys.make(kind_of_key(loaded))
        key = _key(loaded, new, ids.new())
        await registry.add_key(tx, key, text, at)
        await record_key(tx, key, loaded, at)
        return key, text

    return await database.run(program, work)


async def create_operator_key(database: Database, name: str, *, at: datetime) -> tuple[ApiKey, str]:
    """A key that makes programs and belongs to none."""
    key, text = ApiKey(ids.new(), None, name, ("operator",)), keys.make("operator")

    async def work(tx: Transaction) -> tuple[ApiKey, str]:
        await registry.add_key(tx, key, text, at)
        return key, text

    return await database.run(None, work)


async def create_key_once(
    database: Database, request: Request, new: NewKey, *, secret: bytes, by_key: UUID | None = None
) -> Answer:
    """`POST /v1/keys`: 201 with the key; a replay repeats it, text and all, though the text is not stored.

    `by_key`: the key that makes it. Raises InvalidValue, SecondPersonNeeded.
    """

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return show_key(answer, secret)
        if by_key is not None:
            await require_two(tx, await reading.load(tx, request.program))
        made = await make_key(tx, request, new, secret)
        kept = await requests.keep(tx, request, 201, msgspec.json.encode(made))
        return show_key(kept, secret)

    return await database.run(request.program, work)


async def create_key_by_staff(
    database: Database, request: Request, new: NewKey, by: str, why: str, *, secret: bytes
) -> Answer:
    """201 with the key, or, where the program wants four eyes for keys, 202 with the approval that waits."""

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return show_key(answer, secret) if answer.status == 201 else answer
        program = await reading.load(tx, request.program)
        if program.settings.four_eyes_keys:
            named = _key(program, new, ids.new()).name
            document = {"key": new, "by": by}
            return await asking.ask(tx, program, request, "key.create", named, document, why)
        made = await make_key(tx, request, new, secret)
        return show_key(await requests.keep(tx, request, 201, msgspec.json.encode(made)), secret)

    return await database.run(request.program, work)


async def make_key(
    tx: Transaction, request: Request, new: NewKey, secret: bytes, *, of_wallet: bool = False
) -> KeyView:
    """A key whose text is derived from the secret, within a transaction; `of_wallet`: of one that is being let in.

    Raises InvalidValue.
    """
    program = await reading.load(tx, request.program)
    key = _key(program, new, ids.new(), of_wallet=of_wallet)
    await registry.add_key(tx, key, keys.derive(kind_of_key(program), secret, key.id), request.at)
    await record_key(tx, key, program, request.at)
    return key_view(key, program)


async def record_key(tx: Transaction, key: ApiKey, program: Program, at: datetime) -> None:
    """Tell the audit trail of a new key; its text is told nobody."""
    change = Change("key.created", ids.show("key", key.id), after=key_view(key, program))
    await trail.record(tx, program.id, change, at)


def show_key(answer: Answer, secret: bytes, *, within: str = "") -> Answer:
    """A stored answer with the key's text filled in: in its member `within`, or in itself."""
    body = msgspec.json.decode(answer.body)
    key = body[within] if within else body
    key["key"] = keys.derive(key["key"], secret, ids.read("key", key["id"]))
    return Answer(answer.status, msgspec.json.encode(body), answer.replayed)


def _key(program: Program, new: NewKey, identifier: UUID, *, of_wallet: bool = False) -> ApiKey:
    if WALLET_SCOPE in new.scopes and not of_wallet:
        raise InvalidValue("/scopes", OF_A_WALLET)
    partner = program.partners.get(new.partner) if new.partner is not None else None
    if new.partner is not None and partner is None:
        raise InvalidValue("/partner", f"The program has no partner {new.partner!r}.")
    store = program.stores.get(new.store) if new.store is not None else None
    if new.store is not None and store is None:
        raise InvalidValue("/store", f"The program has no store {new.store!r}.")
    if partner is not None and store is not None and store.partner != partner.id:
        raise InvalidValue(
            "/store", f"The store {new.store!r} belongs to another partner than {new.partner!r}."
        )
    return ApiKey(
        identifier,
        program.id,
        new.name or " ".join(new.scopes),
        tuple(dict.fromkeys(new.scopes)),
        partner.id if partner else None,
        store.id if store else None,
    )


async def list_keys(database: Database, program: UUID, at: datetime) -> tuple[ListedKey, ...]:
    """The keys in force; of their texts only what they begin with."""
    async with database.transaction(program) as tx:
        loaded = await reading.load(tx, program)
        found = await reading.api_keys(tx, program, at)
    return tuple(
        ListedKey(
            **msgspec.structs.asdict(key_view(one.key, loaded)),
            created_at=one.created_at,
            used_at=one.used_at,
            ends_at=one.ends_at,
        )
        for one in found
    )


async def rotate_key_once(
    database: Database,
    request: Request,
    key: UUID,
    hours: int,
    at: datetime,
    *,
    secret: bytes,
    by_key: UUID | None = None,
) -> Answer:
    """201 with a new key like the old one, which works `hours` longer (0: it ends at once).

    `at` is the world's time: keys follow no program's clock. `by_key`: the key that asks, where one does. Raises
    NotFound, SecondPersonNeeded.
    """

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return show_key(answer, secret)
        program = await reading.load(tx, request.program)
        if by_key not in (None, key):
            await require_two(tx, program)
        made = await turn_key(tx, request, key, hours, at, secret)
        kept = await requests.keep(tx, request, 201, msgspec.json.encode(made))
        return show_key(kept, secret)

    return await database.run(request.program, work)


async def turn_key(
    tx: Transaction, request: Request, key: UUID, hours: int, at: datetime, secret: bytes
) -> KeyView:
    """A key like one that works `hours` longer, within a transaction; a wallet's stays that wallet's.

    Raises NotFound when it is not in force.
    """
    program = await reading.load(tx, request.program)
    found = [one.key for one in await reading.api_keys(tx, program.id, at) if one.key.id == key]
    ends = at + timedelta(hours=hours)
    await registry.revoke_key(tx, key, program.id, at, ends=ends)
    made = msgspec.structs.replace(found[0], id=ids.new())
    await registry.add_key(tx, made, keys.derive(kind_of_key(program), secret, made.id), request.at)
    past = await aggregators.follow_key(tx, program.id, key, made.id)
    if past is not None:  # of a wallet two keys count at the most
        await end_keys(tx, program.id, [past], at)
    after = {"key": ids.show("key", made.id), "ends_at": ends}
    await trail.record(tx, program.id, Change("key.rotated", ids.show("key", key), after=after))
    return key_view(made, program)


async def end_keys(tx: Transaction, program: UUID, ended: Collection[UUID], at: datetime) -> None:
    """End at once which of these keys are in force still, within a transaction."""
    for one in await reading.api_keys(tx, program, at):
        if one.key.id in ended:
            await registry.revoke_key(tx, one.key.id, program, at)


async def require_two(tx: Transaction, program: Program) -> None:
    """A key makes another's text alone only where no second person is asked. Raises SecondPersonNeeded."""
    if program.settings.four_eyes_keys and await approvals.deciders(tx, program.id):
        raise SecondPersonNeeded("In this program two people make a key: in the back office.")


async def revoke_key(database: Database, program: UUID, key: UUID, at: datetime) -> None:
    """End a key; it is refused everywhere within a second. Raises NotFound."""

    async def work(tx: Transaction) -> None:
        await registry.revoke_key(tx, key, program, at)
        await trail.record(tx, program, Change("key.revoked", ids.show("key", key)))

    await database.run(program, work)
