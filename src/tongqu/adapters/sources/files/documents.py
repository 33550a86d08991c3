# ruff: noqa: S608  # names are positions or quoted by sql.py; no text of a user is pasted
"""JSON lines, JSON arrays and GeoJSON as the raw table of text."""

import re
from pathlib import Path

import duckdb

from tongqu.adapters.sources.files import sql
from tongqu.adapters.sources.files.detect import HEAD, empty_file, not_what_it_says
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

MAX_DOCUMENT = 512 << 20  # a document with its records inside is read in one piece
MAX_ELEMENT = 256 << 20  # one element of an array: the boundary of a province has megabytes
_FEATURES = re.compile(rb'"features"\s*:\s*\[')
_END = re.compile(rb"\]\s*\}\s*\Z")
GEOMETRY = ("geometry_type", "lon", "lat", "wkt")


def read_json(con: duckdb.DuckDBPyConnection, staged: StagedText, options: FileOptions,
              fmt: FileFormat) -> Raw:  # fmt: skip
    """Read JSON lines, a JSON array, or the features of a GeoJSON collection."""
    with staged.path.open("rb") as file:
        start = file.read(4096).lstrip()[:1]
    create_bad(con)
    if fmt is FileFormat.JSON and start == b"{" and not options.records:
        blanks = staged.census.blanks
        _json_lines(con, staged.path, options)
        _refuse_one_document(con)
    else:
        blanks = []
        _json_document(con, staged.path, fmt, options.records)
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


def _refuse_one_document(con: duckdb.DuckDBPyConnection) -> None:
    """Tell a document spread over many lines from lines that are documents."""
    if scalar(con, "SELECT count(*) FROM objects") == 0 and scalar(
        con, "SELECT count(*) FROM bad WHERE trim(raw) IN ('{', '}')"
    ):
        raise Unreadable(
            "RECORDS_MISSING", "这是一个 JSON 文档，记录不在最外层。",
            "请在读取选项中写明记录的位置（records），如 data.items；以名称为键的写 data.*。",
        )  # fmt: skip


def _json_document(
    con: duckdb.DuckDBPyConnection, path: Path, fmt: FileFormat, records: str
) -> None:
    """Read a document that is one value. ``o`` are the properties, ``g`` the geometry.

    An array is read as a stream; what stands around the features of a collection is cut off
    first. Only a document with records somewhere inside is read in one piece.
    """
    is_geo = fmt is FileFormat.GEOJSON
    inner = "json_extract(e, '$.properties')" if is_geo else "e"
    geometry = "json_extract(e, '$.geometry')" if is_geo else "NULL::JSON"
    if is_geo or not records:
        source = _stream(_features(path) if is_geo else path)
    else:
        source = _nested(path, records)
    try:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE objects AS SELECT {inner} AS o, {geometry} AS g"
            f" FROM ({source})"
        )
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        raise not_what_it_says("JSON", "不完整或不合法的 JSON") from None
    _part_odd(con)


def _part_odd(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        f"""INSERT INTO bad SELECT rowid + 1, '{Rule.BAD_JSON}', left(o::VARCHAR, 10000)
        FROM objects WHERE NOT coalesce(json_type(o) = 'OBJECT', false)"""
    )
    con.execute("DELETE FROM objects WHERE NOT coalesce(json_type(o) = 'OBJECT', false)")
    if not scalar(con, "SELECT (SELECT count(*) FROM objects) + (SELECT count(*) FROM bad)"):
        raise empty_file()


def _stream(path: Path) -> str:
    """Return the SQL of the elements of a file that is an array."""
    largest = min(max(path.stat().st_size, 16 << 20), MAX_ELEMENT)
    return (
        f"SELECT json AS e FROM read_json_objects({sql.text(str(path))}, format='array',"
        f" maximum_object_size={largest})"
    )


def _nested(path: Path, records: str) -> str:
    """Return the SQL of the records inside a document: ``data.items``."""
    if path.stat().st_size > MAX_DOCUMENT:
        raise Unreadable(
            "DOCUMENT_TOO_LARGE",
            "单个 JSON 文档过大。",
            "请改为逐行 JSON（每行一条记录）后重新报送。",
            limit=MAX_DOCUMENT,
        )
    parts = [part for part in records.replace('"', "").split(".") if part]
    is_object = parts[-1:] == ["*"]  # records under names of their own, not in an array
    names = parts[:-1] if is_object else parts
    at = "$" + "".join(f'."{part}"' for part in names) + (".*" if is_object else "[*]")
    return (
        f"SELECT unnest(json_extract(content, {sql.text(at)})) AS e"
        f" FROM (SELECT content::JSON AS content FROM read_text({sql.text(str(path))}))"
    )


def _features(path: Path) -> Path:
    """Cut a collection down to the array of its features, so that it can be read as a stream."""
    with path.open("rb+") as file:
        head = file.read(HEAD)
        found = _FEATURES.search(head)
        if found is None:
            raise not_what_it_says("GeoJSON", "没有 features 的 JSON")
        size = file.seek(0, 2)
        start = max(found.end() - 1, size - HEAD)
        file.seek(start)
        tail = file.read()
        last = _END.search(tail)
        if last is None:  # other members follow the features
            return _cut_slowly(path)
        file.truncate(start + last.start() + 1)
        file.seek(0)
        file.write(b" " * (found.end() - 1))
    return path


def _cut_slowly(path: Path) -> Path:
    import json

    if path.stat().st_size > MAX_DOCUMENT:
        raise Unreadable("DOCUMENT_TOO_LARGE", "单个 JSON 文档过大。",
                         "请把 features 放在最后一项，或改为逐行 JSON 后重新报送。")  # fmt: skip
    try:
        features = json.loads(path.read_bytes())["features"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise not_what_it_says("GeoJSON", "不完整或不合法的 JSON") from None
    path.write_text(json.dumps(features, ensure_ascii=False), "utf-8")
    return path


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
