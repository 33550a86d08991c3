"""The facets of a search: which there are, and how their values are called."""

from collections.abc import Callable, Iterable, Mapping

from tongqu.catalog.vocabulary import (
    AdminLevel,
    BusinessDomain,
    Domain,
    Facet,
    FacetValue,
    SearchFilters,
    SharingType,
    Strategy,
    TransportMode,
    UpdateCycle,
)

# parameter, title, column (of strategies: a list, told as text)
FACETS: tuple[tuple[str, str, str], ...] = (
    ("sharing_type", "共享类型", "sharing_type"),
    ("provider", "提供部门", "provider__code"),
    ("admin_level", "层级", "admin_level"),
    ("mode", "运输方式", "mode"),
    ("business", "业务领域", "business"),
    ("domain", "领域", "entry__domain"),
    ("update_cycle", "更新周期", "update_cycle"),
    ("level", "安全分级", "level"),
    ("strategy", "服务的战略和规划", "strategies"),
)
NAMES = tuple(name for name, *_ in FACETS)
LABELS: dict[str, Callable[[str], str]] = {
    "sharing_type": lambda value: SharingType(value).label,
    "admin_level": lambda value: AdminLevel(value).label,
    "mode": lambda value: TransportMode(value).label,
    "business": lambda value: BusinessDomain(value).label,
    "domain": lambda value: Domain(value).label,
    "update_cycle": lambda value: UpdateCycle(value).label,
    "level": lambda value: f"{value} 级",
    "strategy": lambda value: Strategy(value).label,
}


def chosen(filters: SearchFilters) -> dict[str, tuple[str, ...]]:
    """Return the facets with a choice and what was chosen."""
    return {name: getattr(filters, name) for name in NAMES if getattr(filters, name)}


def shown(
    name: str, counts: Mapping[str, int], *, chosen: Iterable[str], labels: Mapping[str, str]
) -> Facet:
    """Return a facet as a page lists it: most frequent first. ``labels``: names of units."""
    title = next(title for facet, title, _ in FACETS if facet == name)
    picked = set(chosen)
    values = [
        FacetValue(value, _label(name, value, labels), count, value in picked)
        for value, count in counts.items()
    ]
    values.sort(key=lambda value: (-value.count, value.label))
    return Facet(name, title, tuple(values))


def _label(name: str, value: str, labels: Mapping[str, str]) -> str:
    if name == "provider":
        return labels.get(value, value)
    try:
        return LABELS[name](value)
    except ValueError:  # a word that this release no longer knows
        return value
