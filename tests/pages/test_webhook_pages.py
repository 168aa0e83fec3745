"""The back office's pages of webhooks: make, read, rotate, switch, test, replay, remove."""

from __future__ import annotations

import re

import pytest

from regulars import clock, ids
from regulars.backoffice import webhooks as webhook_pages
from regulars.db.pool import Database
from regulars.flows.tell_events import tell_events
from regulars.messaging.courier import Courier
from regulars.programs import events, webhooks
from tests.api.conftest import SECRET
from tests.api.shop import member_with_card
from tests.pages.conftest import Visitor

LIST = "/backoffice/data/webhooks"
ADDRESS = "https://crm.example/hooks"
FAMILIES = list(dict.fromkeys(kind.split(".")[0] for kind in events.TYPES if kind != events.TEST))


async def made(visitor: Visitor, **fields: object) -> tuple[str, str]:
    """A webhook of the form: its path, and the page that shows its secret."""
    given = {"address": ADDRESS, "description": "The CRM", "everything": "yes", **fields}
    answer = await visitor.act(LIST, page=f"{LIST}/new", **given)
    assert answer.status_code == 200, answer.text
    found = re.search(rf'action="({LIST}/whs_[0-9a-z]{{26}})/test"', answer.text)
    assert found
    return found[1], answer.text


async def test_an_empty_list_leads_on_to_the_form(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    page = (await visitor.client.get(LIST)).text
    assert "Nobody is told yet" in page
    assert f'href="{LIST}/new"' in page


async def test_the_secret_is_shown_when_it_is_made_and_not_again(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    path, page = await made(visitor)
    assert len(re.findall("whsec_[A-Za-z0-9+/=]{44}", page)) == 1
    assert "whsec_" not in (await visitor.client.get(path)).text
    turned = await visitor.act(f"{path}/rotate")
    assert "whsec_" in turned.text
    assert "The secret before it signs too" in turned.text
    assert "The CRM" in (await visitor.client.get(LIST)).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"address": "https://10.0.0.1/"}, "Events are not sent into a private network."),
        ({"address": "ftp://crm.example/"}, 'aria-invalid="true"'),
        ({"everything": ""}, "Choose at least one kind of event."),
    ],
)
async def test_what_cannot_be_is_told_beside_its_field_and_the_form_keeps_what_was_typed(
    visitor: Visitor, fields: dict[str, str], said: str
) -> None:
    await visitor.as_staff("owner")
    given = {"address": ADDRESS, "description": "The CRM", "everything": "yes", **fields}
    answer = await visitor.act(LIST, page=f"{LIST}/new", **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="The CRM"' in answer.text


async def test_a_family_that_is_chosen_stands_for_its_types(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    chosen = ["purchase.*", "purchase.recorded", "member.erased"]
    path, _ = await made(visitor, everything="", events=chosen)
    page = (await visitor.client.get(path)).text
    assert "<dd>Purchases, member.erased</dd>" in page
    form = (await visitor.client.get(f"{path}/edit")).text
    assert 'value="purchase.*" checked' in form
    changed = await visitor.act(f"{path}/edit", address=ADDRESS, description="", everything="yes")
    assert changed.headers["location"] == path
    assert (
        "<dd>Everything that happens, also what is added later</dd>" in (await visitor.client.get(path)).text
    )


async def test_what_a_system_subscribed_to_outlives_a_change_in_the_office(visitor: Visitor) -> None:
    subscribed = [*(f"{family}.*" for family in FAMILIES), "webhook.test"]
    answer = await visitor.api.post("/v1/webhooks", {"address": ADDRESS, "events": subscribed})
    path = f"{LIST}/{answer.json()['id']}"
    await visitor.as_staff("owner")
    form = (await visitor.client.get(f"{path}/edit")).text
    ticked = re.findall(r'name="events" value="([\w.*]+)" checked', form)
    await visitor.act(f"{path}/edit", address=ADDRESS, description="The CRM", events=ticked)
    after = (await visitor.api.get(f"/v1/webhooks/{answer.json()['id']}")).json()
    assert after["description"] == "The CRM"
    assert set(after["events"]) == set(subscribed)


async def test_every_type_of_event_can_be_chosen_under_the_name_of_its_family(visitor: Visitor) -> None:
    assert set(FAMILIES) <= set(webhook_pages.FAMILIES)
    await visitor.as_staff("owner")
    form = (await visitor.client.get(f"{LIST}/new")).text
    offered = set(re.findall(r'name="events" value="([\w.*]+)"', form))
    assert offered == {*(f"{family}.*" for family in FAMILIES), *events.TYPES} - {events.TEST}


async def test_the_log_shows_what_failed_and_sends_it_again(visitor: Visitor, database: Database) -> None:
    await visitor.as_staff("owner")
    path, _ = await made(visitor, address="https://127.0.0.1.nip.example/")
    member, _ = await member_with_card(visitor.api)
    await tell_events(database, visitor.api.program.id, clock.world())
    await Courier(database, SECRET).deliver(visitor.api.program.id)
    page = (await visitor.client.get(f"{path}?event=member.enrolled&member={member}")).text
    assert page.count(f'<td class="mono">{member}</td>') == 1
    found = re.search(rf'href="({LIST}/deliveries/whd_[0-9a-z]{{26}})"', page)
    assert found
    one = (await visitor.client.get(found[1])).text
    assert "&#34;type&#34;: &#34;member.enrolled&#34;" in one
    assert "Next attempt" in one
    again = await visitor.act(f"{found[1]}/replay")
    assert again.headers["location"] == found[1]
    assert "It has accepted nothing since" in (await visitor.client.get(path)).text


async def test_the_page_of_a_subscriber_that_is_gone_says_so_and_why(
    visitor: Visitor, database: Database
) -> None:
    made = (await visitor.api.post("/v1/webhooks", {"address": "https://crm.example/hooks"})).json()
    async with database.transaction(visitor.api.program.id) as tx:
        assert await webhooks.disable(tx, visitor.api.program.id, ids.read("whs", made["id"]), "gone")
    await visitor.as_staff("owner")
    page = (await visitor.client.get(f"/backoffice/data/webhooks/{made['id']}?lang=en")).text
    assert "Nothing is sent to it." in page
    assert "It answered that it is gone for good (410)." in page


async def test_switched_off_it_waits_and_removed_it_is_gone(visitor: Visitor) -> None:
    await visitor.as_staff("owner")
    path, _ = await made(visitor)
    await visitor.act(f"{path}/switch", enabled="no")
    assert "Somebody switched it off." in (await visitor.client.get(path)).text
    await visitor.act(f"{path}/switch", enabled="yes")
    assert "Somebody switched it off." not in (await visitor.client.get(path)).text
    tested = await visitor.act(f"{path}/test")
    assert tested.headers["location"].startswith(f"{LIST}/deliveries/whd_")
    wrong = await visitor.act(f"{path}/replay", **{"from": "2026-03-02T00:00", "to": "2026-03-01T00:00"})
    assert wrong.status_code == 422
    again = await visitor.act(f"{path}/replay", **{"from": "2026-03-01T00:00", "to": "2099-03-02T00:00"})
    assert again.headers["location"] == path
    await visitor.act(f"{path}/remove")
    assert (await visitor.client.get(path)).status_code == 404
    assert (await visitor.client.get(f"{LIST}/{ids.show('whs', ids.new())}")).status_code == 404


async def test_who_may_not_change_webhooks_does_not_see_them(visitor: Visitor) -> None:
    await visitor.as_staff("service")
    assert (await visitor.client.get(LIST)).status_code == 403
