"""The pages of the desk: members, purchases and codes, in the order in which they are declared."""

from __future__ import annotations

from regulars.backoffice import (
    codes,
    gift_cards,
    member_acts,
    member_marks,
    member_merging,
    member_sources,
    members,
    members_list,
    purchase_acts,
    purchases,
    vouchers,
)
from regulars.backoffice.office import Page

items: list[Page] = [
    *members_list.pages.items,
    *member_sources.pages.items,
    *members.pages.items,
    *member_merging.pages.items,
    *member_acts.pages.items,
    *member_marks.pages.items,
    *purchases.pages.items,
    *purchase_acts.pages.items,
    *codes.pages.items,
    *vouchers.pages.items,
    *gift_cards.pages.items,
]
