"""Reading the library: standards, what refers to them, what waits for whom."""

from urllib.parse import quote

from django.db.models import Count, Prefetch, Q, QuerySet

from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.work import TodoItem
from tongqu.standards import ports
from tongqu.standards.models import Ballot, CodeTableVersion, DataElement, Review, Standard
from tongqu.standards.vocabulary import (
    Follower,
    StandardKind,
    StandardState,
    StandardView,
    SubjectKind,
    Topic,
)

# What everybody may read; drafts and units' own rules are for those who work here.
OPEN_STATES = (
    StandardState.CONSULTING, StandardState.RELEASED, StandardState.IN_FORCE,
    StandardState.UNDER_REVISION, StandardState.ABOLISHED,
)  # fmt: skip


def address(code: str) -> str:
    """Return the page of a standard; a code may hold slashes, as in JT/T."""
    return f"/manage/standards/{quote(code)}/"


def visible(actor: Actor) -> QuerySet[Standard]:
    """Return the standards that the actor may read."""
    rows = Standard.objects.select_related("organisation")
    if actor.may(Permission.STANDARDS_DRAFT_READ):
        return rows
    return rows.filter(state__in=OPEN_STATES).exclude(kind=StandardKind.RULE)


def search(
    actor: Actor, *, q: str = "", kind: str | None = None, topic: str | None = None,
    state: str | None = None,
) -> QuerySet[Standard]:  # fmt: skip
    """Return the standards that match, of those the actor may read."""
    rows = visible(actor)
    for word in q.split()[:5]:
        rows = rows.filter(Q(code__icontains=word) | Q(title__icontains=word))
    given = {"kind": kind, "topic": topic, "state": state}
    return rows.filter(**{name: value for name, value in given.items() if value})


def get_standard(code: str, *, actor: Actor | None = None, lock: bool = False) -> Standard:
    """Return one standard, or raise NO_SUCH_STANDARD."""
    rows = visible(actor) if actor else Standard.objects.all()
    row = (rows.select_for_update() if lock else rows).filter(code=code).first()
    if row is None:
        raise Rejected(
            Problem("NO_SUCH_STANDARD", "没有这项标准。", "请核对编号，或从标准规范库重新进入。")
        )
    return row


def standard(code: str) -> StandardView | None:
    """Return one version of a standard, or None."""
    row = Standard.objects.select_related("organisation").filter(code=code).first()
    return view_of(row) if row else None


def standards() -> tuple[StandardView, ...]:
    return tuple(view_of(row) for row in Standard.objects.select_related("organisation"))


def view_of(row: Standard) -> StandardView:
    return StandardView(
        code=row.code,
        title=row.title,
        kind=StandardKind(row.kind),
        topic=Topic(row.topic),
        version=row.version,
        state=StandardState(row.state),
        replaces=tuple(row.replaces),
        replaced_by=row.replaced_by,
        organisation_code=row.organisation.code if row.organisation else "",
        issued_on=row.issued_on,
        effective_on=row.effective_on,
        abolished_on=row.abolished_on,
        is_example=row.is_example,
    )


def followers_of(row: Standard) -> tuple[Follower, ...]:
    """Return what refers to a standard, each once: elements, code tables, other rooms' things.

    A reference without a year (JT/T 697.7) means the newest version: it is looked at, too.
    """
    names = {row.code, row.code.removesuffix(f"-{row.version}")}
    elements = tuple(
        Follower(SubjectKind.ELEMENT, e.code, e.name_zh, f"/manage/standards/elements/{e.code}/")
        for e in DataElement.objects.filter(standard__in=names)
    )
    tables = {
        t.name: Follower(SubjectKind.CODE_TABLE, t.name, t.title,
                         f"/manage/standards/code-tables/{t.name}/")
        for t in CodeTableVersion.objects.filter(standard__in=names).defer("codes")
    }  # fmt: skip
    others = {(f.kind, f.code): f for name in sorted(names) for f in ports.followers(name)}
    return (*elements, *tables.values(), *others.values())


def reviews_for(actor: Actor) -> QuerySet[Review]:
    """Return the open reviews that the actor answers for."""
    rows = Review.objects.filter(done_at=None).select_related("old")
    mine = Q(owner_id=actor.organisation_id or -1)
    if actor.may(Permission.STANDARDS_LIBRARY_EDIT):
        mine |= Q(owner_id=0)
    return rows.filter(mine)


def reviews_shown(row: Standard, actor: Actor) -> QuerySet[Review]:
    """Return the reviews of one standard that the actor may read.

    A review names what refers to the standard, and that may be another department's draft.
    """
    rows = row.reviews.select_related("old")
    if actor.may(Permission.STANDARDS_LIBRARY_EDIT):
        return rows
    if not actor.may(Permission.STANDARDS_DRAFT_READ):
        return rows.none()
    return rows.filter(owner_id__in=(0, actor.organisation_id or 0))


def todos(actor: Actor) -> list[TodoItem]:
    """Return what waits for the actor: reviews of references, comments to answer, ballots."""
    if actor.kind != "person":
        return []
    return [*_reviews(actor), *_comments(actor), *_ballots(actor)]


def _reviews(actor: Actor) -> list[TodoItem]:
    """One line for each replaced standard: a change may concern hundreds of elements."""
    if not actor.may(Permission.STANDARDS_COMMENT_GIVE):
        return []
    found: dict[tuple[str, str], list[Review]] = {}
    for review in reviews_for(actor):
        found.setdefault((review.old.code, review.new_code), []).append(review)
    return [
        TodoItem(
            kind="标准复核",
            reference=old,
            title=f"{old} 已由 {new or '—'} 替代，复核 {len(rows)} 项引用："
            + "、".join(row.subject_name for row in rows[:3]) + ("等" if len(rows) > 3 else ""),
            url=address(old),
            received_at=rows[0].opened_at,
        )
        for (old, new), rows in found.items()
    ]  # fmt: skip


def _comments(actor: Actor) -> list[TodoItem]:
    if Role.MANAGING_OFFICE not in actor.roles:
        return []
    open_ = Count("comments", filter=Q(comments__answer=""))
    rows = Standard.objects.filter(state=StandardState.CONSULTING).annotate(open_count=open_)
    return [
        TodoItem("意见处理", row.code, f"{row.title}有 {row.open_count} 条意见待处理",
                 address(row.code), row.changed_at)
        for row in rows.filter(open_count__gt=0)
    ]  # fmt: skip


def _ballots(actor: Actor) -> list[TodoItem]:
    if Role.STANDARDS_COMMITTEE not in actor.roles:
        return []
    handed_in = Count("events", filter=Q(events__command="submit"), distinct=True)
    voted = Prefetch("ballots", Ballot.objects.filter(member_key=actor.key), to_attr="own")
    rows = Standard.objects.filter(state=StandardState.IN_REVIEW).annotate(handed_in=handed_in)
    return [
        TodoItem("标准表决", row.code, f"{row.title}待表决", address(row.code), row.changed_at)
        for row in rows.prefetch_related(voted)
        if max(1, row.handed_in) not in {ballot.round for ballot in row.own}
    ]


def round_of(row: Standard) -> int:
    """Return the round of review: how often the standard was handed in."""
    return max(1, row.events.filter(command="submit").count())
