"""The device's camera as a scanner: what it films is read, whatever kind of code it is, and goes the way of a scan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from playwright.sync_api import BrowserContext, Request, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, BREAD, CHROMIUM, Shop, Till, axe
from tests.browser.offline import Computer
from tests.browser.watching import WAIT_SECONDS

WIDTH, HEIGHT = 640, 480
LONG, SHORT = "4750000000017", "47500112"
FILMED = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
PICTURES = "() => document.querySelector('#camera video').getVideoPlaybackQuality().totalVideoFrames"
Open = Callable[..., BrowserContext]


def film(path: Path, text: str, kind: str, scale: int = 3) -> Path:
    """A film (Y4M) in which somebody holds a code still in front of the camera; without a text only grey."""
    luma = bytearray(b"\xa0" * (WIDTH * HEIGHT))
    if text:
        drawn: Any = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind)).to_image(
            scale=scale, add_quiet_zones=True
        )
        view = memoryview(drawn)
        (high, wide), rows = view.shape or (0, 0), view.tobytes()
        assert high <= HEIGHT
        assert wide <= WIDTH
        top, left = (HEIGHT - high) // 2, (WIDTH - wide) // 2
        for row in range(high):
            begin = (top + row) * WIDTH + left
            luma[begin : begin + wide] = rows[row * wide : (row + 1) * wide]
    frame = b"FRAME\n" + bytes(luma) + b"\x80" * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420\n".encode() + frame * 2)
    return path


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens a browser in front of whose camera a film is shown; without one it has no camera."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    with sync_playwright() as playwright:

        def open_it(shown: Path | None, *more: str) -> BrowserContext:
            filmed = [*FILMED, f"--use-file-for-fake-video-capture={shown}"] if shown else []
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*ARGUMENTS, *filmed, *more], timeout=WAIT_SECONDS * 1000
            )
            context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
            context.set_default_timeout(WAIT_SECONDS * 1000)
            return context

        yield open_it


@pytest.mark.parametrize(
    ("kind", "text", "scale"),
    [("EAN13", LONG, 3), ("EAN8", SHORT, 4), ("Code128", LONG, 3), ("QRCode", LONG, 6), ("Aztec", LONG, 8),
     ("PDF417", LONG, 3)],
)  # fmt: skip
def test_goods_are_read_from_every_kind_of_code(
    opened: Open, shop: Shop, tmp_path: Path, kind: str, text: str, scale: int
) -> None:
    tin = {"sku": f"tin-{text}", "barcode": text, "name": "Tin", "price": 189, "tax_rate": "0.12"}
    shop.call("POST", "/v1/products", {"products": [tin]})
    context = opened(film(tmp_path / "film.y4m", text, kind, scale))
    till = Till(context.new_page(), shop).open()
    till.press("F6")
    till.due("€1.89")
    if kind in ("EAN13", "QRCode"):  # bars and squares: what stays in sight counts once
        pictures = till.page.evaluate(PICTURES)
        till.page.wait_for_function(f"before => ({PICTURES})() > before + 25", arg=pictures)
        till.due("€1.89")
    till.press("Escape")
    expect(till.page.locator("#camera")).to_be_hidden()


def test_what_stays_in_sight_counts_once_on_a_device_that_reads_one_picture_in_three_seconds(
    opened: Open, shop: Shop, tmp_path: Path
) -> None:
    context = opened(film(tmp_path / "film.y4m", BREAD, "QRCode", 6))
    context.add_init_script(
        "{ const take = window.createImageBitmap; window.pictures = 0; window.createImageBitmap = async (of) => {"
        " window.pictures += 1; if (window.pictures > 1) await new Promise((go) => setTimeout(go, 3000));"
        " return take(of); }; }"
    )
    till = Till(context.new_page(), shop).open()
    till.press("F6")
    till.due("€1.89")
    till.page.wait_for_function("() => window.pictures > 3")
    till.due("€1.89")
    expect(till.page.locator("#lines li")).to_have_count(1)


def test_the_reader_comes_with_the_first_camera_and_a_members_code_chooses_her(
    opened: Open, shop: Shop, tmp_path: Path
) -> None:
    _, card, _ = shop.member("Dace", points=5)
    context = opened(film(tmp_path / "film.y4m", card, "QRCode", 6))
    page = context.new_page()
    fetched: list[str] = []

    def heed(request: Request) -> None:
        if request.service_worker is None:  # which fetches the reader for when the line is down
            fetched.append(request.url.rpartition("/")[2])

    context.on("request", heed)
    till = Till(page, shop).open()
    policy = page.request.get(f"{shop.address}/till").headers["content-security-policy"]
    assert "unsafe" not in policy
    assert [name for name in fetched if "reader" in name] == []
    page.click("#camera-open")
    till.sees("#customer-name", "Dace")
    expect(page.locator("#camera-open")).to_have_attribute("aria-pressed", "true")
    assert [name.partition("?")[0] for name in fetched if name.startswith("reader")] == ["reader.js"]
    axe(page)
    page.click("#camera-open")
    expect(page.locator("#camera")).to_be_hidden()
    expect(page.locator("video")).to_have_count(0)


def test_a_camera_that_is_opened_for_the_first_time_without_the_line_reads(
    opened: Open, shop: Shop, tmp_path: Path
) -> None:
    context = opened(film(tmp_path / "film.y4m", BREAD, "QRCode", 6))
    computer = Computer.__new__(Computer)  # the browser is here already, and has a camera
    computer.shop, computer.name, computer.context = shop, "c1", context
    computer.till = Till(context.new_page(), shop)
    computer.begin()
    context.new_cdp_session(computer.page).send("Network.clearBrowserCache")
    computer.cut()
    computer.till.press("F6")
    computer.till.sees("#lines", "Rye bread")
    computer.till.due("€1.89")


def test_a_camera_that_is_refused_or_missing_says_what_to_do(
    opened: Open, shop: Shop, tmp_path: Path
) -> None:
    till = Till(opened(None).new_page(), shop).open()
    till.press("F6")
    till.sees("#camera", "This device has no camera.")
    till.press("Escape")
    expect(till.page.locator("#camera")).to_be_hidden()
    refused = opened(film(tmp_path / "film.y4m", "", ""), "--deny-permission-prompts")
    till = Till(refused.new_page(), shop).open("8")
    till.page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    till.press("F6")
    till.sees("#camera", "The browser does not let this page use the camera.")
    till.buy(BREAD)
    till.due("€1.89")
