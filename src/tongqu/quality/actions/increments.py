"""What was counted of a table's files, kept for the next scan."""

from collections.abc import Sequence
from typing import Any

from tongqu.kernel import clock
from tongqu.lake.public import TableRef
from tongqu.quality.actions.measure import Count, Part, mark_of
from tongqu.quality.models import ScanPart

MOST = 20  # parts of a table; more become one


def parts_of(entry_code: str, ref: TableRef) -> list[Part]:
    """Return the parts that earlier scans counted."""
    rows = ScanPart.objects.filter(entry_code=entry_code, table=ref.identifier)
    return [
        Part(frozenset(row.files), row.rows, {m: _count(c) for m, c in row.counts.items()}, row.pk)
        for row in rows
    ]


def keep(entry_code: str, ref: TableRef, parts: Sequence[Part]) -> None:
    """Store what this scan counted, and forget parts whose files are no longer there."""
    for part in parts:
        said = {
            "files": sorted(part.files),
            "rows": part.rows,
            "counts": {mark: _document(one) for mark, one in part.counts.items()},
            "at": clock.now(),
        }
        if part.number:
            ScanPart.objects.filter(pk=part.number).update(**said)
        elif part.files:
            ScanPart.objects.create(entry_code=entry_code, table=ref.identifier, **said)


def forget(entry_code: str, ref: TableRef, files: Sequence[str]) -> None:
    """Drop the parts of which a file was replaced: they will never be asked for again."""
    there = {mark_of(path) for path in files}
    known = ScanPart.objects.filter(entry_code=entry_code, table=ref.identifier)
    gone = [row.pk for row in known if not set(row.files) <= there]
    ScanPart.objects.filter(pk__in=gone).delete()
    left = [row for row in known if row.pk not in gone]
    if len(left) > MOST and not _overlap(left):
        _unite(left)


def _overlap(rows: Sequence[ScanPart]) -> bool:
    """Say whether a file was counted twice: two scans at once may do that."""
    return sum(len(row.files) for row in rows) > len({name for row in rows for name in row.files})


def _unite(rows: Sequence[ScanPart]) -> None:
    """Make many parts one: a rule that was not counted in all of them is read again."""
    marks = set.intersection(*(set(row.counts) for row in rows))
    counts = {}
    for mark in marks:
        total = Count()
        for row in rows:
            total.add(_count(row.counts[mark]))
        counts[mark] = _document(total)
    first = rows[0]
    first.files = sorted({name for row in rows for name in row.files})
    first.rows = sum(row.rows for row in rows)
    first.counts = counts
    first.save()
    ScanPart.objects.filter(pk__in=[row.pk for row in rows[1:]]).delete()


def _document(one: Count) -> list[Any]:
    return [one.checked, one.wrong, one.places, one.bins]


def _count(row: Sequence[Any]) -> Count:
    return Count(int(row[0]), int(row[1]), list(row[2]), list(row[3]))
