"""Reading members of a file: columns, short forms of balances and consents, faults with their column."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from msgspec import UNSET

from regulars.cli.members_file import MembersFile
from regulars.cli.places import Refused
from regulars.errors import Fault
from regulars.flows.imported_members import ImportedMember, OpeningBalance
from regulars.flows.imports.member_rows import MemberFault, fault_of, read
from regulars.interchange.table import Row

pytestmark = pytest.mark.fast
RIGA = "Europe/Riga"


def one(**cells: str) -> ImportedMember:
    found = read(Row(2, cells), RIGA, {"people": "number", "car": "yes_no"})
    assert found.faults == ()
    assert found.member is not None
    return found.member


def faults(**cells: str) -> list[tuple[str, str]]:
    found = read(Row(2, cells), RIGA, {"people": "number", "car": "yes_no"})
    assert found.member is None
    return [(fault.column, fault.detail) for fault in found.faults]


def test_balances_are_an_amount_a_day_and_perhaps_a_currency() -> None:
    assert one(phone="1", balances="120; 30@2027-01-31;MILES:5@never").balances == (
        OpeningBalance(120, None, UNSET),
        OpeningBalance(30, None, date(2027, 1, 31)),
        OpeningBalance(5, "MILES", None),
    )


def test_consents_are_a_channel_a_purpose_and_perhaps_a_day() -> None:
    given, withdrawn = one(
        phone="1", consents="email/marketing@2024-05-01;!sms/marketing", evidence="form 12"
    ).consents
    assert (given.channel, given.purpose, given.granted, given.evidence) == (
        "email",
        "marketing",
        True,
        "form 12",
    )
    assert given.given_at == datetime.fromisoformat("2024-05-01T00:00:00+03:00")
    assert (withdrawn.channel, withdrawn.granted, withdrawn.given_at) == ("sms", False, None)


def test_answers_are_what_their_questions_ask_for() -> None:
    cells = {"phone": "1", "attribute.people": "3", "attribute.car": "Yes", "attribute.zip": "1010"}
    assert one(**cells).attributes == {"people": 3, "car": True, "zip": "1010"}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"balances": "12.50"}, [("balances", "is not a whole number")]),
        ({"balances": "12@soon"}, [("balances", "is not a date, as 2027-01-31")]),
        ({"consents": "marketing"}, [("consents", "a consent is a channel and a purpose, as email/marketing")]),
        ({"attribute.people": "x"}, [("attribute.people", "is not a whole number")]),
        ({"attribute.car": "x"}, [("attribute.car", "is yes or no")]),
        ({"enrolled_at": "x"},
         [("enrolled_at", "is not a date or an instant, as 2024-05-01 or 2024-05-01T10:00:00+02:00")]),
        ({"consents": "email/marketing@0001-01-01"},
         [("consents", "is not a date or an instant, as 2024-05-01 or 2024-05-01T10:00:00+02:00")]),
        ({"birthday": "1.5.1980"}, [("birthday", "Invalid RFC3339 encoded date")]),
        ({"consents": "pigeon/marketing"}, [("consents[0].channel", "Invalid enum value 'pigeon'")]),
    ],
)  # fmt: skip
def test_a_fault_names_its_column(cells: dict[str, str], found: list[tuple[str, str]]) -> None:
    assert faults(phone="1", **cells) == found


def test_a_fault_of_the_flow_leads_back_to_the_column() -> None:
    assert fault_of(7, Fault("/attributes/people", "is at most 12")) == MemberFault(
        7, "attribute.people", "invalid_value", "is at most 12"
    )
    assert fault_of(7, Fault("/balances/0/expires", "has passed")).column == "balances"
    assert fault_of(7, Fault("", "Give one")).column == ""


def test_columns_may_be_called_otherwise_or_left_out(tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text("Telefons,Piezīmes\n20000001,vip\n", encoding="utf-8")

    with pytest.raises(Refused, match="columns that are not known: Telefons, Piezīmes"):
        list(MembersFile(path).rows())

    file = MembersFile(path, {"Telefons": "phone", "Piezīmes": ""})
    assert list(file.rows()) == [Row(2, {"phone": "20000001"})]
    assert file.position == file.total == path.stat().st_size
    with pytest.raises(Refused, match="has no columns Tālrunis to be named otherwise"):
        list(MembersFile(path, {"Tālrunis": "phone"}).rows())
    with pytest.raises(Refused, match="has columns twice: phone"):
        list(MembersFile(path, {"Telefons": "phone", "Piezīmes": "phone"}).rows())


def test_a_parquet_file_says_the_same(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pyarrow.table(
        {
            "Telefons": ["20000001", None],
            "external_id": [17, 18],
            "birthday": [date(1980, 5, 1), None],
            "cards": [["770000000001", "770000000002"], []],
            "balances": [120, None],
        }
    )
    parquet.write_table(table, tmp_path / "members.parquet")

    file = MembersFile(tmp_path / "members.parquet", {"Telefons": "phone"})
    first, second = [read(row, RIGA, {}).member for row in file.rows()]

    assert first == ImportedMember(
        phone="20000001",
        external_id="17",
        birthday=date(1980, 5, 1),
        cards=("770000000001", "770000000002"),
        balances=(OpeningBalance(120),),
    )
    assert second == ImportedMember(external_id="18")
