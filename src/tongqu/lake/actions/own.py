"""Bring what the platform itself does into the self-management library (自管库), each minute."""

import json
from typing import TYPE_CHECKING, Any

from django.db import transaction

from tongqu.audit.public import entries, seal_now
from tongqu.kernel import clock
from tongqu.lake.actions.alone import alone
from tongqu.lake.domain.own import COLUMNS, GROUP_LABELS, Group, group_sql, table_of
from tongqu.lake.models import LakeTable
from tongqu.lake.ports import engine, store
from tongqu.lake.vocabulary import Library
from tongqu.policy.clauses.gd_2024 import FIVE_LIBRARIES

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 50_000  # entries of one pass: memory stays flat however long nobody looked
UNTIL = "self-until"  # in a snapshot's facts: the last position that this table has seen
DONE = "tongqu.self-until"  # in the first table's properties: the last position that all have seen
FIELDS = (
    "seal__position", "pk", "at", "kind", "action", "outcome", "actor_kind", "actor_key",
    "organisation_code", "subject", "purpose", "grant", "rows", "code", "basis", "details",
)  # fmt: skip


def refresh() -> int:
    """Add what was sealed since the last time; return how many facts that were.

    The trail is sealed first: seals have an order without gaps, which the keys of rows that
    are still being committed have not. Append-only; each table remembers in its snapshot how
    far it has come, so a kill between two tables repeats nothing and loses nothing.
    Source: LAK-09 and 三（三）: process and management data of the platform.
    """
    with alone("lake.self-library") as is_ours:
        if not is_ours:
            return 0
        seal_now()
        _ensure()
        total = 0
        while (added := _pass()) is not None:
            total += added
    return total


def _ensure() -> None:
    import pyarrow as pa

    kinds = {
        "BIGINT": pa.int64(), "VARCHAR": pa.string(), "TIMESTAMPTZ": pa.timestamp("us", "UTC"),
    }  # fmt: skip
    schema = pa.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    for group in Group:
        ref = table_of(group)
        if store().exists(ref):
            continue
        title = f"自管库·{GROUP_LABELS[group]}"
        store().ensure(ref, schema, {"tongqu.keys": "position", "tongqu.title": title})
        with transaction.atomic():
            LakeTable.objects.update_or_create(
                name=ref.name,
                defaults={
                    "library": Library.SELF,
                    "title": title,
                    "keys": ["position"],
                    "clauses": [FIVE_LIBRARIES.code],
                    "updated_at": clock.now(),
                },
            )


def _pass() -> int | None:
    """Append one lot of entries to the tables they belong to; None: nothing is new.

    How far all tables have come stands in a property of the first, set after the last append;
    a table that was ahead when a kill came knows it from its own snapshot.
    """
    found = entries().order_by("seal__position").filter(seal__position__gt=_done())
    lot = list(found.values_list(*FIELDS)[:MOST])
    if not lot:
        return None
    arrived, last = _arrow(lot), str(lot[-1][0])
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    sql = f"SELECT {names} FROM arrived WHERE {group_sql()} = ? AND position > ?"  # noqa: S608  # our own names
    for group in Group:
        with engine().relation(
            sql, tables={"arrived": arrived}, parameters=[group.value, _seen(group)]
        ) as rows:
            new = rows.arrow()
        if new.num_rows:
            store().append(table_of(group), new, summary={UNTIL: last, "by": "platform"})
    first = table_of(Group.METADATA)
    store().ensure(first, store().schema(first), {DONE: last})
    return len(lot)


def _done() -> int:
    return int(store().properties(table_of(Group.METADATA)).get(DONE, "0"))


def _seen(group: Group) -> int:
    current = store().current(table_of(group))
    return int(current.summary.get(UNTIL, "0")) if current else 0


def _arrow(lot: list[tuple[Any, ...]]) -> "pa.Table":
    import pyarrow as pa

    columns = dict(zip(COLUMNS, map(list, zip(*lot, strict=True)), strict=True))
    columns["details"] = [
        json.dumps(value, ensure_ascii=False, default=str) for value in columns["details"]
    ]
    types = {"BIGINT": pa.int64(), "VARCHAR": pa.string(), "TIMESTAMPTZ": pa.timestamp("us", "UTC")}
    return pa.table({name: pa.array(columns[name], types[kind]) for name, kind in COLUMNS.items()})
