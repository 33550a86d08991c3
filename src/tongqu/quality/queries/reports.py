"""质量月报: what a department's month looked like, as values, as PDF and as a workbook."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import QuerySet

from tongqu.catalog.ports import SheetOut, interchange
from tongqu.identity.public import organisation
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.workdays import add_months
from tongqu.policy.clauses.gd_2024 import REGULAR_QUALITY
from tongqu.quality import ports
from tongqu.quality.domain.scores import dimensions_of
from tongqu.quality.models import IndexValue, PointEntry, RealityCase, Ticket, TicketEvent
from tongqu.quality.queries import SEES_ALL
from tongqu.quality.queries import index as indices
from tongqu.quality.queries.assessment import rank_in
from tongqu.quality.vocabulary import DIMENSION_LABELS, Dimension, IndexScope, TicketCommand

MOST = 500  # datasets in a report
Row = Sequence[str]
NONE = "—"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything as text, ready to be set; a table is its headers and rows."""

    title: str
    department: str
    month: str
    made_at: str
    state: str  # 本月未结算 or 已结算
    basis: str
    figures: Sequence[Row]  # label, value
    dimensions: Sequence[Row]
    trend: Sequence[Row]  # month, score, trend
    datasets: Sequence[Row]  # code, name, score, trend
    reasons: Sequence[Row]  # rule, dataset, dimension, wrong / checked, points


def reported(month: date, actor: Actor) -> QuerySet[IndexValue]:
    """Return the departments of which the asker may read a month's report."""
    found = indices.values(month, IndexScope.DEPARTMENT).order_by("key")
    if actor.roles & SEES_ALL:
        return found
    return found.filter(department_id=actor.organisation_id)


def document(month: str, key: str, form: str, actor: Actor) -> bytes:
    """Return a report as PDF or xlsx. Raises: ``Rejected`` NO_SUCH_REPORT."""
    known = next((m for m in indices.months() if f"{m:%Y-%m}" == month), None)
    value = reported(known, actor).filter(key=key).first() if known else None
    if value is None or form not in {"pdf", "xlsx"}:
        raise Rejected(
            Problem(
                "NO_SUCH_REPORT", "没有这份质量月报，或不是你单位的。", "请从质量月报页面重新进入。"
            )
        )
    made = report(value)
    if form == "pdf":
        return ports.printer().print(asdict(made))
    return interchange().write_sheets(sheets(made))


def report(value: IndexValue) -> Report:
    """Put a department's month together; a fixed number of statements."""
    dimensions = dimensions_of(value.dimensions)
    members = indices.members(value)[:MOST]
    unit = organisation(value.key)
    return Report(
        title=f"{value.name}数据质量月报",
        department=value.name,
        month=f"{value.month.year} 年 {value.month.month} 月",
        made_at=f"{clock.now().astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}",
        state="已结算" if value.is_closed else f"截至 {value.as_of:%Y-%m-%d}，未结算",
        basis=str(REGULAR_QUALITY),
        figures=_figures(value, unit.pk if unit else 0),
        dimensions=[(DIMENSION_LABELS[d], _text(dimensions[d])) for d in Dimension],
        trend=[(f"{v.month:%Y-%m}", str(v.score), str(v.trend)) for v in indices.trend(value)],
        datasets=[(v.key, v.name, str(v.score), str(v.trend)) for v in members],
        reasons=[
            (r.loss.title, r.dataset.name, r.loss.label, f"{r.loss.wrong} / {r.loss.checked}",
             str(r.points))
            for r in indices.reasons(value)
        ],
    )  # fmt: skip


def _text(value: Decimal | None) -> str:
    return NONE if value is None else str(value)


def _figures(value: IndexValue, unit: int) -> list[Row]:
    begin = datetime.combine(value.month, time(), clock.SHANGHAI)
    end = datetime.combine(add_months(value.month, 1), time(), clock.SHANGHAI)
    tickets = Ticket.objects.filter(provider_id=unit, opened_at__gte=begin, opened_at__lt=end)
    closed = TicketEvent.objects.filter(
        ticket__provider_id=unit, command=TicketCommand.CLOSE, at__gte=begin, at__lt=end
    )
    points = PointEntry.objects.filter(organisation_id=unit, at__gte=begin, at__lt=end)
    cases = RealityCase.objects.filter(provider_id=unit, opened_at__gte=begin, opened_at__lt=end)
    place = rank_in(value.month, unit)
    return [
        ("质量指数", str(value.score)),
        ("趋势值", str(value.trend)),
        ("名次", f"{place.rank} / {place.ranked}" if place else NONE),
        ("参评数据集", str(value.datasets)),
        ("新开工单", str(tickets.count())),
        ("关闭工单", str(closed.values("ticket").distinct().count())),
        ("目录与实际不符", str(cases.count())),
        ("激励分值", str(sum(points.values_list("points", flat=True)))),
    ]


def sheets(made: Report) -> list[SheetOut]:
    """Return the report as sheets; every cell is a text."""
    figures = [("部门", made.department), ("月份", made.month), ("状态", made.state), *made.figures]
    return [
        SheetOut("概况", ("项目", "内容"), [*figures, *made.dimensions]),
        SheetOut("趋势", ("月份", "得分", "趋势值"), made.trend),
        SheetOut("数据集", ("目录标识", "名称", "得分", "趋势值"), made.datasets),
        SheetOut("失分", ("规则", "数据集", "维度", "不符 / 检查", "失分"), made.reasons),
    ]
