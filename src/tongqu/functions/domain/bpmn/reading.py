"""Read a chart out of BPMN 2.0 XML, ours or another tool's."""

from dataclasses import dataclass, field
from xml.dom.minidom import Document, Element

from tongqu.functions.domain.bpmn import xml
from tongqu.functions.domain.bpmn.xml import children, extended, extension, reference
from tongqu.functions.domain.swimlane import Flow, Lane, Link, Model, Node, Phase, checked, name_of
from tongqu.functions.vocabulary import NodeKind, Relation

TASKS = (
    "task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask", "receiveTask",
    "businessRuleTask", "callActivity", "subProcess", "adHocSubProcess", "transaction",
)  # fmt: skip
GATEWAYS = (
    "exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway",
    "eventBasedGateway",
)  # fmt: skip
KINDS: dict[str, NodeKind] = {
    **dict.fromkeys(TASKS, NodeKind.TASK),
    **dict.fromkeys(GATEWAYS, NodeKind.GATEWAY),
    "startEvent": NodeKind.START,
    "endEvent": NodeKind.END,
}
REFERENCES = ("dataObjectReference", "dataStoreReference")
UNASSIGNED = "未分配泳道"
NAMELESS = "（未命名）"


def read(document: str | bytes) -> Model:
    """Return the chart. Raises: ``Rejected`` BAD_CHART."""
    raw = document.encode() if isinstance(document, str) else document
    return checked(chart_of(xml.parse(raw)))


@dataclass
class Parts:
    """Where the parts of a chart stand in a document."""

    root: Element
    processes: list[Element] = field(default_factory=list)
    collaboration: Element | None = None
    lanes: dict[str, Element] = field(default_factory=dict)  # lane, participant or process
    phases: dict[str, Element] = field(default_factory=dict)
    nodes: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, Element] = field(default_factory=dict)
    entries: dict[str, str] = field(default_factory=dict)  # data reference → entry code
    lane_of: dict[str, str] = field(default_factory=dict)  # node → lane


def parts_of(document: Document) -> Parts:
    """Return what we know of a document, by id; the rest is not looked at."""
    root = xml.root_of(document)
    found = Parts(root, children(root, "process"))
    found.collaboration = next(iter(children(root, "collaboration")), None)
    _lanes(found)
    for category in children(root, "category"):
        for value in children(category, "categoryValue"):
            found.phases[value.getAttribute("id")] = value
    for process in found.processes:
        _inside(found, process)
    for flow in children(found.collaboration, "messageFlow") if found.collaboration else ():
        found.flows[flow.getAttribute("id")] = flow
    ends = found.nodes.keys()
    found.flows = {
        key: flow
        for key, flow in found.flows.items()
        if {flow.getAttribute("sourceRef"), flow.getAttribute("targetRef")} <= ends
        and flow.getAttribute("sourceRef") != flow.getAttribute("targetRef")  # drawn by others
    }
    return found


def _lanes(found: Parts) -> None:
    pools = children(found.collaboration, "participant") if found.collaboration else []
    owners = {pool.getAttribute("processRef").rpartition(":")[2]: pool for pool in pools}
    for process in found.processes:
        leaves = [lane for lane in _all_lanes(process) if not children(lane, "childLaneSet")]
        for lane in leaves:
            found.lanes[lane.getAttribute("id")] = lane
            for ref in children(lane, "flowNodeRef"):
                found.lane_of[xml.text_of(ref).rpartition(":")[2]] = lane.getAttribute("id")
        # A pool without lanes is a lane itself; with an empty set of lanes it only frames them.
        owner = owners.get(process.getAttribute("id"))
        owner = None if children(process, "laneSet") else owner
        if owner is not None:
            found.lanes[owner.getAttribute("id")] = owner
        unassigned = (owner if owner is not None else process).getAttribute("id")
        for node in children(process, *KINDS):
            if found.lane_of.setdefault(node.getAttribute("id"), unassigned) == unassigned:
                found.lanes.setdefault(unassigned, process)


def _all_lanes(process: Element) -> list[Element]:
    """Return the lanes of a process, nested ones too, in document order."""
    return [lane for lane in xml.walk(process) if xml.is_bpmn(lane, "lane")]


def _inside(found: Parts, process: Element) -> None:
    for element in children(process):
        key = element.getAttribute("id")
        if element.localName in KINDS:
            found.nodes[key] = element
        elif element.localName == "sequenceFlow":
            found.flows[key] = element
        elif element.localName in REFERENCES and (code := extended(element, "entry", "code")):
            found.entries[key] = code


def chart_of(document: Document) -> Model:
    parts = parts_of(document)
    phase_of = _phases_drawn(parts)
    nodes = [_node(parts, key, element, phase_of) for key, element in parts.nodes.items()]
    lanes = [
        Lane(key, _lane_name(element), extended(element, "lane", "department"))
        for key, element in parts.lanes.items()
    ]
    phases = [
        Phase(key, name_of(e.getAttribute("value")) or NAMELESS) for key, e in parts.phases.items()
    ]
    flows = [
        Flow(
            key, element.getAttribute("sourceRef"), element.getAttribute("targetRef"),
            element.getAttribute("name"),
        )
        for key, element in parts.flows.items()
    ]  # fmt: skip
    return Model(
        tuple(sorted(lanes, key=lambda x: _order(parts.lanes[x.key], "lane"))),
        tuple(sorted(phases, key=lambda x: _order(parts.phases[x.key], "phase"))),
        tuple(sorted(nodes, key=lambda x: _order(parts.nodes[x.key], "activity"))),
        tuple(flows),
    )


def _order(element: Element, name: str) -> int:
    """Return the place we gave it; what we never placed keeps the file's order, at the end."""
    given = extended(element, name, "order")
    return int(given) if given.isdecimal() and len(given) < 9 else 10**9


def _lane_name(element: Element) -> str:
    return name_of(element.getAttribute("name")) or UNASSIGNED


def _node(parts: Parts, key: str, element: Element, phase_of: dict[str, str]) -> Node:
    kind = KINDS[element.localName or ""]
    name = name_of(element.getAttribute("name"))
    phase = reference(element, "categoryValueRef")
    return Node(
        key=key,
        name=name or (NAMELESS if kind is NodeKind.TASK else ""),
        lane=parts.lane_of[key],
        phase=phase if phase in parts.phases else phase_of.get(key, ""),
        kind=kind,
        item=extended(element, "activity", "item"),
        system=extended(element, "activity", "system"),
        links=tuple(link for _, link in links_of(parts, element)),
    )


def links_of(parts: Parts, element: Element) -> list[tuple[Element, Link]]:
    """Return a node's associations with catalogue entries; others' data is not ours to read."""
    found = []
    for one in children(element, "dataInputAssociation", "dataOutputAssociation"):
        reads = one.localName == "dataInputAssociation"
        code = parts.entries.get(reference(one, "sourceRef" if reads else "targetRef"))
        if code:
            said = extended(one, "link", "relation")
            usual = Relation.USE if reads else Relation.PRODUCE
            relation = Relation(said) if said in {r.value for r in Relation} else usual
            found.append((one, Link(code, relation)))
    return found


def _phases_drawn(parts: Parts) -> dict[str, str]:
    """Return the phase of nodes that only stand inside a drawn group (other tools' files)."""
    shapes = {}
    for shape in xml.walk(parts.root):
        if (shape.namespaceURI, shape.localName) == (xml.BPMNDI, "BPMNShape"):
            bounds = [b for b in shape.childNodes if b.localName == "Bounds"]
            if bounds and isinstance(bounds[0], Element):
                shapes[shape.getAttribute("bpmnElement").rpartition(":")[2]] = _box(bounds[0])
    groups = []
    for group in xml.walk(parts.root):
        phase = group.getAttribute("categoryValueRef").rpartition(":")[2]
        place = shapes.get(group.getAttribute("id"))
        # Ours name their phase in the node; drawn groups speak for files that do not.
        is_drawn = xml.is_bpmn(group, "group") and not extension(group, "phase")
        if is_drawn and phase in parts.phases and place:
            groups.append((phase, place))
    return {
        key: phase
        for key in parts.nodes
        for phase, place in groups
        if key in shapes and _holds(place, shapes[key])
    }


Bounds = tuple[float, float, float, float]


def _box(bounds: Element) -> Bounds:
    def number(name: str) -> float:
        try:
            return float(bounds.getAttribute(name) or 0)
        except ValueError:
            return 0.0

    return number("x"), number("y"), number("width"), number("height")


def _holds(outer: Bounds, inner: Bounds) -> bool:
    x, y = inner[0] + inner[2] / 2, inner[1] + inner[3] / 2
    return outer[0] <= x <= outer[0] + outer[2] and outer[1] <= y <= outer[1] + outer[3]
