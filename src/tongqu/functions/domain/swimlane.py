"""A swim-lane chart as a value: lanes, phases, nodes, flows and what they do with data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tongqu.functions.domain.problems import bad_chart
from tongqu.functions.vocabulary import NodeKind, Relation
from tongqu.kernel.problems import Rejected

MOST_LANES, MOST_PHASES, MOST_NODES, MOST_FLOWS, MOST_LINKS = 60, 40, 1000, 4000, 30
LONGEST_NAME = 120
KEY = re.compile(r"[^\W\d][\w.\-]{0,119}")
CODE = re.compile(r"[A-Za-z0-9_\-]{0,60}")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Lane:
    """泳道. ``department``: code of the organisation that answers for it, or ""."""

    key: str
    name: str
    department: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """阶段."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """What a node does with a catalogue entry."""

    entry: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Node:
    """环节, or a start, an end, a decision. ``item`` and ``system`` are codes of registers."""

    key: str
    name: str
    lane: str
    phase: str = ""
    kind: NodeKind = NodeKind.TASK
    item: str = ""
    system: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    key: str
    source: str
    target: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A chart. Links of a node and flows stand in a fixed order: equal charts are equal."""

    lanes: tuple[Lane, ...] = ()
    phases: tuple[Phase, ...] = ()
    nodes: tuple[Node, ...] = ()
    flows: tuple[Flow, ...] = ()

    def node(self, key: str) -> Node | None:
        return next((node for node in self.nodes if node.key == key), None)

    @property
    def keys(self) -> list[str]:
        """Return the keys of all parts: lanes, phases, nodes, flows."""
        return [
            *(lane.key for lane in self.lanes), *(phase.key for phase in self.phases),
            *(node.key for node in self.nodes), *(flow.key for flow in self.flows),
        ]  # fmt: skip

    @property
    def activities(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.kind is NodeKind.TASK)

    @property
    def entries(self) -> frozenset[str]:
        return frozenset(link.entry for node in self.nodes for link in node.links)


def name_of(text: object) -> str:
    """Return a name as one line without control characters; markup stays what it is: text."""
    return " ".join(_UNPRINTABLE.sub("", str(text or "")).split())[:LONGEST_NAME]


def ordered(model: Model) -> Model:
    """Return the model with links and flows in their fixed order, names as one line."""
    nodes = tuple(
        replace(
            node,
            name=name_of(node.name),
            links=tuple(sorted(set(node.links), key=lambda k: (k.relation.value, k.entry))),
        )
        for node in model.nodes
    )
    flows = sorted((replace(f, name=name_of(f.name)) for f in model.flows), key=lambda f: f.key)
    return Model(
        tuple(replace(lane, name=name_of(lane.name)) for lane in model.lanes),
        tuple(replace(phase, name=name_of(phase.name)) for phase in model.phases),
        nodes,
        tuple(flows),
    )


def checked(model: Model) -> Model:
    """Return the model in order. Raises: ``Rejected`` BAD_CHART saying what does not hold."""
    found = ordered(model)
    for message in (*_sizes(found), *_keys(found), *_references(found)):
        raise Rejected(bad_chart(message))
    return found


def _sizes(model: Model) -> list[str]:
    limits: tuple[tuple[str, Sequence[object], int], ...] = (
        ("泳道", model.lanes, MOST_LANES),
        ("阶段", model.phases, MOST_PHASES),
        ("环节", model.nodes, MOST_NODES),
        ("连线", model.flows, MOST_FLOWS),
        *((f"环节“{node.name}”的数据", node.links, MOST_LINKS) for node in model.nodes),
    )
    wrong = [f"{title}超过 {most} 个" for title, rows, most in limits if len(rows) > most]
    if not model.lanes and model.nodes:
        wrong.append("没有泳道")
    return wrong


def _keys(model: Model) -> list[str]:
    keys = model.keys
    wrong = [f"标识不合规则：{key[:40]}" for key in keys if not KEY.fullmatch(key)]
    if len(set(keys)) < len(keys):
        wrong.append("标识有重复")
    names = [
        *(lane.name for lane in model.lanes), *(phase.name for phase in model.phases),
        *(node.name for node in model.activities),
    ]  # fmt: skip
    if not all(names):
        wrong.append("泳道、阶段、环节都要有名称")
    return wrong


def _references(model: Model) -> list[str]:
    lanes = {lane.key for lane in model.lanes}
    phases = {phase.key for phase in model.phases} | {""}
    nodes = {node.key for node in model.nodes}
    wrong = [f"“{n.name}”不在任何泳道" for n in model.nodes if n.lane not in lanes]
    wrong += [f"“{n.name}”的阶段不存在" for n in model.nodes if n.phase not in phases]
    wrong += ["连线的一端不存在" for f in model.flows if not {f.source, f.target} <= nodes]
    wrong += ["连线的两端是同一环节" for f in model.flows if f.source == f.target]
    codes = [code for n in model.nodes for code in (n.item, n.system)]
    codes += [link.entry for n in model.nodes for link in n.links]
    codes += [lane.department for lane in model.lanes]
    wrong += [f"编码不合规则：{code[:40]}" for code in codes if not CODE.fullmatch(code)]
    return wrong


def from_document(document: Mapping[str, Any]) -> Model:
    """Return the chart of a JSON document. Raises: ``Rejected`` BAD_CHART."""
    try:
        model = Model(
            lanes=tuple(Lane(**lane) for lane in document.get("lanes", ())),
            phases=tuple(Phase(**phase) for phase in document.get("phases", ())),
            nodes=tuple(_node(node) for node in document.get("nodes", ())),
            flows=tuple(Flow(**flow) for flow in document.get("flows", ())),
        )
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise Rejected(bad_chart("内容不完整或有不认识的字段")) from error
    return checked(model)


def _node(given: Mapping[str, Any]) -> Node:
    links = tuple(Link(str(k["entry"]), Relation(k["relation"])) for k in given.get("links", ()))
    rest = {name: value for name, value in given.items() if name not in {"links", "kind"}}
    return Node(**rest, kind=NodeKind(given.get("kind", "task")), links=links)


def to_document(model: Model) -> dict[str, Any]:
    """Return the chart as JSON values, as the editor and the API read it."""
    return {
        "lanes": [{"key": x.key, "name": x.name, "department": x.department} for x in model.lanes],
        "phases": [{"key": x.key, "name": x.name} for x in model.phases],
        "nodes": [
            {
                "key": x.key, "name": x.name, "lane": x.lane, "phase": x.phase,
                "kind": x.kind.value, "item": x.item, "system": x.system,
                "links": [{"entry": k.entry, "relation": k.relation.value} for k in x.links],
            }
            for x in model.nodes
        ],
        "flows": [
            {"key": x.key, "source": x.source, "target": x.target, "name": x.name}
            for x in model.flows
        ],
    }  # fmt: skip
