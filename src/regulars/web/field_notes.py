"""Finds what the code says below each field of a struct, so that the API's documents say it too."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec


def structs_within(shapes: Iterable[Any]) -> dict[str, type[msgspec.Struct]]:
    """Every struct that these types are made of, by its full name."""
    found: dict[str, type[msgspec.Struct]] = {}
    waiting: list[Any] = list(msgspec.inspect.multi_type_info(list(shapes)))
    while waiting:
        one = waiting.pop()
        if isinstance(one, msgspec.inspect.StructType):
            name = f"{one.cls.__module__}.{one.cls.__qualname__}"
            if name in found:
                continue
            found[name] = one.cls
            waiting += [field.type for field in one.fields]
        else:
            waiting += [
                getattr(one, part)
                for part in ("type", "item_type", "key_type", "value_type")
                if hasattr(one, part)
            ]
            waiting += [*getattr(one, "types", ()), *getattr(one, "item_types", ())]
    return found


def notes(shape: type[msgspec.Struct]) -> dict[str, str]:
    """Encoded name of a field → the text below it, of those that have one; also of those that are inherited."""
    found: dict[str, str] = {}
    for part in reversed(shape.__mro__):
        if part is not msgspec.Struct and issubclass(part, msgspec.Struct):
            found |= _of_module(part.__module__).get(part.__qualname__, {})
    return {
        field.encode_name: found[field.name] for field in msgspec.structs.fields(shape) if field.name in found
    }


@cache
def _of_module(module: str) -> dict[str, dict[str, str]]:
    """Class → field → text, of a module whose source is there."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, KeyError, TypeError):
        return {}
    return {node.name: _of_class(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _of_class(node: ast.ClassDef) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, below in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            found[field.target.id] = " ".join(below.value.value.split())
    return found
