"""Changes to a chart by small steps: what the forms offer where no script runs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from tongqu.functions.domain.problems import bad_chart
from tongqu.functions.domain.swimlane import Flow, Lane, Link, Model, Node, Phase, checked
from tongqu.functions.vocabulary import NodeKind, Relation
from tongqu.kernel.problems import Rejected

Given = Mapping[str, str]
Part = TypeVar("Part", Lane, Phase, Node)


def apply(model: Model, step: str, given: Given) -> Model:
    """Return the chart after one step. Raises: ``Rejected`` BAD_CHART."""
    if step not in STEPS:
        raise Rejected(bad_chart("没有这种修改"))
    try:
        return checked(STEPS[step](model, given))
    except ValueError as error:
        raise Rejected(bad_chart("所选的内容不在可选范围")) from error


def _fresh(model: Model, prefix: str) -> str:
    keys = set(model.keys)
    return next(key for n in range(1, 99_999) if (key := f"{prefix}{n}") not in keys)


def _changed(parts: tuple[Part, ...], key: str, **values: Any) -> tuple[Part, ...]:
    return tuple(replace(p, **values) if p.key == key else p for p in parts)


def _moved(parts: tuple[Part, ...], key: str, by: int) -> tuple[Part, ...]:
    row = list(parts)
    at = next((n for n, part in enumerate(row) if part.key == key), -1)
    to = at + by
    if at >= 0 and 0 <= to < len(row):
        row[at], row[to] = row[to], row[at]
    return tuple(row)


def _put_lane(model: Model, given: Given) -> Model:
    key, department = given.get("key", ""), given.get("department", "")
    if key:
        lanes = _changed(model.lanes, key, name=given.get("name", ""), department=department)
        return replace(model, lanes=lanes)
    lane = Lane(_fresh(model, "lane_"), given.get("name", ""), department)
    return replace(model, lanes=(*model.lanes, lane))


def _put_phase(model: Model, given: Given) -> Model:
    key = given.get("key", "")
    if key:
        return replace(model, phases=_changed(model.phases, key, name=given.get("name", "")))
    phase = Phase(_fresh(model, "phase_"), given.get("name", ""))
    return replace(model, phases=(*model.phases, phase))


def _put_node(model: Model, given: Given) -> Model:
    values: dict[str, Any] = {
        name: given.get(name, "") for name in ("name", "lane", "phase", "item", "system")
    }
    kind = NodeKind(given.get("kind") or "task")
    key = given.get("key", "")
    if key:
        return replace(model, nodes=_changed(model.nodes, key, **values, kind=kind))
    node = Node(key=_fresh(model, "node_"), kind=kind, **values)
    return replace(model, nodes=(*model.nodes, node))


def _move(model: Model, given: Given) -> Model:
    key, by = given.get("key", ""), -1 if given.get("by") == "up" else 1
    return replace(
        model, lanes=_moved(model.lanes, key, by), phases=_moved(model.phases, key, by),
        nodes=_moved(model.nodes, key, by),
    )  # fmt: skip


def _delete(model: Model, given: Given) -> Model:
    """Take a part out. A lane takes its nodes along; a phase leaves them without a phase."""
    key = given.get("key", "")
    nodes = tuple(
        replace(node, phase="") if node.phase == key else node
        for node in model.nodes
        if key not in (node.key, node.lane)
    )
    kept = {node.key for node in nodes}
    return Model(
        tuple(lane for lane in model.lanes if lane.key != key),
        tuple(phase for phase in model.phases if phase.key != key),
        nodes,
        tuple(f for f in model.flows if f.key != key and {f.source, f.target} <= kept),
    )


def _put_link(model: Model, given: Given) -> Model:
    link = Link(given.get("entry", "").strip(), Relation(given.get("relation", "")))
    if not link.entry:
        raise ValueError("no entry")
    node = model.node(given.get("key", ""))
    links = (*(node.links if node else ()), link)
    return replace(model, nodes=_changed(model.nodes, given.get("key", ""), links=links))


def _drop_link(model: Model, given: Given) -> Model:
    link = Link(given.get("entry", ""), Relation(given.get("relation", "")))
    node = model.node(given.get("key", ""))
    links = tuple(one for one in (node.links if node else ()) if one != link)
    return replace(model, nodes=_changed(model.nodes, given.get("key", ""), links=links))


def _put_flow(model: Model, given: Given) -> Model:
    flow = Flow(
        _fresh(model, "flow_"), given.get("source", ""), given.get("target", ""),
        given.get("name", ""),
    )  # fmt: skip
    return replace(model, flows=(*model.flows, flow))


STEPS: dict[str, Callable[[Model, Given], Model]] = {
    "lane": _put_lane,
    "phase": _put_phase,
    "node": _put_node,
    "move": _move,
    "delete": _delete,
    "link": _put_link,
    "unlink": _drop_link,
    "flow": _put_flow,
}
