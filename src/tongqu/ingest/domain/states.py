"""The life of a batch. Only the platform moves it; final states are what the ledger shows."""

from enum import StrEnum

from tongqu.ingest.vocabulary import BatchState
from tongqu.kernel.states import StateTable, Step
from tongqu.policy.clauses import measures_2021 as law


class BatchCommand(StrEnum):
    CLOSE = "close"
    QUARANTINE = "quarantine"
    FAIL = "fail"


BATCH = StateTable(
    name="接入批次",
    initial=BatchState.OPEN,
    steps=(
        Step(BatchState.OPEN, BatchCommand.CLOSE, BatchState.CLOSED, "platform",
             law.QUALITY, "台账平衡，结清"),
        Step(BatchState.OPEN, BatchCommand.QUARANTINE, BatchState.QUARANTINED, "platform",
             law.QUALITY, "整批退回"),
        Step(BatchState.OPEN, BatchCommand.FAIL, BatchState.FAILED, "platform",
             law.QUALITY, "中止"),
    ),
)  # fmt: skip
