"""Keep message formats; a sample that its own format refuses is not kept."""

from collections.abc import Mapping
from dataclasses import asdict

from django.db import transaction

from tongqu.audit.public import record
from tongqu.kernel.actor import Actor
from tongqu.standards import ports
from tongqu.standards.actions.guards import expect, stamp, understood
from tongqu.standards.domain.messages import parse_format
from tongqu.standards.models import DataElement, MessageFormat
from tongqu.standards.queries.messages import validate_message
from tongqu.standards.vocabulary import BadDocument


@transaction.atomic
def save_message_format(
    document: Mapping[str, object], *, by: Actor, edition: int | None = None
) -> str:
    """Keep a message format and return its code; the same content again changes nothing.

    Raises BAD_DOCUMENT: unknown keys, an element that does not exist, a sample that does not
    pass; CHANGED_MEANWHILE.
    """
    with understood():
        form = parse_format(document)
        wanted = {field.element for field in form.fields if field.element}
        known = set(DataElement.objects.filter(code__in=wanted).values_list("code", flat=True))
        if missing := sorted(wanted - known):
            raise BadDocument(f"单据格式 {form.code}", f"没有数据元 {'、'.join(missing[:10])}")
        row = MessageFormat.objects.select_for_update().filter(code=form.code).first()
        row = row or MessageFormat(code=form.code)
        if row.pk:
            expect(row, edition)
        values = {"title": form.title, "standard": form.standard, "note": form.note,
                  "sample": dict(form.sample), "is_example": form.is_example,
                  "fields": [asdict(field) for field in form.fields]}  # fmt: skip
        if row.pk and all(getattr(row, key) == value for key, value in values.items()):
            return form.code
        for key, value in values.items():
            setattr(row, key, value)
        stamp(row, by)
        row.save()
        _prove_sample(form.code, dict(form.sample))
    record("standards.message_format.saved", by=by, subject=form.code,
           details={"fields": len(form.fields)})  # fmt: skip
    return form.code


def _prove_sample(code: str, sample: Mapping[str, object]) -> None:
    if sample and ports.has_judge() and (found := validate_message(code, sample)):
        first = found[0]
        raise BadDocument(f"单据格式 {code} 样例 {first.path}", first.message)
