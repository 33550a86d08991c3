"""Where events of lineage go, and who knows the jobs that fill the source layer."""

from collections.abc import Callable, Mapping
from typing import Any

from tongqu.lake.vocabulary import LoadJob

Emit = Callable[[Mapping[str, Any]], None]
_emitters: list[Callable[[], Emit]] = []  # the last one plugged in counts
_feeders: list[Callable[[], Mapping[str, LoadJob]]] = []


def use_emitter(make: Callable[[], Emit]) -> None:
    """Plug in what sends one event of OpenLineage; called by the wiring."""
    _emitters.append(make)


def emitter() -> Emit:
    if not _emitters:
        raise RuntimeError("no way out for lineage is plugged in: see project/wiring.py")
    return _emitters[-1]()


def use_loads(loads: Callable[[], Mapping[str, LoadJob]]) -> None:
    """Plug in who knows, for tables of the source layer, the job that fills them."""
    _feeders.append(loads)


def loads() -> Mapping[str, LoadJob]:
    return _feeders[-1]() if _feeders else {}
