"""Reads of assessments, improvement tasks and the ledger of incentives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from tongqu.identity.vocabulary import Permission
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.work import TodoItem
from tongqu.quality.domain.assessing import TaskState
from tongqu.quality.domain.periods import Cycle, Period
from tongqu.quality.domain.points import DELIVERED, Points
from tongqu.quality.models import Assessment, ImprovementTask, PointEntry, PointRule
from tongqu.quality.queries import SEES_ALL


def point_rules() -> dict[str, Points]:
    """Return the rules in use: the delivered ones, or what was set since."""
    found = dict(DELIVERED)
    for row in PointRule.objects.order_by("version"):
        found[row.code] = Points(row.code, row.title, row.value, row.version)
    return found


def periods() -> list[Period]:
    """Return the periods that were assessed, the newest and longest first."""
    found = Assessment.objects.order_by().values_list("cycle", "opens").distinct()
    told = [Period(Cycle(cycle), opens) for cycle, opens in found]
    return sorted(told, key=lambda period: (period.closes, period.opens), reverse=True)


def ranking(period: Period) -> QuerySet[Assessment]:
    """Return a period's assessments by rank. Which department stands where is open to staff."""
    found = Assessment.objects.filter(cycle=period.cycle, opens=period.opens)
    return found.select_related("organisation").order_by("rank", "organisation__code")


def improvements(actor: Actor) -> QuerySet[ImprovementTask]:
    """Return the tasks of the asker's department; of all, for support and oversight."""
    found = ImprovementTask.objects.select_related("organisation")
    if actor.roles & SEES_ALL or actor.kind == "platform":
        return found
    return found.filter(organisation_id=actor.organisation_id or 0)


def improvement(number: str, actor: Actor) -> ImprovementTask:
    found = improvements(actor).filter(number=number).first()
    if found is None:
        raise Rejected(
            Problem("NO_SUCH_IMPROVEMENT", "没有这项改进任务。", "请从评估考核页面重新进入。")
        )
    return found


def improvement_todos(actor: Actor) -> list[TodoItem]:
    """Return the tasks that wait for the measures of the asker's department."""
    if not actor.may(Permission.QUALITY_TICKET_HANDLE) or actor.organisation_id is None:
        return []
    waiting = ImprovementTask.objects.filter(organisation_id=actor.organisation_id)
    return [
        TodoItem(
            kind="质量改进", reference=task.number,
            title=f"{task.quarter.year} 年第 {(task.quarter.month + 2) // 3} 季度质量改进",
            url=f"/manage/quality/improvements/{task.number}/", received_at=task.opened_at,
        )
        for task in waiting.exclude(state=TaskState.CLOSED)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Earned:
    """What a department earned by one version of a rule: ``count`` × ``value``."""

    organisation_id: int
    name: str
    rule: str
    title: str
    count: int
    value: int
    points: int


def earned(organisation_id: int | None = None) -> list[Earned]:
    """Return the ledger in sums, by department and rule; the most points first."""
    found = PointEntry.objects.order_by()
    if organisation_id is not None:
        found = found.filter(organisation_id=organisation_id)
    titles = {code: rule.title for code, rule in point_rules().items()}
    rows = found.values_list(
        "organisation_id", "organisation__name", "rule", "rule_version", "points"
    ).annotate(count=Count("pk"), total=Sum("points"))
    told = [
        Earned(key, name, rule, titles.get(rule, rule), count, value, total)
        for key, name, rule, _, value, count, total in rows
    ]
    return sorted(told, key=lambda row: (-row.points, row.name, row.rule))


def totals(rows: Sequence[Earned]) -> list[tuple[str, int]]:
    """Return each department's points, the most first."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.name] = found.get(row.name, 0) + row.points
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def entries(actor: Actor) -> QuerySet[PointEntry]:
    """Return the ledger's lines: a department's own, all for support and oversight."""
    found = PointEntry.objects.select_related("organisation")
    if actor.roles & SEES_ALL:
        return found
    return found.filter(organisation_id=actor.organisation_id or 0)


def rank_in(month: date, organisation_id: int) -> Assessment | None:
    return Assessment.objects.filter(
        cycle=Cycle.MONTHLY, opens=month, organisation_id=organisation_id
    ).first()
