"""Reads the form that a page sent, without NUL characters: no text of the database can hold one, nobody types one."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict


async def read(request: Request[Any, Any, Any]) -> FormMultiDict:
    """The fields of a form in their order, each with all its values; files as they are."""
    sent = await request.form()
    return FormMultiDict([(_plain(name), _plain(value)) for name, value in sent.multi_items()])


def _plain(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value
