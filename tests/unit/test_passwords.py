"""What a password of staff costs whoever guesses it, and that it is kept as a salted hash."""

from tests.conftest import EARNEST_HASHER, PASSWORDS_OF_TESTS

from regulars.programs.staff import passwords


def test_in_earnest_a_password_costs_64_megabytes_and_three_rounds() -> None:
    kept = EARNEST_HASHER.hash("seven lanterns over Daugava")
    assert kept.split("$")[1:4] == ["argon2id", "v=19", "m=65536,t=3,p=4"]


async def test_a_password_is_hashed_with_the_module_s_hasher_and_its_own_salt() -> None:
    assert passwords.HASHER is PASSWORDS_OF_TESTS
    first, second = await passwords.hashed("seven lanterns"), await passwords.hashed("seven lanterns")
    assert first != second
    assert await passwords.right("seven lanterns", first)
    assert not await passwords.right("seven lantern", first)
    assert not await passwords.right("nobody has this password", "")
