"""回执作废清单: receipts that no longer stand, as one signed document to check offline."""

import hashlib
import json
from pathlib import Path
from typing import Any

from tongqu.audit.public import Finding, PublicKey, Signature, holds, public_keys, sign
from tongqu.catalog import ports
from tongqu.catalog.actions.verify import LARGEST, our_keys
from tongqu.catalog.models import Receipt
from tongqu.catalog.vocabulary import ReceiptState
from tongqu.kernel import clock
from tongqu.kernel.canonical import canonical

FORMAT = "tongqu-revocations-1"


def revocations() -> dict[str, Any]:
    """Return the signed list of every receipt that was updated or voided, as of now."""
    ended = Receipt.objects.exclude(state=ReceiptState.VALID).order_by("number")
    rows = ended.values_list("number", "state", "ended_at", "newer__number")
    body = {
        "format": FORMAT,
        "at": clock.now().isoformat(),
        "receipts": [
            {
                "number": number,
                "state": state,
                "since": since.isoformat() if since else "",
                "newer": newer or "",
            }
            for number, state, since, newer in rows
        ],
    }
    payload = canonical(body)
    signature = sign(payload)
    key = next(key for key in public_keys() if key.key_id == signature.key_id)
    return {
        "list": body,
        "sha256": hashlib.sha256(payload).hexdigest(),
        "signature": {
            "algorithm": signature.algorithm,
            "key_id": signature.key_id,
            "value": signature.value,
        },
        "public_key": {"algorithm": key.algorithm, "key_id": key.key_id, "raw": key.raw},
    }


def check_revocations(receipt: Path, revoked: Path) -> list[Finding]:
    """Return what a revocation list says of a receipt's file; both may come from anywhere.

    The list must be signed by the hub that signed the receipt, or by a key we trust.
    """
    try:
        if max(receipt.stat().st_size, revoked.stat().st_size) > LARGEST:
            return [Finding(False, "文件过大", "作废清单")]
        document = json.loads(revoked.read_bytes())
        body, rows = document["list"], document["list"]["receipts"]
        if body["format"] != FORMAT:
            raise ValueError(body["format"])
        evidence = json.loads(ports.printer().inspect(receipt.read_bytes()).facts)
        number, issuer = evidence["facts"]["number"], PublicKey(**evidence["public_key"])
        if not _signed(canonical(body), document, issuer):
            return [Finding(False, "作废清单的签名不成立，或不是签发回执的平台所签", "作废清单")]
        return [_said(number, {row["number"]: row for row in rows}, str(body["at"]))]
    except (ValueError, KeyError, TypeError, AttributeError):
        return [Finding(False, "不是完整的作废清单", "作废清单")]


def _signed(payload: bytes, document: dict[str, Any], issuer: PublicKey) -> bool:
    signature = Signature(**document["signature"])
    return any(holds(payload, signature, key) for key in our_keys() or (issuer,))


def _said(number: str, rows: dict[str, dict[str, str]], at: str) -> Finding:
    row = rows.get(number)
    if row is None:
        return Finding(True, f"截至 {at}，回执 {number} 不在作废清单中")
    label = ReceiptState(row["state"]).label
    newer = f"，新回执 {row['newer']}" if row["newer"] else ""
    return Finding(False, f"回执 {number} {label}（{row['since']}）{newer}", "作废清单")
