"""What a member sees on her phone as a program's time goes by: miles, cashback, listens, friends, visits, gifts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.api.activity import COMMISSION, LISTEN
from tests.api.quests import TASTE
from tests.api.referring import BOTH
from tests.api.test_clubs import CLUB_PRICE
from tests.api.test_regularity import FIFTH, S19, at, visits
from tests.api.tiers import AIRLINE
from tests.browser.conftest import Shop
from tests.browser.sandbox import Sandbox, shown

TIERS = {"status/blue": {"en": "Blue", "lv": "Zilais"}, "status/gold": {"en": "Gold", "lv": "Zelts"}}
MILES = {"en": {"one": "mile", "other": "miles"}, "lv": {"zero": "jūdžu", "one": "jūdze", "other": "jūdzes"}}
EUROS = {"en": {"one": "euro", "other": "euros"}, "lv": {"zero": "eiro", "one": "eiro", "other": "eiro"}}
VISITS: dict[str, Any] = {"quotas": [{"uses": 2}], "booking": {"opens": "00:00", "closes": "23:59"}}


@pytest.fixture
def program(browser: Browser, shop: Shop, database_url: str) -> Iterator[Sandbox]:
    """A program of the test alone."""
    made = Sandbox(browser, shop, database_url)
    yield made
    made.close()


@pytest.mark.scenario("S5")
def test_the_tier_is_there_on_the_day_and_a_cancelled_upgrade_gives_the_lots_back(program: Sandbox) -> None:
    for code in ("QM", "SEG"):
        currency = {"code": code, "kind": "qualifying", "worth": "0", "names": MILES}
        program.call("POST", "/v1/currencies", currency)
    for cabin, points, per in (("economy", 1, "1"), ("business", 3, "2")):
        miles = {"kind": "points_per_unit", "currency": "QM", "points": points, "per": per}
        benefits = [{**miles, "goods": {"categories": [cabin]}}]
        conditions = [{"kind": "member"}]
        program.publish(
            {"name": f"Miles in {cabin}", "group": "points", "conditions": conditions, "benefits": benefits}
        )
    settings = {"names": {"tier": TIERS}, "adjustment_limit": 15_000}
    program.call("PATCH", "/v1/program", {"settings": settings})
    program.call("PUT", "/v1/ladders/status", AIRLINE)
    number, card, member = program.member("Anna Kalniņa")
    program.buy(card, (1, "24400", "economy"))
    phone = program.phone(number)
    shown(phone, "/tier", ".tier-card", en="Blue | 24 400 miles of 25 000 miles", lv="Zilais | 24 400 jūdžu")
    program.buy(card, (1, "900", "business"))
    shown(phone, "/tier", ".tier-card", en="Gold | Until 31 Dec 2027", lv="Zelts | Līdz 31.12.2027")
    shown(phone, "", ".balance", en="25 750 miles", lv="25 750 jūdžu")

    upgrade = {
        "kind": "upgrade",
        "names": {"en": "Business class", "lv": "Biznesa klase"},
        "prices": [{"currency": "PTS", "points": 15_000}],
    }
    reward = program.call("POST", "/v1/rewards", upgrade)["id"]
    given = {"currency": "PTS", "amount": 15_000, "reason": "flown"}
    program.call("POST", f"/v1/members/{member}/adjustments", given)
    back = {"en": "15 000 points | 15 000 points to spend by 1 Mar 2027",
            "lv": "15 000 punktu | 15 000 punktu – iztērēt līdz 01.03.2027"}  # fmt: skip
    shown(phone, "", ".balance", **back)
    claim = {"reward": reward, "hold": True}
    held = program.call("POST", f"/v1/members/{member}/redemptions", claim)
    shown(phone, "", ".balance", en="0 points | Reserved for a purchase: 15 000 points",
          lv="0 punktu | Rezervēts pirkumam: 15 000 punktu")  # fmt: skip
    shown(phone, "/rewards", ".row", en="Business class | Reserved", lv="Biznesa klase | Rezervēts")
    program.call("POST", f"/v1/redemptions/{held['id']}/cancel", {})
    shown(phone, "", ".balance", **back)


@pytest.mark.scenario("S15")
def test_the_brokers_cashback_and_its_correction_are_seen_to_the_cent(program: Sandbox) -> None:
    cash = {"code": "CASH", "kind": "money", "scale": 2, "names": EUROS}
    program.call("POST", "/v1/currencies", cash)
    program.call("PUT", "/v1/activity-kinds/commission", COMMISSION)
    number, _, member = program.member("Anna Kalniņa")

    def deal(request: str, happened_at: str, commission: int) -> None:
        body = {"id": request, "kind": "commission", "happened_at": happened_at}
        program.call("POST", f"/v1/members/{member}/events", body | {"data": {"commission": commission}})

    deal("march", "2026-03-01T10:00:00+02:00", 184_000)
    program.set_clock("2026-04-02T09:00:00+03:00")
    phone = program.phone(number)
    shown(phone, "", ".balance", en="184.00 euros", lv="184,00 eiro")
    deal("april", "2026-04-02T08:00:00+03:00", -84_000)
    program.set_clock("2026-05-01T09:00:00+03:00")
    closed = [program.call("POST", "/v1/activity-kinds/commission/close", {"month": "2026-04"}) for _ in "12"]
    assert closed[0] == closed[1]
    shown(phone, "", ".balance", en="100.00 euros", lv="100,00 eiro")
    shown(phone, "/points", ".row", en="Commission | +184.00 euros | −84.00 euros | 100.00 euros",
          lv="Komisija | +184,00 eiro | −84,00 eiro | 100,00 eiro")  # fmt: skip


@pytest.mark.scenario("S24")
def test_two_hundred_listens_are_a_point_that_she_sees_and_ten_a_day_are_the_most(program: Sandbox) -> None:
    program.call("PUT", "/v1/activity-kinds/listen", LISTEN)
    number, _, member = program.member("Anna Kalniņa")

    def listen(hour: int, listens: int) -> None:
        moment = f"2026-03-01T{hour:02}:00:00+02:00"
        body = {"id": f"l-{hour}", "kind": "listen", "happened_at": moment, "data": {"listens": listens}}
        program.call("POST", f"/v1/members/{member}/events", body)

    listen(7, 199)
    phone = program.phone(number)
    shown(phone, "", ".balance", en="0 points", lv="0 punktu")
    listen(8, 1)
    shown(phone, "", ".balance", en="1 point", lv="1 punkts")
    listen(9, 9_000)
    shown(phone, "", ".balance", en="10 points", lv="10 punktu")
    shown(phone, "/points", ".row", en="Song played | +1 point | +9 points",
          lv="Noklausīta dziesma | +1 punkts | +9 punkti")  # fmt: skip


@pytest.mark.scenario("S19")
def test_the_fifth_visit_in_good_time_is_cheaper_and_her_receipt_says_why(program: Sandbox) -> None:
    program.publish({**FIFTH, "names": {"lv": "Piektā laikā"}})
    number, card, _ = program.member("Anna Kalniņa")
    bought = []
    for day in visits(*S19)[:5]:
        program.set_clock(at(day))
        bought.append(program.buy(card, (4_000, "1", "massage"), at=at(day)))
    assert [one["discount"] for one in bought] == [0, 0, 0, 0, 800]
    phone = program.phone(number)
    shown(phone, f"/receipts/{bought[4]['id']}", "main",
          en="The fifth in good time | −€8.00 | Paid €32.00 | after 4 visits in a row, each within 30 days",
          lv="Piektā laikā | −8,00 € | Samaksāts 32,00 € | pēc 4 apmeklējumiem pēc kārtas")  # fmt: skip


@pytest.mark.scenario("S3")
def test_a_return_takes_the_challenge_back_and_a_clubs_prices_are_on_the_receipt(program: Sandbox) -> None:
    program.call("PUT", "/v1/challenges/taste", TASTE)
    program.call("PUT", "/v1/clubs/tasters", {"names": {"en": "Tasters", "lv": "Degustētāji"}})
    number, card, _ = program.member("Anna Kalniņa")
    for day, category in ((1, "coffee"), (3, "coffee"), (9, "tea")):
        moment = f"2026-03-{day:02}T11:00:00+02:00"
        program.set_clock(moment)
        program.buy(card, (1_000, "1", category), at=moment)
    phone = program.phone(number)
    shown(phone, "/challenges", ".quest", en="Three tastes | 2 of 3", lv="Trīs garšas | 2 no 3")
    program.set_clock("2026-03-14T11:00:00+02:00")
    third = program.buy(card, (1_000, "1", "cake"), at="2026-03-14T11:00:00+02:00")
    shown(phone, "", ".balance", en="150 points", lv="150 punktu")
    program.take_back(third, "2026-03-14T11:00:00+02:00")
    shown(phone, "", ".balance", en="0 points", lv="0 punktu")
    shown(phone, "/challenges", ".quest", en="Three tastes | 2 of 3", lv="Trīs garšas | 2 no 3")

    program.publish({**CLUB_PRICE, "names": {"lv": "Kluba cenas"}})
    phone.go("/clubs/tasters?lang=en")
    phone.page.click("form.form button.primary")
    expect(phone.page.locator("details.fold")).to_be_visible()
    program.set_clock("2026-03-14T12:00:00+02:00")
    bought = program.buy(card, (400, "1", "tea"), at="2026-03-14T12:00:00+02:00")
    shown(phone, f"/receipts/{bought['id']}", "main", en="The club's price list | −€1.50 | €2.50",
          lv="Kluba cenas | −1,50 € | 2,50 €")  # fmt: skip


@pytest.mark.scenario("S3")
def test_the_third_skip_of_the_queue_in_a_month_is_refused_and_the_phone_says_until_when(
    program: Sandbox,
) -> None:
    names = {"en": "Skip the queue", "lv": "Bez rindas"}
    program.call("PUT", "/v1/entitlements/skip", {"names": names, "quotas": [{"uses": 2}], "period": "month"})
    number, _, member = program.member("Anna Kalniņa")
    for _ in range(2):
        program.call("POST", f"/v1/members/{member}/entitlements/skip/uses", {"store": "teika"})
    phone = program.phone(number)
    shown(phone, "/privileges", "#skip", en="Skip the queue | 0 of 2 left this month | from 1 Apr 2026",
          lv="Bez rindas | Šomēnes atlikušas 0 no 2 | Nākamā reize: 01.04.2026")  # fmt: skip


@pytest.mark.scenario("S16")
@pytest.mark.parametrize(
    ("language", "refused"),
    [
        ("en", "There is none left at that time. The next one from 1 Apr 2026."),
        ("lv", "Tajā laikā neviena reize nav atlikusi. Nākamā reize: 01.04.2026."),
    ],
)
def test_the_third_visit_of_a_quarter_is_refused_with_the_next_free_date(
    program: Sandbox, language: str, refused: str
) -> None:
    names = {"en": "Lounge", "lv": "Biznesa zāle"}
    program.call("PUT", "/v1/entitlements/lounge", {"names": names, "period": "quarter", **VISITS})
    number, _, member = program.member("Anna Kalniņa")
    phone = program.phone(number, language)
    for visit in range(3):
        phone.go("/privileges/lounge?day=2026-03-10")
        phone.page.select_option("[name=at]", index=visit)
        phone.page.click("form[method=post] button")
        if visit < 2:
            phone.page.wait_for_selector(".said")
    phone.sees("[role=alert]", refused)
    (held,) = program.call("GET", f"/v1/members/{member}/entitlements")["items"]
    assert (held["left"], len(held["bookings"])) == (0, 2)


@pytest.mark.scenario("S23")
def test_a_friend_brings_points_after_the_return_window_and_a_refund_takes_them_back(
    program: Sandbox,
) -> None:
    program.call("PUT", "/v1/referral-programs/default", BOTH)
    number, _, member = program.member("Anna Kalniņa")
    code = program.call("GET", f"/v1/members/{member}/referral")["code"]
    joins = {"name": "Zane Ozola", "referral_code": code}
    friend = program.call("POST", "/v1/members", {**joins, "phone": "+37126000001"})
    program.set_clock("2026-03-02T10:00:00+02:00")
    bought = program.buy(friend["cards"][0]["number"], (2_500, "1", "tea"), at="2026-03-02T10:00:00+02:00")
    program.set_clock("2026-03-16T09:59:59+02:00")
    phone = program.phone(number)
    shown(phone, "/invite", ".rows .row", en="has joined", lv="pievienojās")
    shown(phone, "", ".balance", en="0 points", lv="0 punktu")
    program.set_clock("2026-03-16T10:00:00+02:00")
    shown(phone, "/invite", ".rows .row", en="rewarded", lv="apbalvots")
    shown(phone, "", ".balance", en="500 points", lv="500 punktu")
    program.take_back(bought, "2026-03-16T10:00:00+02:00")
    program.set_clock("2026-03-16T10:00:01+02:00")
    shown(phone, "/invite", ".rows .row", en="taken back", lv="atsaukts")
    shown(phone, "", ".balance", en="0 points", lv="0 punktu")


@pytest.mark.scenario("S2")
def test_the_last_gifts_are_claimed_in_two_languages_and_then_there_is_none_left(program: Sandbox) -> None:
    mug = {
        "kind": "good",
        "names": {"en": "Coffee mug", "lv": "Kafijas krūze"},
        "prices": [{"currency": "PTS", "points": 250}],
        "stock": "total",
    }
    reward = program.call("POST", "/v1/rewards", mug)["id"]
    program.call("POST", f"/v1/rewards/{reward}/stock", {"add": 2})
    people = [program.member(name, points=300) for name in ("Anna", "Berta", "Zane")]
    late = program.phone(people[2][0])
    shown(late, f"/rewards/{reward}", "main", en="Coffee mug | 2 left", lv="Kafijas krūze | atlicis 2")
    for (number, _, member), language in zip(people, ("en", "lv"), strict=False):
        phone = program.phone(number, language)
        phone.go(f"/rewards/{reward}")
        phone.page.click("form.form button.primary")
        phone.page.wait_for_url("**/rewards/mine/*")
        assert program.shop.balance(member) == 50
    late.page.click("form.form button.primary")  # the page is from when there were some
    late.sees("[role=alert]", "Vairs nav neviena.")
    shown(late, f"/rewards/{reward}", ".note", en="None left", lv="Vairs nav")
    assert program.shop.balance(people[2][2]) == 300
