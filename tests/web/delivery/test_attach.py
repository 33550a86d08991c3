"""Real readers of Iceberg attach to a running hub and see what is granted, nothing else."""

from typing import Any

import duckdb
import pytest
from pyiceberg.exceptions import ForbiddenError, NoSuchTableError, RESTError

from tests import factories_delivery as make
from tests.web.delivery import readers
from tests.web.delivery.test_copies_door import Hub
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.delivery.models import FileKey, TableCopy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lake")]
TABLE = "hub.shared.svc_example"


@pytest.fixture
def hub(world: World, live_server: Any) -> Hub:
    found = Hub(world)
    found.url = live_server.url
    found.warehouse = f"{found.grant.number}/{make.PURPOSE}"
    return found


def test_pyiceberg_and_duckdb_see_the_granted_and_lose_it_with_the_grant(hub: Hub) -> None:
    there = readers.catalogue(
        hub.url, hub.warehouse, credential=f"{hub.system.client_id}:{hub.secret}"
    )
    assert there.list_tables("shared") == [("shared", "svc_example")]
    table = there.load_table("shared.svc_example")
    rows = table.scan(row_filter="delay >= 10", selected_fields=("id", "phone")).to_arrow()
    assert {row["phone"] for row in rows.to_pylist()} == {"138****5678"}

    duck = readers.duck(hub.url, hub.warehouse, hub.token)
    asked = f"SELECT count(*), count(DISTINCT phone), min(origin), max(origin) FROM {TABLE}"
    assert duck.execute(asked).fetchall() == [(20, 1, "JFK", "LGA")]
    described = duck.execute(f"DESCRIBE {TABLE}").fetchall()
    assert [row[0] for row in described] == ["id", "name", "phone", "origin", "delay"]
    bounds = duck.execute(f"SELECT sum(id) FROM {TABLE} WHERE id BETWEEN 7 AND 12").fetchone()
    assert bounds == (sum(n for n in range(7, 13) if n % 3 != 2),)

    for nothing in ("hub.shared.svc_other", "hub.ods.ods_example", 'hub.shared."x\'; --"'):
        with pytest.raises(duckdb.Error):
            duck.execute(f"SELECT * FROM {nothing}")
    with pytest.raises(NoSuchTableError):
        there.load_table("shared.svc_other")
    with pytest.raises(duckdb.Error):
        duck.execute(f"INSERT INTO {TABLE} (id) VALUES (1)")
    assert TableCopy.objects.get().rows == 20
    assert sum(FileKey.objects.values_list("fetches", flat=True)) > 6
    loads = AuditEntry.objects.filter(action__endswith="tables/<str:table>", grant=hub.grant.number)
    assert set(loads.filter(outcome="done").values_list("purpose", "rows")) == {(make.PURPOSE, 20)}

    hub.revoke()
    with pytest.raises(ForbiddenError, match="GRANT_REVOKED"):
        there.load_table("shared.svc_example")
    with pytest.raises(OSError, match=r"(?i)access.denied|403|forbidden"):
        table.scan().to_arrow()  # the table was loaded before: its key opens nothing any more
    with pytest.raises(duckdb.Error):
        duck.execute(f"SELECT sum(delay) FROM {TABLE}").fetchall()


def test_nobody_attaches_without_a_token_or_to_anothers_grant(hub: Hub) -> None:
    theirs = hub.world.organisations["990000-WL"].pk
    other = make.grant(hub.world, consumer_id=theirs, source_reference="SX-9").number

    for warehouse, token in ((f"{other}/{make.PURPOSE}", hub.token), (hub.warehouse, "nonsense")):
        with pytest.raises(duckdb.Error):
            readers.duck(hub.url, warehouse, token).execute(f"SELECT * FROM {TABLE}")
        with pytest.raises(RESTError):
            readers.catalogue(hub.url, warehouse, token=token)
    assert not TableCopy.objects.exists()
