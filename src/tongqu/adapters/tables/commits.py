"""What a commit says about itself, and how it is read back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pyiceberg.table import Table

from tongqu.kernel import clock
from tongqu.lake.vocabulary import Snapshot


def signed(table: Table, summary: Mapping[str, str]) -> dict[str, str]:
    """Return the facts of a commit with its time, which is never before the last one's."""
    last = table.current_snapshot()
    at = max(clock.now(), snapshot_of(last).at) if last else clock.now()
    return {"at": at.isoformat(), **{key: str(value) for key, value in summary.items()}}


def snapshot_of(found: Any) -> Snapshot:
    summary = dict(found.summary.additional_properties) if found.summary else {}
    at = summary.get("at")
    return Snapshot(
        id=found.snapshot_id,
        sequence=found.sequence_number or 0,
        at=datetime.fromisoformat(at)
        if at
        else datetime.fromtimestamp(found.timestamp_ms / 1000, UTC),
        rows=int(summary.get("total-records", "0")),
        summary=summary,
    )  # fmt: skip
