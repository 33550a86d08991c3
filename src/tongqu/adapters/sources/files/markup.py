"""XML of many like records as the raw table of text; no entities, no outside, no depth."""

import re
from collections import Counter
from pathlib import Path
from typing import Any
from xml.parsers import expat

import duckdb

from tongqu.adapters.sources.files import sql
from tongqu.adapters.sources.files.detect import empty_file, not_what_it_says
from tongqu.adapters.sources.files.guards import CHUNK, bomb
from tongqu.adapters.sources.files.reading import Raw, check_header, create_bad, number
from tongqu.ingest.vocabulary import FileOptions

DEEPEST = 100
_DECLARED = re.compile(rb"""^<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""")
_CHINESE = frozenset({"gbk", "gb2312", "gb18030"})


def read_xml(con: duckdb.DuckDBPyConnection, path: Path, options: FileOptions) -> Raw:
    """Read the elements named by ``records``; unnamed, the commonest child of the root.

    Columns are the children of a record (``a.b`` for deeper ones) and its attributes (``@a``).
    A child told apart by a ``key`` is a column under that key's name, as GraphML declares it.
    """
    element = options.records or _commonest(path)
    records = _Records(element)
    _parse(path, records.start, records.end, records.text)
    if not records.count:
        raise empty_file()
    columns = check_header(list(records.columns))
    _take(con, records, options)
    create_bad(con)
    return Raw(columns, records.count, 1, number(con, [], 1))


class _Records:
    """Columns of text, as long as there were records."""

    def __init__(self, element: str) -> None:
        self.element, self.count = element, 0
        self.columns: dict[str, list[str | None]] = {}
        self._path: list[str] = []
        self._text: list[str] = []
        self._inside = 0  # how deep in a record
        self._named: dict[str, str] = {}  # keys declared ahead of the records
        self._again: dict[str, list[str]] = {}  # elements that repeat within the record

    def start(self, name: str, given: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if self._inside or name == self.element:
            self._inside += 1
            if self._inside > DEEPEST:  # names grow with the depth, and time with their square
                raise bomb()
            if self._inside == 1:
                self.count += 1
            elif key := given.get("key"):
                self._path.append(self._named.get(key, key))
                given = {}
            else:
                self._path.append(name)
            prefix = ".".join(self._path)
            for key, value in given.items():
                self._put(f"{prefix}@{key.rpartition(':')[2]}", value)
        elif name == "key" and "id" in given:
            self._named[given["id"]] = given.get("attr.name", given["id"])
        self._text = []

    def text(self, piece: str) -> None:
        if self._inside:
            self._text.append(piece)

    def end(self, name: str) -> None:
        del name
        if not self._inside:
            return
        if value := "".join(self._text).strip():
            self._put(".".join(self._path) or self.element, value)
        self._text = []
        self._inside -= 1
        if self._path:
            self._path.pop()
        if not self._inside:
            for column, values in self._again.items():
                cells = self.columns[column]
                cells[-1] = ";".join([cells[-1] or "", *values])
            self._again.clear()

    def _put(self, column: str, value: str) -> None:
        cells = self.columns.setdefault(column, [])
        cells.extend([None] * (self.count - 1 - len(cells)))
        if len(cells) == self.count:  # joined at the record's end: once, however often it repeats
            self._again.setdefault(column, []).append(value)
        else:
            cells.append(value)


def _commonest(path: Path) -> str:
    counts: Counter[str] = Counter()
    depth = 0

    def start(name: str, _: Any) -> None:
        nonlocal depth
        depth += 1
        if depth == 2:
            counts[name.rpartition(":")[2]] += 1

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    _parse(path, start, end, lambda _: None)
    if not counts:
        raise empty_file()
    return counts.most_common(1)[0][0]


def _parse(path: Path, start: Any, end: Any, text: Any) -> None:
    with path.open("rb") as file:
        head = file.read(256).lstrip(b"\xef\xbb\xbf")
        file.seek(0)
        found = _DECLARED.match(head)
        said = found[1].decode().lower() if found else ""
        parser = expat.ParserCreate("utf-8" if said in _CHINESE else None)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        try:
            if said in _CHINESE:
                parser.Parse(file.read().decode("gb18030").encode("utf-8"), True)
                return
            while piece := file.read(CHUNK):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, UnicodeDecodeError, LookupError):
            raise not_what_it_says("XML", "不完整或不合法的 XML") from None


def _no_doctype(*_: object) -> None:
    """No delivery of ours declares entities; who does wants them to grow."""
    raise bomb()


def _take(con: duckdb.DuckDBPyConnection, records: _Records, options: FileOptions) -> None:
    import pyarrow as pa

    nulls = set(options.null_values)
    cells = []
    for column in records.columns.values():
        column.extend([None] * (records.count - len(column)))
        cells.append(pa.array([None if v in nulls else v for v in column], pa.string()))
    con.register("found", pa.table(cells, names=[sql.raw(n) for n in range(len(cells))]))
    con.execute("CREATE OR REPLACE TEMP TABLE raw AS SELECT * FROM found")
    con.unregister("found")
