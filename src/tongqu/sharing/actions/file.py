"""File a request (article 12): purpose, scope, version, then the branch the entry takes."""

import hashlib
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from tongqu.audit.public import Outcome, record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import EntryView
from tongqu.identity.public import notify, organisation, organisation_by_id, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.ingest import public as ingest
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy import public as policy
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.actions.coordinate import open_coordination
from tongqu.sharing.actions.flows import flow_of, newest
from tongqu.sharing.actions.grants import open_grant
from tongqu.sharing.actions.steps import advance, start_stage, take
from tongqu.sharing.domain import application as words
from tongqu.sharing.domain import routing
from tongqu.sharing.domain.application import Application
from tongqu.sharing.models import DailyNumber, ShareRequest
from tongqu.sharing.vocabulary import Command, State

NOT_GOV_DEPT = Problem(
    code="NOT_GOV_DEPT",
    title="政务数据共享只面向政务部门，你单位不属于政务部门。",
    next_step="可通过数据开放获取已开放的数据，或通过授权运营获取数据产品和服务。",
    basis=law.SCOPE,
    who="主管部门",
    facts={"alternatives": ["opening", "authorised_operation"]},
)
NOT_VERIFIED = Problem(
    code="NOT_VERIFIED",
    title="申请已收到；尚未完成实名身份核验，暂不能自动授权。",
    next_step="请完成身份核验后，在申请详情中继续；无须重新填写。",
    basis=law.AUTOMATIC,
    who="申请人",
)


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of a filing. ``waiting`` says what is missing before it can go on."""

    request: ShareRequest
    is_new: bool = True
    waiting: Problem | None = None


def submit(given: Application, *, by: Actor, key: str = "") -> Submission:
    """File a request. The same ``key`` from the same person is the same request.

    Raises: ``Rejected`` NOT_GOV_DEPT, PURPOSE_REQUIRED, PURPOSE_OUTSIDE, NOT_PUBLISHED,
    ENTRY_CHANGED, OUT_OF_SCOPE, ITEM_NOT_SHARED, MANNER_NOT_OFFERED, KEY_REUSED.
    """
    consumer_id = _department(by, entry_code=given.entry_code)
    digest = hashlib.sha256(given.spelled()).hexdigest()
    try:
        with transaction.atomic():
            if before := _submitted(consumer_id, by, key, digest):
                return Submission(before, is_new=False, waiting=_waiting(before))
            entry = _checked(given, by.organisation_code)
            request = _opened(given, entry, consumer_id, by)
            request.submission_key, request.submission_digest = key or None, digest
            request.save()
            _route(request, entry, by)
            return Submission(request, waiting=_waiting(request))
    except IntegrityError:
        twin = _submitted(consumer_id, by, key, digest)  # a double click, at the same moment
        if twin is None:
            raise
        return Submission(twin, is_new=False, waiting=_waiting(twin))


@transaction.atomic
def verify(number: str, *, by: Actor) -> Submission:
    """Go on with a request that waited for the applicant's identity to be verified."""
    request, step = take(number, Command.VERIFY, by=by)
    if by.assurance < routing.VERIFIED:
        raise Rejected(NOT_VERIFIED)
    _grant(request)
    advance(request, step, by=by)
    return Submission(request)


def _department(by: Actor, *, entry_code: str) -> int:
    """Return the key of the asker's unit if it is a government department (articles 2 and 3)."""
    require(by, Permission.SHARING_REQUEST_SUBMIT)
    unit = organisation_by_id(by.organisation_id) if by.organisation_id else None
    if unit is not None and unit.is_government:
        return int(unit.pk)
    record(
        "sharing.request.submit",
        by=by,
        subject=entry_code[:200],
        outcome=Outcome.REFUSED,
        code=NOT_GOV_DEPT.code,
        basis=NOT_GOV_DEPT.basis,
    )
    raise Rejected(NOT_GOV_DEPT)


def standing_problem(entry: EntryView, by: Actor) -> Problem | None:
    """Return what no form can cure, to be told before anything is typed: unit and scope."""
    unit = organisation_by_id(by.organisation_id) if by.organisation_id else None
    if unit is None or not unit.is_government:
        return NOT_GOV_DEPT
    return words.scope_problem(
        entry, consumer_code=by.organisation_code, scope_names=scope_names(entry)
    )


def _submitted(consumer_id: int, by: Actor, key: str, digest: str) -> ShareRequest | None:
    if not key:
        return None
    found = ShareRequest.objects.filter(
        consumer_id=consumer_id, applicant_key=by.key, submission_key=key
    ).first()
    if found is not None and found.submission_digest != digest:
        raise Rejected(
            Problem(
                code="KEY_REUSED",
                title=f"这个提交令牌已用于申请 {found.number}，内容不同。",
                next_step="请换一个令牌再提交，或打开原申请查看。",
                facts={"number": found.number},
            )
        )
    return found


def _waiting(request: ShareRequest) -> Problem | None:
    return NOT_VERIFIED if request.state == State.VERIFYING else None


def _checked(given: Application, consumer_code: str) -> EntryView:
    """Return the published entry when nothing stands in the way of this request."""
    entry = catalog.published(given.entry_code)
    if given.version_id is not None and given.version_id != entry.version_id:
        old = catalog.version(given.version_id)
        if old.code == entry.code:
            raise Rejected(words.changed_problem(old, entry))
    for problem in (
        words.purpose_problem(given),
        words.limit_problem(given, ingest.purpose_limits(entry.code)),
        words.scope_problem(entry, consumer_code=consumer_code, scope_names=scope_names(entry)),
        words.items_problem(given, entry),
    ):
        if problem is not None:
            raise Rejected(problem)
    return entry


def scope_names(entry: EntryView) -> tuple[str, ...]:
    """Return the names of the departments an entry is for; a code stands for an unknown one."""
    found = ((code, organisation(code)) for code in entry.scope_codes)
    return tuple(unit.name if unit else code for code, unit in found)


def _opened(given: Application, entry: EntryView, consumer_id: int, by: Actor) -> ShareRequest:
    now, today = clock.now(), clock.today()
    terms = policy.terms_on(today)
    return ShareRequest(
        number=next_number(),
        entry_code=entry.code,
        entry_name=entry.name,
        version_id=entry.version_id,
        version=entry.version,
        sharing_type=str(entry.sharing_type),
        is_external=entry.is_external,
        provider_id=entry.provider_id,
        consumer_id=consumer_id,
        applicant_key=by.key,
        applicant_name=by.name,
        matter=given.matter,
        purpose=given.purpose.strip(),
        duty=given.duty.strip(),
        system_name=given.system_name.strip(),
        frequency=given.frequency,
        retention=given.retention,
        items=list(given.items) or [item.name_en for item in entry.shareable_items],
        manners=list(given.manners) or [str(manner) for manner in entry.manners],
        profile=terms.profile,
        terms={
            "first_review": terms.first_review_working_days,
            "provider_review": terms.provider_review_working_days,
            "supplement": terms.supplement_working_days,
            "flow": newest(),
        },
        filed_at=now,
        stage_received_on=today,
    )


def next_number(prefix: str = "GX") -> str:
    """Return the next number of the day; one counter for all kinds, so that none repeats."""
    day = clock.today()
    DailyNumber.objects.get_or_create(day=day)
    counter = DailyNumber.objects.select_for_update().get(day=day)
    counter.last += 1
    counter.save()
    return f"{prefix}-{day:%Y-%m%d}-{counter.last:03}"


def _route(request: ShareRequest, entry: EntryView, by: Actor) -> None:
    command = routing.route(
        routing.Filing(
            sharing_type=entry.sharing_type,
            is_external=entry.is_external,
            is_connected=entry.connected_at is not None,
            assurance=by.assurance,
        )
    )
    step = flow_of(request).step(State.DRAFT, command)
    days = request.terms["first_review"] if command is Command.FILE else None
    start_stage(request, days, on=clock.today())
    if command is Command.GRANT:
        _grant(request)
    advance(request, step, by=PLATFORM if command is Command.GRANT else by,
            facts={"version": entry.version})  # fmt: skip
    if command is Command.FILE_UNCONNECTED:
        open_coordination(request)
    _announce(request, command)


def _grant(request: ShareRequest) -> None:
    """Open the grant of an unconditional entry and inform the provider (article 12)."""
    open_grant(request, tuple(request.items), by=PLATFORM, basis=law.AUTOMATIC)
    notify(
        f"{request.consumer.name}已自动获得“{request.entry_name}”的授权（{request.number}）。",
        key=f"sharing.granted.{request.number}.provider",
        kind="共享授权",
        url=f"/desk/todo/{request.number}/",
        organisation_id=request.provider_id,
        role=Role.PROVIDER_REVIEWER,
    )


# Who is told when a request is filed: role, and whether it is the provider's own.
_TOLD = {
    Command.FILE: (Role.SUPPORT, False),
    Command.FILE_NEGOTIATION: (Role.PROVIDER_REVIEWER, True),
    Command.FILE_EXTERNAL: (Role.MANAGING_OFFICE, False),
    Command.FILE_UNCONNECTED: (Role.MANAGING_OFFICE, False),
}


def _announce(request: ShareRequest, command: Command) -> None:
    if command not in _TOLD:
        return
    role, is_providers = _TOLD[command]
    notify(
        f"{request.consumer.name}申请共享“{request.entry_name}”（{request.number}）。",
        key=f"sharing.filed.{request.number}",
        kind="共享申请",
        url=f"/desk/todo/{request.number}/",
        organisation_id=request.provider_id if is_providers else None,
        role=role,
    )
