"""编目回执: issued when the law's conditions hold, once a version (measures, article 20)."""

import hashlib
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.db import transaction

from tongqu.audit.public import public_keys, record, sign
from tongqu.catalog import ports, queries
from tongqu.catalog.actions import guards
from tongqu.catalog.actions.draft import next_serial
from tongqu.catalog.domain import problems
from tongqu.catalog.domain.states import RECEIPT, ReceiptCommand
from tongqu.catalog.models import ComplianceReport, EntryVersion, Receipt
from tongqu.catalog.vocabulary import (
    EntryKind,
    EntryState,
    ReceiptKind,
    ReceiptState,
    ReceiptView,
)
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.canonical import canonical
from tongqu.kernel.law import Clause
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law

_SEAL = {
    ReceiptKind.PRE: "经预编目录合规性检测通过，签发本回执。",
    ReceiptKind.FORMAL: "经合规性检测通过并已接入数据，签发本回执。",
}


@transaction.atomic
def issue_receipt(code: str, *, by: Actor) -> ReceiptView:
    """Return the receipt that is due for the entry; asked again, the same one.

    Raises: ``Rejected`` NOT_CHECKED (409) before the check passed; NO_DATA (409) for a
    formal entry without rows.
    """
    guards.own(code, by=by, permission=Permission.CATALOG_RECEIPT_ISSUE)
    version, kind = _due(code)
    issued = queries.receipts().filter(version=version, kind=kind)
    known = issued.exclude(state=ReceiptState.VOID).first()
    if known is not None:
        return queries.receipt_view(known)
    report = _passed_report(version, kind)
    if kind is ReceiptKind.FORMAL and version.entry.connected_rows == 0:
        raise Rejected(problems.NO_DATA)
    receipt = _issue(version, kind, report, by=by)
    _replace_older(receipt)
    record(
        "catalog.receipt.issued", by=by, subject=receipt.number, basis=_basis(kind),
        rows=receipt.rows or None, details={"entry": code, "digest": receipt.digest},
    )  # fmt: skip
    return queries.receipt_view(queries.receipts().get(pk=receipt.pk))


def _due(code: str) -> tuple[EntryVersion, ReceiptKind]:
    """Return the version that a receipt would prove, and the kind of receipt."""
    version = queries.in_force(code) or queries.newest(code)
    if version is None:
        raise Rejected(problems.NOT_FOUND)
    is_pre = version.entry.kind == EntryKind.PRE
    return version, ReceiptKind.PRE if is_pre else ReceiptKind.FORMAL


def _basis(kind: ReceiptKind) -> Clause:
    return law.PRE_RECEIPT if kind is ReceiptKind.PRE else law.FORMAL_RECEIPT


def _passed_report(version: EntryVersion, kind: ReceiptKind) -> ComplianceReport:
    state = EntryState(version.state)
    is_ripe = {
        ReceiptKind.PRE: state is EntryState.PRE_PASSED,
        ReceiptKind.FORMAL: state
        in {EntryState.IN_REVIEW, EntryState.PUBLISHED, EntryState.TO_UPDATE},
    }[kind]
    report = version.passed_report
    if not is_ripe or report is None or not report.passed:
        raise Rejected(problems.not_checked(state, _basis(kind)))
    return report


def _issue(
    version: EntryVersion, kind: ReceiptKind, report: ComplianceReport, *, by: Actor
) -> Receipt:
    now = clock.now()
    number = f"HZ-{clock.today().year}-{next_serial(f'receipt {clock.today().year}'):06}"
    facts = _facts(version, kind, report, number)
    payload = canonical(facts)
    digest, sm3 = hashlib.sha256(payload).hexdigest(), sm3_of(payload)
    evidence = evidence_of(facts, digest=digest, sm3=sm3)
    url = f"{settings.BASE_URL}/receipts/{number}/"
    return Receipt.objects.create(
        number=number,
        kind=kind,
        version=version,
        report=report,
        rows=facts["rows"],
        facts=facts,
        digest=digest,
        digest_sm3=sm3,
        issued_at=now,
        issued_by=str(by),
        document=ports.printer().print(_shown(facts, kind, digest), url=url, evidence=evidence),
    )


def _facts(
    version: EntryVersion, kind: ReceiptKind, report: ComplianceReport, number: str
) -> dict[str, Any]:
    entry = version.entry
    provider = version.provider or entry.owner
    is_formal = kind is ReceiptKind.FORMAL
    return {
        "number": number,
        "kind": kind.value,
        "entry_code": entry.code,
        "entry_name": version.name,
        "version": version.number,
        "provider_code": provider.code,
        "provider_name": provider.name,
        "items": version.items.count(),
        "report": report.pk,
        "report_at": report.at.isoformat(),
        "rules_run": report.rules_run,
        "rows": entry.connected_rows if is_formal else 0,
        "connected_at": entry.connected_at.isoformat() if entry.connected_at else "",
        "issued_on": clock.today().isoformat(),
        "is_example": entry.is_example,
    }


def _shown(facts: dict[str, Any], kind: ReceiptKind, digest: str) -> dict[str, str]:
    """Return what the paper shows, in order."""
    shown = {
        "title": kind.label,
        "seal": _SEAL[kind],
        "回执编号": facts["number"],
        "目录标识": facts["entry_code"],
        "目录名称": facts["entry_name"] + ("（示例）" if facts["is_example"] else ""),
        "目录版本": facts["version"],
        "提供部门": facts["provider_name"],
        "信息项数": f"{facts['items']} 项",
        "合规性检测": f"第 {facts['report']} 号报告，{facts['rules_run']} 条规则，通过",
    }
    if kind is ReceiptKind.FORMAL:
        shown["接入数据"] = f"{facts['rows']:,} 行"
    shown["签发日期"] = facts["issued_on"]
    shown["摘要 SHA-256"] = " ".join(digest[n : n + 16] for n in range(0, 64, 16))
    return shown


def evidence_of(facts: dict[str, Any], *, digest: str, sm3: str) -> bytes:
    """Return the evidence document: facts, their digests, the hub's signature and key."""
    signature = sign(canonical(facts))
    key = next(key for key in public_keys() if key.key_id == signature.key_id)
    return canonical(
        {
            "format": "tongqu-receipt-1",
            "facts": facts,
            "sha256": digest,
            "sm3": sm3,
            "signature": {
                "algorithm": signature.algorithm,
                "key_id": signature.key_id,
                "value": signature.value,
            },
            "public_key": {"algorithm": key.algorithm, "key_id": key.key_id, "raw": key.raw},
        }
    )


def sm3_of(payload: bytes) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(payload)
    return digest.finalize().hex()


def _replace_older(receipt: Receipt) -> None:
    """Point older receipts of the entry at this one: 已更新."""
    older = Receipt.objects.filter(version__entry_id=receipt.version.entry_id).exclude(
        pk=receipt.pk
    )
    older.filter(state=ReceiptState.VALID).update(state=ReceiptState.UPDATED, ended_at=clock.now())
    older.filter(newer=None, state=ReceiptState.UPDATED).update(newer=receipt)


@transaction.atomic
def void_receipt(number: str, *, reason: str, by: Actor) -> ReceiptView:
    """Return the receipt, declared void by the managing office with a reason."""
    require(by, Permission.CATALOG_EXCEPTION_APPROVE)
    receipt = Receipt.objects.select_for_update().filter(number=number).first()
    if receipt is None:
        raise Rejected(problems.RECEIPT_UNKNOWN)
    if not reason.strip():
        raise Rejected(problems.invalid("reason", "请写明作废原因"))
    receipt.state = RECEIPT.step(ReceiptState(receipt.state), ReceiptCommand.VOID).target
    receipt.void_reason = reason.strip()[:300]
    receipt.ended_at = clock.now()
    receipt.save(update_fields=["state", "void_reason", "ended_at"])
    record("catalog.receipt.voided", by=by, subject=number, basis=law.SUPERVISION)
    return queries.receipt_view(queries.receipts().get(pk=receipt.pk))


def void_all(entry_id: int, *, reason: str) -> None:
    """Void every receipt of an entry that was stopped (C.2)."""
    Receipt.objects.filter(version__entry_id=entry_id).exclude(state=ReceiptState.VOID).update(
        state=ReceiptState.VOID, void_reason=reason, ended_at=clock.now()
    )
