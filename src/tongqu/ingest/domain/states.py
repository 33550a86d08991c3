"""The life of a batch. Only the platform moves it; final states are what the ledger shows."""

from enum import StrEnum

from tongqu.ingest.vocabulary import BatchState, Migration
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


class MigrationCommand(StrEnum):
    BEGIN = "begin"
    RUN_PARALLEL = "run_parallel"
    BACK = "back"
    CUT_OVER = "cut_over"


MIGRATION = StateTable(
    name="原有交换系统迁移",
    initial=Migration.WAITING,
    steps=(
        Step(Migration.WAITING, MigrationCommand.BEGIN, Migration.MOVING, "cataloguer",
             law.NEW_SYSTEMS, "开始迁移"),
        Step(Migration.MOVING, MigrationCommand.RUN_PARALLEL, Migration.PARALLEL, "cataloguer",
             law.NEW_SYSTEMS, "接口全部对应，开始并行"),
        Step(Migration.PARALLEL, MigrationCommand.BACK, Migration.MOVING, "cataloguer",
             law.NEW_SYSTEMS, "并行中发现问题，退回迁移"),
        Step(Migration.PARALLEL, MigrationCommand.CUT_OVER, Migration.MOVED, "cataloguer",
             law.NEW_SYSTEMS, "并行期内比对全部一致，割接"),
    ),
)  # fmt: skip
