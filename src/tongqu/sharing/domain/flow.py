"""The flow of application and grant as a definition: written out, read back, checked.

A hub may change who takes a step, how it is called, what it cites, and may add the optional
steps. It may not drop a branch of the measures, nor let the platform decide.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tongqu.kernel.law import Basis, Clause
from tongqu.kernel.states import StateTable, Step
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.domain.duties import DECIDING, ROLE_PERMISSION
from tongqu.sharing.domain.states import (
    MEDIATION_READING,
    OPEN_STATES,
    PLATFORM,
    REQUEST,
    SUPPLEMENT_READING,
)
from tongqu.sharing.vocabulary import Command, State

C = Command
Table = StateTable[State, Command]
Row = Step[State, Command]
BUILT_IN = 1
MOST = 200
KEYS = ("from", "command", "to", "actor", "basis", "label")
# Beside what the built-in table holds, a hub may let the provider ask for materials too.
OPTIONAL = frozenset({(State.PROVIDER_REVIEW, C.ASK_SUPPLEMENT, State.SUPPLEMENT)})
_MOVES = frozenset((row.source, row.command, row.target) for row in REQUEST.steps) | OPTIONAL
_BASES: dict[str, Basis] = {row.basis.code: row.basis for row in REQUEST.steps}


@dataclass(frozen=True, slots=True)
class Branch:
    """One way through the flow that the measures know. ``actor``: of the last step, if told."""

    name: str
    basis: Basis
    commands: tuple[Command, ...]
    actor: str = ""


BRANCHES = (
    Branch("无条件共享，验证身份后自动授权", law.AUTOMATIC, (C.GRANT,)),
    Branch("完成身份核验后自动授权", law.AUTOMATIC, (C.WAIT, C.VERIFY)),
    Branch("有条件共享，同意", law.PROVIDER_REVIEW, (C.FILE, C.PASS, C.APPROVE)),
    Branch("有条件共享，部分同意", law.PROVIDER_REVIEW, (C.FILE, C.PASS, C.APPROVE_PART)),
    Branch("有条件共享，依据条款不予共享", law.REFUSAL_BASIS, (C.FILE, C.PASS, C.REFUSE)),
    Branch("初审不通过", law.FIRST_REVIEW, (C.FILE, C.FAIL)),
    Branch("一次性补正后通过", law.MATERIALS,
           (C.FILE, C.ASK_SUPPLEMENT, C.SUPPLY, C.PASS, C.APPROVE)),
    Branch("逾期未补正", SUPPLEMENT_READING, (C.FILE, C.ASK_SUPPLEMENT, C.LAPSE)),
    Branch("不予共享，协商一致", law.NEGOTIATION, (C.FILE_NEGOTIATION, C.AGREE)),
    Branch("不予共享，协商未果", law.NEGOTIATION, (C.FILE_NEGOTIATION, C.DISAGREE)),
    Branch("协商不成，主管部门协调", MEDIATION_READING,
           (C.FILE_NEGOTIATION, C.REFER, C.MEDIATE, C.AGREE)),
    Branch("行业外已接入，主管部门授权", law.EXTERNAL_CONNECTED, (C.FILE_EXTERNAL, C.APPROVE)),
    Branch("行业外未接入，协调接入后授权", law.EXTERNAL_UNCONNECTED,
           (C.FILE_UNCONNECTED, C.CONNECTED, C.APPROVE)),
    Branch("行业外未接入，无法接入", law.EXTERNAL_UNCONNECTED,
           (C.FILE_UNCONNECTED, C.UNCONNECTABLE)),
    Branch("委托审核", law.ENTRUSTED, (C.FILE, C.PASS, C.APPROVE), actor="support"),
    Branch("初审超期，报主管部门", law.SUPERVISION, (C.FILE, C.ESCALATE)),
    Branch("审核超期，报主管部门", law.SUPERVISION, (C.FILE, C.PASS, C.ESCALATE)),
)  # fmt: skip


def kept(table: StateTable) -> list[dict[str, str]]:  # type: ignore[type-arg]  # any table
    return [
        {
            "from": row.source.value, "command": row.command.value, "to": row.target.value,
            "actor": row.actor, "basis": row.basis.code, "label": row.label,
        }
        for row in table.steps
    ]  # fmt: skip


def read(rows: Sequence[Mapping[str, str]], clause: Callable[[str], Clause | None]) -> Table:
    """Return the table that a checked definition stands for."""
    steps = tuple(
        Step(
            State(row["from"]), Command(row["command"]), State(row["to"]), row["actor"],
            _BASES.get(row["basis"]) or clause(row["basis"]) or _built_in(row), row["label"],
        )
        for row in rows
    )  # fmt: skip
    return StateTable(REQUEST.name, REQUEST.initial, steps)


def _built_in(row: Mapping[str, str]) -> Basis:
    """Return what the same move rests on in the built-in table: its clause was repealed since."""
    return next(
        (step.basis for step in REQUEST.steps
         if (step.source, step.command) == (row["from"], row["command"])), law.AUTHENTICATION,
    )  # fmt: skip


def path(table: Table, branch: Branch) -> tuple[Row, ...]:
    """Return the steps of a branch from the draft on; empty where the table breaks it off."""
    state = State.DRAFT
    found: list[Row] = []
    for command in branch.commands:
        is_last = len(found) == len(branch.commands) - 1
        step = next(
            (row for row in table.steps
             if row.source is state and row.command is command
             and (not branch.actor or not is_last or row.actor == branch.actor)),
            None,
        )  # fmt: skip
        if step is None:
            return ()
        found.append(step)
        state = step.target
    return tuple(found)


def faults(
    rows: Sequence[Mapping[str, str]], clause: Callable[[str], Clause | None]
) -> tuple[str, ...]:
    """Return what is wrong with a definition, in words; nothing for a sound one."""
    if not 1 <= len(rows) <= MOST:
        return (f"流程须有 1 至 {MOST} 个步骤。",)
    shape = [f"第 {n} 步：{says}" for n, row in enumerate(rows, 1) if (says := _row(row, clause))]
    if shape:
        return tuple(shape[:10])
    return tuple([*_twice(rows), *_broken(read(rows, clause))][:10])


def _row(row: Mapping[str, str], clause: Callable[[str], Clause | None]) -> str:
    """Return what is wrong with one step by itself."""
    if says := _words(row):
        return says
    move = (State(row["from"]), Command(row["command"]), State(row["to"]))
    if move not in _MOVES:
        return "从这个状态不能这样办理。"
    if not 1 <= len(row["label"].strip()) <= 40:
        return "名称须为 1 至 40 个字。"
    if row["basis"] not in _BASES and clause(row["basis"]) is None:
        return "依据不在依据库中。"
    return _who(move, row["actor"])


def _words(row: Mapping[str, str]) -> str:
    if set(row) != set(KEYS) or not all(isinstance(value, str) for value in row.values()):
        return f"须有且仅有 {'、'.join(KEYS)}。"
    if not {row["from"], row["to"]} <= set(State):
        return "状态不认识。"
    if row["command"] not in set(Command):
        return "动作不认识。"
    return "" if row["actor"] in {*ROLE_PERMISSION, PLATFORM} else "办理岗位不认识。"


def _who(move: tuple[State, Command, State], actor: str) -> str:
    """Return what is wrong with who takes the step: no one decides for himself, no machine."""
    source, command, target = move
    if command in DECIDING and actor in {PLATFORM, "consumer"}:
        return "审核、协商和协调由人办理，不能由申请单位或共享平台办理。"
    if target is State.GRANTED and actor == PLATFORM and source is not State.DRAFT:
        return "共享平台不能对在办件作出同意。"
    usual = {row.actor for row in REQUEST.steps if row.command is command}
    if PLATFORM in usual and actor != PLATFORM:
        return "这一步由共享平台办理。"
    if actor == PLATFORM and PLATFORM not in usual:
        return "这一步须由人办理。"
    return ""


def _twice(rows: Sequence[Mapping[str, str]]) -> list[str]:
    keys = [(row["from"], row["command"], row["actor"]) for row in rows]
    if len(set(keys)) == len(keys):
        return []
    return ["同一状态、动作和岗位只能有一个步骤。"]


def _broken(table: Table) -> list[str]:
    """Return the branches that are broken off, and the states in which a case would be stuck."""
    found = [
        f"缺少分支：{branch.name}（{branch.basis}）。"
        for branch in BRANCHES if not path(table, branch)
    ]  # fmt: skip
    withdrawn = {row.source for row in table.steps if row.command is C.WITHDRAW}
    return found + [
        f"状态“{state}”的申请不能撤回。" for state in OPEN_STATES if state not in withdrawn
    ]
