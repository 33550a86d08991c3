"""Where the parts of a chart stand on paper: lanes are rows, phases are columns.

The same places serve the page's SVG and the shapes (BPMN DI) of an exported file; the editor
in the browser computes them by the same rules.
"""

from collections import defaultdict
from dataclasses import dataclass

from tongqu.functions.domain.swimlane import Model, Node
from tongqu.functions.vocabulary import NodeKind

HEAD, TOP = 132, 38
BOX_W, BOX_H, GAP_X, GAP_Y, DATA_H = 128, 52, 40, 26, 19
SMALL = {NodeKind.START: 34, NodeKind.END: 34, NodeKind.GATEWAY: 46}
LEAST_LANE = 96
WIDEST_PHASE = 16  # columns; more steps than that stand in rows
SHOWN_LINKS = 3


@dataclass(frozen=True, slots=True)
class Box:
    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        return self.x + self.w

    @property
    def bottom(self) -> int:
        return self.y + self.h

    @property
    def cx(self) -> int:
        return self.x + self.w // 2

    @property
    def cy(self) -> int:
        return self.y + self.h // 2


Points = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything by its key. ``data``: where a node's data labels begin."""

    width: int
    height: int
    lanes: dict[str, Box]
    phases: dict[str, Box]
    nodes: dict[str, Box]
    flows: dict[str, Points]


@dataclass(frozen=True, slots=True)
class _Slot:
    column: int
    row: int


def layout(model: Model) -> Layout:
    """Return the places. Grain: one slot a node; a lane's rows are as tall as its tallest."""
    columns = _columns(model)
    slots = _slots(model, columns)
    phases, count = _phases(model, columns)
    width = HEAD + count * (BOX_W + GAP_X) + 16
    lanes, rows, bottom = _lanes(model, slots, width)
    nodes = {
        node.key: _box(node, slots[node.key], rows[node.lane, slots[node.key].row][0])
        for node in model.nodes
    }
    flows = _flows(model, slots, nodes, rows)
    for key, (first, last) in phases.items():
        left = HEAD + first * (BOX_W + GAP_X)
        right = HEAD + last * (BOX_W + GAP_X)
        phases[key] = (left, right)
    boxes = {key: Box(left, 0, right - left, bottom) for key, (left, right) in phases.items()}
    return Layout(width, bottom, lanes, boxes, nodes, flows)


def _columns(model: Model) -> dict[str, int]:
    """Return each node's column within its phase: one after what it follows there."""
    found: dict[str, int] = {}
    groups: dict[str, list[str]] = defaultdict(list)
    for node in model.nodes:
        groups[node.phase].append(node.key)
    for keys in groups.values():
        depth = _depths(keys, [(flow.source, flow.target) for flow in model.flows])
        deepest = max(depth.values(), default=0) + 1
        for key, column in depth.items():
            found[key] = column * WIDEST_PHASE // deepest if deepest > WIDEST_PHASE else column
    return found


def _depths(keys: list[str], pairs: list[tuple[str, str]]) -> dict[str, int]:
    """Return the longest way to each key; a cycle is cut where it is met first."""
    inside = set(keys)
    following: dict[str, list[str]] = defaultdict(list)
    waiting = dict.fromkeys(keys, 0)
    for source, target in pairs:
        if source in inside and target in inside:
            following[source].append(target)
            waiting[target] += 1
    depth = dict.fromkeys(keys, 0)
    done: set[str] = set()
    ready = [key for key in keys if not waiting[key]]
    while len(done) < len(keys):
        if not ready:
            ready = [next(key for key in keys if key not in done)]
        key = ready.pop(0)
        if key in done:
            continue
        done.add(key)
        for target in following[key]:
            if target not in done:
                depth[target] = max(depth[target], depth[key] + 1)
            waiting[target] -= 1
            if not waiting[target] and target not in done:
                ready.append(target)
    return depth


def _phases(model: Model, columns: dict[str, int]) -> tuple[dict[str, tuple[int, int]], int]:
    """Return first and last column of each phase, and how many columns there are."""
    wide: dict[str, int] = {}
    for node in model.nodes:
        wide[node.phase] = max(wide.get(node.phase, 1), columns[node.key] + 1)
    keys = [phase.key for phase in model.phases]
    keys += [""] if "" in wide or not keys else []
    found: dict[str, tuple[int, int]] = {}
    start = 0
    for key in keys:
        found[key] = (start, start + wide.get(key, 1))
        start += wide.get(key, 1)
    return found, start


def _slots(model: Model, columns: dict[str, int]) -> dict[str, _Slot]:
    phases, _ = _phases(model, columns)
    taken: dict[tuple[str, int], int] = defaultdict(int)
    found: dict[str, _Slot] = {}
    for node in model.nodes:
        column = phases[node.phase][0] + columns[node.key]
        found[node.key] = _Slot(column, taken[node.lane, column])
        taken[node.lane, column] += 1
    return found


def _tall(node: Node) -> int:
    below = int(node.kind in SMALL and bool(node.name))  # a small shape's name stands below it
    return BOX_H + DATA_H * (min(len(node.links), SHOWN_LINKS + 1) + below)


Rows = dict[tuple[str, int], tuple[int, int]]  # (lane, row) → top, bottom


def _lanes(model: Model, slots: dict[str, _Slot], width: int) -> tuple[dict[str, Box], Rows, int]:
    heights: dict[tuple[str, int], int] = {}
    for node in model.nodes:
        place = (node.lane, slots[node.key].row)
        heights[place] = max(heights.get(place, 0), _tall(node))
    lanes: dict[str, Box] = {}
    rows: Rows = {}
    y = TOP
    for lane in model.lanes:
        top = y
        y += GAP_Y // 2
        for row in range(len([1 for place in heights if place[0] == lane.key])):
            rows[lane.key, row] = (y, y + heights[lane.key, row])
            y += heights[lane.key, row] + GAP_Y
        y = max(y, top + LEAST_LANE)
        lanes[lane.key] = Box(0, top, width, y - top)
    return lanes, rows, y


def _box(node: Node, slot: _Slot, top: int) -> Box:
    x = HEAD + slot.column * (BOX_W + GAP_X) + GAP_X // 2
    if size := SMALL.get(node.kind):
        return Box(x + (BOX_W - size) // 2, top + (BOX_H - size) // 2, size, size)
    return Box(x, top, BOX_W, BOX_H)


def _flows(
    model: Model, slots: dict[str, _Slot], nodes: dict[str, Box], rows: Rows
) -> dict[str, Points]:
    lanes = {node.key: node.lane for node in model.nodes}
    found: dict[str, Points] = {}
    for n, flow in enumerate(model.flows):
        a, b = slots[flow.source], slots[flow.target]
        start, end = nodes[flow.source], nodes[flow.target]
        shift = (n % 5 - 2) * 5
        after = HEAD + (a.column + 1) * (BOX_W + GAP_X) + shift
        before = HEAD + b.column * (BOX_W + GAP_X) + shift
        channel = rows[lanes[flow.source], a.row][1] + GAP_Y // 2 + (n % 3 - 1) * 4
        found[flow.key] = _route(
            start, end, columns=(a.column, b.column), via=(after, before, channel)
        )
    return found


def _route(start: Box, end: Box, *, columns: tuple[int, int], via: tuple[int, int, int]) -> Points:
    """Return the corners: through the gaps between columns and rows, never through a box."""
    after, before, channel = via
    first = (start.right, start.cy)
    if columns[0] == columns[1]:
        return (first, (after, start.cy), (after, end.cy), (end.right, end.cy))
    last = (end.x, end.cy)
    if columns[1] == columns[0] + 1:
        if start.cy == end.cy:
            return (first, last)
        return (first, (after, start.cy), (after, end.cy), last)
    return (
        first, (after, start.cy), (after, channel), (before, channel), (before, end.cy), last,
    )  # fmt: skip
