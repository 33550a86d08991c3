"""Doors of ingest: register a source, scan it, load it, and what came of it.

Codes of problems raised here: SOURCE_UNKNOWN, SOURCE_EXISTS, NOT_YOUR_SOURCE, NOT_SCANNED,
OPTION_UNKNOWN, OPTION_WRONG, COLUMN_WRONG, BATCH_UNKNOWN and, from the file itself,
LINE_TOO_LONG, NOT_WHAT_IT_SAYS, EMPTY_FILE, WRONG_ENCODING, STORAGE_FULL,
DECOMPRESSION_BOMB, SECRECY_MARK. A file refused by ``load`` is a quarantined batch, not an
exception; ``scan`` raises ``Rejected``.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tongqu.catalog.vocabulary import SourceProfile
from tongqu.ingest.vocabulary import BatchView, ColumnSpec, FileOptions, SourceView
from tongqu.kernel.actor import Actor
from tongqu.kernel.work import TodoItem


def register_source(
    *,
    code: str,
    name: str,
    provider_id: int,
    by: Actor,
    options: FileOptions | None = None,
    entry_code: str = "",
    cycle: str = "",
    columns: Sequence[ColumnSpec] = (),
) -> SourceView:
    """Register a source; the same facts again change nothing. ``columns`` may wait for a scan."""
    raise NotImplementedError


def source(code: str) -> SourceView | None:
    raise NotImplementedError


def scan(source_code: str, path: Path, *, by: Actor) -> SourceProfile:
    """Profile a real file; its columns become the agreement when there is none yet."""
    raise NotImplementedError


def draft(source_code: str, *, by: Actor) -> str:
    """Make a draft entry from the last scan, connect it, and return its code."""
    raise NotImplementedError


def connect(source_code: str, entry_code: str, by: Actor) -> SourceView:
    """Tie a source to its entry: types, keys, lengths of the items become the agreement."""
    raise NotImplementedError


def load(source_code: str, path: Path, *, by: Actor) -> BatchView:
    """Load one file into the raw layer (贴源层), once, and return its ledger."""
    raise NotImplementedError


def recover(by: Actor) -> list[BatchView]:
    """Finish every batch that a crash left open, from its snapshot or its landed file."""
    raise NotImplementedError


def batch(number: str) -> BatchView | None:
    raise NotImplementedError


def batches(source_code: str) -> list[BatchView]:
    raise NotImplementedError


def rejected(batch_number: str, *, by: Actor) -> Path:
    """Return a CSV of the rejected rows: line, rule, reason, hint, raw. Own department only."""
    raise NotImplementedError


def check_freshness(by: Actor) -> int:
    """Set the clock of every resource against its cycle; return how many are late."""
    raise NotImplementedError


def last_loaded(entry_code: str) -> datetime | None:
    """Return when the entry's data last came in; None before the first load."""
    raise NotImplementedError


def todos(actor: Actor) -> list[TodoItem]:
    return []
