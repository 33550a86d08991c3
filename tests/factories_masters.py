"""Two or three systems' tables about the same things, behind published entries. All 示例."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from tests.factories_catalog import published_entry
from tests.world import World
from tongqu.catalog.vocabulary import DataType, EntryView, ItemView
from tongqu.lake.public import dw_ref, store

TOLD = datetime(2026, 9, 1, tzinfo=UTC)


def table(name: str, rows: Sequence[Mapping[str, Any]], keys: str = "") -> None:
    """Replace a warehouse table with these rows, each with ``loaded_at``."""
    held = pa.Table.from_pylist([{"loaded_at": TOLD, **row} for row in rows])
    store().ensure(dw_ref(name), held.schema, {"tongqu.keys": keys} if keys else {})
    store().overwrite(dw_ref(name), held, summary={"by": "test"})


def entry(world: World, name: str, items: Mapping[str, str], **levels: int) -> EntryView:
    """Return a published entry: column → what people call it; level 1 unless told."""
    views = [
        ItemView(n, title, column, DataType.STRING, 100, level=levels.get(column, 1),
                 mask="cover" if levels.get(column, 1) > 2 else "none", is_key=n == 1)
        for n, (column, title) in enumerate(items.items(), start=1)
    ]  # fmt: skip
    return published_entry(world, name=name, items=views, level=3, table="")


VEHICLE = {
    "vehicle_plate": "车辆号牌", "plate_color": "号牌颜色", "vin": "车架号",
    "rated_load_kg": "核定载质量", "owner_name": "业户名称",
}  # fmt: skip


def vehicle_scheme(files: EntryView, permits: EntryView) -> dict[str, Any]:
    """Return a scheme of vehicles of two sources: one by its plate and colour, VIN is identity."""
    return {
        "code": "vehicle",
        "domain": "carriers",
        "title": "示例·营运车辆",
        "keys": ["vehicle_plate", "plate_color"],
        "identity": ["vin"],
        "fields": {"vin": "priority", "rated_load_kg": "newest", "owner_name": "longest"},
        "names": VEHICLE,
        "sources": [
            {"name": "车辆档案", "table": "dw_vehicle_file", "key": "vin",
             "takes": ["vin", "rated_load_kg", "owner_name"]},
            {"name": "道路运输证", "table": "dw_vehicle_permit", "key": "permit_no",
             "takes": ["vin", "rated_load_kg"]},
        ],
        "entries": {"车辆档案": files.code, "道路运输证": permits.code},
        "likeness": {
            "blocks": [["vin"], ["owner_name", "vehicle_plate:2"]],
            "threshold": 0.7,
            "prior": -6,
            "compare": [
                {"field": "vin", "otherwise": -6, "levels": [
                    {"how": "exact", "weight": 12}, {"how": "levenshtein", "bound": 1, "weight": 6},
                ]},
                {"field": "vehicle_plate", "otherwise": -2, "levels": [
                    {"how": "exact", "weight": 8},
                    {"how": "jaro_winkler", "bound": 0.9, "weight": 3},
                ]},
            ],
        },
    }  # fmt: skip
