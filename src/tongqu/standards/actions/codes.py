"""Keep code tables with their versions, and the cross-walks between them."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from tongqu.audit.public import record
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.standards.actions.guards import expect, stamp, understood
from tongqu.standards.domain.code_tables import difference, parse_code_table
from tongqu.standards.domain.documents import Reader
from tongqu.standards.models import CodeTableVersion, Crosswalk
from tongqu.standards.queries.codes import table_of
from tongqu.standards.vocabulary import BadDocument, Code, CodeTable

MOST_PAIRS = 20_000


@transaction.atomic
def save_code_table(
    document: Mapping[str, object], *, by: Actor, edition: int | None = None
) -> CodeTable:
    """Keep a version of a code table; the same content again changes nothing.

    A newer version ends the older one by itself. Raises BAD_DOCUMENT naming the place:
    unknown keys, doubles, overlapping days, a parent that is not there, a cycle by its
    codes; CHANGED_MEANWHILE when ``edition`` is not the present one.
    """
    with understood():
        table, note = parse_code_table(document)
        # One writer a table at a time: versions are placed beside each other.
        others = list(CodeTableVersion.objects.select_for_update().filter(name=table.name))
        row = next((one for one in others if one.version == table.version), None)
        row = row or CodeTableVersion(name=table.name, version=table.version)
        others = [one for one in others if one.pk != row.pk]
        if row.pk:
            expect(row, edition)
        valid_to = _place(table, row, others)
    known = table_of(row) if row.pk else None
    found = {
        "title": table.title, "standard": table.standard, "note": note,
        "valid_from": table.valid_from, "valid_to": valid_to, "is_example": table.is_example,
        "codes": [_cells(code) for code in table.codes],
    }  # fmt: skip
    if row.pk and all(getattr(row, key) == value for key, value in found.items()):
        return table_of(row)
    for key, value in found.items():
        setattr(row, key, value)
    stamp(row, by)
    row.save()
    change = difference(known.codes if known else (), table.codes)
    record(
        "standards.code_table.saved", by=by, subject=f"{table.name} {table.version}",
        details={"codes": len(table.codes), "added": len(change.added),
                 "removed": len(change.removed), "changed": len(change.changed)},
    )  # fmt: skip
    return table_of(row)


def _cells(code: Code) -> list[str | None]:
    days = (day.isoformat() if day else None for day in (code.valid_from, code.valid_to))
    return [code.code, code.label, code.parent, *days]


def _place(table: CodeTable, row: CodeTableVersion, others: list[CodeTableVersion]) -> date | None:
    """Return when the version ends, and end the one before it; refuse what overlaps."""
    where = f"代码集 {table.name}"
    first = table.valid_from or date.min
    if row.pk and row.valid_from != first:  # it moves: the one before it follows
        for one in others:
            if one.valid_to == row.valid_from:
                one.valid_to = first
                one.save(update_fields=["valid_to"])
    if any(one.valid_from == first for one in others):
        raise BadDocument(where, f"已有另一版本自 {first} 起生效")
    before = max((one for one in others if one.valid_from < first), default=None,
                 key=lambda one: one.valid_from)  # fmt: skip
    after = min((one for one in others if one.valid_from > first), default=None,
                key=lambda one: one.valid_from)  # fmt: skip
    if before and before.valid_to is None:
        before.valid_to = first
        before.save(update_fields=["valid_to"])
    elif before and before.valid_to and before.valid_to > first:
        raise BadDocument(where, f"有效期与版本 {before.version} 重叠")
    if after and table.valid_to and table.valid_to > after.valid_from:
        raise BadDocument(where, f"有效期与版本 {after.version} 重叠")
    return table.valid_to or (after.valid_from if after else None)


@transaction.atomic
def save_crosswalk(document: Mapping[str, object], *, by: Actor, edition: int | None = None) -> int:
    """Keep the pairs between two code tables and return how many there are.

    Raises BAD_DOCUMENT: a table or code that does not exist, a source code given twice.
    """
    with understood():
        read = Reader(document, "对照")
        source = read.text("source", longest=60, must=True)
        target = read.text("target", longest=60, must=True)
        read.where = f"对照 {source} → {target}"
        if source == target:
            raise BadDocument(read.where, "来源与目标是同一代码集")
        title, is_example = read.text("title"), read.flag("is_example")
        rows = [_pair(row, f"{read.where} 第 {line} 对")
                for line, row in enumerate(read.rows("pairs", MOST_PAIRS), 1)]  # fmt: skip
        read.end()
        _check_pairs(rows, source, target, read.where)
    row = Crosswalk.objects.select_for_update().filter(source=source, target=target).first()
    row = row or Crosswalk(source=source, target=target)
    if row.pk:
        expect(row, edition)
        if (row.pairs, row.title, row.is_example) == (rows, title, is_example):
            return len(rows)
    row.pairs, row.title, row.is_example = rows, title, is_example
    stamp(row, by)
    row.save()
    record("standards.crosswalk.saved", by=by, subject=f"{source} {target}",
           details={"pairs": len(rows), "day": clock.today().isoformat()})  # fmt: skip
    return len(rows)


def _pair(row: object, where: str) -> list[str]:
    read = Reader(row, where)
    pair = [read.text("from", longest=60, must=True), read.text("to", longest=60, must=True),
            read.text("note")]  # fmt: skip
    read.end()
    return pair


def _check_pairs(pairs: list[list[str]], source: str, target: str, where: str) -> None:
    if not pairs:
        raise BadDocument(where, "没有任何对照")
    for name, position in ((source, 0), (target, 1)):
        known = _codes_ever(name)
        if not known:
            raise BadDocument(where, f"没有代码集 {name}")
        if strange := sorted({pair[position] for pair in pairs} - known):
            raise BadDocument(where, f"代码集 {name} 没有代码 {'、'.join(strange[:10])}")
    seen: set[str] = set()
    for code, *_ in pairs:
        if code in seen:
            raise BadDocument(where, f"代码 {code} 有两个对应代码，只能有一个")
        seen.add(code)


def _codes_ever(name: str) -> set[str]:
    rows = CodeTableVersion.objects.filter(name=name).values_list("codes", flat=True)
    return {str(cells[0]) for codes in rows for cells in codes}
