"""Write a chart as BPMN 2.0 XML: anew, or into the document it was read from.

Elements are found again by their id. What the chart no longer holds goes, with whatever
cannot stand without it; what we do not know is not touched.
"""

from collections.abc import Mapping
from xml.dom.minidom import Document, Element

from tongqu.functions.domain.bpmn import drawing, xml
from tongqu.functions.domain.bpmn.links import write_links
from tongqu.functions.domain.bpmn.reading import NAMELESS, UNASSIGNED, Parts, chart_of, parts_of
from tongqu.functions.domain.bpmn.xml import BPMN, Maker, children, is_bpmn
from tongqu.functions.domain.problems import bad_chart
from tongqu.functions.domain.swimlane import Flow, Lane, Model, Node, checked, name_of
from tongqu.functions.vocabulary import NodeKind
from tongqu.kernel.problems import Rejected

TAGS = {
    NodeKind.TASK: "task",
    NodeKind.START: "startEvent",
    NodeKind.END: "endEvent",
    NodeKind.GATEWAY: "exclusiveGateway",
}
# Children of a flow node in the order of the standard's schema.
FIRST = ("documentation", "extensionElements", "auditing", "monitoring")
BEFORE_INCOMING = (*FIRST, "categoryValueRef", "incoming")
EMPTY = f"""<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:bpmndi="{xml.BPMNDI}" xmlns:dc="{xml.DC}"
 xmlns:di="{xml.DI}" xmlns:tq="{xml.OURS}" id="tq_definitions" exporter="Tongqu"
 targetNamespace="urn:tongqu:swimlanes"><bpmn:category id="tq_phases"
 name="阶段"/><bpmn:collaboration id="tq_chart"><bpmn:participant id="tq_pool"
 processRef="tq_process"/></bpmn:collaboration><bpmn:process id="tq_process"
 isExecutable="false"><bpmn:laneSet id="tq_lanes"/></bpmn:process></bpmn:definitions>"""


def write(
    model: Model, *, title: str = "", base: str = "", names: Mapping[str, str] | None = None
) -> str:
    """Return the chart as BPMN 2.0 XML, merged into ``base`` where one is given.

    ``names``: names of catalogue entries by code, shown by other tools beside the data.
    Raises: ``Rejected`` BAD_CHART when the document's own structure does not allow it.
    """
    chart = checked(model)
    document = xml.parse((base or EMPTY).encode())
    pen = _Pen(document)
    if not base and pen.parts.collaboration is not None:
        children(pen.parts.collaboration, "participant")[0].setAttribute(
            "name", name_of(title) or "业务泳道图"
        )
    pen.put(chart)
    write_links(pen.maker, parts_of(document), chart, names or {})
    drawing.draw(pen.maker, parts_of(document), chart)
    if checked(chart_of(document)) != chart:
        raise Rejected(bad_chart("原文件的结构不能这样修改，请新建泳道图或先在原工具中整理"))
    return xml.serialised(document, pretty=not base)


class _Pen:
    """Brings one document to say what a chart says."""

    def __init__(self, document: Document) -> None:
        self.maker = Maker(document)
        self.parts: Parts = parts_of(document)
        self.before = chart_of(document)

    def put(self, chart: Model) -> None:
        self._refuse_taken(chart)
        self._remove(chart)
        for n, lane in enumerate(chart.lanes):
            self._lane(lane, n)
        self._phases(chart)
        for n, node in enumerate(chart.nodes):
            self._node(node, n)
        for flow in chart.flows:
            self._flow(flow)

    def _refuse_taken(self, chart: Model) -> None:
        """A new part may not take the id of something of another tool's."""
        parts = self.parts
        known = {*parts.lanes, *parts.phases, *parts.nodes, *parts.flows}
        taken = {e.getAttribute("id") for e in xml.walk(parts.root)} - known - {""}
        if set(chart.keys) & taken:
            raise Rejected(bad_chart("新增部分的标识与原文件中的其他内容重复"))

    def _remove(self, chart: Model) -> None:
        parts = self.parts
        flows = {flow.key for flow in chart.flows}
        nodes = {node.key for node in chart.nodes}
        gone = set(parts.nodes) - nodes
        for key in set(parts.flows) - flows:
            self._unhook(key)
            xml.drop(parts.flows.pop(key))
        for key in gone:
            xml.drop(parts.nodes.pop(key))
        self._remove_hanging(gone)
        phases = {phase.key for phase in chart.phases}
        for key in set(parts.phases) - phases:
            xml.drop(parts.phases.pop(key))
            self._remove_group(key)
        for key in set(parts.lanes) - {lane.key for lane in chart.lanes}:
            element = parts.lanes.pop(key)
            if element.localName != "process":  # what else a process holds is not ours to drop
                xml.drop(element)

    def _remove_hanging(self, gone: set[str]) -> None:
        """Remove what names a part that is gone and is nothing without it."""
        ends = ("sourceRef", "targetRef", "attachedToRef")
        for element in list(xml.walk(self.parts.root)):
            if is_bpmn(element, "sequenceFlow", "messageFlow", "association", "boundaryEvent"):
                if any(element.getAttribute(end) in gone for end in ends):
                    self._unhook(element.getAttribute("id"))
                    xml.drop(element)
            elif is_bpmn(element, "flowNodeRef") and xml.text_of(element) in gone:
                xml.drop(element)

    def _remove_group(self, phase: str) -> None:
        for element in list(xml.walk(self.parts.root)):
            if is_bpmn(element, "group") and element.getAttribute("categoryValueRef") == phase:
                xml.drop(element)

    def _unhook(self, flow: str) -> None:
        """Take a flow out of the incoming and outgoing of its ends."""
        for node in self.parts.nodes.values():
            for one in children(node, "incoming", "outgoing"):
                if xml.text_of(one).rpartition(":")[2] == flow:
                    xml.drop(one)

    # Lanes and phases

    def _lane(self, lane: Lane, n: int) -> None:
        element = self.parts.lanes.get(lane.key)
        if element is None:
            element = self.maker.make(BPMN, "lane", id=lane.key)
            self._lane_set().appendChild(element)
            self.parts.lanes[lane.key] = element
        if (name_of(element.getAttribute("name")) or UNASSIGNED) != lane.name:
            element.setAttribute("name", lane.name)
        self.maker.extend(element, "lane", department=lane.department, order=str(n))

    def _lane_set(self) -> Element:
        """Return where a new lane goes: the first set of lanes, or a pool of our own."""
        for process in self.parts.processes:
            if sets := children(process, "laneSet"):
                return sets[0]
        process = self.maker.make(BPMN, "process", id="tq_process", isExecutable="false")
        lanes = self.maker.make(BPMN, "laneSet", id="tq_lanes")
        process.appendChild(lanes)
        after = ("BPMNDiagram",)
        xml.put_before(self.parts.root, process, lambda e: e.localName in after)
        self.parts.processes.append(process)
        if self.parts.collaboration is not None:
            pool = self.maker.make(BPMN, "participant", id="tq_pool", processRef="tq_process")
            pool.setAttribute("name", "业务泳道图")
            xml.put_before(
                self.parts.collaboration, pool, lambda e: not is_bpmn(e, *FIRST, "participant")
            )
        return lanes

    def _phases(self, chart: Model) -> None:
        for n, phase in enumerate(chart.phases):
            value = self.parts.phases.get(phase.key)
            if value is None:
                value = self.maker.make(BPMN, "categoryValue", id=phase.key)
                self._category().appendChild(value)
                self.parts.phases[phase.key] = value
            if (name_of(value.getAttribute("value")) or NAMELESS) != phase.name:
                value.setAttribute("value", phase.name)
            self.maker.extend(value, "phase", order=str(n))
            self._group(phase.key)

    def _category(self) -> Element:
        found = children(self.parts.root, "category")
        if found:
            return found[0]
        category = self.maker.make(BPMN, "category", id="tq_phases", name="阶段")
        xml.put_before(
            self.parts.root, category, lambda e: not is_bpmn(e, *FIRST, "import", "extension")
        )
        return category

    def _group(self, phase: str) -> None:
        groups = [
            e for e in xml.walk(self.parts.root)
            if is_bpmn(e, "group") and e.getAttribute("categoryValueRef") == phase
        ]  # fmt: skip
        if not groups:
            group = self.maker.make(BPMN, "group", id=f"group_{phase}", categoryValueRef=phase)
            groups = [group]
            self._artifacts().appendChild(group)
        for group in groups:
            # From now on nodes name their phase themselves.
            self.maker.extend(group, "phase", of=phase)

    def _artifacts(self) -> Element:
        return self.parts.collaboration or self.parts.processes[0]

    # Nodes and flows

    def _home(self, lane: str) -> Element:
        """Return the process in which the nodes of a lane stand."""
        element = self.parts.lanes[lane]
        if element.localName == "participant":
            wanted = element.getAttribute("processRef").rpartition(":")[2]
            return next(p for p in self.parts.processes if p.getAttribute("id") == wanted)
        while element.localName != "process":
            element = xml.parent_of(element)
        return element

    def _node(self, node: Node, n: int) -> None:
        home = self._home(node.lane)
        element = self.parts.nodes.get(node.key)
        if element is None:
            element = self.maker.make(BPMN, TAGS[node.kind], id=node.key)
            self.parts.nodes[node.key] = element
        elif (known := self.before.node(node.key)) and known.kind is not node.kind:
            element = self._retagged(element, node)
        if element.parentNode is not home:
            xml.put_before(home, element, lambda e: is_bpmn(e, "textAnnotation", "association"))
        shown = name_of(element.getAttribute("name")) or NAMELESS
        if shown != (node.name or NAMELESS):
            element.setAttribute("name", node.name)
        self._hang(node)
        self._name_phase(element, node)
        self.maker.extend(element, "activity", item=node.item, system=node.system, order=str(n))

    def _retagged(self, old: Element, node: Node) -> Element:
        new = self.maker.make(BPMN, TAGS[node.kind], id=node.key)
        new.setAttribute("name", old.getAttribute("name"))
        kept = (*FIRST, "categoryValueRef", "incoming", "outgoing")
        for one in [c for c in children(old) if c.localName in kept]:
            new.appendChild(one)
        xml.parent_of(old).replaceChild(new, old)
        self.parts.nodes[node.key] = new
        return new

    def _hang(self, node: Node) -> None:
        lane = self.parts.lanes[node.lane]
        if self.parts.lane_of.get(node.key) == node.lane and node.key in self.parts.lane_of:
            return
        for one in self.parts.lanes.values():
            for ref in children(one, "flowNodeRef"):
                if xml.text_of(ref).rpartition(":")[2] == node.key:
                    xml.drop(ref)
        if lane.localName == "lane":
            ref = self.maker.make(BPMN, "flowNodeRef")
            ref.appendChild(self.maker.document.createTextNode(node.key))
            xml.put_before(lane, ref, lambda e: is_bpmn(e, "childLaneSet"))

    def _name_phase(self, element: Element, node: Node) -> None:
        refs = children(element, "categoryValueRef")
        ours = [ref for ref in refs if xml.text_of(ref).rpartition(":")[2] in self.parts.phases]
        if [xml.text_of(ref).rpartition(":")[2] for ref in ours] == [node.phase]:
            return
        for ref in [*ours, *(r for r in refs if r not in ours and not node.phase)]:
            xml.drop(ref)
        if node.phase:
            ref = self.maker.make(BPMN, "categoryValueRef")
            ref.appendChild(self.maker.document.createTextNode(node.phase))
            xml.put_before(element, ref, lambda e: not is_bpmn(e, *FIRST))

    def _flow(self, flow: Flow) -> None:
        element = self.parts.flows.get(flow.key)
        source, target = self.parts.nodes[flow.source], self.parts.nodes[flow.target]
        within = source.parentNode is target.parentNode or self.parts.collaboration is None
        tag = "sequenceFlow" if within else "messageFlow"
        ends = (flow.source, flow.target)
        if element is not None and element.localName != tag:
            self._unhook(flow.key)
            xml.drop(element)
            element = None
        if element is None:
            element = self.maker.make(BPMN, tag, id=flow.key)
            self._place_flow(element, source, within=within)
            self.parts.flows[flow.key] = element
        elif (element.getAttribute("sourceRef"), element.getAttribute("targetRef")) == ends:
            self._name_flow(element, flow)
            return
        else:
            self._unhook(flow.key)
        element.setAttribute("sourceRef", flow.source)
        element.setAttribute("targetRef", flow.target)
        self._name_flow(element, flow)
        if within:
            self._hook(source, "outgoing", flow.key)
            self._hook(target, "incoming", flow.key)

    def _place_flow(self, element: Element, source: Element, *, within: bool) -> None:
        if within or self.parts.collaboration is None:
            xml.put_before(
                xml.parent_of(source), element,
                lambda e: is_bpmn(e, "textAnnotation", "association"),
            )  # fmt: skip
        else:
            early = (*FIRST, "participant", "messageFlow")
            xml.put_before(self.parts.collaboration, element, lambda e: not is_bpmn(e, *early))

    def _name_flow(self, element: Element, flow: Flow) -> None:
        if name_of(element.getAttribute("name")) != flow.name:
            element.setAttribute("name", flow.name)

    def _hook(self, node: Element, way: str, flow: str) -> None:
        one = self.maker.make(BPMN, way)
        one.appendChild(self.maker.document.createTextNode(flow))
        early = BEFORE_INCOMING if way == "incoming" else (*BEFORE_INCOMING, "outgoing")
        xml.put_before(node, one, lambda e: not is_bpmn(e, *early))
