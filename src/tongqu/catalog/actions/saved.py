"""Keep a search, look at it again, let it go: each person's own."""

from django.db import transaction

from tongqu.catalog.domain import problems
from tongqu.catalog.models import SavedSearch
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected

MOST_SAVED = 30
TOO_MANY = Problem(
    code="TOO_MANY_SAVED",
    title=f"每人最多收藏 {MOST_SAVED} 个检索。",
    next_step="请先在“我的检索”中删除不再需要的。",
)


@transaction.atomic
def save_search(*, title: str, query: str, found: int, sequence: int, by: Actor) -> SavedSearch:
    """Keep a search under a title; the same conditions once more only rename it.

    ``query`` is the conditions as in an address; ``found`` how many entries it finds now.
    """
    require(by, Permission.PORTAL_DESK_READ)
    name = title.strip()[:80]
    if not name:
        raise Rejected(problems.invalid("title", "请填写名称"))
    if by.user_id is None:
        raise Rejected(problems.invalid("title", "只有登录的用户可以收藏检索"))
    now = clock.now()
    mine = SavedSearch.objects.select_for_update().filter(person_id=by.user_id)
    if mine.count() >= MOST_SAVED and not mine.filter(query=query).exists():
        raise Rejected(TOO_MANY)
    seen = {"title": name, "found": found, "sequence": sequence, "seen_at": now}
    saved, _ = SavedSearch.objects.update_or_create(
        person_id=by.user_id, query=query, defaults=seen, create_defaults=seen | {"created_at": now}
    )
    return saved


@transaction.atomic
def drop_search(saved_id: int, *, by: Actor) -> None:
    """Let a kept search go; somebody else's, or one already gone, is left alone."""
    require(by, Permission.PORTAL_DESK_READ)
    SavedSearch.objects.filter(pk=saved_id, person_id=by.user_id or 0).delete()


@transaction.atomic
def note_seen(query: str, *, found: int, sequence: int, by: Actor) -> None:
    """Note how many entries the person sees now, so that more of them later are new."""
    SavedSearch.objects.filter(person_id=by.user_id or 0, query=query).update(
        found=found, sequence=sequence, seen_at=clock.now()
    )
