"""The pages of vouchers: batches and what their codes are worth, a new batch, one code found, blocked, unblocked."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response

from regulars.backoffice import desk
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.flows.issue_vouchers import NewVouchers, VoucherBatchView, create_vouchers, list_vouchers
from regulars.flows.redemption_views import VoucherView
from regulars.flows.use_voucher import Blocking, block_voucher, find_voucher
from regulars.i18n import N_, OWN_NAMES
from regulars.units import money_scale
from regulars.web import reward_words
from regulars.web.limits import Counter

pages = Pages()
finds = Counter()
KINDS: tuple[tuple[str, str], ...] = (
    ("value", N_("an amount off the purchase")),
    ("percent", N_("a percentage off the purchase")),
    ("product", N_("one article for nothing")),
)
PURPOSES: tuple[tuple[str, str], ...] = (
    ("multi", N_("multi-purpose")),
    ("single", N_("single-purpose")),
)
TONES = {"good": "good", "used": "", "ended": "", "not_yet": "information", "blocked": "warning", "void": ""}


@pages.get("/vouchers", needs="codes.read")
async def every(visit: Visit) -> Response[Any]:
    """Batches of vouchers, the latest first, and the search for one code."""
    return await _batches(visit)


@pages.post("/vouchers/find", needs="codes.read", again=every)
async def find(visit: Visit) -> Response[Any]:
    """How one voucher stands. A code is as good as money: it never stands in an address."""
    finds.take(visit.staff.id, visit.program.settings.finds_a_minute)
    text = visit.form("text")
    found = await find_voucher(visit.database, visit.known, text, visit.language.code, await visit.now())
    return await _batches(visit, found, text)


@pages.post("/vouchers/block", needs="members.change", again=every)
async def block(visit: Visit) -> Response[Any]:
    """A voucher was lost: it counts no more."""
    return await _turn(visit, blocked=True)


@pages.post("/vouchers/unblock", needs="members.change", again=every)
async def unblock(visit: Visit) -> Response[Any]:
    """It was found: it counts again."""
    return await _turn(visit, blocked=False)


@pages.get("/vouchers/new", needs="promotions.publish")
async def new(visit: Visit) -> Response[Any]:
    """The form of a new batch."""
    language = visit.language
    warnings = visit.problem.extra.get("warnings", []) if visit.problem is not None else []
    return visit.page(
        "vouchers_new",
        sent=visit.form_fields(),
        kinds=[(code, language.gettext(name)) for code, name in KINDS],
        purposes=[(code, language.gettext(name)) for code, name in PURPOSES],
        languages=[(code, OWN_NAMES.get(code, code)) for code in visit.program.languages],
        warnings=" ".join(warnings),
    )


@pages.post("/vouchers/new", needs="promotions.publish", again=new, why=True)
async def make(visit: Visit) -> Response[Any]:
    """Make a batch and the promotion by which its codes count."""
    sent = visit.read(NewVouchers, _sent(visit))
    answer = await create_vouchers(
        visit.database,
        visit.state.known,
        visit.state.settings.secret,
        await visit.once(),
        sent,
        visit.by,
    )
    made = msgspec.json.decode(answer.body, type=VoucherBatchView)
    said = (
        N_("The vouchers are made and count at every till.")
        if made.live
        else N_("The vouchers are made; they count once somebody else has agreed to their promotion.")
    )
    return visit.to(f"/codes/{made.batch.id}", done=visit.language.gettext(said))


async def _turn(visit: Visit, *, blocked: bool) -> Response[Any]:
    sent = Blocking(visit.form("text"), desk.reason(visit))
    now = await visit.now()
    await block_voucher(visit.database, visit.known, sent, visit.language.code, now, blocked=blocked)
    said = N_("The voucher counts no more.") if blocked else N_("The voucher counts again.")
    return visit.to("/vouchers", done=visit.language.gettext(said))


async def _batches(visit: Visit, found: VoucherView | None = None, text: str = "") -> Response[Any]:
    listed = await list_vouchers(visit.database, visit.program.id)
    return visit.page(
        "vouchers",
        items=[_line(visit, one) for one in listed.items],
        one=found,
        worth=_worth(visit, msgspec.to_builtins(found.gives)) if found is not None and found.gives else "",
        state=reward_words.voucher(visit.language, found.state) if found is not None else "",
        tone=TONES[found.state] if found is not None else "",
        text=text,
    )


def _line(visit: Visit, one: VoucherBatchView) -> dict[str, Any]:
    document = one.definition
    names = document.get("names", {})
    return {
        "view": one.batch,
        "name": visit.said(names) if names else "",
        "worth": _worth(visit, document["gives"]),
        "rate": document.get("tax_rate"),
        "personal": document.get("personal", False),
        "transferable": document.get("transferable", False),
        "days": document.get("valid_days"),
        "promotion": one.promotion,
        "live": one.live,
    }


def _worth(visit: Visit, gives: dict[str, Any]) -> str:
    """5.00 €, 10 %, or the article that is for nothing."""
    language = visit.language
    if gives["kind"] == "value":
        return language.money(gives["amount"], visit.program.base_currency)
    if gives["kind"] == "percent":
        return language.percent(
            float(gives["percent"]) / 100, decimals=0 if "." not in gives["percent"] else 2
        )
    return str(gives["sku"])


def _sent(visit: Visit) -> dict[str, Any]:
    """What the form says, as a document."""
    kind = visit.form("kind", "value")
    gives: dict[str, Any] = {"kind": kind}
    if kind == "value":
        scale = money_scale(visit.program.base_currency)
        gives["amount"] = desk.amount(visit.form("amount"), scale, "/definition/gives/amount")
    elif kind == "percent":
        gives["percent"] = visit.form("percent").replace(",", ".")
    else:
        gives["sku"] = visit.form("sku")
    names = {code: visit.form(f"names-{code}") for code in visit.program.languages}
    definition: dict[str, Any] = {
        "gives": gives,
        "purpose": visit.form("purpose", "multi"),
        "sold": visit.form("sold") == "yes",
        "names": {code: text for code, text in names.items() if text},
        "personal": visit.form("whose") in ("personal", "transferable"),
        "transferable": visit.form("whose") == "transferable",
    }
    if visit.form("tax_rate"):
        definition["tax_rate"] = visit.form("tax_rate").replace(",", ".")
    for name in ("valid_days", "remind_days"):
        if visit.form(name):
            definition[name] = desk.whole(visit.form(name), f"/definition/{name}")
    sent: dict[str, Any] = {
        "name": visit.form("name"),
        "pattern": visit.form("pattern").upper(),
        "definition": definition,
        "accept_warnings": visit.form("accept").split() if visit.form("accept") else [],
    }
    if visit.form("count"):
        sent["count"] = desk.whole(visit.form("count"), "/count")
    since = desk.moment(visit, visit.form("from"), "/from")
    until = desk.moment(visit, visit.form("until"), "/until", end=True)
    return sent | {name: at.isoformat() for name, at in (("from", since), ("until", until)) if at is not None}
