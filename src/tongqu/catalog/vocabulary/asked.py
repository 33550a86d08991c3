"""What a search is asked for and counts; the door ``vocabulary`` hands it on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """Facets chosen by the asker; an empty tuple means any."""

    sharing_type: tuple[str, ...] = ()
    provider: tuple[str, ...] = ()  # organisation codes
    level: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    update_cycle: tuple[str, ...] = ()
    admin_level: tuple[str, ...] = ()
    mode: tuple[str, ...] = ()
    business: tuple[str, ...] = ()
    strategy: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    name: str  # query parameter
    title: str
    values: tuple[FacetValue, ...]
