"""Upkeep of all tables: one that is harmed keeps no other waiting, and is told."""

from pathlib import Path

import pyarrow as pa
import pytest

from tongqu.kernel.actor import PLATFORM
from tongqu.lake.actions.upkeep import compact, expire
from tongqu.lake.public import ods_ref, store

pytestmark = pytest.mark.django_db


def test_a_harmed_table_keeps_no_other_from_its_upkeep(lake: Path, at, settings) -> None:
    settings.LAKE = {**settings.LAKE, "LEAST_FILES": 2}
    refs = [ods_ref("first"), ods_ref("second")]
    rows = pa.table({"n": [1, 2]})
    for ref in refs:
        store().ensure(ref, rows.schema)
        store().append(ref, rows)
        store().append(ref, rows)
    lost = store().plan(refs[0]).files[0]
    Path(str(lost).removeprefix("file://")).unlink()
    told: list[str] = []

    run = compact(by=PLATFORM, report=told.append)

    assert run.figures == {"before": 2, "after": 1, "postponed": 0, "failed": 1}
    assert run.state == "failed"
    assert any(refs[0].name in line and "未能完成" in line for line in told)
    assert len(store().plan(refs[1]).files) == 1
    assert expire(by=PLATFORM).state == "done"
