"""The public's voice: reports, questions, wishes, votes; each answered in public (OPN-13)."""

import re

from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from tongqu.audit.public import record
from tongqu.identity.public import notify, require
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PUBLIC, Actor
from tongqu.kernel.addresses import subscriber
from tongqu.kernel.law import Assumption
from tongqu.kernel.problems import Rejected
from tongqu.opening import queries
from tongqu.opening.actions.steps import next_number, required
from tongqu.opening.domain import problems
from tongqu.opening.models import OpeningCase, Voice
from tongqu.opening.vocabulary import VoiceKind, VoiceState
from tongqu.policy.clauses import mot_2025
from tongqu.policy.public import calendar
from tongqu.quality.public import file_ticket
from tongqu.quality.vocabulary import Channel

REPLY_WORKING_DAYS = 10
REPLY_READING = Assumption("公众意见在 10 个工作日内答复")
VOTED_SECONDS = 30 * 86_400
# Numbers long enough to reach or name somebody: they are not kept at all.
NUMBERS = re.compile(r"[0-9][0-9Xx -]{6,}[0-9Xx]")


@transaction.atomic
def speak(kind: VoiceKind, *, title: str, text: str, case: OpeningCase | None = None) -> Voice:
    """File what somebody of the public says; nothing of who says it is kept."""
    today = clock.today()
    deadline = calendar().after(today, REPLY_WORKING_DAYS)
    found = Voice.objects.create(
        number=next_number("YJ"),
        kind=kind,
        case=case,
        entry_code=case.entry_code if case else "",
        title=_plain(required(title, "title", "主题", 100)),
        text=_plain(required(text, "text", "内容", 1000)),
        at=clock.now(),
        due_on=deadline.on,
        due_provisional=deadline.provisional,
    )
    record(
        "opening.voice.file", by=PUBLIC, subject=found.number, basis=mot_2025.OPEN_QUALITY,
        details={"kind": kind.value, "entry": found.entry_code},
    )  # fmt: skip
    notify(
        f"{found.kind_label} {found.number} 待答复",
        key=f"opening-voice-{found.number}",
        kind="开放意见",
        url="/openmgr/voices/",
        organisation_id=case.publisher_id if case else None,
        role="" if case else Role.MANAGING_OFFICE.value,
    )
    return found


def _plain(text: str) -> str:
    return NUMBERS.sub("（数字已略去）", text)


@transaction.atomic
def answer(number: str, *, text: str, by: Actor, hide: bool = False) -> Voice:
    """Answer in public, or say that it is not shown and why. An error report opens a ticket.

    Raises: ``Rejected`` ALREADY_DECIDED, REASON_REQUIRED, NOT_FOUND.
    """
    require(by, Permission.OPENING_VOICE_ANSWER)
    found = queries.waiting_voices(by).select_for_update(of=("self",)).filter(number=number).first()
    if found is None:
        raise Rejected(problems.CASE_NOT_FOUND)
    if found.state != VoiceState.WAITING:
        raise Rejected(problems.ANSWERED)
    found.answer = required(text, "answer", "答复", 1000)
    found.state = VoiceState.HIDDEN if hide else VoiceState.ANSWERED
    found.answered_at, found.answered_by = clock.now(), by.organisation_name[:120]
    if found.kind == VoiceKind.ERROR and found.entry_code and not hide:
        title = f"公众纠错 {found.number}：{found.title}"[:200]
        found.ticket = file_ticket(
            found.entry_code, title=title, by=by, channel=Channel.PUBLIC
        ).number
    found.save()
    record(
        "opening.voice.answer", by=by, subject=found.number, basis=mot_2025.OPEN_QUALITY,
        details={"entry": found.entry_code, "ticket": found.ticket, "state": found.state},
    )  # fmt: skip
    return found


def vote(number: str, *, address: str) -> bool:
    """Count one vote for a wish; a second one from the same place is not counted.

    Raises: ``Rejected`` NOT_FOUND.
    """
    found = queries.wishes().filter(number=number).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    who = salted_hmac("opening.vote", f"{subscriber(address)}|{number}").hexdigest()[:32]
    if not cache.add(f"open-vote-{who}", 1, VOTED_SECONDS):
        return False
    Voice.objects.filter(pk=found.pk).update(votes=F("votes") + 1)
    return True
