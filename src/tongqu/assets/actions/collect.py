"""Carry the inbox of a source into the lake: one file, one batch, the one load path.

A message leaves the inbox when its batch is closed. A kill in between loads the same lines once
more, and their hashes make them duplicates.
"""

import json
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from tongqu.assets.models import Message
from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import BatchState, BatchView
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.lake import public as lake

AT_ONCE = 20_000  # messages a file
MOST_BYTES = 256 << 20  # and bytes: the rest goes into the next file
AGAIN_AFTER = timedelta(hours=1)  # a file that was sent back would be sent back again at once
# What the hub itself says of a message; a column of this name in the source is filled.
DEVICE, SEQUENCE, COLLECTED, RECEIVED, MARKS = (
    "device", "sequence", "collected_at", "received_at", "marks",
)  # fmt: skip


def waiting() -> list[str]:
    """Return the sources for which messages wait."""
    return sorted(Message.objects.order_by().values_list("source_code", flat=True).distinct())


def collect(source_code: str = "", *, by: Actor) -> list[BatchView]:
    """Load what waits in the inbox, of one source or of all; return the batches made.

    Nothing of a source that another worker is collecting, that has no columns yet, or whose last
    file was sent back within the hour: the messages wait.
    """
    batches = []
    for code in [source_code] if source_code else waiting():
        with lake.alone(f"assets.collect.{code}") as is_ours:
            if is_ours and (batch := _collect(code, by=by)) is not None:
                batches.append(batch)
    return batches


def _collect(source_code: str, *, by: Actor) -> BatchView | None:
    source = ingest.source(source_code)
    if source is None or not source.columns or _was_sent_back(source_code):
        return None
    names = [column.name for column in source.columns]
    with tempfile.TemporaryDirectory(dir=_place()) as folder:
        draft = Path(folder) / "messages"
        taken = _write(draft, source_code, names)
        if not taken:
            return None
        path = draft.rename(draft.with_name(f"{source_code}-{taken[0]}-{taken[-1]}.json"))
        batch = ingest.load(
            source_code, path, by=by, name=f"设备报文 {clock.now():%Y%m%d%H%M%S}.json"
        )
    if batch.state is BatchState.CLOSED:
        Message.objects.filter(pk__in=taken).delete()
    return batch


def _was_sent_back(source_code: str) -> bool:
    newest = ingest.newest_batch(source_code)
    return (
        newest is not None
        and newest.state is BatchState.QUARANTINED
        and newest.started_at is not None
        and newest.started_at > clock.now() - AGAIN_AFTER
    )


def _write(path: Path, source_code: str, names: list[str]) -> list[int]:
    """Write the oldest messages as lines; return the keys of those written."""
    rows = Message.objects.select_related("device").filter(source_code=source_code).order_by("pk")
    taken: list[int] = []
    size = 0
    with path.open("wb") as file:
        for row in rows[:AT_ONCE].iterator(chunk_size=500):
            size += file.write(_line(row, names).encode())
            taken.append(row.pk)
            if size > MOST_BYTES:
                break
    return taken


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
