"""Packs of models on a real lake: order, merge, checks, lineage, flags."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import Rejected
from tongqu.lake.models import LakeTable, ModelRun
from tongqu.lake.public import (
    broken,
    dw_ref,
    engine,
    lineage,
    mark_broken,
    mark_sound,
    ods_ref,
    run_models,
    store,
    svc_ref,
)
from tongqu.lake.vocabulary import Direction, RunState, Transform

pytestmark = pytest.mark.django_db
FLIGHTS, AIRLINES = ods_ref("flights"), ods_ref("airlines")
DW = """
-- layer: dw
-- name: dw_flights
-- title: 示例航班
-- library: base
-- owner: 990000-MH
-- keys: id
-- tests: in_range(delay, -60, 2000)
SELECT f.id AS id, f.carrier AS carrier, a.name AS airline, f.delay::INTEGER AS delay
FROM ods.ods_flights AS f LEFT JOIN ods.ods_airlines AS a ON a.carrier = f.carrier
QUALIFY row_number() OVER (PARTITION BY f.id ORDER BY f._load_time DESC) = 1
"""
SVC = """
-- layer: svc
-- name: svc_flights
-- library: service
-- owner: 990000-MH
-- keys: id
SELECT id, airline, delay FROM dw_flights WHERE delay IS NOT NULL
"""
TOPIC = """
-- layer: svc
-- name: svc_delay
-- library: topic
-- owner: 990000-MH
-- keys: airline
SELECT airline, count(*) AS flights, sum(delay) AS minutes FROM dw_flights GROUP BY airline
"""


@pytest.fixture
def pack(lake: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    folder.mkdir()
    for name, text in {"b": DW, "a": SVC, "c": TOPIC}.items():
        (folder / f"{name}.sql").write_text(text.lstrip(), "utf-8")
    load({1: ("UA", "5"), 2: ("AA", "-3"), 3: ("UA", None)}, hour=1)
    names = pa.table({"carrier": ["UA", "AA"], "name": ["示例联合", "示例美洲"]})
    store().ensure(AIRLINES, names.schema)
    store().append(AIRLINES, names)
    return folder


def load(rows: dict[int, tuple[str, str | None]], *, hour: int) -> None:
    table = pa.table(
        {
            "id": pa.array(list(rows), pa.int64()),
            "carrier": [carrier for carrier, _ in rows.values()],
            "delay": pa.array([delay for _, delay in rows.values()], pa.string()),
            "_load_time": [datetime(2026, 9, 24, hour, tzinfo=UTC)] * len(rows),
        }
    )
    store().ensure(FLIGHTS, table.schema)
    store().append(FLIGHTS, table)


def served(name: str = "svc_flights") -> list[dict[str, object]]:
    sql = "SELECT * EXCLUDE (_row_hash) FROM t ORDER BY ALL"
    return engine().relation(sql, tables={"t": svc_ref(name)}).arrow().to_pylist()


def states(run: ModelRun) -> dict[str, str]:
    return dict(run.steps.values_list("model", "state"))


def test_models_run_in_the_order_of_their_references(pack: Path) -> None:
    run = run_models(pack, by=PLATFORM)

    assert list(run.steps.values_list("model", flat=True)) == [
        "dw_flights",
        "svc_delay",
        "svc_flights",
    ]
    assert run.state == RunState.DONE
    assert store().current(dw_ref("flights")).rows == 3
    assert served() == [
        {"id": 1, "airline": "示例联合", "delay": 5, "_seq": 1, "_op": "I"},
        {"id": 2, "airline": "示例美洲", "delay": -3, "_seq": 1, "_op": "I"},
    ]
    assert LakeTable.objects.get(name="dw_flights").title == "示例航班"


def test_a_second_run_over_the_same_data_writes_nothing(pack: Path) -> None:
    run_models(pack, by=PLATFORM)
    before = {ref: store().current(ref).id for ref in store().list()}

    run = run_models(pack, by=PLATFORM)

    assert set(states(run).values()) == {"unchanged"}
    assert {ref: store().current(ref).id for ref in store().list()} == before


def test_only_changed_rows_get_the_new_sequence_and_vanished_rows_leave_a_tombstone(
    pack: Path,
) -> None:
    run_models(pack, by=PLATFORM)
    load({1: ("UA", "9"), 2: ("AA", None), 4: ("AA", "0")}, hour=2)

    run_models(pack, by=PLATFORM)

    assert served() == [
        {"id": 1, "airline": "示例联合", "delay": 9, "_seq": 2, "_op": "U"},
        {"id": 2, "airline": "示例美洲", "delay": -3, "_seq": 2, "_op": "D"},
        {"id": 4, "airline": "示例美洲", "delay": 0, "_seq": 2, "_op": "I"},
    ]


def test_a_tombstone_stays_and_a_returning_row_is_new_again(pack: Path) -> None:
    run_models(pack, by=PLATFORM)
    load({2: ("AA", None)}, hour=2)
    run_models(pack, by=PLATFORM)
    load({1: ("UA", "6")}, hour=3)
    run_models(pack, by=PLATFORM)

    assert [(row["id"], row["_seq"], row["_op"]) for row in served()] == [(1, 3, "U"), (2, 2, "D")]

    load({2: ("AA", "-3")}, hour=4)
    run_models(pack, by=PLATFORM)

    assert [(row["id"], row["_seq"], row["_op"]) for row in served()] == [(1, 3, "U"), (2, 4, "I")]


def test_without_keys_equal_rows_are_counted_not_merged(pack: Path) -> None:
    text = SVC.replace("-- keys: id\n", "").replace("SELECT id, airline, delay", "SELECT airline")
    (pack / "a.sql").write_text(text.lstrip(), "utf-8")
    load({5: ("UA", "1")}, hour=2)
    run_models(pack, by=PLATFORM)
    load({6: ("UA", "1"), 2: ("AA", None)}, hour=3)
    run_models(pack, by=PLATFORM)

    found = sorted((row["airline"], row["_seq"], row["_op"]) for row in served())
    assert found == [
        ("示例美洲", 2, "D"),
        ("示例联合", 1, "I"),
        ("示例联合", 1, "I"),
        ("示例联合", 2, "I"),
    ]


def test_a_failed_check_leaves_the_former_data_served(pack: Path) -> None:
    run_models(pack, by=PLATFORM)
    before = served()
    load({7: ("UA", "99999")}, hour=2)

    run = run_models(pack, by=PLATFORM)

    step = run.steps.get(model="dw_flights")
    assert (run.state, step.state, step.code) == ("failed", "failed", "MODEL_TEST_FAILED")
    assert "in_range(delay, -60, 2000)" in step.message
    assert "99999" not in step.message
    assert states(run)["svc_flights"] == "blocked"
    assert served() == before
    assert store().orphans(older_than_seconds=0) == []


def test_a_value_that_cannot_be_cast_is_a_failed_step_without_the_value(pack: Path) -> None:
    load({7: ("UA", "secret-value")}, hour=2)

    run = run_models(pack, by=PLATFORM)

    step = run.steps.get(model="dw_flights")
    assert (step.state, step.code) == ("failed", "QUERY_FAILED")
    assert "secret-value" not in step.message


@pytest.mark.req("LAK-14")
def test_upstream_lineage_names_all_source_columns_and_jobs(pack: Path) -> None:
    run_models(pack, by=PLATFORM)

    up = lineage("svc_delay", "minutes", Direction.UP)

    assert {(e.source_table, e.source_column, e.target_table, e.transform, e.job) for e in up} == {
        ("dw_flights", "delay", "svc_delay", Transform.AGGREGATE, "svc_delay"),
        ("ods_flights", "delay", "dw_flights", Transform.DERIVED, "dw_flights"),
    }
    down = lineage("ods_airlines", "name", Direction.DOWN)
    assert {(e.target_table, e.target_column) for e in down} >= {
        ("dw_flights", "airline"),
        ("svc_flights", "airline"),
        ("svc_delay", "airline"),
    }


@pytest.mark.req("LAK-14")
def test_one_broken_job_flags_the_products_downstream_within_one_cycle(pack: Path) -> None:
    run_models(pack, by=PLATFORM)
    load({7: ("UA", "99999")}, hour=2)

    run_models(pack, by=PLATFORM)

    flags = broken()
    assert set(flags) == {"dw_flights", "svc_flights", "svc_delay"}
    assert "上游 dw_flights" in flags["svc_delay"]

    load({7: ("UA", "9")}, hour=3)
    run_models(pack, by=PLATFORM)

    assert broken() == {}


def test_a_broken_load_flags_everything_downstream_until_it_is_sound(pack: Path) -> None:
    run_models(pack, by=PLATFORM)

    flagged = mark_broken(FLIGHTS, reason="示例：来源无响应", by=PLATFORM)

    assert flagged == ["dw_flights", "ods_flights", "svc_delay", "svc_flights"]
    mark_sound(FLIGHTS, by=PLATFORM)
    assert broken() == {}


def test_a_model_whose_columns_change_changes_its_table(pack: Path) -> None:
    run_models(pack, by=PLATFORM)
    (pack / "a.sql").write_text(
        SVC.replace("id, airline, delay", "id, delay, carrier").lstrip(), "utf-8"
    )

    run_models(pack, by=PLATFORM)

    assert [row["carrier"] for row in served()] == ["UA", "AA"]
    assert store().schema(svc_ref("flights")).names == [
        "id", "delay", "_row_hash", "_seq", "_op", "carrier",
    ]  # fmt: skip


def test_only_somebody_with_the_right_runs_models(pack: Path, world) -> None:
    with pytest.raises(Rejected, match="NOT_PERMITTED"):
        run_models(pack, by=world.actor("consumer"))

    assert run_models(pack, by=world.actor("support")).ok


def test_a_model_may_read_the_moment_of_its_run_and_tells_it(pack: Path, at) -> None:
    """Cut to the day: within it a run over the same data is no other run."""
    text = SVC.replace("keys: id", "keys: id\n-- moment: day").replace(
        "delay FROM", "$moment AS day FROM"
    )
    (pack / "a.sql").write_text(text.lstrip(), "utf-8")
    run_models(pack, by=PLATFORM)
    at.instant += timedelta(hours=1)
    assert states(run_models(pack, by=PLATFORM))["svc_flights"] == "unchanged"
    at.instant += timedelta(hours=14)  # past midnight in Shanghai

    assert states(run_models(pack, by=PLATFORM))["svc_flights"] == "done"

    assert {row["day"] for row in served()} == {datetime(2026, 9, 25)}  # noqa: DTZ001  # wall clock
    current = store().current(svc_ref("flights"))
    assert current is not None
    assert current.summary["moment"] == "2026-09-25T00:00:00"


@pytest.mark.parametrize(
    ("code", "text"),
    {
        "LAYER_DIRECTION": SVC.replace("dw_flights", "ods_flights"),
        "STAR": DW.replace("f.id AS id,", "f.*,"),
        "NOT_REPEATABLE": SVC.replace("airline, delay", "airline, now() AS delay"),
        "SQL_NOT_SELECT": SVC.replace("SELECT id, airline, delay FROM", "DELETE FROM"),
        "MODEL_HEADER": SVC.replace("name: svc", "name: dw"),
        "LIBRARY": SVC.replace("service", "base"),
        "OWNER_MISSING": SVC.replace("-- owner: 990000-MH\n", ""),
        "KEY_UNKNOWN": SVC.replace("keys: id", "keys: code"),
        "COLUMN_UNNAMED": SVC.replace("airline, delay", "airline, delay + 1"),
        "COLUMN_RESERVED": SVC.replace("airline, delay", "airline, delay AS _seq"),
        "COLUMN_TWICE": SVC.replace("airline, delay", "airline, delay AS id"),
        "PARAMETER_UNKNOWN": SVC.replace("airline, delay", "airline, $moment AS delay"),
        "MODEL_CYCLE": DW.replace("FROM ods.ods_flights", "FROM dw_flights"),
    }.items(),
    ids=lambda value: value if len(value) < 20 else "",
)
def test_a_pack_with_a_wrong_model_is_refused_whole(pack: Path, code: str, text: str) -> None:
    (pack / ("a.sql" if "layer: svc" in text else "b.sql")).write_text(text.lstrip(), "utf-8")

    with pytest.raises(Rejected, match=code):
        run_models(pack, by=PLATFORM)

    assert not ModelRun.objects.exists()


@pytest.mark.parametrize(
    "reading",
    ["read_csv('/etc/passwd')", "'/etc/passwd'", "other.flights", "sqlite_master", "ods_flights",
     "svc_routes"],
)  # fmt: skip
@pytest.mark.req("LAK-01")
def test_a_service_table_straight_from_a_source_is_refused(
    pack: Path, tmp_path: Path, reading: str
) -> None:
    text = SVC.replace("FROM dw_flights", f"FROM {reading}")
    (pack / "a.sql").write_text(text.lstrip(), "utf-8")

    with pytest.raises(Rejected) as caught:
        run_models(pack, by=PLATFORM)

    problem = caught.value.problem
    assert problem.code == "LAYER_DIRECTION"
    assert "只能读取数仓层" in problem.next_step
    assert not store().exists(svc_ref("flights"))


def test_a_run_that_lost_the_race_begins_again_from_the_winner(pack: Path, monkeypatch) -> None:
    """Two runs at once: the sequence of the second follows that of the first."""
    run_models(pack, by=PLATFORM)
    load({1: ("UA", "9")}, hour=2)
    ref, overtaken = svc_ref("flights"), []
    plain = store().overwrite

    def overtake(target, data, **options):
        if target == ref and not overtaken:
            overtaken.append(True)
            sql = "SELECT * FROM t"
            with engine().relation(sql, tables={"t": ref}) as same:
                plain(ref, same, summary={"seq": "2", "model": "svc_flights"})
        return plain(target, data, **options)

    monkeypatch.setattr(store(), "overwrite", overtake)

    run = run_models(pack, by=PLATFORM)

    assert run.ok
    assert overtaken
    assert [(row["id"], row["_seq"], row["_op"]) for row in served()] == [(1, 3, "U"), (2, 1, "I")]
    assert store().orphans(older_than_seconds=0) == []
