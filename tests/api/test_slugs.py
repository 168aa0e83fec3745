"""A program's short name: made from its name, unique in the installation, changed by its own key."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from regulars.db.pool import Database
from regulars.errors import NotFound
from regulars.flows.create_program import NewProgram, create_program
from regulars.flows.known_programs import KnownPrograms
from tests.api.conftest import Api, new_api
from tests.api.shop import refused
from tests.conftest import START


async def test_programs_of_one_name_made_at_once_get_different_short_names(database: Database) -> None:
    new = NewProgram("Rīgas Ķirši", "EUR", "Europe/Riga", ("lv",))
    made = await asyncio.gather(*(create_program(database, new, at=START) for _ in range(6)))
    expected = ["rigas-kirsi", *(f"rigas-kirsi-{n}" for n in range(2, 7))]
    assert sorted(one.program.slug for one in made) == expected


async def test_a_short_name_is_changed_and_the_old_one_leads_nowhere(api: Api, database: Database) -> None:
    changed = await api.patch("/v1/program", {"slug": "ambers"})
    assert (changed.status_code, changed.json()["slug"]) == (200, "ambers")
    assert (await api.get("/v1/program")).json()["slug"] == "ambers"
    known = KnownPrograms(database)
    assert (await known.of_slug("ambers")).program.id == api.program.id
    with pytest.raises(NotFound):
        await known.of_slug(api.program.slug)


async def test_a_short_name_of_another_program_is_refused_and_nothing_changes(
    api: Api, client: httpx.AsyncClient, database: Database
) -> None:
    other = await new_api(client, database)
    change = {"slug": other.program.slug, "name": "Changed"}
    assert refused(await api.patch("/v1/program", change)) == (409, "slug_taken", "/slug")
    shown = (await api.get("/v1/program")).json()
    assert (shown["slug"], shown["name"]) == (api.program.slug, "Test")


@pytest.mark.parametrize("slug", ["", "Ambers", "a b", "-a", "a-", "ā", "a\n", "a" * 64, "a/b"])
async def test_a_short_name_is_small_letters_digits_and_hyphens(api: Api, slug: str) -> None:
    assert refused(await api.patch("/v1/program", {"slug": slug})) == (422, "invalid_value", "/slug")
