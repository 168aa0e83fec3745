"""What comes back of the charge for delivery: all of it with the last of the goods, before that by a setting. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import UNSET

from regulars.purchases.kept import Document
from regulars.purchases.plan import ReturnPlan
from regulars.purchases.returning import DeliveryBack, ReturnAnswer
from regulars.units import given_back

NO_DELIVERY = DeliveryBack(0, 0, 0)


def delivery_back(
    document: Document,
    before: Iterable[ReturnAnswer],
    plan: ReturnPlan,
    *,
    whole: bool,
    partly: Literal["keep", "proportional"],
) -> DeliveryBack:
    """What a return pays back of the delivery, cumulatively like a line. `whole`: no goods are kept.

    In proportion means to the gross of the goods: round(charge × gross that came back / gross), half up.
    """
    charged = document.answer.delivery
    if charged is UNSET:
        return NO_DELIVERY
    came, gross = plan.gross, sum(line.gross for line in document.lines)
    charge = net = 0
    for answer in before:
        came += sum(line.gross for line in answer.lines)
        if answer.delivery is not UNSET:
            charge += answer.delivery.charge
            net += answer.delivery.net
    if whole:
        charge, net = charged.charge - charge, charged.net - net
    elif partly == "proportional" and gross:
        # Never below zero: the setting may have been another one at the return before.
        charge = max(given_back(charged.charge, came, gross) - charge, 0)
        net = max(given_back(charged.net, came, gross) - net, 0)
    else:
        return NO_DELIVERY
    return DeliveryBack(charge, charge - net, net)
