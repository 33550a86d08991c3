"""A negotiation (article 12): what both sides put on record, and the way to the office."""

from collections.abc import Sequence

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog.vocabulary import SharingType
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing import queries
from tongqu.sharing.actions.review import tell_applicant
from tongqu.sharing.actions.steps import advance, required_reason, take
from tongqu.sharing.models import ShareRequest, TalkNote
from tongqu.sharing.vocabulary import Command, State

TALKING = (State.NEGOTIATING, State.MEDIATING)
NOT_TALKING = Problem(
    code="NOT_YOUR_STEP",
    title="本件没有在协商，或你的岗位不参加协商。",
    next_step="协商记录由申请单位、提供部门和协调的主管部门填写。",
    basis=law.NEGOTIATION,
    who="申请单位、提供部门",
)


def may_note(request: ShareRequest, by: Actor) -> bool:
    """Return whether the actor takes part in the negotiation: either side, or who mediates."""
    if request.state not in TALKING:
        return False
    if request.state == State.MEDIATING and by.may(Permission.SHARING_REQUEST_MANAGING_APPROVE):
        return True
    is_consumer = by.organisation_id == request.consumer_id
    is_provider = by.organisation_id == request.provider_id
    return (is_consumer and by.may(Permission.SHARING_REQUEST_SUBMIT)) or (
        is_provider and by.may(Permission.SHARING_REQUEST_PROVIDER_REVIEW)
    )


def talks_of(request: ShareRequest) -> Sequence[TalkNote]:
    """Return what is on record; only a request for withheld data is ever negotiated."""
    return list(request.talks.all()) if request.sharing_type == SharingType.WITHHELD else []


@transaction.atomic
def note_talk(number: str, *, text: str, by: Actor) -> TalkNote:
    """Put on record what was said. Raises: NOT_FOUND, NOT_YOUR_STEP, REASON_REQUIRED."""
    request = queries.request_for(number, by)
    if not may_note(request, by):
        raise Rejected(NOT_TALKING)
    said = required_reason(text, title="请写明协商的内容。", field="talk")
    note = TalkNote.objects.create(
        request=request, organisation_name=by.organisation_name, by_key=by.key, by_name=by.name,
        at=clock.now(), text=said,
    )  # fmt: skip
    record("sharing.talk.note", by=by, subject=number, basis=law.NEGOTIATION)
    is_consumer = by.organisation_id == request.consumer_id
    notify(
        f"{by.organisation_name}填写了协商记录（{number}，{request.entry_name}）。",
        key=f"sharing.talk.{number}.{note.pk}",
        kind="共享协商",
        url=f"/desk/todo/{number}/" if is_consumer else f"/desk/applications/{number}/",
        organisation_id=request.provider_id if is_consumer else request.consumer_id,
        role=Role.PROVIDER_REVIEWER if is_consumer else Role.CONSUMER,
    )
    return note


@transaction.atomic
def refer(number: str, *, reason: str, by: Actor) -> ShareRequest:
    """Ask the managing office to mediate; either side may."""
    request, step = take(number, Command.REFER, by=by)
    text = required_reason(reason, title="转主管部门协调须写明分歧。")
    advance(request, step, by=by, reason=text)
    notify(
        f"{request.consumer.name}与{request.provider.name}的协商请求协调（{number}）。",
        key=f"sharing.refer.{number}.{request.events.count()}",
        kind="共享协商",
        url=f"/desk/todo/{number}/",
        role=Role.MANAGING_OFFICE,
    )
    return request


@transaction.atomic
def mediate(number: str, *, reason: str, by: Actor) -> ShareRequest:
    """Give the office's opinion and lead both sides back; it decides for neither."""
    request, step = take(number, Command.MEDIATE, by=by)
    text = required_reason(reason, title="请写明协调意见。")
    advance(request, step, by=by, reason=text)
    tell_applicant(request, "主管部门已提出协调意见，请继续协商", mark="mediated")
    notify(
        f"主管部门对{number}（{request.entry_name}）提出协调意见，请继续协商。",
        key=f"sharing.mediated.{number}.{request.events.count()}.provider",
        kind="共享协商",
        url=f"/desk/todo/{number}/",
        organisation_id=request.provider_id,
        role=Role.PROVIDER_REVIEWER,
    )
    return request
