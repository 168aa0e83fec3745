"""What a module imports and exports, form by form; and what is refused, with its line."""

from __future__ import annotations

import pytest

from regulars.web.javascript import Import, UnknownForm, read

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("line", "whole", "names"),
    [
        ('import "./sheet.js";', None, {}),
        ('import * as sheet from "./sheet.js";', "sheet", {}),
        ('import { open } from "./sheet.js";', None, {"open": "open"}),
        ('import { open, close as shut } from "./sheet.js";', None, {"open": "open", "shut": "close"}),
        (
            'import {\n  open,\n  close as shut,\n} from "./sheet.js";',
            None,
            {"open": "open", "shut": "close"},
        ),
    ],
)
def test_an_import_names_a_file_by_its_place(line: str, whole: str | None, names: dict[str, str]) -> None:
    module = read("till/main.js", f"// The till.\n{line}\nopen();\n")
    assert module.imports == (Import("till/sheet.js", 2, whole, names),)
    assert module.code == "// The till.\n\nopen();"


def test_a_path_goes_up_and_down() -> None:
    module = read("till/offline/sync.js", 'import "../../shared/qr.js";\nimport "./deep/store.js";\n')
    assert [one.path for one in module.imports] == ["shared/qr.js", "till/offline/deep/store.js"]


@pytest.mark.parametrize(
    ("line", "exports", "code"),
    [
        ("export function h(tag) { return tag; }", {"h": "function"}, "function h(tag) { return tag; }"),
        ("export async function h() {}", {"h": "function"}, "async function h() {}"),
        ("export function* h() { yield 1; }", {"h": "function"}, "function* h() { yield 1; }"),
        ("export class Fault extends Error {}", {"Fault": "class"}, "class Fault extends Error {}"),
        ("export const $ = 1;", {"$": "const"}, "const $ = 1;"),
        ("export let asked = null;", {"asked": "let"}, "let asked = null;"),
        ("export let asked;", {"asked": "let"}, "let asked;"),
        (
            "export const { a, b } = c({ d, e });",
            {"a": "const", "b": "const"},
            "const { a, b } = c({ d, e });",
        ),
        ("export const f = (a, b) => [a, b];", {"f": "const"}, "const f = (a, b) => [a, b];"),
    ],
)
def test_an_export_is_what_is_declared_behind_it(line: str, exports: dict[str, str], code: str) -> None:
    module = read("a.js", line + "\n")
    assert (module.exports, module.code) == (exports, code)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ('import sheet from "./sheet.js";', "1: this form of import is not known"),
        ('import sheet, { open } from "./sheet.js";', "1: this form of import is not known"),
        ('import { default as sheet } from "sheet";', "1: this form of import is not known"),
        ('import "https://elsewhere.example/a.js";', "1: this form of import is not known"),
        ('import "./data.json" with { type: "json" };', "1: this form of import is not known"),
        ('import { open } from "./sheet.js"', "1: this form of import is not known"),
        ("import { open /* it */ } from './sheet.js';", "1: this form of import is not known"),
        ('\nconst a = import("./a.js");', "2: import begins a line outside of everything else, and is not dynamic"),
        ("const a = import.meta.url;", "1: import begins a line outside of everything else, and is not dynamic"),
        ("{\nimport \"./a.js\";\n}", "2: import begins a line outside of everything else, and is not dynamic"),
        ("{\n  export const b = 1;\n}", "2: export begins a line outside of everything else, and is not dynamic"),
        ("export default 1;", "1: this form of export is not known"),
        ("export default function h() {}", "1: this form of export is not known"),
        ('export * from "./a.js";', "1: this form of export is not known"),
        ('export { a } from "./a.js";', "1: this form of export is not known"),
        ("const a = 1;\nexport { a };", "2: this form of export is not known"),
        ("export var a = 1;", "1: this form of export is not known"),
        ("export const { a: b } = c;", "1: this form of export is not known"),
        ("export const [a] = c;", "1: this form of export is not known"),
        ("export const a = 1, b = 2;", "1: an export declares one thing"),
        ("export let a, b;", "1: this form of export is not known"),
        ("export let a = 1, b;", "1: an export declares one thing"),
        ("export const a = 1", "1: what is exported ends with a semicolon"),
        ("export const a = 1\nexport const b = 2;", "1: what is exported ends with a semicolon"),
        ("export const a = 1;\nexport const a = 2;", "2: a is exported twice"),
        ("export function a() {}\na = 2;", "2: a is exported as a function, and assigned anew"),
        ("export class A {}\nA = 2;", "2: A is exported as a class, and assigned anew"),
        ("function a() {}\nfunction a() {}", "1: there are two functions a"),
        ("const a = await b();", "1: await stands inside a function"),
        ("return;", "1: return stands inside a function"),
        ("f(await b());", "1: await stands inside a function"),
        ("if (a) {\n  await b();\n}", "2: await stands inside a function"),
        ("if (a) {\n  return;\n}", "2: return stands inside a function"),
        ("switch (a) { case 1: await b(); }", "1: await stands inside a function"),
        ("try { c(); } catch (a) { await b(); }", "1: await stands inside a function"),
        ("const a = `${await b()}`;", "1: await stands inside a function"),
        ("const a = [yield];", "1: yield stands inside a function"),
        ("const a = { b: await c };", "1: await stands inside a function"),
        ("class A { b = await c; d() {} }", "1: await stands inside a function"),
        ("for await (const a of b) {}", "1: await stands inside a function"),
        ("function a() { b(); }\nf(await c());", "2: await stands inside a function"),
        ("const a = () => b; f(await c);", "1: await stands inside a function"),
        ("const a = () => { b(); }; f(await c);", "1: await stands inside a function"),
        ("f(async (a) => b(a), await c);", "1: await stands inside a function"),
        ("f((a) => b(a), [await c]);", "1: await stands inside a function"),
        ("const a = b ? () => c : await d;", "1: await stands inside a function"),
        ("const a = b ? () => c ? d : e : await f;", "1: await stands inside a function"),
        ("const a = b ? () => (c?.d ?? e) : await f;", "1: await stands inside a function"),
        ("const a = b ? () => c?.d ?? e : await f;", "1: await stands inside a function"),
        ("const a = () => b\nawait c();", "2: await stands inside a function"),
        ("const a = () => b\n!f(await c());", "2: await stands inside a function"),
        ("const a = () => b++\nif (c) { await d(); }", "2: await stands inside a function"),
        ("f()\n{ await b(); }", "2: await stands inside a function"),
        ("const module$1 = 2;", "1: names that begin with module$ are made when modules are joined"),
        ("const a = (1;", "1: ( is not closed"),
        ("const a = [1);", "1: ) closes nothing"),
        ("\nfunction a() {", "2: { is not closed"),
        ("const a = `b ${c}", "1: a template is not closed"),
        ("const a = 'b\n';", "1: a text is not closed"),
        ("if (a) {}\n/b'/.test(c);", "2: whether a pattern begins here or something is divided is not known"),
        ("const a = b++ / 2;", "1: whether a pattern begins here or something is divided is not known"),
    ],
)  # fmt: skip
def test_a_form_that_is_not_known_is_refused_with_its_line(source: str, why: str) -> None:
    with pytest.raises(UnknownForm) as refused:
        read("a.js", source)
    assert str(refused.value) == f"a.js:{why}"


@pytest.mark.parametrize(
    "code",
    [
        "const a = 'import \"./a.js\"; export';",
        'const a = "it\'s\\" export";',
        "// import or export, and it's {",
        "/* export (\n import { */",
        "const a = `export ${b ? `import ${c}` : '}'} {`;",
        "const a = `\nexport const b = 1;\n`;",
        "const a = `\\` ${1} \\${ export`;",
        "const a = /export['\"`({[/]/.test(b);",
        "if (a) /'{/.test(b);",
        "const a = (b + c) / 2 / d; // '",
        "const a = b[1] / 2; const c = '/';",
        "const a = 1_000 / 2; const b = `${a}` / 3; const c = '/';",
        "function a(b) { return /'/.test(b); }",
        "const a = b.for(c) / 2 / d('/');",
        "const a = b.return / 2 / d('/');",
        "const a = b.import; b.export = { await: 1 };",
        "const a = { b() { return 1; } }; async function c() { await a; }",
        "const a = b?.c ?? d; const e = f >= 2 && g !== 3; const h = i => i;",
        "const a = { await: 1, return: 2,\n  yield: 3 };",
        "f(async (b) => c(await b));",
        "const a = async (b) => c(await b);",
        "const a = async b => await b;",
        "const a = async () =>\n  (await b()) in c;",
        "const a = async (b) => (c => d(c))(e ? f : await b);",
        "const a = async (b) => b?.c ?? d ? [await b] : `${await e}`;",
        "const a = async (b) => b\n  ? await c : d[await e];",
        "const a = async function (b = 1) { for await (const c of b) { if (c) { return; } } };",
        "class A { static async *b() { yield await c; } get [d]() { return `${e}`; } async #f() { await 1; } }",
        "a({ async b(\n  c,\n) { switch (c) { case 1: return d(await e); } } });",
        "a.forEach((b) => { try { c(); } catch { return; } });",
    ],
)
def test_what_only_looks_like_code_is_left_as_it_is(code: str) -> None:
    module = read("a.js", code)
    assert (module.imports, module.exports, module.code) == ((), {}, code)


def test_a_name_of_an_inner_function_may_be_that_of_an_export() -> None:
    code = "export function shown() {}\nfunction b({ shown = 1 }) { const c = { shown: 2 }; return shown === 3; }"
    assert read("a.js", code).exports == {"shown": "function"}
