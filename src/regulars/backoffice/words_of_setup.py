"""What each switch of a program is called, what it does with an example, and under which heading it stands."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from regulars.i18n import N_

Kind = Literal["choice", "yes_no", "number", "money", "text", "list", "numbers", "pairs", "months", "gift"]


class Switch(Struct, frozen=True):
    """A field of the program's settings as a page shows it."""

    field: str
    """With a point: a field within one, such as `watch.returns_a_day`."""
    kind: Kind
    name: str
    words: str
    choices: tuple[tuple[str, str], ...] = ()
    """Value → what it is called."""
    may_be_empty: bool = False
    """Empty stands for never."""


class Heading(Struct, frozen=True):
    """Switches that belong together, on a page of their own."""

    code: str
    name: str
    words: str
    switches: tuple[Switch, ...]


HEADINGS: tuple[Heading, ...] = (
    Heading("points", N_("Earning and paying"),
        N_("What points are earned on, and how much of a receipt they may pay."), (
        Switch("points_as", "choice", N_("Points at the till"),
            N_("A payment leaves the tax as it is: of €20 the tax is that of €20. A lower price lowers the tax too."),
            (("payment", N_("are a payment")), ("price_reduction", N_("lower the price")))),
        Switch("earn_on_points_part", "yes_no", N_("Earn on the part paid with points"),
            N_("Of €20, 5 are paid with points: no earns on 15, yes on 20.")),
        Switch("earn_on", "choice", N_("Earn on amounts"),
            N_("€12.10 with 21 % tax: 12 points with tax, 10 without."), (("with_tax", N_("with tax")),
            ("without_tax", N_("without tax")))),
        Switch("discount_on", "choice", N_("Discounts are taken on"),
            N_("10 % and then 20 % of €10: 7.20 on the price that is left, 7.00 on the original price."),
            (("price_left", N_("the price that is left")), ("original_price", N_("the original price")))),
        Switch("prices_include_tax", "yes_no", N_("Prices include tax"),
            N_("As tills send them: in shops yes, in wholesale often no.")),
        Switch("points_share_max", "text", N_("Points may pay of a receipt at most, %"),
            N_("50: of €20, points pay 10 at most.")),
        Switch("points_share_line_max", "text", N_("Points may pay of each line at most, %"),
            N_("30: of goods for €10, points pay 3 at most.")),
        Switch("turnover_counts", "choice", N_("Turnover counts"),
            N_("What tiers look at: €20 of which 5 in points are 15, or 20."), (("paid",
            N_("what was paid in money")), ("paid_and_points", N_("money and points")))),
        Switch("on_last", "choice", N_("When a budget runs out"),
            N_("€3 are left and a discount would be 5: give 3, or nothing. A promotion may say otherwise."),
            (("reduce", N_("give what is left")), ("refuse", N_("give nothing")))),
        Switch("welcome", "gift", N_("Gift for joining"),
            N_("The currency and the points, such as: PTS 100. Once per person, however she joins; empty: none."),
            may_be_empty=True),
    )),
    Heading("passing", N_("Passing on"), N_("Points that members give to one another, and to good causes."), (
        Switch("passing.members", "yes_no", N_("Members give points by themselves"),
            N_("On their own pages, to somebody's phone or card number; otherwise only service does it for them.")),
        Switch("passing.least", "number", N_("Least of one transfer"), N_("50: nobody is sent a single point.")),
        Switch("passing.most", "number", N_("Most of one transfer"), N_("1000: more goes in parts; empty: no end."),
            may_be_empty=True),
        Switch("passing.a_day", "number", N_("Most on one day"),
            N_("2000: of one giver, by the days of the program; empty: no end."), may_be_empty=True),
        Switch("passing.a_month", "number", N_("Most in one month"),
            N_("10000: of one giver, by calendar months; empty: no end."), may_be_empty=True),
        Switch("passing.fee", "number", N_("Fee of a transfer, points"),
            N_("5: the giver pays them beside; they are not given back.")),
        Switch("passing.cooling_hours", "number", N_("Points cool off for, hours"),
            N_("24: what was earned or received today can be passed on tomorrow.")),
        Switch("passing.take_back_hours", "number", N_("Can be taken back for, hours"),
            N_("2: a mistake is put right within two hours, if nothing of it was spent.")),
        Switch("passing.member_days", "number", N_("New members wait, days"),
            N_("7: whoever joined this week passes nothing on yet.")),
        Switch("passing.sharing_as_transfers", "yes_no", N_("Joining a household is a transfer"),
            N_("The points that she brings along are within the limits above, and counted with them.")),
        Switch("passing.sharing.most", "number", N_("Otherwise: most that is brought along"),
            N_("5000: more stays hers until she leaves; empty: no end."), may_be_empty=True),
        Switch("passing.sharing.cooling_hours", "number", N_("Otherwise: before it, points cool off for, hours"),
            N_("24: what was earned or received today can be brought along tomorrow.")),
        Switch("passing.sharing.member_days", "number", N_("Otherwise: new members wait, days"),
            N_("7: whoever joined this week brings nothing along yet.")),
        Switch("passing.donations.most", "number", N_("Most of one donation"),
            N_("1000: more goes in parts; empty: no end."), may_be_empty=True),
        Switch("passing.donations.a_day", "number", N_("Most donated on one day"),
            N_("2000: of one giver, by the days of the program; empty: no end."), may_be_empty=True),
        Switch("passing.donations.a_month", "number", N_("Most donated in one month"),
            N_("10000: of one giver, by calendar months; empty: no end."), may_be_empty=True),
        Switch("passing.donations.cooling_hours", "number", N_("Before a donation points cool off for, hours"),
            N_("24: what was earned or received today can be passed on tomorrow.")),
        Switch("passing.donations.member_days", "number", N_("Before a donation new members wait, days"),
            N_("7: whoever joined this week passes nothing on yet.")),
        Switch("passing.exchanges.most", "number", N_("Most of one exchange"),
            N_("1000: more goes in parts; empty: no end."), may_be_empty=True),
        Switch("passing.exchanges.a_day", "number", N_("Most exchanged on one day"),
            N_("2000: of one giver, by the days of the program; empty: no end."), may_be_empty=True),
        Switch("passing.exchanges.a_month", "number", N_("Most exchanged in one month"),
            N_("10000: of one giver, by calendar months; empty: no end."), may_be_empty=True),
        Switch("passing.exchanges.cooling_hours", "number", N_("Before an exchange points cool off for, hours"),
            N_("24: what was earned or received today can be passed on tomorrow.")),
        Switch("passing.exchanges.member_days", "number", N_("Before an exchange new members wait, days"),
            N_("7: whoever joined this week passes nothing on yet.")),
        Switch("passing.charities", "list", N_("Good causes"),
            N_("A line for each, the code of a partner: members may donate points to it."), may_be_empty=True),
    )),
    Heading("returns", N_("Returns"), N_("What becomes of points, codes and vouchers when goods come back."), (
        Switch("return_policy", "choice", N_("Earned points that are spent already"),
            N_("20 points of the goods are gone: a debt is paid by what is earned next, or they are spared."),
            (("only_pending", N_("take back only what is not active yet")), ("within_balance",
            N_("take back as far as there are points")), ("debt", N_("book a debt")))),
        Switch("expired_points_on_return", "choice", N_("Points paid that meanwhile expired"),
            N_("Paid with in May, expired in June, goods back in July."), (("restore", N_("are given back")),
            ("expire", N_("stay expired")))),
        Switch("grace_days", "number", N_("Points given back last at least, days"),
            N_("30: whoever brings goods back has a month to spend them.")),
        Switch("limits_on_return", "choice", N_("Uses of promotions and codes"),
            N_("One use per member, and the goods come back: she may use it again, or not."), (("give_back",
            N_("are given back")), ("keep", N_("stay used")))),
        Switch("delivery_on_partial_return", "choice", N_("The charge for delivery"),
            N_("Half of the goods come back: nothing of it yet, or half."), (("keep",
            N_("comes back with the last of the goods")), ("proportional", N_("comes back in proportion")))),
        Switch("used_vouchers_on_return", "choice", N_("A used voucher that came with the goods"),
            N_("A voucher of €5 came with them and was spent: €5 less are paid back, or its promotion bears it."),
            (("keep_cost", N_("is kept back from the money")), ("promotion_bears", N_("its promotion bears it")))),
        Switch("return_at_other_stores", "yes_no", N_("Return at another store"),
            N_("Bought in Rīga, returned in Jelgava; the same partner.")),
        Switch("return_at_other_partners", "yes_no", N_("Return at another partner"),
            N_("Bought at the grocer, returned at the filling station.")),
    )),
    Heading("till", N_("At the till"), N_("Holds, late receipts, claims, and what a till may do on its own."), (
        Switch("hold_seconds", "number", N_("A hold lasts, seconds"),
            N_("Points reserved for a purchase come free again after it: 900 is a quarter of an hour.")),
        Switch("hold_seconds_max", "number", N_("A hold lasts at most, seconds"),
            N_("Web shops may ask for longer ones: 2592000 are 30 days.")),
        Switch("unassigned_cards", "choice", N_("A card that belongs to nobody yet"),
            N_("Taken at the till, the form not filled in yet."), (("earn", N_("earns, and spends nothing")),
            ("refuse", N_("is refused")))),
        Switch("unknown_stores", "choice", N_("A store that nobody entered"),
            N_("A till sends a purchase from store riga-9, which is not on the list."), (("register",
            N_("is entered by itself")), ("refuse", N_("is refused")))),
        Switch("late_days", "number", N_("A late receipt gets its offers for, days"),
            N_("7: a till without a network for six days loses nothing.")),
        Switch("claim_days", "number", N_("A purchase without card may be claimed for, days"),
            N_("14: the receipt is brought within two weeks.")),
        Switch("claims_a_week", "number", N_("Claims of one member in seven days"),
            N_("More looks like receipts that others left behind.")),
        Switch("cashier_members", "pairs", N_("Cashiers who are members"),
            N_("A line for each, such as: c-12 mem_…; they cannot claim what they rang up themselves."),
            may_be_empty=True),
        Switch("receipts_a_day_per_card", "number", N_("Receipts of one account that earn, a day"),
            N_("More on one day is a cashier's own card; empty: all earn."), may_be_empty=True),
        Switch("finds_a_minute", "number", N_("Members looked up in a minute, each till"),
            N_("More is somebody who reads the list of members.")),
        Switch("gift_card_most", "money", N_("Most on one gift card"),
            N_("150.00: whoever finds a card has no more than that.")),
        Switch("gift_card_skus", "list", N_("Articles that are gift cards"),
            N_("A line for each SKU; the till sells the first. They get no discount and earn nothing."),
            may_be_empty=True),
        Switch("gift_cards.valid_days", "number", N_("Money on a gift card lasts, days"),
            N_("365: a year from the day it is put on; empty: without end."), may_be_empty=True),
        Switch("gift_cards.tax_percent", "text", N_("Gift cards are for goods of one tax, %"),
            N_("21: its tax is due when a card is sold, and it pays for such goods only; empty: for all goods."),
            may_be_empty=True),
        Switch("gift_card_remind_days", "number", N_("Reminded of money on a gift card that ends, days before"),
            N_("14: members who keep a card are told two weeks before; 0: never.")),
        Switch("wrong_codes_a_minute", "number", N_("Unknown codes in a minute, each till"),
            N_("More is somebody who tries codes; then the till waits.")),
    )),
    Heading("tills", N_("Scanners"), N_("How the scanners at the tills are set, so that no scan lands in a field."), (
        Switch("tills.scanner_prefix", "text", N_("Scanners type before each code"),
            N_("Such as ~ when they are set to send it: then a scan is known by its first letter, and nothing else is "
               "taken for one. Empty: known by its pace."), may_be_empty=True),
        Switch("tills.scanner_suffix", "choice", N_("Scanners end each code with"),
            N_("Set to Tab, codes may hold line breaks."), (("enter", N_("the Enter key")), ("tab",
            N_("the Tab key")))),
    )),
    Heading("proof", N_("Log-in and proof"),
        N_("When spending needs a code or PIN, and what stops somebody who guesses."), (
        Switch("proof_for_phone", "yes_no", N_("Found by phone or email: prove it to spend"),
            N_("Anybody can say a phone number; a code to that phone shows whose it is.")),
        Switch("proof_above_a_day", "money", N_("Spending with a card needs a proof above, a day"),
            N_("20.00: small amounts go without; empty: never."), may_be_empty=True),
        Switch("confirm_before_spending", "yes_no", N_("New at a till: confirm before spending"),
            N_("Earns at once, spends once the phone or email is confirmed.")),
        Switch("log_in_enrols", "yes_no", N_("Log-in makes new members"),
            N_("Somebody logs in with a phone that nobody has: she becomes a member, or is sent to the till.")),
        Switch("code_seconds", "number", N_("A code can be used for, seconds"), N_("300: five minutes.")),
        Switch("codes_a_quarter_hour", "number", N_("Codes to one phone or email in 15 minutes"),
            N_("Each costs money and patience.")),
        Switch("codes_of_a_source", "number", N_("Codes from one till or address in 15 minutes"),
            N_("More is somebody who sends codes to strangers.")),
        Switch("wrong_proofs", "number", N_("Wrong codes that lock spending at that till"),
            N_("5: five wrong, then a wait. Earning goes on.")),
        Switch("lock_seconds", "number", N_("The lock lasts, seconds"), N_("900: a quarter of an hour.")),
        Switch("wrong_proofs_everywhere", "number", N_("Wrong codes in an hour that lock everywhere"),
            N_("When they come from several tills or phones.")),
        Switch("sources_everywhere", "number", N_("… from so many tills or phones"),
            N_("4: one confused cashier locks nobody everywhere.")),
    )),
    Heading("staff", N_("Staff and the second person"), N_("What one person may do alone, and how staff signs in."), (
        Switch("adjustment_limit", "number", N_("Points by hand above this wait"),
            N_("10000: a service desk gives 500 alone; 20,000 needs somebody else to agree.")),
        Switch("publish_budget_limit", "money", N_("Promotions that may cost more than this wait"),
            N_("5000.00: dearer ones, and those without a budget, need a second person; empty: never."),
            may_be_empty=True),
        Switch("publish_limit_rests_alone", "yes_no", N_("… only once two may decide"),
            N_("While one owner runs the program alone she publishes alone: there is nobody to ask.")),
        Switch("four_eyes_erasure", "yes_no", N_("Erasing a member waits"), N_("It cannot be undone.")),
        Switch("four_eyes_keys", "yes_no", N_("A new key waits"),
            N_("Whoever has a key reads or changes what its scopes allow.")),
        Switch("approvals_by_keys", "yes_no", N_("While no staff may decide, keys may"),
            N_("A system without people runs the program: another key than the one that asked may agree.")),
        Switch("approval_days", "number", N_("The second person has, days"), N_("Then it has to be asked for anew.")),
        Switch("second_factor", "choice", N_("Signing in"),
            N_("A password that leaks lets nobody in where a second factor is needed."), (("optional",
            N_("a password is enough")), ("required", N_("needs an app or a passkey too")))),
    )),
    Heading("watch", N_("Unusual at tills"),
        N_("From when on something stands in the review list. Nothing is refused for it."), (
        Switch("watch.receipts_a_day", "number", N_("Receipts of one card at one till or with one cashier, a day"),
            N_("6: one card that is scanned for many customers.")),
        Switch("watch.return_minutes", "number", N_("Goods back so soon, minutes"),
            N_("30: sold, points booked, and back half an hour later …")),
        Switch("watch.returns_a_day", "number", N_("… so often with one cashier, a day"),
            N_("3: once is chance.")),
        Switch("watch.returns_share", "number", N_("Returns of a cashier, times her colleagues'"),
            N_("5: five times as many in four weeks.")),
        Switch("watch.adjusted_minutes", "number", N_("Points by hand spent within, minutes"),
            N_("60: given by a colleague and spent within the hour.")),
        Switch("watch.unknown_codes_a_day", "number", N_("Unknown codes at one till, a day"),
            N_("10: mistyped happens; ten times is somebody who tries.")),
        Switch("watch.unknown_members_a_day", "number", N_("Unknown phones and cards at one till, a day"),
            N_("40: many are no members yet, and who is enrolled then does not count.")),
        Switch("watch.claims_a_week", "number", N_("Receipts of one cashier claimed by one member, a week"),
            N_("3: receipts that were left behind, and a cashier who passes them on.")),
    )),
    Heading("regularity", N_("Regular visits"),
        N_("When a member who used to come regularly is missed, and whether she is written to."), (
        Switch("regularity.on", "yes_no", N_("Notice who is overdue"),
            N_("Once for each absence: those who agreed to messages get one, unless they booked a visit.")),
        Switch("regularity.overdue_percent", "number", N_("Overdue after, % of the usual interval"),
            N_("150: who comes every 20 days is overdue on the 30th day.")),
        Switch("regularity.intervals_min", "number", N_("A rhythm needs intervals, at least"),
            N_("3: after four visits it is known how often somebody comes.")),
        Switch("regularity.window_days", "number", N_("Visits count for, days before the last one"),
            N_("730: how often somebody came three years ago says little.")),
        Switch("regularity.activities", "list", N_("Activities that show that she is around"),
            N_("A line for each kind, as visit: whoever had one lately is not missed, though she bought nothing."),
            may_be_empty=True),
    )),
    Heading("members", N_("Members and cards"), N_("Agreements, card numbers, how long somebody is kept."), (
        Switch("tier_remind_days", "number", N_("Reminded of what keeps a tier that ends, days before"),
            N_("30: members who have not reached it yet are told a month before; 0: never.")),
        Switch("public_address", "text", N_("Address of the member's pages"),
            N_("Such as https://club.example; links in messages begin with it. Empty: where this installation is."),
            may_be_empty=True),
        Switch("double_opt_in", "yes_no", N_("Confirm agreements by email"),
            N_("She agrees on a form and then presses a link in a mail; only then it counts.")),
        Switch("unmerge_days", "number", N_("A merge can be undone for, days"),
            N_("Two members turned out to be two persons.")),
        Switch("retention", "months", N_("Propose erasure after months without a sign"),
            N_("A line for each country, such as: LV 36. * is every other one; empty: never."), may_be_empty=True),
        Switch("card_prefix", "text", N_("Card numbers begin with"),
            N_("Four to eight digits, such as 9900; cards that are out keep theirs.")),
        Switch("card_digits", "number", N_("Digits of a card number"), N_("16 as on bank cards; 12 to 19.")),
        Switch("foreign_card_prefixes", "list", N_("Beginnings of imported numbers"),
            N_("With commas between, such as: 2650, 88. They follow rules of their own."), may_be_empty=True),
    )),
    Heading("offline", N_("Selling while the line is down"),
        N_("What a till may do without the line, and how much the store risks by it."), (
        Switch("offline.on", "yes_no", N_("Tills sell without the line"),
            N_("They keep goods and promotions, and send their receipts when the line is back.")),
        Switch("offline.snapshot_days", "number", N_("A till's data holds for, days"),
            N_("3: after a longer outage it sells without promotions, and nobody pays with points.")),
        Switch("offline.spend_per_member", "money", N_("One member may pay with points at one till"),
            N_("20.00: while it is cut off; 0: nothing. What was spent elsewhere meanwhile the store pays.")),
        Switch("offline.spend_per_till", "money", N_("All members together may, at one till"),
            N_("500.00: then it takes no more points until the line is back.")),
        Switch("offline.members_max", "number", N_("Members a till keeps an allowance for"),
            N_("5000: those who bought at the store last; their cards are kept as hashes.")),
    )),
    Heading("data", N_("Data and webhooks"),
        N_("How large files may be, how long they are kept, how often an event is sent again."), (
        Switch("import_bytes_max", "number", N_("Bytes of a file to be imported"),
            N_("50000000 are 50 MB, about half a million members.")),
        Switch("import_files_days", "number", N_("Imported files are kept for, days"),
            N_("So long an import can be undone.")),
        Switch("export_files_hours", "number", N_("Exports can be fetched for, hours"), N_("Then the file is gone.")),
        Switch("webhook_retry_seconds", "numbers", N_("Wait before each further attempt, seconds"),
            N_("With commas between: 5, 300, 1800 … after the last one it is given up.")),
        Switch("webhook_silent_days", "number", N_("A subscriber may be silent for, days"),
            N_("Then nothing is sent to it until somebody switches it on.")),
        Switch("webhook_keep_days", "number", N_("Events are kept for, days"),
            N_("So long they can be looked at and sent again.")),
    )),
)  # fmt: skip
"""Every switch, but those that have a page of their own: ELSEWHERE."""

ELSEWHERE = frozenset(
    {"groups", "excluded_goods", "line_floor", "names", "accent", "logo", "branding", "tills.printers"}
)
"""Order of calculation, exclusions, texts, branding and receipt printers."""

LOGO_PLACES: tuple[tuple[str, str], ...] = (
    ("right", N_("to the right of the name")),
    ("left", N_("to the left of the name")),
    ("above", N_("above the name")),
)
NUMBER_STYLES: tuple[tuple[str, str], ...] = (
    ("fours", N_("in groups of four")),
    ("whole", N_("as one")),
    ("last_four", N_("the last four digits alone: it cannot be typed at a till then")),
)
FLOORS: tuple[tuple[str, str], ...] = (
    ("zero", N_("nothing: a line may be free")),
    ("cost", N_("its cost, where it is known")),
    ("minimum", N_("the greater of its cost and its lowest price")),
)
STAGES: tuple[tuple[str, str], ...] = (
    ("item", N_("single goods")),
    ("basket", N_("the whole basket")),
    ("earning", N_("points")),
)
RULES: tuple[tuple[str, str], ...] = (
    ("all", N_("all that apply")),
    ("first", N_("the first that applies")),
    ("best", N_("the best for the member")),
    ("worst", N_("the cheapest for the shop")),
)
PURPOSES: tuple[tuple[str, str, str], ...] = (
    ("discount", N_("Get no discount"), N_("Tobacco, books at a fixed price, gift cards.")),
    ("earning", N_("Earn nothing"), N_("Gift cards, deposits, lottery tickets.")),
    ("spending", N_("Are not paid with points"), N_("Alcohol, tobacco, gift cards.")),
)
"""Purpose of an exclusion → its name and examples."""
LISTS: tuple[tuple[str, str], ...] = (
    ("categories", N_("Categories")),
    ("tags", N_("Tags")),
    ("brands", N_("Brands")),
    ("skus", N_("Articles (SKU)")),
)
CURRENCY_KINDS: dict[str, str] = {
    "points": N_("points"),
    "money": N_("money given as points (cashback)"),
    "qualifying": N_("counts for tiers alone, cannot be spent"),
    "stamps": N_("stamps of a card, worth 0"),
    "visits": N_("visits of prepaid packs, worth 0"),
}
MEASURES: tuple[tuple[str, str], ...] = (
    ("spend", N_("turnover")),
    ("purchases", N_("purchases")),
    ("visit_days", N_("days with a purchase")),
)
PERIODS: tuple[tuple[str, str], ...] = (
    ("calendar_year", N_("the calendar year")),
    ("membership_year", N_("the year of membership")),
    ("rolling", N_("the last days")),
    ("lifetime", N_("the whole membership")),
)
VALIDITIES: tuple[tuple[str, str], ...] = (
    ("rest_and_next_period", N_("to the end of the next period")),
    ("days", N_("for a number of days")),
    ("forever", N_("for ever")),
)
DOWNGRADES: tuple[tuple[str, str], ...] = (
    ("by_balance", N_("to what the sums are enough for")),
    ("one_step", N_("by one step")),
    ("to_base", N_("to the lowest tier")),
)
QUESTION_KINDS: tuple[tuple[str, str], ...] = (
    ("text", N_("a text")),
    ("number", N_("a whole number")),
    ("date", N_("a date")),
    ("yes_no", N_("yes or no")),
    ("one_of", N_("one of several")),
    ("several_of", N_("some of several")),
)
PLACES: tuple[tuple[str, str], ...] = (
    ("till", N_("at the till")),
    ("web", N_("on the web")),
    ("app", N_("in an app")),
)
CHANNELS: tuple[tuple[str, str], ...] = (
    ("email", N_("email")),
    ("sms", N_("SMS")),
    ("phone", N_("phone calls")),
    ("post", N_("post")),
    ("push", N_("messages on the phone")),
)
