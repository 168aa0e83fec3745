"""Makes the figures of the back office anew from the facts, with a bar that says how far it is."""

from __future__ import annotations

import asyncio

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from regulars import clock
from regulars.cli.places import Refused
from regulars.cli.registering import program_id
from regulars.db.pool import Database
from regulars.db.restored import renumber
from regulars.flows.list_programs import list_programs
from regulars.flows.roll_figures import rebuild_figures


def rebuild(url: str, program: str | None, out: Console) -> int:
    """`regulars figures rebuild`. Raises Refused where there is no such program."""
    columns = (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} facts"),
    )

    async def work() -> None:
        async with Database(url, size=2) as database:
            wanted = program_id(program) if program else None
            briefs = [one for one in await list_programs(database) if wanted in (None, one.id)]
            if not briefs:
                raise Refused("There is no such program.")
            with Progress(*columns, TimeRemainingColumn(), console=out) as bar:
                for brief in briefs:
                    task = bar.add_task(brief.name[:24], total=None)
                    await asyncio.to_thread(renumber, url, brief.id)
                    facts = await rebuild_figures(
                        database,
                        brief.id,
                        clock.now(brief.clock_at),
                        lambda done, total, task=task: bar.update(task, completed=done, total=total),
                    )
                    bar.update(task, completed=facts, total=facts)
            out.print(f"The figures of {len(briefs)} programs were made anew.", highlight=False)

    asyncio.run(work())
    return 0
