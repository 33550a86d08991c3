"""Reading data elements and what their checks need to run."""

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from tongqu.kernel import clock
from tongqu.kernel.problems import Problem, Rejected
from tongqu.standards.domain import checks as language
from tongqu.standards.domain.elements import element_of
from tongqu.standards.models import DataElement
from tongqu.standards.queries.codes import code_tables_named
from tongqu.standards.vocabulary import BadDocument, Check, Element, ElementType, Facts


def element(code: str) -> Element | None:
    """Return a data element with its checks, or None."""
    row = DataElement.objects.filter(code=code).first()
    return view_of(row) if row else None


def elements(codes: Iterable[str] | None = None) -> tuple[Element, ...]:
    """Return all data elements, or those with the given codes, in one query."""
    rows = DataElement.objects.all()
    if codes is not None:
        rows = rows.filter(code__in=set(codes))
    return tuple(view_of(row) for row in rows)


def search(q: str) -> QuerySet[DataElement]:
    """Return the elements whose code, name or standard holds every word."""
    rows = DataElement.objects.all()
    for word in q.split()[:5]:
        rows = rows.filter(
            Q(code__icontains=word) | Q(name_zh__icontains=word) | Q(name_en__icontains=word)
            | Q(standard__icontains=word)
        )  # fmt: skip
    return rows


def get_element(code: str) -> Element:
    """Return one data element, or raise NO_SUCH_ELEMENT."""
    found = element(code)
    if found is None:
        raise Rejected(
            Problem("NO_SUCH_ELEMENT", "没有这个数据元。", "请核对编码，或从数据元列表重新进入。")
        )
    return found


def with_sql(found: Element) -> list[tuple[Check, str]]:
    """Return an element's checks with their SQL over a column "value"; "" where a table is gone."""
    facts = facts_for(found.checks)
    return [(check, _sql_or_nothing(check.bound("value"), facts)) for check in found.checks]


def _sql_or_nothing(check: Check, facts: Facts) -> str:
    try:
        return language.check_sql(check, {"value": '"value"'}, facts=facts)
    except BadDocument:
        return ""


def view_of(row: DataElement) -> Element:
    return element_of(
        {
            "code": row.code,
            "name_zh": row.name_zh,
            "name_en": row.name_en,
            "data_type": ElementType(row.data_type),
            "length": row.length,
            "code_table": row.code_table,
            "standard": row.standard,
            "definition": row.definition,
            "is_example": row.is_example,
        },
        row.checks,
    )


def facts_for(checks: Iterable[Check]) -> Facts:
    """Return what these checks must know: the clock's instant, and the code tables they name.

    Ask once for all checks of a load; a table that does not exist is left out, and
    ``check_sql`` then names it.
    """
    wanted = frozenset[str]().union(*(check.tables for check in checks))
    return Facts(now=clock.now(), tables=code_tables_named(wanted) if wanted else {})


def check_sql(check: Check, columns: Mapping[str, str], *, facts: Facts | None = None) -> str:
    """Return DuckDB SQL of a check: TRUE for a right row and for one with nothing to judge.

    ``columns`` maps items' English names to SQL expressions of their own type; an instant
    is given as ``x AT TIME ZONE 'Asia/Shanghai'``. Raises ``BadDocument`` naming a column
    that is not given or a code table that does not exist.
    """
    return language.check_sql(check, columns, facts=facts or facts_for([check]))
