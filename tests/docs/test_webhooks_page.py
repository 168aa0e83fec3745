"""The page about webhooks: its receiver verifies what is really sent; the list of events is what the structs say."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from regulars import clock, ids
from regulars.messaging.courier import signed
from regulars.programs.events import TYPES
from tests.docs.markdown import ROOT, blocks, headings

pytestmark = pytest.mark.fast

PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
MINE, OTHERS = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


@pytest.fixture
def page() -> dict[str, Any]:
    """What the page's Python defines."""
    (code,) = [block.text for block in blocks(PAGE) if block.language == "python"]
    defined: dict[str, Any] = {}
    exec(compile(code, "docs/webhooks.md", "exec"), defined)
    return defined


def sent(*secrets: str, ago: timedelta = timedelta()) -> tuple[dict[str, str], bytes]:
    """Headers and body of an event, as the courier sends them."""
    event = ids.new(0)
    body = b'{"id": "%s", "type": "webhook.test"}' % ids.show("evt", event).encode()
    headers = signed(list(secrets), event, body, clock.world() - ago)
    return {name.lower(): value for name, value in headers.items()}, body


def test_the_pages_receiver_takes_what_we_send_once(page: dict[str, Any]) -> None:
    headers, body = sent(MINE)
    assert page["receive"](MINE, headers, body) is True
    assert page["receive"](MINE, headers, body) is False


def test_the_pages_receiver_takes_either_secret_while_one_is_rotated(page: dict[str, Any]) -> None:
    headers, body = sent(OTHERS, MINE)
    assert page["verified"](MINE, headers, body) == page["verified"](OTHERS, headers, body)


def test_the_pages_receiver_refuses_another_secret_another_body_and_another_time(
    page: dict[str, Any],
) -> None:
    headers, body = sent(MINE)
    for secret, seen in ((OTHERS, body), (MINE, body + b" ")):
        with pytest.raises(PermissionError, match="not signed"):
            page["verified"](secret, headers, seen)
    with pytest.raises(PermissionError, match="too old"):
        page["verified"](MINE, *sent(MINE, ago=timedelta(minutes=6)))


def test_the_list_of_events_is_new() -> None:
    ran = subprocess.run([sys.executable, str(ROOT / "scripts" / "events"), "--check"], check=False)
    assert ran.returncode == 0, "run scripts/events"


def test_the_list_names_every_type() -> None:
    named = headings((ROOT / "docs" / "events.md").read_text(encoding="utf-8"))
    assert [heading for heading in named if "." in heading] == list(TYPES)
