"""A deliberately damaged copy of a file's first lines (示例): every wound is countable."""

import csv
import gzip
import io
import zipfile
from pathlib import Path

from tongqu.project.demo.manifest import SourceFile

GOOD_LINES = 200  # taken as they are: already stored, so they come back as duplicates


def damaged_copy(source: SourceFile, folder: Path) -> tuple[Path, int]:
    """Write a copy with planted defects beside good lines; return it and how many were planted.

    Planted: a row with a field too few, one with a field too many, one without its key.
    """
    header, rows = _first_rows(source.path)
    good, wounded = rows[:GOOD_LINES], rows[GOOD_LINES : GOOD_LINES + 3]
    keys = [index for index, name in enumerate(header) if _is_key(source, name)]
    short, long, keyless = wounded[0][:-1], [*wounded[1], "多出一列"], list(wounded[2])
    planted = [short, long]
    if keys:
        keyless[keys[0]] = ""
        planted.append(keyless)
    path = folder / f"{source.code}-damaged.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([*good, *planted])
    return path, len(planted)


def is_text_table(path: Path) -> bool:
    """Tell whether rows are lines of text; a document is damaged as a whole."""
    return not {".geojson", ".json", ".xlsx", ".parquet"} & set(path.suffixes)


def torn_copy(source: SourceFile, folder: Path) -> Path:
    """Write the first half of the file's content, as an interrupted transfer would leave it."""
    raw = source.path.read_bytes()
    whole = gzip.decompress(raw) if source.path.suffix == ".gz" else raw
    path = folder / source.path.name.removesuffix(".gz")
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _is_key(source: SourceFile, column: str) -> bool:
    item = source.items.get(column)
    return item is not None and item.key


def _first_rows(path: Path) -> tuple[list[str], list[list[str]]]:
    with _open_text(path) as text:
        reader = csv.reader(text)
        header = next(reader)
        rows = [row for row, _ in zip(reader, range(GOOD_LINES + 3), strict=False)]
    return header, rows


def _open_text(path: Path) -> io.TextIOWrapper:
    if path.suffix == ".zip":
        archive = zipfile.ZipFile(path)
        return io.TextIOWrapper(archive.open(archive.namelist()[0]), encoding="utf-8")
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8")
    return path.open(encoding="utf-8")
