"""Tables of the ledger."""

from tongqu.ledger.models.batches import BatchParty, BatchRow, OperationBatch
from tongqu.ledger.models.flows import FlowDefinition, FlowDone, FlowInstance
from tongqu.ledger.models.merges import Merge, MergeConflict, MergeSource
from tongqu.ledger.models.metadata import MetadataObject, ResourceState, StockMeasurement
from tongqu.ledger.models.surveys import SurveyAnswer, SurveyedTable, SurveyRound

__all__ = [
    "BatchParty", "BatchRow", "FlowDefinition", "FlowDone", "FlowInstance", "Merge",
    "MergeConflict", "MergeSource", "MetadataObject", "OperationBatch", "ResourceState",
    "StockMeasurement", "SurveyAnswer", "SurveyRound", "SurveyedTable",
]  # fmt: skip
