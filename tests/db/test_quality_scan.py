"""A scan reads each file once, and a rule that cannot be carried out harms no other."""

from math import inf, nan
from typing import Any

import pyarrow as pa
import pytest

from tests.factories_catalog import published_entry
from tests.world import World
from tongqu.catalog.vocabulary import DataType, EntryView, ItemView
from tongqu.lake.public import ods_ref, store
from tongqu.quality import public as quality
from tongqu.quality.actions import measure
from tongqu.quality.models import RuleResult, Scan, ScanPart

REF = ods_ref("fixes")
ITEMS = (
    ItemView(1, "车辆", "v", DataType.STRING, 20, nullable=False, is_key=True),
    ItemView(2, "速度", "speed", DataType.DECIMAL),
)
RULES: list[dict[str, Any]] = [
    {"code": "speed", "kind": "range", "column": "speed", "min": 0, "max": 120},
    {"code": "finite", "kind": "expression", "columns": [], "sql": "speed / (n - n) >= 0"},
    {"code": "all", "kind": "pattern", "column": "v", "pattern": "X+"},
    {"code": "n", "kind": "drift", "column": "n", "edges": [10, 20, 30], "within": 0.2},
    {"code": "rows", "kind": "volume", "within": "0.5"},
    {"code": "one", "kind": "unique", "columns": ["v", "n"]},
]
BAD: list[dict[str, Any]] = [
    {"code": "lost", "kind": "not_null", "column": "speeed"},
    {"code": "retyped", "kind": "range", "column": "text", "min": 1},
    {"code": "layerless", "kind": "reference", "column": "v", "table": "vehicles", "key": "v"},
    {"code": "shapeless", "kind": "inside", "lon": "speed", "lat": "speed",
     "table": "ods_fixes", "shape": "text"},
]  # fmt: skip
ENDLESS = {"code": "endless", "kind": "related", "table": "ods_fixes", "on": ["text"],
           "where": "other_n + n < 0", "sql": "n = 0"}  # fmt: skip


def rows(first: int, count: int, **change: list[Any]) -> pa.Table:
    numbers = list(range(first, first + count))
    columns = {
        "v": [f"X{'X' * (i % 3)}" for i in numbers],
        "n": numbers,
        "speed": [float(i % 100) for i in numbers],
        "text": ["常" for _ in numbers],
        **change,
    }
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    table = table.append_column("_batch_id", pa.array([f"PC-{first}"] * count))
    return table.append_column("_line", pa.array(numbers, pa.int64()))


@pytest.fixture
def entry(world: World, lake, at) -> EntryView:
    return published_entry(world, items=ITEMS, table="")


def scanned(entry: EntryView, world: World, rules: list[dict[str, Any]]) -> dict[str, RuleResult]:
    said = [{"title": "规则", **rule} for rule in rules]
    quality.save_pack(entry.code, said, by=world.actor("support"))
    view = quality.scan(entry.code, by=world.actor("support"), table=REF)
    return {r.code: r for r in Scan.objects.get(number=view.number).results.all()}


def counts(found: dict[str, RuleResult]) -> dict[str, tuple[int, int]]:
    return {code: (r.checked, r.wrong) for code, r in found.items() if "." not in code}


def test_files_that_were_counted_are_not_read_again_and_all_counts_stay_exact(
    entry, world, monkeypatch
) -> None:
    read: list[tuple[int, str]] = []
    ask = measure.Measuring.ask

    def watched(self: Any, plan: Any, files: Any) -> Any:
        read.append((len(files.files), plan.sql))
        return ask(self, plan, files)

    monkeypatch.setattr(measure.Measuring, "ask", watched)
    store().ensure(REF, rows(0, 1).schema)
    store().append(REF, rows(0, 40, speed=[nan, inf, -1.0, None, *range(36)]))

    first = counts(scanned(entry, world, RULES))

    assert first == {"speed": (39, 3), "finite": (40, 1), "all": (40, 0), "n": (0, 0),
                     "rows": (0, 0), "one": (40, 0)}  # fmt: skip
    assert ScanPart.objects.get().rows == 40
    store().append(REF, rows(40, 10, speed=[500.0] * 10, v=["Y"] * 10))
    read.clear()

    second = scanned(entry, world, RULES)

    assert counts(second) == {"speed": (49, 13), "finite": (50, 1), "all": (50, 10),
                              "n": (1, 0), "rows": (0, 0), "one": (50, 0)}  # fmt: skip
    assert second["n"].bins["counts"] == [10, 10, 10, 20, 0]
    # The places of both files, though only the new one was read for them.
    assert second["speed"].samples[:2] == [["PC-0", 0], ["PC-0", 1]]
    assert second["speed"].samples[3:] == [["PC-40", i] for i in range(40, 50)]
    assert {files for files, sql in read if "speed" in sql} == {1}
    assert Scan.objects.first().read_rows == 10
    read.clear()
    third = counts(scanned(entry, world, RULES))
    assert third == counts(second)
    assert [sql for _, sql in read if "speed" in sql] == []  # nothing new, nothing read

    # A rule that is new is asked of everything; one that changed, too.
    more = [{**RULES[0], "max": 600}, *RULES[1:], {"code": "v", "kind": "not_null", "column": "v"}]
    fourth = counts(scanned(entry, world, more))
    assert (fourth["speed"], fourth["v"], fourth["rows"]) == ((49, 3), (50, 0), (1, 0))

    # Compacted or replaced, a table is read again; what was remembered of it is dropped.
    store().overwrite(REF, rows(0, 200))
    fifth = counts(scanned(entry, world, RULES))
    assert (fifth["speed"], fifth["all"], fifth["rows"]) == ((200, 0), (200, 0), (1, 1))
    assert fifth["n"] == (1, 1)  # most rows lie beyond 30 now
    assert [part.rows for part in ScanPart.objects.all()] == [200]


def test_a_rule_that_fails_or_never_ends_is_told_alone_and_the_others_count(
    entry, world, settings
) -> None:
    count = 60_000
    store().ensure(REF, rows(0, 1).schema)
    store().append(REF, rows(0, count))
    settings.LAKE = {**settings.LAKE, "RULE_SECONDS": 0.5}

    found = scanned(entry, world, [*BAD[:2], *RULES[:3], *BAD[2:], ENDLESS])

    errors = {code: r.error for code, r in found.items() if r.error}
    assert errors == {
        "lost": "表中没有名为 speeed 的列",
        "retyped": "规则所用的列或类型与数据不符",
        "layerless": "表名 vehicles 不属于任何一层",
        "shapeless": "应为 POLYGON、MULTIPOLYGON、LINESTRING 或 MULTILINESTRING",
        "endless": "超过时限未完成，已停止",
    }
    assert counts(found)["speed"] == (count, 0)
    assert counts(found)["finite"] == (count, 0)
    assert not any(r.checked or r.is_over for r in found.values() if r.error)


def test_a_table_without_rows_and_columns_of_nothing_are_not_judged(entry, world) -> None:
    store().ensure(REF, rows(0, 1).schema)
    store().append(REF, rows(0, 0))
    rules = [*RULES, {"code": "few", "kind": "volume", "min": 1}]

    empty = scanned(entry, world, rules)

    judged = {code: found for code, found in counts(empty).items() if found != (0, 0)}
    assert judged == {"few": (1, 1)}

    nothing = pa.array([None] * 5, pa.float64())
    store().append(REF, rows(0, 5, speed=nothing))
    assert counts(scanned(entry, world, rules))["speed"] == (0, 0)
