"""PRD03: a way over the toll network that uses no station shut at the moment of the question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected
from tongqu.opening import public as opening
from tongqu.products.domain import problems
from tongqu.products.domain.prd03 import network as sql
from tongqu.products.domain.prd03.search import Network, Node, nearest, network, shortest
from tongqu.products.vocabulary import Avoided, Place, RouteView, Stop, Vehicle

if TYPE_CHECKING:  # Arrow is loaded by who reads
    import pyarrow as pa

STATIONS, CONTROLS = "svc_toll_station", "svc_toll_station_control"
SIDES = {"entry": ("入口", "双向"), "exit": ("出口", "双向")}
SIDE_LABELS = {"entry": "入口", "exit": "出口"}


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was made of one edition of an open set: it changes with the set, not by the call."""

    edition: str
    made: Any


_kept: dict[str, _Kept] = {}  # by table, in each process


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
    def made() -> Network:
        nodes, pairs = _read(STATIONS, "stations", sql.NODES, sql.EDGES)
        edges = [(e["a"], e["b"], e["km"]) for e in pairs.to_pylist()]
        return network([Node(**row) for row in nodes.to_pylist()], edges)

    found: Network = _of_edition(STATIONS, made)
    return found


def _closed(at: datetime, vehicle: Vehicle) -> list[dict[str, Any]]:
    """Return what is shut. A lift that came in makes another edition of the controls."""
    from tongqu.lake.public import engine

    shutting = _of_edition(CONTROLS, lambda: _read(CONTROLS, "controls", sql.SHUTTING)[0])
    # Source times are Shanghai wall-clock time.
    moment = at.astimezone(clock.SHANGHAI).replace(tzinfo=None)
    values = {"moment": moment, "vehicle": vehicle.value}
    tables = {"shutting": shutting}
    with engine().relation(sql.CLOSED, tables=tables, parameters=values) as result:
        found: list[dict[str, Any]] = result.arrow().to_pylist()
        return found


def _of_edition(table: str, make: Callable[[], Any]) -> Any:
    """Return what is made of an open set, made anew for each edition. Raises: ``Rejected``."""
    edition = opening.edition_of(table)
    if edition is None:
        raise Rejected(problems.not_open(table))
    kept = _kept.get(table)
    if kept is None or kept.edition != edition:
        kept = _kept[table] = _Kept(edition, make())
    return kept.made


def _read(table: str, view: str, *texts: str) -> "list[pa.Table]":
    """Run statements over an open set as it is released, written once for all of them."""
    from tongqu.lake.public import engine

    lake = engine()
    path = lake.scratch()
    try:
        if not opening.write_open_table(table, path):
            raise Rejected(problems.not_open(table))
        found = []
        for text in texts:
            with lake.relation(text, tables={view: [str(path)]}) as result:
                found.append(result.arrow())
        return found
    finally:
        path.unlink(missing_ok=True)
