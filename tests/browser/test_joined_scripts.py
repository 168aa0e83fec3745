"""A browser runs the one script as it runs the modules that it was joined from."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route

from regulars.web.joining import join

HOME = "http://joined.test/"
SOURCES = {
    "main.js": 'import { count, Till } from "./shop/till.js";\nimport * as counting from "./shop/counting.js";\n'
    'import { say } from "./say.js";\n'
    "say(`main ${counting.turns}`);\ncount();\ncount();\n"
    "say(`counted ${counting.turns} ${Object.keys(counting).sort()}`);\n"
    "say(new Till(3).name);\n",
    "shop/till.js": 'import { Desk } from "./desk.js";\nimport * as counting from "./counting.js";\n'
    'import { say } from "../say.js";\n'
    'say("till");\n'
    "export class Till extends Desk { get name() { return `till ${this.number}, ${later()}`; } }\n"
    "export function count() { counting.turn(); }\n"
    "export function later() { return LAST; }\n"
    'const LAST = "last";\n',
    "shop/desk.js": 'import { say } from "../say.js";\nimport { later } from "./till.js";\n'
    "say(`desk ${typeof later}`);\n"
    "export class Desk { constructor(number) { this.number = number; } }\n",
    "shop/counting.js": 'import { say } from "../say.js";\n'
    'say("counting");\n'
    "export let turns = 0;\nexport function turn() { turns += 1; }\n",
    "say.js": "export const said = [];\nexport function say(what) { said.push(what); window.said = said; }\n",
}
SAID = [
    "desk function", "counting", "till", "main 0", "counted 2 turn,turns", "till 3, last",
]  # fmt: skip


@pytest.mark.parametrize("files", [SOURCES, join(SOURCES).joined], ids=["modules", "joined"])
def test_what_modules_do_one_script_does(browser: Browser, files: dict[str, str]) -> None:
    asked: list[str] = []

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(HOME)
        asked.append(path)
        if path:
            route.fulfill(body=files[path], content_type="text/javascript")
        else:
            page = '<link rel="icon" href="data:,"><script type="module" src="/main.js"></script>'
            route.fulfill(body=page, content_type="text/html")

    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.route(f"{HOME}**", serve)
    page.goto(HOME)
    page.wait_for_function(f"() => window.said?.length === {len(SAID)}")
    assert (page.evaluate("window.said"), faults) == (SAID, [])
    assert sorted(asked) == sorted(["", *files])
    page.close()
