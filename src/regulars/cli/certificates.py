"""Makes the certificate of `--tls`: self-signed, for this machine's names and addresses, valid for a year."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from regulars import clock

VALID_DAYS = 365
RENEW_BEFORE_DAYS = 30


def addresses() -> list[str]:
    """The addresses by which other devices in the network may reach this machine."""
    found: set[str] = set()
    with contextlib.suppress(OSError):
        found |= {str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    # Connecting a datagram socket sends nothing: it only makes the kernel choose the address it would send
    # from.
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        found.add(probe.getsockname()[0])
    return sorted(address for address in found if not address.startswith("127."))


def certificate(folder: Path) -> tuple[Path, Path]:
    """The certificate and its key in `folder`, made anew when they are missing, old, or for other addresses."""
    certificate_file, key_file = folder / "tls.crt", folder / "tls.key"
    names = ["localhost", socket.gethostname()]
    wanted = ["127.0.0.1", "::1", *addresses()]
    if certificate_file.exists() and key_file.exists():
        present = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        held = present.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        covered = {str(address) for address in held.get_values_for_type(x509.IPAddress)}
        fresh = present.not_valid_after_utc - clock.world() > timedelta(days=RENEW_BEFORE_DAYS)
        if fresh and covered.issuperset(wanted):
            return certificate_file, key_file
    _make(certificate_file, key_file, names, wanted)
    return certificate_file, key_file


def _make(certificate_file: Path, key_file: Path, names: list[str], wanted: list[str]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Regulars on this machine")])
    now = clock.world()
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(name) for name in dict.fromkeys(names)]
                + [x509.IPAddress(ipaddress.ip_address(address)) for address in wanted]
            ),
            critical=False,
        )
        # A device that is to trust it must be able to take it as its own authority.
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(
        key_file,
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    _write(certificate_file, built.public_bytes(serialization.Encoding.PEM))


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(path)
