"""Finds the store that a call names, and those that a key is limited to: of one store, or of one partner."""

from __future__ import annotations

from uuid import UUID

from regulars.errors import InvalidValue
from regulars.programs.model import Caller, Program, Store


def named_store(program: Program, caller: Caller | None, code: str | None) -> Store | None:
    """The store that is meant: a key of one store means that one, one of a partner has its own to choose from.

    None: none was named, and the key is for no store alone. Raises InvalidValue.
    """
    own_id = caller.store if caller is not None else None
    own = next((one for one in program.stores.values() if one.id == own_id), None)
    store = own if code is None else program.stores.get(code)
    if store is None:
        if code is None:
            return None
        raise InvalidValue("/store", "there is no such store in this program")
    if own_id not in (None, store.id):
        raise InvalidValue("/store", "is not the store of this key")
    if caller is not None and not caller.serves(store):
        raise InvalidValue("/store", "is not a store of this key's partner")
    return store


def limited_to(program: Program, caller: Caller) -> list[UUID] | None:
    """The stores that a key is limited to; None: it is to none."""
    if caller.store is None and caller.partner is None:
        return None
    return [one.id for one in program.stores.values() if caller.serves(one)]
