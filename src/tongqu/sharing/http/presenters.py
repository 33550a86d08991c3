"""What the pages show of a case: progress, days, checks, bases. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import EntryView, Scope, SharingType
from tongqu.delivery import public as delivery
from tongqu.kernel import clock
from tongqu.kernel.law import Clause
from tongqu.policy import public as policy
from tongqu.security.vocabulary import MASK_LABELS, Mask
from tongqu.sharing.models import ShareRequest
from tongqu.sharing.vocabulary import Command, State


@dataclass(frozen=True, slots=True)
class Station:
    """One stop on the line of a case (站线)."""

    title: str
    who: str
    when: datetime | None = None
    note: str = ""
    state: str = ""  # done, now, stop or empty


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one stage, for the working-day strip."""

    title: str
    received_on: date
    due_on: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Check:
    """One line of 系统核对: advice to the reviewer, never a decision."""

    tone: str  # ok, warn or bad
    text: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as the applicant and the reviewer see it."""

    name_en: str
    name_zh: str
    level: int
    mask: str  # 脱敏方式, empty: shown as it is
    is_asked: bool = True


def span(request: ShareRequest) -> Span | None:
    """Return the running days of a case; None where no limit is set or all is done."""
    if request.due_on is None or request.closed_at:
        return None
    title = _WAITS[State(request.state)]
    return Span(title, request.stage_received_on, request.due_on, request.due_provisional)


def estimate(entry: EntryView) -> list[Span]:
    """Return the last days that a conditional request filed today would have."""
    if entry.sharing_type is not SharingType.CONDITIONAL or entry.is_external:
        return []
    today, calendar = clock.today(), policy.calendar()
    terms = policy.terms_on(today)
    first = calendar.after(today, terms.first_review_working_days)
    last = calendar.after(first.on, terms.provider_review_working_days)
    provisional = first.provisional or last.provisional
    return [
        Span("技术支持部门初审", today, first.on, first.provisional),
        Span("提供部门审核", first.on, last.on, provisional),
    ]


def stations(request: ShareRequest) -> list[Station]:
    """Return the line of this case: what is done, where it stands, what comes."""
    done = [
        Station(event.label, event.organisation_name or "共享平台", event.at, state="done")
        for event in request.events.all()
        if event.command not in (Command.ESCALATE, Command.RECOUNT)
    ]
    state = State(request.state)
    if state is State.GRANTED:
        return [*done, Station("使用与反馈", request.consumer.name, state="now")]
    if request.closed_at and done:
        last = done[-1]
        return [*done[:-1], Station(last.title, last.who, last.when, state="stop")]
    ahead = [Station(title, who) for title, who in _AHEAD.get(state, ())]
    return [*done, _now(request), *ahead]


_WAITS: dict[State, str] = {
    State.VERIFYING: "身份核验",
    State.FIRST_REVIEW: "技术支持部门初审",
    State.SUPPLEMENT: "申请单位补正",
    State.PROVIDER_REVIEW: "提供部门审核",
    State.NEGOTIATING: "与提供部门协商",
    State.MANAGING_APPROVAL: "主管部门审批",
    State.COORDINATING: "主管部门协调接入",
    State.MEDIATING: "主管部门协调",
}
_GRANT = ("授权开通", "系统自动")
_AHEAD: dict[State, tuple[tuple[str, str], ...]] = {
    State.VERIFYING: (_GRANT,),
    State.FIRST_REVIEW: (("提供部门审核", "提供部门"), _GRANT),
    State.SUPPLEMENT: (("初审", "技术支持部门"), ("提供部门审核", "提供部门"), _GRANT),
    State.PROVIDER_REVIEW: (_GRANT,),
    State.NEGOTIATING: (_GRANT,),
    State.MANAGING_APPROVAL: (_GRANT,),
    State.COORDINATING: (("主管部门审批", "主管部门"), _GRANT),
    State.MEDIATING: (("与提供部门协商", "提供部门"), _GRANT),
}


def _now(request: ShareRequest) -> Station:
    state = State(request.state)
    units = {
        State.PROVIDER_REVIEW: request.provider.name,
        State.NEGOTIATING: request.provider.name,
        State.SUPPLEMENT: request.consumer.name,
        State.VERIFYING: request.applicant_name,
    }
    note = f"{request.due_on:%Y-%m-%d} 24:00 截止" if request.due_on else "未设期限"
    if request.due_provisional:
        note += "（暂定）"
    return Station(_WAITS[state], units.get(state, ""), note=note, state="now")


def item_rows(entry: EntryView, asked: Iterable[str]) -> list[ItemRow]:
    """Return the shareable items of an entry, marked with what was asked."""
    wanted = set(asked)
    return [
        ItemRow(
            item.name_en, item.name_zh, item.level,
            "" if item.mask in ("", Mask.NONE) else MASK_LABELS[Mask(item.mask)],
            item.name_en in wanted,
        )
        for item in entry.shareable_items
    ]  # fmt: skip


def checks(request: ShareRequest, entry: EntryView) -> list[Check]:
    """Return what the platform can see by itself, as advice to the reviewer."""
    found = [_scope_check(request, entry)]
    current = catalog.entry(entry.code)
    if current is None or current.version_id != entry.version_id:
        found.append(
            Check(
                "warn",
                f"目录已由 {request.version} 更新，授权按现行版本开通，已不共享的信息项不再提供",
            )
        )
    levels = [item for item in entry.shareable_items if item.name_en in set(request.items)]
    if high := [item.name_zh for item in levels if item.level >= 3]:
        found.append(Check("warn", "申请包含 3 级以上信息项：" + "、".join(high)))
    else:
        found.append(Check("ok", "申请的信息项均为 2 级及以下"))
    held = [grant for grant in delivery.grants_of(request.consumer_id) if grant.is_open]
    idle = [grant for grant in held if grant.first_used_at is None]
    tone = "warn" if idle else "ok"
    found.append(Check(tone, f"该单位在用授权 {len(held)} 项，其中尚未使用 {len(idle)} 项"))
    return found


def _scope_check(request: ShareRequest, entry: EntryView) -> Check:
    if entry.sharing_type is SharingType.WITHHELD:
        return Check("warn", "该条目为不予共享，须协商")
    if entry.scope is Scope.LISTED and request.consumer.code not in entry.scope_codes:
        return Check("bad", "申请单位不在共享范围内")
    return Check("ok", "申请单位为政务部门，在共享范围内")


@dataclass(frozen=True, slots=True)
class BasisOption:
    code: str
    title: str
    gist: str


def basis_options(search: str = "") -> list[BasisOption]:
    """Return the legal bases, one an article, whose title or gist holds the words."""
    by_code: dict[str, list[Clause]] = {}
    for clause in policy.legal_bases():
        by_code.setdefault(clause.code, []).append(clause)
    options = [
        BasisOption(code, str(found[0]), "；".join(dict.fromkeys(c.gist for c in found)))
        for code, found in by_code.items()
    ]
    words = search.split()
    return [o for o in options if all(word in o.title or word in o.gist for word in words)]
