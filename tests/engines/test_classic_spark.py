"""Apache Spark with the official Iceberg runtime reads our tables and computes the same.

It needs Java, two jars of Maven Central and some 400 MB of Spark, which are fetched once, and
over a minute: asked for by ``TONGQU_TEST_SPARK=1`` (``make spark``).
"""

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests import servers
from tests.engines import dirt
from tests.engines import test_golden_rules as rules
from tests.engines.test_golden_models import MOMENT, PACK, Home, inputs
from tongqu.adapters.engines import spark
from tongqu.adapters.engines.saying import carried
from tongqu.kernel import clock
from tongqu.lake import public
from tongqu.lake.domain import lint, packs

SPARK, ICEBERG, DRIVER = "4.0.1", "1.11.0", "42.7.8"
MAVEN = "https://repo1.maven.org/maven2"
JARS = (
    f"org/apache/iceberg/iceberg-spark-runtime-4.0_2.13/{ICEBERG}/"
    f"iceberg-spark-runtime-4.0_2.13-{ICEBERG}.jar",
    f"org/postgresql/postgresql/{DRIVER}/postgresql-{DRIVER}.jar",
)
resources = rules.resources  # a fixture
KEPT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tongqu" / "spark"
CATALOG = "golden"
SECONDS = 900
pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("TONGQU_TEST_SPARK"), reason="takes over a minute: make spark"
    ),
    pytest.mark.skipif(not shutil.which("java"), reason="there is no Java"),
    pytest.mark.skipif(not shutil.which("uv"), reason="there is no uv to fetch Spark with"),
    pytest.mark.timeout(SECONDS),
    pytest.mark.django_db,
]


@pytest.fixture(scope="module")
def jars() -> list[str]:
    KEPT.mkdir(parents=True, exist_ok=True)
    return [str(_fetched(path)) for path in JARS]


@pytest.fixture(scope="module")
def python() -> Path:
    """Return the interpreter of an environment of its own that has Spark, made once."""
    place = KEPT / f"env-{SPARK}"
    if not (place / "whole").exists():
        steps = (
            ["uv", "venv", "--clear", "--python", "3.11", str(place)],
            ["uv", "pip", "install", "--python", str(place / "bin" / "python"),
             f"pyspark=={SPARK}", "pyarrow", "pandas<3"],
        )  # fmt: skip
        for step in steps:
            made = subprocess.run(step, capture_output=True, text=True, check=False)
            if made.returncode:
                pytest.skip(f"Spark cannot be fetched: {made.stderr[-200:]}")
        (place / "whole").touch()
    return place / "bin" / "python"


@pytest.fixture(scope="module")
def spark_at(jars: list[str], python: Path) -> tuple[Path, list[str]]:
    return python, jars


def _fetched(path: str) -> Path:
    """Return a jar of Maven Central, fetched once; its published digest is compared."""
    import hashlib

    kept = KEPT / path.rsplit("/", 1)[-1]
    if not kept.exists():
        try:
            with urllib.request.urlopen(f"{MAVEN}/{path}", timeout=120) as found:
                content = found.read()
            with urllib.request.urlopen(f"{MAVEN}/{path}.sha1", timeout=30) as found:
                digest = found.read().decode().split()[0]
        except OSError as error:
            pytest.skip(f"Maven Central is not reachable: {type(error).__name__}")
        assert hashlib.sha1(content).hexdigest() == digest
        part = kept.with_suffix(".part")
        part.write_bytes(content)
        part.replace(kept)
    return kept


@pytest.fixture
def shelves(settings, lake: Path) -> Iterator[servers.Postgres]:
    """The lake's catalogue on a PostgreSQL that also listens on the loopback."""
    with servers.postgres(port=servers.free_port()) as found:
        settings.LAKE = {
            **settings.LAKE,
            "CATALOG_URI": f"postgresql+psycopg://{found.user}:{found.password}@127.0.0.1"
            f":{found.port}/postgres",
            "CATALOG_NAME": CATALOG,
        }
        public.reset()
        yield found
        public.reset()


def test_classic_spark_computes_every_model_alike_over_our_own_tables(
    shelves, spark_at, lake: Path, tmp_path: Path
) -> None:
    models = [packs.parse(text, file=name) for name, text in public.model_texts(PACK / "models")]
    parsed = {model.name: lint.parsed(model) for model in models}
    reads = {name: lint.reads(query) for name, query in parsed.items()}
    home, own, queries = Home(), {}, {}
    known = inputs(parsed.values(), reads)
    for name, table in known.items():
        home.keep(name, table)
    for model in packs.in_order(models, reads):
        query = lint.unqualified(parsed[model.name])
        sql, bound = query.sql("duckdb"), MOMENT if lint.reads_moment(query) else {}
        own[model.name] = home.ask(sql, bound)
        home.keep(model.name, own[model.name])
        views = {name: f"v_{name}" for name in reads[model.name]}
        queries[model.name] = carried(sql, bound, views)
    read = {name for names in reads.values() for name in names}
    tables = [kept(name, (known | own)[name]) for name in sorted(read)]

    into = asked(shelves, spark_at, lake, tmp_path, tables=tables, queries=queries)

    assert apart_from(own, into) == {}


def test_classic_spark_counts_every_rule_alike(
    shelves, spark_at, lake: Path, tmp_path: Path, resources
) -> None:
    tables = rules.dirtied()
    home, own, queries = rules.AtHome(tables), {}, {}
    known = [kept(name, table) for name, table in tables.items()]
    for slug, _, asked_of in rules.scans(resources, tables, clock.now()):
        for number, plan in enumerate(asked_of):
            name = f"{slug}_{number}"
            own[name], queries[name] = home.ask(plan, f"ods_{slug}")

    into = asked(shelves, spark_at, lake, tmp_path, tables=known, queries=queries)

    assert len(own) > 35
    assert apart_from(own, into) == {}


def apart_from(own: dict[str, pa.Table], into: Path) -> dict[str, str]:
    """Return what Spark refused and where its rows differ, by the name of the query."""
    apart = {path.stem: path.read_text() for path in into.glob("*.error")}
    for name in own.keys() - apart.keys():
        schema, found = own[name].schema, pq.read_table(into / f"{name}.parquet")
        batches = [spark.fitted(batch, schema) for batch in found.to_batches()]
        other = pa.Table.from_batches(batches, schema)
        if differs := dirt.compare(own[name], other):
            apart[name] = differs
    return apart


def kept(name: str, table) -> str:
    """Write a table as the platform does; return its name in the catalogue."""
    ref = public.ref_of(name)
    assert ref is not None
    public.store().ensure(ref, table.schema)
    public.store().append(ref, table)
    return f"{ref.layer}.{ref.name}"


def asked(shelves, spark_at, lake: Path, tmp_path: Path, **told) -> Path:
    python, jars = spark_at
    into = tmp_path / "answers"
    into.mkdir()
    document = tmp_path / "told.json"
    document.write_text(
        json.dumps({
            **told,
            "catalog": CATALOG,
            "settings": spark.SETTINGS,
            "jars": jars,
            "jdbc": f"jdbc:postgresql://127.0.0.1:{shelves.port}/postgres",
            "user": shelves.user,
            "password": shelves.password,
            "warehouse": lake.as_uri(),
            "into": str(into),
        })
    )  # fmt: skip
    script = Path(__file__).with_name("classic.py")
    run = subprocess.run(
        [str(python), str(script), str(document)],
        capture_output=True, text=True, timeout=SECONDS - 60, check=False,
        env={**os.environ, "TZ": "Asia/Shanghai", "PYTHONPATH": ""},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    return into
