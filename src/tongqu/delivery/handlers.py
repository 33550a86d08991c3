"""What delivery asks of other rooms: snapshots that are still needed."""

from collections.abc import Iterator

from tongqu.delivery.models import Download, TableCopy
from tongqu.delivery.vocabulary import DownloadState
from tongqu.lake.ports import register_keeper
from tongqu.lake.vocabulary import Layer, TableRef

NEEDED = (DownloadState.QUEUED, DownloadState.RUNNING, DownloadState.READY)


def needed(ref: TableRef) -> Iterator[int]:
    """Yield the snapshots from which a file is being made or may be fetched, and of copies.

    A subscription goes on over the rows' own sequence and needs no snapshot; a query's pages
    do, for as long as young snapshots are kept anyway.
    """
    if ref.layer is not Layer.SVC:
        return
    downloads = Download.objects.filter(
        grant__version__entry__table=ref.name, state__in=NEEDED, snapshot_id__isnull=False
    )
    yield from (found.snapshot_id or 0 for found in downloads.only("snapshot_id"))
    copies = TableCopy.objects.filter(table=ref.name, superseded_at=None)
    yield from copies.values_list("snapshot_id", flat=True)


def register() -> None:
    """Called by the wiring."""
    register_keeper(needed)
