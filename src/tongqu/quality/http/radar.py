"""The quality radar as points of an SVG: six axes, 60 at the centre, 100 at the rim."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, pi, sin

FLOOR, ROOF = 60, 100  # below the floor lies the centre: the table beside says the number
RADIUS, MIDDLE = 90, 120


@dataclass(frozen=True, slots=True)
class Radar:
    """Polygons as SVG ``points``; axes as (x, y) of their ends; unmeasured: at the centre."""

    area: str
    rings: tuple[str, ...]
    axes: tuple[tuple[str, str], ...]


def radar(values: Sequence[Decimal | None]) -> Radar:
    reach = [_reach(value) for value in values]
    return Radar(
        area=_polygon(reach),
        rings=tuple(_polygon([share] * len(values)) for share in (0.25, 0.5, 0.75, 1.0)),
        axes=tuple(_point(index, len(values), 1.0) for index in range(len(values))),
    )


def rim(words: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return each axis's word with the place to write it, just outside the rim."""
    places = (_point(index, len(words), 1.3) for index in range(len(words)))
    return [(word, x, f"{float(y) + 4:.1f}") for word, (x, y) in zip(words, places, strict=True)]


def _reach(value: Decimal | None) -> float:
    if value is None:
        return 0.0
    return max(0.0, min(1.0, (float(value) - FLOOR) / (ROOF - FLOOR)))


def _polygon(reach: Sequence[float]) -> str:
    return " ".join(",".join(_point(i, len(reach), share)) for i, share in enumerate(reach))


def _point(index: int, axes: int, share: float) -> tuple[str, str]:
    angle = 2 * pi * index / axes - pi / 2
    x, y = MIDDLE + RADIUS * share * cos(angle), MIDDLE + RADIUS * share * sin(angle)
    return f"{x:.1f}", f"{y:.1f}"


WIDTH, HEIGHT = 320, 120


def line(values: Sequence[Decimal]) -> str:
    """Return a trend as the ``points`` of a line, oldest left; one value is drawn as a level."""
    if len(values) == 1:
        values = [values[0], values[0]]
    step = WIDTH / max(1, len(values) - 1)
    return " ".join(
        f"{index * step:.1f},{HEIGHT * (1 - _reach(value)):.1f}"
        for index, value in enumerate(values)
    )
