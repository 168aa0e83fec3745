"""The pages of claimed rewards: what waits to be made ready or handed over, a member's, and giving one back for her."""

from __future__ import annotations

from typing import Any

from litestar import Response

from regulars import ids
from regulars.backoffice import desk
from regulars.backoffice.members import frame
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.errors import NotFound
from regulars.flows.desk.names_of import names_of
from regulars.flows.end_redemption import (
    Actor,
    Fulfilment,
    cancel_redemption,
    confirm_redemption,
    fulfil_redemption,
)
from regulars.flows.list_rewards import (
    Redemptions,
    read_redemption,
    redemptions_in,
    redemptions_of,
)
from regulars.flows.read_member import read_profile
from regulars.flows.redemption_views import RedemptionView
from regulars.i18n import N_
from regulars.rewards.model import State
from regulars.web import reward_words

pages = Pages()
AT_ONCE = 30
WAITING: tuple[State, ...] = ("claimed", "ready", "shipped", "held")
SHOWN: dict[str, tuple[State, ...]] = {
    "waiting": WAITING,
    "handed_over": ("handed_over",),
    "ended": ("cancelled", "lapsed"),
}
TABS = (
    ("waiting", N_("Waiting")),
    ("handed_over", N_("Handed over")),
    ("ended", N_("Given back or lapsed")),
)
TONES = {
    "held": "information",
    "claimed": "warning",
    "ready": "good",
    "shipped": "information",
    "handed_over": "",
    "cancelled": "",
    "lapsed": "",
}


@pages.get("/redemptions", needs="rewards.read")
async def redemptions(visit: Visit) -> Response[Any]:
    """What members claimed: first what waits; of somebody limited to stores what is handed over there."""
    tab = visit.query.get("show", "waiting")
    states = SHOWN.get(tab, WAITING)
    cursor = visit.query.get("cursor")
    found = await redemptions_in(
        visit.database,
        visit.known,
        states,
        visit.language.code,
        await visit.now(),
        before=ids.read("rdm", cursor, "?cursor") if cursor else None,
        limit=AT_ONCE,
        stores=None if visit.staff.stores is None else sorted(visit.staff.stores),
    )
    names = (
        await names_of(visit.database, visit.known, [one.member for one in found.items])
        if visit.may("members.read")
        else {}
    )
    return visit.page(
        "redemptions",
        names=names,
        **_table(visit, found, "/redemptions"),
        tab=tab if tab in SHOWN else "waiting",
        tabs=[(code, visit.language.gettext(name)) for code, name in TABS],
        first=cursor is None,
    )


@pages.get("/members/{id}/rewards", needs="members.read")
async def of_member(visit: Visit) -> Response[Any]:
    """What a member claimed, the latest first."""
    profile = await read_profile(visit.database, visit.program, visit.known.vault, desk.read_id(visit, "mem"))
    cursor = visit.query.get("cursor")
    found = await redemptions_of(
        visit.database,
        visit.known,
        profile.id,
        visit.language.code,
        await visit.now(),
        before=ids.read("rdm", cursor, "?cursor") if cursor else None,
        limit=AT_ONCE,
        codes=False,
    )
    return visit.page(
        "member_rewards",
        **frame(visit, profile, "rewards"),
        names={},
        **_table(visit, found, f"/members/{visit.path['id']}/rewards"),
        first=cursor is None,
    )


@pages.post("/redemptions/{id}", needs="rewards.fulfil", again=redemptions)
async def act(visit: Visit) -> Response[Any]:
    """Make it ready, hand it over, confirm it, or give it back for her; each once."""
    identifier, what = desk.read_id(visit, "rdm"), visit.form("act")
    await _require_place(visit, identifier)
    actor, request, spoken = Actor(visit.by), await visit.once(), visit.language.code
    if what == "cancel":
        why = desk.reason(visit)
        await cancel_redemption(visit.database, visit.known, request, actor, identifier, why, spoken)
        said = N_("Given back: the points are the member's again.")
    elif what == "confirm":
        await confirm_redemption(visit.database, visit.known, request, actor, identifier, spoken)
        said = N_("Confirmed: the points are spent.")
    else:
        done = visit.read(Fulfilment, {"state": what})
        await fulfil_redemption(visit.database, visit.known, request, actor, identifier, done, spoken)
        said = N_("Noted.")
    back = visit.form("back")
    member = back if back.startswith("/members/mem_") and back.endswith("/rewards") else "/redemptions"
    return visit.to(member, done=visit.language.gettext(said))


async def _require_place(visit: Visit, identifier: Any) -> None:
    """Somebody limited to stores deals with what is handed over there. Raises NotFound."""
    if visit.staff.stores is None:
        return
    found = await read_redemption(
        visit.database, visit.known, identifier, visit.language.code, await visit.now(), codes=False
    )
    store = visit.program.stores.get(found.store or "")
    if store is None or store.id not in visit.staff.stores:
        raise NotFound("There is no such redemption.")


def _table(visit: Visit, found: Redemptions, back: str) -> dict[str, Any]:
    stores = visit.program.stores
    return {
        "items": [_row(one) for one in found.items],
        "next": found.next,
        "say_points": desk.pointing(visit),
        "money": lambda amount: visit.language.money(amount, visit.program.base_currency),
        "state": lambda code: reward_words.state(visit.language, code),
        "voucher": lambda code: reward_words.voucher(visit.language, code),
        "tones": TONES,
        "store_name": lambda code: stores[code].name if code in stores else "",
        "back": back,
    }


def _row(one: RedemptionView) -> dict[str, Any]:
    goods = not one.vouchers
    return {
        "view": one,
        "ready": one.state == "claimed" and goods,
        "hand_over": one.state in ("claimed", "ready", "shipped") and goods,
        "confirm": one.state == "held",
        "cancel": one.state in ("held", "claimed", "ready"),
    }
