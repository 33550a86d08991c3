"""How proofs and exports are spelled, so that every byte of them means something."""

import json
from collections.abc import Mapping
from typing import Any

from tongqu.audit.vocabulary import HeadView, PublicKey, Signature
from tongqu.kernel.canonical import canonical

PROOF_KEYS = frozenset({"format", "version", "entry", "digest", "position", "path", "head", "key"})
HEAD_KEYS = frozenset({"size", "root", "chain", "at", "algorithm", "key_id", "signature"})
KEY_KEYS = frozenset({"algorithm", "key_id", "raw"})
Document = dict[str, Any]  # foreign JSON: taken apart right below


class Malformed(ValueError):
    """The document is not as we write it; ``args[0]`` says in Chinese what is wrong."""


def parse(data: bytes) -> Document:
    """Return a JSON object that is spelled canonically. Raises: ``Malformed``.

    A second spelling of the same value (spaces, escapes, twice the same key) would be a
    changed byte that changes nothing; none is accepted.
    """
    try:
        found = json.loads(data)
        spelled = canonical(found)
    except (ValueError, TypeError, RecursionError) as error:
        raise Malformed("不是合法的 JSON") from error
    if not isinstance(found, dict) or spelled != data:
        raise Malformed("不是规范写法的 JSON 对象")
    return found


def expect(document: Mapping[str, Any], keys: frozenset[str], name: str) -> None:
    if not isinstance(document, dict) or set(document) != keys:
        raise Malformed(f"{name} 的字段不齐或多余")


def read_head(document: Document) -> HeadView:
    expect(document, HEAD_KEYS, "head")
    texts = [document[name] for name in sorted(HEAD_KEYS - {"size"})]
    if not all(isinstance(text, str) for text in texts) or type(document["size"]) is not int:
        raise Malformed("head 的字段类型不符")
    signature = Signature(document["algorithm"], document["key_id"], document["signature"])
    return HeadView(
        document["size"], document["root"], document["chain"], document["at"], signature
    )


def read_key(document: Document) -> PublicKey:
    expect(document, KEY_KEYS, "key")
    if not all(isinstance(document[name], str) for name in KEY_KEYS):
        raise Malformed("key 的字段类型不符")
    return PublicKey(document["algorithm"], document["key_id"], document["raw"])


def write_head(head: HeadView) -> Document:
    return {
        "size": head.size, "root": head.root, "chain": head.chain, "at": head.at,
        "algorithm": head.signature.algorithm, "key_id": head.signature.key_id,
        "signature": head.signature.value,
    }  # fmt: skip


def write_key(key: PublicKey) -> Document:
    return {"algorithm": key.algorithm, "key_id": key.key_id, "raw": key.raw}


def proof_document(
    entry: Document, *, digest: str, position: int, path: list[str], head: HeadView, key: PublicKey
) -> bytes:
    """Return the proof of one entry as a file: one line of canonical JSON."""
    return canonical(
        {
            "format": "tongqu-proof", "version": 1, "entry": entry, "digest": digest,
            "position": position, "path": path, "head": write_head(head), "key": write_key(key),
        }
    ) + b"\n"  # fmt: skip
