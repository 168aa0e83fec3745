"""The sandbox of a program: made, or made anew, with a button; its first key is shown this once."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response

from regulars import clock
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.flows.create_program import NewProgramView
from regulars.flows.make_sandbox import office_sandbox, read_office_sandbox, refresh_sandbox
from regulars.i18n import N_

pages = Pages()
SCOPES: tuple[str, ...] = (N_("Everything"), N_("Till"), N_("Enrolment"), N_("Reading"))
"""What its first key may do."""


@pages.get("/setup/sandbox", needs="keys.write")
async def sandbox(visit: Visit) -> Response[Any]:
    """What a sandbox is, whether there is one, and the button."""
    made = None if visit.program.sandbox else await read_office_sandbox(visit.database, visit.program.id)
    return visit.page("setup/sandbox", made=made)


@pages.post("/setup/sandbox", needs="keys.write", again=sandbox)
async def make(visit: Visit) -> Response[Any]:
    """Make the sandbox and show its key, or make it as the program is now."""
    named = await visit.once({})
    request = msgspec.structs.replace(named, program=office_sandbox(visit.program.id), at=clock.world())
    answer = await refresh_sandbox(
        visit.database, visit.program.id, request, visit.staff.id, secret=visit.state.settings.secret
    )
    if answer.status == 200:
        said = visit.language.gettext("The sandbox is as the program is now; who was in it stays.")
        return visit.to("/setup/sandbox", done=said)
    made = msgspec.json.decode(answer.body, type=NewProgramView)
    return visit.page(
        "setup/sandbox_made", made=made, scopes=[visit.language.gettext(scope) for scope in SCOPES]
    )
