"""Checking signatures, whichever algorithm they name, and what a head's signature covers."""

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tongqu.audit.domain.digest import sm3
from tongqu.audit.vocabulary import HeadView, PublicKey, Signature
from tongqu.kernel.canonical import canonical


def key_id_of(algorithm: str, raw: bytes) -> str:
    """Return the fingerprint of a public key: what an authority publishes elsewhere, too."""
    return sm3(algorithm.encode() + b"\x00" + raw).hex()[:32]


def public_key(algorithm: str, raw: bytes) -> PublicKey:
    return PublicKey(algorithm, key_id_of(algorithm, raw), base64.b64encode(raw).decode())


def strict_base64(text: str) -> bytes:
    """Return the bytes of base64 in its one canonical spelling.

    The usual decoders ignore the spare bits of the last letter: two spellings of one
    signature would let a changed byte pass unseen. Raises: ``ValueError``.
    """
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64") from error
    if base64.b64encode(found).decode() != text:
        raise ValueError("not the canonical base64")
    return found


def _ed25519(raw: bytes, value: bytes, payload: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(raw).verify(value, payload)


# Each raises InvalidSignature or ValueError when the signature does not hold.
ALGORITHMS: dict[str, Callable[[bytes, bytes, bytes], None]] = {"Ed25519": _ed25519}


def is_key_sound(key: PublicKey) -> bool:
    """Decide whether the fingerprint is the key's own."""
    try:
        return key_id_of(key.algorithm, strict_base64(key.raw)) == key.key_id
    except ValueError:
        return False


def holds(payload: bytes, signature: Signature, key: PublicKey) -> bool:
    """Decide whether the signature over these bytes was made with this key's other half."""
    check = ALGORITHMS.get(signature.algorithm)
    if check is None or not is_key_sound(key):
        return False
    if (signature.algorithm, signature.key_id) != (key.algorithm, key.key_id):
        return False
    try:
        check(strict_base64(key.raw), strict_base64(signature.value), payload)
    except (InvalidSignature, ValueError):
        return False
    return True


def spelled(instant: datetime) -> str:
    """Return an instant as the signed payload spells it."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def head_payload(*, size: int, root: str, chain: str, at: str, key: tuple[str, str]) -> bytes:
    """Return the bytes that a head's signature covers; ``key`` is (algorithm, key id)."""
    algorithm, key_id = key
    return canonical(
        {
            "type": "tongqu-head", "version": 1, "size": size, "root": root, "chain": chain,
            "at": at, "algorithm": algorithm, "key_id": key_id,
        }
    )  # fmt: skip


def head_holds(head: HeadView, key: PublicKey) -> bool:
    signed = (head.signature.algorithm, head.signature.key_id)
    payload = head_payload(size=head.size, root=head.root, chain=head.chain, at=head.at, key=signed)
    return holds(payload, head.signature, key)
