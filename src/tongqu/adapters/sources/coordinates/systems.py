"""Coordinate systems of sources, turned into CGCS2000/WGS-84 degrees; whole columns at a time.

CGCS2000 and WGS-84 differ by centimetres and are one here (EPSG:4490, EPSG:4326). GCJ-02 and
BD-09 are the public formulas, written here; their inverses are found by fixed-point steps, each
of which shrinks the error about a hundredfold.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from tongqu.ingest.vocabulary import BD09, BRITISH_GRID, GCJ02, MERCATOR

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Pair = tuple[Numbers, Numbers]

_A = 6378245.0  # Krasovsky 1940, metres
_EE = 0.00669342162296594323  # its squared eccentricity
_BD = 3000.0 / 180.0  # times pi
_STEPS = 6  # from 5e-3 degrees to below 1e-12
_SPHERE = 6378137.0  # radius of the web map's sphere, metres
# The formula moves only points of this rough box; elsewhere a map shows them where they are.
_MOVED = (72.004, 0.8293, 137.8347, 55.8271)


def gcj02_from_wgs84(lon: "Numbers", lat: "Numbers") -> "Pair":
    import numpy as np

    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    radians = np.radians(lat)
    magic = 1.0 - _EE * np.sin(radians) ** 2
    north = north * 180.0 / (_A * (1.0 - _EE) / (magic * np.sqrt(magic)) * np.pi)
    east = east * 180.0 / (_A / np.sqrt(magic) * np.cos(radians) * np.pi)
    west_end, south_end, east_end, north_end = _MOVED
    moved = (lon >= west_end) & (lon <= east_end) & (lat >= south_end) & (lat <= north_end)
    return np.where(moved, lon + east, lon), np.where(moved, lat + north, lat)


def wgs84_from_gcj02(lon: "Numbers", lat: "Numbers") -> "Pair":
    return _inverse(gcj02_from_wgs84, lon, lat)


def bd09_from_gcj02(lon: "Numbers", lat: "Numbers") -> "Pair":
    import numpy as np

    z = np.hypot(lon, lat) + 0.00002 * np.sin(lat * np.pi * _BD)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * np.pi * _BD)
    return z * np.cos(angle) + 0.0065, z * np.sin(angle) + 0.006


def gcj02_from_bd09(lon: "Numbers", lat: "Numbers") -> "Pair":
    return _inverse(bd09_from_gcj02, lon, lat)


def _inverse(forward: "Callable[[Numbers, Numbers], Pair]", lon: "Numbers",
             lat: "Numbers") -> "Pair":  # fmt: skip
    """Walk back: where the formula overshoots by so much, start that much earlier."""
    at_lon, at_lat = lon, lat
    for _ in range(_STEPS):
        there_lon, there_lat = forward(at_lon, at_lat)
        at_lon, at_lat = at_lon + (lon - there_lon), at_lat + (lat - there_lat)
    return at_lon, at_lat


def _mercator(x: "Numbers", y: "Numbers") -> "Pair":
    import numpy as np

    return np.degrees(x / _SPHERE), np.degrees(2.0 * np.arctan(np.exp(y / _SPHERE)) - np.pi / 2.0)


@cache
def _grid(name: str) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs(name, "EPSG:4326", always_xy=True)


def _projected(name: str, x: "Numbers", y: "Numbers") -> "Pair":
    import numpy as np

    lon, lat = _grid(name).transform(x, y)
    wrong = ~(np.isfinite(lon) & np.isfinite(lat))  # the library's infinity is no place
    return np.where(wrong, np.nan, lon), np.where(wrong, np.nan, lat)


def to_wgs84(crs: str, x: "Numbers", y: "Numbers") -> "Pair":
    """Return longitudes and latitudes; NaN stays NaN. ``crs``: of ``ingest.domain.place``, or
    the text of a projection file."""
    match crs:
        case "EPSG:4326" | "EPSG:4490":
            return x, y
        case _ if crs == GCJ02:
            return wgs84_from_gcj02(x, y)
        case _ if crs == BD09:
            return wgs84_from_gcj02(*gcj02_from_bd09(x, y))
        case _ if crs == MERCATOR:
            return _mercator(x, y)
        case _ if crs == BRITISH_GRID:
            return _projected(BRITISH_GRID, x, y)
    return _projected(crs, x, y)
