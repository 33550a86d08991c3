"""Carry the inbox of a source into the lake: one file, one batch, the one load path.

A message leaves the inbox when its batch is closed. A kill in between loads the same lines once
more, and their hashes make them duplicates.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from tongqu.assets.models import Message
from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import BatchState, BatchView
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor

AT_ONCE = 20_000  # messages a file
# What the hub itself says of a message; a column of this name in the source is filled.
DEVICE, SEQUENCE, COLLECTED, RECEIVED, MARKS = (
    "device", "sequence", "collected_at", "received_at", "marks",
)  # fmt: skip


def collect(source_code: str = "", *, by: Actor) -> list[BatchView]:
    """Load what waits in the inbox, of one source or of all; return the batches made."""
    waiting = Message.objects.order_by().values_list("source_code", flat=True).distinct()
    codes = [source_code] if source_code else sorted(waiting)
    return [batch for code in codes if (batch := _collect(code, by=by)) is not None]


def _collect(source_code: str, *, by: Actor) -> BatchView | None:
    source = ingest.source(source_code)
    rows = list(
        Message.objects.select_related("device")
        .filter(source_code=source_code)
        .order_by("pk")[:AT_ONCE]
    )
    if source is None or not source.columns or not rows:  # they wait until columns are agreed
        return None
    names = [column.name for column in source.columns]
    with tempfile.TemporaryDirectory(dir=_place()) as folder:
        path = Path(folder) / f"{source_code}-{rows[0].pk}-{rows[-1].pk}.json"
        path.write_text("".join(_line(row, names) for row in rows))
        batch = ingest.load(
            source_code, path, by=by, name=f"设备报文 {clock.now():%Y%m%d%H%M%S}.json"
        )
    if batch.state is BatchState.CLOSED:
        Message.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return batch


def _place() -> Path:
    place = Path(settings.LANDING)
    place.mkdir(parents=True, exist_ok=True)
    return place


def _line(message: Message, names: list[str]) -> str:
    """Return a message as a line; one that is no object becomes a line that the load refuses."""
    try:
        found = json.loads(message.payload)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return _bad("不是 JSON 对象", message)
    if names and set(found) - set(names):
        return _bad("有未登记的字段", message)
    # In every line every column: a file in which one never occurs is no change of form.
    row: dict[str, Any] = dict.fromkeys(names) | found
    for name, value in _said(message).items():
        if not names or name in names:
            row[name] = value
    return json.dumps(row, ensure_ascii=False) + "\n"


def _said(message: Message) -> dict[str, Any]:
    collected = message.collected_at
    return {
        DEVICE: message.device.code,
        SEQUENCE: message.sequence,
        COLLECTED: collected.isoformat() if collected else None,
        RECEIVED: message.received_at.isoformat(),
        MARKS: message.marks or None,
    }


def _bad(why: str, message: Message) -> str:
    shown = " ".join(message.payload.split())[:4000]
    return f"{{!{why}! {message.device.code} {message.sequence} {shown}\n"
