"""What quality keeps: packs and scans, tickets, scores with what follows from them."""

from tongqu.quality.models.assessment import Assessment, ImprovementTask, PointEntry, PointRule
from tongqu.quality.models.cases import CaseEvent, CheckRequest, Hardship, Objection
from tongqu.quality.models.gates import GateCase, PromotionGate
from tongqu.quality.models.opinions import Rating
from tongqu.quality.models.reality import RealityCase
from tongqu.quality.models.runs import RulePack, RuleResult, Scan, ScanPart
from tongqu.quality.models.scores import IndexValue, WeightSet
from tongqu.quality.models.standards import QualityStandard
from tongqu.quality.models.tickets import (
    Affected,
    CorrectionNotice,
    Ticket,
    TicketBatch,
    TicketEvent,
)

__all__ = [
    "Affected", "Assessment", "CaseEvent", "CheckRequest", "CorrectionNotice", "GateCase",
    "Hardship", "ImprovementTask", "IndexValue", "Objection", "PointEntry", "PointRule",
    "PromotionGate", "QualityStandard", "Rating", "RealityCase", "RulePack", "RuleResult",
    "Scan", "ScanPart", "Ticket", "TicketBatch", "TicketEvent", "WeightSet",
]  # fmt: skip
