"""Data objects of a chart: one for each catalogue entry a process touches."""

from collections.abc import Mapping
from xml.dom.minidom import Element

from tongqu.functions.domain.bpmn import xml
from tongqu.functions.domain.bpmn.reading import Parts, links_of
from tongqu.functions.domain.bpmn.xml import BPMN, Maker, children, is_bpmn
from tongqu.functions.domain.swimlane import Link, Model
from tongqu.functions.vocabulary import NodeKind, Relation

# What may stand before a data association in an activity, by the standard's schema.
BEFORE = (
    "documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef",
    "incoming", "outgoing", "ioSpecification", "property", "dataInputAssociation",
)  # fmt: skip


def write_links(maker: Maker, parts: Parts, chart: Model, names: Mapping[str, str]) -> None:
    """Bring the data associations of every node to what the chart says."""
    for node in chart.nodes:
        element = parts.nodes[node.key]
        present = links_of(parts, element)
        wanted = set(node.links) if node.kind is NodeKind.TASK else set()
        kept: set[Link] = set()
        for association, link in present:
            if link in wanted and link not in kept:
                kept.add(link)
            else:
                xml.drop(association)
        for link in sorted(wanted - kept, key=lambda k: (k.relation.value, k.entry)):
            _associate(maker, parts, element, link, names)
    _drop_unused(parts)


def _associate(
    maker: Maker, parts: Parts, element: Element, link: Link, names: Mapping[str, str]
) -> None:
    process = xml.parent_of(element)
    data = _data(maker, parts, process, link.entry, names.get(link.entry, link.entry))
    key = f"{element.getAttribute('id')}_{link.relation.value}_{data.removeprefix('tq_ref_')}"
    if link.relation is Relation.USE:
        one = maker.make(BPMN, "dataInputAssociation", id=key)
        _refer(maker, one, "sourceRef", data)
        _refer(maker, one, "targetRef", _inlet(maker, element))
        xml.put_before(element, one, lambda e: not is_bpmn(e, *BEFORE))
    else:
        one = maker.make(BPMN, "dataOutputAssociation", id=key)
        _refer(maker, one, "targetRef", data)
        early = (*BEFORE, "dataOutputAssociation")
        xml.put_before(element, one, lambda e: not is_bpmn(e, *early))
    maker.extend(one, "link", relation=link.relation.value)


def _refer(maker: Maker, parent: Element, name: str, target: str) -> None:
    ref = maker.make(BPMN, name)
    ref.appendChild(maker.document.createTextNode(target))
    parent.appendChild(ref)


def _inlet(maker: Maker, element: Element) -> str:
    """Return the property that a data input ends in: the schema asks for an end."""
    key = f"{element.getAttribute('id')}_in"
    known = [p for p in children(element, "property") if p.getAttribute("id") == key]
    if not known:
        early = BEFORE[: BEFORE.index("property") + 1]
        inlet = maker.make(BPMN, "property", id=key, name="__targetRef_placeholder")
        xml.put_before(element, inlet, lambda e: not is_bpmn(e, *early))
    return key


def _data(maker: Maker, parts: Parts, process: Element, code: str, name: str) -> str:
    """Return the id of the process's reference to an entry, made if there is none."""
    for one in children(process, "dataObjectReference", "dataStoreReference"):
        if parts.entries.get(one.getAttribute("id")) == code:
            return str(one.getAttribute("id"))
    taken = {e.getAttribute("id") for e in xml.walk(parts.root)}
    number = next(n for n in range(1, 99_999) if f"tq_ref_{n}" not in taken)
    key, thing = f"tq_ref_{number}", f"tq_data_{number}"
    reference = maker.make(BPMN, "dataObjectReference", id=key, name=name, dataObjectRef=thing)
    for new in (maker.make(BPMN, "dataObject", id=thing), reference):
        xml.put_before(process, new, lambda e: is_bpmn(e, "textAnnotation", "association"))
    maker.extend(reference, "entry", code=code)
    parts.entries[key] = code
    return key


def _drop_unused(parts: Parts) -> None:
    """Remove references of ours that no association names any more, and their objects."""
    named = {xml.text_of(e) for e in xml.walk(parts.root) if is_bpmn(e, "sourceRef", "targetRef")}
    for element in list(xml.walk(parts.root)):
        key = element.getAttribute("id")
        if key in parts.entries and key.startswith("tq_ref_") and key not in named:
            thing = element.getAttribute("dataObjectRef")
            xml.drop(element)
            for other in list(xml.walk(parts.root)):
                if is_bpmn(other, "dataObject") and other.getAttribute("id") == thing:
                    xml.drop(other)
