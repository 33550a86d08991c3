"""Check a receipt's file offline: nothing but the file, and our keys where we have them."""

import hashlib
import json
from pathlib import Path
from typing import Any

from tongqu.audit.public import Finding, PublicKey, Signature, holds, public_keys
from tongqu.catalog import ports
from tongqu.catalog.actions.issue import sm3_of
from tongqu.kernel.canonical import canonical
from tongqu.kernel.problems import Unavailable

LARGEST = 8 << 20  # a receipt has tens of kilobytes


def is_receipt(head: bytes) -> bool:
    return head.startswith(b"%PDF-")


def verify_receipt(path: Path) -> list[Finding]:
    """Return one finding for each thing checked; ``where`` names the place of what is wrong.

    Checked: the PDF's signature over every byte of the file, the attached facts, their two
    digests, and the hub's signature over them.
    """
    if path.stat().st_size > LARGEST:
        return [Finding(False, "文件过大，不是编目回执", "文件")]
    printed = ports.printer().inspect(path.read_bytes())
    findings = [Finding(False, what, where) for where, what in printed.faults]
    if not findings:
        findings.append(Finding(True, "PDF 签名完整，覆盖整个文件"))
    return findings + (_facts(printed.facts) if printed.facts else [])


def _facts(attached: bytes) -> list[Finding]:
    try:
        document = json.loads(attached)
        payload = canonical(document["facts"])
        return [
            _digest("SHA-256", hashlib.sha256(payload).hexdigest(), document["sha256"]),
            _digest("SM3", sm3_of(payload), document["sm3"]),
            _signed(payload, document),
            Finding(True, f"编目回执 {document['facts']['number']}"),
        ]
    except (ValueError, KeyError, TypeError):
        return [Finding(False, "附件不是完整的事实文件", "附件 facts.json")]


def _digest(name: str, computed: str, stated: str) -> Finding:
    if computed == stated:
        return Finding(True, f"{name} 摘要与事实一致")
    return Finding(False, f"{name} 摘要与事实不一致", "附件 facts.json 的 facts")


def _signed(payload: bytes, document: dict[str, Any]) -> Finding:
    signature = Signature(**document["signature"])
    carried = PublicKey(**document["public_key"])
    trusted = our_keys()
    keys = trusted or (carried,)
    if not any(holds(payload, signature, key) for key in keys):
        return Finding(False, "平台对事实的签名不成立", "附件 facts.json 的 signature")
    if not trusted:
        return Finding(True, f"事实签名成立；请向签发单位核对公钥 {carried.key_id}")
    return Finding(True, f"事实由本平台签名（{signature.algorithm}，公钥 {signature.key_id}）")


def our_keys() -> tuple[PublicKey, ...]:
    """Return this hub's keys; none where the file is checked away from any hub."""
    try:
        return public_keys()
    except (Unavailable, OSError):
        return ()
