"""Real readers of Iceberg attach to a running hub and see what is granted, nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from django.db import connections
from pyiceberg.exceptions import ForbiddenError, NoSuchTableError, RESTError

from tests import factories_delivery as make
from tests.engines.conftest import SERVE
from tests.web.delivery import readers
from tests.web.delivery.test_copies_door import Hub
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.delivery.models import FileKey, TableCopy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lake")]
TABLE = "hub.shared.svc_example"


@pytest.fixture
def hub(world: World, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub that is served, with one grant.

    A reader keeps its connection, so a thread of the server stays: it must give its session
    with the database back behind each request, or the tests' database cannot be dropped.
    """
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
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


@pytest.fixture
def sail(hub: Hub) -> Iterator[Any]:
    """A Spark session on Sail with the warehouse as catalogue ``hub``.

    Sail does not use the keys that a load brings: it is given those of one load beforehand.
    """
    pytest.importorskip("pysail")
    from tongqu.adapters.engines import spark

    keys = hub.load().json()["config"]
    there = f'uri="{hub.url}/iceberg", warehouse="{hub.warehouse}"'
    environment = os.environ | {
        "SAIL_CATALOG__LIST": (
            f'[{{type="iceberg-rest", name="hub", {there}, bearer_access_token="{hub.token}"}}]'
        ),
        "SAIL_CATALOG__DEFAULT_CATALOG": '"hub"',
        "SAIL_CATALOG__DEFAULT_DATABASE": '["shared"]',
        "AWS_ACCESS_KEY_ID": keys["s3.access-key-id"],
        "AWS_SECRET_ACCESS_KEY": keys["s3.secret-access-key"],
        "AWS_ENDPOINT": hub.url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
    }
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        assert server.stdout is not None
        try:
            session = spark.connect(f"sc://127.0.0.1:{int(server.stdout.readline())}")
            yield session
            session.stop()
        finally:
            server.kill()  # whatever went wrong, nobody waits for its farewell


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")
def test_sail_sees_the_granted_and_loses_it_with_the_grant(hub: Hub, sail: Any) -> None:
    listed = [row.tableName for row in sail.sql("SHOW TABLES IN hub.shared").collect()]
    assert listed == ["svc_example"]
    asked = f"SELECT count(*) AS n, min(phone) AS phone, max(origin) AS origin FROM {TABLE}"
    assert sail.sql(asked).collect() == [(20, "138****5678", "LGA")]

    hub.revoke()
    with pytest.raises(Exception, match=r".+"):  # Sail's own, whatever it is called
        sail.sql(f"SELECT sum(delay) FROM {TABLE}").collect()
