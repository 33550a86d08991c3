"""Delivery templates (地市数递、企业报送): who delivers what by which day, and who is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog.vocabulary import UpdateCycle
from tongqu.identity.public import notify, organisation_by_id
from tongqu.identity.vocabulary import Role
from tongqu.ingest.actions import guards
from tongqu.ingest.domain import contract as contracts
from tongqu.ingest.domain.supply import CYCLES, Period, former, period_of, rate
from tongqu.ingest.models import Batch, Source, Template, TemplateMember
from tongqu.ingest.vocabulary import BatchState, ColumnSpec, FileOptions, Form, TemplateKind
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import gd_2024

UNKNOWN = Problem(
    code="TEMPLATE_UNKNOWN",
    title="没有找到这个报送模板。",
    next_step="请从列表进入。",
    basis=gd_2024.CITY_DELIVERY,
)


def _wrong(code: str, title: str, next_step: str, /, **fields: str) -> Rejected:
    return Rejected(
        Problem(code=code, title=title, next_step=next_step, basis=gd_2024.CITY_DELIVERY,
                fields=fields)
    )  # fmt: skip


@transaction.atomic
def register_template(
    *, code: str, name: str, kind: TemplateKind, cycle: UpdateCycle, due_day: int,
    columns: Sequence[ColumnSpec], owner_id: int, by: Actor,
) -> Template:  # fmt: skip
    """Register a template. Raises: ``Rejected`` TEMPLATE_WRONG, TEMPLATE_EXISTS."""
    guards.may_register(owner_id, by)
    largest = 7 if cycle is UpdateCycle.WEEKLY else 31
    if cycle not in CYCLES:
        raise _wrong("TEMPLATE_WRONG", "这种周期不能定报送日。", "可选：每周、每月、每季度、每年。",
                     cycle="请选择")  # fmt: skip
    if not 1 <= due_day <= largest:
        raise _wrong("TEMPLATE_WRONG", "报送日超出范围。", f"请填 1 至 {largest}。",
                     due_day=f"请填 1 至 {largest}")  # fmt: skip
    if not code.isidentifier() or not code.islower() or "__" in code or len(code) > 20:
        raise _wrong("TEMPLATE_WRONG", "模板代码的写法不对。",
                     "请用小写字母开头，只含小写字母、数字和下划线，不超过 20 位。",
                     code="写法不对")  # fmt: skip
    if not columns:
        raise _wrong("TEMPLATE_WRONG", "模板没有列。", "请写明要报送的列。", columns="请填写")
    if Template.objects.filter(code=code).exists():
        raise _wrong("TEMPLATE_EXISTS", "这个模板代码已被使用。", "请换一个代码。", code="已被使用")
    found = Template.objects.create(
        code=code, name=name.strip() or code, kind=kind.value, owner_id=owner_id,
        cycle=cycle.value, due_day=due_day, created_at=clock.now(),
        columns=contracts.columns_json(contracts.check_columns(columns)),
    )  # fmt: skip
    record("ingest.template.registered", by=by, subject=code, basis=gd_2024.CITY_DELIVERY)
    return found


@transaction.atomic
def add_member(template_code: str, provider_id: int, *, by: Actor) -> TemplateMember:
    """Let an organisation deliver by a template: a source of its own takes its files."""
    template = template_of(template_code)
    guards.may_register(template.owner_id, by)
    provider = organisation_by_id(provider_id)
    code = f"{template.code}_{provider.code.lower().replace('-', '_')}"[:40]
    source, _ = Source.objects.get_or_create(
        code=code,
        defaults={
            "name": f"{template.name}·{provider.name}"[:120], "form": Form.FILE.value,
            "provider_id": provider_id, "cycle": template.cycle, "columns": template.columns,
            "options": contracts.options_json(FileOptions()), "created_at": clock.now(),
        },
    )  # fmt: skip
    if source.provider_id != provider.pk:  # a source of that name is somebody else's
        raise _wrong("TEMPLATE_EXISTS", f"来源代码 {code} 已被其他单位使用。", "请换一个模板代码。",
                     organisation="来源代码已被使用")  # fmt: skip
    member, is_new = TemplateMember.objects.get_or_create(template=template, source=source)
    if is_new:
        record("ingest.template.member", by=by, subject=template.code,
               basis=gd_2024.CITY_DELIVERY, details={"source": code})  # fmt: skip
    return member


def template_of(code: str) -> Template:
    """Return the template. Raises: ``Rejected`` TEMPLATE_UNKNOWN."""
    found = Template.objects.select_related("owner").filter(code=code).first()
    if found is None:
        raise Rejected(UNKNOWN)
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """One member in one period. ``batch``: the first that was taken; None: nothing yet."""

    source: Source
    batch: Batch | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Round:
    """One period of a template: who delivered, who is late, the share that delivered on time."""

    period: Period
    members: tuple[Standing, ...]

    @property
    def delivered(self) -> int:
        return sum(one.batch is not None for one in self.members)

    @property
    def on_time(self) -> int:
        return sum(one.batch is not None and not one.is_late for one in self.members)

    @property
    def late(self) -> tuple[Standing, ...]:
        return tuple(one for one in self.members if one.is_late and one.batch is None)

    @property
    def rate(self) -> Decimal | None:
        return rate(self.delivered, len(self.members))


def rounds(template: Template, count: int = 1) -> list[Round]:
    """Return the newest periods that have opened, newest first."""
    cycle, today = UpdateCycle(template.cycle), clock.today()
    found, period = list[Round](), period_of(UpdateCycle(template.cycle), template.due_day, today)
    since = template.created_at.astimezone(clock.SHANGHAI).date()
    while len(found) < count and period.due >= since:
        found.append(_round(template, period))
        period = former(cycle, template.due_day, period)
    return found


def _round(template: Template, period: Period) -> Round:
    """Count what came for a period, and what came late for it.

    A file that comes in the first half of the next period counts as late for this one where
    nothing had come; from then on files count for the period under way.
    """
    cycle, day = UpdateCycle(template.cycle), template.due_day
    earlier = former(cycle, day, period)
    following = period_of(cycle, day, period.reminder)
    due = _midnight(period.reminder)
    # Nobody is late for what was due before he was asked.
    asked = template.members.filter(source__created_at__lt=due)
    members = list(asked.select_related("source", "source__provider"))
    times = _taken(template, _midnight(earlier.opens), _half(following))
    standings = []
    for member in members:
        batches = times.get(member.source_id, [])
        is_behind = member.source.created_at < _midnight(period.opens) and not _between(
            batches, _midnight(earlier.opens), _midnight(period.opens)
        )
        came = _between(batches, _midnight(period.opens), due)
        if is_behind and came and came[0].started_at < _half(period):
            came = came[1:]
        late = _between(batches, due, _half(following))
        first = next(iter(came or late), None)
        is_late = not came and clock.now() >= due
        standings.append(Standing(member.source, first, is_late))
    return Round(period, tuple(standings))


def _taken(template: Template, begin: datetime, end: datetime) -> dict[int, list[Batch]]:
    """Return the batches that brought rows, by source, oldest first."""
    found: dict[int, list[Batch]] = {}
    for batch in Batch.objects.filter(
        source__membership__template=template, state=BatchState.CLOSED, received__gt=0,
        started_at__gte=begin, started_at__lt=end,
    ).order_by("pk"):  # fmt: skip
        found.setdefault(batch.source_id, []).append(batch)
    return found


def _between(batches: Sequence[Batch], begin: datetime, end: datetime) -> list[Batch]:
    return [batch for batch in batches if begin <= batch.started_at < end]


def _half(period: Period) -> datetime:
    return _midnight(period.opens + (period.reminder - period.opens) / 2)


def _midnight(day: object) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)  # type: ignore[arg-type]  # a date


def remind() -> int:
    """On the day after a due day remind who has not delivered; return how many.

    Run daily or oftener: each is told once a period. Late ones are told on any later day too,
    should the platform have stood still on the day itself.
    """
    reminded = 0
    today = clock.today()
    for template in Template.objects.all():
        cycle = UpdateCycle(template.cycle)
        period = period_of(cycle, template.due_day, today - timedelta(days=1))
        last = period if period.due < today else former(cycle, template.due_day, period)
        for one in _round(template, last).late:
            reminded += 1
            notify(
                f"“{template.name}”应于 {last.due:%Y-%m-%d} 报送，尚未收到，请尽快报送。",
                key=f"template-{template.code}-{last.due}-{one.source.pk}", kind="报送催办",
                url=f"/manage/ingest/{one.source.code}/",
                organisation_id=one.source.provider_id, role=Role.CATALOGUER.value,
            )  # fmt: skip
    return reminded
