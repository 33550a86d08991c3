"""The gate of promotion (QLT-13): what scores below it does not move up, but by a waiver.

Between layers a snapshot is judged by its own scan. A dataset for which somebody set a gate is
measured on the spot where its snapshot was not; any other goes on unmeasured, and says so.
Between levels ingest tells the score of its batch.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from tongqu.audit.public import Outcome, record
from tongqu.catalog.public import entry as newest_entry
from tongqu.identity.public import notify, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.public import changed, ref_of
from tongqu.policy.clauses.gd_2024 import LAYER_BY_LAYER
from tongqu.quality.actions.scan import scan as measure
from tongqu.quality.domain.gates import GATE, GateState, Passage, is_below
from tongqu.quality.models import GateCase, PromotionGate, Scan

LEAST_REASON = 10  # characters
HELD = "GATE_HELD"


@transaction.atomic
def set_gate(entry_code: str, gate: Decimal, *, by: Actor, table: str = "") -> PromotionGate:
    """Set a dataset's gate; ``table`` is measured where its snapshot was not. Raises BAD_GATE."""
    require(by, Permission.QUALITY_ASSESSMENT_EDIT)
    fields = {}
    if not 0 <= gate <= 100:
        fields["gate"] = "门槛应为 0 至 100。"
    if newest_entry(entry_code) is None:
        fields["entry_code"] = "没有这个目录条目。"
    if table and ref_of(table) is None:
        fields["table"] = "表名不属于任何一层，例如 ods_vehicles。"
    if fields:
        raise Rejected(Problem("BAD_GATE", "质量门槛未通过校验，未保存。", "请改正后重新提交。",
                               basis=LAYER_BY_LAYER, fields=fields))  # fmt: skip
    made, _ = PromotionGate.objects.update_or_create(
        entry_code=entry_code,
        defaults={"gate": gate, "table": table, "set_by": str(by)[:160], "set_at": clock.now()},
    )
    record("quality.gate.set", by=by, subject=entry_code, basis=LAYER_BY_LAYER,
           details={"gate": str(gate), "table": table})  # fmt: skip
    return made


def judge(target: str, inputs: Mapping[str, int]) -> str:
    """Let these snapshots move up into a table, or refuse; return what a reader should know.

    Raises: ``Rejected`` GATE_HELD naming what is too low.
    """
    refs = {name: ref for name in inputs if (ref := ref_of(name))}
    gates = {gate.table: gate for gate in PromotionGate.objects.filter(table__in=list(refs))}
    own = dict(PromotionGate.objects.values_list("entry_code", "gate"))
    scans = {
        (scan.table, scan.snapshot_id): scan
        for scan in Scan.objects.filter(
            table__in=[ref.identifier for ref in refs.values()],
            snapshot_id__in=list(inputs.values()),
        ).order_by("pk")
    }  # the newest one counts
    told: list[str] = []
    held: list[str] = []
    for name, ref in refs.items():
        scan = scans.get((ref.identifier, inputs[name]))
        if scan is None and name in gates:
            scan = measure(gates[name].entry_code, by=PLATFORM, table=ref)
        if scan is None:
            continue
        gate = own.get(scan.entry_code, GATE)
        if not is_below(scan.score, gate):
            continue
        case = _held(
            Passage.LAYER, f"{name}@{scan.snapshot_id}", entry_code=scan.entry_code, table=name,
            target=target, score=scan.score or Decimal(0), gate=gate, scan=scan.number,
        )  # fmt: skip
        words = f"{name} 质量分 {scan.score}，低于门槛 {gate:.1f}"
        if case.state == GateState.WAIVED:
            told.append(f"{words}，经{case.waived_by}放行：{case.reason}")
        else:
            held.append(f"{words}（{case.number}）")
    if held:
        raise Rejected(
            Problem(
                code=HELD, title=f"{'；'.join(held)}，未上行，原有数据继续提供服务。",
                next_step="请提供部门整改后重新检测；确需放行的，请主管部门写明理由。",
                basis=LAYER_BY_LAYER, who="主管部门",
            )
        )  # fmt: skip
    return "；".join(told)


def judge_batch(
    *, entry_code: str, batch: str, score: Decimal, gate: Decimal
) -> tuple[Decimal, str]:
    """Return the gate that counts for a batch on its way up a level, and the reason of a waiver.

    The higher counts of the route's gate and the dataset's own.
    """
    own = PromotionGate.objects.filter(entry_code=entry_code).values_list("gate", flat=True).first()
    counts = max(gate, own) if own is not None else gate
    if not is_below(score, counts):
        return counts, ""
    case = _held(Passage.LEVEL, batch, entry_code=entry_code, score=score, gate=counts)
    return counts, f"{case.waived_by}：{case.reason}" if case.state == GateState.WAIVED else ""


def _held(
    passage: Passage, subject: str, *, entry_code: str, score: Decimal, gate: Decimal,
    table: str = "", target: str = "", scan: str = "",
) -> GateCase:  # fmt: skip
    """Return the case of a subject, opening it where there is none; the provider is told once."""
    stem = f"MK-{clock.today():%Y-%m%d}-"
    number = f"{stem}{GateCase.objects.filter(number__startswith=stem).count() + 1:03}"
    with transaction.atomic():
        case, is_new = GateCase.objects.get_or_create(
            subject=subject,
            defaults={"number": number, "passage": passage, "entry_code": entry_code,
                      "table": table, "target": target, "score": score, "gate": gate,
                      "scan": scan, "held_at": clock.now()},
        )  # fmt: skip
        if is_new:
            record("quality.gate.held", by=PLATFORM, subject=case.number, outcome=Outcome.REFUSED,
                   basis=LAYER_BY_LAYER,
                   details={"what": subject, "score": str(score), "gate": str(gate)})  # fmt: skip
            _tell(case)
    return case


def _tell(case: GateCase) -> None:
    entry = newest_entry(case.entry_code) if case.entry_code else None
    if entry is not None:
        notify(
            f"{entry.name}质量分 {case.score}，低于门槛 {case.gate}，留在本层，请整改。",
            key=f"gate:{case.number}", kind="质量门槛", url="/manage/quality/gates/",
            organisation_id=entry.provider_id, role=Role.PROVIDER_REVIEWER,
        )  # fmt: skip


@transaction.atomic
def waive(number: str, *, reason: str, by: Actor) -> GateCase:
    """Let one snapshot or batch pass, and no other; the managing office answers for it.

    Raises: ``Rejected`` NO_SUCH_GATE_CASE, NOTE_REQUIRED.
    """
    require(by, Permission.QUALITY_GATE_WAIVE)
    case = GateCase.objects.select_for_update().filter(number=number).first()
    if case is None or case.state != GateState.HELD:
        raise Rejected(Problem("NO_SUCH_GATE_CASE", "没有待放行的这个事项。",
                               "请从质量门槛页面重新进入。"))  # fmt: skip
    if len(reason.strip()) < LEAST_REASON:
        raise Rejected(
            Problem(
                code="NOTE_REQUIRED", title="请写明放行的理由。",
                next_step="请说明为何不待整改，不少于 10 个字。", basis=LAYER_BY_LAYER,
                fields={"reason": "请写明放行的理由，不少于 10 个字。"},
            )
        )  # fmt: skip
    case.state, case.reason = GateState.WAIVED, reason.strip()[:500]
    case.waived_by, case.waived_at = str(by)[:160], clock.now()
    case.save(update_fields=["state", "reason", "waived_by", "waived_at"])
    record("quality.gate.waived", by=by, subject=number, basis=LAYER_BY_LAYER,
           details={"what": case.subject, "score": str(case.score), "gate": str(case.gate),
                    "reason": case.reason})  # fmt: skip
    ref = ref_of(case.table) if case.table else None
    if ref is not None:
        changed(ref)  # the models that were held run again
    return case
