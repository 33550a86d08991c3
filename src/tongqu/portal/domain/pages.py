"""Which pages a pager shows, and their addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

Query = Sequence[tuple[str, str]]

AROUND = 2


@dataclass(frozen=True, slots=True)
class Pages:
    total: int
    size: int
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class PageLink:
    label: str  # empty: a gap
    url: str
    is_current: bool = False
    name: str = ""  # for assistive technology, where the label is an arrow


def of(total: int, size: int, number: int) -> Pages:
    count = max(1, -(-total // max(size, 1)))
    return Pages(total, size, min(max(number, 1), count), count)


def links(pages: Pages, query: Query, parameter: str) -> tuple[PageLink, ...]:
    """Return arrows, the first, the last and the pages around the current one."""
    shown = sorted(
        {1, pages.count}
        | set(range(max(1, pages.number - AROUND), min(pages.count, pages.number + AROUND) + 1))
    )
    found = []
    if pages.number > 1:
        found.append(PageLink("‹", _url(pages, pages.number - 1, query, parameter), name="上一页"))
    for before, number in zip([0, *shown], shown, strict=False):
        if number - before > 1:
            found.append(PageLink("", ""))
        url = _url(pages, number, query, parameter)
        found.append(PageLink(str(number), url, is_current=number == pages.number))
    if pages.number < pages.count:
        found.append(PageLink("›", _url(pages, pages.number + 1, query, parameter), name="下一页"))
    return tuple(found)


def _url(pages: Pages, number: int, query: Query, parameter: str) -> str:
    kept = [(name, value) for name, value in query if name != parameter]
    value = number if parameter == "page" else (number - 1) * pages.size
    return f"?{urlencode([*kept, (parameter, str(value))])}"
