"""Carries promotions between programs and files, and says what the linter thinks of a file."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import msgspec
from rich.console import Console

from regulars import clock, ids
from regulars.cli import promotions_file
from regulars.cli.promotions_file import Entry, Read
from regulars.cli.registering import the_program, with_database
from regulars.db.pool import Database
from regulars.db.requests import Request, digest
from regulars.flows.known_programs import Known, KnownPrograms
from regulars.flows.lint_promotion import lint_document
from regulars.flows.publish_promotion import PromotionView, create_promotion, edit_draft, list_promotions
from regulars.i18n import pick
from regulars.promotions import document, linter
from regulars.promotions.index import Live
from regulars.promotions.linter import Finding, Surroundings
from regulars.promotions.linting.finding import Place
from regulars.promotions.model import Revision

PAGE = 200
COLOURS = {"error": "bold red", "warning": "yellow", "note": "dim"}


def export(url: str, program: str | None, file: Path | None, out: Console) -> int:
    """`regulars promotions export`: the published document of each, or its draft. Raises Refused."""

    async def work(database: Database) -> tuple[bytes, int]:
        wanted = await the_program(database, program)
        known = await KnownPrograms(database).of(wanted)
        found = await _every(database, wanted)
        entries = [Entry(view.document or view.draft or {}, view.id, view.status) for view in found]
        return promotions_file.written(known.program, entries), len(entries)

    content, count = with_database(url, work)
    if file is None:
        print(content.decode(), end="", file=out.file)
    else:
        file.write_bytes(content)
        out.print(f"{count} promotions were written to {file}.", markup=False, highlight=False)
    return 0


def import_drafts(url: str, program: str | None, file: Path, out: Console) -> int:
    """`regulars promotions import`: a draft of each that differs, found again by its id, else by its name."""
    _, found = promotions_file.read(file)

    async def work(database: Database) -> list[int]:
        wanted = await the_program(database, program)
        counts = [0, 0, 0]
        for one in found:
            counts[await _entered(database, wanted, one)] += 1
        return counts

    new, changed, same = with_database(url, work)
    out.print(
        f"{new} new drafts, {changed} changed, {same} as they were. Nothing was published.", highlight=False
    )
    return 0


async def _entered(database: Database, program: UUID, one: Read) -> int:
    """Enter one as a draft: 0 new, 1 changed, 2 as it was."""
    at = clock.world()
    plain = msgspec.to_builtins(one.document)
    there = _same(await _every(database, program), one)
    if there is None:
        name = f"promotions-import/{digest('import', plain).hex()}"
        await create_promotion(
            database, Request(program, program, name, digest("import", plain), at), one.document, "import"
        )
        return 0
    now = there.draft if there.draft is not None else there.document
    if now is not None and document.canonical(document.parse(now)) == document.canonical(one.document):
        return 2
    await edit_draft(database, program, ids.read("prm", there.id), one.document, "import", at)
    return 1


def _same(views: list[PromotionView], one: Read) -> PromotionView | None:
    by_id = next((view for view in views if view.id == one.entry.id), None)
    names = [(view, (view.draft or view.document or {}).get("name")) for view in views]
    return by_id or next((view for view, name in names if name == one.document.name), None)


def lint(url: str | None, program: str | None, file: Path, language: str | None, out: Console) -> int:
    """`regulars promotions lint`: beside what is live in a program (`url`), or beside the others of the file.

    0, or 1 where something could not be published. Raises Refused, Contradiction.
    """
    content, found = promotions_file.read(file)
    if url is None:
        known = promotions_file.known(content, found)
        reports = [_offline(known, n, one, language) for n, one in enumerate(found, 1)]
    else:

        async def work(database: Database) -> list[list[Finding]]:
            wanted = await the_program(database, program)
            programs = KnownPrograms(database)
            at = await programs.now(wanted)
            return [
                list((await lint_document(database, programs, wanted, one.document, at, language)).findings)
                for one in found
            ]

        reports = with_database(url, work)
    for one, findings in zip(found, reports, strict=True):
        _show(one.document.name, findings, out)
    return 1 if any(linter.errors(findings) for findings in reports) else 0


def _offline(known: Known, number: int, one: Read, language: str | None) -> list[Finding]:
    """What the linter says of one promotion of a file, the others of which are live."""
    program = known.program
    others = [p for p in known.live.promotions if p.id.int != number]
    live = Live.build([Revision(p.id, 1, p.document) for p in others], known.live.groups)
    partners = {partner.id: partner.code for partner in program.partners.values()}
    around = Surroundings(
        live,
        known.rules,
        clock.world().astimezone(clock.zone(program.time_zone)).replace(tzinfo=None),
        promotion=UUID(int=number),
        languages=program.languages,
        partners=frozenset(program.partners),
        stores={s.code: Place(partners.get(s.partner, ""), s.groups) for s in program.stores.values()}
        or None,
        late_days=program.settings.late_days,
    )
    return linter.lint(one.document, around, known.words[pick(program.languages, language).code])


def _show(name: str, findings: list[Finding], out: Console) -> None:
    out.print(name, style="bold", markup=False, highlight=False)
    if not findings:
        out.print("  nothing speaks against it", highlight=False)
    for finding in findings:
        where = f" ({finding.pointer})" if finding.pointer else ""
        out.print(f"  {finding.severity:<8}", style=COLOURS[finding.severity], end="", highlight=False)
        out.print(f"{finding.sentence}{where}", markup=False, highlight=False, soft_wrap=True)


async def _every(database: Database, program: UUID) -> list[PromotionView]:
    found: list[PromotionView] = []
    after: UUID | None = None
    while True:
        page = await list_promotions(database, program, after, PAGE)
        found += page.items
        if page.next is None:
            return found
        after = ids.read("prm", page.next)
