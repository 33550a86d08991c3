"""Doors of the ledger: what waits for whom, what a scan found, lists, stock, crossings.

Codes of problems raised here: NOT_FOUND, INVALID, NOT_YOUR_SURVEY, SURVEY_CLOSED,
ANSWERS_OPEN, TOO_FEW_SOURCES, ALREADY_MERGED, CONFLICTS_OPEN, NOT_PUBLISHED, BATCH_FROZEN,
NOT_YOUR_PART, ALREADY_SIGNED, NOT_YOUR_OBJECT, NOT_YOUR_FLOW, FLOW_CHANGED, STEP_NOT_DONE.
"""

from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem
from tongqu.ledger.actions.batches import compile_batch, send_to_sign, set_rows, sign
from tongqu.ledger.actions.metadata import collect_files, collect_lake, keep_scan
from tongqu.ledger.actions.resources import compile_ledger
from tongqu.ledger.actions.stock import measure
from tongqu.ledger.domain.crossings import Place, crossings
from tongqu.ledger.models import BatchParty, FlowInstance, SurveyAnswer
from tongqu.ledger.queries import batches, flows, surveys
from tongqu.ledger.queries.crossings import Flow
from tongqu.ledger.queries.crossings import flows as flows_of
from tongqu.ledger.vocabulary import AnswerState

__all__ = [
    "Flow", "Place", "collect_files", "collect_lake", "compile_batch", "compile_ledger",
    "crossings", "flows_of", "keep_scan", "measure", "send_to_sign", "set_rows", "sign", "todos",
]  # fmt: skip


def todos(actor: Actor) -> list[TodoItem]:
    """Return what waits for the actor: questionnaires, signatures, flow steps."""
    items = [_answer(found) for found in surveys.waiting_answers(actor)]
    items += [_signature(found) for found in batches.signable(actor)]
    items += [_flow(found) for found in flows.waiting(actor)]
    return items


def _answer(found: SurveyAnswer) -> TodoItem:
    is_review = found.state == AnswerState.SUBMITTED
    page = f"/manage/surveys/{found.round_id}/"
    return TodoItem(
        kind="问卷审核" if is_review else "资源调查",
        reference=f"DC-{found.round_id}",
        title=f"{found.round.title}：{found.organisation.name}",
        url=page if is_review else f"{page}answer/",
        received_at=found.submitted_at or found.round.issued_at or found.round.created_at,
        due_on=None if is_review else found.round.due_on,
        from_whom=found.organisation.name if is_review else "主管部门",
    )


def _signature(found: BatchParty) -> TodoItem:
    return TodoItem(
        kind="清单会签",
        reference=f"QD-{found.batch.number}",
        title=found.batch.title,
        url=f"/manage/batches/{found.batch.number}/",
        received_at=found.batch.created_at,
        from_whom="主管部门",
    )


def _flow(found: FlowInstance) -> TodoItem:
    step = flows.step_due(found)
    return TodoItem(
        kind="供数流程",
        reference=found.entry_code,
        title=step.title if step else "",
        url=f"/manage/flow/{found.pk}/",
        received_at=found.started_at,
        from_whom=found.owner.name,
    )
