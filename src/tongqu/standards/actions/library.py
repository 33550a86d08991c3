"""Keep standards and units' rules; a version that replaces another lists what follows that."""

from collections.abc import Mapping

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import notify, organisation
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.standards.actions.guards import expect, stamp, understood
from tongqu.standards.domain.library import OWN_KINDS, StandardDocument, parse_standard
from tongqu.standards.domain.states import BASIS, STANDARDS
from tongqu.standards.models import Review, Standard, StandardEvent
from tongqu.standards.queries.library import address, followers_of, get_standard, view_of
from tongqu.standards.vocabulary import (
    BadDocument,
    StandardCommand,
    StandardKind,
    StandardState,
    StandardView,
)

EFFECTIVE = frozenset({StandardState.RELEASED, StandardState.IN_FORCE})


@transaction.atomic
def save_standard(
    document: Mapping[str, object], *, by: Actor, edition: int | None = None
) -> StandardView:
    """Keep a standard that exists elsewhere, or a unit's rule; the same again changes nothing.

    A released one that ``replaces`` others abolishes them from its day on, and what refers
    to them is listed for review. Raises BAD_DOCUMENT; CHANGED_MEANWHILE; NOT_YOUR_RULE;
    IN_WORKFLOW for a standard that is being made here.
    """
    with understood():
        found = parse_standard(document)
        row = Standard.objects.select_for_update().filter(code=found.code).first()
        _may_keep(found, row, by)
        values = _values(found)
    if row is not None:
        expect(row, edition)
    values["state"] = found.state or (row.state if row else StandardState.IN_FORCE)
    if row is not None and all(getattr(row, key) == value for key, value in values.items()):
        return view_of(row)
    is_news = row is None or row.state != values["state"] or row.replaces != values["replaces"]
    row = row or Standard(code=found.code)
    for key, value in values.items():
        setattr(row, key, value)
    stamp(row, by)
    row.save()
    record("standards.standard.saved", by=by, subject=row.code, basis=BASIS,
           details={"state": str(row.state), "replaces": list(row.replaces)})  # fmt: skip
    if is_news and StandardState(row.state) in EFFECTIVE:
        replace_old(row, by=by)
    return view_of(row)


def _may_keep(found: StandardDocument, row: Standard | None, by: Actor) -> None:
    is_own = by is PLATFORM or by.may(Permission.STANDARDS_LIBRARY_EDIT)
    theirs = {found.organisation, row.organisation.code if row and row.organisation else ""}
    if not is_own and not (
        found.kind is StandardKind.RULE and theirs - {""} == {by.organisation_code}
        and (row is None or row.kind == StandardKind.RULE)
        and not _others(found, by)
    ):  # fmt: skip
        raise Rejected(
            Problem(
                code="NOT_YOUR_RULE",
                title="只能维护本单位的管理制度。",
                next_step="标准规范请联系主管部门或技术支持部门维护。",
                who="主管部门",
            )
        )
    if row is not None and row.is_own and row.state != StandardState.IN_FORCE:
        raise Rejected(
            Problem(
                code="IN_WORKFLOW",
                title="该标准正按制修订流程办理，不能直接改写。",
                next_step="请在标准页面办理下一步。",
                basis=BASIS,
            )
        )


def _others(found: StandardDocument, by: Actor) -> bool:
    """Tell whether a unit's rule would replace, and so abolish, what is not the unit's rule."""
    replaced = Standard.objects.filter(code__in=found.replaces)
    own = {"kind": StandardKind.RULE, "organisation_id": by.organisation_id or 0}
    return replaced.exclude(**own).exists()


def _values(found: StandardDocument) -> dict[str, object]:
    names = ("version", "title", "kind", "topic", "summary", "draft", "issued_on", "effective_on",
             "abolished_on", "rule_kind", "rule_subject", "scope", "is_example")  # fmt: skip
    values: dict[str, object] = {name: getattr(found, name) for name in names}
    values["organisation_id"] = None
    if found.organisation:
        unit = organisation(found.organisation)
        if unit is None:
            raise BadDocument(f"标准 {found.code}", f"没有单位 {found.organisation}")
        values["organisation_id"] = unit.pk
    return values | {
        "working_group": list(found.working_group),
        "replaces": list(found.replaces),
        "processes": list(found.processes),
    }


@transaction.atomic
def propose(document: Mapping[str, object], *, by: Actor) -> StandardView:
    """Begin an own standard (行标、地标、团标) at 立项. Raises BAD_DOCUMENT, CODE_TAKEN."""
    with understood():
        found = parse_standard(document)
        if found.kind not in OWN_KINDS:
            labels = "、".join(kind.label for kind in OWN_KINDS)
            raise BadDocument(f"标准 {found.code}", f"本平台只制修订{labels}")
        if found.state is not None:
            raise BadDocument(f"标准 {found.code}", "立项时不写 state")
        values = _values(found)
    if Standard.objects.filter(code=found.code).exists():
        raise Rejected(
            Problem(
                code="CODE_TAKEN",
                title="已有相同编号的标准。",
                next_step="请改用新的编号；修订旧版请使用新版本的编号并填写替代。",
                fields={"code": "编号已被使用。"},
            )
        )
    row = Standard(code=found.code, state=StandardState.PROPOSED, is_own=True)
    for key, value in values.items():
        setattr(row, key, value)
    stamp(row, by)
    row.save()
    note_step(row, "propose", by=by, note="立项")
    return view_of(row)


@transaction.atomic
def edit_draft(code: str, *, draft: str, summary: str, working_group: tuple[str, ...],
               edition: int, by: Actor) -> StandardView:  # fmt: skip
    """Keep the text of a draft while it is being written or commented on. Two editors: the
    second is told that it changed meanwhile."""
    row = get_standard(code, lock=True)
    if not row.is_own or row.state not in (
        StandardState.PROPOSED, StandardState.DRAFTING, StandardState.CONSULTING,
    ):  # fmt: skip
        raise Rejected(
            Problem(
                code="NOT_A_DRAFT",
                title="当前状态不能修改草案。",
                next_step="送审后的草案须先退回起草。",
                basis=BASIS,
            )
        )
    expect(row, edition)
    row.draft, row.summary, row.working_group = draft, summary, list(working_group)
    stamp(row, by)
    row.save()
    record("standards.draft.saved", by=by, subject=row.code, basis=BASIS,
           details={"characters": len(draft)})  # fmt: skip
    return view_of(row)


def note_step(row: Standard, command: str, *, by: Actor, note: str = "") -> None:
    """Add a line to a standard's history, and to the trail."""
    StandardEvent.objects.create(
        standard=row, command=command, state=row.state, note=note[:300], actor=str(by)[:160],
        at=clock.now(),
    )  # fmt: skip
    record(f"standards.standard.{command}", by=by, subject=row.code, basis=BASIS,
           details={"state": str(row.state)})  # fmt: skip


def replace_old(new: Standard, *, by: Actor) -> None:
    """List what refers to the replaced versions; abolish those once the new one is in force."""
    for old in Standard.objects.select_for_update().filter(code__in=new.replaces):
        if old.replaced_by != new.code:
            old.replaced_by = new.code
            old.save(update_fields=["replaced_by"])
        open_reviews(old, new.code)
        if new.state != StandardState.IN_FORCE or old.state == StandardState.ABOLISHED:
            continue
        step = STANDARDS.step(StandardState(old.state), StandardCommand.SUPERSEDE)
        old.state = step.target
        old.abolished_on = new.effective_on or clock.today()
        stamp(old, by)
        old.save()
        note_step(old, step.command, by=PLATFORM, note=f"由 {new.code} 替代")


def open_reviews(old: Standard, new_code: str) -> int:
    """List everything that refers to a standard, once; tell those who answer for it."""
    opened: dict[int, int] = {}
    for one in followers_of(old):
        _, is_new = Review.objects.get_or_create(
            old=old, new_code=new_code, subject_kind=one.kind.value, subject_code=one.code,
            defaults={"subject_name": one.name[:200], "url": one.url[:300],
                      "owner_id": one.owner_id, "opened_at": clock.now()},
        )  # fmt: skip
        if is_new:
            opened[one.owner_id] = opened.get(one.owner_id, 0) + 1
    for owner, count in opened.items():
        notify(
            f"标准 {old.code} 已由 {new_code or '—'} 替代，有 {count} 项引用待复核",
            key=f"standard-review:{old.code}:{new_code}:{owner}"[:200],
            kind="标准复核",
            url=address(old.code),
            organisation_id=owner or None,
            role="" if owner else Role.MANAGING_OFFICE,
        )
    return sum(opened.values())
