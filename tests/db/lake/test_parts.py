"""A model renewed by parts gives what a full run gives, whatever came in between."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import Rejected
from tongqu.lake.public import (
    check_models,
    dw_ref,
    engine,
    ods_ref,
    run_models,
    store,
    svc_ref,
)

pytestmark = pytest.mark.django_db
COUNTS = """
-- layer: dw
-- name: dw_counts
-- library: theme
-- theme: 综合运输
-- owner: 示例
-- keys: station, day, hour
-- incremental: day = CAST(told AS DATE)
SELECT s.station, CAST(s.told AS DATE) AS day, s.hour, s.n
FROM ods.ods_counts AS s
QUALIFY row_number() OVER (
  PARTITION BY CAST(s.told AS DATE), s.station, s.hour ORDER BY s._load_time DESC, s._line DESC
) = 1
"""
DAILY = """
-- layer: dw
-- name: dw_daily
-- library: theme
-- theme: 综合运输
-- owner: 示例
-- keys: station, day
-- incremental: day
SELECT d.station, d.day, sum(d.n) AS n, count(*) AS hours, max(t.title) AS title
FROM dw.dw_counts AS d LEFT JOIN ods.ods_titles AS t ON t.station = d.station
GROUP BY d.station, d.day
"""
SERVED = """
-- layer: svc
-- name: svc_daily
-- library: service
-- owner: 示例
-- keys: station, day
-- incremental: day
SELECT d.station, d.day, d.n, d.title FROM dw.dw_daily AS d WHERE d.n > 0
"""
NAMES = ("counts", "daily", "svc_daily")
Row = tuple[str, int, int, int]  # station, day of the month, hour, count
ROWS = st.lists(
    st.tuples(
        st.sampled_from("ab"), st.integers(1, 4), st.integers(0, 1), st.integers(-1, 2)
    ),
    min_size=1, max_size=6,
)  # fmt: skip
LINES = {"n": 0}


def pack_in(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in zip(NAMES, (COUNTS, DAILY, SERVED), strict=True):
        (folder / f"{name}.sql").write_text(text.lstrip(), "utf-8")
    return folder


def load(rows: list[Row], batch: str) -> None:
    table = pa.table(
        {
            "station": [r[0] for r in rows],
            "told": [datetime(2026, 9, r[1], r[2]) for r in rows],  # noqa: DTZ001  # wall clock
            "hour": [r[2] for r in rows],
            "n": [r[3] for r in rows],
            "_batch_id": [batch] * len(rows),
            "_line": [LINES.update(n=LINES["n"] + 1) or LINES["n"] for _ in rows],
            "_load_time": [datetime(2026, 9, 24, tzinfo=UTC)] * len(rows),
        }
    )
    store().ensure(ods_ref("counts"), table.schema)
    store().append(ods_ref("counts"), table)


def title(text: str) -> None:
    table = pa.table({"station": ["a"], "title": [text]})
    store().ensure(ods_ref("titles"), table.schema)
    store().overwrite(ods_ref("titles"), table)


def rows_of(ref) -> list[tuple[object, ...]]:
    sql = "SELECT * FROM t ORDER BY ALL"
    if ref.layer == "svc":
        sql = "SELECT * EXCLUDE (_seq, _op) FROM t WHERE _op <> 'D' ORDER BY ALL"
    return [
        tuple(r.values()) for r in engine().relation(sql, tables={"t": ref}).arrow().to_pylist()
    ]


def everything() -> list[list[tuple[object, ...]]]:
    return [rows_of(ref) for ref in (dw_ref("counts"), dw_ref("daily"), svc_ref("daily"))]


@settings(
    max_examples=5, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(loads=st.tuples(ROWS, ROWS, ROWS), moved=st.booleans())
def test_by_parts_equals_a_full_run(lake: Path, tmp_path, loads, moved) -> None:
    for ref in store().list():
        store().drop(ref)
    folder = pack_in(tmp_path / "pack")
    title("甲")
    for number, rows in enumerate(loads):
        load(rows, f"B{number}")
        if moved and number == 1:
            title("乙")
        assert run_models(folder, by=PLATFORM).ok
    by_parts = everything()

    assert run_models(folder, by=PLATFORM, is_backfill=True).ok

    assert everything() == by_parts


def test_only_the_changed_parts_are_computed(lake: Path, tmp_path) -> None:
    folder = pack_in(tmp_path / "pack")
    title("甲")
    load([("a", day, 0, 1) for day in range(1, 5)], "B1")
    run_models(folder, by=PLATFORM)
    load([("a", 2, 0, 7)], "B2")

    run = run_models(folder, by=PLATFORM)

    current = store().current(dw_ref("daily"))
    assert current is not None
    assert current.summary["parts"] == "1"
    assert run.steps.get(model="dw_daily").changed_rows == 1
    assert current.rows == 4
    again = run_models(folder, by=PLATFORM, since="2026-09-03")
    assert again.steps.get(model="dw_counts").changed_rows == 2  # the third and the fourth
    whole = run_models(folder, by=PLATFORM, is_backfill=True)
    assert whole.steps.get(model="dw_counts").changed_rows == 4
    assert rows_of(svc_ref("daily"))[1][:3] == ("a", date(2026, 9, 2), 7)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("GROUP BY d.station, d.day", "GROUP BY d.station, d.day ORDER BY 1 LIMIT 5"),
        ("sum(d.n) AS n", "sum(sum(d.n)) OVER (PARTITION BY d.station) AS n"),
        ("LEFT JOIN", "FULL JOIN"),
        ("ods.ods_titles AS t ON t.station", "dw.dw_counts AS t ON t.station"),
        ("GROUP BY", "WHERE d.n > (SELECT avg(x.n) FROM dw.dw_other AS x) GROUP BY"),
        ("incremental: day", "incremental: month"),
    ],
    ids=["limit", "window", "full-join", "twice", "subquery", "column"],
)
def test_a_model_that_parts_could_change_is_refused(was: str, becomes: str) -> None:
    text = DAILY.replace(was, becomes).replace("max(t.title)", "max(t.station)")

    with pytest.raises(Rejected, match="NOT_BY_PARTS") as caught:
        check_models([("a.sql", text.lstrip())])

    assert "dw_daily" in caught.value.problem.title


def test_a_part_that_the_header_tells_wrongly_leaves_the_former_data(lake: Path, tmp_path) -> None:
    folder = pack_in(tmp_path / "pack")
    wrong = COUNTS.replace("= CAST(told AS DATE)", "= CAST(told AS DATE) - 1").replace(
        "PARTITION BY CAST(s.told AS DATE), ", "PARTITION BY CAST(s.told AS DATE) - 1, "
    )
    (folder / "counts.sql").write_text(wrong.lstrip(), "utf-8")
    title("甲")
    load([("a", 1, 0, 1)], "B1")
    assert run_models(folder, by=PLATFORM).ok
    load([("a", 2, 0, 1)], "B2")

    step = run_models(folder, by=PLATFORM).steps.get(model="dw_counts")

    assert (step.state, step.code) == ("failed", "NOT_BY_PARTS")
    assert store().current(dw_ref("counts")).rows == 1
