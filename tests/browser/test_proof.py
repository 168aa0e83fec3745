"""Who spends, at the till: a code sent and typed, a phone that is scanned, a new member's phone confirmed."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import BrowserContext, Page

from regulars.members import dynamic_code
from tests.browser.conftest import BREAD, MILK, Shop, Till
from tests.browser.watching import eventually

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "dynamic_code.json").read_text(encoding="utf-8")
)
KNOWN = """async (code) => {
    const { modules } = await import(document.querySelector('script[src*="till/main.js"]').src);
    const read = modules["shared/dynamic_code.js"].read(code);
    return modules["till/offline/store.js"].codeSeen(read, Date.now() / 1000);
}"""
"""Whether this computer knows a phone's code as one that was used."""


def found_by_phone(till: Till, phone: str) -> None:
    till.press("F4")
    till.type(phone)
    till.press("Enter")


@pytest.mark.scenario("S21")
def test_a_new_phone_is_enrolled_confirmed_later_and_spends_with_a_code(till: Till, shop: Shop) -> None:
    phone = "26700001"
    found_by_phone(till, phone)
    till.sees("#enrol-title", phone)
    till.type("Anna")
    till.press("Enter")
    till.sees("#said", "Welcome: a new member.")
    till.sees("#proof-title", "Confirm the phone")
    till.press("F8")
    till.sees("#proof-said", "+371 ••• 01")
    till.type(shop.code(f"+371{phone}"))
    till.press("Enter")
    till.sees("#said", "From now on the customer may pay with points.")
    assert not till.page.is_visible("#proof-panel")

    found = shop.call("POST", "/v1/members/find", {"phone": phone})
    body = {"currency": "PTS", "amount": 500, "reason": "a welcome"}
    shop.call("POST", f"/v1/members/{found['id']}/adjustments", body)
    till.page.click("#customer-clear")
    found_by_phone(till, phone)
    till.sees("#customer-balance", "500 points")
    till.press("Escape")
    till.buy(BREAD)
    till.press("F8")
    till.type("100")
    till.press("Enter")
    till.sees("#spend-refused", "Points need a proof here.")
    till.sees("#proof-title", "Who pays with the points?")
    till.press("F8")
    till.sees("#proof-said", "A code was sent to +371 ••• 01.")
    code = shop.code(f"+371{phone}", 2)
    till.type(f"{(int(code) + 1) % 10**6:06d}")
    till.press("Enter")
    till.sees("#spend-refused", "This code is not right.")
    till.page.focus("#proof")
    till.type(code)
    till.press("Enter")
    till.due("€0.89")
    assert not till.page.is_visible("#proof-panel")
    till.press("F9", "Enter")
    till.sees("#view-done", "Balance now")
    assert shop.balance(found["id"]) == 400


def test_a_confirmation_may_wait_and_nothing_that_was_scanned_is_lost(till: Till, shop: Shop) -> None:
    till.buy(MILK)
    found_by_phone(till, "26700002")
    till.sees("#enrol-title", "26700002")
    till.type("Ilze")
    till.press("Enter")
    till.sees("#proof-title", "Confirm the phone")
    till.page.click("#proof-later")
    assert not till.page.is_visible("#proof-panel")
    till.due("€1.19")
    till.press("F9", "Enter")
    till.sees("#view-done", "Balance now")


def test_five_wrong_codes_lock_the_points_and_the_purchase_goes_on(till: Till, shop: Shop) -> None:
    phone, _, member = shop.member("Kārlis", points=500)
    found_by_phone(till, phone)
    till.sees("#customer-name", "Kārlis")
    till.buy(BREAD)
    till.press("F8")
    till.press("Enter")
    till.sees("#proof-title", "Who pays with the points?")
    till.press("F8")
    till.sees("#proof-said", "A code was sent")
    code = shop.code(f"+371{phone}")
    for number in range(5):
        till.page.fill("#proof", f"{(int(code) + 1 + number) % 10**6:06d}")
        with till.page.expect_response(lambda r: r.status == 403 and "preview" in r.url):
            till.page.press("#proof", "Enter")
        till.page.wait_for_function("() => !document.querySelector('#due').classList.contains('stale')")
    till.sees("#spend-refused", "Points are locked here for 15 min after wrong codes.")
    till.page.click("#spend-clear")
    till.due("€1.89")
    till.press("F9", "Enter")
    till.sees("#view-done", "Points got")
    assert shop.balance(member) == 501


def shown_code(till: Till, shop: Shop, phone: str, member: str) -> str:
    """What a phone of this member shows, whose clock is 45 s ahead, so that a busy machine is in time to use its code
    twice: it is certified first, and its key is in the till's page."""
    sent = shop.call("POST", f"/v1/members/{member}/challenges", {"purpose": "log_in"})
    keys = till.page.evaluate(
        """async () => {
            const { modules } = await import(document.querySelector('script[src*="till/main.js"]').src);
            const moving = modules["shared/dynamic_code.js"];
            const pair = await moving.makeKey();
            globalThis.phone = { moving, pair };
            return { text: await moving.publicKeyText(pair), exportable: pair.privateKey.extractable };
        }"""
    )
    assert keys["exportable"] is False
    new = {
        "member": member,
        "challenge": sent["id"],
        "code": shop.code(f"+371{phone}"),
        "public_key": keys["text"],
    }
    certificate = shop.call("POST", "/v1/devices", new)
    code = till.page.evaluate(
        "certificate => globalThis.phone.moving.make("
        "globalThis.phone.pair.privateKey, certificate, Date.now() / 1000 + 45)",
        certificate,
    )
    return code


def test_the_phones_moving_code_is_card_and_proof_at_once(till: Till, shop: Shop) -> None:
    phone, card, member = shop.member("Made Tamm", points=500)
    code = shown_code(till, shop, phone, member)
    read = dynamic_code.read(code)
    assert read is not None
    assert read.card == card

    till.scan(code)
    till.sees("#customer-name", "Made")
    till.buy(BREAD)
    till.press("F8")
    till.press("Enter")
    till.due("€0.00")
    assert not till.page.is_visible("#proof-panel")
    till.press("F9", "Enter")
    till.sees("#view-done", "Balance now")
    assert shop.balance(member) == 311
    till.press("Escape")
    till.scan(code)
    till.sees("#said", "This code was used already.")


def test_a_code_that_was_used_is_refused_after_a_reload_and_known_in_another_window(
    till: Till, shop: Shop, context: BrowserContext
) -> None:
    phone, _, member = shop.member("Signe Kask", points=500)
    code = shown_code(till, shop, phone, member)
    till.scan(code)
    till.sees("#customer-name", "Signe")
    till.buy(BREAD)
    till.press("F8")
    till.press("Enter")
    till.due("€0.00")
    till.press("F9", "Enter")
    till.sees("#view-done", "Balance now")
    eventually(lambda: till.page.evaluate(KNOWN, code), "the code was not kept")
    till.page.reload()
    till.page.wait_for_selector("html[data-ready]")
    till.scan(code)
    till.sees("#said", "This code was used already.")
    assert not till.page.is_visible("#customer-name")

    window = context.new_page()
    window.goto(till.page.url)
    answers = window.evaluate(
        """async (code) => {
            const { modules } = await import(document.querySelector('script[src*="till/main.js"]').src);
            const store = modules["till/offline/store.js"], moving = modules["shared/dynamic_code.js"];
            const now = Date.now() / 1000, read = moving.read(code);
            return [
                await store.codeSeen(read, now),
                await store.takeCode(read, now),
                await store.codeSeen(read, now + 200),
                await store.takeCode({ ...read, madeAt: read.madeAt + 30 }, now),
                await store.takeCode({ ...read, madeAt: read.madeAt + 30 }, now),
            ];
        }""",
        code,
    )
    window.close()
    assert answers == [True, False, False, True, False]


def test_a_browser_judges_every_vector_as_python_does(till: Till) -> None:
    for case, fault, card in judged(till.page, VECTORS["program_key"], VECTORS["cases"]):
        assert (fault, card) == (case["fault"], case["card"]), case["what"]


def test_what_a_browser_makes_python_verifies(till: Till) -> None:
    program = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    at = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    page = till.page
    point = page.evaluate(
        """async () => {
            const { modules } = await import(document.querySelector('script[src*="till/main.js"]').src);
            const moving = modules["shared/dynamic_code.js"];
            globalThis.phone = { moving, pair: await moving.makeKey() };
            return [...new Uint8Array(await crypto.subtle.exportKey("raw", globalThis.phone.pair.publicKey))];
        }"""
    )
    last_day = date(2026, 5, 30)
    key = dynamic_code.compressed(bytes(point))
    certificate = dynamic_code.certify(program, "9900123456789015", key, last_day)
    text = page.evaluate(
        """([certificate, seconds]) =>
            globalThis.phone.moving.make(globalThis.phone.pair.privateKey, certificate, seconds)""",
        [
            {
                "card": certificate.card,
                "public_key": _text(key),
                "last_day": (last_day - date(1970, 1, 1)).days,
                "signature": _text(certificate.signature),
            },
            at.timestamp(),
        ],
    )
    code = dynamic_code.read(text)
    assert code is not None
    assert dynamic_code.fault(code, program.public_key(), at + timedelta(seconds=30)) is None


def judged(
    page: Page, program_key: str, cases: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], Any, Any]]:
    """Each vector with what the browser says of it."""
    answers = page.evaluate(
        """async ([programKey, cases]) => {
            const { modules } = await import(document.querySelector('script[src*="till/main.js"]').src);
            const moving = modules["shared/dynamic_code.js"];
            return Promise.all(cases.map(async ({ text, seconds }) => {
                const code = moving.read(text);
                return code ? [await moving.fault(code, programKey, seconds), code.card] : ["unreadable", null];
            }));
        }""",
        [program_key, cases],
    )
    return [(case, *answer) for case, answer in zip(cases, answers, strict=True)]


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
