"""Keys and secrets in files that only this user can read, made at first use."""

import base64
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tongqu.audit.public import public_key
from tongqu.audit.vocabulary import PublicKey, Signature

ALGORITHM = "Ed25519"
ACTIVE = "signing.pem"
RETIRED = "signing-*.pub"


class FileKeys:
    """The signer and the secrets of one hub: ``folder``/signing.pem is the active key.

    A retired key leaves its public half as signing-<key id>.pub, so that what it signed
    stays verifiable.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def sign(self, payload: bytes) -> Signature:
        key = self._active()
        value = base64.b64encode(key.sign(payload)).decode()
        return Signature(ALGORITHM, self._public(key.public_key()).key_id, value)

    def active_key(self) -> PublicKey:
        return self._public(self._active().public_key())

    def public_keys(self) -> tuple[PublicKey, ...]:
        active = (self.active_key(),) if (self.folder / ACTIVE).exists() else ()
        retired = sorted(self.folder.glob(RETIRED))
        return active + tuple(self._public(self._read_public(path)) for path in retired)

    def rotate(self) -> PublicKey:
        """Retire the active key and return the new one. The old private half is destroyed."""
        old = self._active().public_key()
        pem = old.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        (self.folder / f"signing-{self._public(old).key_id}.pub").write_bytes(pem)
        (self.folder / ACTIVE).unlink()
        return self.active_key()

    def secret(self, name: str) -> str:
        """Return a random secret under this name, the same ever after."""
        return self._kept(f"{name}.secret", lambda: secrets.token_hex(32).encode()).decode()

    def _active(self) -> Ed25519PrivateKey:
        pem = self._kept(ACTIVE, _new_key)
        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{ACTIVE} is not an {ALGORITHM} key")
        return key

    def _kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return the file's bytes, making it at first use: complete, 0600, and only once."""
        path = self.folder / name
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor, draft = tempfile.mkstemp(dir=self.folder, prefix=".new-")  # mode 0600
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(make())
                    file.flush()
                    os.fsync(file.fileno())
                os.link(draft, path)  # unlike a rename it never replaces another's
            except FileExistsError:
                pass  # another process was first: its file is ours, too
            finally:
                os.unlink(draft)
        return path.read_bytes()

    @staticmethod
    def _public(key: Ed25519PublicKey) -> PublicKey:
        return public_key(ALGORITHM, key.public_bytes_raw())

    @staticmethod
    def _read_public(path: Path) -> Ed25519PublicKey:
        key = serialization.load_pem_public_key(path.read_bytes())
        if not isinstance(key, Ed25519PublicKey):
            raise TypeError(f"{path.name} is not an {ALGORITHM} key")
        return key


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
