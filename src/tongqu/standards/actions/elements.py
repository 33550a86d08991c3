"""Keep data elements; their checks are proven on the engine before they are kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.standards.actions.guards import expect, prove, stamp, understood
from tongqu.standards.domain.elements import parse_element
from tongqu.standards.models import CodeTableVersion, DataElement, Review
from tongqu.standards.queries.elements import view_of
from tongqu.standards.vocabulary import BadDocument, Element, SubjectKind


@transaction.atomic
def save_elements(
    documents: Sequence[Mapping[str, object]], *, by: Actor, edition: int | None = None
) -> tuple[Element, ...]:
    """Keep data elements, all or none; the same content again changes nothing.

    Raises BAD_DOCUMENT naming the element and the key: unknown keys, a code table that does
    not exist, a check that the engine cannot run; CHANGED_MEANWHILE (with one document and
    its ``edition``).
    """
    with understood():
        read = [parse_element(document) for document in documents]
        codes = [element.code for element, _ in read]
        for code in codes:
            if codes.count(code) > 1:
                raise BadDocument(f"数据元 {code}", "编码重复")
        _check_tables([element for element, _ in read])
        prove([check for element, _ in read for check in element.checks_of("value")])
    rows = {row.code: row for row in
            DataElement.objects.select_for_update().filter(code__in=codes)}  # fmt: skip
    for element, own in read:
        _save(rows.get(element.code) or DataElement(code=element.code), element, own,
              by=by, edition=edition)  # fmt: skip
    found = {row.code: row for row in DataElement.objects.filter(code__in=codes)}
    return tuple(view_of(found[code]) for code in codes)


def _check_tables(elements: Sequence[Element]) -> None:
    wanted = {table for element in elements for check in element.checks for table in check.tables}
    known = set(CodeTableVersion.objects.filter(name__in=wanted).values_list("name", flat=True))
    for element in elements:
        for check in element.checks:
            if missing := check.tables - known:
                raise BadDocument(f"数据元 {element.code}", f"没有代码集 {sorted(missing)[0]}")


def _save(
    row: DataElement, element: Element, own: list[dict[str, Any]], *, by: Actor,
    edition: int | None,
) -> None:  # fmt: skip
    values = {
        "name_zh": element.name_zh, "name_en": element.name_en,
        "data_type": element.data_type.value, "length": element.length,
        "code_table": element.code_table, "standard": element.standard,
        "definition": element.definition, "is_example": element.is_example, "checks": own,
    }  # fmt: skip
    if row.pk:
        expect(row, edition)
        if all(getattr(row, key) == value for key, value in values.items()):
            return
    changed = [key for key, value in values.items() if getattr(row, key) != value]
    before = row.standard
    for key, value in values.items():
        setattr(row, key, value)
    stamp(row, by)
    row.save()
    record("standards.element.saved", by=by, subject=element.code, details={"changed": changed})
    if before and before != element.standard:
        _settle(before, element, by)


def _settle(before: str, element: Element, by: Actor) -> None:
    """An element that now refers to another standard needs no review for the old one."""
    note = f"改引 {element.standard or '（无）'}"
    Review.objects.filter(
        old__code=before, subject_kind=SubjectKind.ELEMENT, subject_code=element.code, done_at=None
    ).update(done_at=clock.now(), done_by=str(by)[:160], note=note[:300])
