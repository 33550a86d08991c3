"""Pages of the ledger and of supervision stay within twenty statements, whatever the size."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories_catalog import published_entry
from tests.factories_ledger import four_parties, second_city
from tests.factories_sharing import filed
from tests.world import World
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import DataType, ScannedColumn, ScannedTable
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.clock import FixedClock
from tongqu.ledger import public as ledger
from tongqu.ledger.actions.merges import open_merge
from tongqu.ledger.vocabulary import Party
from tongqu.supervision.actions.gates import check_receipts
from tongqu.supervision.public import attach_entry, register
from tongqu.supervision.vocabulary import Gate

MOST = 20
PAGES = (
    "/stats/", "/manage/surveys/", "/manage/merges/", "/manage/batches/", "/manage/coverage/",
    "/manage/crossings/", "/manage/ledger/", "/manage/ledger/resources/", "/manage/flow/",
    "/sup/projects/", "/sup/rectifications/", "/sys/pilots/", "/api/v1/supervision/projects",
    "/api/v1/supervision/projects/XM-0000/gate/acceptance", "/sup/projects/XM-0000/",
    "/api/v1/ledger/merges", "/api/v1/ledger/batches", "/manage/receipts/",
)  # fmt: skip


@pytest.fixture
def filled(world: World, at: FixedClock) -> None:
    columns = (ScannedColumn("c", 1, "int", DataType.INTEGER),)
    for n in range(25):
        entry = published_entry(world, name=f"示例{n}")
        filed(world, entry)
        register(code=f"XM-{n:04}", name=f"示例项目{n}", organisation_code="990000-MH",
                 system_name="示例", by=world.actor("cataloguer"))  # fmt: skip
        catalog.mark_connected(entry.code, rows=1, at=at.now(), by=PLATFORM)
        receipt = catalog.issue_receipt(entry.code, by=world.actor("cataloguer"))
        attach_entry("XM-0000", entry.code, by=world.actor("cataloguer"))
        check_receipts("XM-0000", Gate.ACCEPTANCE, [receipt.number], by=world.actor("managing"))
    other = second_city(world)
    parties = four_parties(world)
    for n in range(5):
        codes = [published_entry(world, name=f"示例{n}", owner=owner).code
                 for owner in (world.organisations["990100"], other)]  # fmt: skip
        open_merge(codes, name=f"示例融合{n}", year=2026, owner_code="990000-MH",
                   by=world.actor("managing"))  # fmt: skip
        made = ledger.compile_batch(title=f"示例清单{n}", by=world.actor("managing"),
                                    parties={Party(k): v for k, v in parties.items()})  # fmt: skip
        ledger.set_rows(made.number, codes, by=world.actor("managing"))
    tables = [ScannedTable("public", f"t{n}", columns) for n in range(60)]
    ledger.keep_scan("示例库", tables, owner_id=None, by=PLATFORM)
    ledger.compile_ledger()


def test_every_page_stays_within_twenty_statements(filled: None, browser_of: Any) -> None:
    client = browser_of("managing")
    for page in PAGES:
        client.get(page)

        with CaptureQueriesContext(connection) as seen:
            answer = client.get(page)

        assert answer.status_code == 200, page
        sql = [q["sql"] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
        assert len(sql) <= MOST, "\n".join([page, *(q[:140] for q in sql)])
