"""The settings of the process, from the environment; read once, at an edge."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MASTER_KEY = "REGULARS_MASTER_KEY"
MESSAGES_FOLDER = "REGULARS_MESSAGES_FOLDER"
MASTER_KEY_BYTES = 32
MASTER_KEYS_MAX = 100


@dataclass(frozen=True, slots=True)
class Gateway:
    """A provider's https address that takes SMS or push messages as JSON."""

    url: str = ""
    body: str = '{"to": "{to}", "text": "{text}"}'
    """JSON in which `{to}`, `{text}`, `{subject}` and `{id}` are filled in."""
    authorization: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Messaging:
    """By which ways messages leave; a channel without one cannot be used."""

    folder: str = ""
    """Messages for which there is no other way are written here, for a demo or tests (`REGULARS_MESSAGES_FOLDER`)."""
    smtp_url: str = field(default="", repr=False)
    """`smtps://user:password@host` or `smtp://…` (`REGULARS_SMTP_URL`)."""
    mail_from: str = "Regulars <regulars@localhost>"
    """Whom emails come from (`REGULARS_MAIL_FROM`)."""
    sms: Gateway = Gateway()
    """`REGULARS_SMS_URL`, `REGULARS_SMS_BODY`, `REGULARS_SMS_AUTHORIZATION`."""
    push: Gateway = Gateway()
    """`REGULARS_PUSH_URL`, `REGULARS_PUSH_BODY`, `REGULARS_PUSH_AUTHORIZATION`."""
    passes: Gateway = Gateway()
    """Tells phones that a pass is new.

    `REGULARS_PASS_PUSH_URL`, `REGULARS_PASS_PUSH_BODY`, `REGULARS_PASS_PUSH_AUTHORIZATION`.
    """
    to_localhost: bool = False
    """Gateways on this machine and without TLS, for development (`REGULARS_OUTGOING_TO_LOCALHOST=1`)."""


@dataclass(frozen=True, slots=True)
class Wallets:
    """With what cards for phones' wallets are signed; without it there are none."""

    apple_certificate: Path | None = None
    """The operator's pass certificate, PEM (`REGULARS_APPLE_CERTIFICATE_FILE`)."""
    apple_key: Path | None = None
    """Its private key, PEM, without a password (`REGULARS_APPLE_KEY_FILE`)."""
    apple_authority: Path | None = None
    """Apple's intermediate certificate, PEM (`REGULARS_APPLE_WWDR_FILE`)."""
    google_issuer: str = ""
    """The issuer's id at Google Wallet (`REGULARS_GOOGLE_ISSUER`)."""
    google_key: Path | None = None
    """The service account's JSON file (`REGULARS_GOOGLE_KEY_FILE`)."""


@dataclass(frozen=True, slots=True)
class Company:
    """The company's own sign-in for staff (OpenID Connect); without an issuer there is none."""

    issuer: str = ""
    """Its address, as its discovery document names it (`REGULARS_OIDC_ISSUER`)."""
    client_id: str = ""
    """`REGULARS_OIDC_CLIENT_ID`."""
    client_secret: str = field(default="", repr=False)
    """`REGULARS_OIDC_CLIENT_SECRET`, or the file that `REGULARS_OIDC_CLIENT_SECRET_FILE` names."""
    name: str = ""
    """What the button calls it (`REGULARS_OIDC_NAME`)."""
    address: str = ""
    """Where staff reaches the back office, as `https://club.example` (`REGULARS_OIDC_ADDRESS`)."""
    domains: tuple[str, ...] = ()
    """Whoever has a verified address of these gets the role below without an invitation (`REGULARS_OIDC_DOMAINS`)."""
    role: str = ""
    """`REGULARS_OIDC_ROLE`."""
    program: str = ""
    """In which program: `prg_…` (`REGULARS_OIDC_PROGRAM`)."""
    to_localhost: bool = False
    """A provider on this machine and without TLS, for development (`REGULARS_OUTGOING_TO_LOCALHOST=1`)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a process must know before it can open a door."""

    database_url: str
    """libpq URL of the owner role (`REGULARS_DATABASE_URL`)."""
    secret: bytes = field(repr=False)
    """32 bytes from which the keys of blind indexes and sessions are derived (`REGULARS_SECRET_FILE`)."""
    master_keys: tuple[tuple[int, bytes], ...] = field(repr=False)
    """Generation and 32 bytes, oldest first: under the last one persons' keys are wrapped.

    `REGULARS_MASTER_KEY_FILE`, or the same lines in `REGULARS_MASTER_KEY`.
    """
    master_key_file: Path | None = None
    """Where they stand, if in a file: a generation that was added since is looked for there."""
    pool_size: int = 8
    """Connections a process may open (`REGULARS_POOL_SIZE`)."""
    batch_connections: int = 1
    """Batches of purchases that a process writes side by side (`REGULARS_BATCH_CONNECTIONS`).

    One: the next batch grows while it is written. A second costs more than it saves (measured: 0.40 against 0.47 of
    the reference at 128 clients); more throughput comes from more processes.
    """
    requests_at_once: int = 1024
    """Requests that a process works on; what comes beyond is answered 503 (`REGULARS_REQUESTS_AT_ONCE`)."""
    host: str = "127.0.0.1"
    port: int = 8080
    insecure_cookies: bool = True
    """Cookies without `Secure`, for plain http on localhost (`REGULARS_TLS=1` turns it off)."""
    messaging: Messaging = Messaging()
    wallets: Wallets = Wallets()
    company: Company = Company()


class SettingsMissing(Exception):
    """A setting without which nothing can start, in a sentence."""


def load(environment: dict[str, str] | None = None) -> Settings:
    """Read the environment. Raises SettingsMissing with a sentence."""
    env = os.environ if environment is None else environment
    url = env.get("REGULARS_DATABASE_URL")
    if not url:
        raise SettingsMissing(
            "REGULARS_DATABASE_URL is not set. Start with `./run`, which brings its own PostgreSQL, "
            "or give the address of one: postgresql://owner@host/regulars"
        )
    secret_file = env.get("REGULARS_SECRET_FILE")
    if not secret_file:
        raise SettingsMissing(
            "REGULARS_SECRET_FILE is not set. Name a file with at least 32 random bytes, "
            "kept apart from the database's backups; `./run` makes one in its data folder."
        )
    return Settings(
        database_url=url,
        secret=read_secret(Path(secret_file)),
        master_keys=master_keys(env),
        master_key_file=master_key_file(env),
        pool_size=int(env.get("REGULARS_POOL_SIZE", "8")),
        batch_connections=int(env.get("REGULARS_BATCH_CONNECTIONS", "1")),
        requests_at_once=int(env.get("REGULARS_REQUESTS_AT_ONCE", "1024")),
        host=env.get("REGULARS_HOST", "127.0.0.1"),
        port=int(env.get("REGULARS_PORT", "8080")),
        insecure_cookies=env.get("REGULARS_TLS") != "1",
        messaging=messaging(env),
        wallets=wallets(env),
        company=company(env),
    )


def company(env: Mapping[str, str]) -> Company:
    """The company's own sign-in, as the environment says. Raises SettingsMissing where only a part of it is given."""
    issuer = env.get("REGULARS_OIDC_ISSUER", "")
    if not issuer:
        return Company()
    secret = env.get("REGULARS_OIDC_CLIENT_SECRET", "")
    if env.get("REGULARS_OIDC_CLIENT_SECRET_FILE"):
        secret = Path(env["REGULARS_OIDC_CLIENT_SECRET_FILE"]).read_text(encoding="utf-8").strip()
    found = Company(
        issuer=issuer,
        client_id=env.get("REGULARS_OIDC_CLIENT_ID", ""),
        client_secret=secret,
        name=env.get("REGULARS_OIDC_NAME", issuer.partition("://")[2].partition("/")[0]),
        address=env.get("REGULARS_OIDC_ADDRESS", "").rstrip("/"),
        domains=tuple(
            one.strip().lower() for one in env.get("REGULARS_OIDC_DOMAINS", "").split(",") if one.strip()
        ),
        role=env.get("REGULARS_OIDC_ROLE", ""),
        program=env.get("REGULARS_OIDC_PROGRAM", ""),
        to_localhost=env.get("REGULARS_OUTGOING_TO_LOCALHOST") == "1",
    )
    if not (found.client_id and found.address):
        raise SettingsMissing(
            "REGULARS_OIDC_ISSUER is set, but not REGULARS_OIDC_CLIENT_ID and REGULARS_OIDC_ADDRESS: "
            "the company's sign-in needs all three."
        )
    if bool(found.domains) != bool(found.role and found.program):
        raise SettingsMissing(
            "REGULARS_OIDC_DOMAINS needs REGULARS_OIDC_ROLE and REGULARS_OIDC_PROGRAM beside it, and they need it."
        )
    return found


def wallets(env: Mapping[str, str]) -> Wallets:
    """With what passes are signed, as the environment says; files are read when a pass is asked for."""

    def file(name: str) -> Path | None:
        given = env.get(f"REGULARS_{name}_FILE")
        return Path(given) if given else None

    return Wallets(
        apple_certificate=file("APPLE_CERTIFICATE"),
        apple_key=file("APPLE_KEY"),
        apple_authority=file("APPLE_WWDR"),
        google_issuer=env.get("REGULARS_GOOGLE_ISSUER", ""),
        google_key=file("GOOGLE_KEY"),
    )


def messaging(env: Mapping[str, str]) -> Messaging:
    """How messages leave, as the environment says."""

    def gateway(name: str) -> Gateway:
        given = {
            field: env[f"REGULARS_{name}_{field.upper()}"]
            for field in ("url", "body", "authorization")
            if env.get(f"REGULARS_{name}_{field.upper()}")
        }
        return Gateway(**given)

    return Messaging(
        folder=env.get(MESSAGES_FOLDER, ""),
        smtp_url=env.get("REGULARS_SMTP_URL", ""),
        mail_from=env.get("REGULARS_MAIL_FROM", Messaging().mail_from),
        sms=gateway("SMS"),
        push=gateway("PUSH"),
        passes=gateway("PASS_PUSH"),
        to_localhost=env.get("REGULARS_OUTGOING_TO_LOCALHOST") == "1",
    )


def master_keys(env: Mapping[str, str]) -> tuple[tuple[int, bytes], ...]:
    """The master keys that the environment names, oldest first. Raises SettingsMissing."""
    if env.get(MASTER_KEY):
        return parse_master_keys(env[MASTER_KEY], MASTER_KEY)
    file = master_key_file(env)
    if file is not None:
        return read_master_keys(file)
    raise SettingsMissing(
        "Neither REGULARS_MASTER_KEY_FILE nor REGULARS_MASTER_KEY is set. Name the file with the keys that members' "
        "personal data is sealed under, kept apart from the database's backups; `./run` makes one in its data folder."
    )


def master_key_file(env: Mapping[str, str]) -> Path | None:
    """The file with the master keys; None where the environment holds them itself."""
    named = env.get(f"{MASTER_KEY}_FILE")
    return Path(named) if named and not env.get(MASTER_KEY) else None


def read_master_keys(path: Path) -> tuple[tuple[int, bytes], ...]:
    """The master keys in a file, oldest first. Raises SettingsMissing."""
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not plain text"
        raise SettingsMissing(f"The master keys cannot be read from {path}: {reason}.") from error
    return parse_master_keys(text, str(path))


def parse_master_keys(text: str, where: str) -> tuple[tuple[int, bytes], ...]:
    """Lines `generation base64`, newest last. Raises SettingsMissing, which never quotes a key."""
    found: list[tuple[int, bytes]] = []
    for number, line in enumerate(text.strip().splitlines(), 1):
        generation, _, encoded = line.strip().partition(" ")
        try:
            key = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not (generation.isascii() and generation.isdigit() and len(key) == MASTER_KEY_BYTES):
            raise SettingsMissing(
                f"Line {number} of the master keys in {where} is not a number and 32 bytes in base64."
            )
        if found and int(generation) <= found[-1][0]:
            raise SettingsMissing(f"The master keys in {where} are not in the order of their generations.")
        found.append((int(generation), key))
    if not found or len(found) > MASTER_KEYS_MAX or not 0 < found[0][0] <= found[-1][0] < 2**31:
        raise SettingsMissing(f"In {where} there are no master keys, or more than can be right.")
    return tuple(found)


def make_master_keys(path: Path) -> None:
    """Write a first master key, readable by the owner alone, unless there is one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(master_key_line(1))


def add_master_key(path: Path) -> int:
    """Add a new generation to the file and return its number; replaced in one step. Raises SettingsMissing."""
    known = read_master_keys(path)
    generation = known[-1][0] + 1
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        for number, key in known:
            file.write(f"{number} {base64.b64encode(key).decode()}\n")
        file.write(master_key_line(generation))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return generation


def master_key_line(generation: int) -> str:
    """A line of the file with a new key."""
    return f"{generation} {base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode()}\n"


def read_secret(path: Path) -> bytes:
    """The secret in a file. Raises SettingsMissing when it is not there or too short."""
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise SettingsMissing(f"The secret cannot be read from {path}: {error.strerror}.") from error
    if len(secret) < 32:
        raise SettingsMissing(f"The secret in {path} is shorter than 32 bytes.")
    return secret


def make_secret(path: Path) -> None:
    """Write a new secret, readable by the owner alone, unless there is one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
