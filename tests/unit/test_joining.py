"""How modules become one script: what it is made of, in which order, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from regulars.web import assets
from regulars.web.javascript import UnknownForm
from regulars.web.joining import join

pytestmark = pytest.mark.fast
TEMPLATES = Path(assets.__file__).parent / "templates"
USED = r'{%-? *(?:extends|include|import|from) "([^"]+)"'
ASKED = r"asset\('((?!vendor/)[^']+\.js)'\)"
WORKERS = {"till/worker.js", "till/camera_worker.js", "portal/worker.js"}


def order(script: str) -> list[str]:
    """The modules in the order in which they run."""
    return re.findall(r"^function\* module\$\d+code\(\) \{ // (.+)$", script, re.MULTILINE)


def test_a_script_is_all_that_it_imports_once_and_in_the_order_of_a_browser() -> None:
    scripts = join(
        {
            "a/main.js": 'import "./left.js";\nimport "../right.js";\n',
            "a/left.js": 'import * as both from "../both.js";\nboth.here();\n',
            "right.js": 'import { here } from "./both.js";\nhere();\n',
            "both.js": "export function here() {}\n",
            "alone.js": "alert(1);\n",
        }
    )
    assert scripts.parts == {"a/left.js", "right.js", "both.js"}
    assert list(scripts.joined) == ["a/main.js"]  # what imports nothing is whole as it is
    assert order(scripts.joined["a/main.js"]) == ["both.js", "a/left.js", "right.js", "a/main.js"]


def test_a_module_stands_in_its_script_as_it_was_written() -> None:
    scripts = join(
        {
            "main.js": 'import { LIMIT, open as unlock } from "./door.js";\nimport * as door from "./door.js";\n'
            "unlock(LIMIT, door.turns);\n",
            "door.js": "export const LIMIT = 3;\nexport let turns = 0;\nexport function open() { turns += 1; }\n",
        }
    )
    door, main = scripts.joined["main.js"].split("\n\n")[1:3]
    assert door == (
        "function* module$0code() { // door.js\n"
        "yield [{ LIMIT: () => LIMIT, turns: () => turns, open: () => open }, {  }];\n"
        "const LIMIT = 3;\nlet turns = 0;\nfunction open() { turns += 1; }\n}"
    )
    assert main == (
        "function* module$1code() { // main.js\n"
        "let LIMIT, unlock;\n"
        "const door = module$0;\n"
        "yield [{  }, { functions: () => { ({ open: unlock } = module$0); }, 0: () => { ({ LIMIT } = module$0); } }];\n"
        "unlock(LIMIT, door.turns);\n}"
    )


@pytest.mark.parametrize(
    ("sources", "why"),
    [
        ({"a.js": '\nimport "./b.js";'}, "a.js:2: there is no b.js"),
        ({"a.js": 'import "../b.js";'}, "a.js:1: there is no ../b.js"),
        ({"a.js": 'import { c } from "./b.js";', "b.js": "const c = 1;"}, "a.js:1: b.js exports no c"),
        (
            {"a.js": 'import { c } from "./b.js";', "b.js": "export let c = 1;"},
            "a.js:1: c of b.js may change: import * as something, and read it there",
        ),
        (
            {
                "a.js": 'import { c } from "./b.js";\nimport * as c from "./b.js";',
                "b.js": "export const c = 1;",
            },
            "a.js:2: c is imported twice",
        ),
        (
            {
                "main.js": 'import "./a.js";',
                "a.js": 'import { b } from "./b.js";\nexport const c = 1;\nb();',
                "b.js": '\nimport { c } from "./a.js";\nexport function b() { return c; }',
            },
            "b.js:2: c of a.js is not there yet, for it imports this module: import * as something",
        ),
        (
            {"a.js": 'import "./b.js";', "b.js": 'import "./a.js";'},
            "a.js:1: nothing that a page loads imports this module",
        ),
    ],
)
def test_what_would_be_another_script_than_the_modules_is_refused(sources: dict[str, str], why: str) -> None:
    with pytest.raises(UnknownForm) as refused:
        join(sources)
    assert str(refused.value) == why


def test_modules_that_import_one_another_may_do_so_by_functions_and_as_a_whole() -> None:
    scripts = join(
        {
            "main.js": 'import "./a.js";',
            "a.js": 'import { b } from "./b.js";\nexport function a() {}\nexport const c = 1;\nb();',
            "b.js": 'import { a } from "./a.js";\nimport * as all from "./a.js";\n'
            "export function b() { return [a, all.c]; }",
        }
    )
    assert order(scripts.joined["main.js"]) == ["b.js", "a.js", "main.js"]


def test_no_script_of_a_page_asks_for_another() -> None:
    files = {
        path: one for path, one in assets.assets().items() if path.endswith(".js") and "vendor/" not in path
    }
    asking = {path for path, one in files.items() if re.search(rb"^import\b", one.body, re.MULTILINE)}
    assert {path for path in asking if not files[path].is_part} == set()
    assert order(files["till/main.js"].body.decode())[-1] == "till/main.js"


def test_scripts_that_stand_on_one_page_share_no_module() -> None:
    """Each script has its own copy of a module: what two of one page shared would be there twice."""
    files, seen = assets.assets(), set[str]()
    for page, scripts in scripts_of_pages().items():
        modules = [module for one in sorted(scripts) for module in order(files[one].body.decode()) or [one]]
        assert len(modules) == len(set(modules)), page
        seen |= scripts
    own = {path for path in files if path.endswith(".js") and not path.startswith(assets.OTHERS)}
    assert {path for path in own - seen if not files[path].is_part} == WORKERS


def scripts_of_pages() -> dict[str, set[str]]:
    """The scripts that each template asks for, with those of all that it extends, includes and imports."""
    texts = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in TEMPLATES.rglob("*.html")
    }
    used = {path: re.findall(USED, text) for path, text in texts.items()}
    assert sum(len(found) for found in used.values()) == sum(
        len(re.findall(r"{%-? *(?:extends|include|import|from)\b", text)) for text in texts.values()
    ), "a template that is named another way"

    def all_used(path: str) -> set[str]:
        return {path}.union(*[all_used(one) for one in used[path]])

    return {
        path: {script for one in all_used(path) for script in re.findall(ASKED, texts[one])} for path in texts
    }


def test_a_page_asks_for_no_part_of_a_script_and_for_nothing_that_is_not_there() -> None:
    assert assets.address("portal/portal.js") == f"/static/{assets.version()}/portal/portal.js"
    for path in ("portal/api.js", "portal/nothing.js"):
        with pytest.raises(KeyError, match=path):
            assets.address(path)
