"""Cards in phones' wallets, checked against keys that the test makes: a pass for Apple, a link for Google."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from regulars import i18n
from regulars.db.pool import Database
from regulars.settings import Wallets
from regulars.web import colours
from tests.api.conftest import Api, new_api, serving
from tests.api.shop import give, member_with_card, printed, refused, settle

BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Issued(NamedTuple):
    """A certificate and its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


def certificate(names: dict[x509.ObjectIdentifier, str], by: Issued | None, *, authority: bool) -> Issued:
    """A certificate of these names, signed by another one or by itself."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(oid, text) for oid, text in names.items()])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGIN)
        .not_valid_after(END)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    return Issued(built.sign(by.key if by else key, hashes.SHA256()), key)


class Operator(NamedTuple):
    """What an operator has from Apple and Google, and the root that the test trusts."""

    wallets: Wallets
    root: Path
    google: rsa.RSAPrivateKey


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """A chain as Apple's: root, intermediate (WWDR), pass certificate; and a service account as Google's."""
    folder = tmp_path_factory.mktemp("wallets")
    root = certificate({NameOID.COMMON_NAME: "Test Root CA"}, None, authority=True)
    middle = certificate({NameOID.COMMON_NAME: "Test WWDR"}, root, authority=True)
    names = {
        NameOID.USER_ID: "pass.lv.dzintars.card",
        NameOID.COMMON_NAME: "Pass Type ID: pass.lv.dzintars.card",
        NameOID.ORGANIZATIONAL_UNIT_NAME: "TEAM123456",
    }
    leaf = certificate(names, middle, authority=False)
    google = rsa.generate_private_key(65537, 2048)
    for name, found in (("root", root), ("wwdr", middle), ("pass", leaf)):
        (folder / f"{name}.pem").write_bytes(found.certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(pem(leaf.key))
    account = {
        "type": "service_account",
        "client_email": "cards@example.iam.gserviceaccount.com",
        "private_key": pem(google).decode(),
    }
    (folder / "google.json").write_text(json.dumps(account))
    wallets = Wallets(
        apple_certificate=folder / "pass.pem",
        apple_key=folder / "key.pem",
        apple_authority=folder / "wwdr.pem",
        google_issuer="3388000000012345678",
        google_key=folder / "google.json",
    )
    return Operator(wallets, folder / "root.pem", google)


def pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
async def house(database: Database, database_url: str, operator: Operator) -> AsyncIterator[Api]:
    """An application of an operator who has set up both wallets, and a program on it."""
    async with serving(database_url, wallets=operator.wallets) as opened:
        api = await new_api(opened, database)
        await settle(api, accent="#b4690e", public_address="https://club.example")
        yield api


async def card_of(api: Api) -> tuple[dict[str, Any], str]:
    """A member's card with 1234 points, and the member."""
    member, _ = await member_with_card(api)
    await give(api, member, 1234)
    return (await api.get(f"/v1/members/{member}/cards")).json()["items"][0], member


def unpacked(body: bytes) -> dict[str, bytes]:
    """The files of a pass."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def strings(body: bytes) -> dict[str, str]:
    """A `.strings` file."""
    return dict(re.findall(r'^"(\w+)" = "(.*)";$', body.decode("utf-16"), re.MULTILINE))


def verified(folder: Path, root: Path) -> tuple[bool, str]:
    """Whether OpenSSL agrees with the detached signature, by a chain that ends at the root; or what it says."""
    done = subprocess.run(
        ["openssl", "smime", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "manifest.json",
         "-CAfile", root, "-purpose", "any", "-out", "verified", "-signer", "signer.pem"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode == 0, "" if done.returncode == 0 else done.stderr


async def test_an_apple_pass_is_whole_hashed_and_signed_by_the_operator(
    house: Api, operator: Operator, tmp_path: Path
) -> None:
    card, _ = await card_of(house)
    answer = await house.get(f"/v1/cards/{card['id']}/pass.pkpass", scope="issuer")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/vnd.apple.pkpass")
    files = unpacked(answer.content)
    manifest = json.loads(files["manifest.json"])
    assert set(manifest) == set(files) - {"manifest.json", "signature"}
    assert {name: hashlib.sha1(files[name]).hexdigest() for name in manifest} == manifest

    for name in ("manifest.json", "signature"):
        (tmp_path / name).write_bytes(files[name])
    assert verified(tmp_path, operator.root) == (True, "")
    assert (tmp_path / "verified").read_bytes() == files["manifest.json"]
    assert operator.wallets.apple_certificate is not None
    signer = x509.load_pem_x509_certificate((tmp_path / "signer.pem").read_bytes())
    assert signer == x509.load_pem_x509_certificate(operator.wallets.apple_certificate.read_bytes())

    (tmp_path / "manifest.json").write_bytes(files["manifest.json"].replace(b"pass.json", b"pass.jsom"))
    assert not verified(tmp_path, operator.root)[0]


async def test_an_apple_pass_shows_the_card_in_every_language_and_nobody_s_name(house: Api) -> None:
    card, _ = await card_of(house)
    spot = {"latitude": "56.9496", "longitude": "-24.105201"}
    store = {"code": "riga-2", "name": "Centrs", "location": spot}
    assert (await house.post("/v1/stores", store)).json()["location"] == spot
    files = unpacked((await house.get(f"/v1/cards/{card['id']}/pass.pkpass", kind="pdf417")).content)
    document = json.loads(files["pass.json"])
    number = printed(card["number"])
    assert document["passTypeIdentifier"] == "pass.lv.dzintars.card"
    assert (document["teamIdentifier"], document["serialNumber"]) == ("TEAM123456", card["id"])
    code = {
        "format": "PKBarcodeFormatPDF417",
        "message": card["number"],
        "messageEncoding": "iso-8859-1",
        "altText": number,
    }
    assert (document["barcodes"], document["barcode"]) == ([code], code)
    ground = colours.palette("#b4690e").card
    red, green, blue = (int(ground[place : place + 2], 16) for place in (1, 3, 5))
    assert document["backgroundColor"] == f"rgb({red}, {green}, {blue})"
    assert document["foregroundColor"] == "rgb(255, 255, 255)"
    assert document["storeCard"]["primaryFields"] == [
        {"key": "balance", "label": "BALANCE_LABEL", "value": "BALANCE"}
    ]
    assert document["storeCard"]["secondaryFields"][0]["value"] == number
    assert document["storeCard"]["backFields"][1]["value"].startswith("https://club.example/portal/")
    for language, balance in (("lv", "1 234"), ("en", "1 234")):
        said = strings(files[f"{language}.lproj/pass.strings"])
        assert said["BALANCE"].startswith(balance.replace(" ", "\u202f")), said
        assert said["NUMBER_LABEL"] == i18n.translate(language, "Card number")
    assert b"Kalni" not in b"".join(files.values())
    assert document["locations"] == [{"latitude": 56.9496, "longitude": -24.105201, "relevantText": "Centrs"}]
    for name, side in (("icon.png", 29), ("icon@2x.png", 58), ("logo.png", 50)):
        assert files[name][:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(files[name][16:20], "big") == side


async def test_a_google_link_is_a_token_signed_by_the_service_account(house: Api, operator: Operator) -> None:
    card, _ = await card_of(house)
    before = datetime.now(UTC)
    answer = await house.get(f"/v1/cards/{card['id']}/google-wallet", scope="issuer")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    link = answer.json()["link"]
    address, _, token = link.rpartition("/")
    assert address == "https://pay.google.com/gp/v/save"
    assert len(token) <= 1800
    head, claims, signature = token.split(".")
    operator.google.public_key().verify(
        decoded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    assert json.loads(decoded(head)) == {"alg": "RS256", "typ": "JWT"}
    said = json.loads(decoded(claims))
    assert said["iss"] == "cards@example.iam.gserviceaccount.com"
    assert (said["aud"], said["typ"], said["origins"]) == ("google", "savetowallet", ["https://club.example"])
    assert abs(datetime.fromtimestamp(said["iat"], UTC) - before) < timedelta(seconds=60)
    (kind,), (found,) = said["payload"]["loyaltyClasses"], said["payload"]["loyaltyObjects"]
    assert found["classId"] == kind["id"]
    assert found["id"] == f"3388000000012345678.{card['id']}"
    assert (found["accountId"], found["barcode"]["value"]) == (card["number"], card["number"])
    assert found["loyaltyPoints"]["balance"]["string"].startswith("1\u202f234\u00a0")
    assert "Kalni" not in decoded(claims).decode()


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


async def test_without_a_certificate_it_is_said_what_to_set(api: Api) -> None:
    card, _ = await card_of(api)
    for path, name in (
        ("pass.pkpass", "REGULARS_APPLE_CERTIFICATE_FILE"),
        ("google-wallet", "REGULARS_GOOGLE_ISSUER"),
    ):
        answer = await api.get(f"/v1/cards/{card['id']}/{path}")
        assert refused(answer)[:2] == (409, "not_configured")
        assert name in answer.json()["detail"]


async def test_a_key_that_is_not_the_certificate_s_is_not_used(
    operator: Operator, database: Database, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "other.pem").write_bytes(pem(operator.google))
    (tmp_path / "account.json").write_text("{}")
    wrong = replace(operator.wallets, apple_key=tmp_path / "other.pem", google_key=tmp_path / "account.json")
    async with serving(database_url, wallets=wrong) as opened:
        api = await new_api(opened, database)
        card, _ = await card_of(api)
        for path in ("pass.pkpass", "google-wallet"):
            answer = await api.get(f"/v1/cards/{card['id']}/{path}")
            assert refused(answer)[:2] == (409, "not_configured")
            assert "could not be read" in answer.json()["detail"]


async def test_google_needs_an_https_address_for_the_picture(house: Api) -> None:
    card, _ = await card_of(house)
    await settle(house, public_address="")
    answer = await house.get(f"/v1/cards/{card['id']}/google-wallet")
    assert refused(answer)[:2] == (409, "not_configured")
    assert "public_address" in answer.json()["detail"]


async def test_a_card_that_is_not_in_use_goes_into_no_wallet(house: Api) -> None:
    card, _ = await card_of(house)
    path = f"/v1/cards/{card['id']}/pass.pkpass"
    await house.post("/v1/cards/block", {"id": card["id"]})
    assert refused(await house.get(path))[:2] == (409, "card_blocked")
    await house.post("/v1/cards/close", {"id": card["id"]})
    assert refused(await house.get(path))[:2] == (409, "state_conflict")
    assert refused(await house.get(path, scope="till"))[:2] == (403, "scope_missing")
    unassigned = (await house.post("/v1/cards/batch", {"count": 1})).json()["cards"][0]
    assert (await house.get(f"/v1/cards/{unassigned['id']}/pass.pkpass")).status_code == 200


async def test_a_store_lies_on_the_earth(api: Api) -> None:
    for pointer, latitude, longitude in (
        ("/location/latitude", "90.000001", "0"),
        ("/location/longitude", "0", "-180.5"),
        ("/location/latitude", "56.1234567", "0"),
        ("/location/longitude", "0", "24,1"),
    ):
        store = {"code": "x", "name": "X", "location": {"latitude": latitude, "longitude": longitude}}
        assert refused(await api.post("/v1/stores", store))[::2] == (422, pointer)
    assert (await api.get("/v1/stores")).json()["items"] == []
