"""A proof and an export stand or fall by their bytes alone."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tongqu.audit.domain.digest import FIRST, link, sm3
from tongqu.audit.domain.documents import proof_document
from tongqu.audit.domain.merkle import Tree, inclusion_path, leaf, root_from
from tongqu.audit.domain.signatures import head_payload, public_key
from tongqu.audit.domain.verify_proof import is_proof, verify_proof
from tongqu.audit.vocabulary import HeadView, Signature
from tongqu.kernel.canonical import canonical

KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
PUBLIC = public_key("Ed25519", KEY.public_key().public_bytes_raw())
AT = "2026-09-24T01:00:00.000000+00:00"


def entry(number: int) -> dict[str, object]:
    return {"action": f"示例.{number}", "rows": number, "details": {"status": 200}, "code": ""}


def digest(number: int) -> str:
    return sm3(canonical(entry(number))).hex()


def signed_head(size: int) -> HeadView:
    tree, chain = Tree(), FIRST
    for number in range(size):
        tree.add(leaf(digest(number)))
        chain = link(chain, digest(number))
    payload = head_payload(
        size=size, root=tree.root().hex(), chain=chain, at=AT, key=("Ed25519", PUBLIC.key_id)
    )
    value = base64.b64encode(KEY.sign(payload)).decode()
    return HeadView(size, tree.root().hex(), chain, AT, Signature("Ed25519", PUBLIC.key_id, value))


def proof(index: int, size: int) -> bytes:
    leaves = [leaf(digest(number)) for number in range(size)]
    path, _ = inclusion_path(leaves, index, size)
    return proof_document(
        entry(index),
        digest=digest(index),
        position=index + 1,
        path=[each.hex() for each in path],
        head=signed_head(size),
        key=PUBLIC,
    )


def reference_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, written down word by word."""
    if not leaves:
        return sm3(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sm3(b"\x01" + reference_root(leaves[:k]) + reference_root(leaves[k:]))


@given(st.integers(0, 130))
def test_the_growing_tree_has_the_root_of_the_standard(size: int) -> None:
    leaves = [leaf(digest(number)) for number in range(size)]
    tree = Tree()
    for each in leaves:
        tree.add(each)

    assert tree.root() == reference_root(leaves)
    assert len(tree.peaks) == size.bit_count()


@given(st.data())
def test_every_leaf_has_a_path_to_the_root(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 130))
    index = data.draw(st.integers(0, size - 1))
    leaves = [leaf(digest(number)) for number in range(size)]

    path, root = inclusion_path(leaves, index, size)

    assert root == reference_root(leaves)
    assert root_from(leaves[index], index=index, size=size, path=path) == root


def test_a_leaf_outside_or_a_short_tree_has_no_path() -> None:
    with pytest.raises(ValueError, match="not in the tree"):
        inclusion_path([], 3, 3)
    with pytest.raises(ValueError, match="missing"):
        inclusion_path([leaf(digest(0))], 0, 3)


def test_a_whole_proof_holds_and_names_the_fingerprint() -> None:
    whole = proof(4, 11)

    findings = verify_proof(whole)

    assert is_proof(whole[:4096])
    assert all(finding.ok for finding in findings)
    assert PUBLIC.key_id in findings[-1].what
    assert "已知" in verify_proof(whole, [PUBLIC])[-1].what


WHOLE = proof(4, 11)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_any_one_changed_byte_of_a_proof_is_found(at: int, change: int) -> None:
    broken = WHOLE[:at] + bytes([WHOLE[at] ^ change]) + WHOLE[at + 1 :]

    bad = [finding for finding in verify_proof(broken) if not finding.ok]

    assert bad
    assert all(finding.where for finding in bad)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(WHOLE) - 1))
def test_a_proof_that_lost_or_won_a_byte_is_found(at: int) -> None:
    for broken in (WHOLE[:at] + WHOLE[at + 1 :], WHOLE[:at] + b" " + WHOLE[at:]):
        assert not all(finding.ok for finding in verify_proof(broken))


@pytest.mark.parametrize(
    ("part", "value", "where"),
    [
        ("entry", entry(5), "entry"),
        ("digest", digest(5), "digest"),
        ("position", 6, "position 或 path"),
        ("path", [digest(1)] * 4, "position 或 path"),
    ],
    ids=["entry", "digest", "position", "path"],
)
def test_the_part_that_was_touched_is_named(part: str, value: object, where: str) -> None:
    document = json.loads(WHOLE)
    document[part] = value

    bad = [f.where for f in verify_proof(canonical(document) + b"\n") if not f.ok]

    assert where in bad


@pytest.mark.parametrize("field", ["root", "chain", "at", "key_id", "signature", "size"])
def test_a_forged_head_is_named(field: str) -> None:
    document = json.loads(WHOLE)
    forged = signed_head(12)
    document["head"][field] = {
        "root": forged.root, "chain": forged.chain, "at": AT.replace("24", "25"),
        "key_id": "0" * 32, "signature": forged.signature.value, "size": 12,
    }[field]  # fmt: skip

    bad = [f.where for f in verify_proof(canonical(document) + b"\n") if not f.ok]

    assert any(where.startswith("head") for where in bad)


def test_a_key_of_somebody_else_is_named() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32).public_key().public_bytes_raw()
    document = json.loads(WHOLE)
    document["key"]["raw"] = base64.b64encode(other).decode()

    bad = [f.where for f in verify_proof(canonical(document) + b"\n") if not f.ok]

    assert "key" in bad


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"[]\n", b"{}\n", b'{"digest":"', b"[" * 100_000 + b"\n", b'{"a":NaN}\n'],
    ids=["empty", "blank", "list", "nothing", "cut", "deep", "nan"],
)
def test_what_is_no_proof_is_said_to_be_none(data: bytes) -> None:
    findings = verify_proof(data)

    assert [finding.ok for finding in findings] == [False]
