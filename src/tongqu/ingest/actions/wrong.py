"""Rejected rows told one by one, and which of them came back corrected: for quality's tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.models import Batch
from tongqu.ingest.vocabulary import Rule
from tongqu.kernel.statements import quoted
from tongqu.lake import public as lake

TEXTS = frozenset({DataType.STRING.value, DataType.TEXT.value})
# The row as it came, parted into its fields: a quoted field may hold separators and quotes.
FIELDS = """list_transform(regexp_extract_all(raw || ',', '("(?:[^"]|"")*"|[^,]*),', 1),
  f -> CASE WHEN f LIKE '"%' THEN replace(f[2:-2], '""', '"') ELSE f END)"""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row kept apart, for its department: the field that is wrong, and how to correct it."""

    line: int
    rule: str
    column: str
    reason: str
    hint: str
    value: str
    raw: str


def rejected_rows(batch_number: str, *, limit: int) -> list[RejectedRow]:
    """Return a batch's rejected rows with the value that is wrong and how to correct it.

    For rooms, not for readers: the caller sees to it that only the department reads them.
    """
    batch = Batch.objects.select_related("source").filter(number=batch_number).first()
    if batch is None or not batch.rejected:
        return []
    known = {rule.value: rule.hint for rule in Rule}
    checks = batch.contract.get("checks", ())
    known |= {row["code"]: row.get("remedy", "") for row in checks}
    places = _places(batch)
    with lake.engine().relation(
        f'SELECT line, rule, "column" AS col, reason, raw, {FIELDS} AS fields'  # noqa: S608  # constant
        " FROM rejects WHERE batch = ? ORDER BY line, rule LIMIT ?",
        tables={"rejects": lake.quarantine_ref(batch.source.code)},
        parameters=[batch.number, limit],
    ) as answer:
        rows: list[dict[str, Any]] = answer.arrow().to_pylist()
    return [
        RejectedRow(
            line=row["line"], rule=row["rule"], column=row["col"] or "", reason=row["reason"],
            hint=known.get(row["rule"], ""), value=_value(row, places), raw=row["raw"] or "",
        )
        for row in rows
    ]  # fmt: skip


def _places(batch: Batch) -> dict[str, int]:
    """Return where each column stands in the file, as it was when the batch came."""
    return {name: n for n, name in enumerate(batch.facts.get("columns", ()))}


def _value(row: Mapping[str, Any], places: Mapping[str, int]) -> str:
    fields, at = row["fields"] or [], places.get(row["col"] or "")
    return fields[at] if at is not None and at < len(fields) else ""


def left(batch_number: str) -> int:
    """Return how many rejected rows no later batch of the source has brought corrected.

    A row is corrected when its key is among the rows stored since. One whose key is what was
    wrong is known by its texts; where it has none, a later batch without any rejected row, of
    at least as many rows as there were of these, counts as their correction.
    """
    batch = Batch.objects.select_related("source").filter(number=batch_number).first()
    if batch is None or not batch.rejected:
        return 0
    later = Batch.objects.filter(source=batch.source, pk__gt=batch.pk, stored__gt=0)
    numbers = list(later.order_by("pk").values_list("number", flat=True))
    if not numbers:
        return int(batch.rejected)
    waiting, unknown = _waiting(batch, numbers)
    if unknown and later.filter(rejected=0, stored__gte=unknown).exists():
        unknown = 0
    return waiting + unknown


def _waiting(batch: Batch, numbers: Sequence[str]) -> tuple[int, int]:
    """Return the rows still to come, and those that nothing could tell from others."""
    places = _places(batch)
    columns = [c for c in batch.contract.get("columns", ()) if c["name"] in places]
    keys = [c["name"] for c in columns if c.get("is_key")]
    texts = [c["name"] for c in columns
             if not c.get("is_key") and c.get("data_type", "string") in TEXTS]  # fmt: skip
    if len(keys) != sum(bool(c.get("is_key")) for c in batch.contract.get("columns", ())):
        keys = []  # the file lacked a part of the key
    names = (*keys, *texts)
    picked = "".join(f", trim(coalesce(fields[{places[n] + 1}], '')) AS {quoted(n)}" for n in names)
    said = "".join(
        f", trim(coalesce(CAST({quoted(n)} AS VARCHAR), '')) AS {quoted(n)}" for n in names
    )
    with lake.engine().relation(
        f"""WITH wrong AS (SELECT line, any_value("column") AS col, any_value({FIELDS}) AS fields
          FROM rejects WHERE batch = ? GROUP BY line),
        asked AS (SELECT line, col{picked} FROM wrong),
        told AS (SELECT *, {_all(keys)} AS by_key, {_any(texts)} AS by_text FROM asked),
        since AS (SELECT DISTINCT 1 AS one{said} FROM stored WHERE list_contains(?, _batch_id))
        SELECT coalesce(sum(CASE
            WHEN by_key THEN NOT EXISTS (SELECT 1 FROM since s WHERE {_same(keys)})
            WHEN by_text THEN NOT EXISTS (SELECT 1 FROM since s WHERE {_same(texts)})
          ELSE false END::INT), 0) AS waiting,
          count(*) FILTER (NOT by_key AND NOT by_text) AS unknown FROM told t""",  # noqa: S608  # names quoted
        tables={
            "rejects": lake.quarantine_ref(batch.source.code),
            "stored": lake.ods_ref(batch.source.table),
        },
        parameters=[batch.number, list(numbers)],
    ) as answer:
        (row,) = answer.arrow().to_pylist()
    return int(row["waiting"]), int(row["unknown"])


def _all(keys: Sequence[str]) -> str:
    """Return SQL: the key is there, and it is not what was found wrong."""
    if not keys:
        return "false"
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in keys)
    filled = " AND ".join(f"{quoted(name)} <> ''" for name in keys)
    return f"({filled} AND coalesce(col, '') NOT IN ({names}))"


def _any(texts: Sequence[str]) -> str:
    return "(" + " OR ".join([f"{quoted(name)} <> ''" for name in texts] or ["false"]) + ")"


def _same(names: Sequence[str]) -> str:
    return " AND ".join([f"s.{quoted(name)} = t.{quoted(name)}" for name in names] or ["false"])
