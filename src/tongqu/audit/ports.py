"""What the trail needs from outside: somebody who signs."""

from typing import Protocol

from tongqu.audit.vocabulary import PublicKey, Signature
from tongqu.kernel.problems import Unavailable


class Signer(Protocol):
    """Signs with the hub's active key and knows the public halves of all its keys.

    A national algorithm joins by another implementation: each signature names its own.
    """

    def sign(self, payload: bytes) -> Signature:
        """Return the signature of these bytes by the active key, making one at first use."""
        ...

    def active_key(self) -> PublicKey:
        """Return the key that signs now, making one at first use."""
        ...

    def public_keys(self) -> tuple[PublicKey, ...]:
        """Return the active key first, then the retired ones; nothing when there is none yet."""
        ...


_signer: Signer | None = None


def connect_signer(chosen: Signer) -> None:
    """Say who signs: called once, by the wiring."""
    global _signer  # noqa: PLW0603  # one wiring a process, like the jobs' runner
    _signer = chosen


def signer() -> Signer:
    """Return who signs. Raises: ``Unavailable`` while nobody does."""
    if _signer is None:
        raise Unavailable("no signer is connected")
    return _signer
