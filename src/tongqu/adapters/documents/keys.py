"""The key that signs documents: ECDSA P-256 with a self-signed certificate, made once.

A province replaces both files by those of its own authority; the names stay.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

KEY, CERTIFICATE = "documents.key.pem", "documents.crt.pem"
_LIFE = timedelta(days=3650)


def ensure(folder: Path, *, now: datetime) -> tuple[Path, Path]:
    """Return the paths of key and certificate, making both where they are missing."""
    key_path, certificate_path = folder / KEY, folder / CERTIFICATE
    if not (key_path.exists() and certificate_path.exists()):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        _write(key_path, key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ))  # fmt: skip
        certificate = _self_signed(key, now)
        _write(certificate_path, certificate.public_bytes(serialization.Encoding.PEM))
    return key_path, certificate_path


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 of our certificate, or "" where this hub has none."""
    path = folder / CERTIFICATE
    if not path.exists():
        return ""
    return x509.load_pem_x509_certificate(path.read_bytes()).fingerprint(hashes.SHA256()).hex()


def _write(path: Path, content: bytes) -> None:
    """Write so that no other process ever reads half a key, nor anybody else reads it."""
    part = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    part.replace(path)


def _self_signed(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tongqu document signing")])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    # The tests and the demo stand still in 2026: the certificate must already hold there.
    start = min(now, datetime(2026, 1, 1, tzinfo=UTC))
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(now + _LIFE)
        .add_extension(usage, critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
