"""Drop folder, SFTP and S3 hold the contract of sources, as far as it speaks of files."""

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.contract_sources import Row, SourceContract, count, rows_of
from tests.adapters.sources.test_places import Place, _folder, _s3, _sftp, servers
from tests.adapters.sources.test_streams import plugged

from tongqu.identity.models import Message
from tongqu.ingest import public as ingest
from tongqu.ingest.models import Batch
from tongqu.ingest.vocabulary import BatchState, Mode, PullState

NUMBERS = itertools.count()
__all__ = ["servers"]


@dataclass
class FileSupply:
    """Rows as a department delivers them: a hundred to a file."""

    connector: str
    place: Place
    wrong_secrets: Mapping[str, str] | None
    what: str = "in"
    mode: Mode = Mode.FULL
    keeps_empty: bool = False
    options: Mapping[str, Any] = field(default_factory=lambda: {"stable_seconds": 0})

    @property
    def address(self) -> str:
        return self.place.connection.address

    @property
    def settings(self) -> Mapping[str, Any]:
        return self.place.connection.settings

    @property
    def secrets(self) -> Mapping[str, str]:
        return self.place.connection.secrets

    def fill(self, rows: Sequence[Row]) -> None:
        for start in range(0, len(rows), 100):
            self._put(rows[start : start + 100], ("id", "name", "km"))

    def drift(self) -> None:
        self._put([{"id": 10, "name": "x", "km": 1, "lanes": 4}], ("id", "name", "km", "lanes"))

    def _put(self, rows: Sequence[Row], names: Sequence[str]) -> None:
        out = io.StringIO()
        writer = csv.DictWriter(out, names)
        writer.writeheader()
        writer.writerows(rows)
        self.place.put(f"{next(NUMBERS):06}.csv", out.getvalue().encode())


class TestPlaces(SourceContract):
    @pytest.fixture(params=["folder", "sftp", "s3"])
    def supply(
        self, request: pytest.FixtureRequest, servers: dict[str, Any], tmp_path: Path
    ) -> Iterator[FileSupply]:
        made: dict[str, Callable[[], Place]] = {
            "folder": lambda: _folder(tmp_path / "drop"),
            "sftp": lambda: _sftp(servers),
            "s3": lambda: _s3(servers, tmp_path),
        }
        found = made[request.param]()
        # A folder has no credentials; the S3 of these tests believes every signature.
        wrong = {"secret": "示例-错误"} if request.param == "sftp" else None
        with plugged(request.param, lambda: found.puller):
            yield FileSupply(request.param, found, wrong)

    def test_a_file_over_the_limit_is_told_on_the_page_and_holds_nobody_up(
        self, world: Any, source: str, supply: Any, browser_of: Any
    ) -> None:
        if supply.connector != "folder":
            pytest.skip("what is told does not depend on the place")
        limits = {**supply.options, "max_megabytes": 1}
        by = world.actor("cataloguer")
        ingest.plan_pull(source, self.plan(supply, settings=limits), by=by)
        supply.place.put("000.csv", b"id,name,km\n" + b"1,x,1\n" * 200_000)
        supply.fill(rows_of(0, 100))

        runs = [self.pull(world, source) for _ in range(2)]

        assert [(run.state, run.stored) for run in runs] == [
            (PullState.DONE, 100), (PullState.DONE, 0)
        ]  # fmt: skip
        page = browser_of("cataloguer").get(f"/manage/ingest/{source}/").content.decode()
        assert "文件 000.csv 有 1 MB，超过单个文件上限 1 MB" in page
        assert Message.objects.filter(kind="接入提示").count() == 1

    def test_nothing_zero_length_and_chinese_arrive_as_they_were(
        self, world: Any, source: str, supply: Any
    ) -> None:
        pytest.skip("a delivered file is mended as its columns say: see test_file_connector")

    def test_a_new_structure_stops_the_gate_and_keeps_the_last_good_rows(
        self, world: Any, source: str, supply: Any
    ) -> None:
        """The file is sent back; those behind it are not held up."""
        supply.fill([{"id": n, "name": "a", "km": 1} for n in range(10)])
        self.pull(world, source)
        supply.drift()
        supply.fill([{"id": 11, "name": "a", "km": 1}])

        run = self.pull(world, source)

        assert (run.state, run.stored, count()) == (PullState.DONE, 1, 11)
        (back,) = Batch.objects.filter(state=BatchState.QUARANTINED)
        assert back.code == "SCHEMA_DRIFT"
