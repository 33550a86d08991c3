"""Where the nodes and lines of a lineage drawing go: layers side by side, from left to right."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, ACROSS, DOWN, TOP = 196, 44, 252, 58, 40
Key = tuple[str, str]  # table, column


@dataclass(frozen=True, slots=True)
class Box:
    table: str
    column: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    heads: tuple[tuple[str, int], ...]  # label, x of its middle
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]  # paths


def drawn(layers: Sequence[tuple[str, Sequence[Key]]], edges: Sequence[tuple[Key, Key]]) -> Drawing:
    """Return the drawing of nodes, layer by layer, and of the edges between them."""
    boxes = {
        key: Box(*key, across * ACROSS + 1, TOP + down * DOWN)
        for across, (_, keys) in enumerate(layers)
        for down, key in enumerate(keys)
    }
    lines = [
        _line(boxes[source], boxes[target])
        for source, target in dict.fromkeys(edges)
        if source in boxes and target in boxes
    ]
    most = max((len(keys) for _, keys in layers), default=0)
    return Drawing(
        width=max(len(layers) - 1, 0) * ACROSS + WIDTH + 2,
        height=TOP + most * DOWN,
        heads=tuple((label, at * ACROSS + WIDTH // 2) for at, (label, _) in enumerate(layers)),
        boxes=tuple(boxes.values()),
        lines=tuple(lines),
    )


def _line(source: Box, target: Box) -> str:
    """Return a curve from the right of one box to the left of the other.

    Within a layer it leaves and comes back on the right.
    """
    y1, y2 = source.y + HEIGHT // 2, target.y + HEIGHT // 2
    x1 = source.x + WIDTH
    if source.x == target.x:
        out = x1 + (ACROSS - WIDTH) // 2
        return f"M{x1} {y1}C{out} {y1} {out} {y2} {x1} {y2}"
    x2 = target.x
    middle = (x1 + x2) // 2
    return f"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"
