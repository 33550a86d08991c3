"""Sign a Merkle head over everything sealed so far."""

from django.db import transaction

from tongqu.audit.actions.seal import seal_now, take_lock
from tongqu.audit.domain.digest import FIRST
from tongqu.audit.domain.merkle import Tree, leaf
from tongqu.audit.domain.signatures import head_payload, spelled
from tongqu.audit.models import Head, Seal
from tongqu.audit.ports import signer
from tongqu.kernel import clock

CHUNK = 5000


def anchor() -> Head | None:
    """Seal everything, sign the head and keep it; NULL while the trail is empty.

    When nothing is new the last head stands: running it twice changes nothing.
    """
    seal_now(thorough=True)
    return _anchor()


@transaction.atomic
def _anchor() -> Head | None:
    take_lock()
    last = Head.objects.order_by("-size").first()
    tree = Tree(last.size, [bytes.fromhex(peak) for peak in last.peaks]) if last else Tree()
    chain = last.chain if last else FIRST
    new = Seal.objects.filter(position__gt=tree.size).order_by("position")
    for digest, link in new.values_list("entry_digest", "chain").iterator(CHUNK):
        tree.add(leaf(digest))
        chain = link
    if (last is not None and last.size == tree.size) or not tree.size:
        return last
    head = Head(
        size=tree.size,
        root=tree.root().hex(),
        chain=chain,
        peaks=[peak.hex() for peak in tree.peaks],
        at=clock.now(),
    )
    _sign(head)
    head.save(force_insert=True)
    return head


def _sign(head: Head) -> None:
    key = signer().active_key()
    payload = head_payload(
        size=head.size,
        root=head.root,
        chain=head.chain,
        at=spelled(head.at),
        key=(key.algorithm, key.key_id),
    )
    signature = signer().sign(payload)
    if (signature.algorithm, signature.key_id) != (key.algorithm, key.key_id):
        raise RuntimeError("the key was changed while the head was being signed; sign again")
    head.algorithm, head.key_id = signature.algorithm, signature.key_id
    head.signature = signature.value
