"""A table's page shows rows to its own unit, masked, at a snapshot of choice; tags and keepers."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests import factories_delivery as make
from tests.world import World
from tongqu.audit.models import AuditEntry
from tongqu.catalog.vocabulary import Manner
from tongqu.delivery.actions.download import ask_download, clear_downloads, prepare_download
from tongqu.delivery.domain.gate import Call
from tongqu.delivery.models import Download
from tongqu.delivery.vocabulary import FileFormat
from tongqu.kernel import jobs
from tongqu.kernel.actor import PLATFORM
from tongqu.lake.actions.edges import keep_edges
from tongqu.lake.actions.upkeep import expire
from tongqu.lake.models import LakeTable
from tongqu.lake.public import ods_ref, store, svc_ref
from tongqu.lake.vocabulary import Edge, Transform

pytestmark = pytest.mark.django_db
PAGE = "/manage/lake/svc_example/"
TABLE = svc_ref("svc_example")


@pytest.fixture
def served(world: World, lake: Path, at) -> World:
    make.served_table(rows=make.ROWS[:2])
    make.served_table(rows=make.ROWS[2:5], seq=2)
    make.served_entry(world)
    return world


@pytest.fixture
def old(served: World) -> int:
    return store().snapshots(TABLE)[0].id


def test_the_unit_sees_its_rows_masked_and_can_go_back_in_time(served, old, browser_of) -> None:
    page = browser_of("provider").get(PAGE).content.decode()
    assert "数据预览" in page
    assert "示例·03" in page
    assert "138****5678" in page
    assert "示例·01" not in page
    for never in ("13800035678", "示例街 3 号", "11010119900101"):
        assert never not in page

    past = browser_of("provider").get(PAGE, {"snapshot": old}).content.decode()
    assert "示例·01" in past
    assert "示例·03" not in past
    seen = AuditEntry.objects.filter(action__contains="manage/lake/<str:name>").latest("pk")
    assert (seen.subject, seen.rows) == ("svc_example", 2)
    assert seen.details["snapshot"] == str(old)
    assert browser_of("provider").get(PAGE, {"snapshot": "7"}).status_code == 422

    others = browser_of("supervisor").get(PAGE)
    assert others.status_code == 200
    assert "数据预览" not in others.content.decode()


def test_a_source_column_is_clear_only_where_an_item_taken_from_it_is(served, browser_of) -> None:
    import pyarrow as pa

    names = ("phone", "origin", "ungraded", "only_counted")
    table = pa.table({name: [f"{name}-value-of-row"] for name in names})
    ref = ods_ref("people")
    store().ensure(ref, table.schema)
    store().append(ref, table)
    LakeTable.objects.create(name=ref.name, owner="990000-MH", updated_at="2026-09-24T00:00Z")
    edges = [
        Edge(ref.name, "phone", "svc_example", "phone", Transform.DIRECT, "示例"),
        Edge(ref.name, "phone", "svc_example", "origin", Transform.DERIVED, "示例"),
        Edge(ref.name, "origin", "svc_example", "origin", Transform.DIRECT, "示例"),
        Edge(ref.name, "only_counted", "svc_example", "delay", Transform.AGGREGATE, "示例"),
    ]
    keep_edges(edges, job="示例")

    page = browser_of("provider").get("/manage/lake/ods_people/").content.decode()

    shown = [name for name in names if f"{name}-value-of-row" in page]
    assert shown == ["origin"]


def test_a_published_version_and_a_delivered_snapshot_are_tagged_and_kept(
    served, browser_of, at
) -> None:
    assert jobs.run("lake.tag_published") == 1
    assert jobs.run("lake.tag_published") == 0
    published = store().current(TABLE).id
    assert store().tags(TABLE) == {"v1.0": published}
    make.served_table(rows=make.ROWS[:4], seq=3)
    delivered = store().current(TABLE).id
    given = make.grant(served)
    call = Call(Manner.DOWNLOAD, make.PURPOSE)
    asked = ask_download(
        given.number, call, by=served.actor("consumer"), file_format=FileFormat.PARQUET
    )
    prepare_download(str(asked.key))
    assert Download.objects.get().snapshot_id == delivered
    (tag,) = {name for name, found in store().tags(TABLE).items() if found == delivered}
    assert tag.startswith(given.number)
    assert tag in browser_of("provider").get(PAGE).content.decode()

    store().untag(TABLE, tag)  # the keeper alone holds it too
    make.served_table(rows=make.ROWS[:3], seq=4)
    at.instant += timedelta(days=40)
    Download.objects.update(expires_at=at.instant + timedelta(days=1))
    expire([TABLE], by=PLATFORM)
    newest = store().current(TABLE).id
    assert {found.id for found in store().snapshots(TABLE)} == {published, delivered, newest}

    at.instant += timedelta(days=2)
    assert clear_downloads() == 1
    expire([TABLE], by=PLATFORM)
    assert {found.id for found in store().snapshots(TABLE)} == {published, newest}
