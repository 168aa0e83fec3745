"""Promotions that compete for a purchase as a whole: under all rules but `all` one of them wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from uuid import UUID

from regulars.promotions.benefits.kind import Apart, Benefit
from regulars.promotions.bidders import Bidder, Given, Result
from regulars.promotions.competition import Competition
from regulars.promotions.index import Promotion


def purchase_group(
    table: Competition, rule: str, promotions: Iterable[Promotion], barred: bool, last: bool
) -> Result:
    """Benefits for which the purchase competes as a whole: under all rules but `all` one promotion wins."""
    competing: list[tuple[int, Promotion]] = []
    winners: list[Promotion] = []
    for promotion in promotions:
        if not promotion.purchase[last]:
            continue
        if promotion.joint or (rule == "all" and not barred):
            winners.append(promotion)
        elif not barred:
            worth = worth_of(table, promotion, promotion.purchase[last])
            if worth > 0:
                competing.append((worth, promotion))
    given: list[Given] = []
    losers: dict[int, UUID | None] = {}
    if competing:  # of equals the first
        chosen = {"best": max, "worst": min}.get(rule)
        _, winner = competing[0] if chosen is None else chosen(competing, key=itemgetter(0))
        losers = {promotion.order: winner.id for _, promotion in competing if promotion is not winner}
        winners.insert(0, winner)
    table.scene.clips = table.scene.clips or len(winners) > 1 or any(len(p.benefits) > 1 for p in winners)
    for promotion in winners:
        for benefit in promotion.purchase[last]:
            if benefit.apart:
                given += _hand(table, promotion, benefit)
                continue
            bid = table.bid(promotion, benefit)
            if bid is not None:
                given.append(table.give(Bidder(promotion, benefit, bid)))
    table.scene.clips = table.clips
    return Result(given, losers)


def _hand(table: Competition, promotion: Promotion, benefit: Benefit) -> Iterator[Given]:
    """Give what falls on no line, if a line of its goods is there."""
    scene = table.scene
    assert isinstance(benefit, Apart)
    if not scene.lines_of(benefit.goods):
        return
    off = table.drawn(promotion, benefit.off_delivery(scene))
    scene.delivery -= off
    grant = benefit.grant(scene, promotion.id, promotion.revision)
    if off or grant is not None:
        yield Given(promotion, benefit, {}, {}, 0, off, grant)


def worth_of(table: Competition, promotion: Promotion, benefits: Iterable[Benefit]) -> int:
    """What benefits would give on their own, in thousandths of a minor unit of money, rounded down.

    Something that costs nothing, or is worth no money, counts as one thousandth: it is better than nothing. What the
    limits of the promotion leave is for all its benefits together, and so is the charge for the delivery.
    """
    scene, worth = table.scene, 0
    room = table.limits.room(promotion) if promotion.limits else None
    charge = scene.delivery
    plain = not (table.clips or table.outside or table.runs.divided or promotion.limits)
    for benefit in benefits:
        if benefit.apart:
            assert isinstance(benefit, Apart)
            if scene.lines_of(benefit.goods):
                off = benefit.off_delivery(scene)
                kept_back = max(0, off - room) if room is not None else 0
                worth += max((benefit.worth(scene) - scene.to_base(kept_back)) * 1_000, benefit.worth_min)
                scene.delivery -= off - kept_back
                room = room if room is None else room - off + kept_back
            continue
        amount = _on_all(table, benefit) if plain else None
        if amount is None:
            kept = table.runs
            if benefit.grouped:  # an estimate must not cut the runs that the group is decided on
                table.runs = kept.copy()
                table.make_alike(benefit)
            bid = table.bid(promotion, benefit)
            amount = bid.alone() if bid is not None else 0
            table.runs = kept
        if room is not None:
            amount = min(amount, room)
            room -= amount
        if amount:
            numerator, denominator = benefit.weight(scene)
            worth += max(amount * numerator * 1_000 // denominator, 1)
    scene.delivery = charge
    return worth


def _on_all(table: Competition, benefit: Benefit) -> int | None:
    """What a benefit on everything, or on one line, gives, where the sum of the prices tells."""
    runs = table.runs
    if not benefit.goods.everything:
        places = table.scene.lines_of(benefit.goods)
        return benefit.on_all(table.scene, runs.start[places[0]]) if len(places) == 1 else None
    if runs.whole is None:
        runs.whole = sum(runs.start)
    return benefit.on_all(table.scene, runs.whole)
