"""Pages of the ledger and of supervision stay within twenty statements, whatever the size."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories_catalog import published_entry
from tests.factories_sharing import filed
from tests.world import World
from tongqu.catalog.vocabulary import DataType, ScannedColumn, ScannedTable
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.clock import FixedClock
from tongqu.ledger import public as ledger
from tongqu.supervision.public import register

MOST = 20
PAGES = (
    "/stats/", "/manage/surveys/", "/manage/merges/", "/manage/batches/", "/manage/coverage/",
    "/manage/crossings/", "/manage/ledger/", "/manage/ledger/resources/", "/manage/flow/",
    "/sup/projects/", "/sup/rectifications/", "/sys/pilots/",
)  # fmt: skip


@pytest.fixture
def filled(world: World, at: FixedClock) -> None:
    columns = (ScannedColumn("c", 1, "int", DataType.INTEGER),)
    for n in range(25):
        entry = published_entry(world, name=f"示例{n}")
        filed(world, entry)
        register(code=f"XM-{n:04}", name=f"示例项目{n}", organisation_code="990000-MH",
                 system_name="示例", by=world.actor("cataloguer"))  # fmt: skip
    tables = [ScannedTable("public", f"t{n}", columns) for n in range(60)]
    ledger.keep_scan("示例库", tables, owner_id=None, by=PLATFORM)
    ledger.compile_ledger()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stays_within_twenty_statements(filled: None, browser_of: Any, page: str) -> None:
    client = browser_of("managing")
    client.get(page)

    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(page)

    assert answer.status_code == 200
    queries = [q["sql"] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    assert len(queries) <= MOST, "\n".join(q[:140] for q in queries)
