"""Entrusted review (article 14): by entry and period, with a digest of what was decided."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.identity.public import notify, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.law import Assumption
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.workdays import add_months
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.models import Decision, Entrustment, ReviewDigest
from tongqu.sharing.vocabulary import Stage

MONTHLY = Assumption("委托审核的结果每月向提供部门反馈一次")
LONGEST_MONTHS = 36
NOT_YOURS = Problem(
    code="NOT_FOUND",
    title="没有找到这项委托，或不是你单位的目录。",
    next_step="只能委托审核本单位已发布目录的申请。",
    basis=law.ENTRUSTED,
    who="提供部门审核人",
)
ALREADY = Problem(
    code="ALREADY_ENTRUSTED",
    title="这项数据在所选期间已有委托。",
    next_step="请先收回原委托，或改选其他期间。",
    basis=law.ENTRUSTED,
    who="提供部门审核人",
)


@transaction.atomic
def entrust(
    entry_code: str, *, starts_on: date, ends_on: date, note: str = "", by: Actor
) -> Entrustment:
    """Entrust the review of requests for an entry to the support unit, for a period.

    Raises: ``Rejected`` NOT_FOUND, PERIOD_INVALID, ALREADY_ENTRUSTED, NOT_PUBLISHED.
    """
    require(by, Permission.SHARING_REQUEST_PROVIDER_REVIEW)
    entry = catalog.published(entry_code)
    if entry.provider_id != by.organisation_id or entry.is_external:
        raise Rejected(NOT_YOURS)
    _check_period(starts_on, ends_on)
    standing = Entrustment.objects.select_for_update().filter(entry_code=entry_code, ended_at=None)
    if standing.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Rejected(ALREADY)
    made = Entrustment.objects.create(
        entry_code=entry_code, entry_name=entry.name, provider_id=entry.provider_id,
        starts_on=starts_on, ends_on=ends_on, note=note.strip()[:300], made_by=str(by),
        made_at=clock.now(),
    )  # fmt: skip
    record("sharing.entrustment.make", by=by, subject=entry_code, basis=law.ENTRUSTED,
           details={"from": str(starts_on), "to": str(ends_on)})  # fmt: skip
    notify(
        f"{by.organisation_name}委托审核“{entry.name}”的申请，{starts_on} 至 {ends_on}。",
        key=f"sharing.entrust.{made.pk}",
        kind="委托审核",
        url="/manage/entrust/",
        role=Role.SUPPORT,
    )
    return made


@transaction.atomic
def end_entrustment(entrustment_id: int, *, by: Actor) -> Entrustment:
    """Take an entrustment back; what was not decided yet is the provider's again."""
    require(by, Permission.SHARING_REQUEST_PROVIDER_REVIEW)
    own = Entrustment.objects.select_for_update().filter(provider_id=by.organisation_id)
    found = own.filter(pk=entrustment_id, ended_at=None).first()
    if found is None:
        raise Rejected(NOT_YOURS)
    found.ended_at, found.ended_by = clock.now(), str(by)
    found.save(update_fields=["ended_at", "ended_by"])
    record("sharing.entrustment.end", by=by, subject=found.entry_code, basis=law.ENTRUSTED)
    return found


def _check_period(starts_on: date, ends_on: date) -> None:
    fields = {}
    if not clock.today() <= starts_on <= add_months(clock.today(), LONGEST_MONTHS):
        fields["starts_on"] = f"委托起不能早于今日，也不能晚于 {LONGEST_MONTHS} 个月后。"
    elif not starts_on <= ends_on <= add_months(starts_on, LONGEST_MONTHS):
        fields["ends_on"] = f"委托止须在委托起之后，最长 {LONGEST_MONTHS} 个月。"
    if fields:
        raise Rejected(
            Problem(
                code="PERIOD_INVALID",
                title="委托期间不对。",
                next_step="请改正后重新提交。",
                basis=law.ENTRUSTED,
                fields=fields,
            )
        )


@transaction.atomic
def send_digests() -> list[str]:
    """Send every entrusting provider the decisions of the month before; safe to run twice."""
    this_month = clock.today().replace(day=1)
    month = add_months(this_month, -1)
    known = set(ReviewDigest.objects.filter(month=month).values_list("provider_id", flat=True))
    by_provider: dict[int, list[Entrustment]] = {}
    for found in Entrustment.objects.filter(starts_on__lt=this_month, ends_on__gte=month):
        if found.ended_at is None or clock.legal_day(found.ended_at) >= month:
            by_provider.setdefault(found.provider_id, []).append(found)
    return [
        _send(provider_id, month, _decided(standing, month, this_month))
        for provider_id, standing in sorted(by_provider.items())
        if provider_id not in known
    ]


def _decided(standing: Iterable[Entrustment], month: date, until: date) -> list[Decision]:
    """Return every decision that fell in the month while its entry was entrusted, in order."""
    found: dict[int, Decision] = {}
    for one in standing:
        begin = _midnight(max(month, one.starts_on))
        end = _midnight(min(until, one.ends_on + timedelta(days=1)))
        rows = Decision.objects.filter(
            request__entry_code=one.entry_code, request__provider_id=one.provider_id,
            stage__in=(Stage.FIRST_REVIEW, Stage.PROVIDER_REVIEW),
            at__gte=begin, at__lt=min(end, one.ended_at or end),
        )  # fmt: skip
        found |= {row.pk: row for row in rows.select_related("request__consumer")}
    return sorted(found.values(), key=lambda row: (row.at, row.pk))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)


def _send(provider_id: int, month: date, decisions: list[Decision]) -> str:
    made = ReviewDigest.objects.create(
        provider_id=provider_id, month=month, made_at=clock.now(),
        decisions=[_told(decision) for decision in decisions],
    )  # fmt: skip
    record(
        "sharing.digest.send", by=PLATFORM, subject=f"{month:%Y-%m}", basis=law.ENTRUSTED,
        details={"provider": provider_id, "decisions": len(decisions)},
    )  # fmt: skip
    notify(
        f"{month:%Y-%m} 委托审核月报：技术支持部门共作出 {len(decisions)} 项决定。",
        key=f"sharing.digest.{provider_id}.{month}",
        kind="委托审核",
        url=f"/manage/entrust/#digest-{made.pk}",
        organisation_id=provider_id,
        role=Role.PROVIDER_REVIEWER,
    )
    return f"{provider_id} {month:%Y-%m}"


def _told(decision: Decision) -> dict[str, str]:
    request = decision.request
    return {
        "number": request.number, "entry": request.entry_name, "consumer": request.consumer.name,
        "stage": decision.stage_label, "label": decision.label, "clause": decision.basis,
        "reason": decision.reason, "by": decision.by_name,
        "at": decision.at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M"),
    }  # fmt: skip
