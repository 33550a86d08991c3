"""Grants and small service tables for tests of any room."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

import pyarrow as pa

from tests.factories_catalog import published_entry
from tests.world import World
from tongqu.catalog.vocabulary import DataType, EntryView, ItemView, Manner
from tongqu.delivery.public import issue_grant
from tongqu.delivery.vocabulary import GrantTerms, GrantView
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.public import store, svc_ref
from tongqu.lake.vocabulary import Snapshot
from tongqu.policy.clauses import measures_2021 as law

PURPOSE = "emergency"
ALL = (Manner.QUERY, Manner.SUBSCRIPTION, Manner.DOWNLOAD)
# Ten items, of which three are not shareable; the phone is level 3.
ITEMS = (
    ItemView(1, "记录编号", "id", DataType.INTEGER, 10, nullable=False, is_key=True),
    ItemView(2, "姓名", "name", DataType.STRING, 20, level=2),
    ItemView(3, "手机号", "phone", DataType.STRING, 11, level=3, mask="cover"),
    ItemView(4, "起飞机场", "origin", DataType.STRING, 3),
    ItemView(5, "延误分钟", "delay", DataType.DECIMAL, 10),
    ItemView(6, "起飞时间", "departed_at", DataType.DATETIME),
    ItemView(7, "运行日期", "day", DataType.DATE),
    ItemView(8, "证件号", "identity_number", DataType.STRING, 18, level=3, is_shareable=False),
    ItemView(9, "家庭住址", "address", DataType.STRING, 200, level=3, is_shareable=False),
    ItemView(10, "内部备注", "remark", DataType.STRING, 200, is_shareable=False),
)
SHARED = tuple(item.name_en for item in ITEMS if item.is_shareable)
ROWS = tuple(
    {
        "id": number,
        "name": f"示例·{number:02d}",
        "phone": f"138{number:04d}5678",
        "origin": ("JFK", "LGA", "EWR")[number % 3],
        "delay": number / 2 if number % 5 else None,
        "departed_at": f"2013-01-{number % 28 + 1:02d} 05:{number % 60:02d}:00",
        "day": f"2013-01-{number % 28 + 1:02d}",
        "identity_number": f"11010119900101{number:04d}",
        "address": f"示例街 {number} 号",
        "remark": f"secret-{number}",
    }
    for number in range(1, 31)
)
TYPES = {
    DataType.INTEGER: pa.int64(),
    DataType.DECIMAL: pa.float64(),
    DataType.DATETIME: pa.timestamp("us"),
    DataType.DATE: pa.date32(),
    DataType.BOOLEAN: pa.bool_(),
}


def served_table(
    name: str = "svc_example",
    rows: Sequence[Mapping[str, Any]] = ROWS,
    items: Sequence[ItemView] = ITEMS,
    *,
    seq: int = 1,
) -> Snapshot:
    """Replace a service table with these rows and its technical columns; needs ``lake``.

    A row may carry its own ``_seq`` and ``_op``; without them it is new in run ``seq``.
    """
    table = pa.table(
        {item.name_en: _column(item, rows) for item in items}
        | {
            "_row_hash": pa.array([_hash(row) for row in rows], pa.string()),
            "_seq": pa.array([row.get("_seq", seq) for row in rows], pa.int64()),
            "_op": pa.array([row.get("_op", "I") for row in rows], pa.string()),
        }
    )
    ref = svc_ref(name)
    store().ensure(ref, table.schema, {})
    return store().overwrite(ref, table, summary={"by": "test"})


def _column(item: ItemView, rows: Sequence[Mapping[str, Any]]) -> pa.Array:
    kind = TYPES.get(item.data_type, pa.string())
    values = [row[item.name_en] for row in rows]
    if item.data_type in {DataType.DATE, DataType.DATETIME}:
        return pa.array(values, pa.string()).cast(kind)
    return pa.array(values, kind)


def _hash(row: Mapping[str, Any]) -> str:
    return sha256(repr(sorted((k, v) for k, v in row.items() if k[0] != "_")).encode()).hexdigest()


def served_entry(world: World, table: str = "svc_example", **given: Any) -> EntryView:
    """Return a published entry of the ten items, connected to a service table."""
    return published_entry(world, **{"items": ITEMS, "table": table, "level": 3} | given)


def grant(world: World, entry: EntryView | None = None, **given: Any) -> GrantView:
    """Return a grant of everything shareable, in all manners, to the emergency department."""
    entry = entry or served_entry(world)
    source_reference = given.pop("source_reference", "")
    terms = {
        "entry_code": entry.code,
        "version_id": entry.version_id,
        "items": tuple(item.name_en for item in entry.items),
        "purpose_code": PURPOSE,
        "purpose_text": "示例：突发事件应急处置中查询航班运行情况。",
        "consumer_id": world.organisations["990000-YJ"].pk,
        "system_name": "示例应急指挥系统",
        "manners": ALL,
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2027, 12, 31),
    }
    return issue_grant(
        GrantTerms(**terms | given),
        by=PLATFORM,
        approved_by=world.actor("provider"),
        basis=law.PROVIDER_REVIEW,
        source_reference=source_reference,
    )
