"""Dijkstra over the toll network, from several entries to several exits at once."""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from tongqu.products.vocabulary import Place

TRIED = 8  # nearest usable stations at either end
EARTH_KM = 6371
# A km of straight line to a station costs as much as this on the motorway: ordinary roads are
# longer and slower. An assumption, as the batch has no ordinary roads.
ACCESS = 3.0


@dataclass(frozen=True, slots=True)
class Node:
    code: str
    name: str
    route: str
    lon: float
    lat: float
    entry_lanes: int
    exit_lanes: int


@dataclass(frozen=True, slots=True)
class Network:
    """Stations by code, and the neighbours of each with the km between."""

    nodes: Mapping[str, Node]
    edges: Mapping[str, Sequence[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Way:
    """Stations in order with the cost at each, access included; ``cost`` to the very end."""

    codes: tuple[str, ...]
    at: tuple[float, ...]
    cost: float

    @property
    def km(self) -> float:
        """On the motorway, from the entry to the exit."""
        return self.at[-1] - self.at[0]


def network(nodes: Iterable[Node], pairs: Iterable[tuple[str, str, float]]) -> Network:
    edges: dict[str, list[tuple[str, float]]] = {}
    for a, b, km in pairs:
        edges.setdefault(a, []).append((b, km))
        edges.setdefault(b, []).append((a, km))
    return Network({node.code: node for node in nodes}, edges)


def straight_km(a: Place, lon: float, lat: float) -> float:
    half = sin(radians(lat - a.lat) / 2) ** 2
    half += cos(radians(a.lat)) * cos(radians(lat)) * sin(radians(lon - a.lon) / 2) ** 2
    return EARTH_KM * 2 * asin(sqrt(half))


def nearest(
    net: Network, place: Place, *, side: str, shut: Collection[str]
) -> tuple[list[tuple[str, float]], list[str]]:
    """Return the usable stations nearest to a place, each with its cost, and nearer shut ones."""
    lanes = [n for n in net.nodes.values() if (n.entry_lanes if side == "entry" else n.exit_lanes)]
    by_km = sorted((straight_km(place, n.lon, n.lat) * ACCESS, n.code) for n in lanes)
    usable = [(code, km) for km, code in by_km if code not in shut][:TRIED]
    farthest = usable[-1][1] if usable else float("inf")
    return usable, [code for km, code in by_km if code in shut and km <= farthest]


def shortest(
    net: Network, starts: Iterable[tuple[str, float]], ends: Iterable[tuple[str, float]]
) -> Way | None:
    """Return the shortest way from any start to any end, access included; None without one."""
    left = dict(ends)
    best: dict[str, float] = {}
    before: dict[str, str] = {}
    queue = [(km, code, "") for code, km in starts]
    heapq.heapify(queue)
    found: tuple[float, str] | None = None
    while queue:
        km, code, came = heapq.heappop(queue)
        if found and km >= found[0]:
            break
        if code in best:
            continue
        best[code], before[code] = km, came
        if code in left and (found is None or km + left[code] < found[0]):
            found = (km + left[code], code)
        for other, length in net.edges.get(code, ()):
            if other not in best:
                heapq.heappush(queue, (km + length, other, code))
    return _way(found, best, before) if found else None


def _way(found: tuple[float, str], best: Mapping[str, float], before: Mapping[str, str]) -> Way:
    codes = [found[1]]
    while before[codes[-1]]:
        codes.append(before[codes[-1]])
    codes.reverse()
    return Way(tuple(codes), tuple(best[code] for code in codes), found[0])
