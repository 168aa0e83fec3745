"""What stands below a struct's field in the code is what the API's document says of it."""

from __future__ import annotations

from regulars.app import ENDPOINTS
from regulars.flows.webhooks import NewWebhook
from regulars.web import field_notes, openapi


def test_the_text_below_a_field_is_its_note_under_the_name_it_is_sent_by() -> None:
    found = field_notes.notes(NewWebhook)
    assert found["address"] == "Where events are posted: https, and not within a private network."
    assert "description" not in found, "nothing stands below it"


def test_the_document_describes_fields_by_their_notes() -> None:
    schemas = openapi.document(ENDPOINTS)["components"]["schemas"]
    fields = schemas["NewWebhook"]["properties"]
    assert fields["stores"]["description"].startswith("Only what happened at these stores")
    request = schemas["PurchaseRequest"]["properties"]
    assert (
        request["id"]["description"]
        == "The till's own name for this purchase; sent again, it gets the first answer."
    )
