"""The Merkle tree of RFC 6962 with SM3: heads, inclusion paths, their check."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tongqu.audit.domain.digest import sm3


def leaf(digest: str) -> bytes:
    return sm3(b"\x00" + bytes.fromhex(digest))


def node(left: bytes, right: bytes) -> bytes:
    return sm3(b"\x01" + left + right)


@dataclass(slots=True)
class Tree:
    """A tree that only grows, held as the roots of its perfect subtrees, largest first.

    Memory is logarithmic in the number of leaves; ``peaks`` and ``size`` can be stored and
    the tree carried on later.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, new: bytes) -> None:
        full = self.size  # each trailing one bit is a perfect subtree to merge with
        while full & 1:
            new = node(self.peaks.pop(), new)
            full >>= 1
        self.peaks.append(new)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return sm3(b"")
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node(peak, found)
        return found


def _siblings(index: int, size: int) -> list[tuple[int, int]]:
    """Return the leaf ranges of the siblings on the way from a leaf up to the root."""
    low, high, found = 0, size, []
    while high - low > 1:
        middle = low + (1 << ((high - low - 1).bit_length() - 1))
        if index < middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low = middle
    return found[::-1]


def inclusion_path(leaves: Iterable[bytes], index: int, size: int) -> tuple[list[bytes], bytes]:
    """Return the path of one leaf and the root, reading each leaf once, in order.

    Raises: ``ValueError`` when the index is outside, or when leaves are missing.
    """
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    ranges = _siblings(index, size)
    stream, roots, own = iter(leaves), {}, b""
    for low, high in sorted([*ranges, (index, index + 1)]):
        part = Tree()
        for each in islice(stream, high - low):
            part.add(each)
        if part.size != high - low:
            raise ValueError("leaves are missing")
        roots[low, high] = part.root()
    own = roots[index, index + 1]
    path = [roots[each] for each in ranges]
    return path, root_from(own, index=index, size=size, path=path)


def root_from(own: bytes, *, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root to which a leaf and its path lead.

    Raises: ``ValueError`` when the path cannot be one of this leaf in a tree of this size.
    """
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    ranges = _siblings(index, size)
    if len(ranges) != len(path):
        raise ValueError("the path has the wrong length")
    found = own
    for (low, _), other in zip(ranges, path, strict=True):
        found = node(found, other) if low > index else node(other, found)
    return found
