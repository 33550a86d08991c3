"""Doors of the catalogue: read entries, and the steps of an entry's life.

Codes of problems raised here: NOT_FOUND, NOT_PUBLISHED, FROZEN, NOT_COMPLIANT, NOT_CHECKED,
CHANGE_TOO_EARLY, NO_DATA, NOT_YOUR_ENTRY, BASIS_UNKNOWN.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tongqu.catalog import queries
from tongqu.catalog.vocabulary import (
    ChangeReason,
    ChangeView,
    DataType,
    EntryView,
    ItemView,
    ReceiptView,
    ReportView,
    SearchFilters,
    SearchResult,
    SourceProfile,
    Stock,
)
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.work import TodoItem
from tongqu.policy.clauses import measures_2021 as law

NOT_FOUND = Problem(
    code="NOT_FOUND",
    title="没有找到这个目录条目。",
    next_step="请核对目录标识，或到数据目录检索。",
    basis=law.CATALOGUE_IS_BASIS,
)
NOT_PUBLISHED = Problem(
    code="NOT_PUBLISHED",
    title="该目录条目尚未发布，不能作为共享依据。",
    next_step="请联系提供部门完成合规性检测并发布后再申请。",
    basis=law.CATALOGUE_IS_BASIS,
    who="提供部门",
)


def entry(code: str) -> EntryView | None:
    """Return the version in force, else the newest draft; None for an unknown code."""
    found = queries.newest(code)
    return queries.view_of(found) if found else None


def version(version_id: int) -> EntryView:
    """Return one version, old ones included: a request keeps the version it was filed on."""
    found = queries.versions().filter(pk=version_id).first()
    if found is None:
        raise Rejected(NOT_FOUND)
    return queries.view_of(found)


def published(code: str) -> EntryView:
    """Return the version in force.

    Raises: ``Rejected`` with NOT_FOUND, or NOT_PUBLISHED for an entry without one.
    Source: measures, article 8: the catalogue is what sharing rests on.
    """
    found = queries.in_force(code)
    if found is not None:
        return queries.view_of(found)
    raise Rejected(NOT_PUBLISHED if queries.newest(code) else NOT_FOUND)


def stock() -> Stock:
    """Return the figures of the catalogue, of versions in force."""
    return queries.stock()


def draft_from_profile(
    *,
    profile: SourceProfile,
    name: str,
    provider_id: int,
    by: Actor,
    defaults: Mapping[str, Any] | None = None,
) -> EntryView:
    """Make a draft from a scanned source: one item a column, levels as proposed."""
    raise NotImplementedError


def new_draft(*, name: str, owner_id: int, by: Actor, fields: Mapping[str, Any]) -> EntryView:
    """Make an empty draft. ``fields`` are columns of ``EntryVersion`` and ``items``."""
    raise NotImplementedError


def edit_draft(code: str, *, by: Actor, fields: Mapping[str, Any]) -> EntryView:
    """Change metadata of a draft. Raises FROZEN when only a published version is there."""
    raise NotImplementedError


def set_items(code: str, items: Sequence[ItemView], *, by: Actor) -> EntryView:
    """Replace the items of a draft. Raises FROZEN like ``edit_draft``."""
    raise NotImplementedError


def submit_for_check(code: str, *, by: Actor) -> ReportView:
    """Run the compliance check; the draft then stands in review, pre-passed or returned."""
    raise NotImplementedError


def publish(code: str, *, by: Actor) -> EntryView:
    """Publish a version that passed. Raises NOT_COMPLIANT with the findings, NOT_CHECKED."""
    raise NotImplementedError


def register_change(
    code: str, *, reason: ChangeReason, explanation: str, effective_on: date, by: Actor
) -> ChangeView:
    """Open version n.m+1 of a published entry. Raises CHANGE_TOO_EARLY while it is in use."""
    raise NotImplementedError


def record_observation(code: str, columns: Mapping[str, DataType]) -> None:
    """Keep what the real table holds, for the comparison with the catalogue."""
    raise NotImplementedError


def mark_connected(code: str, *, rows: int, at: datetime, table: str = "", by: Actor) -> None:
    """Note a successful load. ``rows`` is what the store now holds; 0 connects nothing."""
    raise NotImplementedError


def issue_receipt(code: str, *, by: Actor) -> ReceiptView:
    """Issue the receipt that is due: formal after check and data, pre after the pre-check.

    The same version's receipt is issued once. Raises NO_DATA (409), NOT_CHECKED (409).
    """
    raise NotImplementedError


def receipt(number: str) -> ReceiptView | None:
    found = queries.receipts().filter(number=number).first()
    return queries.receipt_view(found) if found else None


def todos(actor: Actor) -> list[TodoItem]:
    return []


def search(q: str, filters: SearchFilters, actor: Actor) -> SearchResult:
    """Return one page of what the asker may see, with facets and their counts."""
    raise NotImplementedError
