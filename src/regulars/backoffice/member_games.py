"""The page of a member's games: what she played and won, her tickets, and a ticket that is taken out of its draw."""

from __future__ import annotations

from typing import Any

from litestar import Response

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.members import frame
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.flows.lottery_tickets import tickets_of, void_ticket
from regulars.flows.play_game import plays_of
from regulars.flows.read_member import read_profile

pages = Pages()
PLAYS_SHOWN = 50
TICKETS_SHOWN = 100


@pages.get("/members/{id}/games", needs="members.read")
async def of_member(visit: Visit) -> Response[Any]:
    """What she played and won, and her tickets."""
    profile = await read_profile(visit.database, visit.program, visit.known.vault, desk.read_id(visit, "mem"))
    played = await plays_of(visit.database, visit.known, profile.id, visit.language.code, None, PLAYS_SHOWN)
    hers = await tickets_of(visit.database, visit.known, profile.id)
    return visit.page(
        "member_games",
        **frame(visit, profile, "games"),
        plays=played.items,
        tickets=hers.items[:TICKETS_SHOWN],
    )


@pages.post("/members/{id}/games", needs=("engagement.serve", "members.read"), again=of_member)
async def void(visit: Visit) -> Response[Any]:
    """Take a ticket out of its draw; points that it cost are back."""
    ticket, reason = ids.read("tkt", visit.form("ticket"), "/ticket"), desk.reason(visit)
    await void_ticket(visit.database, visit.known, await visit.once(), ticket, visit.by, reason)
    said = visit.language.gettext("The ticket takes part no more.")
    return visit.to(f"/members/{visit.path['id']}/games", done=said)
