"""A chart made ready for the page: boxes, lines of text and paths of its SVG."""

from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import east_asian_width

from tongqu.functions.domain import layout
from tongqu.functions.domain.layout import BOX_H, DATA_H, SHOWN_LINKS, Box, Points
from tongqu.functions.domain.swimlane import Model, Node
from tongqu.functions.vocabulary import NodeKind

LINE, DATA_CHARS, LANE_CHARS = 9.0, 10.0, 8.0


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Shape:
    key: str
    kind: str
    box: Box
    lines: tuple[Label, ...]
    data: tuple[tuple[str, Label], ...] = ()
    title: str = ""
    points: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    path: str
    label: Label | None


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    lanes: tuple[Shape, ...]
    phases: tuple[Shape, ...]
    nodes: tuple[Shape, ...]
    flows: tuple[Line, ...]


def drawing(model: Model, names: Mapping[str, str]) -> Drawing:
    places = layout.layout(model)
    lanes = tuple(
        Shape(
            lane.key, "lane", places.lanes[lane.key],
            _centred(lane.name, layout.HEAD // 2, places.lanes[lane.key].cy, LANE_CHARS, 3),
            title=lane.name,
        )
        for lane in model.lanes
    )  # fmt: skip
    phases = tuple(
        Shape(
            phase.key, "phase", places.phases[phase.key],
            _centred(phase.name, places.phases[phase.key].cx, layout.TOP // 2, LINE, 1),
            title=phase.name,
        )
        for phase in model.phases
    )  # fmt: skip
    nodes = tuple(_node(node, places.nodes[node.key], names) for node in model.nodes)
    flows = tuple(_line(flow.name, places.flows[flow.key]) for flow in model.flows)
    return Drawing(places.width, places.height, lanes, phases, nodes, flows)


def _node(node: Node, box: Box, names: Mapping[str, str]) -> Shape:
    small = node.kind is not NodeKind.TASK
    lines = _below(node.name, box) if small else _centred(node.name, box.cx, box.cy, LINE, 2)
    shown = node.links[:SHOWN_LINKS]
    data = tuple(
        (
            link.relation.value,
            Label(
                cut(f"{link.relation.label} {names.get(link.entry, link.entry)}", DATA_CHARS),
                box.x + 18, box.y + BOX_H + 14 + n * DATA_H,
            ),
        )
        for n, link in enumerate(shown)
    )  # fmt: skip
    if len(node.links) > SHOWN_LINKS:
        more = f"另有 {len(node.links) - SHOWN_LINKS} 项"
        y = box.y + BOX_H + 14 + SHOWN_LINKS * DATA_H
        data = (*data, ("more", Label(more, box.x + 18, y)))
    diamond = f"{box.cx},{box.y} {box.right},{box.cy} {box.cx},{box.bottom} {box.x},{box.cy}"
    return Shape(node.key, node.kind.value, box, lines, data, title=node.name, points=diamond)


def _below(name: str, box: Box) -> tuple[Label, ...]:
    return (Label(cut(name, LINE), box.cx, box.bottom + 14),) if name else ()


def _centred(text: str, x: int, y: int, width: float, most: int) -> tuple[Label, ...]:
    lines = wrapped(text, width, most)
    top = y - (len(lines) - 1) * 9 + 5
    return tuple(Label(line, x, top + n * 18) for n, line in enumerate(lines))


def wrapped(text: str, width: float, most: int) -> list[str]:
    """Return the text in lines of so many Chinese characters; the last is cut with an ellipsis."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most - 1:
        at = _fits(rest, width)
        lines.append(rest[:at])
        rest = rest[at:].lstrip()
    return [*lines, cut(rest, width)] if rest else lines


def cut(text: str, width: float) -> str:
    at = _fits(text, width)
    return text if at >= len(text) else text[: max(_fits(text, width - 1), 1)] + "…"


def _fits(text: str, width: float) -> int:
    used = 0.0
    for n, character in enumerate(text):
        used += 1.0 if east_asian_width(character) in "WF" else 0.56
        if used > width:
            return max(n, 1)
    return len(text)


def _line(name: str, points: Points) -> Line:
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    label = Label(cut(name, 5.0), points[0][0] + 6, points[0][1] - 6) if name else None
    return Line(path, label)
