"""Signatures of devices: Ed25519, SM2 with SM3, HMAC-SM3 with a derived key."""

import base64
import binascii
import hashlib
import hmac
import re
from typing import Any

from tongqu.assets.vocabulary import KeyKind
from tongqu.security.ports import secrets

_SM2_PUBLIC = re.compile(r"(?:04)?([0-9a-f]{128})")
_MOST_SIGNATURE = 400  # characters; nobody's signature is longer


class DeviceSignatures:
    """Checks what a stranger claims: never raises, whatever the bytes are."""

    def parse_key(self, kind: KeyKind, text: str) -> str:
        """Return base64 of 32 bytes for Ed25519, 128 hex digits for SM2."""
        if kind is KeyKind.ED25519:
            return base64.b64encode(_ed25519(text)).decode()
        if kind is KeyKind.SM2:
            found = _SM2_PUBLIC.fullmatch(text.strip().lower())
            if found is None or not _on_curve(found[1]):
                raise ValueError("not a public key of SM2")
            return found[1]
        raise ValueError("this kind has no public key")

    def holds(self, kind: KeyKind, key: str, payload: bytes, signature: str) -> bool:
        if len(signature) > _MOST_SIGNATURE:
            return False
        try:
            raw = base64.b64decode(signature, validate=True)
        except (binascii.Error, ValueError):
            return False
        match kind:
            case KeyKind.ED25519:
                return _holds_ed25519(key, payload, raw)
            case KeyKind.SM2:
                return len(raw) == 64 and _holds_sm2(key, payload, raw)
            case KeyKind.HMAC_SM3:
                return hmac.compare_digest(_mac(self.derived(key), payload), raw)
            case _:
                return False

    def derived(self, name: str) -> str:
        master = secrets().secret("device-keys").encode()
        return hmac.new(master, name.encode(), hashlib.sha256).hexdigest()


def _ed25519(text: str) -> bytes:
    """Return the 32 bytes of a key given as base64, hex or PEM."""
    plain = text.strip()
    if plain.startswith("-----BEGIN"):
        return _from_pem(plain)
    if re.fullmatch(r"[0-9a-fA-F]{64}", plain):
        return bytes.fromhex(plain)
    raw = base64.b64decode(plain, validate=True)
    if len(raw) != 32:
        raise ValueError("not a public key of Ed25519")
    return raw


def _from_pem(text: str) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = load_pem_public_key(text.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not a public key of Ed25519")
    return key.public_bytes_raw()


def _holds_ed25519(key: str, payload: bytes, raw: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(raw, payload)
    except (InvalidSignature, ValueError):
        return False
    return True


def _holds_sm2(key: str, payload: bytes, raw: bytes) -> bool:
    crypt: Any = _sm2(key)
    order = int(crypt.ecc_table["n"], 16)
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    if not (0 < r < order and 0 < s < order):  # the library does not look
        return False
    try:
        return bool(crypt.verify_with_sm3(raw.hex(), payload))
    except Exception:  # the library divides by whatever a stranger sends
        return False


def _sm2(key: str) -> Any:
    from gmssl import sm2

    return sm2.CryptSM2(public_key=key, private_key="")


def _on_curve(key: str) -> bool:
    """Decide whether the point fulfils y² = x³ + ax + b: a point off the curve is no key."""
    from gmssl.sm2 import default_ecc_table as curve

    p, a, b = (int(curve[name], 16) for name in ("p", "a", "b"))
    x, y = int(key[:64], 16), int(key[64:], 16)
    return x < p and y < p and (y * y - (x * x * x + a * x + b)) % p == 0


def _mac(key: str, payload: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SM3
    from cryptography.hazmat.primitives.hmac import HMAC

    mac = HMAC(bytes.fromhex(key), SM3())
    mac.update(payload)
    return mac.finalize()
