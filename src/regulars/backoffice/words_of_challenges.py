"""What the form of a challenge offers to choose from, in words."""

from __future__ import annotations

from regulars.i18n import N_

GOALS = (
    ("set", N_("so many different ones")),
    ("count", N_("so many purchases or activities")),
    ("sum", N_("so much in all")),
    ("streak", N_("so many periods in a row")),
)
OF = (
    ("", N_("–")),
    ("categories", N_("categories")),
    ("skus", N_("products")),
    ("brands", N_("brands")),
    ("stores", N_("stores")),
    ("partners", N_("partners")),
)
MEASURES = (("spend", N_("money spent")), ("units", N_("pieces")), ("points", N_("points earned")))
EACH = (("day", N_("days")), ("week", N_("weeks")), ("month", N_("months")))
WINDOWS = (
    ("dates", N_("between the dates above")),
    ("days", N_("so many days of the member's own")),
    ("week", N_("anew every week")),
    ("month", N_("anew every month")),
    ("quarter", N_("anew every quarter")),
)
BEGINS = (("first", N_("with the first thing that counts")), ("joining", N_("with the joining")))
JOIN = (
    ("automatic", N_("everybody it is meant for, at once")),
    ("opt_in", N_("who says that she takes part")),
)
RETURNS = (
    ("undo", N_("it counts no more, and the prize goes with it")),
    ("keep", N_("what was reached stays")),
)
PRIZES = (
    ("", N_("–")),
    ("points", N_("points")),
    ("voucher", N_("a voucher of the batch")),
    ("badge", N_("the badge")),
    ("entitlement", N_("uses of the entitlement")),
    ("tickets", N_("tickets of the draw")),
)
ICONS = (
    ("star", N_("star")),
    ("trophy", N_("cup for a winner")),
    ("heart", N_("heart")),
    ("leaf", N_("leaf")),
    ("cup", N_("cup of coffee")),
    ("flame", N_("flame")),
    ("map", N_("map")),
    ("crown", N_("crown")),
    ("medal", N_("medal")),
    ("rocket", N_("rocket")),
)
