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
from tongqu.catalog.models.links import (
    ExternalIdentifier,
    HubNode,
    LinkedChange,
    StopApplication,
)
from tongqu.catalog.models.receipts import Receipt

__all__ = [
    "ChangeApplication",
    "ComplianceFinding",
    "ComplianceReport",
    "Entry",
    "EntryException",
    "EntryVersion",
    "ExternalIdentifier",
    "HubNode",
    "InformationItem",
    "LinkedChange",
    "ObservedColumn",
    "Receipt",
    "Serial",
    "StopApplication",
]
