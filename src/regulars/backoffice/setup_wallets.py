"""The pages of wallets of other makers: let in with a key and a quota, how they are used, ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response

from regulars import clock, ids
from regulars.backoffice import desk
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.db.requests import Answer
from regulars.flows.aggregators import (
    AggregatorChange,
    NewAggregator,
    NewAggregatorView,
    change_aggregator,
    let_in_by_staff,
    revoke_aggregator,
    turn_wallet_key,
    wallets_in_use,
)
from regulars.flows.create_key import KeyView, Rotation

pages = Pages()
LIST = "/setup/wallets"
CALLS_A_DAY = 100_000


@pages.get("/setup/wallets", needs="keys.write")
async def wallets(visit: Visit) -> Response[Any]:
    """The wallets that were let in: how many members allow each something, how much it asks, whether it ended."""
    found = await wallets_in_use(visit.database, visit.program, await visit.now())
    return visit.page(
        "setup/wallets",
        items=[one for one in found if one.wallet.revoked_at is None],
        ended=[one.wallet for one in found if one.wallet.revoked_at is not None],
        four_eyes=visit.program.settings.four_eyes_keys,
        calls_a_day=CALLS_A_DAY,
        sent=visit.form_fields(),
    )


@pages.post("/setup/wallets", needs="keys.write", again=wallets, why=True)
async def let_in(visit: Visit) -> Response[Any]:
    """Let a wallet in and show its key, or ask a second person first."""
    content = {
        "name": visit.form("name"),
        "calls_a_day": desk.whole(visit.form("calls_a_day"), "/calls_a_day"),
    }
    answer = await let_in_by_staff(
        visit.database,
        visit.state.settings.secret,
        await visit.once(),
        visit.read(NewAggregator, content),
        visit.by,
        visit.form("why"),
    )
    if answer.status == 202:
        return _waits(visit)
    return _shown(visit, msgspec.json.decode(answer.body, type=NewAggregatorView).key, 0)


@pages.post("/setup/wallets/{id}/quota", needs="keys.write", again=wallets)
async def quota(visit: Visit) -> Response[Any]:
    """Let it ask more or less a day."""
    content = {"calls_a_day": desk.whole(visit.form("calls_a_day"), "/calls_a_day")}
    change = visit.read(AggregatorChange, content)
    await change_aggregator(visit.database, visit.program.id, _id(visit), change)
    return visit.to(LIST, done=visit.language.gettext("It counts from the wallet's next call on."))


@pages.post("/setup/wallets/{id}/rotate", needs="keys.write", again=wallets, why=True)
async def rotate(visit: Visit) -> Response[Any]:
    """Another key for it; the old one works for some hours more."""
    hours = visit.read(Rotation, {"hours": desk.whole(visit.form("hours") or "0", "/hours")}).hours
    answer: Answer = await turn_wallet_key(
        visit.database,
        visit.state.settings.secret,
        await visit.once(),
        _id(visit),
        hours,
        clock.world(),
        by=visit.by,
        why=visit.form("why"),
    )
    if answer.status == 202:
        return _waits(visit)
    return _shown(visit, msgspec.json.decode(answer.body, type=KeyView), hours)


@pages.post("/setup/wallets/{id}/end", needs="keys.write", again=wallets, why=True)
async def end(visit: Visit) -> Response[Any]:
    """End a wallet: its keys and every token that members gave it; their cards stay."""
    await revoke_aggregator(visit.database, visit.program.id, _id(visit), clock.world())
    said = visit.language.gettext("The wallet has ended: it is refused, and members keep their cards.")
    return visit.to(LIST, done=said)


def _waits(visit: Visit) -> Response[Any]:
    said = visit.language.gettext("A second person has to agree; then the key is shown to you here, once.")
    return visit.to("/review/asked", done=said)


def _shown(visit: Visit, key: KeyView, hours: int) -> Response[Any]:
    answer = visit.page(
        "setup/key_made",
        key=key,
        names={"aggregator": visit.language.gettext("Wallet app")},
        hours=hours,
        back=LIST,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _id(visit: Visit) -> UUID:
    return ids.read("agg", visit.path["id"], "/id")
