"""Feedback on use (article 17): take it, remind of it, name who does not give it."""

from datetime import date

from django.db import transaction

from tongqu.audit.public import record
from tongqu.delivery import public as delivery
from tongqu.delivery.vocabulary import GrantView
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy import public as policy
from tongqu.policy.clauses import measures_2021 as law
from tongqu.quality import public as quality
from tongqu.quality.vocabulary import AWARD_REUSED
from tongqu.sharing.actions.steps import not_your_step
from tongqu.sharing.domain.use import feedback_clock
from tongqu.sharing.models import Feedback, FeedbackDue

NO_GRANT = Problem(
    code="NOT_FOUND",
    title="没有找到这项授权，或不是你单位的授权。",
    next_step="请到“我的授权”核对授权编号。",
    basis=law.FEEDBACK,
)
SHORTEST_EFFECT = 5


@transaction.atomic
def give_feedback(
    grant_number: str, *, needs_met: int, data_quality: int, effect: str, by: Actor
) -> Feedback:
    """Keep the three parts that article 17 names; the cycle begins anew from today."""
    if not by.may(Permission.SHARING_FEEDBACK_GIVE):
        raise Rejected(not_your_step(Role.CONSUMER))
    grant = delivery.grant(grant_number)
    if grant is None or grant.terms.consumer_id != by.organisation_id:
        raise Rejected(NO_GRANT)
    text = effect.strip()
    _check(needs_met, data_quality, text)
    given = Feedback.objects.create(
        grant_number=grant_number,
        entry_code=grant.terms.entry_code,
        consumer_id=by.organisation_id,
        needs_met=needs_met,
        data_quality=data_quality,
        effect=text,
        by_key=by.key,
        by_name=by.name,
        at=clock.now(),
    )
    _project(grant)
    delivery.take_feedback(grant_number, by=by)
    quality.award(  # once a grant: what counts is that the data are in use
        AWARD_REUSED, organisation_id=grant.provider_id, evidence=grant_number,
        key=f"reused:{grant_number}", url="/share/grants/",
    )  # fmt: skip
    record(
        "sharing.feedback.give", by=by, subject=grant_number, grant=grant_number,
        basis=law.FEEDBACK,
        details={"needs_met": needs_met, "data_quality": data_quality},
    )  # fmt: skip
    return given


@transaction.atomic
def remind() -> list[str]:
    """Bring every grant's cycle up to date and remind who owes; return who was reminded."""
    owing = []
    live = delivery.grants(open_only=True)
    for grant in live:
        due = _project(grant)
        if due.misses:
            delivery.ask_feedback(grant.number, by=PLATFORM)
            _remind(grant, due)
            owing.append(grant.number)
    FeedbackDue.objects.exclude(grant_number__in=[grant.number for grant in live]).delete()
    return owing


def _project(grant: GrantView) -> FeedbackDue:
    """Write where the grant stands, counted from its last feedback or its beginning."""
    today = clock.today()
    since = _since(grant)
    now = feedback_clock(since, today, months=policy.terms_on(today).feedback_months)
    due, _ = FeedbackDue.objects.update_or_create(
        grant_number=grant.number,
        defaults={
            "entry_code": grant.terms.entry_code,
            "entry_name": grant.entry_name,
            "consumer_id": grant.terms.consumer_id,
            "provider_id": grant.provider_id,
            "since": since,
            "due_on": now.due_on,
            "misses": now.misses,
        },
    )
    if now.is_noticed != (due.noticed_at is not None):
        due.noticed_at = clock.now() if now.is_noticed else None
        due.save(update_fields=["noticed_at"])
    return due


def _since(grant: GrantView) -> date:
    last = Feedback.objects.filter(grant_number=grant.number).order_by("-at").first()
    return clock.legal_day(last.at if last else grant.issued_at)


def _remind(grant: GrantView, due: FeedbackDue) -> None:
    notify(
        f"授权 {grant.number}（{grant.entry_name}）应于 {due.due_on} 前反馈使用情况。",
        key=f"sharing.feedback.{grant.number}.{due.since}.{due.misses}",
        kind="使用反馈",
        url="/share/feedback/",
        organisation_id=grant.terms.consumer_id,
        role=Role.CONSUMER,
    )


def _check(needs_met: int, data_quality: int, effect: str) -> None:
    fields = {
        name: "请在 1 至 5 之间选择。"
        for name, score in (("needs_met", needs_met), ("data_quality", data_quality))
        if not 1 <= score <= 5
    }
    if not SHORTEST_EFFECT <= len(effect) <= 500:
        fields["effect"] = f"请写明使用效果，{SHORTEST_EFFECT} 至 500 个字。"
    if fields:
        raise Rejected(
            Problem(
                code="FEEDBACK_INCOMPLETE",
                title="使用反馈须包括满足需求情况、数据质量和使用效果三部分。",
                next_step="请补全标出的内容后重新提交。",
                basis=law.FEEDBACK,
                fields=fields,
            )
        )
