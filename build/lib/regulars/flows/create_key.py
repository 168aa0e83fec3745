"""Makes an API key: kept as a digest, its text shown once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from regulars import ids
from regulars.db import requests
from regulars.db.pool import Database, Transaction
from regulars.db.requests import Answer, Request
from regulars.errors import InvalidValue
from regulars.programs import keys, reading, registry
from regulars.programs.model import ApiKey, Program


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
        return key, text

    return await database.run(program, work)


async def create_operator_key(database: Database, name: str, *, at: datetime) -> tuple[ApiKey, str]:
    """A key that makes programs and belongs to none."""
    key, text = ApiKey(ids.new(), None, name, ("operator",)), keys.make("operator")

    async def work(tx: Transaction) -> tuple[ApiKey, str]:
        await registry.add_key(tx, key, text, at)
        return key, text

    return await database.run(None, work)


async def create_key_once(database: Database, request: Request, new: NewKey, *, secret: bytes) -> Answer:
    """`POST /v1/keys`: 201 with the key; a replay repeats it, text and all, though the text is not stored."""

    async def work(tx: Transaction) -> Answer:
        answer = await requests.claim(tx, request)
        if answer is not None:
            return show_key(answer, secret)
        program = await reading.load(tx, request.program)
        key = _key(program, new, ids.new())
        text = keys.derive(kind_of_key(program), secret, key.id)
        await registry.add_key(tx, key, text, request.at)
        kept = await requests.keep(tx, request, 201, msgspec.json.encode(key_view(key, program)))
        return show_key(kept, secret)

    return await database.run(request.program, work)


def show_key(answer: Answer, secret: bytes, *, within: str = "") -> Answer:
    """A stored answer with the key's text filled in: in its member `within`, or in itself."""
    body = msgspec.json.decode(answer.body)
    key = body[within] if within else body
    key["key"] = keys.derive(key["key"], secret, ids.read("key", key["id"]))
    return Answer(answer.status, msgspec.json.encode(body), answer.replayed)


def _key(program: Program, new: NewKey, identifier: UUID) -> ApiKey:
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


async def list_keys(database: Database, program: UUID) -> tuple[KeyView, ...]:
    """The keys in force; of their texts only what they begin with."""
    async with database.transaction(program) as tx:
        loaded = await reading.load(tx, program)
        return tuple(key_view(key, loaded) for key in await reading.api_keys(tx, program))


async def revoke_key(database: Database, program: UUID, key: UUID, at: datetime) -> None:
    """End a key; it is refused everywhere within a second. Raises NotFound."""

    async def work(tx: Transaction) -> None:
        await registry.revoke_key(tx, key, program, at)

    await database.run(program, work)
