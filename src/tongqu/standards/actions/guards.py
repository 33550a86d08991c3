"""What every action of standards asks first, and the form of its refusals."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.standards import ports
from tongqu.standards.domain.checks import check_sql, names
from tongqu.standards.models import (
    CodeTableVersion,
    Crosswalk,
    DataElement,
    MessageFormat,
    Standard,
)
from tongqu.standards.queries.elements import facts_for
from tongqu.standards.vocabulary import BadDocument, Check

Edited = CodeTableVersion | Crosswalk | DataElement | MessageFormat | Standard


@contextmanager
def understood() -> Iterator[None]:
    """Turn what is not understood in a document into a refusal that names the place."""
    try:
        yield
    except BadDocument as bad:
        raise Rejected(bad_document(bad)) from None


def bad_document(bad: BadDocument) -> Problem:
    return Problem(
        code="BAD_DOCUMENT",
        title=f"{bad.where}：{bad.what}。",
        next_step="请按所列位置改正后重新提交。",
        facts={"where": bad.where},
    )


def expect(row: Edited, edition: int | None) -> None:
    """Refuse an edit that began from an older state of the row: two editors at once."""
    if edition is not None and row.edition != edition:
        raise Rejected(
            Problem(
                code="CHANGED_MEANWHILE",
                title=f"内容已由{row.changed_by or '他人'}修改，本次修改未保存。",
                next_step="请刷新页面，在最新内容上重新修改。",
            )
        )


def stamp(row: Edited, by: Actor) -> None:
    row.edition += 1
    row.changed_at = clock.now()
    row.changed_by = str(by)[:160]


def prove(checks: Sequence[Check]) -> None:
    """Let the engine read every check once: what would stop a later load is refused now.

    Bounds are left out: they compare a column of the element's own type, which is not known here.
    """
    if not checks or not ports.has_judge():
        return
    facts = facts_for(checks)
    kept = [check for check in checks if not {"min", "max"} & set(check.limits)]
    conditions = [
        check_sql(check, dict.fromkeys(names(check), 'CAST("value" AS VARCHAR)'), facts=facts)
        for check in kept
    ]
    try:
        ports.judge().judge(conditions, {"value": None})
    except ports.Unreadable as error:
        raise BadDocument(kept[error.position].code, "检测引擎不能执行这条校验") from None
