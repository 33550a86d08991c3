"""The demand pool (共享需求管理): needs, their merging into one supply task, what meets it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import EntryView, SearchFilters
from tongqu.identity.public import notify, organisation, organisation_by_id, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.law import Assumption
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy import public as policy
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.actions.file import NOT_GOV_DEPT, next_number
from tongqu.sharing.actions.steps import required_reason
from tongqu.sharing.domain.needs import THRESHOLD, similarity
from tongqu.sharing.domain.purpose import is_meaningful
from tongqu.sharing.models import Need, SupplyTask
from tongqu.sharing.queries.needs import NO_NEED
from tongqu.sharing.vocabulary import Frequency, Matter, SupplyState

ANSWER = Assumption("供给任务由提供部门在 10 个工作日内落实或说明理由")
ANSWER_DAYS = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """The seven fields of a need."""

    name: str
    items: tuple[str, ...]
    source: str
    matter: str
    purpose: str
    duty: str
    frequency: str


@transaction.atomic
def file_need(wanted: Wanted, *, by: Actor) -> Need:
    """Put a need into the pool. Raises: ``Rejected`` NOT_GOV_DEPT, INVALID."""
    require(by, Permission.SHARING_REQUEST_SUBMIT)
    unit = organisation_by_id(by.organisation_id) if by.organisation_id else None
    if unit is None or not unit.is_government:
        raise Rejected(NOT_GOV_DEPT)
    if fields := _faults(wanted):
        raise Rejected(_invalid(fields))
    made = Need.objects.create(
        number=next_number("XQ"), consumer=unit, applicant_key=by.key, applicant_name=by.name,
        name=wanted.name.strip(), items=list(wanted.items), source=wanted.source.strip(),
        matter=wanted.matter, purpose=wanted.purpose.strip(), duty=wanted.duty.strip(),
        frequency=wanted.frequency, filed_at=clock.now(),
    )  # fmt: skip
    record("sharing.need.file", by=by, subject=made.number, purpose=made.matter,
           basis=law.SHARE_BY_DEFAULT)  # fmt: skip
    notify(
        f"{unit.name}提出共享需求“{made.name}”（{made.number}）。",
        key=f"sharing.need.{made.number}",
        kind="共享需求",
        url=f"/share/needs/{made.number}/",
        role=Role.MANAGING_OFFICE,
    )
    return made


def _faults(wanted: Wanted) -> dict[str, str]:
    fields = {}
    if not 2 <= len(wanted.name.strip()) <= 120:
        fields["name"] = "请填写数据名称，2 至 120 个字。"
    if len(wanted.items) > 200 or any(not 1 <= len(item) <= 60 for item in wanted.items):
        fields["items"] = "信息项至多 200 个，每个不超过 60 个字。"
    if wanted.matter not in set(Matter):
        fields["matter"] = "请选择履职事项。"
    if not is_meaningful(wanted.purpose) or len(wanted.purpose) > 500:
        fields["purpose"] = "请写明使用用途，不少于 10 个字，不超过 500 个字。"
    if not 1 <= len(wanted.duty.strip()) <= 300:
        fields["duty"] = "请填写履职依据，不超过 300 个字。"
    if wanted.frequency not in set(Frequency):
        fields["frequency"] = "请选择使用频次。"
    return fields


def _invalid(fields: dict[str, str]) -> Problem:
    return Problem(
        code="INVALID",
        title="填写的内容不完整。",
        next_step="请改正标出的内容后重新提交。",
        basis=law.SHARE_BY_DEFAULT,
        fields=fields,
    )


def similar_needs(need: Need) -> list[tuple[Need, int]]:
    """Return open needs of others that ask for the same, with how near they are in percent."""
    others = Need.objects.filter(withdrawn_at=None).exclude(pk=need.pk)
    others = others.exclude(task__state__in=(SupplyState.MET, SupplyState.DECLINED))
    rated = [
        (other, similarity(need.name, need.items, other.name, other.items))
        for other in others.select_related("consumer", "task")[:2000]
    ]
    near = [(other, round(100 * rate)) for other, rate in rated if rate >= THRESHOLD]
    return sorted(near, key=lambda pair: (-pair[1], pair[0].pk))[:20]


def matching_entries(need: Need, actor: Actor) -> tuple[EntryView, ...]:
    """Return entries of the catalogue that may meet a need already."""
    return catalog.search(need.name, SearchFilters(limit=5), actor).entries


@transaction.atomic
def merge_needs(numbers: Sequence[str], *, title: str, provider_code: str, by: Actor) -> SupplyTask:
    """Make one supply task of needs that are the same; where one has a task, the others join it.

    Raises: ``Rejected`` NOT_FOUND, INVALID.
    """
    require(by, Permission.SHARING_REQUEST_MANAGING_APPROVE)
    open_ones = Need.objects.select_for_update(of=("self",)).filter(
        number__in=list(numbers), withdrawn_at=None
    )
    needs = list(open_ones.select_related("task", "consumer").order_by("pk"))
    tasks = {need.task_id: need.task for need in needs if need.task}
    is_closed = any(task.state != SupplyState.ASSIGNED for task in tasks.values())
    if not needs or len(needs) != len(set(numbers)) or len(tasks) > 1 or is_closed:
        raise Rejected(NO_NEED)
    task = next(iter(tasks.values()), None) or _new_task(title, provider_code, by)
    joined = [need for need in needs if need.task_id is None]
    for need in joined:
        need.task = task
        need.save(update_fields=["task"])
        _tell(need, f"共享需求“{need.name}”已列入供给任务 {task.number}", mark="merged")
    record("sharing.supply.merge", by=by, subject=task.number, basis=law.SHARE_BY_DEFAULT,
           details={"needs": [need.number for need in needs]})  # fmt: skip
    return task


def _new_task(title: str, provider_code: str, by: Actor) -> SupplyTask:
    provider = organisation(provider_code)
    fields = {}
    if not 2 <= len(title.strip()) <= 120:
        fields["title"] = "请填写数据名称，2 至 120 个字。"
    if provider is None or not provider.is_government:
        fields["provider"] = "请选择提供部门。"
    if fields or provider is None:
        raise Rejected(_invalid(fields))
    due = policy.calendar().after(clock.today(), ANSWER_DAYS)
    task = SupplyTask.objects.create(
        number=next_number("GS"), title=title.strip(), provider=provider, due_on=due.on,
        due_provisional=due.provisional, made_by=str(by), made_at=clock.now(),
    )  # fmt: skip
    for role in (Role.PROVIDER_REVIEWER, Role.CATALOGUER):
        notify(
            f"供给任务 {task.number}：请在 {due} 前落实“{task.title}”。",
            key=f"sharing.supply.{task.number}.{role}",
            kind="供给任务",
            url=f"/share/needs/tasks/{task.number}/",
            organisation_id=provider.pk,
            role=role,
        )
    return task


@transaction.atomic
def draft_for_task(number: str, *, by: Actor) -> str:
    """Begin a new entry for a task; return its code. It meets the task once published."""
    task = _own_task(number, by, Permission.CATALOG_ENTRY_DRAFT)
    wanted = dict.fromkeys(item for need in task.needs.all() for item in need.items)
    summary = f"按供给任务 {task.number} 编制。所需信息项：{'、'.join(wanted)}"
    entry = catalog.new_draft(
        name=task.title, owner_id=task.provider_id, by=by, fields={"summary": summary[:500]}
    )
    task.entry_code = entry.code
    task.save(update_fields=["entry_code"])
    record("sharing.supply.draft", by=by, subject=number, basis=law.COMPILE,
           details={"entry": entry.code})  # fmt: skip
    return entry.code


@transaction.atomic
def meet_task(number: str, entry_code: str, *, by: Actor) -> SupplyTask:
    """Close a task with a published entry of one's own; every beneficiary may now apply."""
    task = _own_task(number, by, Permission.CATALOG_RECEIPT_ISSUE)
    entry = catalog.published(entry_code.strip() or task.entry_code)
    if entry.provider_id != task.provider_id:
        raise Rejected(NO_NEED)
    _close(task, SupplyState.MET, by, entry_code=entry.code, reason="")
    for need in task.needs.filter(withdrawn_at=None).select_related("consumer"):
        _tell(need, f"“{need.name}”已编入目录“{entry.name}”，可以申请", mark="met",
              url=f"/catalog/{entry.code}/")  # fmt: skip
    return task


@transaction.atomic
def decline_task(number: str, *, reason: str, by: Actor) -> SupplyTask:
    """Close a task that can not be met, with a reason that every beneficiary reads."""
    task = _own_task(number, by, Permission.CATALOG_RECEIPT_ISSUE)
    text = required_reason(reason, title="不能提供须写明理由。")
    _close(task, SupplyState.DECLINED, by, entry_code=task.entry_code, reason=text)
    for need in task.needs.filter(withdrawn_at=None).select_related("consumer"):
        _tell(need, f"“{need.name}”暂不能提供：{text[:100]}", mark="declined")
    return task


def _own_task(number: str, by: Actor, permission: Permission) -> SupplyTask:
    require(by, permission)
    found = SupplyTask.objects.select_for_update(of=("self",)).filter(
        number=number, provider_id=by.organisation_id, state=SupplyState.ASSIGNED
    )
    task = found.first()
    if task is None:
        raise Rejected(NO_NEED)
    return task


def _close(
    task: SupplyTask, state: SupplyState, by: Actor, *, entry_code: str, reason: str
) -> None:
    task.state, task.entry_code, task.reason = state, entry_code, reason
    task.closed_at = clock.now()
    task.save()
    record(f"sharing.supply.{state}", by=by, subject=task.number, basis=law.SHARE_BY_DEFAULT,
           details={"entry": entry_code})  # fmt: skip


@transaction.atomic
def withdraw_need(number: str, *, by: Actor) -> Need:
    """Take a need of one's own unit back; a task that others share goes on."""
    require(by, Permission.SHARING_REQUEST_SUBMIT)
    own = Need.objects.select_for_update(of=("self",)).filter(consumer_id=by.organisation_id)
    need = own.filter(number=number, withdrawn_at=None).first()
    if need is None:
        raise Rejected(NO_NEED)
    need.withdrawn_at = clock.now()
    need.save(update_fields=["withdrawn_at"])
    record("sharing.need.withdraw", by=by, subject=number, basis=law.SHARE_BY_DEFAULT)
    return need


def _tell(need: Need, text: str, *, mark: str, url: str = "") -> None:
    notify(
        f"{text}（{need.number}）。",
        key=f"sharing.need.{mark}.{need.number}.{need.task_id}",
        kind="共享需求",
        url=url or f"/share/needs/{need.number}/",
        organisation_id=need.consumer_id,
        role=Role.CONSUMER,
    )
