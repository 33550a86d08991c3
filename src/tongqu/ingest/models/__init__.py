"""What ingest keeps: sources and their ledger, legacy systems, agreements and templates."""

from tongqu.ingest.models.legacy import LegacyComparison, LegacyInterface, LegacySystem
from tongqu.ingest.models.sources import Batch, Connection, Reconciliation, Run, Source
from tongqu.ingest.models.supply import Agreement, Link, Passage, Template, TemplateMember

__all__ = [
    "Agreement",
    "Batch",
    "Connection",
    "LegacyComparison",
    "LegacyInterface",
    "LegacySystem",
    "Link",
    "Passage",
    "Reconciliation",
    "Run",
    "Source",
    "Template",
    "TemplateMember",
]
