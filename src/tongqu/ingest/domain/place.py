"""Places: which coordinate system a source speaks, and what the platform adds to its rows.

The columns of a source stay as they came. Beside them stand ``lon_cgcs2000`` and
``lat_cgcs2000`` (degrees), and ``wkt_cgcs2000`` where the source has geometries: every later
layer finds places in one system, and the originals are never lost.
"""

from collections.abc import Mapping, Sequence

from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.vocabulary import (
    BD09,
    CGCS2000,
    DERIVED,
    GCJ02,
    LAT,
    LON,
    SYSTEMS,
    WGS84,
    WKT,
    ColumnSpec,
    FileOptions,
)

_OTHER_NAMES = {
    "CGCS2000": CGCS2000, "WGS84": WGS84, "WGS-84": WGS84, "GCJ02": GCJ02, "GCJ-02": GCJ02,
    "BD09": BD09, "BD-09": BD09,
}  # fmt: skip


def system_of(name: str) -> str:
    """Return the system's one name; empty for a name that we do not know."""
    plain = name.strip().upper()
    return _OTHER_NAMES.get(plain) or (plain if plain in SYSTEMS else "")


def is_area(text: str) -> bool:
    """Tell whether a text is ``west,south,east,north`` in degrees."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return False
    return -180 <= west < east <= 180 and -90 <= south < north <= 90


def with_places(columns: Sequence[ColumnSpec], options: FileOptions) -> tuple[ColumnSpec, ...]:
    """Return the columns of a batch: those agreed, and the places that are added to them."""
    if not options.crs or not columns:
        return tuple(columns)
    names = {column.name for column in columns}
    wanted = DERIVED if options.geometry else (LON, LAT)
    return (*columns, *(derived(name) for name in wanted if name not in names))


def said_of(options: Mapping[str, object]) -> dict[str, object]:
    """Return what the options of a source, as JSON, say of places: a pulled piece follows it."""
    names = ("crs", "x", "y", "geometry", "area")
    return {name: options[name] for name in names if options.get(name)}


def derived(name: str) -> ColumnSpec:
    kind = DataType.TEXT if name == WKT else DataType.DECIMAL
    return ColumnSpec(name, kind, fixes=())
