"""Words of products: what is asked of a product, and what it answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {"INPUT_NOT_OPEN": 409, "NO_ROUTE": 409}


class Vehicle(StrEnum):
    """车型, as controls name whom they stop."""

    PASSENGER = "客"
    TRUCK = "货"
    HAZMAT = "危化"
    OVERSIZE = "超限"


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees, in the coordinates of the stations."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Stop:
    """A toll station on the way."""

    code: str
    name: str
    route: str
    km: float  # from the entry, along the way


@dataclass(frozen=True, slots=True)
class Avoided:
    """A station that was nearer and not used, and the control that stands against it."""

    code: str
    name: str
    side: str  # 入口, 出口
    control: str
    since: datetime


@dataclass(frozen=True, slots=True)
class RouteView:
    """A way through the toll network. ``km``: from entry to exit."""

    km: float
    stops: tuple[Stop, ...]
    avoided: tuple[Avoided, ...]
    asked_for: datetime

    @property
    def entry(self) -> Stop:
        return self.stops[0]

    @property
    def exit(self) -> Stop:
        return self.stops[-1]
