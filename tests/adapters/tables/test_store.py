"""What every store of tables must keep: the contract of ``lake.ports.TableStore``."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.exceptions import ImproperlyConfigured

from tongqu.adapters.tables.warehouse import warehouse_of
from tongqu.kernel.problems import Rejected
from tongqu.lake.public import engine, ods_ref, store
from tongqu.lake.vocabulary import Conflict, SchemaChanged

FLIGHTS = ods_ref("flights")
ROWS = pa.table(
    {
        "id": pa.array([1, 2, 3], pa.int64()),
        "name": ["民航", "公路", None],
        "price": pa.array([Decimal("1.50"), None, Decimal("-2.25")], pa.decimal128(9, 2)),
        "flown_on": pa.array([date(2013, 1, 1), None, date(2013, 12, 31)]),
        "seen_at": pa.array([datetime(2013, 1, 1, 5, tzinfo=UTC)] * 3, pa.timestamp("us", "UTC")),
        "left_at": pa.array([1_357_016_400_000_000] * 3, pa.timestamp("us")),
        "delayed": [True, False, None],
        "minutes": pa.array([1.5, None, 3.0], pa.float64()),
    }
)


@pytest.fixture
def table(lake: Path) -> None:
    store().ensure(FLIGHTS, ROWS.schema, {"tongqu.keys": "id"})


def rows(sql: str = "SELECT * FROM t ORDER BY id", **tables: object) -> list[dict[str, object]]:
    with engine().relation(sql, tables=tables or {"t": FLIGHTS}) as result:
        return result.arrow().to_pylist()


def test_what_was_appended_is_read_back_exactly(table: None) -> None:
    snapshot = store().append(FLIGHTS, ROWS, summary={"batch": "B-1", "by": "示例"})

    assert rows() == ROWS.to_pylist()
    assert snapshot.rows == 3
    assert snapshot.summary["batch"] == "B-1"
    assert store().current(FLIGHTS) == snapshot
    assert store().find(FLIGHTS, "batch", "B-1") == snapshot
    assert store().find(FLIGHTS, "batch", "B-2") is None


def test_an_empty_table_can_be_read(table: None) -> None:
    assert rows() == []
    assert store().current(FLIGHTS) is None
    assert store().files(FLIGHTS) == []


def test_a_load_without_rows_is_still_a_snapshot(table: None) -> None:
    snapshot = store().append(FLIGHTS, ROWS.slice(0, 0), summary={"batch": "B-0"})

    assert snapshot.rows == 0
    assert rows() == []
    assert store().find(FLIGHTS, "batch", "B-0") == snapshot


def test_an_older_snapshot_stays_readable(table: None) -> None:
    first = store().append(FLIGHTS, ROWS.slice(0, 1))
    store().append(FLIGHTS, ROWS.slice(1))

    assert [row["id"] for row in rows(t=(FLIGHTS, first.id))] == [1]
    assert [row["id"] for row in rows()] == [1, 2, 3]
    assert [s.rows for s in store().snapshots(FLIGHTS)] == [1, 3]


def test_overwrite_replaces_all_rows_in_one_snapshot(table: None) -> None:
    store().append(FLIGHTS, ROWS)
    store().overwrite(FLIGHTS, ROWS.slice(2))

    assert [row["id"] for row in rows()] == [3]
    assert len(store().snapshots(FLIGHTS)) == 2
    assert store().current(FLIGHTS).rows == 1


def test_overwrite_refuses_when_the_table_moved_on(table: None) -> None:
    first = store().append(FLIGHTS, ROWS)
    store().append(FLIGHTS, ROWS)

    with pytest.raises(Conflict):
        store().overwrite(FLIGHTS, ROWS, expected=first.id)

    assert store().current(FLIGHTS).rows == 6
    assert store().orphans(older_than_seconds=0) == []


def test_a_stream_is_taken_without_holding_it(table: None) -> None:
    batches = (batch for _ in range(5) for batch in ROWS.to_batches())

    snapshot = store().append(FLIGHTS, pa.RecordBatchReader.from_batches(ROWS.schema, batches))

    assert snapshot.rows == 15


def test_a_query_is_taken_as_it_runs(table: None) -> None:
    store().append(FLIGHTS, ROWS)
    copy = ods_ref("copy")
    store().ensure(copy, ROWS.schema)

    with engine().relation(
        "SELECT * FROM t WHERE id > ?", tables={"t": FLIGHTS}, parameters=[1]
    ) as found:
        store().append(copy, found)

    assert [row["id"] for row in rows(t=copy)] == [2, 3]


@pytest.mark.parametrize("with_ids", [True, False])
def test_parquet_files_are_taken_with_or_without_field_ids(
    table: None, tmp_path: Path, with_ids: bool
) -> None:
    path = tmp_path / "rows.parquet"
    with engine().relation("SELECT * FROM t", tables={"t": ROWS}) as found:
        found.write(path, columns=store().columns(FLIGHTS) if with_ids else None)

    store().append(FLIGHTS, [path])

    assert rows() == ROWS.to_pylist()
    assert path.exists()


def test_the_files_bear_field_ids_and_zstd(table: None) -> None:
    store().append(FLIGHTS, ROWS)

    (path,) = store().files(FLIGHTS)
    found = pq.ParquetFile(path)

    assert [int(f.metadata[b"PARQUET:field_id"]) for f in found.schema_arrow] == list(range(1, 9))
    assert found.metadata.row_group(0).column(0).compression == "ZSTD"


def test_pyiceberg_reads_the_same_rows(table: None) -> None:
    store().append(FLIGHTS, ROWS)

    other = store()._catalog.load_table(("ods", "ods_flights")).scan().to_arrow()

    assert other.sort_by("id").to_pylist() == ROWS.to_pylist()


def test_a_new_column_and_a_wider_type_are_added(table: None) -> None:
    store().append(FLIGHTS, ROWS)
    wider = pa.schema([("id", pa.int64()), ("price", pa.decimal128(12, 2)), ("new", pa.string())])

    store().ensure(FLIGHTS, wider)
    store().append(
        FLIGHTS, pa.table({"id": [4], "price": [Decimal("9999999999.99")], "new": ["x"]}, wider)
    )

    assert [(r["id"], r["price"], r["new"], r["name"]) for r in rows()] == [
        (1, Decimal("1.50"), None, "民航"),
        (2, None, None, "公路"),
        (3, Decimal("-2.25"), None, None),
        (4, Decimal("9999999999.99"), "x", None),
    ]


def test_a_renamed_column_keeps_its_old_rows(table: None) -> None:
    store().append(FLIGHTS, ROWS)
    with store()._catalog.load_table(("ods", "ods_flights")).update_schema() as update:
        update.rename_column("name", "title")

    assert [row["title"] for row in rows()] == ["民航", "公路", None]


def test_a_column_of_another_type_is_named_and_refused(table: None) -> None:
    with pytest.raises(SchemaChanged) as caught:
        store().ensure(FLIGHTS, pa.schema([("delayed", pa.string())]))

    assert (caught.value.column, caught.value.was, caught.value.came) == (
        "delayed",
        "BOOLEAN",
        "VARCHAR",
    )


def test_a_column_that_the_table_lacks_is_not_dropped_silently(table: None) -> None:
    with pytest.raises(SchemaChanged):
        store().append(FLIGHTS, pa.table({"id": [1], "secret": ["x"]}))

    assert store().current(FLIGHTS) is None


@pytest.mark.parametrize("name", ["dw_flights", "ods_Flights", "ods_a;drop", "ods_", "ods_é"])
def test_a_name_tells_its_layer_or_is_refused(name: str) -> None:
    from tongqu.lake.vocabulary import Layer, TableRef

    if name == "ods_":
        assert TableRef(Layer.ODS, "ods_").identifier == "ods.ods_"
        return
    with pytest.raises(Rejected, match="TABLE_NAME"):
        TableRef(Layer.ODS, name)


def test_a_dropped_table_leaves_files_that_are_listed(table: None) -> None:
    store().append(FLIGHTS, ROWS)

    store().drop(FLIGHTS)

    assert not store().exists(FLIGHTS)
    assert len(store().orphans(older_than_seconds=0)) == 1
    assert store().list() == []


@pytest.mark.parametrize("named", ["s3://", "s3://b/../c", "s3://b/a b", "gs://tongqu/lake"])
def test_a_warehouse_that_is_no_folder_and_no_bucket_is_refused_loudly(
    settings, named: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match="TONGQU_WAREHOUSE"):
        warehouse_of({**settings.LAKE, "WAREHOUSE": named})


def test_a_folder_may_be_named_by_its_address(settings) -> None:
    found = warehouse_of({**settings.LAKE, "WAREHOUSE": "file:///data/lake"})

    assert (found.folder, found.uri) == (Path("/data/lake"), "file:///data/lake")
