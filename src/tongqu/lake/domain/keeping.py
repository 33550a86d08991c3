"""Which snapshots stay, and what makes two tables equal."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tongqu.kernel.statements import quoted
from tongqu.lake.vocabulary import Column, Snapshot


def kept(
    snapshots: Sequence[Snapshot], *, since: datetime, needed: Iterable[int]
) -> frozenset[int]:
    """Return the snapshots that may not be forgotten: the newest, the young, the needed.

    Past days are rebuilt from the rows themselves, which carry their load time and are only ever
    added: no snapshot is kept for them.
    """
    young = {snapshot.id for snapshot in snapshots if snapshot.at >= since}
    newest = {snapshots[-1].id} if snapshots else set()
    return frozenset(young | newest | set(needed))


def content_sql(columns: Sequence[Column]) -> str:
    """Return the SELECT of number and digest of the rows of ``stored``, whatever their order.

    Shape: one row of ``n`` and ``digest``. The digest is a sum of MD5 halves of each row's text:
    it stays the same from one version of the engine to the next.
    """
    values = ", ".join(f"coalesce(CAST({quoted(c.name)} AS VARCHAR), chr(1))" for c in columns)
    line = f"concat_ws(chr(31), {values})"
    return (
        "SELECT count(*) AS n, "  # noqa: S608  # names from the table's schema
        f"CAST(coalesce(sum(md5_number_lower({line})), 0) AS VARCHAR) AS digest FROM stored"
    )
