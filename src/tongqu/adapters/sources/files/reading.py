# ruff: noqa: S608  # names are positions or quoted by sql.py; no text of a user is pasted
"""Every format becomes one raw table of text: ``raw(c0, c1, …)``, in the file's order.

Beside it ``bad(line, rule, raw)`` holds the records that are not even rows, and
``skips(start, lines)`` what must be added to ``rowid`` to get the line number.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tongqu.adapters.sources.files import sql
from tongqu.adapters.sources.files.detect import empty_file, not_what_it_says
from tongqu.adapters.sources.files.guards import MAX_RATIO, RATIO_FLOOR, bomb
from tongqu.adapters.sources.files.sheets import refuse_sheet_bombs
from tongqu.adapters.sources.files.staging import StagedText
from tongqu.ingest.ports import Unreadable
from tongqu.ingest.vocabulary import FileOptions, Rule

MAX_COLUMNS = 2_000
NEVER = "\x1e"  # the record separator: no value of a text file


@dataclass(frozen=True, slots=True)
class Raw:
    """What was read. ``first_line`` is the line number of the first record."""

    columns: tuple[str, ...]
    records: int  # good and bad
    first_line: int
    has_skips: bool
    derived: tuple[str, ...] = ()  # columns that the platform added, last of ``columns``
    outside: str = ""  # SQL over ``raw`` that is true for an implausible place

    @property
    def line(self) -> str:
        """Return the SQL of the line number, where ``raw`` and ``skips`` are joined."""
        base = f"raw.rowid + {self.first_line}"
        return f"({base} + coalesce(skips.lines, 0))" if self.has_skips else f"({base})"

    @property
    def source(self) -> str:
        """Return the FROM clause that goes with ``line``."""
        return "raw ASOF LEFT JOIN skips ON raw.rowid >= skips.start" if self.has_skips else "raw"


def check_width(columns: int) -> None:
    """Refuse a width that is no table: every column costs the engine expressions and memory."""
    if columns > MAX_COLUMNS:
        raise Unreadable(
            "TOO_MANY_COLUMNS",
            f"文件超过 {MAX_COLUMNS} 列，已停止读取。",
            "请核对分隔符和导出程序；确有这么多列的请拆成几份报送。",
            limit=MAX_COLUMNS,
        )


def check_header(names: Sequence[str]) -> tuple[str, ...]:
    check_width(len(names))
    columns = tuple(name.strip().strip("\ufeff") for name in names)
    blank = [str(n + 1) for n, name in enumerate(columns) if not name]
    if 2 * len(blank) < len(columns):  # an index column, a comma at the end: named by its place
        columns = tuple(name or f"column_{n}" for n, name in enumerate(columns, 1))
        blank = []
    # The engine and the lake do not tell upper case from lower case in names.
    folded = [name.casefold() for name in columns]
    twice = sorted({name for name in columns if folded.count(name.casefold()) > 1} - {""})
    if blank or twice:
        raise Unreadable(
            "HEADER_WRONG",
            "表头有空列名或重复列名。",
            "请让每一列都有不同的列名后重新报送。",
            blank_positions=blank,
            repeated=twice,
        )
    return columns


def csv_header(
    staged: StagedText, options: FileOptions, registered: Sequence[str]
) -> tuple[str, ...]:
    """Return the column names of a staged text, or the registered ones where it has none."""
    with staged.path.open(encoding="utf-8", newline="") as file:
        return csv_names(file, options, registered)


def csv_names(
    lines: Iterable[str], options: FileOptions, registered: Sequence[str]
) -> tuple[str, ...]:
    rows = csv.reader(lines, delimiter=options.delimiter)
    try:
        first = next((row for row in rows if row), None)
    except csv.Error:  # a field longer than any column name
        raise Unreadable(
            "HEADER_WRONG", "表头无法读取：有超长的列名或未闭合的引号。",
            "请核对第一行是否为表头，改正后重新报送。",
        ) from None  # fmt: skip
    if first is None:
        raise empty_file()
    check_width(len(first))
    if options.header:
        return check_header(first)
    if registered and len(registered) == len(first):
        return tuple(registered)
    return tuple(f"column_{n + 1}" for n in range(len(first)))


def nulls(options: FileOptions) -> tuple[str, ...]:
    """Return the words that stand for nothing; the empty field among them, mostly."""
    words = (*(() if options.keep_empty else ("",)), *options.null_values)
    return words or (NEVER,)


def in_order(con: duckdb.DuckDBPyConnection, query: str, by: str) -> str:
    """Return a query whose rows come in the order of ``by``, sorted only if they must be.

    Without a join the engine keeps the order of what it reads; a long IN is one (``codes``).
    """
    plan = con.execute(f"EXPLAIN {query}").fetchall()
    return f"{query} ORDER BY {by}" if any("JOIN" in str(row[1]) for row in plan) else query


def create_bad(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE OR REPLACE TABLE bad (line BIGINT, rule VARCHAR, raw VARCHAR)")


def number(con: duckdb.DuckDBPyConnection, blanks: Sequence[int], first_line: int) -> bool:
    """Fill ``skips``: after ``start`` good rows, ``lines`` lines were no good rows."""
    import pyarrow as pa

    con.register("blank_lines", pa.table({"line": pa.array(blanks, pa.int64())}))
    con.execute(
        f"""CREATE OR REPLACE TABLE skips AS
        SELECT line - {first_line} - n AS start, max(n + 1) AS lines
        FROM (SELECT line, row_number() OVER (ORDER BY line) - 1 AS n
              FROM (SELECT line FROM blank_lines UNION SELECT line FROM bad)
              WHERE line >= {first_line})
        GROUP BY start ORDER BY start"""
    )
    con.unregister("blank_lines")
    return bool(scalar(con, "SELECT count(*) FROM skips"))


def scalar(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    row = con.execute(query).fetchone()
    return row[0] if row else None


def read_csv(
    con: duckdb.DuckDBPyConnection,
    staged: StagedText,
    options: FileOptions,
    columns: tuple[str, ...],
) -> Raw:
    """Parse a staged text; ragged rows go to ``bad`` with their line numbers."""
    census, text = staged.census, staged
    header_line = _header_line(census.blanks) if options.header else 0
    first = header_line + 1
    blanks = [n for n in census.blanks if n > header_line] if len(columns) > 1 else []
    has_quotes = census.quotes > 0
    try:
        _parse(con, text.path, options, columns, quote='"' if has_quotes else "")
        torn = has_quotes and scalar(
            con,
            "SELECT count(*) FROM reject_errors"
            " WHERE ltrim(csv_line, chr(10)) LIKE '%' || chr(10) || '_%'",
        )
    except duckdb.InvalidInputException:
        if not has_quotes:
            raise
        torn = 1
    if torn:  # an open quote swallowed lines: take every line for itself
        odd = _without_odd_lines(text.path, header_line)
        _parse(con, text.path, options, columns, quote='"')
        _collect(con, odd)
        blanks = blanks + [line for line, _ in odd]
    else:
        _collect(con, [])
    if not has_quotes:
        _drop_padded(con, staged, options, columns, first)
    good, bad = scalar(con, "SELECT count(*) FROM raw"), scalar(con, "SELECT count(*) FROM bad")
    return Raw(columns, good + bad, first, number(con, blanks, first))


def _header_line(blanks: Sequence[int]) -> int:
    line, known = 1, set(blanks[:1000])
    while line in known:
        line += 1
    return line


def _parse(con: duckdb.DuckDBPyConnection, path: Path, options: FileOptions,
           columns: tuple[str, ...], *, quote: str) -> None:  # fmt: skip
    for table in ("raw", "reject_errors", "reject_scans"):
        con.execute(f"DROP TABLE IF EXISTS {table}")
    types = ", ".join(f"'{sql.raw(n)}': 'VARCHAR'" for n in range(len(columns)))
    limit = max(2 << 20, options.max_line_bytes * 2)
    con.execute(
        f"""CREATE TEMP TABLE raw AS SELECT * FROM read_csv({sql.text(str(path))},
        auto_detect=false, header={str(options.header).lower()}, columns={{{types}}},
        delim={sql.text(options.delimiter)}, quote='{quote}', escape='{quote}',
        nullstr=[{sql.texts(nulls(options))}], allow_quoted_nulls=true, null_padding=false,
        strict_mode=true, store_rejects=true, rejects_limit=0, max_line_size={limit})"""
    )


def _collect(con: duckdb.DuckDBPyConnection, odd: Sequence[tuple[int, str]]) -> None:
    """Move what the parser refused into ``bad``: one row a line."""
    import pyarrow as pa

    create_bad(con)
    con.execute(
        f"""INSERT INTO bad SELECT line, CASE min(error_type::VARCHAR)
            WHEN 'MISSING COLUMNS' THEN '{Rule.TOO_FEW}'
            WHEN 'TOO MANY COLUMNS' THEN '{Rule.TOO_MANY}'
            ELSE '{Rule.BAD_QUOTE}' END, ltrim(any_value(csv_line), chr(10))
        FROM reject_errors GROUP BY line"""
    )
    if odd:
        con.register(
            "odd_lines", pa.table({"line": [n for n, _ in odd], "raw": [t for _, t in odd]})
        )
        con.execute(f"INSERT INTO bad SELECT line, '{Rule.BAD_QUOTE}', raw FROM odd_lines")
        con.unregister("odd_lines")


def _without_odd_lines(path: Path, header_line: int) -> list[tuple[int, str]]:
    """Blank out the lines whose quotes do not pair, in place, and return them."""
    odd: list[tuple[int, str]] = []
    clean = path.with_suffix(".even")
    with path.open("rb") as source, clean.open("wb") as target:
        for number, line in enumerate(source, 1):
            if line.count(b'"') % 2 and number != header_line:
                odd.append((number, line.decode("utf-8").rstrip("\n")))
                target.write(b"\n")
            else:
                target.write(line)
    clean.replace(path)
    return odd


def _drop_padded(con: duckdb.DuckDBPyConnection, staged: StagedText, options: FileOptions,
                 columns: tuple[str, ...], first: int) -> None:  # fmt: skip
    """Find rows with empty fields too many: the parser takes them for good ones.

    The census counted the delimiters without parsing; only if they do not add up are the
    lines looked at.
    """
    each = len(columns) - 1
    delimiter = sql.text(options.delimiter)
    good = scalar(con, "SELECT count(*) FROM raw")
    in_bad = scalar(
        con,
        f"SELECT coalesce(sum(len(raw) - len(replace(raw, {delimiter}, ''))), 0) FROM bad",
    )
    header = each if options.header else 0
    if staged.census.delimiters == good * each + in_bad + header:
        return
    has_skips = number(con, staged.census.blanks, first)
    numbered = Raw(columns, 0, first, has_skips)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE padded AS
        SELECT n AS line, text FROM (
          SELECT row_number() OVER () AS n, text FROM read_csv({sql.text(str(staged.path))},
            auto_detect=false, header=false, columns={{'text': 'VARCHAR'}}, delim=chr(31),
            quote='', escape='', max_line_size={max(2 << 20, options.max_line_bytes * 2)}))
        WHERE n >= {first} AND len(text) - len(replace(text, {delimiter}, '')) > {each}
          AND n NOT IN (SELECT line FROM bad)"""
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE kept AS SELECT raw.* FROM {numbered.source}
        WHERE {numbered.line} NOT IN (SELECT line FROM padded) ORDER BY raw.rowid"""
    )
    con.execute(f"INSERT INTO bad SELECT line, '{Rule.TOO_MANY}', text FROM padded")
    con.execute("DROP TABLE raw; ALTER TABLE kept RENAME TO raw; DROP TABLE padded")


def read_xlsx(con: duckdb.DuckDBPyConnection, path: Path, options: FileOptions,
              registered: Sequence[str]) -> Raw:  # fmt: skip
    """Read one sheet. The reader hands out Python rows; a sheet has at most 1,048,576."""
    import pyarrow as pa
    from python_calamine import CalamineError, CalamineWorkbook

    refuse_sheet_bombs(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        if options.sheet and options.sheet not in book.sheet_names:
            raise Unreadable("SHEET_UNKNOWN", "工作簿里没有登记的工作表。",
                             "请核对读取选项中的工作表名称。")  # fmt: skip
        sheet = book.get_sheet_by_name(options.sheet or book.sheet_names[0])
        rows = sheet.to_python(skip_empty_area=False)
    except CalamineError:
        raise not_what_it_says("电子表格", "损坏或加密的工作簿") from None
    rows_with_lines = [(n, row) for n, row in enumerate(rows, 1) if any(v != "" for v in row)]
    if not rows_with_lines:
        raise empty_file()
    first = 1
    if options.header:
        first, head = rows_with_lines.pop(0)
        while head and head[-1] == "":
            head = head[:-1]
        columns = check_header([_cell(value) or "" for value in head])
        first += 1
    else:
        columns = tuple(registered) or tuple(f"column_{n + 1}" for n in range(len(rows[0])))
    width = len(columns)
    wide = [(n, row) for n, row in rows_with_lines if any(v != "" for v in row[width:])]
    wrong = {n for n, _ in wide}
    rows_with_lines = [(n, row) for n, row in rows_with_lines if n not in wrong]
    values = [
        pa.array(
            [_cell(row[c]) if c < len(row) else None for _, row in rows_with_lines], pa.string()
        )
        for c in range(width)
    ]
    create_bad(con)
    con.executemany("INSERT INTO bad VALUES (?, ?, ?)",
                    [(n, Rule.TOO_MANY.value, ",".join(_cell(v) or "" for v in r)) for n, r in wide]
                    ) if wide else None  # fmt: skip
    take(con, pa.table(values, names=[sql.raw(n) for n in range(width)]), options)
    lines = {n for n, _ in rows_with_lines}
    blanks = [n for n in range(first, len(rows) + 1) if n not in lines and n not in wrong]
    return Raw(columns, len(rows_with_lines) + len(wide), first, number(con, blanks, first))


def _cell(value: Any) -> str | None:
    """Return a cell as it would stand in a text file: 3 and not 3.0, ISO dates."""
    match value:
        case "":
            return None
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1 << 53:
            return str(int(value))
        case _:
            return str(value)


def take(con: duckdb.DuckDBPyConnection, table: Any, options: FileOptions) -> None:
    con.register("incoming_table", table)
    words = nulls(options)
    picks = ", ".join(f"{sql.something(c, words)} AS {c}" for c in table.column_names)
    con.execute(f"CREATE OR REPLACE TEMP TABLE raw AS SELECT {picks} FROM incoming_table")
    con.unregister("incoming_table")


def read_parquet(con: duckdb.DuckDBPyConnection, path: Path, options: FileOptions) -> Raw:
    where = sql.text(str(path))
    try:
        names = [
            row[0]
            for row in con.execute(f"DESCRIBE SELECT * FROM read_parquet({where})").fetchall()
        ]
    except duckdb.Error:
        raise not_what_it_says("Parquet", "损坏或不完整的 Parquet 文件") from None
    columns = check_header(names)
    count_rows(con, where, width=len(columns), size=path.stat().st_size)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE raw AS"
        f" SELECT {text_columns(names, options)} FROM read_parquet({where})"
    )
    create_bad(con)
    return Raw(columns, scalar(con, "SELECT count(*) FROM raw"), 1, False)


def text_columns(names: Sequence[str], options: FileOptions) -> str:
    """Return the SQL of the raw table's columns over columns of any type."""
    return ", ".join(
        f"{text_value(sql.name(n), options)} AS {sql.raw(i)}" for i, n in enumerate(names)
    )


def text_value(column: str, options: FileOptions) -> str:
    """Return the SQL of a column's text; NULL for a word that stands for nothing."""
    return sql.something(f"{column}::VARCHAR", nulls(options))


def count_rows(con: duckdb.DuckDBPyConnection, where: str, *, width: int, size: int) -> int:
    """Return the rows of a Parquet file, as its footer says.

    A column of equal values packs a thousand million rows into a few thousand bytes: refused.
    """
    rows = int(scalar(con, f"SELECT sum(num_rows) FROM parquet_file_metadata({where})") or 0)
    if rows * width > max(RATIO_FLOOR, size * MAX_RATIO):
        raise bomb()
    return rows
