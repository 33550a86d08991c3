"""What every puller must hold, whatever it pulls from: subclass ``SourceContract``.

A subclass gives fixtures ``supply`` (a ``Supply``: a source that the test may fill, change and
break) and inherits the tests. They go through the doors of ingest, against a real lake. A check
that a connector cannot meet is overridden with a skip that says why.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.world import World
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest import public as ingest
from tongqu.ingest.actions import load
from tongqu.ingest.actions.connections import Plan
from tongqu.ingest.models import Batch, Source
from tongqu.ingest.vocabulary import BatchState, ColumnSpec, Mode, PullState, RunView
from tongqu.kernel.problems import Rejected

Row = Mapping[str, Any]
# Three columns, so that any form can carry them: a key, a text, a number.
COLUMNS = (
    ColumnSpec("id", DataType.INTEGER, is_key=True, nullable=False, fixes=()),
    ColumnSpec("name", fixes=()),
    ColumnSpec("km", DataType.DECIMAL, fixes=()),
)


def rows_of(start: int, stop: int) -> list[Row]:
    return [{"id": n, "name": f"路{n}", "km": n + 0.5} for n in range(start, stop)]


class Supply(Protocol):
    """A source under the test's hand."""

    connector: str  # the name it is plugged in under
    address: str
    what: str
    settings: Mapping[str, Any]  # of the connection
    secrets: Mapping[str, str]
    wrong_secrets: Mapping[str, str] | None  # None: the form knows no credentials
    mode: Mode  # in which additions are seen
    options: Mapping[str, Any]  # settings of the pull
    keeps_empty: bool  # tells a zero-length text from none

    def fill(self, rows: Sequence[Row]) -> None:
        """Add rows to what there is."""
        ...

    def drift(self) -> None:
        """Add a column that nobody agreed on, with a row that has it."""
        ...


class Cut(BaseException):
    """A kill, as far as one process can play it: nothing may catch it."""


class SourceContract:
    @pytest.fixture
    def source(self, world: World, lake: Path, supply: Supply) -> str:
        """A registered source with pieces of 100 rows; gives its code."""
        by = world.actor("cataloguer")
        provider_id = world.organisations["990000-MH"].pk
        ingest.register_connection(
            code="there", name="示例连接", connector=supply.connector, address=supply.address,
            provider_id=provider_id, by=by, settings=supply.settings, secrets=supply.secrets,
        )  # fmt: skip
        ingest.register_source(
            code="roads", name="示例路网", provider_id=provider_id, by=by, columns=COLUMNS
        )
        ingest.plan_pull("roads", self.plan(supply), by=by)
        return "roads"

    def plan(self, supply: Supply, **given: Any) -> Plan:
        facts: dict[str, Any] = {
            "connection": "there", "what": supply.what, "mode": supply.mode, "key": ("id",),
            "piece_rows": 100, "settings": supply.options,
        }  # fmt: skip
        return Plan(**{**facts, **given})

    def pull(self, world: World, source: str) -> RunView:
        return ingest.pull(source, by=world.actor("cataloguer"))

    def test_all_rows_come_once_and_the_counts_agree(
        self, world: World, source: str, supply: Supply
    ) -> None:
        supply.fill(rows_of(0, 400))

        run = self.pull(world, source)

        assert (run.state, run.received, run.stored) == (PullState.DONE, 400, 400), run
        assert (count(), distinct()) == (400, 400)
        again = self.pull(world, source)
        assert again.stored == 0
        assert (count(), distinct()) == (400, 400)

    def test_what_is_added_later_is_fetched(
        self, world: World, source: str, supply: Supply
    ) -> None:
        supply.fill(rows_of(0, 150))
        self.pull(world, source)
        supply.fill(rows_of(150, 300))

        run = self.pull(world, source)

        assert run.stored == 150
        assert (count(), distinct()) == (300, 300)

    def test_an_empty_source_is_a_run_without_rows(self, world: World, source: str) -> None:
        run = self.pull(world, source)

        assert (run.state, run.received) == (PullState.DONE, 0)

    def test_nothing_zero_length_and_chinese_arrive_as_they_were(
        self, world: World, source: str, supply: Supply
    ) -> None:
        supply.fill([
            {"id": 1, "name": None, "km": None}, {"id": 2, "name": "", "km": 0.1},
            {"id": 3, "name": "  赣A·12345，“𠮷” ", "km": 1e-7},
        ])  # fmt: skip

        self.pull(world, source)

        empty = "" if supply.keeps_empty else None
        assert stored("id, name, km") == [
            (1, None, None), (2, empty, 0.1), (3, "  赣A·12345，“𠮷” ", 1e-7)
        ]  # fmt: skip

    def test_a_cut_before_a_batch_is_closed_loses_and_doubles_nothing(
        self, world: World, source: str, supply: Supply, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        supply.fill(rows_of(0, 400))
        cut(monkeypatch, after=2)

        with pytest.raises(Cut):
            self.pull(world, source)
        monkeypatch.undo()
        held = Source.objects.get(code=source).cursor
        run = self.pull(world, source)

        assert (run.state, run.received, run.stored) == (PullState.DONE, 400, 400), run
        assert (count(), distinct()) == (400, 400)
        assert run.attempt == 2
        assert run.resumed_from
        assert any(line["step"] == "resumed" for line in run.log)
        assert held is not None or supply.mode is Mode.FULL
        assert not Batch.objects.filter(state=BatchState.OPEN).exists()

    def test_wrong_credentials_are_told_without_the_secret(
        self, world: World, source: str, supply: Supply
    ) -> None:
        if supply.wrong_secrets is None:
            pytest.skip("this form has no credentials")
        supply.fill(rows_of(0, 3))
        ingest.register_connection(
            code="there", name="示例连接", connector=supply.connector, address=supply.address,
            provider_id=world.organisations["990000-MH"].pk, by=world.actor("cataloguer"),
            settings=supply.settings, secrets=supply.wrong_secrets,
        )  # fmt: skip

        run = self.pull(world, source)

        assert run.state == PullState.FAILED
        assert run.code == "CREDENTIALS_WRONG"
        told = f"{run.note}{run.log}"
        assert not any(secret in told for secret in supply.wrong_secrets.values())

    def test_a_new_structure_stops_the_gate_and_keeps_the_last_good_rows(
        self, world: World, source: str, supply: Supply
    ) -> None:
        supply.fill(rows_of(0, 10))
        self.pull(world, source)
        supply.drift()

        run = self.pull(world, source)

        assert (run.state, run.code) == (PullState.FAILED, "SCHEMA_DRIFT"), run
        assert count() == 10

    def test_a_source_without_a_connection_is_refused(self, world: World, source: str) -> None:
        Source.objects.update(connection=None)

        with pytest.raises(Rejected, match="NOT_PULLED"):
            self.pull(world, source)


def cut(monkeypatch: pytest.MonkeyPatch, *, after: int) -> None:
    """Break off after some pieces, when the rows of the next are stored and its batch is open."""
    close, seen = load.settle.close, [0]

    def closing(*args: Any, **kwargs: Any) -> None:
        seen[0] += 1
        if seen[0] > after:
            raise Cut
        close(*args, **kwargs)

    monkeypatch.setattr(load.settle, "close", closing)


def stored(columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    from tongqu.lake import public as lake

    ref = lake.ods_ref("ods_roads")
    if not lake.store().exists(ref) or lake.store().current(ref) is None:
        return []
    query = f"SELECT {columns} FROM t WHERE {where} ORDER BY 1"
    table = lake.engine().relation(query, tables={"t": ref}).arrow()
    return [tuple(row.values()) for row in table.to_pylist()]


def count() -> int:
    found = stored("count(*)")
    return int(found[0][0]) if found else 0


def distinct() -> int:
    found = stored("count(DISTINCT id)")
    return int(found[0][0]) if found else 0


__all__ = ["COLUMNS", "SourceContract", "Supply", "count", "distinct", "rows_of", "stored"]
