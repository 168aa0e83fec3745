"""Looks into the books of the programs and says what is wrong with them; exit code 1 where something is."""

from __future__ import annotations

from uuid import UUID

from rich.console import Console

from regulars import clock, ids
from regulars.cli.places import Refused
from regulars.cli.registering import program_id, with_database
from regulars.db.pool import Database
from regulars.flows.check_ledger import RULES, check_ledger
from regulars.flows.list_programs import list_programs
from regulars.flows.read_audit import check_audit
from regulars.flows.verify_ledger import verify_ledger
from regulars.programs.model import Brief

BROKEN_SHOWN = 20


def check(url: str, program: str | None, out: Console) -> int:
    """`regulars ledger check`."""

    async def work(database: Database) -> bool:
        whole = True
        for brief in await _wanted(database, program):
            findings = await check_ledger(database, brief.id)
            _title(out, brief)
            if not findings:
                out.print(f"  the books add up ({RULES} rules)", highlight=False)
            for finding in findings:
                whole = False
                out.print(f"  BROKEN {finding.check}: {finding.rule}", markup=False, highlight=False)
                for row in finding.rows[:BROKEN_SHOWN]:
                    shown = ", ".join(f"{name} {value}" for name, value in row.items())
                    out.print(f"    {shown}", markup=False, highlight=False, soft_wrap=True)
                if len(finding.rows) > BROKEN_SHOWN:
                    out.print(f"    and {len(finding.rows) - BROKEN_SHOWN} more", highlight=False)
        return whole

    return 0 if with_database(url, work) else 1


def verify(url: str, program: str | None, out: Console) -> int:
    """`regulars ledger verify`."""

    async def work(database: Database) -> bool:
        whole = True
        for brief in await _wanted(database, program):
            report = await verify_ledger(database, brief.id, clock.now(brief.clock_at))
            _title(out, brief)
            out.print(
                f"  {report.blocks} blocks with {report.facts} facts, {report.unsealed} not sealed yet",
                highlight=False,
            )
            out.print(f"  last hash {report.head.hex()}", highlight=False, soft_wrap=True)
            if report.held_up is not None:
                out.print(
                    f"  a transaction that is open too long keeps facts of {report.held_up.since.isoformat()} "
                    f"from being sealed (server process {report.held_up.process or 'unknown'})",
                    highlight=False,
                    soft_wrap=True,
                )
            for broken in report.broken[:BROKEN_SHOWN]:
                whole = False
                fact = f" ({broken.fact[0]} {broken.fact[2]})" if broken.fact else ""
                out.print(
                    f"  BROKEN block {broken.height}: {broken.what}{fact}", markup=False, highlight=False
                )
            if len(report.broken) > BROKEN_SHOWN:
                out.print(f"  and {len(report.broken) - BROKEN_SHOWN} more", highlight=False)
            if report.whole:
                out.print("  everything agrees with its seal", highlight=False)
        return whole

    return 0 if with_database(url, work) else 1


def audit(url: str, program: str | None, out: Console) -> int:
    """`regulars audit verify`."""

    async def work(database: Database) -> bool:
        whole = True
        for brief in await _wanted(database, program):
            chain = await check_audit(database, brief.id)
            _title(out, brief)
            out.print(
                f"  {chain.entries} entries, last digest {chain.digest}", highlight=False, soft_wrap=True
            )
            for number in chain.broken:
                out.print(f"  BROKEN entry {number} does not follow from the one before it", highlight=False)
            for number in chain.contradicted:
                out.print(
                    f"  BROKEN entry {number} is gone, or is not what the ledger's witness says",
                    highlight=False,
                )
            if chain.entries and chain.digest is None:
                out.print("  BROKEN the end of the trail is missing", highlight=False)
            whole = whole and chain.whole
            if chain.whole:
                out.print("  every entry follows from the one before it", highlight=False)
                out.print(f"  witnessed in the ledger up to entry {chain.witnessed}", highlight=False)
        return whole

    return 0 if with_database(url, work) else 1


async def _wanted(database: Database, program: str | None) -> list[Brief]:
    found = await list_programs(database)
    if program is None:
        return found
    wanted: UUID = program_id(program)
    chosen = [brief for brief in found if brief.id == wanted]
    if not chosen:
        raise Refused(f"There is no program {program}.")
    return chosen


def _title(out: Console, brief: Brief) -> None:
    kind = " (sandbox)" if brief.sandbox else ""
    out.print(
        f"{brief.name}{kind}  {ids.show('prg', brief.id)}", markup=False, highlight=False, soft_wrap=True
    )
