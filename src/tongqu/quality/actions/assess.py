"""评估考核: rank the departments of each period that closed; tasks for who must improve (QLT-09).

Runs after the index of a month was closed. Whatever was assessed is not assessed again.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import notify, organisations
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses.gd_2024 import QUALITY_INDEX, REGULAR_QUALITY
from tongqu.quality.domain import assessing
from tongqu.quality.domain.assessing import PASS_MARK, TASKS, TaskCommand, TaskState
from tongqu.quality.domain.periods import Cycle, Period, closing_with
from tongqu.quality.models import Assessment, ImprovementTask, IndexValue
from tongqu.quality.vocabulary import IndexScope

LEAST_MEASURES = 5  # characters
Scores = Mapping[int, Sequence[tuple[date, Decimal]]]  # department → its months


def assess(*, by: Actor = PLATFORM) -> list[str]:
    """Assess every period that has closed and was not assessed; return their labels."""
    departments = IndexValue.objects.filter(scope=IndexScope.DEPARTMENT, is_closed=True)
    known = Assessment.objects.filter(cycle=Cycle.MONTHLY).values("opens")
    months = departments.exclude(month__in=known).values_list("month", flat=True)
    done = []
    for month in sorted(set(months)):
        done += _month(month, by=by)
    return done


@transaction.atomic
def _month(month: date, *, by: Actor) -> list[str]:
    """Assess a month, and the quarter and year that end with it."""
    _compare(month)
    for period in closing_with(month):
        scores = _scores(period)
        _keep(period, scores)
        if period.cycle is Cycle.QUARTERLY:
            _ask_to_improve(period, scores)
        record("quality.assessment.made", by=by, subject=period.label, basis=REGULAR_QUALITY,
               details={"cycle": period.cycle.value, "departments": len(scores)})  # fmt: skip
    return [period.label for period in closing_with(month)]


def _scores(period: Period) -> Scores:
    found: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    rows = IndexValue.objects.filter(
        scope=IndexScope.DEPARTMENT, is_closed=True, month__in=period.months
    )
    for key, month, score in rows.order_by("month").values_list("department_id", "month", "score"):
        found[key or 0].append((month, score))
    return found


def _keep(period: Period, scores: Scores) -> None:
    ranks = assessing.ranking({key: [s for _, s in rows] for key, rows in scores.items()})
    now = clock.now()
    Assessment.objects.bulk_create(
        Assessment(
            cycle=period.cycle, opens=period.opens, label=period.label, organisation_id=row.key,
            score=row.score, months=_told(scores[row.key]), rank=row.rank, ranked=len(ranks),
            made_at=now,
        )
        for row in ranks
    )  # fmt: skip


def _told(rows: Sequence[tuple[date, Decimal]]) -> list[list[str]]:
    return [[f"{month:%Y-%m}", str(score)] for month, score in rows]


def _ask_to_improve(period: Period, scores: Scores) -> None:
    """Make one task for each department that fell short of the mark twice in the quarter."""
    names = {unit.pk: unit.code for unit in organisations()}
    quarter = {row.organisation_id: row.score for row in Assessment.objects.filter(
        cycle=period.cycle, opens=period.opens)}  # fmt: skip
    for key, rows in sorted(scores.items()):
        if not assessing.must_improve([score for _, score in rows]):
            continue
        task = ImprovementTask.objects.create(
            number=f"GJ-{period.label}-{names[key]}", organisation_id=key, quarter=period.opens,
            basis=_told([row for row in rows if row[1] < PASS_MARK]), score=quarter[key],
            target=PASS_MARK, opened_at=clock.now(),
        )  # fmt: skip
        record("quality.improvement.opened", by=PLATFORM, subject=task.number,
               basis=REGULAR_QUALITY, details={"score": str(task.score)})  # fmt: skip
        notify(
            f"{period.label} 数据质量有 {len(task.basis)} 个月低于 {PASS_MARK} 分，"
            "请填报改进措施；以下一次月度得分复评。",
            key=f"improvement:{task.number}", kind="质量改进",
            url=f"/manage/quality/improvements/{task.number}/", organisation_id=key,
            role=Role.PROVIDER_REVIEWER,
        )  # fmt: skip


def _compare(month: date) -> None:
    """Hold each running task against its department's score of a month after its quarter."""
    running = ImprovementTask.objects.exclude(state=TaskState.CLOSED).filter(quarter__lt=month)
    scores = {
        value.department_id: value.score
        for value in IndexValue.objects.filter(scope=IndexScope.DEPARTMENT, month=month)
    }
    for task in running.select_related("organisation"):
        score = scores.get(task.organisation_id)
        if score is None:  # nothing was measured: neither better nor worse
            continue
        command = assessing.outcome(score)
        task.compared_month, task.compared_score = month, score
        if (task.state, command) != (TaskState.ESCALATED, TaskCommand.FALL_SHORT):
            task.state = TASKS.step(TaskState(task.state), command).target
        task.ended_at = clock.now() if task.state == TaskState.CLOSED else None
        task.save(update_fields=["compared_month", "compared_score", "state", "ended_at"])
        record("quality.improvement.compared", by=PLATFORM, subject=task.number,
               basis=REGULAR_QUALITY,
               details={"before": str(task.score), "after": str(score),
                        "state": str(task.state)})  # fmt: skip
        _tell(task)


def _tell(task: ImprovementTask) -> None:
    is_closed = task.state == TaskState.CLOSED
    words = "已达标，任务办结" if is_closed else f"仍低于 {task.target} 分，已上报主管部门"
    told = f"{task.organisation.name}质量改进复评 {task.compared_score} 分，{words}。"
    key = f"{task.number}:{task.compared_month}"
    url = f"/manage/quality/improvements/{task.number}/"
    notify(told, key=f"improvement:{key}", kind="质量改进", url=url,
           organisation_id=task.organisation_id, role=Role.PROVIDER_REVIEWER)  # fmt: skip
    if is_closed:
        return
    for unit in organisations().filter(is_managing_office=True):
        notify(told, key=f"improvement:{key}:{unit.pk}", kind="质量改进", url=url,
               organisation_id=unit.pk, role=Role.MANAGING_OFFICE)  # fmt: skip


@transaction.atomic
def tell_measures(number: str, measures: str, *, by: Actor) -> ImprovementTask:
    """Keep what a department does to improve; only its next score ends the task.

    Raises: ``Rejected`` NO_SUCH_IMPROVEMENT, NOTE_REQUIRED.
    """
    own = ImprovementTask.objects.filter(organisation_id=by.organisation_id or 0)
    task = own.filter(number=number).first()
    if task is None or task.state == TaskState.CLOSED:
        raise Rejected(
            Problem(
                "NO_SUCH_IMPROVEMENT",
                "没有这项改进任务，或任务已经办结。",
                "请从评估考核页面重新进入。",
            )
        )
    if len(measures.strip()) < LEAST_MEASURES:
        raise Rejected(
            Problem(
                code="NOTE_REQUIRED", title="请写明改进措施。",
                next_step="请说明原因、措施和完成时间，不少于 5 个字。", basis=QUALITY_INDEX,
                fields={"measures": "请写明改进措施，不少于 5 个字。"},
            )
        )  # fmt: skip
    task.measures, task.measures_by = measures.strip()[:500], str(by)[:160]
    task.save(update_fields=["measures", "measures_by"])
    record("quality.improvement.measures", by=by, subject=number, basis=REGULAR_QUALITY)
    return task
