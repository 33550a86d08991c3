"""XML for charts: taken in without bombs, handed out as it came."""

from collections.abc import Callable, Iterator
from io import BytesIO
from xml.dom.minidom import Attr, Comment, Document, Element, Node, ProcessingInstruction, Text

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree
from defusedxml import minidom as safe

from tongqu.functions.domain.problems import bad_chart
from tongqu.kernel.problems import Rejected

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
OURS = "urn:tongqu:bpmn:1"
XMLNS = "http://www.w3.org/2000/xmlns/"

LARGEST = 4 << 20  # bytes
MOST_ELEMENTS = 60_000
DEEPEST = 60


def parse(document: bytes) -> Document:
    """Return the document. Raises: ``Rejected`` BAD_CHART for bombs, DTDs, other formats.

    A first pass counts without keeping, so that a tree is built only of what is small.
    """
    if len(document) > LARGEST:
        raise Rejected(bad_chart(f"文件超过 {LARGEST >> 20} MB"))
    try:
        _count(document)
        found: Document = safe.parseString(document, forbid_dtd=True)  # type: ignore[arg-type]  # it takes bytes
    except DefusedXmlException as error:
        raise Rejected(bad_chart("文件含有文档类型或实体声明，为安全起见不予读取")) from error
    except Rejected:
        raise
    except Exception as error:  # expat, codecs and minidom each have their own
        raise Rejected(bad_chart("文件不是完整的 XML，或编码不是 UTF-8")) from error
    root = found.documentElement
    if root is None or root.namespaceURI != BPMN or root.localName != "definitions":
        raise Rejected(bad_chart("文件不是 BPMN 2.0（根元素应为 definitions）"))
    return found


def _count(document: bytes) -> None:
    depth = count = 0
    for event, element in SafeTree.iterparse(
        BytesIO(document), events=("start", "end"), forbid_dtd=True
    ):
        if event == "end":
            depth -= 1
            element.clear()
            continue
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST_ELEMENTS:
            raise Rejected(bad_chart("文件的层级或元素过多"))


def root_of(document: Document) -> Element:
    root = document.documentElement
    if root is None:
        raise ValueError("a document without a root element")
    return root


def parent_of(element: Element) -> Element:
    parent = element.parentNode
    if not isinstance(parent, Element):
        raise TypeError(f"{element.tagName} has no parent element")
    return parent


def is_bpmn(node: Node, *names: str) -> bool:
    return (
        isinstance(node, Element)
        and node.namespaceURI == BPMN
        and (not names or node.localName in names)
    )


def children(element: Element, *names: str) -> list[Element]:
    """Return the BPMN child elements with one of these names; all of them without a name."""
    return [
        child
        for child in element.childNodes
        if isinstance(child, Element) and is_bpmn(child, *names)
    ]


def child(element: Element, name: str) -> Element | None:
    return next(iter(children(element, name)), None)


def walk(element: Element) -> Iterator[Element]:
    """Return the element and all below it, in document order."""
    yield element
    for below in element.childNodes:
        if isinstance(below, Element):
            yield from walk(below)


def text_of(element: Element) -> str:
    return "".join(n.data for n in element.childNodes if isinstance(n, Text)).strip()


def reference(element: Element, name: str) -> str:
    """Return the text of a child such as ``sourceRef``, without a prefix."""
    found = child(element, name)
    return text_of(found).rpartition(":")[2] if found else ""


def extension(element: Element, name: str) -> Element | None:
    """Return our own extension element of this name."""
    holder = child(element, "extensionElements")
    for one in holder.childNodes if holder else ():
        if isinstance(one, Element) and (one.namespaceURI, one.localName) == (OURS, name):
            return one
    return None


def extended(element: Element, name: str, attribute: str) -> str:
    found = extension(element, name)
    return str(found.getAttribute(attribute)) if found else ""


class Maker:
    """Makes elements of a document under the prefixes that it already uses."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.root = root_of(document)
        self._prefixes = {BPMN: self.root.prefix or ""}

    def make(self, uri: str, name: str, /, **attributes: str) -> Element:
        prefix = self._prefixes.get(uri)
        if prefix is None:
            prefix = self._prefixes[uri] = self._declared(uri)
        full = f"{prefix}:{name}" if prefix else name
        element = self.document.createElementNS(uri, full)
        for key, value in attributes.items():
            element.setAttribute(key, value)
        return element

    def _declared(self, uri: str) -> str:
        """Return the prefix of a namespace on the root, declared there if it was not."""
        taken: dict[str, str] = {}
        attributes = self.root.attributes
        for n in range(attributes.length if attributes else 0):
            attribute = attributes.item(n)
            if isinstance(attribute, Attr) and attribute.name.startswith("xmlns:"):
                taken[attribute.name[6:]] = attribute.value
        for prefix, known in taken.items():
            if known == uri:
                return prefix
        wish = {BPMNDI: "bpmndi", DC: "dc", DI: "di", OURS: "tq", BPMN: "bpmn"}[uri]
        while wish in taken:
            wish += "x"
        self.root.setAttributeNS(XMLNS, f"xmlns:{wish}", uri)
        return wish

    def extend(self, element: Element, name: str, /, **attributes: str) -> None:
        """Set attributes of our extension element; with none left it goes."""
        kept = {key: value for key, value in attributes.items() if value}
        found = extension(element, name)
        if not kept:
            if found is not None and found.parentNode is not None:
                found.parentNode.removeChild(found)
            return
        if found is None:
            found = self.make(OURS, name)
            self._holder(element).appendChild(found)
        for key in attributes:
            if key in kept:
                found.setAttribute(key, kept[key])
            elif found.hasAttribute(key):
                found.removeAttribute(key)

    def _holder(self, element: Element) -> Element:
        holder = child(element, "extensionElements")
        if holder is None:
            holder = self.make(BPMN, "extensionElements")
            put_before(element, holder, lambda one: not is_bpmn(one, "documentation"))
        return holder


def put_before(parent: Element, new: Element, stops: Callable[[Element], bool]) -> None:
    """Insert a child before the first element that ``stops`` names; else at the end."""
    for one in parent.childNodes:
        if isinstance(one, Element) and one is not new and stops(one):
            parent.insertBefore(new, one)
            return
    parent.appendChild(new)


def drop(element: Element) -> None:
    if element.parentNode is not None:
        element.parentNode.removeChild(element)


def serialised(document: Document, *, pretty: bool = False) -> str:
    """Return the text. Attributes keep their line breaks, which minidom's own writer loses."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    for one in document.childNodes:
        _write(one, parts, "\n" if pretty else "")
        parts.append("\n")
    return "".join(parts)


def _write(node: Node, parts: list[str], lead: str) -> None:
    if isinstance(node, Element):
        _write_element(node, parts, lead)
    elif isinstance(node, Comment):
        parts.append(f"<!--{node.data}-->")
    elif isinstance(node, ProcessingInstruction):
        parts.append(f"<?{node.target} {node.data}?>")
    elif isinstance(node, Text):
        parts.append(_escaped(node.data))


def _write_element(element: Element, parts: list[str], lead: str) -> None:
    parts.append(f"<{element.tagName}")
    attributes = element.attributes
    for n in range(attributes.length if attributes else 0):
        attribute = attributes.item(n)
        if isinstance(attribute, Attr):
            value = _escaped(attribute.value).replace('"', "&quot;")
            value = value.replace("\n", "&#10;").replace("\t", "&#9;")
            parts.append(f' {attribute.name}="{value}"')
    if not element.childNodes:
        parts.append("/>")
        return
    parts.append(">")
    inner = lead + "  " if lead and not any(isinstance(c, Text) for c in element.childNodes) else ""
    for one in element.childNodes:
        parts.append(inner)
        _write(one, parts, inner)
    parts.append(f"{lead if inner else ''}</{element.tagName}>")


def _escaped(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    )
