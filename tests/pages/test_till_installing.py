"""The till as a page that is there without the line: its worker, its manifest, and what it may know."""

from __future__ import annotations

import json
import re

from regulars.till import installing
from regulars.web import assets
from tests.pages.conftest import Visitor


async def test_the_worker_keeps_every_file_of_the_till_in_this_version(visitor: Visitor) -> None:
    answer = await visitor.client.get("/till/sw.js")
    assert answer.headers["service-worker-allowed"] == "/till"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")
    (written,) = re.findall(r"\Aconst SETTINGS = (.*);\n", answer.text)
    settings = json.loads(written)
    assert settings["version"] == assets.version()
    kept = {address.split("/", 3)[3] for address in settings["shell"] if address.startswith("/static/")}
    files = assets.assets()
    assert {path for path in files if path.startswith("till/") and not files[path].is_part} <= kept
    assert {"tokens.css", "base.css", "theme.js", "mark.svg", "till/main.js", "till/display.js"} <= kept
    assert not {path for path in kept if files[path].is_part}
    for address in settings["shell"]:
        assert (await visitor.client.get(address)).status_code == 200, address


async def test_what_the_page_loads_is_among_what_the_worker_keeps(visitor: Visitor) -> None:
    await visitor.at_till()
    page = (await visitor.client.get("/till")).text
    loaded = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    assert loaded
    assert loaded - set(installing.shell()) == set()


async def test_the_manifest_says_nothing_of_a_program(visitor: Visitor) -> None:
    manifest = (await visitor.client.get("/till/manifest.webmanifest")).json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/till", "/till", "standalone")
    assert manifest["name"].startswith("Regulars")
    assert (await visitor.client.get(manifest["icons"][0]["src"])).status_code == 200
