"""The certificate of `--tls`: for this machine, for its owner only, made again only when it must be."""

from __future__ import annotations

from pathlib import Path

import pytest

from regulars.cli import certificates

x509 = pytest.importorskip("cryptography.x509")


def names(path: Path) -> set[str]:
    loaded = x509.load_pem_x509_certificate(path.read_bytes())
    held = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(address) for address in held.get_values_for_type(x509.IPAddress)} | set(
        held.get_values_for_type(x509.DNSName)
    )


def test_it_is_for_localhost_and_every_address_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificates, "addresses", lambda: ["192.0.2.7"])
    certificate, key = certificates.certificate(tmp_path)
    assert {"localhost", "127.0.0.1", "::1", "192.0.2.7"} <= names(certificate)
    assert key.stat().st_mode & 0o777 == 0o600


def test_it_stays_until_an_address_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "addresses", lambda: ["192.0.2.7"])
    first = certificates.certificate(tmp_path)[0].read_bytes()
    assert certificates.certificate(tmp_path)[0].read_bytes() == first
    monkeypatch.setattr(certificates, "addresses", lambda: ["192.0.2.7", "192.0.2.8"])
    assert certificates.certificate(tmp_path)[0].read_bytes() != first
    assert "192.0.2.8" in names(tmp_path / "tls.crt")
