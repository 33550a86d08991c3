"""Rows of the ledger as the API gives them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects

from tongqu.ledger.domain import flows as definitions
from tongqu.ledger.models import (
    FlowDefinition,
    FlowInstance,
    Merge,
    MetadataObject,
    OperationBatch,
    StockMeasurement,
    SurveyAnswer,
    SurveyRound,
)
from tongqu.ledger.queries import batches, flows, merges, stock
from tongqu.ledger.queries.surveys import Progress
from tongqu.ledger.vocabulary import (
    AnswerState,
    BatchState,
    ConflictKind,
    Filled,
    MergeState,
    MetadataKind,
    Party,
    RoundState,
)

Shown = dict[str, Any]


def survey(found: SurveyRound, *, asked: int, answered: int) -> Shown:
    return {
        "id": found.pk, "title": found.title, "state": found.state,
        "state_label": RoundState(found.state).label, "due_on": found.due_on, "asked": asked,
        "answered": answered,
    }  # fmt: skip


def survey_whole(found: SurveyRound, so_far: Progress, answers: list[Shown]) -> Shown:
    return survey(found, asked=so_far.asked, answered=so_far.answered) | {
        "share": so_far.share, "missing": list(so_far.missing), "tables": so_far.tables,
        "rows": so_far.rows, "drafted": so_far.drafted, "answers": answers,
    }  # fmt: skip


def answer(found: SurveyAnswer, tables: int) -> Shown:
    return {
        "id": found.pk, "department": found.organisation.name, "state": found.state,
        "state_label": AnswerState(found.state).label, "tables": tables, "reason": found.reason,
    }  # fmt: skip


def own_answer(found: SurveyAnswer) -> Shown:
    tables = [
        {"id": t.pk, "system": t.system, "name": t.name, "rows": t.rows,
         "columns": len(t.columns), "entry_code": t.entry_code}
        for t in found.tables.all()
    ]  # fmt: skip
    return {
        "state": found.state, "state_label": AnswerState(found.state).label, "gaps": found.gaps,
        "tables": tables,
    }  # fmt: skip


def merge(found: Merge) -> Shown:
    return merge_list([found])[0]


def merge_list(found: Sequence[Merge]) -> list[Shown]:
    """Return the merges with sources and conflicts, in a fixed number of statements."""
    prefetch_related_objects(found, "sources", "conflicts", "owner")
    published = merges.published_among([m.entry_code for m in found if m.entry_code])
    return [_merge(one, merges.shown_state(one, published)) for one in found]


def _merge(found: Merge, state: MergeState) -> Shown:
    return {
        "id": found.pk, "name": found.name, "year": found.year, "state": state,
        "state_label": state.label, "owner": found.owner.name, "entry_code": found.entry_code,
        "sources": [
            {"entry_code": one.entry_code, "entry_name": one.entry_name, "version": one.version,
             "provider_name": one.provider_name}
            for one in found.sources.all()
        ],
        "conflicts": [
            {"id": c.pk, "item": c.item, "kind": c.kind, "values": c.values, "choice": c.choice,
             "kind_label": ConflictKind(c.kind).label, "decided_by": c.decided_by,
             "decided_at": c.decided_at}
            for c in found.conflicts.all()
        ],
    }  # fmt: skip


def batch(found: OperationBatch) -> Shown:
    return batch_list([found])[0]


def batch_list(found: Sequence[OperationBatch]) -> list[Shown]:
    """Return the lists with rows and parties, in a fixed number of statements."""
    prefetch_related_objects(found, "rows", "parties__organisation")
    return [_batch(one) for one in found]


def _batch(found: OperationBatch) -> Shown:
    return {
        "number": found.number, "title": found.title, "state": found.state,
        "state_label": BatchState(found.state).label, "digest": found.digest,
        "frozen_at": found.frozen_at, "rows": batches.rows(found),
        "parties": [
            {"party": p.party, "party_label": Party(p.party).label,
             "organisation": p.organisation.name, "signed_at": p.signed_at,
             "signed_by": p.signed_by}
            for p in found.parties.all()
        ],
    }  # fmt: skip


def metadata(found: MetadataObject) -> Shown:
    kinds = {
        kind.value: {name: str(value) for name, value in getattr(found, kind.value).items()
                     if value is not None}
        for kind in MetadataKind
    }  # fmt: skip
    return kinds | {
        "id": found.pk, "identifier": found.identifier, "kind": found.kind, "name": found.name,
        "title": found.title, "entry_code": found.entry_code,
        "business_state": found.business_state,
        "business_state_label": Filled(found.business_state).label, "seen_at": found.seen_at,
    }  # fmt: skip


def definition(found: FlowDefinition) -> Shown:
    return {"version": found.version, "note": found.note, "steps": definitions.read(found.steps)}


def instance(found: FlowInstance) -> Shown:
    step = flows.step_due(found)
    return {
        "id": found.pk, "entry_code": found.entry_code, "definition": found.definition.version,
        "state": found.state, "due": step.code if step else "",
        "done": [row.code for row in found.done.all()],
    }  # fmt: skip


def measured(found: StockMeasurement) -> Shown:
    return {
        "at": found.at, "tables": found.tables, "items": found.items, "rows": found.rows,
        "rates": stock.rates_of(found),
    }  # fmt: skip
