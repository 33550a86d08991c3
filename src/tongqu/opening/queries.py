"""Reads of opening: what the public may see, what waits for whom, what to open first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from tongqu.catalog.public import entry as newest_entry
from tongqu.catalog.public import version
from tongqu.catalog.vocabulary import ItemView, UpdateCycle
from tongqu.delivery.public import open_refusal
from tongqu.delivery.vocabulary import TODAY, OpenRefusal, OpenTerms
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.opening.domain import problems
from tongqu.opening.domain.terms import CYCLE_HOURS, filters_from, shown_from
from tongqu.opening.models import OpeningCase, OpenRelease, OpenUse, RiskTest, Voice
from tongqu.opening.vocabulary import (
    NEVER_FROM_LEVEL,
    PUBLISHED,
    SERVED,
    OpenState,
    OpenType,
    Plan,
    VoiceKind,
    VoiceState,
)
from tongqu.policy.clauses import mot_2025
from tongqu.quality.public import score
from tongqu.quality.vocabulary import Dimension

SAFEGUARDS = mot_2025.OPENING_SAFEGUARDS
HUNDREDTH = Decimal("0.01")
MOST_UNCATALOGUED = 100  # lines of the plan that the public wrote


def terms_of(case: OpeningCase) -> OpenTerms:
    return OpenTerms(
        case.entry_code,
        case.version_id,
        case.table,
        shown_from(case.shown),
        filters_from(case.row_filter),
    )


def is_by_day(case: OpeningCase) -> bool:
    """Say whether what the set gives depends on the day of the call."""
    return any(TODAY in row["values"] for row in case.row_filter)


def findings(case: OpeningCase) -> dict[str, OpenRefusal]:
    """Return what stands in the way of showing the set, by the item's Chinese name.

    Held against the version of the case and the newest one: a raised grade counts at once.
    """
    found: dict[str, OpenRefusal] = {}
    for entry in (version(case.version_id), newest_entry(case.entry_code)):
        if entry is None:
            continue
        names = {item.name_en: item.name_zh for item in entry.items}
        for one in shown_from(case.shown):
            why = open_refusal(one, entry.items)
            if why is not None:
                found[names.get(one.item, one.item)] = why
        found |= dict.fromkeys(told_by_rows(case.row_filter, entry.items), OpenRefusal.TOP_LEVEL)
    return found


def told_by_rows(row_filter: Iterable[Mapping[str, Any]], items: Iterable[ItemView]) -> list[str]:
    """Return the level-4 items, in Chinese, whose values the choice of rows would tell."""
    asked = {row["item"] for row in row_filter}
    return [
        item.name_zh for item in items if item.name_en in asked and item.level >= NEVER_FROM_LEVEL
    ]


def closed_reason(case: OpeningCase) -> str:
    """Return why data must not leave now although the list says so; "" when they may."""
    entry = newest_entry(case.entry_code)
    if entry is None or not entry.is_published:
        return "目录已停用"
    return ""


def published_cases() -> QuerySet[OpeningCase]:
    """Return what the public list names, withdrawn ones too."""
    states = [state.value for state in PUBLISHED]
    return OpeningCase.objects.filter(state__in=states).select_related("publisher")


def served() -> QuerySet[OpeningCase]:
    """Return the sets whose data leave, conditional ones too, the oldest first."""
    states = [state.value for state in SERVED]
    found = OpeningCase.objects.filter(state__in=states).select_related("publisher")
    return found.order_by("opened_at", "pk")


def listed(q: str = "", state: str = "") -> QuerySet[OpeningCase]:
    found = published_cases().order_by("-opened_at", "-pk")
    for word in q.split():
        found = found.filter(
            Q(entry_name__icontains=word)
            | Q(summary__icontains=word)
            | Q(entry_code__iexact=word)
            | Q(category__icontains=word)
            | Q(publisher__name__icontains=word)
        )
    if state == "open":
        return found.filter(state__in=[s.value for s in SERVED])
    return found.filter(state=state) if state in set(OpenState) else found


def public_case(code: str) -> OpeningCase:
    """Return the newest case of a set that the public may know of.

    Raises: ``Rejected`` NOT_FOUND, the same for what is under review, refused or unknown.
    """
    found = published_cases().filter(entry_code=code).order_by("-opened_at", "-pk").first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found


def data_case(code: str) -> OpeningCase:
    """Return the case under which data leave now.

    Raises: ``Rejected`` NOT_FOUND for all that is not open, whatever the reason;
    OPEN_TYPE_CLOSED for a conditional set, which the list names.
    """
    states = [state.value for state in SERVED]
    found = OpeningCase.objects.filter(entry_code=code, state__in=states).first()
    if found is None or closed_reason(found) or findings(found):
        raise Rejected(problems.NOT_FOUND)
    if found.open_type != OpenType.UNCONDITIONAL:
        raise Rejected(problems.CLOSED_TYPE)
    return found


def releases(code: str = "") -> QuerySet[OpenRelease]:
    """Return the versions of the open list, newest first; of one set or of all."""
    found = OpenRelease.objects.select_related("case", "case__publisher")
    return found.filter(case__entry_code=code) if code else found


def cases_seen_by(actor: Actor) -> QuerySet[OpeningCase]:
    """Return all for those who review or decide, their own unit's for the others."""
    found = OpeningCase.objects.select_related("publisher")
    if actor.may(Permission.OPENING_CASE_DECIDE) or actor.may(Permission.OPENING_CASE_SAFETY):
        return found
    return found.filter(publisher_id=actor.organisation_id or 0)


def case_for(number: str, actor: Actor) -> OpeningCase:
    found = cases_seen_by(actor).filter(number=number).first()
    if found is None:
        raise Rejected(problems.CASE_NOT_FOUND)
    return found


def told_of(test: RiskTest) -> str:
    """Return what a test found, for people: which columns, beside which set, how many rows."""
    wrong = [one for one in test.results if not one["holds"]]
    return "；".join(
        (f"与《{one['name']}》按 {'、'.join(one['joined_on'])} 关联后" if one["beside"] else "")
        + f"最小群组为 {one['smallest']}，不足 {test.threshold}，{one['singled']} 行可被识别"
        for one in wrong
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """及时性、完整性、准确性 of an open set, 0 to 1; NULL: not measured."""

    timeliness: Decimal
    completeness: Decimal | None
    accuracy: Decimal | None
    updated_at: datetime | None


def timeliness(case: OpeningCase) -> Decimal:
    """Return 1 while the last update lies within a cycle, else the cycle's share of its age."""
    hours = CYCLE_HOURS.get(UpdateCycle(case.update_cycle))
    if hours is None or case.updated_at is None:
        return Decimal(1)
    age = Decimal(int((clock.now() - case.updated_at).total_seconds())) / 3600
    if age <= hours:
        return Decimal(1)
    return (Decimal(hours) / age).quantize(HUNDREDTH, ROUND_HALF_UP)


def figures(case: OpeningCase) -> Figures:
    measured = score(case.entry_code)
    dimensions = measured.dimensions if measured else {}

    def part(dimension: Dimension) -> Decimal | None:
        value = dimensions.get(dimension)
        return None if value is None else value / 100

    return Figures(
        timeliness(case), part(Dimension.COMPLETENESS), part(Dimension.ACCURACY), case.updated_at
    )


def voices_of(case: OpeningCase) -> QuerySet[Voice]:
    """Return what was answered in public about a set, whichever case it was filed under."""
    return Voice.objects.filter(entry_code=case.entry_code, state=VoiceState.ANSWERED)


def waiting_voices(actor: Actor) -> QuerySet[Voice]:
    found = Voice.objects.select_related("case").order_by("due_on", "pk")
    if actor.may(Permission.OPENING_CASE_DECIDE):
        return found
    return found.filter(case__publisher_id=actor.organisation_id or 0)


def wishes() -> QuerySet[Voice]:
    """Return the wishes that may be voted for, the most wanted first.

    What a stranger wrote is shown once somebody in office has read and answered it.
    """
    found = Voice.objects.filter(kind=VoiceKind.WISH, state=VoiceState.ANSWERED)
    return found.order_by("-votes", "-at", "pk")


def waiting_wishes() -> int:
    """Return how many wishes nobody has answered yet: their number is public, not their text."""
    return Voice.objects.filter(kind=VoiceKind.WISH, state=VoiceState.WAITING).count()


def plan() -> list[Plan]:
    """Return what to open first (000 (五)): votes + demand requests + downloads, with reasons.

    Open sets all, of what is not catalogued the ``MOST_UNCATALOGUED`` most wanted.
    """
    downloads = dict(
        OpenUse.objects.values_list("case__entry_code").annotate(n=Sum("downloads")).order_by()
    )
    asked = wishes().order_by().values("entry_code")
    found = {
        code: Plan(title, code, votes, n, 0)
        for code, title, votes, n in asked.exclude(entry_code="")
        .annotate(title_=Min("title"), v=Sum("votes"), n=Count("pk"))
        .values_list("entry_code", "title_", "v", "n")
    }
    for case in served():
        old = found.get(case.entry_code, Plan(case.entry_name, case.entry_code, 0, 0, 0))
        found[case.entry_code] = Plan(
            case.entry_name, case.entry_code, old.votes, old.wishes,
            downloads.get(case.entry_code) or 0,
        )  # fmt: skip
    new = (
        wishes().filter(entry_code="").values("title").annotate(v=Sum("votes"), n=Count("pk"))
        .order_by(-(F("v") + F("n")), "title")[:MOST_UNCATALOGUED]
    )  # fmt: skip
    lines = [*found.values(), *(Plan(one["title"], "", one["v"], one["n"], 0) for one in new)]
    return sorted(lines, key=lambda line: (-line.score, line.name))


@dataclass(frozen=True, slots=True)
class Extent:
    """Scope and depth of opening in a period (OPN-12)."""

    sets: int
    items: int
    rows: int
    calls: int
    rows_taken: int
    downloads: int


def extent(start: date, end: date) -> Extent:
    """Return what stood open at the end of a period, and what was taken within it."""
    standing = [
        release
        for release in OpenRelease.objects.all()
        if clock.legal_day(release.published_at) <= end
        and (release.ended_at is None or clock.legal_day(release.ended_at) > end)
    ]
    used = OpenUse.objects.filter(day__range=(start, end)).aggregate(
        c=Sum("calls"), r=Sum("rows"), d=Sum("downloads")
    )
    return Extent(
        len(standing),
        sum(len(release.columns) for release in standing),
        sum(release.rows for release in standing),
        used["c"] or 0,
        used["r"] or 0,
        used["d"] or 0,
    )
