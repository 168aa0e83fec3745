"""Certifies a till from the command line: the sandbox, the stand-in, the verdicts as text and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from rich.console import Console

from regulars import clock
from regulars.certify.drivers import Asked, Command, Driver
from regulars.certify.line import Line
from regulars.certify.model import CAPABILITIES, Situation, Verdict
from regulars.certify.running import Desk
from regulars.certify.running import certify as play
from regulars.certify.shop import NotReady, Shop
from regulars.certify.situations import PARTS, SITUATIONS
from regulars.cli.places import Place, Refused
from regulars.cli.registering import with_database
from regulars.flows.create_program import NewProgram, create_program

MARKS = {"passed": "passed", "failed": "FAILED", "not claimed": "–"}


class Wanted(Struct, frozen=True):
    """What `regulars certify` was asked for."""

    server: str
    key: str | None
    listen: int
    can: str
    driver: str | None
    only: str
    report: Path | None
    log: Path | None


def listed(out: Console) -> int:
    """Print the situations and what a till may claim."""
    for part, situations in PARTS.items():
        _say(out, f"\n{part}")
        for one in situations:
            needs = f"  [{', '.join(sorted(one.needs))}]" if one.needs else ""
            _say(out, f"  {one.name:18} {one.title}{needs}")
    _say(out, "\nA till may claim:")
    for name, meaning in CAPABILITIES.items():
        _say(out, f"  {name:18} {meaning}")
    return 0


def certify(wanted: Wanted, place: Place, out: Console) -> int:
    """Play the situations; 1 where one was failed. Raises Refused."""
    can = _chosen(wanted.can, set(CAPABILITIES), "claim")
    names = _chosen(wanted.only, {one.name for one in SITUATIONS}, "situation")
    situations = tuple(one for one in SITUATIONS if not names or one.name in names)
    shop = Shop(wanted.server, wanted.key or _new_sandbox(place))
    driver: Driver = Command(wanted.driver) if wanted.driver else Asked(input, lambda text: _say(out, text))
    try:
        key = shop.prepare()
        with Line(wanted.server, port=wanted.listen) as line:
            _say(
                out, f"The till's address is {line.address}, its key {key}, its store certification, till 1."
            )
            if wanted.driver is None:
                input("Enter these in your till, then press Enter. ")
            verdicts = _played(Desk(shop, line, driver, key, wanted.log), situations, can, out)
    except NotReady as why:
        raise Refused(str(why)) from why
    except OSError as error:
        raise Refused(f"{wanted.server} cannot be reached: {error}", 1) from error
    finally:
        if isinstance(driver, Command):
            driver.close()
    if wanted.report:
        wanted.report.write_bytes(
            msgspec.json.format(msgspec.json.encode(document(wanted.server, can, verdicts)))
        )
    return conclude(verdicts, out)


def document(server: str, can: frozenset[str], verdicts: list[Verdict]) -> dict[str, Any]:
    """The verdicts as they are kept."""
    counts = {result: sum(one.result == result for one in verdicts) for result in MARKS}
    return {"server": server, "at": clock.world(), "can": sorted(can), **counts, "situations": verdicts}


def conclude(verdicts: list[Verdict], out: Console) -> int:
    """Say how many passed; the exit code."""
    counts = {result: sum(one.result == result for one in verdicts) for result in MARKS}
    _say(out, f"\n{counts['passed']} passed, {counts['failed']} failed, {counts['not claimed']} not claimed.")
    return 1 if counts["failed"] else 0


def _played(
    desk: Desk, situations: tuple[Situation, ...], can: frozenset[str], out: Console
) -> list[Verdict]:
    verdicts = []
    for verdict in play(desk, situations, can):
        verdicts.append(verdict)
        _say(out, f"{MARKS[verdict.result]:7} {verdict.situation:18} {verdict.reason or verdict.title}")
        if verdict.request:
            _say(out, "        " + msgspec.json.encode(verdict.request).decode())
    return verdicts


def _chosen(text: str, known: set[str], what: str) -> frozenset[str]:
    chosen = frozenset(word.strip() for word in text.split(",") if word.strip())
    if chosen - known:
        raise Refused(
            f"There is no {what} {', '.join(sorted(chosen - known))}; `regulars certify --list` names all."
        )
    return chosen


def _new_sandbox(place: Place) -> str:
    new = NewProgram("Certification", "EUR", "Europe/Riga", ("en",), sandbox=True)
    with place.reached() as url:
        made = with_database(url, lambda database: create_program(database, new, at=clock.world()))
    return made.text


def _say(out: Console, text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)
