"""Data in and out in a real browser: a file becomes members and is taken back; an export is downloaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Shop
from tests.browser.desk import Size, add_staff, at_desk, look, worker

MEMBERS = (
    "Tālrunis;Vārds;Uzvārds;Dzimšanas datums;Punkti;Piekrīt e-pastam\n"
    "+37129000101;Anna;Kalniņa;31.12.1980;120;jā\n"
    "+37129000102;Jānis;Bērziņš;01.05.1979;12,5;nē\n"
    "12;Olga;Ivanova;02.02.1990;;\n"
)


@pytest.fixture(scope="module")
def office(shop: Shop, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop, and the worker that does what is asked."""
    with worker(database_url, tmp_path_factory.mktemp("worker")):
        yield shop


@pytest.fixture
def page(context: BrowserContext, office: Shop, database_url: str) -> Iterator[Page]:
    """Its owner's; nothing may stand in the console at the end."""
    with at_desk(context, office, add_staff(office, database_url, "owner", name="Ieva")) as opened:
        opened.emulate_media(reduced_motion="reduce")  # or axe would look at a colour that is on its way
        yield opened


def test_a_file_becomes_members_and_is_taken_back(page: Page, office: Shop, tmp_path: Path) -> None:
    file = tmp_path / "klienti.csv"
    file.write_bytes(MEMBERS.encode("windows-1257"))
    page.goto(f"{office.address}/backoffice/data/imports")
    look(page, "imports-empty")
    page.set_input_files("[name=file]", file)
    page.click("text=Send and look at its columns")
    page.wait_for_url("**/data/imports/files/**")
    expect(page.locator("#preview")).to_contain_text("Anna Kalniņa")
    page.select_option("[name=field-5]", "consents")
    page.select_option("[name=convert-5]", "consent:email/marketing")
    expect(page.locator("#preview")).to_contain_text("email/marketing")
    look(page, "import-columns")
    sizes: tuple[Size, ...] = ((820, "dark"), (390, "light"), (1280, "light"))
    for width, scheme in sizes:
        page.set_viewport_size({"width": width, "height": 1180 if width == 820 else 800})
        page.emulate_media(color_scheme=scheme)
        look(page, f"import-columns-{width}-{scheme}")

    page.click("text=Try it: check everything")
    page.wait_for_url("**/data/imports/imp_*")
    expect(page.locator("#import")).to_contain_text("Would be new")
    expect(page.locator("#import")).to_contain_text("is not a phone number")
    look(page, "import-tried")

    page.click("text=Import it now")
    expect(page.locator(".data-state")).to_contain_text("Done")
    look(page, "import-done")
    assert office.balance(office.call("POST", "/v1/members/find", {"phone": "+37129000101"})["id"]) == 120

    page.click("button:has-text('Take it back')")
    page.fill("dialog[open] [name=why]", "It was last month's file.")
    page.click("dialog[open] button[type=submit]")
    expect(page.locator(".data-state")).to_contain_text("Taken back")
    look(page, "import-undone")


def test_an_export_is_written_and_downloaded(page: Page, office: Shop, tmp_path: Path) -> None:
    office.member("Olga", 10)
    page.goto(f"{office.address}/backoffice/data/exports")
    look(page, "exports")
    page.select_option("[name=kind]", "members")
    page.select_option("[name=format]", "csv")
    page.click("text=Write the file")
    link = page.locator("#exports a[download]").first
    expect(link).to_be_visible()
    with page.expect_download() as begun:
        link.click()
    begun.value.save_as(tmp_path / "members.csv")
    assert "Olga" in (tmp_path / "members.csv").read_text()
    page.goto(f"{office.address}/backoffice/data/exports?lang=ru")
    page.emulate_media(color_scheme="dark")
    look(page, "exports-ru-dark")
