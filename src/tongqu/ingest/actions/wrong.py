"""Rejected rows told one by one, and which of them came back corrected: for quality's tickets."""

from collections.abc import Mapping, Sequence
from typing import Any

from tongqu.ingest.models import Batch
from tongqu.ingest.vocabulary import RejectedRow, Rule
from tongqu.kernel.statements import quoted
from tongqu.lake import public as lake

# The row as it came, parted into its fields: a quoted field may hold separators and quotes.
FIELDS = """list_transform(regexp_extract_all(raw || ',', '("(?:[^"]|"")*"|[^,]*),', 1),
  f -> CASE WHEN f LIKE '"%' THEN replace(f[2:-2], '""', '"') ELSE f END)"""


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

    A row is corrected when its key is among the rows stored since. One whose key cannot be
    read counts as corrected once a later batch came without any rejected row, and at least as
    many rows as there were of these.
    """
    batch = Batch.objects.select_related("source").filter(number=batch_number).first()
    if batch is None or not batch.rejected:
        return 0
    later = Batch.objects.filter(source=batch.source, pk__gt=batch.pk, stored__gt=0)
    numbers = list(later.order_by("pk").values_list("number", flat=True))
    if not numbers:
        return int(batch.rejected)
    total, keyed, came = _matched(batch, numbers)
    keyless = total - keyed
    if keyless and later.filter(rejected=0, stored__gte=keyless).exists():
        keyless = 0
    return (keyed - came) + keyless


def _matched(batch: Batch, numbers: Sequence[str]) -> tuple[int, int, int]:
    """Return rejected rows, those with a readable key, and of these what was stored since."""
    places = _places(batch)
    columns = batch.contract.get("columns", ())
    keys = [c["name"] for c in columns if c.get("is_key") and c["name"] in places]
    if not keys or len(keys) != sum(bool(c.get("is_key")) for c in columns):
        return int(batch.rejected), 0, 0
    # A wrong key names no row: it is what has to be corrected.
    mine = ", ".join(f"trim(fields[{places[key] + 1}]) AS {quoted(key)}" for key in keys)
    named = " AND ".join(f"coalesce({quoted(key)}, '') <> ''" for key in keys)
    said = ", ".join(f"trim(CAST({quoted(key)} AS VARCHAR)) AS {quoted(key)}" for key in keys)
    by = ", ".join(quoted(key) for key in keys)
    literal = ", ".join("'" + key.replace("'", "''") + "'" for key in keys)
    with lake.engine().relation(
        f"""WITH wrong AS (SELECT line, any_value("column") AS col, any_value({FIELDS}) AS fields
          FROM rejects WHERE batch = ? GROUP BY line),
        rows AS (SELECT line, {mine}, col NOT IN ({literal}) AS is_named FROM wrong),
        keyed AS (SELECT * FROM rows WHERE is_named AND {named}),
        since AS (SELECT DISTINCT {said} FROM stored WHERE list_contains(?, _batch_id))
        SELECT (SELECT count(*) FROM rows) AS n, (SELECT count(*) FROM keyed) AS k,
          (SELECT count(*) FROM keyed JOIN since USING ({by})) AS c""",  # noqa: S608  # names quoted
        tables={
            "rejects": lake.quarantine_ref(batch.source.code),
            "stored": lake.ods_ref(batch.source.table),
        },
        parameters=[batch.number, list(numbers)],
    ) as answer:
        (row,) = answer.arrow().to_pylist()
    return int(row["n"]), int(row["k"]), int(row["c"])
