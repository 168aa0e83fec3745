"""The export on paper shows every part that the file with all data has, in words, money and days of the language."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, get_args, get_type_hints

from msgspec import Struct, structs

from regulars import ids
from regulars.flows.booking_views import SeatBooking
from regulars.flows.clubs import ClubInvitation
from regulars.flows.entitlement_views import UseView
from regulars.flows.export_challenges import (
    ExportedBadge,
    ExportedChallenges,
    ExportedPrize,
    ExportedProgress,
)
from regulars.flows.export_games import ExportedAnswers, ExportedGames, ExportedPart, ExportedPlay
from regulars.flows.export_person import Export, begin
from regulars.flows.exported_person import (
    ExportedAccount,
    ExportedGiftCard,
    ExportedGrant,
    ExportedLogIn,
    PersonExport,
)
from regulars.flows.exported_prepaid import ExportedPrepaid
from regulars.flows.exported_referrals import ExportedReferrals
from regulars.flows.guest_list import ExportedClubs
from regulars.flows.known_programs import KnownPrograms
from regulars.flows.lottery_tickets import TicketView
from regulars.flows.member_entitlements import ExportedEntitlements
from regulars.flows.member_entitlements import ExportedGrant as GivenUses
from regulars.flows.member_tiers import ExportedTierChange
from regulars.flows.membership_plans import MembershipShown, MembershipStep
from regulars.flows.memberships import MembershipView
from regulars.flows.packs import PackView
from regulars.games.rhythms import Absence
from regulars.ledger.passing import Kind, PassedBy
from regulars.members.referral_book import Told
from regulars.members.tiers import Measures
from regulars.members.vault import Keyring
from regulars.members.views import MemberView
from regulars.prizes import PointsPrize, Prize
from regulars.web.paper import pdf, person, person_parts
from tests.api.conftest import SECRET, Api
from tests.api.games import GOOD, SURVEY
from tests.api.shop import MEMBER_POINTS, buy, line, publish, record
from tests.api.test_members import ANNA, enrolled
from tests.conftest import MASTER_KEYS, START
from tests.pdf_text import text_of

WHOLE = {MemberView, ExportedAccount}
"""Parts that are laid out as one; any other struct is looked into."""
OF_THE_FILE = {"version", "program"}
"""What says how the file is to be read, and of which installation it is."""
EMPTY = {"What you agreed to", "Groups and offers", "Cards of others", "What staff noted", "Rewards"}
LATER = START + timedelta(days=30)


def parts_of(of: type[Struct], before: str = "") -> set[str]:
    """The parts of the file with all data by their names; those of a part that has parts behind a dot."""
    found = set[str]()
    for name, kind in get_type_hints(of).items():
        inner = (
            isinstance(kind, type) and issubclass(kind, Struct) and kind not in WHOLE and name != "balance"
        )
        found |= parts_of(kind, f"{before}{name}.") if inner else {before + name}
    return found


def test_every_part_of_the_file_with_all_data_stands_on_paper() -> None:
    on_paper = {name for part in person.SECTIONS for name in part.holds} | {*person.HISTORY, *person.HEADING}
    assert parts_of(PersonExport) - OF_THE_FILE == on_paper


def test_every_way_of_passing_points_on_has_its_words() -> None:
    assert set(person_parts.POSTINGS) == set(get_args(Kind))


async def full(shop: Api) -> tuple[Export, str]:
    """An export in which no part is empty."""
    assert shop.database is not None
    await publish(shop, MEMBER_POINTS)
    member = await enrolled(shop, **ANNA, birthday="1990-02-03", attributes={"size": "M"})
    kind = {"names": {"lv": "Atsauksme", "en": "Review"}, "fields": [{"name": "text", "type": "text"}]}
    assert (await shop.call("PUT", "/v1/activity-kinds/review", kind)).is_success
    told = {"id": "t-1", "kind": "review", "happened_at": START.isoformat(), "data": {"text": "Labs veikals"}}
    assert (await shop.post(f"/v1/members/{member['id']}/events", told, scope="issuer")).is_success
    assert (await shop.call("PUT", "/v1/surveys/visit", SURVEY)).is_success
    given = {"survey": "visit", "answers": {**GOOD, "word": "Ļoti garšīgi"}}
    assert (await shop.post(f"/v1/members/{member['id']}/answers", given)).status_code == 201
    await record(shop, buy("r-1", member["cards"][0]["number"], [line(1, 500, "2", name="Šokolāde")]))
    known = KnownPrograms(shop.database, Keyring(SECRET, MASTER_KEYS))
    program = shop.program.id
    export = await begin(shop.database, known, program, ids.read("mem", member["id"]), START)
    her = member["id"]
    ten = Prize(points=PointsPrize("PTS", 10))
    plan = MembershipView(
        "mbr_1", her, "gold-plan", "active", date(2026, 3, 1), date(2026, 4, 1), False, None
    )
    step = MembershipStep(
        "started", "gold-plan", date(2026, 3, 1), date(2026, 4, 1), 999, 0, "", START, "x", ""
    )
    export.everything = structs.replace(
        export.everything,
        tag="spring-window",
        account=ExportedAccount("acc_1", "household", "Ozoli", "spender", 5000),
        merged=("mem_other",),
        tier_changes=(
            ExportedTierChange("club", None, "gold", START, LATER, "earned", Measures(), None, START),
        ),
        log_ins=(ExportedLogIn("device", "Anna's phone", START, None, LATER),),
        gift_cards=(ExportedGiftCard("gft_1", "…4821", 2500, "active"),),
        grants=(ExportedGrant("grt_1", "Stocard", START, LATER),),
        clubs=ExportedClubs(
            (ClubInvitation(her, "wine-club", START, "accepted", LATER),),
            (
                SeatBooking(
                    "bkg_1", "tasting", "Vīna degustācija", "Rīga", START, LATER, her, 2, "booked", None, None, "PTS",
                    100, START, False,
                ),
            ),
        ),
        entitlements=ExportedEntitlements(
            (GivenUses("lounge", 3, START, LATER, "staff"),),
            (UseView("use_1", her, "lounge", "Zāle", "used", "r1", "dzintars", START, 1, 1, True, 300),),
        ),
        paid_ahead=ExportedPrepaid(
            (MembershipShown(plan, (step,)),),
            (PackView("pck_1", her, "coffee-pack", "VIS", 10, 4, 2000, LATER, START, 800),),
            (Absence(date(2026, 1, 5), date(2026, 2, 5), START, "email"),),
        ),
        brought_and_passed_on=ExportedReferrals(
            (Told("brought", "ANNA-7", START, "self"),),
            (PassedBy("donation", "PTS", 40, 2, "red-cross", None, None, START, None, LATER),),
        ),
        games=ExportedGames(
            (ExportedPlay("wheel", "ten", "ten", "points", 20, START),),
            (TicketView("tkt_1", "spring", 1234, "points", 10, "PTS", True, START),),
            (ExportedPart("visit", 2, START),),
            (*export.everything.games.answers, ExportedAnswers("gone", date(2026, 3, 1), {"q": ["a", "b"]}, {})),
        ),
        challenges=ExportedChallenges(
            "Zvirbulis",
            {"five-visits": START},
            (ExportedProgress("five-visits", START, LATER, 3, 0, {}),),
            (ExportedBadge("early-bird", START),),
            (ExportedPrize("prz_1", "survey", ten, START, LATER),),
        ),
    )  # fmt: skip
    return export, her


def rows(data: dict[str, Any]) -> dict[str, list[list[str]]]:
    """Title → rows, each space a plain one."""
    return {
        section["title"]: [[" ".join(cell.split()) for cell in row] for row in section["rows"]]
        for section in data["sections"]
    }


async def test_each_part_is_told_in_words_days_money_and_points(shop: Api) -> None:
    export, _ = await full(shop)
    data = await person.sheet(export, "en")
    told = rows(data)
    now = "1 Mar 2026 11:00"
    who = dict(told["Who you are"])
    assert who["Shared account"] == "Ozoli · Earns and spends"
    assert who["To spend a day at most"] == "€50.00"
    assert (who["What brought you"], who["Merged with"]) == ("spring-window", "mem_other")
    assert who["Name on the leaderboard"] == "Zvirbulis"
    assert told["Tiers"] == [[now, "gold", "31 Mar 2026", "reached"]]
    assert told["Gift cards"] == [["…4821", "in use", "€25.00"]]
    assert told["Events"][0][3:] == ["2", "−100 points"]
    assert told["Memberships"] == [[now, "gold plan", "begun", "1 Mar 2026 – 31 Mar 2026", "€9.99"]]
    assert told["Packs"] == [["coffee pack", now, "4 of 10", "€20.00", "paid back €8.00"]]
    assert told["What you passed on"] == [
        [now, "Given to a good cause: red cross", "taken back", "−42 points"]
    ]
    assert told["Tickets"] == [[now, "spring", "1234", "−10 points", "void"]]
    assert told["What you answered"][0][:2] == ["1 Mar 2026", "How was it?"]
    assert "Ļoti garšīgi" in [answer for *_, answer in told["What you answered"]]
    assert told["Prizes"] == [[now, "+10 points", "Survey", "taken back"]]
    assert told["What else you did"][0][:3] == [now, "Review", "text: Labs veikals"]
    shown = {section["title"] for section in data["sections"]}
    assert shown >= {
        part.title for part in person.SECTIONS
        if part.title not in EMPTY
    }  # fmt: skip


async def test_rows_of_a_section_fill_its_columns(shop: Api) -> None:
    export, _ = await full(shop)
    data = await person.sheet(export, "lv")
    for section in data["sections"]:
        widths = {len(row) for row in section["rows"]}
        assert len(widths) == 1, section
        assert not section["head"] or widths == {len(section["head"])}, section


async def test_the_paper_is_set_with_every_part(shop: Api) -> None:
    export, her = await full(shop)
    data = await person.sheet(export, "lv")
    text = text_of(await pdf.render_later(person.TEMPLATE, data))
    for shown in ("Zvirbulis", "Ļoti garšīgi", "Labs veikals", "Vīna degustācija", "Atsauksme", her[-8:]):
        assert shown in text
