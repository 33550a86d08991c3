"""A source, its files, and somebody who delivers them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.world import World
from tongqu.catalog.vocabulary import DataType
from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import BatchView, ColumnSpec, FileOptions, SourceView

COLUMNS = (
    ColumnSpec("id", DataType.INTEGER, is_key=True, nullable=False),
    ColumnSpec("name", DataType.STRING, length=20),
    ColumnSpec("length_km", DataType.DECIMAL),
)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write_file(text: str | bytes, name: str = "roads.csv") -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write_file


@pytest.fixture
def register(world: World, lake: Path) -> Callable[..., SourceView]:
    def register_one(code: str = "roads", **facts: object) -> SourceView:
        facts.setdefault("columns", COLUMNS)
        facts.setdefault("options", FileOptions())
        return ingest.register_source(
            code=code,
            name=f"示例{code}",
            provider_id=world.organisations["990000-MH"].pk,
            by=world.actor("cataloguer"),
            **facts,
        )

    return register_one


@pytest.fixture
def deliver(world: World, write: Callable[..., Path]) -> Callable[..., BatchView]:
    def deliver_one(text: str | bytes, name: str = "roads.csv", source: str = "roads") -> BatchView:
        return ingest.load(source, write(text, name), by=world.actor("cataloguer"))

    return deliver_one


def rows(table: str, columns: str = "*", order: str = "1") -> list[tuple[object, ...]]:
    """Return rows of a table of the lake, through its own engine."""
    from tongqu.lake import public as lake

    ref = lake.ref_of(table)
    assert ref is not None
    sql = f"SELECT {columns} FROM t ORDER BY {order}"
    table = lake.engine().relation(sql, tables={"t": ref}).arrow()
    return [tuple(row.values()) for row in table.to_pylist()]


def count(table: str) -> int:
    from tongqu.lake import public as lake

    ref = lake.ref_of(table)
    assert ref is not None
    current = lake.store().current(ref) if lake.store().exists(ref) else None
    return current.rows if current else 0
