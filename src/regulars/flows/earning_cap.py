"""Says when an account has had its receipts of a day that earn (`receipts_a_day_per_card`): further ones earn nothing.

They are counted under the account's lock by the machinery of conditions on visits, so that the cap is exact; a program
without a cap asks nothing of the database for it.
"""

from __future__ import annotations

from msgspec import structs

from regulars.programs.settings import ProgramSettings
from regulars.promotions.goods import Goods
from regulars.promotions.index import Live
from regulars.promotions.model import Rules, Standing
from regulars.purchases.model import Warned

ONE_DAY = 1
EVERYTHING = Goods()


def counting(live: Live, settings: ProgramSettings) -> Live:
    """The promotions, and that the day's receipts must be counted where there is a cap."""
    if settings.receipts_a_day_per_card is not None and ONE_DAY not in live.needs.visits:
        live.needs = structs.replace(live.needs, visits=(*live.needs.visits, ONE_DAY))
    return live


def rules_for(rules: Rules, settings: ProgramSettings, standing: Standing) -> Rules:
    """The rules by which a customer's purchase is priced: beyond the cap nothing earns."""
    if not beyond(settings, standing):
        return rules
    return structs.replace(rules, excluded=structs.replace(rules.excluded, earning=EVERYTHING))


def beyond(settings: ProgramSettings, standing: Standing) -> bool:
    """Whether this customer has had the day's receipts that earn."""
    cap = settings.receipts_a_day_per_card
    return cap is not None and standing.visits.get(f"days_{ONE_DAY}", 0) >= cap


def warnings(settings: ProgramSettings, standing: Standing) -> list[Warned]:
    """What the till is told of it."""
    cap = settings.receipts_a_day_per_card
    if cap is None or not beyond(settings, standing):
        return []
    return [
        Warned("receipts_a_day", f"This card had its {cap} receipts of the day; this one earns nothing.", cap)
    ]
