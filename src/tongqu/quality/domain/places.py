"""Where things are: a polygon or lines as a small table that rows are joined with.

A polygon becomes trapezoids between the heights of its corners, filed by horizontal stripes; a
point lies inside if it lies in one of the trapezoids of its stripe. Lines become segments filed
by squares. Both are an equality on the file and a comparison: a hash join in any engine, exact
but for what lies on the border itself.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, radians

KM = 111.195  # a degree of latitude
MOST_POINTS = 200_000
MOST_STRIPES = 4_096
SQUARE = 0.005  # least side of a square of lines, degrees
WIDE = 1_000_000  # squares in a row: more than there are round the earth
_PART = re.compile(r"\(([^()]+)\)")
_NUMBER = r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?"
_PAIR = re.compile(rf"\s*({_NUMBER})\s+({_NUMBER})(?:\s+{_NUMBER}){{0,2}}\s*\Z")
Line = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A table to join with: equal-length columns; ``box`` is west, south, east, north.

    ``step`` is the height of a stripe or the side of a square.
    """

    columns: Mapping[str, Sequence[float | int]]
    box: tuple[float, float, float, float]
    step: float


def lines_of(wkt: str) -> list[Line]:
    """Return the rings or lines of a WKT text. Raises: ``ValueError``."""
    if not re.match(r"\s*(MULTI)?(POLYGON|LINESTRING)\b", wkt, re.IGNORECASE):
        raise ValueError("应为 POLYGON、MULTIPOLYGON、LINESTRING 或 MULTILINESTRING")
    found: list[Line] = []
    for part in _PART.findall(wkt):
        pairs = [_PAIR.match(pair) for pair in part.split(",")]
        if not all(pairs):
            raise ValueError("坐标应为“经度 纬度”")
        found.append([(float(pair[1]), float(pair[2])) for pair in pairs if pair])
    if not found or sum(map(len, found)) > MOST_POINTS:
        raise ValueError(f"坐标应为 1 至 {MOST_POINTS} 个")
    return found


def polygon(rings: Sequence[Line]) -> Shape:
    """Return the inside of rings, holes left out, as trapezoids by stripes."""
    edges = sorted(
        (min(a[1], b[1]), max(a[1], b[1]), a, b)
        for ring in rings
        for a, b in itertools.pairwise([*ring, ring[0]])
        if a[1] != b[1]
    )
    if len(edges) < 2:
        raise ValueError("面至少有三条边")
    xs = [x for ring in rings for x, _ in ring]
    heights = sorted({y for low, high, _, _ in edges for y in (low, high)})
    south, north = heights[0], heights[-1]
    step = (north - south) / min(MOST_STRIPES, max(16, len(heights)))
    rows: list[tuple[float | int, ...]] = []
    for low, high, left, right in _trapezoids(edges, heights):
        for stripe in range(floor((low - south) / step), floor((high - south) / step) + 1):
            rows.append((stripe, low, high, *left, *right))
    names = ("cell", "low", "high", "left_x", "left_k", "right_x", "right_k")
    columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return Shape(columns, (min(xs), south, max(xs), north), step)


Edge = tuple[float, float, tuple[float, float], tuple[float, float]]
Side = tuple[float, float]  # x at the lower height, and how it grows


def _trapezoids(
    edges: Sequence[Edge], heights: Sequence[float]
) -> Iterator[tuple[float, float, Side, Side]]:
    active: list[Edge] = []
    at = 0
    for low, high in itertools.pairwise(heights):
        active = [edge for edge in active if edge[1] > low]
        while at < len(edges) and edges[at][0] <= low:
            active.append(edges[at])
            at += 1
        middle = (low + high) / 2
        crossing = sorted(((_x(edge, middle), edge) for edge in active), key=lambda one: one[0])
        for (_, left), (_, right) in zip(crossing[::2], crossing[1::2], strict=False):
            yield low, high, _side(left, low), _side(right, low)


def _x(edge: Edge, y: float) -> float:
    (x1, y1), (x2, y2) = edge[2], edge[3]
    return x1 + (y - y1) * (x2 - x1) / (y2 - y1)


def _side(edge: Edge, low: float) -> Side:
    (x1, y1), (x2, y2) = edge[2], edge[3]
    return _x(edge, low), (x2 - x1) / (y2 - y1)


def network(lines: Sequence[Line], *, metres: float) -> Shape:
    """Return segments in metres round their first end, in every square they may be near to."""
    ys = [y for line in lines for _, y in line]
    xs = [x for line in lines for x, _ in line]
    if max(map(abs, ys)) > 85:
        raise ValueError("线应在南北纬 85 度之间")
    dy = metres / 1000 / KM
    dx = dy / cos(radians(max(map(abs, ys))))
    west, south = min(xs) - dx, min(ys) - dy
    step = max(SQUARE, 2 * dx)
    rows: list[tuple[float | int, ...]] = []
    for line in lines:
        for (x1, y1), (x2, y2) in itertools.pairwise(line):
            wide = KM * 1000 * cos(radians((y1 + y2) / 2))
            a, b = (x2 - x1) * wide, (y2 - y1) * KM * 1000
            length = a * a + b * b
            across = range(
                floor((min(x1, x2) - dx - west) / step), ceil((max(x1, x2) + dx - west) / step)
            )
            up = range(
                floor((min(y1, y2) - dy - south) / step), ceil((max(y1, y2) + dy - south) / step)
            )
            for i, j in itertools.product(across, up):
                rows.append((j * WIDE + i, x1, y1, wide, a, b, 1 / length if length else 0.0))
    names = ("cell", "x", "y", "wide", "a", "b", "inverse")
    columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return Shape(columns, (west, south, max(xs) + dx, max(ys) + dy), step)


def cell_of(shape: Shape, *, is_network: bool) -> str:
    """Return SQL of the cell of ``lon`` and ``lat``; NULL where there is none."""
    west, south, _, _ = shape.box
    up = f"floor((lat - {_e(south)}) / {_e(shape.step)})"
    if not is_network:
        return f"TRY_CAST({up} AS BIGINT)"
    across = f"floor((lon - {_e(west)}) / {_e(shape.step)})"
    return f"TRY_CAST({up} * {WIDE} + {across} AS BIGINT)"


def within_box(shape: Shape) -> str:
    west, south, east, north = (_e(side) for side in shape.box)
    return f"lon >= {west} AND lon <= {east} AND lat >= {south} AND lat <= {north}"


def meets(*, metres: float | None) -> str:
    """Return the comparison of point ``p`` and filed piece ``g``."""
    if metres is None:
        left, right = (
            f"g.{s}_x + (p.lat - g.low) * g.{s}_k" for s in ("left", "right")
        )  # fmt: skip
        return (
            f"p.cell = g.cell AND p.lat >= g.low AND p.lat < g.high"
            f" AND p.lon >= {left} AND p.lon < {right}"
        )
    x, y = "((p.lon - g.x) * g.wide)", f"((p.lat - g.y) * {_e(KM * 1000)})"
    along = f"least({_e(1.0)}, greatest({_e(0.0)}, ({x} * g.a + {y} * g.b) * g.inverse))"
    off_x, off_y = f"({x} - {along} * g.a)", f"({y} - {along} * g.b)"
    return f"p.cell = g.cell AND {off_x} * {off_x} + {off_y} * {off_y} <= {_e(metres * metres)}"


def _e(value: float) -> str:
    """Return a number that no engine takes for a decimal."""
    return f"CAST('{value!r}' AS DOUBLE)"
