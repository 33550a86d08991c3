"""What a source's rows must satisfy: taken from the catalogue, verified, frozen for a batch."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tongqu.catalog.vocabulary import EntryView, ItemView
from tongqu.ingest.domain import contract as contracts
from tongqu.ingest.domain import place
from tongqu.ingest.models import Batch, Source
from tongqu.ingest.ports import Contract
from tongqu.ingest.queries import parse_each
from tongqu.ingest.vocabulary import ColumnSpec, Fix, Rule
from tongqu.kernel import clock
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.standards import public as standards
from tongqu.standards.vocabulary import BadDocument, Check, CheckKind, CodeTable, Element, Facts

PLATE = "R-PLATE"  # a column under this rule also has its plates normalised before it is judged


def _wrong(check: str, what: str) -> Rejected:
    return Rejected(
        Problem(
            code="CHECK_WRONG",
            title=f"校核规则 {check} 不能用于这个来源：{what}。",
            next_step="请核对规则所列的信息项、代码集和写法，改正后重新登记。",
            basis=law.COMPILE,
            fields={check: what},
        )
    )


def parsed(documents: Sequence[Mapping[str, object]], *, where: str) -> tuple[Check, ...]:
    """Return checks from their documents. Raises ``Rejected`` CHECK_WRONG."""
    try:
        return parse_each(documents, where=where)
    except BadDocument as error:
        raise _wrong(error.where, error.what) from error


def verify(checks: Sequence[Check], columns: Sequence[ColumnSpec]) -> None:
    """Refuse a check that could not be carried out: better now than in the middle of a load.

    Raises: ``Rejected`` CHECK_WRONG naming the check and the column or code table unknown.
    """
    names = {column.item or column.name: f"c{n}" for n, column in enumerate(columns)}
    seen: set[tuple[str, tuple[str, ...]]] = {(rule.value, ()) for rule in Rule}
    facts = Facts(clock.now(), tables_of(checks, columns, clock.today()))
    for check in checks:
        if {(check.code, ()), (check.code, check.columns)} & seen:
            raise _wrong(check.code, "规则编码重复")
        seen.add((check.code, check.columns))
        if unknown := [name for name in check.columns if name not in names]:
            raise _wrong(check.code, f"没有名为 {'、'.join(unknown)} 的列")
        try:
            standards.check_sql(check, names, facts=facts)
        except BadDocument as error:
            raise _wrong(check.code, error.what) from error


def verified(checks: Sequence[Check], columns: Sequence[ColumnSpec]) -> list[dict[str, object]]:
    """Return checks as documents to store, verified."""
    verify(checks, columns)
    return [check.document for check in checks]


def tables_of(
    checks: Iterable[Check], columns: Iterable[ColumnSpec], day: date
) -> dict[str, CodeTable]:
    """Return the code tables that checks and columns look values up in, as of a day."""
    users = [(check.code, table) for check in checks for table in check.tables]
    users += [(column.name, column.code_table) for column in columns if column.code_table]
    found: dict[str, CodeTable] = {}
    for user, name in users:
        if name in found:
            continue
        table = standards.code_table(name, on=day)
        if table is None:
            raise _wrong(user, f"没有当日有效的代码集 {name}")
        found[name] = table
    return found


def frozen(source: Source) -> dict[str, Any]:
    """Return the agreement as it stands now, for a batch to keep.

    ``tables`` records which version of each code table the batch is judged by; ``judged_at``
    is the "now" of its checks.
    """
    now = clock.now()
    checks = parsed(source.checks, where=source.code)
    agreed = contracts.parse_columns(source.columns)
    tables = tables_of(checks, agreed, clock.legal_day(now))
    placed = place.with_places(agreed, contracts.parse_options(source.options))
    return {
        "options": source.options,
        "columns": source.columns if placed == agreed else contracts.columns_json(placed),
        "checks": source.checks,
        "tables": {name: table.version for name, table in sorted(tables.items())},
        "judged_at": now.isoformat(),
    }


def frozen_contract(batch: Batch) -> Contract:
    """Return the agreement as it stood when the batch was opened, codes included."""
    code, document = batch.source.code, batch.contract
    columns = contracts.parse_columns(document["columns"])
    checks = parsed(document.get("checks", ()), where=code)
    if not checks and not any(column.code_table for column in columns):
        return Contract(code, contracts.parse_options(document["options"]), columns)
    now = datetime.fromisoformat(document["judged_at"])
    tables = tables_of(checks, columns, clock.legal_day(now))
    return Contract(
        code,
        contracts.parse_options(document["options"]),
        contracts.with_codes(columns, tables, clock.legal_day(now)),
        checks,
        Facts(now, tables),
    )


def from_entry(entry: EntryView) -> tuple[tuple[ColumnSpec, ...], tuple[Check, ...]]:
    """Return columns and checks as the entry's items, their elements and its own checks say.

    The file's columns carry the items' English names, or the source columns where given; checks
    speak of items. One check code may judge several columns, each through an element of its own.
    """
    columns, checks = list[ColumnSpec](), list[Check]()
    bound = standards.elements({item.element for item in entry.items if item.element})
    elements = {element.code: element for element in bound}
    for item in entry.items:
        found = element_checks(item, elements.get(item.element))
        checks += found
        columns.append(_column(item, found))
    return tuple(columns), (*checks, *parsed(entry.checks, where=entry.code))


def element_checks(item: ItemView, element: Element | None) -> list[Check]:
    """Return the checks of the item's element, but those that loading carries out anyway."""
    if element is None:
        return []
    return [
        check
        for check in element.checks_of(item.name_en)
        if check.kind is not CheckKind.TYPE
        and not (check.kind is CheckKind.REQUIRED and not item.nullable)
        and not (check.kind is CheckKind.LENGTH and "min" not in check.limits and item.length)
    ]


def _column(item: ItemView, checks: Sequence[Check]) -> ColumnSpec:
    """Return the column of an item. A code table that the library does not hold checks nothing."""
    fixes = (Fix.TRIM, Fix.HALF_WIDTH)
    is_plate = any(check.code.startswith(PLATE) for check in checks)
    looked_up = {table for check in checks for table in check.tables}
    is_known = bool(item.code_table) and item.code_table not in looked_up
    table = standards.code_table(item.code_table, on=clock.today()) if is_known else None
    return ColumnSpec(
        item.source_column or item.name_en,
        item.data_type,
        nullable=item.nullable,
        is_key=item.is_key,
        length=item.length,
        fixes=(*fixes, Fix.PLATE) if is_plate else fixes,
        code_table=table.name if table else "",
        item=item.name_en if item.source_column else "",
    )
