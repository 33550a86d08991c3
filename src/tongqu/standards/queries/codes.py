"""Reading code tables and cross-walks."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from tongqu.kernel import clock
from tongqu.kernel.problems import Problem, Rejected
from tongqu.standards.domain.crosswalks import inverse, to_sql
from tongqu.standards.models import CodeTableVersion, Crosswalk
from tongqu.standards.vocabulary import Code, CodeTable

Pairs = tuple[tuple[str, str], ...]


def code_table(name: str, on: date | None = None) -> CodeTable | None:
    """Return the version of a code table in force on a day (today), with all its codes.

    The codes carry their own days: ``table.on(day)`` gives those valid then.
    """
    row = version_on(name, on)
    return table_of(row) if row else None


def version_on(name: str, on: date | None = None) -> CodeTableVersion | None:
    day = on or clock.today()
    rows = CodeTableVersion.objects.filter(name=name, valid_from__lte=day)
    return rows.filter(Q(valid_to=None) | Q(valid_to__gt=day)).order_by("-valid_from").first()


def get_version(name: str, version: str = "", on: date | None = None) -> CodeTableVersion:
    """Return a version by its number, else the one in force on a day; NO_SUCH_CODE_TABLE."""
    rows = CodeTableVersion.objects.filter(name=name)
    row = rows.filter(version=version).first() if version else version_on(name, on)
    if row is None and not version and on is None:  # none in force today: the newest
        row = rows.order_by("-valid_from").first()
    if row is None:
        raise Rejected(
            Problem(
                code="NO_SUCH_CODE_TABLE",
                title="没有这个代码集，或该版本、该日没有有效的代码集。",
                next_step="请从代码集列表重新进入。",
            )
        )
    return row


def table_of(row: CodeTableVersion) -> CodeTable:
    return CodeTable(
        name=row.name,
        title=row.title,
        version=row.version,
        codes=tuple(_code(*cells) for cells in row.codes),
        standard=row.standard,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        is_example=row.is_example,
    )


def _code(code: str, label: str, parent: str, valid_from: str | None, valid_to: str | None) -> Code:
    day = date.fromisoformat
    return Code(
        code,
        label,
        parent,
        day(valid_from) if valid_from else None,
        day(valid_to) if valid_to else None,
    )


def code_tables() -> tuple[CodeTable, ...]:
    """Return every code table in its version of today."""
    return tuple(table_of(row) for row in _today(CodeTableVersion.objects.all()))


def code_tables_named(names: Collection[str]) -> dict[str, CodeTable]:
    """Return those of the named tables that have a version in force today, in one statement."""
    rows = _today(CodeTableVersion.objects.filter(name__in=list(names)))
    return {row.name: table_of(row) for row in rows}


def _today(rows: QuerySet[CodeTableVersion]) -> list[CodeTableVersion]:
    """Return the version in force of every table, by name: of several the newest."""
    day = clock.today()
    held = rows.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gt=day))
    newest = {row.name: row for row in held.order_by("name", "valid_from")}
    return list(newest.values())


def codes_on(name: str, day: date) -> tuple[Code, ...]:
    """Return which codes were valid on a day: of the version in force then, those valid then."""
    table = code_table(name, day)
    return table.on(day) if table else ()


def crosswalk(source_table: str, target_table: str) -> Pairs:
    """Return (from, to) pairs between two tables, read backwards if only that was kept.

    Raises NO_SUCH_CROSSWALK. Read backwards, a code may have several counterparts.
    """
    there = Crosswalk.objects.filter(source=source_table, target=target_table).first()
    if there is not None:
        return tuple((pair[0], pair[1]) for pair in there.pairs)
    back = Crosswalk.objects.filter(source=target_table, target=source_table).first()
    if back is None:
        raise Rejected(
            Problem(
                code="NO_SUCH_CROSSWALK",
                title="没有这两个代码集的对照。",
                next_step="请技术支持部门先登记对照关系。",
                facts={"source": source_table, "target": target_table},
            )
        )
    return inverse(tuple((pair[0], pair[1]) for pair in back.pairs))


def crosswalk_sql(source_table: str, target_table: str, column: str) -> str:
    """Return DuckDB SQL that turns a column's codes into those of the target table.

    ``column`` is an SQL expression; a code without counterpart becomes NULL. Raises
    NO_SUCH_CROSSWALK; AMBIGUOUS_CROSSWALK when a code has several counterparts that way.
    """
    return to_sql(crosswalk(source_table, target_table), column)


def crosswalks_of(name: str) -> QuerySet[Crosswalk]:
    """Return the cross-walks from or to a table."""
    return Crosswalk.objects.filter(Q(source=name) | Q(target=name))


def labelled(source: str, target: str, pairs: Pairs) -> list[tuple[str, str, str, str]]:
    """Return (from, its words, to, its words) for each pair."""
    left, right = (_words(name) for name in (source, target))
    return [(one, left.get(one, ""), other, right.get(other, "")) for one, other in pairs]


def _words(name: str) -> dict[str, str]:
    row = CodeTableVersion.objects.filter(name=name).order_by("-valid_from").first()
    return {str(cells[0]): str(cells[1]) for cells in row.codes} if row else {}
