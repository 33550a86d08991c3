"""Interfaces and drop folders through the doors of ingest, against a real lake."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.contract_sources import COLUMNS, Row, SourceContract, count, stored
from tests.adapters.sources.http_server import Asked, Interface, Reply, running
from tests.world import World

from tongqu.ingest import public as ingest
from tongqu.ingest.actions.connections import Plan
from tongqu.ingest.models import Batch
from tongqu.ingest.vocabulary import FileOptions, Mode, PullState
from tongqu.security.models import SecurityEvent


@dataclass
class PagedInterface:
    """An interface of pages of fifty that wants a key."""

    site: Interface
    rows: list[Row] = field(default_factory=list)
    connector: str = "http"
    what: str = "/roads"
    settings: Mapping[str, Any] = field(
        default_factory=lambda: {"auth": "header", "key_name": "X-Key", "per_second": 10_000}
    )
    secrets: Mapping[str, str] = field(default_factory=lambda: {"secret": "right-key"})
    wrong_secrets: Mapping[str, str] | None = field(
        default_factory=lambda: {"secret": "never-told"}
    )
    mode: Mode = Mode.FULL
    options: Mapping[str, Any] = field(
        default_factory=lambda: {
            "paging": "page", "page_param": "p", "records": "items", "total_path": "total",
        }
    )  # fmt: skip
    keeps_empty: bool = True
    title: str = ""

    @property
    def address(self) -> str:
        return self.site.address

    def fill(self, rows: Sequence[Row]) -> None:
        self.rows += rows

    def drift(self) -> None:
        self.rows = [{**row, "lanes": 4} for row in self.rows] + [
            {"id": 999, "name": "新", "km": 1.0, "lanes": 2}
        ]

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("X-Key") != "right-key":
            return Reply(status=401)
        page = int(asked.query.get("p", 1))
        items = self.rows[(page - 1) * 50 : page * 50]
        return Reply({"title": self.title, "total": len(self.rows), "items": items})


@pytest.fixture(scope="module")
def server() -> Iterator[Interface]:
    with running() as interface:
        yield interface


@pytest.fixture
def supply(server: Interface, settings) -> PagedInterface:
    settings.SCAN_ALLOWED = ("127.0.0.1",)
    found = PagedInterface(server)
    server.answer = found.answer
    return found


class TestInterface(SourceContract):
    @pytest.mark.req("GEN-05")
    def test_a_marked_page_is_kept_out_whole(
        self, world: World, source: str, supply: PagedInterface
    ) -> None:
        supply.title = "机密★10年 路网数据"
        supply.fill([{"id": 1, "name": "甲", "km": 1.0}])

        run = self.pull(world, source)

        assert (run.state, run.code) == (PullState.FAILED, "SECRECY_MARK")
        assert count() == 0
        assert SecurityEvent.objects.get().kind == "secrecy_mark"


def drop(world: World, folder: Path, **options: object) -> str:
    by = world.actor("cataloguer")
    provider_id = world.organisations["990000-MH"].pk
    ingest.register_connection(
        code="drop", name="示例文件夹", connector="folder", address=str(folder),
        provider_id=provider_id, by=by, settings={}, secrets={},
    )  # fmt: skip
    ingest.register_source(
        code="roads", name="示例路网", provider_id=provider_id, by=by, columns=COLUMNS,
        options=FileOptions(**options),
    )  # fmt: skip
    ingest.plan_pull("roads", Plan("drop", mode=Mode.FULL, settings={"stable_seconds": 0}), by=by)
    return "roads"


def lay(folder: Path, name: str, text: str, *, at: int) -> None:
    (folder / name).write_text(text, "utf-8")
    os.utime(folder / name, (at, at))


def test_files_dropped_are_loaded_in_order_and_a_bad_one_holds_up_nobody(
    world: World, lake: Path, tmp_path: Path, settings
) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    settings.SCAN_ALLOWED = (str(tmp_path),)
    source, by = drop(world, folder, delimiter=";"), world.actor("cataloguer")
    lay(folder, "a.csv", "id;name;km\n1;甲;1,5\n2;乙;2.5\n", at=1_000)
    lay(folder, "b.csv", "id;other\n3;x\n", at=2_000)  # another structure
    lay(folder, "c.csv", "id;name;km\n4;丁;4\n", at=3_000)
    lay(folder, "d.csv.part", "id;name;km\n5;戊", at=4_000)

    first = ingest.pull(source, by=by)

    assert first.state == PullState.DONE
    assert [b.code for b in Batch.objects.order_by("pk")] == ["", "SCHEMA_DRIFT", ""]
    assert stored("id, name") == [(2, "乙"), (4, "丁")]  # 1,5 is no number here
    assert ingest.pull(source, by=by).pieces == 0  # what was taken is not taken again
    lay(folder, "c-again.csv", "id;name;km\n4;丁;4\n", at=5_000)
    again = ingest.pull(source, by=by)
    assert (again.received, again.stored, again.duplicate) == (1, 0, 1)


def test_a_pulled_interface_is_placed_like_a_file(
    world: World, lake: Path, supply: PagedInterface
) -> None:
    by, provider_id = world.actor("cataloguer"), world.organisations["990000-MH"].pk
    ingest.register_connection(
        code="there", name="示例", connector="http", address=supply.address, by=by,
        provider_id=provider_id, settings=supply.settings, secrets=supply.secrets,
    )  # fmt: skip
    columns = ingest.parse_columns([{"name": "lng", "data_type": "decimal"},
                                    {"name": "lat", "data_type": "decimal"}])  # fmt: skip
    ingest.register_source(
        code="roads", name="示例", provider_id=provider_id, by=by, columns=columns,
        options=FileOptions(crs="GCJ-02", x="lng", y="lat"),
    )  # fmt: skip
    ingest.plan_pull("roads", Plan("there", what="/roads", settings=supply.options), by=by)
    supply.fill([{"lng": 115.896946, "lat": 28.673131}])

    run = ingest.pull("roads", by=by)

    assert run.stored == 1, run
    ((lon, lat),) = stored("lon_cgcs2000, lat_cgcs2000")
    assert abs(lon - 115.8921) < 1e-6
    assert abs(lat - 28.6765) < 1e-6
