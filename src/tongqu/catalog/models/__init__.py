"""Tables of the catalogue."""

from tongqu.catalog.models.checks import ChangeApplication, ComplianceFinding, ComplianceReport
from tongqu.catalog.models.entries import (
    Entry,
    EntryException,
    EntryVersion,
    InformationItem,
    ObservedColumn,
    Serial,
)
from tongqu.catalog.models.grades import EntryGrade
from tongqu.catalog.models.imports import ImportRun
from tongqu.catalog.models.links import (
    ExternalIdentifier,
    HubNode,
    LinkedChange,
    StopApplication,
)
from tongqu.catalog.models.receipts import Receipt
from tongqu.catalog.models.search import SavedSearch, SearchOutbox, announce

__all__ = [
    "ChangeApplication",
    "ComplianceFinding",
    "ComplianceReport",
    "Entry",
    "EntryException",
    "EntryGrade",
    "EntryVersion",
    "ExternalIdentifier",
    "HubNode",
    "ImportRun",
    "InformationItem",
    "LinkedChange",
    "ObservedColumn",
    "Receipt",
    "SavedSearch",
    "SearchOutbox",
    "Serial",
    "StopApplication",
    "announce",
]
