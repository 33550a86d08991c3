"""Checks run on the real engine: one table of texts or typed values, one statement."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from tongqu.standards.domain.checks import check_sql, parse_checks
from tongqu.standards.vocabulary import Check, Code, CodeTable, Facts

COLOURS = CodeTable(
    "CT-PCOL", "车牌颜色", "2019",
    (Code("1", "蓝"), Code("2", "黄"), Code("3", "黑"), Code("91", "农黄"),
     Code("8", "旧色", valid_to=date(2020, 1, 1))),
)  # fmt: skip
DIVISIONS = CodeTable(
    "CT-DIV", "行政区划", "2026",
    (Code("360000", "江西"), Code("360100", "南昌", "360000"), Code("110105", "朝阳"),
     Code("360122", "新建县", "360100", None, date(2015, 8, 1)),
     Code("360112", "新建区", "360100", date(2015, 8, 1), None)),
)  # fmt: skip
FACTS = Facts(
    now=datetime(2026, 9, 24, 1, tzinfo=UTC),  # 09:00 in Shanghai
    tables={table.name: table for table in (COLOURS, DIVISIONS)},
)


def check(**document: Any) -> Check:
    rest = {"code": "X", "title": "示例", "columns": ["a"]} | document
    return parse_checks([rest], where="测试")[0]


def judge(rule: Check, *values: object, kind: str = "VARCHAR") -> list[bool]:
    """Return what the check says of each value of column ``a``."""
    return judge_rows(rule, [{"a": value} for value in values], {"a": kind})


def judge_rows(
    rule: Check, rows: Sequence[Mapping[str, object]], types: Mapping[str, str]
) -> list[bool]:
    sql = check_sql(rule, {name: f'"{name}"' for name in types}, facts=FACTS)
    with duckdb.connect(":memory:", config={"enable_external_access": "false"}) as con:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        con.execute(f"CREATE TABLE t (n INTEGER, {columns})")
        marks = ", ".join("?" for _ in types)
        data = [[n, *(row.get(name) for name in types)] for n, row in enumerate(rows)]
        con.executemany(f"INSERT INTO t VALUES (?, {marks})", data)
        return [found for (found,) in con.execute(f"SELECT {sql} FROM t ORDER BY n").fetchall()]
