"""What assets need from outside: checks of signatures, a reader of files, a store, a relay."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, TypeVar

from tongqu.assets.vocabulary import Examined, KeyKind, Picture


class Signatures(Protocol):
    def parse_key(self, kind: KeyKind, text: str) -> str:
        """Return a public key in the one form that is kept. Raises: ``ValueError``."""
        ...

    def holds(self, kind: KeyKind, key: str, payload: bytes, signature: str) -> bool:
        """Decide whether a base64 signature fits; never raises for what a stranger sends."""
        ...

    def derived(self, name: str) -> str:
        """Return the HMAC key of this name, hex: the same ever after, stored nowhere."""
        ...


class Unfit(Exception):
    """A file that is not taken, in words for whoever sent it."""

    def __init__(self, code: str, title: str, next_step: str) -> None:
        super().__init__(code)
        self.code = code
        self.title = title
        self.next_step = next_step


class Examiner(Protocol):
    def examine(self, path: Path, *, name: str) -> Examined:
        """Return what the file is by its bytes. Raises ``Unfit``: a lie, a bomb, not accepted.

        Constant memory but for pictures, whose pixels are bounded.
        """
        ...


class Store(Protocol):
    """Files under the SHA-256 of their content."""

    def put(self, path: Path) -> tuple[str, int]:
        """Keep a copy of a file and return its address and size; the same content once."""
        ...

    def put_bytes(self, content: bytes) -> str: ...

    def open(self, sha256: str) -> IO[bytes]: ...

    def holds(self, sha256: str) -> bool: ...


class Relay(Protocol):
    """Fetches a camera's picture; the address never leaves it."""

    def picture(self, address: str, *, watermark: str) -> Picture:
        """Return one frame with the watermark burnt in. Raises: ``kernel.Unavailable``."""
        ...

    def accepts(self, address: str) -> bool:
        """Decide whether an address may be asked at all."""
        ...


T = TypeVar("T")


@dataclass(slots=True)
class _Plugs:
    signatures: Callable[[], Signatures] | None = None
    examiner: Callable[[], Examiner] | None = None
    store: Callable[[], Store] | None = None
    relay: Callable[[], Relay] | None = None


_plugs = _Plugs()


def provide(
    *,
    signatures: Callable[[], Signatures],
    examiner: Callable[[], Examiner],
    store: Callable[[], Store],
    relay: Callable[[], Relay],
) -> None:
    """Plug everything in; called by the wiring."""
    _plugs.signatures = signatures
    _plugs.examiner = examiner
    _plugs.store = store
    _plugs.relay = relay


def signatures() -> Signatures:
    return _made(_plugs.signatures)


def examiner() -> Examiner:
    return _made(_plugs.examiner)


def store() -> Store:
    return _made(_plugs.store)


def relay() -> Relay:
    return _made(_plugs.relay)


def _made(factory: Callable[[], T] | None) -> T:
    if factory is None:
        raise RuntimeError("assets are not wired: project/wiring.py plugs their ports in")
    return factory()
