"""Quality speaks the language of checks: what is declared once acts at load and in a scan."""

import pyarrow as pa
import pytest

from tests.factories_catalog import published_entry
from tests.factories_standards import element
from tests.world import World
from tongqu.catalog.vocabulary import DataType, EntryView, ItemView
from tongqu.kernel.problems import Rejected
from tongqu.lake.public import ods_ref, store
from tongqu.quality import public as quality
from tongqu.quality.vocabulary import Dimension

ITEMS = (
    ItemView(1, "编号", "id", DataType.STRING, 20, nullable=False, is_key=True),
    ItemView(2, "车牌颜色代码", "plate_color", DataType.STRING, 2, element="DE-PCOL"),
    ItemView(3, "审验日期", "review_date", DataType.DATE),
)
OWN = {
    "code": "RES-REVIEW", "title": "审验日期不晚于今天", "kind": "not_future",
    "columns": ["review_date"], "effect": "warn",
}  # fmt: skip


@pytest.fixture
def entry(world: World, lake, at) -> EntryView:
    element()
    keep("reviews", {
        "id": ["1", "2", "3", "4"], "plate_color": ["1", "7", None, "2"],
        "review_date": ["2026-01-01", "2026-05-01", "2026-12-31", None],
    })  # fmt: skip
    return published_entry(world, items=ITEMS, checks=[OWN], table="")


def keep(name: str, columns: dict[str, list[object]]) -> None:
    data = pa.table({
        name: pa.array(values).cast(pa.date32() if name.endswith(("date", "_to")) else pa.string())
        for name, values in columns.items()
    })  # fmt: skip
    places = pa.array(range(2, len(data) + 2), pa.int64())
    data = data.append_column("_line", places)
    data = data.append_column("_batch_id", pa.array(["PC-示例"] * len(data)))
    store().ensure(ods_ref(name), data.schema)
    store().overwrite(ods_ref(name), data)


def results(entry: EntryView, world: World) -> dict[str, tuple[int, int]]:
    view = quality.scan(entry.code, by=world.actor("support"), table=ods_ref("reviews"))
    return {result.code: (result.checked, result.wrong) for result in view.results}


def test_elements_and_entries_imply_rules_without_anybody_writing_them(entry, world) -> None:
    found = results(entry, world)

    assert found["DE-PCOL.codes"] == (3, 1)  # the empty cell is not judged
    assert found["RES-REVIEW"] == (3, 1)


def test_a_check_that_only_warns_opens_no_ticket(entry, world) -> None:
    store().overwrite(
        ods_ref("reviews"),
        pa.table({
            "id": ["1"], "plate_color": ["1"], "_line": [2], "_batch_id": ["PC-示例"],
            "review_date": pa.array(["2026-12-31"]).cast(pa.date32()),
        }),
    )  # fmt: skip

    view = quality.scan(entry.code, by=world.actor("support"), table=ods_ref("reviews"))

    assert view.ticket == ""
    assert view.dimensions[Dimension.ACCURACY] == 50  # 主键不重复 holds, the future day does not


def test_a_pack_may_hold_checks_beside_rules_of_its_own(entry, world) -> None:
    quality.save_pack(entry.code, [
        {"code": "own", "title": "颜色应填写", "kind": "required", "columns": ["plate_color"],
         "tolerance": "0.5"},
        {"code": "old", "title": "编号为数字", "kind": "pattern", "column": "id",
         "pattern": "[0-9]+"},
    ], by=world.actor("support"))  # fmt: skip

    found = results(entry, world)

    assert found["own"] == (4, 1)
    assert found["old"] == (4, 0)


def test_rows_are_compared_with_those_of_another_table(entry, world) -> None:
    keep("certificates", {"cert": ["1", "2", "2"],
                          "valid_to": ["2025-12-31", "2026-01-01", "2027-01-01"]})  # fmt: skip
    quality.save_pack(entry.code, [
        {"code": "expired", "title": "审验时证件应有效", "kind": "related",
         "table": "ods_certificates", "on": {"id": "cert"},
         "where": "other_valid_to < review_date", "sql": "n = 0"},
        {"code": "held", "title": "应持有证件", "kind": "related",
         "table": "ods_certificates", "on": {"id": "cert"}, "sql": "n > 0"},
        {"code": "later", "title": "未接入的表不检", "kind": "related",
         "table": "ods_nothing", "on": ["id"], "sql": "n > 0"},
    ], by=world.actor("support"))  # fmt: skip

    found = results(entry, world)

    assert found["expired"] == (4, 2)
    assert found["held"] == (4, 2)
    assert found["later"] == (0, 0)  # nothing checked, and it says so


@pytest.mark.parametrize("change", [
    {"sql": "n = (SELECT 1)"}, {"where": "read_text('x') = 'y'"}, {"on": {}}, {"on": "id"},
    {"tabel": "x"}, {"sql": ""}, {"crosswalk": {"id": ["A"]}}, {"crosswalk": {"x": ["A", "B"]}},
])  # fmt: skip
def test_an_unsafe_comparison_is_refused(entry, world, change) -> None:
    rule = {"code": "x", "title": "比较", "kind": "related", "table": "ods_reviews",
            "on": ["id"], "sql": "n > 0"}  # fmt: skip

    with pytest.raises(Rejected) as refused:
        quality.save_pack(entry.code, [rule | change], by=world.actor("support"))

    assert refused.value.problem.code == "BAD_RULE"
