"""Where a reader stands, sealed: only the platform can make or read a cursor.

Sealed and not only signed: the hash of a whole row, hidden items included, is in it, and
whoever knows the rest of a row could try the values of a hidden item against that hash.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tongqu.delivery.domain import refusals
from tongqu.delivery.domain.compiler import Position
from tongqu.kernel.canonical import canonical
from tongqu.kernel.problems import Rejected

NONCE = 12
MAX_LENGTH = 600


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position; ``snapshot_id`` pins a query to one state, and is 0 for a subscription."""

    snapshot_id: int
    after: Position


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals cursors for one grant and one set of conditions: elsewhere they are worthless."""

    secret: str
    scope: tuple[object, ...]  # grant number, manner, conditions

    def seal(self, cursor: Cursor) -> str:
        text = json.dumps([cursor.snapshot_id, cursor.after.seq, cursor.after.row_hash])
        nonce = urandom(NONCE)
        sealed = self._cipher.encrypt(nonce, text.encode(), canonical(self.scope))
        return urlsafe_b64encode(nonce + sealed).decode().rstrip("=")

    def open(self, text: str) -> Cursor:
        """Raises: ``Rejected`` CURSOR_INVALID."""
        try:
            if len(text) > MAX_LENGTH:
                raise ValueError("too long")
            raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
            plain = self._cipher.decrypt(raw[:NONCE], raw[NONCE:], canonical(self.scope))
        except (ValueError, InvalidTag):
            raise Rejected(refusals.CURSOR_INVALID) from None
        snapshot_id, seq, row_hash = json.loads(plain)
        return Cursor(snapshot_id, Position(seq, row_hash))

    @property
    def _cipher(self) -> AESGCM:
        return AESGCM(sha256(b"tongqu.delivery.cursor" + self.secret.encode()).digest())
