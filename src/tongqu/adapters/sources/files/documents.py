# ruff: noqa: S608  # names are positions or quoted by sql.py; no text of a user is pasted
"""JSON lines, JSON arrays and GeoJSON as the raw table of text."""

from pathlib import Path

import duckdb

from tongqu.adapters.sources.files import sql
from tongqu.adapters.sources.files.detect import empty_file, not_what_it_says
from tongqu.adapters.sources.files.reading import (
    Raw,
    check_header,
    check_width,
    create_bad,
    number,
    scalar,
    take,
)
from tongqu.adapters.sources.files.staging import StagedText
from tongqu.ingest.ports import Unreadable
from tongqu.ingest.vocabulary import FileFormat, FileOptions, Rule

MAX_DOCUMENT = 512 << 20  # a JSON array or GeoJSON is one object and is read in one piece
GEOMETRY = ("geometry_type", "lon", "lat", "wkt")


def read_json(con: duckdb.DuckDBPyConnection, staged: StagedText, options: FileOptions,
              fmt: FileFormat) -> Raw:  # fmt: skip
    """Read JSON lines, a JSON array, or the features of a GeoJSON collection."""
    with staged.path.open("rb") as file:
        start = file.read(4096).lstrip()[:1]
    create_bad(con)
    if fmt is FileFormat.JSON and start == b"{":
        blanks = staged.census.blanks
        _json_lines(con, staged.path, options)
    else:
        blanks = []
        _json_document(con, staged.path, "features" if fmt is FileFormat.GEOJSON else "")
    keys = [r[0] for r in con.execute(
        "SELECT k, min(r) FROM (SELECT unnest(json_keys(o)) AS k, rowid AS r FROM objects)"
        " GROUP BY k ORDER BY min(r), k").fetchall()]  # fmt: skip
    check_width(len(keys) + (len(GEOMETRY) if fmt is FileFormat.GEOJSON else 0))
    picks = [
        f"json_extract_string(o, {sql.text(_pointer(k))}) AS {sql.raw(n)}"
        for n, k in enumerate(keys)
    ]
    columns = list(keys)
    if fmt is FileFormat.GEOJSON:
        picks += [
            f"{expression} AS {sql.raw(len(keys) + n)}" for n, expression in enumerate(_geometry())
        ]
        columns += [g if g not in keys else f"geojson_{g}" for g in GEOMETRY]
    if not columns:
        raise not_what_it_says(fmt.label, "没有字段的 JSON")
    body = con.execute(f"SELECT {', '.join(picks)} FROM objects ORDER BY rowid").to_arrow_table()
    take(con, body, options)
    con.execute("DROP TABLE objects")
    good, bad = scalar(con, "SELECT count(*) FROM raw"), scalar(con, "SELECT count(*) FROM bad")
    return Raw(check_header(columns), good + bad, 1, number(con, blanks, 1))


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _json_lines(con: duckdb.DuckDBPyConnection, path: Path, options: FileOptions) -> None:
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE lines AS SELECT * FROM read_csv({sql.text(str(path))},
        auto_detect=false, header=false, columns={{'text': 'VARCHAR'}}, delim=chr(31), quote='',
        escape='', max_line_size={max(2 << 20, options.max_line_bytes * 2)})"""
    )
    # CASE: json_type fails on what is not valid, and AND does not say who goes first.
    wrong = "CASE WHEN json_valid(text) THEN json_type(text) <> 'OBJECT' ELSE true END"
    con.execute(
        f"""INSERT INTO bad SELECT rowid + 1, '{Rule.BAD_JSON}', text FROM lines
        WHERE text IS NOT NULL AND {wrong}"""
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE objects AS
        SELECT text::JSON AS o, NULL::JSON AS g FROM lines
        WHERE text IS NOT NULL AND NOT ({wrong}) ORDER BY rowid"""
    )
    con.execute("DROP TABLE lines")


def _json_document(con: duckdb.DuckDBPyConnection, path: Path, member: str) -> None:
    """Read a document that is one value. ``o`` are the properties, ``g`` the geometry."""
    if path.stat().st_size > MAX_DOCUMENT:
        raise Unreadable(
            "DOCUMENT_TOO_LARGE",
            "单个 JSON 文档过大。",
            "请改为逐行 JSON（每行一条记录）后重新报送。",
            limit=MAX_DOCUMENT,
        )
    document = path.read_text("utf-8")
    if not _valid(con, document):
        raise not_what_it_says("JSON", "不完整或不合法的 JSON")
    at = f"$.{member}[*]" if member else "$[*]"
    inner = "json_extract(e, '$.properties')" if member else "e"
    geometry = "json_extract(e, '$.geometry')" if member else "NULL::JSON"
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE objects AS
        SELECT {inner} AS o, {geometry} AS g
        FROM (SELECT unnest(json_extract(?::JSON, '{at}')) AS e)""",
        [document],
    )
    con.execute(
        f"""INSERT INTO bad SELECT rowid + 1, '{Rule.BAD_JSON}', left(o::VARCHAR, 10000)
        FROM objects WHERE NOT coalesce(json_type(o) = 'OBJECT', false)"""
    )
    con.execute("DELETE FROM objects WHERE NOT coalesce(json_type(o) = 'OBJECT', false)")
    if not scalar(con, "SELECT (SELECT count(*) FROM objects) + (SELECT count(*) FROM bad)"):
        raise empty_file()


def _valid(con: duckdb.DuckDBPyConnection, document: str) -> bool:
    row = con.execute("SELECT json_valid(?)", [document]).fetchone()
    return bool(row and row[0])


def _geometry() -> list[str]:
    """Return the SQL of type, longitude, latitude and WKT of the geometry ``g``."""
    kind = "json_extract_string(g, '$.type')"
    pairs = (  # [x,y] or [x,y,z] becomes "x y"; brackets become the parentheses of WKT
        "regexp_replace(json_extract(g, '$.coordinates')::VARCHAR,"
        r" '\[([-+0-9.eE]+),([-+0-9.eE]+)(,[-+0-9.eE]+)?\]', '\1 \2', 'g')"
    )
    rings = f"replace(replace({pairs}, '[', '('), ']', ')')"
    return [
        kind,
        f"CASE WHEN {kind} = 'Point' THEN json_extract_string(g, '$.coordinates[0]') END",
        f"CASE WHEN {kind} = 'Point' THEN json_extract_string(g, '$.coordinates[1]') END",
        f"CASE WHEN {kind} = 'Point' THEN 'POINT (' || {pairs} || ')'"
        f" ELSE upper({kind}) || ' ' || {rings} END",
    ]
