"""Keep the library of documents: what each is, from when to when it holds, and its clauses."""

import re
from collections.abc import Mapping
from datetime import date

from django.db import transaction

from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.models import PolicyArticle, PolicyDocument
from tongqu.policy.queries import shipped

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PLACE = re.compile(r"\S{1,40}")


@transaction.atomic
def keep_document(
    *,
    key: str,
    title: str = "",
    document_number: str = "",
    issuer: str = "",
    issued_on: date | None = None,
    effective_from: date | None = None,
    repealed_on: date | None = None,
    replaced_by: str = "",
    is_basis: bool = False,
    by: Actor,
) -> PolicyDocument:
    """Record a document, or correct what is recorded of it.

    A document that we ship keeps its title and day of effect. Raises: ``Rejected``
    DOCUMENT_INVALID with the fields.
    """
    known = shipped(key)
    title, effective_from = (
        (known.title, known.effective_from) if known else (title.strip(), effective_from)
    )
    wrong = _faults(key, title, issued_on, effective_from, repealed_on)
    if wrong or effective_from is None:
        raise _invalid(wrong)
    found, _ = PolicyDocument.objects.update_or_create(
        key=key,
        defaults={
            "title": title,
            "document_number": document_number.strip(),
            "issuer": issuer.strip(),
            "issued_on": issued_on,
            "effective_from": effective_from,
            "repealed_on": repealed_on,
            "replaced_by": replaced_by.strip(),
            "is_basis": is_basis,
            "author": by.key,
            "edited_at": clock.now(),
        },
    )
    return found


@transaction.atomic
def add_article(key: str, *, place: str, gist: str, phrase: str = "", by: Actor) -> PolicyArticle:
    """Add a clause to a recorded document. Raises: ``Rejected`` NOT_FOUND, DOCUMENT_INVALID."""
    document = PolicyDocument.objects.select_for_update().filter(key=key).first()
    if document is None:
        raise Rejected(Problem("NOT_FOUND", "依据库中没有这份文件。", "请先登记文件，再增补条款。"))
    wrong = {
        name: says
        for name, says, is_wrong in (
            ("place", "请按原文写条款序号，如“第十二条”或“三（一）”。", not PLACE.fullmatch(place)),
            ("gist", "请用一句话写明要旨。", not gist.strip()),
        )
        if is_wrong
    }
    if wrong:
        raise _invalid(wrong)
    document.author, document.edited_at = by.key, clock.now()
    document.save(update_fields=["author", "edited_at"])
    found, _ = PolicyArticle.objects.update_or_create(
        document=document, place=place, gist=gist.strip(), defaults={"phrase": phrase.strip()}
    )
    return found


def _faults(
    key: str,
    title: str,
    issued_on: date | None,
    effective_from: date | None,
    repealed_on: date | None,
) -> dict[str, str]:
    late = bool(issued_on and effective_from and issued_on > effective_from)
    early = bool(repealed_on and effective_from and repealed_on <= effective_from)
    return {
        name: says
        for name, says, is_wrong in (
            ("key", "标识由小写字母、数字和连字符组成，如 jx-2026-plan。", not KEY.fullmatch(key)),
            ("title", "请填写文件全称。", not title),
            ("effective_from", "请填写施行日期。", effective_from is None),
            ("issued_on", "发布日期不能晚于施行日期。", late),
            ("repealed_on", "废止日期须在施行日期之后。", early),
        )
        if is_wrong
    }


def _invalid(fields: Mapping[str, str]) -> Rejected:
    return Rejected(
        Problem(
            code="DOCUMENT_INVALID",
            title="政策文件没有保存：有内容需要改正。",
            next_step="请按所列各项改正后重新保存。",
            fields=dict(fields),
        )
    )
