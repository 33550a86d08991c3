"""The file connector: everything between a file that came in and rows ready to store."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tongqu.adapters.sources.files import detect, landing, staging
from tongqu.adapters.sources.files.detect import Kind
from tongqu.adapters.sources.files.guards import LineGuard
from tongqu.catalog.vocabulary import SourceProfile
from tongqu.ingest.ports import Contract, Hashes, Landed, Sorted, Staged, Target
from tongqu.ingest.vocabulary import ColumnSpec, FileFormat, FileOptions

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from tongqu.adapters.sources.files.quick import Stream
    from tongqu.adapters.sources.files.reading import Raw

    Quick = tuple[Staged, Stream]


EXPRESS_FROM = 1 << 20  # bytes: below this there is nothing to gain
SHAPES = frozenset({FileFormat.GEOJSON, FileFormat.SHAPEFILE})


@dataclass(slots=True)
class FileConnector:
    """Reads files. ``memory_mb`` and ``threads`` bound what the engine may take."""

    memory_mb: int = 2048
    threads: int = 2

    def first_pages(self, path: Path, options: FileOptions) -> Sequence[str]:
        del options  # a mark must be found whatever the file claims to be
        return detect.first_pages(path)

    def digest(self, path: Path) -> str:
        return landing.digest(path)

    def sweep(self, landing_place: Path) -> None:
        landing.sweep(landing_place)

    def land(self, path: Path, landing_place: Path, options: FileOptions, *, name: str) -> Landed:
        kind = detect.kind_of(path, options, name=name)
        # LF is LF in every encoding that we read, so the length is guarded while copying.
        is_plain = kind.compression == "none" and _has_lines(path, kind, options.records)
        guard = LineGuard(options.max_line_bytes) if is_plain else None
        return landing.land(path, landing_place, guard)

    def hash_scheme(self) -> str:
        from tongqu.adapters.sources.files.duplicates import scheme

        return scheme()

    def schema(self, columns: Sequence[ColumnSpec]) -> "pa.Schema":
        from tongqu.adapters.sources.files.types import arrow_schema

        return arrow_schema(columns)

    @contextmanager
    def open(self, landed: Landed, contract: Contract, *, name: str) -> Iterator["OpenedFile"]:
        kind = detect.kind_of(landed.path, contract.options, name=name)
        with (
            landing.storage_errors(),
            tempfile.TemporaryDirectory(
                prefix=landing.own("work"), dir=landed.path.parent.parent
            ) as scratch,
            self._engine(Path(scratch)) as con,
        ):
            stream = _quick(con, landed, kind, contract)
            yield OpenedFile(con, (landed.path, kind), contract, Path(scratch), stream)

    @contextmanager
    def _engine(self, scratch: Path) -> Iterator["duckdb.DuckDBPyConnection"]:
        import duckdb

        con = duckdb.connect(":memory:", config={
            "memory_limit": f"{self.memory_mb}MB", "threads": self.threads,
            "temp_directory": str(scratch / "spill"),
            "autoinstall_known_extensions": False, "autoload_known_extensions": False,
        })  # fmt: skip
        con.execute("SET TimeZone = 'UTC'")
        try:
            yield con
        finally:
            con.close()


def _has_lines(path: Path, kind: Kind, records: str) -> bool:
    if kind.format is FileFormat.CSV:
        return True
    if kind.format is not FileFormat.JSON or records:
        return False
    with detect.unpacked(path, kind) as stream:
        return stream.read(4096).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")


def _quick(
    con: "duckdb.DuckDBPyConnection", landed: Landed, kind: Kind, contract: Contract
) -> "Quick | None":
    """Return how a file could be streamed; None where only the careful way can read it."""
    options = contract.options
    if landed.size < EXPRESS_FROM or not contract.columns or options.crs:
        return None
    if kind.format is FileFormat.PARQUET and kind.compression == "none":
        from tongqu.adapters.sources.files import typed

        rows = typed.rows_of(con, landed.path, contract)
        if rows is None:
            return None
        return Staged(rows.names, rows.records, "", kind.format.value), rows
    if kind.format is FileFormat.CSV and not options.keep_empty:
        from tongqu.adapters.sources.files import express

        with detect.unpacked(landed.path, kind) as stream:
            head = stream.read(detect.HEAD)
        found = express.text_of(landed.path, kind, contract, head)
        if found is None:
            return None
        return Staged(found.names, None, found.encoding, kind.format.value), found
    return None


def _read(con: "duckdb.DuckDBPyConnection", path: Path, kind: Kind, contract: Contract,
          scratch: Path) -> tuple[Staged, "Raw", Contract]:  # fmt: skip
    from tongqu.adapters.sources.files import documents, markup, reading, shapes

    options = contract.options
    registered = [column.name for column in contract.columns]
    encoding, records = "", None
    match kind.format:
        case FileFormat.XLSX:
            raw = reading.read_xlsx(con, _plain(path, kind, scratch), options, registered)
        case FileFormat.PARQUET:
            raw = reading.read_parquet(con, _plain(path, kind, scratch), options)
        case FileFormat.SHAPEFILE:
            raw, encoding, projection = shapes.read_shapes(con, path, kind.member, options)
            if not options.crs:  # the file says its own
                contract = replace(contract, options=replace(options, crs=projection))
        case FileFormat.XML:
            raw = markup.read_xml(con, _plain(path, kind, scratch), options)
        case _:
            has_lines = _has_lines(path, kind, options.records)
            guard = LineGuard(options.max_line_bytes) if has_lines else None
            text = staging.stage(
                path,
                kind,
                target=scratch / "text",
                guard=guard,
                encoding=options.encoding,
                delimiter=options.delimiter,
            )
            encoding = text.encoding
            if kind.format is FileFormat.CSV:
                columns = reading.csv_header(text, options, registered)
                raw = reading.read_csv(con, text, options, columns)
                lines = text.census.lines if len(columns) > 1 else text.census.all_lines
                records = lines - options.header if not text.census.quotes else None
            else:
                raw = documents.read_json(con, text, options, kind.format)
                records = text.census.lines if has_lines else None
    raw = _placed(con, raw, contract, kind)
    staged = Staged(raw.columns, records, encoding, kind.format.value)
    return staged, raw, contract


def _placed(con: "duckdb.DuckDBPyConnection", raw: "Raw", contract: Contract, kind: Kind) -> "Raw":
    """Add places in our coordinate system where the source declares its own."""
    if not contract.options.crs:
        return raw
    from tongqu.adapters.sources.files import placing

    return placing.placed(con, raw, contract, is_shape=kind.format in SHAPES)


def _plain(path: Path, kind: Kind, scratch: Path) -> Path:
    """Return the file itself, unpacked beside the others where it was packed."""
    if kind.compression == "none":
        return path
    from tongqu.adapters.sources.files.guards import chunks

    target = scratch / f"plain.{kind.format.value}"
    with detect.unpacked(path, kind) as stream, target.open("wb") as out:
        for piece in chunks(stream, packed=path.stat().st_size):
            out.write(piece)
    return target


class OpenedFile:
    """A landed file. It is read in full only when somebody asks for more than its columns."""

    def __init__(self, con: "duckdb.DuckDBPyConnection", file: tuple[Path, Kind],
                 contract: Contract, scratch: Path, quick: "Quick | None") -> None:  # fmt: skip
        self._con, self._file = con, file
        self._contract, self.scratch, self._quick = contract, scratch, quick
        self._raw: Raw | None = None
        if quick is None:
            self._open()
        else:
            self.staged = quick[0]
            self._received = self.staged.records or 0

    def _open(self) -> "Raw":
        """Read the records into the engine as text."""
        if self._raw is None:
            self.staged, self._raw, self._contract = _read(
                self._con, *self._file, self._contract, self.scratch
            )
            records = self.staged.records
            self._received = self._raw.records if records is None else records
        return self._raw

    @property
    def received(self) -> int:
        """Return the records: counted without parsing where that is possible."""
        return self._received

    def profile(self, *, title: str) -> tuple[SourceProfile, tuple[ColumnSpec, ...]]:
        from tongqu.adapters.sources.files import profiling

        return profiling.profile(
            self._con, self._open(), code=self._contract.source_code, title=title
        )

    def sort(self, target: Target, known: Hashes) -> Sorted:
        from tongqu.adapters.sources.files import quick, sorting

        with landing.storage_errors():
            if self._quick is not None:
                found = quick.sort(self._con, self._quick[1], self._contract, target, known)
                if found is not None:
                    self._received = found.received
                    return found
            raw = self._open()
            return sorting.sort(self._con, raw, self._contract, target, known)


__all__ = ["FileConnector", "OpenedFile"]
