"""The life of a share grant (C.5) and of a prepared download."""

from tongqu.delivery.vocabulary import GrantCommand as C
from tongqu.delivery.vocabulary import GrantState as S
from tongqu.kernel.law import Assumption, Basis
from tongqu.kernel.states import StateTable, Step
from tongqu.policy.clauses import measures_2021 as law

PERIOD = Assumption("授权有起止日期，期满即止")
RESUMED = Assumption("暂停的授权经核实无误可以恢复")
FEEDBACK_KEEPS_ACCESS = Assumption("待反馈和待撤销决定期间仍可使用，由人决定是否停止")

GRANTING = "provider_reviewer"
OFFICE = "managing_office"
PLATFORM = "platform"
_OPEN = (S.EFFECTIVE_UNUSED, S.IN_USE, S.PENDING_REVOCATION_DECISION, S.PENDING_FEEDBACK)
_ALIVE = (*_OPEN, S.TO_RECONFIRM, S.SUSPENDED)


def _step(source: S, command: C, target: S, *, actor: str, basis: Basis, label: str) -> Step[S, C]:
    return Step(source, command, target, actor, basis, label)


def _by_either(source: S, command: C, target: S, *, basis: Basis, label: str) -> list[Step[S, C]]:
    """The provider grants; the managing office grants non-sector data and supervises."""
    return [
        _step(source, command, target, actor=actor, basis=basis, label=label)
        for actor in (GRANTING, OFFICE)
    ]


GRANT = StateTable(
    "共享授权",
    S.EFFECTIVE_UNUSED,
    (
        _step(S.EFFECTIVE_UNUSED, C.USE, S.IN_USE,
              actor="consumer", basis=law.THREE_MANNERS, label="首次使用"),
        _step(S.EFFECTIVE_UNUSED, C.MARK_IDLE, S.PENDING_REVOCATION_DECISION,
              actor=PLATFORM, basis=law.IDLE_GRANT, label="三个月未使用"),
        *_by_either(S.PENDING_REVOCATION_DECISION, C.KEEP, S.EFFECTIVE_UNUSED,
                    basis=law.IDLE_GRANT, label="保留"),
        _step(S.PENDING_REVOCATION_DECISION, C.USE, S.IN_USE,
              actor="consumer", basis=law.IDLE_GRANT, label="决定前已使用"),
        _step(S.IN_USE, C.ASK_FEEDBACK, S.PENDING_FEEDBACK,
              actor=PLATFORM, basis=law.FEEDBACK, label="反馈到期"),
        _step(S.PENDING_FEEDBACK, C.TAKE_FEEDBACK, S.IN_USE,
              actor="consumer", basis=law.FEEDBACK, label="已反馈"),
        *(step for state in _OPEN
          for step in _by_either(state, C.SUSPEND, S.SUSPENDED,
                                 basis=law.PURPOSE_BOUND, label="暂停")),
        *_by_either(S.SUSPENDED, C.RESUME, S.IN_USE, basis=RESUMED, label="恢复"),
        *(step for state in _ALIVE
          for step in _by_either(
              state, C.REVOKE, S.REVOKED,
              basis=law.IDLE_GRANT if state is S.PENDING_REVOCATION_DECISION
              else law.RECTIFICATION, label="撤销")),
        *(_step(state, C.ENTRY_CHANGED, S.TO_RECONFIRM,
                actor=PLATFORM, basis=law.CHANGE_NOTICE, label="目录变更生效")
          for state in _OPEN),
        *_by_either(S.TO_RECONFIRM, C.RECONFIRM, S.IN_USE,
                    basis=law.CHANGE_NOTICE, label="重新确认"),
        *(_step(state, C.EXPIRE, S.EXPIRED, actor=PLATFORM, basis=PERIOD, label="期满")
          for state in _ALIVE),
    ),
)  # fmt: skip
