"""A small table with known defects behind a published entry."""

from typing import Any

from tests.factories_catalog import published_entry
from tests.world import World
from tongqu.catalog.vocabulary import DataType, EntryView, ItemView

ITEMS = (
    ItemView(1, "车辆编号", "id", DataType.STRING, 20, nullable=False, is_key=True),
    ItemView(2, "号牌", "plate", DataType.STRING, 10),
)
PLATES = {
    "code": "vehicle.plate.shape",
    "title": "号牌应合乎编码规则",
    "kind": "pattern",
    "column": "plate",
    "pattern": "[赣粤][A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]",
    "remedy": "核对号牌后重报",
}


def vehicles(world: World, *, empty_keys: int, bad_plates: int, repeated: int) -> EntryView:
    """Return an entry whose table holds 100 rows with these defects, and no others."""
    from tongqu.lake.public import store, svc_ref

    entry = published_entry(
        world, name="示例·车辆基本信息", items=ITEMS, table="svc_vehicles", domain="RT"
    )
    store().ensure(svc_ref("vehicles"), (table := _table(empty_keys, bad_plates, repeated)).schema)
    store().overwrite(svc_ref("vehicles"), table, summary={"batch": "示例"})
    return entry


def _table(empty_keys: int, bad_plates: int, repeated: int) -> Any:
    import pyarrow as pa

    keys: list[str | None] = [f"V{n:04}" for n in range(100)]
    for n in range(empty_keys):
        keys[n] = None
    for n in range(repeated):
        keys[50 + n] = keys[60]
    plates = ["赣A12345"] * (100 - bad_plates) + ["赣O1234I"] * bad_plates
    return pa.table(
        {
            "id": keys,
            "plate": plates,
            "_batch_id": ["PC-示例"] * 100,
            "_line": list(range(2, 102)),
            "_row_hash": [f"{n:064}" for n in range(100)],
            "_seq": [1] * 100,
            "_op": ["I"] * 100,
        }
    )
