"""Issues batches of cards and sets them for a printer, with a bar that says how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from regulars import clock, ids
from regulars.cli.places import Refused
from regulars.cli.registering import program_id, with_database
from regulars.db.pool import Database
from regulars.db.requests import Request
from regulars.flows import issue_cards, read_card_batches
from regulars.flows.issue_cards import COUNT_MAX, NewBatch
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.program_logo import logo_of
from regulars.flows.read_card_batches import CardBatchView
from regulars.programs.model import Program
from regulars.web import card_file
from regulars.web.drawing import Kind
from regulars.web.paper import pdf, plastic
from regulars.web.paper.plastic import SHEET_CARDS_MAX, Layout

BY = "cli"


def issue(url: str, program: str, count: int, csv: Path | None, out: Console) -> int:
    """`regulars cards issue`."""
    if not 1 <= count <= COUNT_MAX:
        raise Refused(f"A batch has 1 to {COUNT_MAX:,} cards.")
    if csv is not None and csv.exists():
        raise Refused(f"{csv} is there already: it is not overwritten.")
    identifier = program_id(program)

    async def work(database: Database) -> CardBatchView:
        known = KnownPrograms(database)
        at = await known.now(identifier)
        owner = (await known.of(identifier)).program
        name = f"cli-{ids.show('crb', ids.new())}"
        request = Request(identifier, identifier, name, b"cards", at)
        answer = await issue_cards.issue_batch(database, owner.settings, request, NewBatch(count), BY)
        batch = msgspec.json.decode(answer.body, type=CardBatchView)
        with _bar(out) as bar:
            task = bar.add_task("cards", total=count, completed=0 if batch.job else count)
            if batch.job is not None:
                job, made = ids.read("job", batch.job), ids.read("crb", batch.id)
                await issue_cards.make_batch(
                    database, identifier, job, made, clock.world, lambda n: bar.update(task, completed=n)
                )
        if csv is not None:
            with csv.open("xb") as file:
                async for rows in card_file.as_csv(database, identifier, ids.read("crb", batch.id)):
                    file.write(rows)
        return batch

    batch = with_database(url, work)
    out.print(f"{count:,} cards in batch {batch.id}", highlight=False)
    if csv is not None:
        out.print(f"Their numbers are in {csv}", highlight=False, soft_wrap=True)
    return 0


def sheet(
    url: str, program: str, batch: str, folder: Path, layout: Layout, code: Kind, *, back: bool, out: Console
) -> int:
    """`regulars cards sheet`."""
    identifier, wanted = program_id(program), ids.read("crb", batch, "/batch")
    folder.mkdir(parents=True, exist_ok=True)

    async def work(database: Database) -> list[Path]:
        owner = (await KnownPrograms(database).of(identifier)).program
        view = await read_card_batches.read_batch(database, identifier, wanted)
        with _bar(out) as bar:
            task = bar.add_task("cards", total=view.made or 0)
            return await _sheets(
                database, owner, view, folder, (layout, code, back), lambda n: bar.update(task, completed=n)
            )

    files = with_database(url, work)
    for file in files:
        out.print(str(file), highlight=False, soft_wrap=True)
    return 0


async def _sheets(
    database: Database,
    program: Program,
    view: CardBatchView,
    folder: Path,
    form: tuple[Layout, Kind, bool],
    done: Callable[[int], None],
) -> list[Path]:
    batch, files = ids.read("crb", view.id), list[Path]()
    layout, code, back = form
    logo = await logo_of(database, program)
    async for found in read_card_batches.all_cards(database, program.id, batch, SHEET_CARDS_MAX):
        numbers = [(card.serial, card.number) for card in found]
        data = plastic.sheet(program, numbers, view.created_at, layout, code, back=back, logo=logo)
        file = folder / f"{view.id}-{found[0].serial:07d}-{found[-1].serial:07d}.pdf"
        file.write_bytes(await pdf.render_later(plastic.TEMPLATE, data))
        files.append(file)
        done(found[-1].serial)
    return files


def _bar(out: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=out)
