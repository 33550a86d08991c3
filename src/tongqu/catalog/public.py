"""Doors of the catalogue: read entries, and the steps of an entry's life.

Codes of problems raised here: NOT_FOUND, NOT_PUBLISHED, FROZEN, NOT_COMPLIANT, NOT_CHECKED,
CHANGE_TOO_EARLY, ALREADY_CHANGING, NO_DATA, NOT_YOUR_ENTRY, BASIS_UNKNOWN, ENTRY_CHANGED.
"""

from collections.abc import Collection
from datetime import date

from tongqu.catalog import queries
from tongqu.catalog.actions.change import (
    ChangeView,
    Proposal,
    make_formal,
    propose_change,
    register_change,
    reschedule_change,
)
from tongqu.catalog.actions.check import dry_run, submit_for_check
from tongqu.catalog.actions.connect import mark_connected, record_observation, report_observation
from tongqu.catalog.actions.draft import draft_from_profile, edit_draft, new_draft
from tongqu.catalog.actions.exempt import approve_exception
from tongqu.catalog.actions.grade import grade_entry
from tongqu.catalog.actions.identify import add_identifier, register_node
from tongqu.catalog.actions.import_database import scan_database
from tongqu.catalog.actions.import_documents import import_documents
from tongqu.catalog.actions.issue import issue_receipt, void_receipt
from tongqu.catalog.actions.linked import mark_to_update
from tongqu.catalog.actions.publish import publish, refuse_publication, take_effect
from tongqu.catalog.actions.revocations import check_revocations, revocations
from tongqu.catalog.actions.stop import (
    StopView,
    approve_stop,
    archive_stopped,
    request_stop,
    stops_take_effect,
)
from tongqu.catalog.actions.verify import is_receipt, verify_receipt
from tongqu.catalog.domain import problems
from tongqu.catalog.models import Entry, Receipt, announce
from tongqu.catalog.ports import SearchFeed, register_panel, use_words
from tongqu.catalog.queries.briefs import Brief, briefs
from tongqu.catalog.queries.feed import Feed
from tongqu.catalog.queries.following import entries_following
from tongqu.catalog.queries.identifiers import external_identifiers, resolve
from tongqu.catalog.queries.items import declared_items, visible_codes
from tongqu.catalog.queries.lines import EntryLine, codes_in_projects, connected, item_names, lines
from tongqu.catalog.queries.lists import MustShare, must_share, todos
from tongqu.catalog.queries.provider import (
    ChangeNotice,
    LateUpdate,
    change_notices,
    late_updates,
)
from tongqu.catalog.queries.reality import reality
from tongqu.catalog.queries.rules import registry
from tongqu.catalog.queries.search import search, suggest
from tongqu.catalog.queries.tree import Tree, by_strategy, tree
from tongqu.catalog.vocabulary import EntryView, Panel, ReceiptView, Stock
from tongqu.kernel.problems import Rejected

__all__ = [
    "Brief",
    "ChangeNotice",
    "ChangeView",
    "EntryLine",
    "LateUpdate",
    "MustShare",
    "Panel",
    "Proposal",
    "Stock",
    "StopView",
    "Tree",
    "add_identifier",
    "approve_exception",
    "approve_stop",
    "archive_stopped",
    "briefs",
    "by_strategy",
    "change_notices",
    "check_revocations",
    "codes_in_projects", "connected",
    "declared_items",
    "draft_from_profile",
    "dry_run",
    "earliest_change",
    "edit_draft",
    "entries",
    "entries_following",
    "entry",
    "external_identifiers",
    "grade_entry",
    "import_documents",
    "is_receipt",
    "issue_receipt",
    "item_names",
    "late_updates",
    "lines",
    "make_formal",
    "mark_connected",
    "mark_to_update",
    "must_share",
    "new_draft",
    "propose_change",
    "publish",
    "published",
    "reality",
    "receipt",
    "receipt_document",
    "receipts",
    "record_observation",
    "refuse_publication",
    "register_change",
    "register_node",
    "register_panel",
    "registry",
    "report_observation",
    "request_stop",
    "reschedule_change",
    "resolve",
    "revocations",
    "scan_database",
    "search",
    "search_feed",
    "stock",
    "stops_take_effect",
    "submit_for_check",
    "suggest",
    "take_effect",
    "tell_search",
    "todos",
    "tree",
    "use_words",
    "verify_receipt",
    "version",
    "versions",
    "visible_codes",
    "void_receipt",
]  # fmt: skip


def entry(code: str) -> EntryView | None:
    """Return the version in force, else the newest draft; None for an unknown code.

    For rooms, not for readers: it does not ask who may see a draft.
    """
    found = queries.newest(code)
    return queries.view_of(found) if found else None


def entries(codes: Collection[str]) -> list[EntryView]:
    """Return what ``entry`` returns for each known code, in a fixed number of statements."""
    return [queries.view_of(found) for found in queries.newest_of(codes)] if codes else []


def version(version_id: int) -> EntryView:
    """Return one version, old ones included: a request keeps the version it was filed on."""
    found = queries.versions().filter(pk=version_id).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return queries.view_of(found)


def versions(version_ids: Collection[int]) -> list[EntryView]:
    """Return what ``version`` returns for each known one, in a fixed number of statements."""
    return [queries.view_of(found) for found in queries.versions().filter(pk__in=version_ids)]


def published(code: str) -> EntryView:
    """Return the version in force.

    Raises: ``Rejected`` with NOT_FOUND, or NOT_PUBLISHED for an entry without one.
    Source: measures, article 8: the catalogue is what sharing rests on.
    """
    found = queries.in_force(code)
    if found is not None:
        return queries.view_of(found)
    raise Rejected(problems.NOT_PUBLISHED if queries.newest(code) else problems.NOT_FOUND)


def search_feed() -> SearchFeed:
    """Return what feeds the search index: changes in order, and the entries' documents."""
    return Feed()


def tell_search(code: str) -> None:
    """Have an entry's place in the search index made anew: in the transaction that changes it."""
    announce(Entry.objects.filter(code=code).values_list("pk", flat=True))


def stock() -> Stock:
    """Return the figures of the catalogue, of versions in force."""
    return queries.stock()


def receipt(number: str) -> ReceiptView | None:
    """Return a receipt as its public check page shows it; None for an unknown number."""
    found = queries.receipts().filter(number=number).first()
    return queries.receipt_view(found) if found else None


def receipts(numbers: Collection[str]) -> dict[str, ReceiptView]:
    """Return the receipts that there are under these numbers."""
    found = queries.receipts().filter(number__in=list(numbers))
    return {receipt.number: queries.receipt_view(receipt) for receipt in found}


def receipt_document(number: str) -> bytes:
    """Return the signed PDF. Raises: ``Rejected`` NOT_FOUND."""
    found = Receipt.objects.filter(number=number).values_list("document", flat=True).first()
    if found is None:
        raise Rejected(problems.RECEIPT_UNKNOWN)
    return bytes(found)


def earliest_change(code: str) -> date:
    """Return from when a change registered today may take effect (article 9)."""
    return queries.notice_for(code).earliest_on
