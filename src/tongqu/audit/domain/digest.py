"""The hash of the trail: SM3 (GB/T 32905)."""

from cryptography.hazmat.primitives import hashes

FIRST = "0" * 64  # what the first link is chained to


def sm3(data: bytes) -> bytes:
    running = hashes.Hash(hashes.SM3())
    running.update(data)
    return running.finalize()


def link(previous: str, digest: str) -> str:
    """Return the chain value after one more entry: SM3(previous ‖ digest), all hexadecimal."""
    return sm3(bytes.fromhex(previous) + bytes.fromhex(digest)).hex()


def is_digest(text: object) -> bool:
    """Decide whether this is a digest written as we write it: 64 lower-case hex digits."""
    return isinstance(text, str) and len(text) == 64 and not set(text) - set("0123456789abcdef")
