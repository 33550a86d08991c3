"""Declared checks act while data comes in: apart under their code, or stored and counted."""

from datetime import timedelta

import pytest

from tests.db.ingest.conftest import COLUMNS, rows
from tests.factories_standards import code_table
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest import public as ingest
from tongqu.ingest.models import Batch
from tongqu.ingest.vocabulary import BatchState, ColumnSpec, FileOptions
from tongqu.kernel.problems import Rejected
from tongqu.standards.vocabulary import Effect

SHORT = {
    "code": "ROAD-SHORT", "title": "里程应为正数", "kind": "range", "columns": ["length_km"],
    "min": 0.1, "remedy": "核对里程",
}  # fmt: skip
LONG = {
    "code": "ROAD-LONG", "title": "里程超过 1000 公里的请核对", "kind": "range",
    "columns": ["length_km"], "max": 1000, "effect": "warn", "remedy": "核对后如有误请更正",
}  # fmt: skip
NAMED = {
    "code": "ROAD-NAME", "title": "短路线须有名称", "kind": "expression",
    "sql": "length_km > 10 OR name IS NOT NULL",
}  # fmt: skip


def checks(*documents):
    return ingest.parse_checks(documents, where="roads")


def test_a_check_keeps_wrong_rows_apart_under_its_own_code(register, deliver, at) -> None:
    register(checks=checks(SHORT, LONG, NAMED))

    batch = deliver("id,name,length_km\n1,甲,5\n2,乙,-3\n3,丙,2000\n4,,5\n5,,50\nx,丁,-1\n")

    assert (batch.received, batch.stored, batch.rejected) == (6, 3, 3)
    assert batch.reasons == {"ROAD-NAME": 1, "ROAD-SHORT": 1, "TYPE_MISMATCH": 1}
    assert batch.warnings == {"ROAD-LONG": 1}
    assert {(f.code, f.title, f.remedy, f.effect, f.rows) for f in batch.findings} >= {
        ("ROAD-SHORT", "里程应为正数", "核对里程", Effect.REJECT, 1),
        ("ROAD-LONG", "里程超过 1000 公里的请核对", "核对后如有误请更正", Effect.WARN, 1),
    }
    kept = rows("quarantine_roads", 'line, rule, "column", reason', "line")
    assert kept[0] == (3, "ROAD-SHORT", "length_km", "里程应为正数")


def test_a_warning_counts_stored_rows_alone(register, deliver, at) -> None:
    register(checks=checks(LONG))
    deliver("id,name,length_km\n1,甲,5000\n")

    again = deliver("id,name,length_km\n1,甲,5000\n2,乙,6000\n", "more.csv")

    assert (again.stored, again.duplicate) == (1, 1)
    assert again.warnings == {"ROAD-LONG": 1}


def test_the_rejected_rows_come_with_the_remedy_of_the_check(register, deliver, world, at) -> None:
    register(checks=checks(SHORT))
    batch = deliver("id,name,length_km\n1,甲,-5\n")

    path = ingest.rejected(batch.number, by=world.actor("cataloguer"))

    assert "2,ROAD-SHORT,里程应为正数,核对里程," in path.read_text("utf-8-sig")


def test_rows_of_one_key_that_differ_are_all_kept_apart(register, deliver, at) -> None:
    register(options=FileOptions(unique_keys=True))

    batch = deliver("id,name,length_km\n1,甲,5\n1,乙,5\n2,丙,5\n2,丙,5\n3,丁,5\n")
    later = deliver("id,name,length_km\n3,戊,5\n", "later.csv")  # another day's state of a key

    assert (batch.stored, batch.duplicate, batch.reasons) == (2, 1, {"KEY_TWICE": 2})
    assert later.stored == 1


def test_a_check_of_an_unknown_column_stops_the_registration(register, at) -> None:
    with pytest.raises(Rejected) as refused:
        register(checks=checks({**SHORT, "columns": ["lenght_km"]}))

    assert refused.value.problem.code == "CHECK_WRONG"
    assert "lenght_km" in refused.value.problem.title


def test_a_check_of_an_unknown_code_table_stops_the_registration(register, at) -> None:
    unknown = {"code": "R-X", "title": "颜色", "kind": "codes", "columns": ["name"], "table": "X"}

    with pytest.raises(Rejected) as refused:
        register(checks=checks(unknown))

    assert refused.value.problem.code == "CHECK_WRONG"


def test_a_new_version_of_a_code_table_acts_on_the_next_batch(register, deliver, at) -> None:
    national, provincial = {"code": "G", "label": "国道"}, {"code": "S", "label": "省道"}
    code_table(name="CT-ROAD", version="1", codes=[national])
    register(columns=(COLUMNS[0], ColumnSpec("kind", code_table="CT-ROAD")))
    first = deliver("id,kind\n1,G\n2,S\n")
    code_table(name="CT-ROAD", version="2", codes=[national, provincial], valid_from="2026-09-24")

    second = deliver("id,kind\n1,G\n2,S\n", "again.csv")

    assert (first.stored, first.reasons, first.tables) == (1, {"NOT_IN_CODES": 1}, {"CT-ROAD": "1"})
    assert (second.stored, second.duplicate, second.tables) == (1, 1, {"CT-ROAD": "2"})


def test_rows_that_lay_in_the_future_are_judged_again(register, deliver, at) -> None:
    late = {
        "code": "R-TIME", "title": "不晚于当前时间", "kind": "not_future", "columns": ["seen_at"],
        "seconds": 60,
    }  # fmt: skip
    register(columns=(COLUMNS[0], ColumnSpec("seen_at", DataType.DATETIME)), checks=checks(late))
    text = "id,seen_at\n1,2026-09-24 09:00:59\n2,2026-09-24 09:02:00\n"
    first = deliver(text)  # it is nine o'clock in Shanghai

    at.instant += timedelta(minutes=5)
    second = deliver(text, "again.csv")

    assert (first.stored, first.reasons) == (1, {"R-TIME": 1})
    assert (second.stored, second.duplicate, second.rejected) == (1, 1, 0)


def test_an_instant_with_offset_is_judged_as_the_same_moment(register, deliver, at) -> None:
    late = {"code": "R-TIME", "title": "不晚于当前", "kind": "not_future", "columns": ["seen_at"]}
    zoned = ColumnSpec("seen_at", DataType.DATETIME, zoned=True)
    register(columns=(COLUMNS[0], zoned), checks=checks(late))

    batch = deliver("id,seen_at\n1,2026-09-24T00:59:00Z\n2,2026-09-24T01:01:00Z\n")

    assert (batch.stored, batch.reasons) == (1, {"R-TIME": 1})


def test_a_resumed_load_judges_by_the_moment_of_its_opening(register, world, write, at) -> None:
    from tongqu.ingest.actions import load as loading

    late = {"code": "R-TIME", "title": "不晚于当前", "kind": "not_future", "columns": ["seen_at"]}
    source = register(
        columns=(COLUMNS[0], ColumnSpec("seen_at", DataType.DATETIME)), checks=checks(late)
    )
    path = write("id,seen_at\n1,2026-09-24 09:01:00\n")
    by = world.actor("cataloguer")
    left = loading._open(  # a crash right after opening
        ingest.queries.source_of(source.code), path, path.name, by=by, is_upload=False
    )
    at.instant += timedelta(hours=1)

    ingest.recover(by=by)

    batch = Batch.objects.get(pk=left.pk)
    assert (batch.state, batch.reasons) == (BatchState.CLOSED, {"R-TIME": 1})
