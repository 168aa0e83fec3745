"""The vault: what is sealed opens for its member with its key, and for nothing else; keys are told to nobody."""

from __future__ import annotations

import base64
import os
import pickle
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars import settings
from regulars.members import vault
from regulars.members.model import Person
from regulars.members.vault import NO_KEYS, Keyring, Sealed, VaultLocked
from regulars.settings import SettingsMissing

OLD, NEW = (1, b"1" * 32), (2, b"2" * 32)
KEYRING = Keyring(b"s" * 32, (OLD,))
PROGRAM, MEMBER = UUID(int=1), UUID(int=2)
SAFE = vault.of(KEYRING, PROGRAM)
ANNA = Person(
    "Anna Ozola", "+37120000001", "anna@example.lv", "crm-1", date(1990, 2, 28), {"size": "M", "shoe": 38}
)

texts = st.text(max_size=40)
persons = st.builds(
    Person, texts, st.none() | texts, st.none() | texts, st.none() | texts,
    st.none() | st.dates(), st.dictionaries(texts, texts | st.integers(-(10**12), 10**12) | st.booleans(), max_size=5),
)  # fmt: skip


@given(persons)
def test_whoever_is_sealed_is_opened_as_she_was(person: Person) -> None:
    kept = SAFE.seal(MEMBER, person)
    assert SAFE.open(MEMBER, kept.generation, kept.wrapped_key, kept.sealed) == person


def test_nothing_of_a_person_can_be_read_in_what_is_kept() -> None:
    kept = SAFE.seal(MEMBER, ANNA)
    assert len(kept.wrapped_key) == 60
    whole = kept.wrapped_key + kept.sealed
    assert [word for word in (b"Anna", b"2000000", b"anna", b"crm", b"size", b"1990") if word in whole] == []


def test_the_same_person_is_never_sealed_twice_alike() -> None:
    one, other = SAFE.seal(MEMBER, ANNA), SAFE.seal(MEMBER, ANNA)
    assert (one.wrapped_key != other.wrapped_key, one.sealed != other.sealed) == (True, True)


@pytest.mark.parametrize("where", range(0, 60, 7))
@pytest.mark.parametrize("part", ["wrapped_key", "sealed"])
def test_a_changed_byte_opens_nothing(part: str, where: int) -> None:
    kept = SAFE.seal(MEMBER, ANNA)
    parts = {"wrapped_key": kept.wrapped_key, "sealed": kept.sealed}
    changed = bytearray(parts[part])
    changed[where] ^= 1
    parts[part] = bytes(changed)
    with pytest.raises(VaultLocked):
        SAFE.open(MEMBER, kept.generation, **parts)


def test_a_row_that_was_moved_to_another_member_or_program_does_not_open() -> None:
    kept = SAFE.seal(MEMBER, ANNA)
    with pytest.raises(VaultLocked):
        SAFE.open(UUID(int=3), kept.generation, kept.wrapped_key, kept.sealed)
    with pytest.raises(VaultLocked):
        vault.of(KEYRING, UUID(int=9)).open(MEMBER, kept.generation, kept.wrapped_key, kept.sealed)


def test_a_text_of_one_kind_does_not_open_as_another() -> None:
    kept = SAFE.seal_text(b"regulars.card", MEMBER.bytes, b"text")
    assert SAFE.open_text(b"regulars.card", MEMBER.bytes, kept) == b"text"
    with pytest.raises(VaultLocked):
        SAFE.open_text(b"regulars.person", MEMBER.bytes, kept)


def test_the_wrong_master_key_or_none_is_a_sentence_that_names_the_generation() -> None:
    kept = SAFE.seal(MEMBER, ANNA)
    wrong = vault.of(Keyring(b"s" * 32, ((1, b"x" * 32),)), PROGRAM)
    with pytest.raises(VaultLocked, match="generation 1 does not open"):
        wrong.open(MEMBER, kept.generation, kept.wrapped_key, kept.sealed)
    with pytest.raises(VaultLocked, match="no master key of generation 1"):
        vault.of(Keyring(b"s" * 32, (NEW,)), PROGRAM).open(MEMBER, 1, kept.wrapped_key, kept.sealed)
    with pytest.raises(VaultLocked, match="no master key"):
        vault.of(NO_KEYS, PROGRAM).seal(MEMBER, ANNA)


def test_a_key_that_is_wrapped_anew_opens_the_same_text_without_the_old_master_key() -> None:
    kept = SAFE.seal(MEMBER, ANNA)
    both = vault.of(Keyring(b"s" * 32, (OLD, NEW)), PROGRAM)
    generation, wrapped = both.rewrap(MEMBER.bytes, kept.generation, kept.wrapped_key)
    only_new = vault.of(Keyring(b"s" * 32, (NEW,)), PROGRAM)
    assert (generation, both.seal(MEMBER, ANNA).generation) == (2, 2)
    assert only_new.open(MEMBER, generation, wrapped, kept.sealed) == ANNA


def test_a_generation_that_was_added_since_is_read_from_the_file_once_it_is_met(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    settings.make_master_keys(file)
    running = Keyring(b"s" * 32, settings.read_master_keys(file), lambda: settings.read_master_keys(file))
    assert settings.add_master_key(file) == 2
    later = vault.of(Keyring(b"s" * 32, settings.read_master_keys(file)), PROGRAM).seal(MEMBER, ANNA)
    assert (later.generation, running.newest) == (2, 1)
    opened = vault.of(running, PROGRAM).open(MEMBER, later.generation, later.wrapped_key, later.sealed)
    assert (opened, running.newest) == (ANNA, 2)


def test_no_representation_tells_a_key_or_a_person() -> None:
    shown = [repr(thing) for thing in (KEYRING, SAFE, SAFE.seal(MEMBER, ANNA), ANNA, Sealed(1, b"k", b"s"))]
    assert shown == ["Keyring(…)", "Vault(…)", "Sealed(…)", "Person(…)", "Sealed(…)"]
    assert "1111" not in repr(settings.Settings("postgresql://", b"1" * 32, (OLD,)))


def test_a_keyring_goes_to_another_process_whole() -> None:
    again = pickle.loads(pickle.dumps(KEYRING))
    assert (again.secret, again.masters) == (KEYRING.secret, KEYRING.masters)


# the settings ----------------------------------------------------------------------------------------------

LINE = f"1 {base64.b64encode(b'1' * 32).decode()}"
SECOND = f"7 {base64.b64encode(b'7' * 32).decode()}"


def test_master_keys_are_read_from_the_environment_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"{LINE}\n{SECOND}\n")
    keys = ((1, b"1" * 32), (7, b"7" * 32))
    assert settings.master_keys({"REGULARS_MASTER_KEY": f"{LINE}\n{SECOND}"}) == keys
    assert settings.master_keys({"REGULARS_MASTER_KEY_FILE": str(file)}) == keys


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no master keys"),
        ("1 abc", "Line 1"),
        (f"x{LINE}", "Line 1"),
        (f"{LINE}\n{SECOND[:-4]}", "Line 2"),
        (f"{SECOND}\n{LINE}", "order"),
        (f"{LINE}\n{LINE}", "order"),
        (f"0{LINE[1:]}", "no master keys"),
    ],
)
def test_master_keys_that_are_not_right_are_refused_without_being_quoted(text: str, sentence: str) -> None:
    with pytest.raises(SettingsMissing, match=sentence) as refused:
        settings.parse_master_keys(text, "there")
    assert base64.b64encode(b"1" * 32).decode()[:8] not in str(refused.value)


def test_without_master_keys_nothing_starts_and_the_sentence_says_what_to_set(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    settings.make_secret(secret)
    environment = {"REGULARS_DATABASE_URL": "postgresql://x", "REGULARS_SECRET_FILE": str(secret)}
    with pytest.raises(SettingsMissing, match="REGULARS_MASTER_KEY_FILE"):
        settings.load(environment)
    loaded = settings.load({**environment, "REGULARS_MASTER_KEY": LINE})
    assert (loaded.master_keys, loaded.master_key_file) == (((1, b"1" * 32),), None)
    missing = tmp_path / "nowhere"
    with pytest.raises(SettingsMissing, match="cannot be read"):
        settings.load({**environment, "REGULARS_MASTER_KEY_FILE": str(missing)})


def test_a_master_key_file_is_made_once_for_its_owner_alone_and_grows_by_a_line(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    settings.make_master_keys(file)
    first = settings.read_master_keys(file)
    settings.make_master_keys(file)
    assert settings.read_master_keys(file) == first
    assert settings.add_master_key(file) == 2
    grown = settings.read_master_keys(file)
    assert (grown[0], [number for number, _ in grown]) == (first[0], [1, 2])
    assert os.stat(file).st_mode & 0o777 == 0o600
    assert sorted(os.listdir(tmp_path)) == ["keys"]
