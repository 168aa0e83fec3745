"""Points and money: what a point is called and worth, when it can be spent and expires; and rates of exchange."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from litestar import Response

from regulars import i18n
from regulars.backoffice import passing_shown
from regulars.backoffice.office import Pages
from regulars.backoffice.visit import Visit
from regulars.backoffice.words_of_setup import CURRENCY_KINDS
from regulars.errors import InvalidValue
from regulars.flows.register_currency import (
    NewCurrency,
    NewExchangeRate,
    list_currencies,
    list_exchange_rates,
    register_currency,
    register_exchange_rate,
)
from regulars.i18n import OWN_NAMES, PLURAL_SAMPLES
from regulars.programs.model import CurrencySpec

pages = Pages()
LIST = "/setup/currencies"
RATES_SHOWN = 100


@pages.get("/setup/currencies", needs="setup.read")
async def currencies(visit: Visit) -> Response[Any]:
    """The currencies of the program, and what other moneys are worth."""
    program = visit.program
    found = await list_currencies(visit.database, program.id)
    rates = await list_exchange_rates(visit.database, program.id)
    language = visit.language
    return visit.page(
        "setup/currencies",
        items=[
            (one, _sample(visit, spec := program.currencies[one.code]), _pays(visit, spec)) for one in found
        ],
        kinds={code: language.gettext(words) for code, words in CURRENCY_KINDS.items()},
        rates=rates[:RATES_SHOWN],
        points_rates=await passing_shown.rates(visit),
        exchanged=passing_shown.exchanged(visit),
        donations=await passing_shown.donations(visit),
        today=(await visit.now()).astimezone(visit.zone).date(),
    )


@pages.get("/setup/currencies/edit", needs="setup.write")
async def edit(visit: Visit) -> Response[Any]:
    """The form of a currency, new or not."""
    code = visit.query.get("code", "")
    one = visit.program.currencies.get(code)
    found = next(
        (
            view
            for view in await list_currencies(visit.database, visit.program.id)
            if one and view.code == code
        ),
        None,
    )
    shown = {
        "code": code if found else "",
        "kind": found.kind if found else "points",
        "scale": str(found.scale) if found else "0",
        "worth": found.worth if found else "1",
        "active_after_days": str(found.active_after_days) if found else "0",
        "expires_after_days": str((found and found.expires_after_days) or ""),
        "expires_after_months": str((found and found.expires_after_months) or ("" if found else "12")),
    }
    if visit.problem is not None:
        shown |= {name: value for name, value in visit.form_fields().items() if name in shown}
    language = visit.language
    return visit.page(
        "setup/currency",
        one=found,
        shown=shown,
        kinds=[(code, language.gettext(words)) for code, words in CURRENCY_KINDS.items()],
        spoken=[_forms(visit, spoken, found.names if found else {}) for spoken in visit.program.languages],
    )


@pages.post("/setup/currencies/edit", needs="setup.write", again=edit)
async def save(visit: Visit) -> Response[Any]:
    """Enter a currency, or change the names, worth and dates of the one with this code."""
    code = visit.form("code")
    known = visit.program.currencies.get(code)
    names = dict(known.names) if known else {}
    for language in visit.program.languages:
        forms = {form: visit.form(f"name-{language}-{form}") for form, _ in _samples(language)}
        names[language] = {form: name for form, name in forms.items() if name}
    content = {
        "code": code,
        "kind": known.kind if known else visit.form("kind"),
        "scale": known.scale if known else _whole(visit, "scale") or 0,
        "worth": visit.form("worth").replace(",", "."),
        "names": {language: forms for language, forms in names.items() if forms},
        "active_after_days": _whole(visit, "active_after_days") or 0,
        "expires_after_days": _whole(visit, "expires_after_days"),
        "expires_after_months": _whole(visit, "expires_after_months"),
    }
    await register_currency(visit.database, await visit.once(content), visit.read(NewCurrency, content))
    return visit.to(LIST, done=visit.language.gettext("%(name)s is saved.") % {"name": code})


@pages.post("/setup/currencies/rates", needs="setup.write", again=currencies)
async def enter_rate(visit: Visit) -> Response[Any]:
    """Enter what another money is worth from a day on."""
    try:
        day = date.fromisoformat(visit.form("day"))
    except ValueError:
        raise InvalidValue("/valid_from", "is not a date") from None
    content = {
        "currency": visit.form("currency").upper(),
        "valid_from": datetime.combine(day, time(), visit.zone).isoformat(),
        "rate": visit.form("rate").replace(",", "."),
    }
    await register_exchange_rate(
        visit.database, await visit.once(content), visit.read(NewExchangeRate, content)
    )
    said = visit.language.gettext("The rate is entered; purchases from that day on are reckoned by it.")
    return visit.to(LIST, done=said)


def _pays(visit: Visit, one: CurrencySpec) -> str:
    """What a hundred pay at the till; empty: they cannot be spent."""
    if one.kind not in ("points", "money"):
        return ""
    worth = one.worth.half_up(100 * 10**one.scale)
    return visit.language.money(worth, visit.program.base_currency)


def _sample(visit: Visit, one: CurrencySpec) -> str:
    """`1 point, 2 points, 5 points`, each once."""
    amounts = [n * 10**one.scale for n in (1, 2, 5)]
    return ", ".join(visit.language.points(amount, one.names, scale=one.scale) for amount in amounts)


def _forms(
    visit: Visit, code: str, names: dict[str, dict[str, str]]
) -> tuple[str, str, list[tuple[str, str, str]]]:
    """A language, what it calls itself, and its plural forms: category, a number of it, and the name."""
    forms = names.get(code, {})
    shown = [
        (form, sample, visit.form(f"name-{code}-{form}") or forms.get(form, ""))
        for form, sample in _samples(code)
    ]
    return code, OWN_NAMES[code], shown


def _samples(code: str) -> list[tuple[str, str]]:
    """The plural categories of a language with numbers that are of them: `one` → `1, 21`."""
    language = i18n.language(code)
    found: dict[str, list[str]] = {}
    for number in (1, *(n for n in PLURAL_SAMPLES if n != 1)):
        found.setdefault(language.plural(number), []).append(str(number))
    found.setdefault("other", ["1.5"])
    return [(form, ", ".join(numbers[:3])) for form, numbers in found.items()]


def _whole(visit: Visit, name: str) -> int | None:
    text = visit.form(name)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise InvalidValue(f"/{name}", "is not a whole number")
    return int(text)
