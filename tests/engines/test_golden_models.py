"""Every shipped model gives equal rows on the embedded engine and on Spark."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from sqlglot import exp

from tests.engines import dirt
from tongqu.adapters.engines import spark
from tongqu.adapters.engines.saying import carried
from tongqu.lake import public
from tongqu.lake.domain import lint, packs

ROOT = Path(__file__).resolve().parent.parent.parent
PACK = ROOT / "packs" / "jiangxi-2026"
FOLDERS = sorted(
    {path.parent for top in ("packs", "src") for path in (ROOT / top).rglob("models/*.sql")}
)
MOMENT = {lint.MOMENT: datetime.fromisoformat("2026-09-24T09:00:00")}
# Tables that a model reads and neither a model nor an entry of the pack describes.
SOURCES = {
    "dw_flights": {"origin": "string", "dest": "string", "month": "integer",
                   "dep_time": "datetime", "arr_delay": "integer"},
    "dw_airports": {"faa": "string", "name": "string"},
}  # fmt: skip


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.parent.name)
def test_every_model_gives_equal_rows(folder: Path, spark_session) -> None:
    models = [packs.parse(text, file=name) for name, text in public.model_texts(folder)]
    parsed = {model.name: lint.parsed(model) for model in models}
    reads = {name: lint.reads(query) for name, query in parsed.items()}
    home = Home()
    apart, empty = {}, []
    known = inputs(parsed.values(), reads)
    for name, table in known.items():
        home.keep(name, table)
        show(spark_session, name, table)
    for model in packs.in_order(models, reads):
        query = lint.unqualified(parsed[model.name])
        sql, bound = query.sql("duckdb"), MOMENT if lint.reads_moment(query) else {}
        own = home.ask(sql, bound)
        views = {name: f"v_{name}" for name in reads[model.name]}
        other = away(spark_session, carried(sql, bound, views), own.schema)
        if differs := dirt.compare(own, other):
            apart[model.name] = differs
        if not own.num_rows:
            empty.append(model.name)
        home.keep(model.name, own)
        if any(model.name in names for names in reads.values()):
            show(spark_session, model.name, own)

    assert apart == {}
    assert len(models) == len(list(folder.glob("*.sql"))) + len(list(folder.glob("*.toml")))
    assert len(empty) <= 2, empty  # equal and empty would say nothing


def inputs(
    queries: Collection[exp.Query], reads: dict[str, tuple[str, ...]]
) -> dict[str, pa.Table]:
    wanted = {name for names in reads.values() for name in names} - reads.keys()
    known = dirt.declared(PACK) | SOURCES
    return {
        name: dirt.dirty(name, known.get(name) or guessed(name, queries), dirt.ROWS)
        for name in sorted(wanted)
    }


def guessed(table: str, queries: Collection[exp.Query]) -> dict[str, str]:
    """Return the columns that models read of a table that nothing describes, by their names."""
    named = set()
    for query in queries:
        aliases = {t.alias_or_name for t in query.find_all(exp.Table) if t.name == table}
        named |= {c.name for c in query.find_all(exp.Column) if c.table in aliases}
        for select in query.find_all(exp.Select):
            source = select.args.get("from_")
            if source is not None and source.this.name == table:
                named |= {c.name for c in select.find_all(exp.Column) if not c.table}
    kinds = {
        "_time": "datetime", "_at": "datetime", "_on": "date",
        "_date": "date", "lon": "decimal", "lat": "decimal",
        "_from": "date", "_to": "date", "_m": "decimal", "_km": "decimal", "_count": "integer",
        "year": "integer", "lanes": "integer", "_wan": "decimal",
    }  # fmt: skip
    return {
        name: next((kind for end, kind in kinds.items() if name.endswith(end)), "string")
        for name in sorted(named)
        if not name.startswith("_")
    }


class Home:
    """The embedded engine with what models have given so far."""

    def __init__(self) -> None:
        self._con = duckdb.connect(config={"threads": 1})  # small tables: no threads to begin
        self._con.execute("SET TimeZone = 'Asia/Shanghai'")

    def keep(self, name: str, table: pa.Table) -> None:
        self._con.register(name, table)

    def ask(self, sql: str, bound: dict[str, object] | list[object]) -> pa.Table:
        return spark.plain(self._con.execute(sql, bound or None).to_arrow_table())


def show(session, name: str, table: pa.Table) -> None:
    session.createDataFrame(spark.plain(table)).createOrReplaceTempView(f"v_{name}")


def away(session, text: str, schema: pa.Schema) -> pa.Table:
    batches = spark.streamed(session.sql(text))
    return pa.Table.from_batches([spark.fitted(batch, schema) for batch in batches], schema)
