"""Check the whole chain in the database: rows, links, heads. Memory is flat."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tongqu.audit.domain.digest import FIRST, link
from tongqu.audit.domain.merkle import Tree, leaf
from tongqu.audit.domain.signatures import head_holds
from tongqu.audit.models import AuditEntry, Head, Seal
from tongqu.audit.ports import signer
from tongqu.audit.queries import CHUNK, in_chunks
from tongqu.audit.vocabulary import BREAK_LABELS, Break, ChainReport, PublicKey


class _Broken(Exception):
    """The first thing that does not hold."""

    def __init__(self, kind: Break, position: int | None, entry_id: int | None = None) -> None:
        super().__init__(kind)
        self.kind, self.position, self.entry_id = kind, position, entry_id


@dataclass(slots=True)
class _Walk:
    keys: dict[str, PublicKey]
    chain: str = FIRST
    tree: Tree = field(default_factory=Tree)
    heads: int = 0


def verify_chain() -> ChainReport:
    """Check each digest from its row, each link, each signed head; name the first break.

    Entries that wait for their seal are checked against their own digest. That entries
    were cut off the end is seen as soon as a head was signed over them.
    """
    walk = _Walk({key.key_id: key for key in signer().public_keys()})
    try:
        heads = in_chunks(Head.objects.all(), "size")
        head = _heads_up_to(walk, heads, next(heads, None))
        for seal, entry in _seals():
            _check(walk, seal, entry)
            head = _heads_up_to(walk, heads, head)
        if head is not None:
            raise _Broken(Break.ENTRY_MISSING, walk.tree.size + 1)
        unsealed = _check_unsealed()
    except _Broken as broken:
        return ChainReport(
            ok=False,
            checked=walk.tree.size,
            first_bad_position=broken.position,
            what=BREAK_LABELS[broken.kind],
            kind=broken.kind,
            heads=walk.heads,
            entry_id=broken.entry_id,
        )
    return ChainReport(ok=True, checked=walk.tree.size, heads=walk.heads, unsealed=unsealed)


def _seals() -> Iterator[tuple[Seal, AuditEntry | None]]:
    """Yield every seal with its entry, by position; the entry is NULL when it was taken out."""
    last = -1  # a forged position 0 is found, too
    while rows := list(Seal.objects.filter(position__gt=last).order_by("position")[:CHUNK]):
        found = AuditEntry.objects.in_bulk([seal.entry_id for seal in rows])
        for seal in rows:
            yield seal, found.get(seal.entry_id)
        last = rows[-1].position


def _check(walk: _Walk, seal: Seal, entry: AuditEntry | None) -> None:
    position = walk.tree.size + 1
    if seal.position != position:
        raise _Broken(Break.ENTRY_MISSING, position)
    if entry is None:
        raise _Broken(Break.ENTRY_MISSING, position, seal.entry_id)
    found = entry.computed_digest()
    if found != seal.entry_digest:
        # A row that agrees with its own digest was sealed as such: then the seal was changed.
        is_row_sound = found == entry.digest and link(walk.chain, found) == seal.chain
        kind = Break.LINK_ALTERED if is_row_sound else Break.ENTRY_ALTERED
        raise _Broken(kind, position, entry.pk)
    if found != entry.digest:
        raise _Broken(Break.ENTRY_ALTERED, position, entry.pk)
    linked = link(walk.chain, found)
    if linked != seal.chain:
        raise _Broken(Break.LINK_ALTERED, position, entry.pk)
    walk.chain = linked
    walk.tree.add(leaf(found))


def _heads_up_to(walk: _Walk, heads: Iterator[Head], head: Head | None) -> Head | None:
    """Check the heads signed at the present size; return the next one."""
    while head is not None and head.size <= walk.tree.size:
        key = walk.keys.get(head.key_id)
        agrees = (head.size, head.root, head.chain) == (
            walk.tree.size,
            walk.tree.root().hex(),
            walk.chain,
        )
        if not agrees or key is None or not head_holds(head.view(), key):
            raise _Broken(Break.HEAD_FORGED, head.size)
        walk.heads += 1
        head = next(heads, None)
    return head


def _check_unsealed() -> int:
    count = 0
    for entry in in_chunks(AuditEntry.objects.filter(seal=None), "pk"):
        if entry.computed_digest() != entry.digest:
            raise _Broken(Break.ENTRY_ALTERED, None, entry.pk)
        count += 1
    return count
