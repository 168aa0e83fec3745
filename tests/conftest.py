"""One PostgreSQL per test process, one database per test module, and programs to play in.

`REGULARS_TEST_DATABASE_URL` names a server to use instead of the embedded one; its user must be able to create
databases and roles.
"""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import NamedTuple
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from regulars import ids
from regulars.db.embedded.server import EmbeddedServer
from regulars.db.migrate import migrate
from regulars.db.pool import Database
from regulars.programs.staff import passwords

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
"""When the tests' programs begin."""

MASTER_KEYS = ((1, bytes(range(32))),)
"""Under which the tests' persons are sealed."""

MASTER_KEY = f"1 {base64.b64encode(MASTER_KEYS[0][1]).decode()}"
"""The same as the environment says it (`REGULARS_MASTER_KEY`)."""

_NUMBERS = count(1)

# Examples are the same in each run, and a slow machine is no fault. `--hypothesis-profile=default` looks for others.
settings.register_profile(
    "regulars", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("regulars")


# A password costs tenths of a second and 64 MB by intention. Hundreds of tests sign in: to them it costs little,
# and tests/unit/test_passwords.py keeps what it costs in earnest.
EARNEST_HASHER = passwords.HASHER
PASSWORDS_OF_TESTS = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
passwords.HASHER = PASSWORDS_OF_TESTS


class TestServer(NamedTuple):
    """Where the tests' PostgreSQL is reached: as the owner of the databases, and as one who may do anything."""

    __test__ = False
    url: str
    administrator_url: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with long runs come first: processes that share the files would else wait for the last of them."""
    long = {item.path for item in items if item.get_closest_marker("full")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestServer]:
    """The PostgreSQL of this test process."""
    given = os.environ.get("REGULARS_TEST_DATABASE_URL")
    if given:
        yield TestServer(given, given)
        return
    embedded = EmbeddedServer(tmp_path_factory.mktemp("postgres"), say=lambda _: None)
    started = embedded.start()
    try:
        yield TestServer(started.url, started.administrator_url)
    finally:
        embedded.stop()


@pytest.fixture(scope="session")
def template(server: TestServer) -> Iterator[str]:
    """The name of a migrated, empty database."""
    name = f"regulars_template_{os.getpid()}"
    _create(server, name, None)
    migrate(make_conninfo(server.url, dbname=name))
    yield name
    _drop(server, name)


@pytest.fixture(scope="module")
def database_url(server: TestServer, template: str) -> Iterator[str]:
    """The owner's address of a migrated database of this test module alone."""
    name = f"regulars_test_{os.getpid()}_{next(_NUMBERS)}"
    _create(server, name, template)
    yield make_conninfo(server.url, dbname=name)
    _drop(server, name)


@pytest.fixture(scope="module")
def administrator_url(server: TestServer, database_url: str) -> str:
    """The same database, for one whom neither privileges nor row-level security stop."""
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    return make_conninfo(server.administrator_url, dbname=name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The module's database as the application's role sees it."""
    async with Database(database_url) as opened:
        yield opened


MakeProgram = Callable[..., Awaitable[UUID]]


@pytest.fixture
def make_program(database: Database) -> MakeProgram:
    """Make more programs: plain ones, with default settings."""

    async def make(name: str = "Test", *, sandbox: bool = False) -> UUID:
        return await insert_program(database, name, sandbox=sandbox)

    return make


@pytest.fixture
async def program(database: Database) -> UUID:
    """A program of this test alone."""
    return await insert_program(database)


async def insert_program(database: Database, name: str = "Test", *, sandbox: bool = False) -> UUID:
    """A program row, its operator and its currency `PTS`, a point being worth 0.01 €; its id."""
    program = ids.new()
    async with database.transaction(program) as tx:
        await tx.execute(
            "INSERT INTO program (id, name, base_currency, time_zone, languages, sandbox, settings, created_at)"
            " VALUES (%s, %s, 'EUR', 'Europe/Riga', '{lv,en}', %s, '{}', %s)",
            (program, name, sandbox, START),
        )
        await tx.execute(
            "INSERT INTO partner (program, id, code, name) VALUES (%s, %s, 'operator', %s)",
            (program, ids.new(), name),
        )
        await tx.execute(
            "INSERT INTO currency (program, code, kind, scale, worth_numerator, worth_denominator)"
            " VALUES (%s, 'PTS', 'points', 0, 1, 1)",
            (program,),
        )
    return program


def _create(server: TestServer, name: str, template: str | None) -> None:
    owner = psycopg.conninfo.conninfo_to_dict(server.url).get("user")
    statement = SQL("CREATE DATABASE {}").format(Identifier(name))
    if owner:
        statement += SQL(" OWNER {}").format(Identifier(str(owner)))
    if template:
        statement += SQL(" TEMPLATE {}").format(Identifier(template))
    with psycopg.connect(server.administrator_url, autocommit=True) as connection:
        connection.execute(statement)


def _drop(server: TestServer, name: str) -> None:
    with psycopg.connect(server.administrator_url, autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
