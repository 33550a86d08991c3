"""BPMN DI: bounds and waypoints, so that other tools draw the chart as we do."""

from xml.dom.minidom import Element

from tongqu.functions.domain.bpmn import xml
from tongqu.functions.domain.bpmn.reading import Parts, links_of
from tongqu.functions.domain.bpmn.xml import BPMNDI, DC, DI, Maker, children
from tongqu.functions.domain.layout import BOX_H, DATA_H, Box, Layout, Points, layout
from tongqu.functions.domain.swimlane import Model

POOL_HEAD = 30
ICON_W, ICON_H = 14, 18


def draw(maker: Maker, parts: Parts, chart: Model) -> None:
    """Write the places of everything we know; shapes of what is gone go, others stay."""
    plane = _plane(maker, parts)
    known = _shapes(plane)
    alive = {e.getAttribute("id") for e in xml.walk(parts.root)}
    for target, element in list(known.items()):
        if target not in alive:
            xml.drop(element)
            del known[target]
    places = layout(chart)
    pen = _Plane(maker, plane, known)
    _frames(pen, parts, places)
    for key, box in places.nodes.items():
        pen.shape(key, box)
    for key, points in places.flows.items():
        pen.edge(key, points)
    _data(pen, parts, places)


def _plane(maker: Maker, parts: Parts) -> Element:
    for element in xml.walk(parts.root):
        if (element.namespaceURI, element.localName) == (BPMNDI, "BPMNPlane"):
            return element
    diagram = maker.make(BPMNDI, "BPMNDiagram", id="tq_diagram")
    whole = parts.collaboration or parts.processes[0]
    plane = maker.make(BPMNDI, "BPMNPlane", id="tq_plane", bpmnElement=whole.getAttribute("id"))
    diagram.appendChild(plane)
    parts.root.appendChild(diagram)
    return plane


def _shapes(plane: Element) -> dict[str, Element]:
    return {
        e.getAttribute("bpmnElement").rpartition(":")[2]: e
        for e in plane.childNodes
        if isinstance(e, Element) and e.localName in ("BPMNShape", "BPMNEdge")
    }


class _Plane:
    def __init__(self, maker: Maker, plane: Element, known: dict[str, Element]) -> None:
        self.maker, self.plane, self.known = maker, plane, known

    def shape(self, key: str, box: Box, **attributes: str) -> None:
        element = self._element("BPMNShape", key)
        for name, value in attributes.items():
            element.setAttribute(name, value)
        bounds = _child(element, "Bounds")
        if bounds is None:
            bounds = self.maker.make(DC, "Bounds")
            element.insertBefore(bounds, element.firstChild)
        numbers = {"x": box.x, "y": box.y, "width": box.w, "height": box.h}
        for name, number in numbers.items():
            bounds.setAttribute(name, str(number))

    def edge(self, key: str, points: Points) -> None:
        element = self._element("BPMNEdge", key)
        old = [
            e for e in element.childNodes if isinstance(e, Element) and e.localName == "waypoint"
        ]
        for one in old:
            xml.drop(one)
        first = element.firstChild
        for x, y in points:
            element.insertBefore(self.maker.make(DI, "waypoint", x=str(x), y=str(y)), first)

    def _element(self, tag: str, key: str) -> Element:
        element = self.known.get(key)
        if element is None or element.localName != tag:
            element = self.maker.make(BPMNDI, tag, id=f"di_{key}", bpmnElement=key)
            self.plane.appendChild(element)
            self.known[key] = element
        return element


def _child(element: Element, name: str) -> Element | None:
    found = (e for e in element.childNodes if isinstance(e, Element) and e.localName == name)
    return next(found, None)


def _frames(pen: _Plane, parts: Parts, places: Layout) -> None:
    """Pools around their lanes, lanes, and a group round each phase."""
    pools = children(parts.collaboration, "participant") if parts.collaboration else []
    for pool in pools:
        process = pool.getAttribute("processRef").rpartition(":")[2]
        inside = [
            box for key, box in places.lanes.items() if _process_of(parts.lanes[key]) == process
        ] or [box for key, box in places.lanes.items() if key == pool.getAttribute("id")]
        if inside:
            top, bottom = min(b.y for b in inside), max(b.bottom for b in inside)
            box = Box(-POOL_HEAD, top, places.width + POOL_HEAD, max(bottom - top, 60))
            pen.shape(pool.getAttribute("id"), box, isHorizontal="true")
    for key, box in places.lanes.items():
        if parts.lanes[key].localName == "lane":
            pen.shape(key, box, isHorizontal="true")
    for group in xml.walk(parts.root):
        phase = group.getAttribute("categoryValueRef")
        if xml.is_bpmn(group, "group") and phase in places.phases:
            pen.shape(group.getAttribute("id"), places.phases[phase])


def _process_of(lane: Element) -> str:
    element = lane
    while element.localName not in ("process", "participant"):
        parent = element.parentNode
        if not isinstance(parent, Element):
            return ""
        element = parent
    return str(element.getAttribute("id"))


def _data(pen: _Plane, parts: Parts, places: Layout) -> None:
    """A reference stands below the first node that names it; lines lead to the others."""
    drawn: dict[str, Box] = {}
    count: dict[str, int] = {}
    for key, box in places.nodes.items():
        element = parts.nodes[key]
        for association, _ in links_of(parts, element):
            target = _reference_of(association)
            if target not in drawn:
                n = count[key] = count.get(key, 0) + 1
                drawn[target] = Box(box.x + 6, box.y + BOX_H + (n - 1) * DATA_H, ICON_W, ICON_H)
                pen.shape(target, drawn[target])
            end = drawn[target]
            pen.edge(association.getAttribute("id"), ((box.cx, box.bottom), (end.cx, end.y)))


def _reference_of(association: Element) -> str:
    reads = association.localName == "dataInputAssociation"
    return xml.reference(association, "sourceRef" if reads else "targetRef")
