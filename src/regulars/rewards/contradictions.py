"""Decides whether a reward or a voucher makes sense: each contradiction in a sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from regulars.contradictions import (
    DESCRIPTION_NEEDED,
    Contradicting,
    of_name,
    of_partner,
    of_price,
    of_text,
    of_times,
)
from regulars.i18n import N_
from regulars.rewards.model import WITH_CODES, Definition, Price, Reward


class Batch(Struct, frozen=True):
    """A batch of vouchers that a reward may hand out."""

    valid_until: datetime | None
    stopped: bool
    definition: Definition | None


class Surroundings(Struct, frozen=True):
    """What a reward meets in its program."""

    currencies: Mapping[str, str]
    """Code → kind."""
    partners: frozenset[str]
    languages: tuple[str, ...]
    batches: Mapping[str, Batch]


def of_reward(reward: Reward, around: Surroundings) -> list[Contradicting]:
    """What contradicts itself, or names what there is not; each with where it stands."""
    return [one for part in (_texts, _prices, _limits, _dates, _codes) for one in part(reward, around)]


def of_definition(definition: Definition) -> list[Contradicting]:
    """What contradicts itself in what a voucher is said to be."""
    return [one for part in (_gives, _of_whom) for one in part(definition)]


def _of_whom(definition: Definition) -> Iterator[Contradicting]:
    if definition.tax_rate is not None and definition.purpose == "multi":
        yield Contradicting(
            "/definition/tax_rate",
            N_("The tax of a multi-purpose voucher is known only when it is used."),
        )
    if definition.purpose == "single" and definition.tax_rate is None:
        yield Contradicting("/definition/tax_rate", N_("A single-purpose voucher needs its rate of tax."))
    if definition.transferable and not definition.personal:
        text = N_("Whoever brings a bearer voucher may use it: nothing is transferred.")
        yield Contradicting("/definition/transferable", text)
    if definition.remind_days is None:
        return
    if not definition.personal:
        text = N_("Nobody can be reminded of a voucher that belongs to nobody.")
        yield Contradicting("/definition/remind_days", text)
    if definition.valid_days is not None and definition.remind_days >= definition.valid_days:
        yield Contradicting(
            "/definition/remind_days", N_("The reminder would come before the voucher is given out.")
        )


def _texts(reward: Reward, around: Surroundings) -> Iterator[Contradicting]:
    first = around.languages[0]
    yield from of_name(reward.names, first)
    yield from of_text(reward.descriptions, first, "/descriptions", DESCRIPTION_NEEDED)
    yield from of_partner(reward.funder, around.partners)


def _prices(reward: Reward, around: Surroundings) -> Iterator[Contradicting]:
    seen: set[tuple[str | None, str, int]] = set()
    for place, price in enumerate(reward.prices):
        at = f"/prices/{place}"
        yield from of_price(price.currency, around.currencies, f"{at}/currency")
        if not price.points:
            yield Contradicting(
                f"{at}/points",
                N_("A reward costs points: a price of none is a gift, which a promotion gives."),
            )
        if price.money and reward.gives_codes:
            yield Contradicting(
                f"{at}/money",
                N_("A code is good at once, before anybody asks for money: it costs points alone."),
            )
        if price.tier is not None and reward.tiers and price.tier not in reward.tiers:
            yield Contradicting(
                f"{at}/tier",
                N_("Nobody would pay the price for {tier}: that tier may not claim it."),
                {"tier": price.tier},
            )
        key = (price.tier, price.currency, price.money)
        if key in seen:
            yield Contradicting(
                at, N_("There are two prices in the same points and money for the same members.")
            )
        seen.add(key)
    if reward.tiers and all(price.tier is not None for price in reward.prices):
        missing = sorted(set(reward.tiers) - {price.tier for price in reward.prices})
        if missing:
            yield Contradicting(
                "/prices", N_("There is no price for {tiers}."), {"tiers": ", ".join(missing)}
            )
    elif not reward.tiers and all(price.tier is not None for price in reward.prices):
        yield Contradicting(
            "/prices",
            N_("There is no price for members without these tiers: say that only they may claim."),
        )


def _limits(reward: Reward, around: Surroundings) -> Iterator[Contradicting]:
    seen: dict[tuple[str, str], int] = {}
    for place, limit in enumerate(reward.limits):
        key = (limit.per, limit.period)
        if key in seen:
            yield Contradicting(
                f"/limits/{place}",
                N_("There are two limits per {per} and {period}."),
                {"per": limit.per, "period": limit.period},
            )
        seen[key] = limit.most
    for (per, period), most in seen.items():
        total = seen.get(("total", period))
        if per == "member" and total is not None and total < most:
            yield Contradicting(
                "/limits",
                N_("One member may claim {most}, but all together only {total}, per {period}."),
                {"most": str(most), "total": str(total), "period": period},
            )


def _dates(reward: Reward, around: Surroundings) -> Iterator[Contradicting]:
    yield from of_times(reward.valid_from, reward.valid_until)
    if reward.unclaimed == "keep" and reward.valid_days is None:
        yield Contradicting(
            "/unclaimed",
            N_("Without a time to fetch it nothing is ever late: say for how many days it is kept."),
        )
    if reward.unclaimed == "keep" and reward.kind in WITH_CODES:
        yield Contradicting("/unclaimed", N_("A code is not fetched; what it is worth ends with it."))


def _codes(reward: Reward, around: Surroundings) -> Iterator[Contradicting]:
    if reward.kind not in WITH_CODES:
        if reward.batch is not None:
            yield Contradicting("/batch", N_("Only vouchers and discounts hand out codes."))
        return
    if reward.batch is None:
        yield Contradicting("/batch", N_("A voucher or discount needs the batch whose codes it hands out."))
        return
    batch = around.batches.get(reward.batch)
    if batch is None:
        yield Contradicting("/batch", N_("There is no voucher batch {batch}."), {"batch": reward.batch})
        return
    if batch.definition is None:
        yield Contradicting(
            "/batch",
            N_("The codes of {batch} are not vouchers: nobody said what they are worth."),
            {"batch": reward.batch},
        )
    elif reward.valid_days is not None and batch.definition.valid_days not in (None, reward.valid_days):
        yield Contradicting(
            "/valid_days",
            N_("The vouchers of {batch} say themselves that they last {days} days."),
            {"batch": reward.batch, "days": str(batch.definition.valid_days)},
        )
    if batch.stopped:
        yield Contradicting("/batch", N_("The batch {batch} was stopped."), {"batch": reward.batch})
    if batch.valid_until is not None and reward.valid_until is not None:
        last = batch.valid_until - timedelta(seconds=1)
        if last < reward.valid_until - timedelta(seconds=1):
            yield Contradicting(
                "/until", N_("The codes of {batch} end before the reward does."), {"batch": reward.batch}
            )


def _gives(definition: Definition) -> Iterator[Contradicting]:
    gives = definition.gives
    wanted = {"value": "amount", "percent": "percent", "product": "sku"}[gives.kind]
    for name in ("amount", "percent", "sku"):
        given = getattr(gives, name) is not None
        pointer, values = f"/definition/gives/{name}", {"kind": gives.kind, "field": name}
        if name == wanted and not given:
            yield Contradicting(pointer, N_("A voucher of the kind {kind} needs {field}."), values)
        elif given and name != wanted:
            text = N_("{field} does not belong to a voucher of the kind {kind}.")
            yield Contradicting(pointer, text, values)
    if definition.sold and gives.kind != "value":
        text = N_("Only vouchers of an amount are sold: it says what is owed for them.")
        yield Contradicting("/definition/sold", text)
    if definition.sold and definition.purpose == "multi":
        text = N_("A multi-purpose voucher that is sold is a gift card: sell gift cards instead.")
        yield Contradicting("/definition/purpose", text)
    if definition.sold and definition.personal:
        text = N_("Vouchers that are sold belong to whoever brings them.")
        yield Contradicting("/definition/sold", text)
    if gives.percent is not None and not 0 < float(gives.percent) <= 100:
        yield Contradicting(
            "/definition/gives/percent", N_("A percentage lies above 0 and is 100 at the most.")
        )


def cheapest(prices: tuple[Price, ...]) -> Price:
    """The price with the fewest points, then the least money."""
    return min(prices, key=lambda price: (price.points, price.money, price.currency))
