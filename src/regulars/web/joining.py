"""Joins the modules that a page's script is made of into one file: a page asks for its script once.

Nothing is renamed. Each module becomes the body of a generator, which is begun first (its functions are there from then
on, as they are among modules that import one another) and run later, in the order in which a browser would have run the
modules. What a module exports is read through getters, so that `import * as` sees what is there now. Names that were
imported one by one are set once: functions before any module runs, constants and classes when their module has run to
its end; what may change cannot be imported so. One thing therefore differs from a browser: a module that runs calls
another one, which imports a constant of it by its name. There the constant is undefined until the first has run to its
end; in a browser it is there from its own line on. Among modules that import one another, `import * as` is the way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from regulars.web.javascript import OURS, Import, Module, UnknownForm, read

_FOR_GOOD = ("const", "class")
_BEGIN_AND_RUN = f"""\
const {OURS}setters = {OURS}all.map(([exported, code]) => {{
  const [reads, setters] = code.next().value;
  for (const [name, get] of Object.entries(reads)) Object.defineProperty(exported, name, {{ get, enumerable: true }});
  Object.freeze(exported);
  return setters;
}});
for (const setters of {OURS}setters) setters.functions?.();
for (const [at, [, code]] of {OURS}all.entries()) {{
  code.next();
  for (const setters of {OURS}setters) setters[at]?.();
}}
"""


@dataclass(frozen=True, slots=True)
class Scripts:
    """What pages load, joined, by its path; and the paths of the modules that stand in them."""

    joined: dict[str, str]
    parts: frozenset[str]


def join(sources: Mapping[str, str]) -> Scripts:
    """Path → source of all modules. One that no other imports is what a page loads: it is joined with all below it.

    Raises UnknownForm for modules that it could join only by guessing, and for imports of what is not there.
    """
    modules = {path: read(path, source) for path, source in sorted(sources.items())}
    for module in modules.values():
        _judge_imports(module, modules)
    parts = frozenset(one.path for module in modules.values() for one in module.imports)
    orders = {path: _in_order(path, modules) for path in modules if path not in parts}
    left = parts - {module.path for order in orders.values() for module in order}
    if left:
        raise UnknownForm(min(left), 1, "nothing that a page loads imports this module")
    return Scripts({path: _script(order) for path, order in orders.items() if len(order) > 1}, parts)


def _judge_imports(module: Module, modules: Mapping[str, Module]) -> None:
    """Raises UnknownForm."""
    ours = list[str]()
    for one in module.imports:
        if one.path not in modules:
            raise UnknownForm(module.path, one.line, f"there is no {one.path}")
        exports = modules[one.path].exports
        for name in one.names.values():
            if name not in exports:
                raise UnknownForm(module.path, one.line, f"{one.path} exports no {name}")
            if exports[name] == "let":
                why = f"{name} of {one.path} may change: import * as something, and read it there"
                raise UnknownForm(module.path, one.line, why)
        for name in [*one.names, *([one.whole] if one.whole else [])]:
            if name in ours:
                raise UnknownForm(module.path, one.line, f"{name} is imported twice")
            ours.append(name)


def _in_order(path: str, modules: Mapping[str, Module]) -> list[Module]:
    """As a browser runs them: what a module imports first, in the order of its imports, then the module.

    Raises UnknownForm where modules that import one another would need a value of one before it has been run.
    """
    order = dict[str, int]()
    entered = set[str]()

    def enter(module: Module) -> None:
        entered.add(module.path)
        for one in module.imports:
            if one.path not in entered:
                enter(modules[one.path])
        order[module.path] = len(order)

    enter(modules[path])
    for one, at in order.items():
        for imported in modules[one].imports:
            kinds = modules[imported.path].exports
            held = [name for name in imported.names.values() if kinds[name] in _FOR_GOOD]
            if held and order[imported.path] >= at:
                what = f"{held[0]} of {imported.path}"
                why = f"{what} is not there yet, for it imports this module: import * as something"
                raise UnknownForm(one, imported.line, why)
    return [modules[one] for one in order]


def _script(modules: list[Module]) -> str:
    """One file. It exports the modules by their paths, as whoever looks in from outside finds them."""
    numbers = {module.path: number for number, module in enumerate(modules)}
    lines = [f"const {OURS}{number} = Object.create(null); // {path}" for path, number in numbers.items()]
    for module in modules:
        lines += ["", *_block(module, numbers, {one.path: one for one in modules})]
    lines.append("")
    pairs = ", ".join(f"[{OURS}{number}, {OURS}{number}code()]" for number in numbers.values())
    named = ", ".join(f"{json.dumps(path)}: {OURS}{number}" for path, number in numbers.items())
    lines += [
        f"const {OURS}all = [{pairs}];",
        f"{_BEGIN_AND_RUN}export const modules = Object.freeze({{ {named} }});",
        "",
    ]
    return "\n".join(lines)


def _block(module: Module, numbers: Mapping[str, int], modules: Mapping[str, Module]) -> list[str]:
    """A module as a generator: it hands out what is exported and how what it imports is set, then it runs."""
    lines = [f"function* {OURS}{numbers[module.path]}code() {{ // {module.path}"]
    ours = [name for one in module.imports for name in one.names]
    if ours:
        lines.append(f"let {', '.join(ours)};")
    lines += [f"const {one.whole} = {OURS}{numbers[one.path]};" for one in module.imports if one.whole]
    functions = list[str]()
    later = dict[int, list[str]]()
    for one in module.imports:
        kinds = modules[one.path].exports
        for kind_is_function, setters in (
            (True, functions),
            (False, later.setdefault(numbers[one.path], [])),
        ):
            names = {
                mine: name
                for mine, name in one.names.items()
                if (kinds[name] == "function") is kind_is_function
            }
            if names:
                setters.append(_set(one, names, numbers))
    reads = ", ".join(f"{name}: () => {name}" for name in module.exports)
    setters = ["functions: () => { " + " ".join(functions) + " }"] if functions else []
    setters += [f"{number}: () => {{ {' '.join(all_of)} }}" for number, all_of in later.items() if all_of]
    lines.append(f"yield [{{ {reads} }}, {{ {', '.join(setters)} }}];")
    return [*lines, module.code, "}"]


def _set(one: Import, names: Mapping[str, str], numbers: Mapping[str, int]) -> str:
    pairs = ", ".join(mine if mine == name else f"{name}: {mine}" for mine, name in names.items())
    return f"({{ {pairs} }} = {OURS}{numbers[one.path]});"
