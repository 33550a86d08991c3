"""What goes wrong when data are read, written or restored."""

from tongqu.kernel.problems import Changed, Rejected, Unavailable


class BackupAltered(Exception):
    """A backup is not what was signed. ``what`` names the object; nothing is restored from it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class StorageFull(Unavailable):
    """The disk took no more bytes. Nothing was committed; the old data is served on."""


class StoreUnreachable(Unavailable):
    """The object store did not answer or refused. What was committed before is untouched."""


class EventRefused(Exception):
    """A receiver of lineage that answers will not take this event, now or later."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class QueryTimeout(Unavailable):
    """The engine was stopped at its time limit."""


class Conflict(Unavailable):
    """Others committed to the table at every attempt, or since the state expected."""


class SchemaChanged(Changed):
    """The data does not fit the table. ``column`` and the two types name the place."""

    def __init__(self, table: str, column: str, was: str, came: str) -> None:
        super().__init__(f"{table}.{column}: {was} became {came}")
        self.table = table
        self.column = column
        self.was = was
        self.came = came


class NotReadable(Rejected):
    """SQL that names what was not handed to it, or is not one SELECT."""


class QueryFailed(Exception):
    """A query that cannot run as it is written. ``reason`` quotes no value from a row."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason
