"""PRD03: a way over the toll network that uses no station shut at the moment of the question."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected
from tongqu.opening import public as opening
from tongqu.products.domain import problems
from tongqu.products.domain.prd03 import network as sql
from tongqu.products.domain.prd03.search import Network, Node, nearest, network, shortest
from tongqu.products.vocabulary import Avoided, Place, RouteView, Stop, Vehicle

STATIONS, CONTROLS = "svc_toll_station", "svc_toll_station_control"
SIDES = {"entry": ("入口", "双向"), "exit": ("出口", "双向")}
SIDE_LABELS = {"entry": "入口", "exit": "出口"}


@dataclass(slots=True)
class _Kept:
    """The network of one edition of the stations: it changes with the set, not by the call."""

    edition: str = ""
    network: Network | None = None


_kept = _Kept()


def route(
    origin: Place, goal: Place, *, moment: datetime | None = None, vehicle: Vehicle = Vehicle.TRUCK
) -> RouteView:
    """Return the shortest way at a moment (now unless given).

    An entry under closure is not used from the first served record on until its lift message.
    Raises: ``Rejected`` INPUT_NOT_OPEN, NO_ROUTE.
    """
    at = moment or clock.now()
    net = _network()
    shut = _closed(at, vehicle)
    ends: dict[str, list[tuple[str, float]]] = {}
    avoided: list[Avoided] = []
    for side, place in (("entry", origin), ("exit", goal)):
        against = {row["code"]: row for row in shut if row["side"] in SIDES[side]}
        ends[side], missed = nearest(net, place, side=side, shut=against.keys())
        avoided += [_avoided(against[code], side) for code in missed]
    way = shortest(net, ends["entry"], ends["exit"])
    if way is None:
        raise Rejected(problems.NO_ROUTE)
    stops = tuple(
        Stop(code, net.nodes[code].name, net.nodes[code].route, round(cost - way.at[0], 1))
        for code, cost in zip(way.codes, way.at, strict=True)
    )
    return RouteView(round(way.km, 1), stops, tuple(avoided), at)


def farthest() -> tuple[Place, Place] | None:
    """Return the places of the stations farthest west and east; None while none are open."""
    try:
        nodes = _network().nodes.values()
    except Rejected:
        return None
    if not nodes:
        return None
    ends = min(nodes, key=lambda node: node.lon), max(nodes, key=lambda node: node.lon)
    return Place(ends[0].lon, ends[0].lat), Place(ends[1].lon, ends[1].lat)


def _avoided(row: Mapping[str, Any], side: str) -> Avoided:
    since = row["since"]
    return Avoided(row["code"], row["name"], SIDE_LABELS[side], row["control"], since)


def _network() -> Network:
    edition = opening.edition_of(STATIONS)
    if edition is None:
        raise Rejected(problems.not_open(STATIONS))
    if _kept.network is None or _kept.edition != edition:
        nodes = [Node(**row) for row in _asked(sql.NODES, stations=STATIONS)]
        pairs = [(e["a"], e["b"], e["km"]) for e in _asked(sql.EDGES, stations=STATIONS)]
        _kept.network, _kept.edition = network(nodes, pairs), edition
    return _kept.network


def _closed(at: datetime, vehicle: Vehicle) -> list[dict[str, Any]]:
    """Return what is shut; asked anew for every question, since a lift may have come in."""
    # Source times are Shanghai wall-clock time.
    moment = at.astimezone(clock.SHANGHAI).replace(tzinfo=None)
    values = {"moment": moment, "vehicle": vehicle.value}
    return _asked(sql.CLOSED, values, controls=CONTROLS)


def _asked(
    text: str, values: Mapping[str, object] | None = None, **views: str
) -> list[dict[str, Any]]:
    """Run one statement over open sets as they are released; the answer is small."""
    from tongqu.lake.public import engine

    made: dict[str, Path] = {}
    lake = engine()
    try:
        for view, table in views.items():
            made[view] = lake.scratch()
            if not opening.write_open_table(table, made[view]):
                raise Rejected(problems.not_open(table))
        tables = {view: [str(path)] for view, path in made.items()}
        with lake.relation(text, tables=tables, parameters=values or {}) as result:
            found: list[dict[str, Any]] = result.arrow().to_pylist()
            return found
    finally:
        for path in made.values():
            path.unlink(missing_ok=True)
