"""What is wrong with a body is said with a pointer to the very member, also where the sender chose its name."""

from __future__ import annotations

import json
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Meta, Struct

from regulars.errors import Problem
from regulars.web import bodies

pytestmark = pytest.mark.fast

Small = Annotated[int, Meta(ge=0, le=9)]


class Text(Struct, forbid_unknown_fields=True):
    one: Annotated[str, Meta(max_length=3)] = ""


class Line(Struct, forbid_unknown_fields=True):
    attributes: dict[str, Small | str] = {}


class Body(Struct, forbid_unknown_fields=True):
    lines: list[Line] = []
    names: dict[str, Text] = {}
    texts: dict[str, dict[str, Small]] = {}
    keys: dict[Annotated[str, Meta(pattern="^[a-z]+$")], int] = {}


DECODER = msgspec.json.Decoder(Body)


def pointers(raw: str | dict[str, Any]) -> list[str]:
    with pytest.raises(Problem) as caught:
        bodies.decode((raw if isinstance(raw, str) else json.dumps(raw)).encode(), DECODER)
    assert caught.value.status == 422
    return [fault.pointer for fault in caught.value.errors]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"lines": [{}, {"attributes": {"a": 1, "colour": 1.5, "b": 2.5}}]}, "/lines/1/attributes/colour"),
        ({"lines": [{"attributes": {"a": 1, "b": 10**30}}]}, "/lines/0/attributes/b"),
        ({"lines": [{"attributes": {"a/b~c": None}}]}, "/lines/0/attributes/a~1b~0c"),
        ({"names": {"lv": {}, "en": {"one": "four"}}}, "/names/en/one"),
        ({"names": {"lv": {}, "en": {"two": "x"}}}, "/names/en/two"),
        ({"texts": {"lv": {"a": 1}, "en": {"b": 1, "c": 10}}}, "/texts/en/c"),
        ({"texts": {"...": {"...": 10}}}, "/texts/.../..."),
        ({"texts": {"1": {"0": 10}}}, "/texts/1/0"),
        ({"texts": {"": {"": 10}}}, "/texts//"),
        ({"keys": {"a": 1, "B": 2}}, "/keys"),
    ],
)
def test_a_member_whose_name_the_sender_chose_is_pointed_to(body: dict[str, Any], pointer: str) -> None:
    assert pointers(body) == [pointer]


def test_where_it_cannot_be_found_the_object_that_has_it_is_pointed_to() -> None:
    many = {str(number): 1.5 for number in range(bodies.NAMED_MAX + 1)}
    assert pointers({"lines": [{"attributes": many}]}) == ["/lines/0/attributes"]
    long = {"a": "x" * bodies.NAMED_BYTES_MAX, "b": 1.5}
    assert pointers({"lines": [{"attributes": long}]}) == ["/lines/0/attributes"]


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        ('{"lines":[{"attributes":{"a":1.5,"a":1}}]}', "/lines/0/attributes"),
        ('{"lines":[{"attributes":{"a":1.5}}],"lines":5}', "/lines/0"),
        ('{"lines":[{"attributes":{"a":1.5}}],"lines":[]}', "/lines/0"),
    ],
)
def test_a_member_that_is_given_twice_is_pointed_to_as_far_as_it_goes(raw: str, pointer: str) -> None:
    assert pointers(raw)[0].startswith(pointer)
