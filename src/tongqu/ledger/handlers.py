"""What the ledger adds to the pages of other rooms."""

from collections.abc import Sequence

from tongqu.catalog.ports import on_scanned
from tongqu.catalog.public import Panel, register_panel
from tongqu.catalog.vocabulary import EntryView, ScannedTable
from tongqu.kernel.actor import Actor
from tongqu.ledger.actions.metadata import keep_scan
from tongqu.ledger.models import BatchRow, Merge
from tongqu.ledger.vocabulary import BatchState


def register() -> None:
    register_panel(sources_panel)
    register_panel(batch_panel)
    on_scanned(keep_scanned)


def keep_scanned(system: str, tables: Sequence[ScannedTable], by: Actor) -> None:
    """Keep in the metadata ledger what the catalogue's scan of a database saw."""
    keep_scan(system, tables, owner_id=by.organisation_id, by=by)


def sources_panel(entry: EntryView, actor: Actor) -> Panel | None:
    """Show on a merged entry of which entries it was made."""
    del actor
    found = Merge.objects.filter(entry_code=entry.code).prefetch_related("sources").first()
    if found is None:
        return None
    context = {"sources": list(found.sources.all()), "merge": found}
    return Panel("sources", "融合来源", "ledger/_sources.html", context)


def batch_panel(entry: EntryView, actor: Actor) -> Panel | None:
    """Show in which frozen operation list an entry stands."""
    del actor
    rows = BatchRow.objects.filter(entry_code=entry.code, batch__state=BatchState.FROZEN)
    found = rows.select_related("batch").first()
    if found is None:
        return None
    return Panel("operation", "授权运营", "ledger/_listed.html", {"row": found}, aside=True)
