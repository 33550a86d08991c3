"""Small secrets, sealed with a key that the database does not hold."""

import base64
import hashlib
import os

from tongqu.kernel.problems import Unavailable
from tongqu.security.ports import secrets

NONCE = 12


class AesSealer:
    """AES-256-GCM under a key derived from the hub's secret ``name``."""

    def __init__(self, name: str) -> None:
        self.name = name

    def seal(self, text: str) -> str:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(NONCE)
        sealed = AESGCM(self._key()).encrypt(nonce, text.encode(), self.name.encode())
        return base64.b64encode(nonce + sealed).decode()

    def unseal(self, sealed: str) -> str:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        raw = base64.b64decode(sealed)
        try:
            plain = AESGCM(self._key()).decrypt(raw[:NONCE], raw[NONCE:], self.name.encode())
        except InvalidTag as error:
            raise Unavailable("a sealed text cannot be opened with today's key") from error
        return plain.decode()

    def _key(self) -> bytes:
        return hashlib.sha256(secrets().secret(self.name).encode()).digest()
