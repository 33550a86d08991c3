"""Gates of a project (article 20): 立项 ← pre-receipt, 试运行 ← formal entry, 验收 ← receipt.

Every receipt shown is looked up by its number and kept as 已核验, whatever it says. A gate
opens only when every entry of the project holds what the gate asks for.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import EntryKind, EntryView, ReceiptKind, ReceiptState, ReceiptView
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Clause
from tongqu.kernel.problems import Rejected
from tongqu.kernel.workdays import add_months
from tongqu.policy.clauses import measures_2021 as law
from tongqu.policy.public import terms_on
from tongqu.supervision import queries
from tongqu.supervision.actions.projects import locked, note
from tongqu.supervision.domain import problems
from tongqu.supervision.domain.states import GATES, PROJECT
from tongqu.supervision.models import GateCheck, Project
from tongqu.supervision.vocabulary import Gate, Need, ReceiptCheck, Stage

BASES: dict[Gate, Clause] = {
    Gate.APPROVAL: law.RECEIPT_USE,
    Gate.TRIAL: law.PRE_CATALOGUE,  # 上线试运行前编制正式目录
    Gate.ACCEPTANCE: law.FORMAL_RECEIPT,
}
# A formal receipt proves more than a preliminary one, so it serves at either gate.
_SERVES = {
    Need.PRE_RECEIPT: frozenset({ReceiptKind.PRE, ReceiptKind.FORMAL}),
    Need.FORMAL_RECEIPT: frozenset({ReceiptKind.FORMAL}),
    Need.FORMAL_ENTRY: frozenset(ReceiptKind),
}


@dataclass(frozen=True, slots=True)
class GateView:
    """How a gate stands for a project; ``why`` is empty when it may be passed."""

    gate: Gate
    stage: Stage
    need: Need
    is_turn: bool
    why: tuple[str, ...]
    checks: tuple[ReceiptCheck, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.is_turn and not self.why


def look_up(project: Project, gate: Gate, numbers: Collection[str]) -> tuple[ReceiptCheck, ...]:
    """Return what each receipt's number says at this gate; nothing is kept."""
    return _look_up(gate, numbers, queries.entry_codes(project))


def _look_up(
    gate: Gate, numbers: Collection[str], codes: Collection[str]
) -> tuple[ReceiptCheck, ...]:
    known = catalog.receipts(numbers)
    return tuple(_said(n, known.get(n), gate, codes) for n in dict.fromkeys(numbers))


def _said(
    number: str, found: ReceiptView | None, gate: Gate, codes: Collection[str]
) -> ReceiptCheck:
    if found is None:
        return ReceiptCheck(number, "", "", "", "", "", why="没有这个编号的编目回执")
    facts = {
        "number": number, "state": found.state.label, "kind": found.kind.label,
        "entry_code": found.entry_code, "entry_name": found.entry_name,
        "version": found.version, "newer": found.newer, "newer_version": found.newer_version,
    }  # fmt: skip
    need = GATES[gate][2][0]
    why = ""
    if found.entry_code not in codes:
        why = "回执所证明的目录不属于本项目"
    elif found.state is ReceiptState.UPDATED:
        newer = found.newer or "新版本尚未签发回执"
        why = f"目录已更新为 {found.newer_version or '新'} 版，请出示新回执（{newer}）"
    elif found.state is not ReceiptState.VALID:
        why = "回执已作废"
    elif found.kind not in _SERVES[need]:
        why = f"{gate.label}须出示{need.label}"
    return ReceiptCheck(**facts, holds=not why, why=why)


def view(project: Project, gate: Gate, entries: Sequence[EntryView] | None = None) -> GateView:
    """Return how the gate stands now, by the receipts shown so far.

    ``entries``: the project's, where the caller has read them already.
    """
    stage, _, (need,) = GATES[gate]
    entries = queries.entries(project) if entries is None else entries
    why = ["项目还没有关联目录条目"] if not entries else []
    checks: tuple[ReceiptCheck, ...] = ()
    if need is Need.FORMAL_ENTRY:
        why += [f"{e.name}：{_informal(e)}" for e in entries if _informal(e)]
    else:
        checks = _shown(project, gate, [entry.code for entry in entries])
        holding = {check.entry_code for check in checks if check.holds}
        why += [f"{e.name}：未出示有效的{need.label}" for e in entries if e.code not in holding]
    return GateView(gate, Stage(project.stage), need, project.stage == stage, tuple(why), checks)


def _informal(entry: EntryView) -> str:
    if entry.kind is not EntryKind.FORMAL:
        return "仍为预编目录，未编制正式目录"
    return "" if entry.is_published else "正式目录尚未发布"


def _shown(project: Project, gate: Gate, codes: Collection[str]) -> tuple[ReceiptCheck, ...]:
    """Look every receipt shown at this gate up again: it may have been replaced since."""
    numbers = project.checks.filter(gate=gate).exclude(number="").order_by("number")
    return _look_up(gate, list(numbers.values_list("number", flat=True).distinct()), codes)


@transaction.atomic
def check_receipts(
    code: str, gate: Gate, numbers: Sequence[str], *, by: Actor
) -> tuple[ReceiptCheck, ...]:
    """Look receipts up for this gate and keep each as 已核验, also those that do not hold."""
    require(by, Permission.SUPERVISION_PROJECT_CHECK)
    project = locked(code, by)
    checks = look_up(project, gate, numbers)
    for check in checks:
        _keep(project, gate, check, by=by)
    return checks


def _keep(project: Project, gate: Gate, check: ReceiptCheck, *, by: Actor) -> None:
    GateCheck.objects.create(
        project=project, gate=gate, number=check.number, state=check.state,
        version=check.version, newer_version=check.newer_version, passed=check.holds,
        why=check.why, at=clock.now(), by=str(by),
    )  # fmt: skip
    state = check.state or "查无此号"
    note(project, f"{gate.label}核验回执", by=by, text=f"{check.number}：{state}",
         basis=law.RECEIPT_USE)  # fmt: skip
    record("supervision.receipt.checked", by=by, subject=check.number, basis=law.RECEIPT_USE,
           details={"project": project.code, "gate": gate.value, "state": state})  # fmt: skip


@transaction.atomic
def pass_gate(code: str, gate: Gate, *, by: Actor, on: date | None = None) -> Project:
    """Let the project through. ``on``: the day trial operation began, today if not given.

    Raises: ``Rejected`` WRONG_STAGE, GATE_NOT_PASSED with one sentence for each entry in
    the way and the clause that asks for it.
    """
    require(by, Permission.SUPERVISION_PROJECT_CHECK)
    project = locked(code, by)
    stage, command, _ = GATES[gate]
    if project.stage != stage:
        raise Rejected(problems.wrong_stage(Stage(project.stage), gate))
    found = view(project, gate)
    if found.why:
        raise Rejected(problems.gate_closed(gate, found.why, BASES[gate]))
    step = PROJECT.step(stage, command)
    project.stage = step.target
    if gate is Gate.TRIAL:
        _begin_trial(project, on or clock.today())
    project.save()
    due = project.connect_due_on if gate is Gate.TRIAL else None
    text = f"数据须于 {due.isoformat()} 前接入" if due else ""
    note(project, step.label, by=by, text=text, basis=step.basis)
    record(f"supervision.gate.{gate.value}", by=by, subject=code, basis=BASES[gate])
    return project


def _begin_trial(project: Project, day: date) -> None:
    """Store the last day for data, by the terms in force when trial operation began."""
    if day > clock.today():
        raise Rejected(problems.invalid(on="试运行开始日不能晚于今天。"))
    project.trial_started_on = day
    project.connect_due_on = add_months(day, terms_on(day).connect_months)
