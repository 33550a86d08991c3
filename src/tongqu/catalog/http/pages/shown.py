"""How entries and searches are laid out on a page."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from tongqu.catalog.domain.versions import show
from tongqu.catalog.http.forms import STEP_FIELDS, EntryForm
from tongqu.catalog.queries.search import FACETS
from tongqu.catalog.vocabulary import EntryView, Facet, Scope, SearchFilters
from tongqu.identity.public import organisation

PAGE_SIZE = 20
FIELD_LABELS = {name: str(field.label) for name, field in EntryForm.base_fields.items()}
FIELD_LABELS |= {"items": "信息项", "code": "目录标识", "provider": "提供部门"}
# Which step of the edit page holds a field that a finding names.
FIELD_STEPS = {name: step for step, names in STEP_FIELDS.items() for name in names}
FIELD_STEPS["items"] = "items"


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    value: str
    wide: int = 0


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen condition and the address of the page without it."""

    label: str
    url: str


def core_metadata(entry: EntryView) -> tuple[Row, ...]:
    """Return the twelve core metadata items in the order of article 8."""
    masked = sum(item.mask != "none" for item in entry.items)
    hidden = len(entry.items) - len(entry.shareable_items)
    items = f"共 {len(entry.items)} 项"
    items += f"，其中脱敏 {masked} 项" if masked else ""
    items += f"，不共享 {hidden} 项" if hidden else ""
    return (
        Row("分类", show(entry.category)),
        Row("名称", entry.name),
        Row("提供部门", entry.provider_name),
        Row("格式", show(entry.formats)),
        Row("信息项信息", items),
        Row("更新周期", entry.update_cycle.label),
        Row("共享类型", entry.sharing_type.label),
        Row("共享条件", entry.conditions or "无", wide=2),
        Row("共享范围", scope_of(entry), wide=2),
        Row("共享方式", show(entry.manners)),
        Row("来源系统", show(entry.source_system)),
        Row("安全分级", f"{entry.level} 级", wide=2),
    )


def duty(entry: EntryView) -> tuple[Row, ...]:
    """Return classification and responsibility: level, mode, business; who, by what (GEN-15)."""
    return (
        Row("层级", entry.admin_level.label if entry.admin_level else "未分类"),
        Row("运输方式", entry.mode.label if entry.mode else "未分类"),
        Row("业务领域", entry.business.label if entry.business else "未分类"),
        Row("责任人", show(entry.accountable)),
        Row("依据", show(entry.legal_basis)),
        Row("标准", show(entry.standards)),
        Row("工具", show(entry.tools)),
        Row("服务的战略和规划", show(entry.strategies)),
    )


def scope_names(entry: EntryView) -> tuple[str, ...]:
    """Return the departments an entry is for; a code stands for an unknown one."""
    found = ((code, organisation(code)) for code in entry.scope_codes)
    return tuple(unit.name if unit else code for code, unit in found)


def scope_of(entry: EntryView) -> str:
    if entry.scope is Scope.LISTED:
        return f"{entry.scope.label}：{show(scope_names(entry))}"
    return entry.scope.label


def filters_of(query: QueryDict) -> SearchFilters:
    """Return the conditions in a query string; what is not understood is left out."""
    chosen = {name: tuple(value[:60] for value in query.getlist(name)[:50]) for name, *_ in FACETS}
    return SearchFilters(**chosen, offset=_offset(query.get("offset", "0")), limit=PAGE_SIZE)


def _offset(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0


def chips(query: QueryDict, facets: tuple[Facet, ...]) -> tuple[Chip, ...]:
    labels = {(facet.name, v.value): v.label for facet in facets for v in facet.values}
    pairs = [(name, v) for name, values in query.lists() for v in values if name != "offset"]
    return tuple(
        Chip(
            labels.get(pair, pair[1]),
            "?" + urlencode([other for other in pairs if other != pair]),
        )
        for pair in pairs
        if pair[0] in {name for name, *_ in FACETS}
    )
