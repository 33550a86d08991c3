"""The source layer is append-only: any past day can be rebuilt."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from tongqu.lake.public import as_of, engine, ods_ref, store

AIRCRAFT = ods_ref("aircraft")


def load(batch: str, at: datetime, rows: dict[str, str]) -> None:
    table = pa.table(
        {
            "tail": list(rows),
            "owner": list(rows.values()),
            "_batch_id": [batch] * len(rows),
            "_load_time": [at] * len(rows),
            "_source": ["aircraft"] * len(rows),
            "_line": pa.array(range(1, len(rows) + 1), pa.int64()),
            "_row_hash": [f"{tail}:{owner}" for tail, owner in rows.items()],
        }
    )
    store().ensure(AIRCRAFT, table.schema, {"tongqu.keys": "tail"})
    store().append(AIRCRAFT, table, summary={"batch": batch})


@pytest.mark.req("LAK-02")
def test_a_row_changed_twice_stays_in_every_version_and_any_day_is_rebuilt(lake: Path) -> None:
    load("B-1", datetime(2026, 9, 1, 2, tzinfo=UTC), {"N1": "甲", "N2": "乙"})
    load("B-2", datetime(2026, 9, 2, 2, tzinfo=UTC), {"N1": "丙"})
    load("B-3", datetime(2026, 9, 4, 2, tzinfo=UTC), {"N1": "丁"})

    sql = "SELECT _batch_id, owner FROM t WHERE tail = ? ORDER BY 1"
    with engine().relation(sql, tables={"t": AIRCRAFT}, parameters=["N1"]) as found:
        versions = [tuple(row.values()) for row in found.arrow().to_pylist()]
    assert versions == [("B-1", "甲"), ("B-2", "丙"), ("B-3", "丁")]

    assert {day: owners(day) for day in range(1, 6)} == {
        1: {"N1": "甲", "N2": "乙"},
        2: {"N1": "丙", "N2": "乙"},
        3: {"N1": "丙", "N2": "乙"},
        4: {"N1": "丁", "N2": "乙"},
        5: {"N1": "丁", "N2": "乙"},
    }


def owners(day: int) -> dict[str, str]:
    with as_of(AIRCRAFT, date(2026, 9, day)) as found:
        return {row["tail"]: row["owner"] for row in found.arrow().to_pylist()}


def test_a_day_ends_at_midnight_in_shanghai(lake: Path) -> None:
    load("B-1", datetime(2026, 9, 1, 15, 59, 59, tzinfo=UTC), {"N1": "甲"})
    load("B-2", datetime(2026, 9, 1, 16, tzinfo=UTC), {"N1": "乙"})

    assert owners(1) == {"N1": "甲"}
    assert owners(2) == {"N1": "乙"}


def test_before_the_first_load_there_was_nothing(lake: Path) -> None:
    load("B-1", datetime(2026, 9, 2, 2, tzinfo=UTC), {"N1": "甲"})

    assert owners(1) == {}
