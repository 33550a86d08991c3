"""Reads of policy: profiles by day, the calendar, clauses and imported wording."""

from datetime import date, timedelta

from django.db.models import Q

from tongqu.kernel import clock
from tongqu.kernel.law import Clause, Regulation
from tongqu.kernel.problems import Problem, Rejected
from tongqu.kernel.workdays import DayKind, WorkingCalendar
from tongqu.policy.clauses import gd_2024, general_laws, jx_2026, mot_2020, mot_2025
from tongqu.policy.clauses import measures_2021 as law
from tongqu.policy.domain.terms import Terms, terms
from tongqu.policy.models import (
    CalendarDay,
    CalendarYear,
    OfficialText,
    PolicyArticle,
    PolicyDocument,
    PolicyProfile,
)
from tongqu.policy.vocabulary import DocumentState, DocumentView

DOCUMENTS = (law, general_laws, mot_2025, mot_2020, gd_2024, jx_2026)
CLAUSES: tuple[Clause, ...] = tuple(c for module in DOCUMENTS for c in module.CLAUSES)
# What a department may name when it refuses or withholds. Article 6 is not among them: that
# a thing is withheld cannot be the reason for withholding it.
BASES_OF_MEASURES = (
    law.NON_SECRET,
    law.STATE_CONDITIONS,
    law.PURPOSE,
    law.PURPOSE_BOUND,
    law.NO_THIRD_PARTY,
    law.SECURITY_DUTY,
    law.INTRANET_OUT,
)

_kept: dict[frozenset[str], WorkingCalendar] = {}  # the calendar last read, by its stamps


def profile_on(day: date) -> PolicyProfile:
    """Return the profile in force on that day. Raises: ``Rejected`` NO_TERMS."""
    found = (
        PolicyProfile.objects.filter(is_active=True, valid_from__lte=day)
        .filter(Q(valid_to=None) | Q(valid_to__gte=day))
        .order_by("-valid_from")
        .first()
    )
    if found is None:
        raise Rejected(
            Problem(
                code="NO_TERMS",
                title=f"{day.isoformat()} 没有生效的规则版本。",
                next_step="请主管部门在“规则版本”中补录当日生效的版本。",
                basis=law.IN_FORCE,
                who="主管部门",
            )
        )
    return found


def terms_on(day: date) -> Terms:
    profile = profile_on(day)
    return terms(profile.key, profile.terms)


def calendar() -> WorkingCalendar:
    """Return the calendar; the stamps of the years tell whether the cached one still holds."""
    stamps = dict(CalendarYear.objects.values_list("stamp", "year"))
    key = frozenset(stamps)
    if key not in _kept:
        exceptions = {
            day: DayKind(kind) for day, kind in CalendarDay.objects.values_list("date", "kind")
        }
        _kept.clear()
        _kept[key] = WorkingCalendar(exceptions, frozenset(stamps.values()))
    return _kept[key]


def working_days_of(year: int) -> int:
    """Return the number of working days of a year as entered."""
    return calendar().between(date(year, 1, 1) - timedelta(days=1), date(year, 12, 31))


def clause(code: str) -> Clause | None:
    """Return the first clause of a code: one that we ship, else one that the operator added."""
    found = next((c for c in CLAUSES if c.code == code), None)
    if found is None and " " in code and not code.startswith("assumption "):
        key, place = code.split(" ", 1)
        found = next(iter(_added(Q(document__key=key, place=place))), None)
    return found


def legal_bases() -> tuple[Clause, ...]:
    """Return what a refusal may rest on today: nothing repealed, nothing not yet in force."""
    today = clock.today()
    shipped_bases = (*BASES_OF_MEASURES, *general_laws.CLAUSES)
    out = set(
        PolicyDocument.objects.filter(Q(repealed_on__lte=today) | Q(effective_from__gt=today))
        .values_list("key", flat=True)
    )  # fmt: skip
    held = tuple(c for c in shipped_bases if c.regulation.key not in out)
    return held + _added(Q(document__is_basis=True) & ~Q(document__key__in=out))


def _added(condition: Q) -> tuple[Clause, ...]:
    """Return the clauses that the operator recorded."""
    found = PolicyArticle.objects.filter(condition).select_related("document")
    return tuple(
        Clause(_regulation(row.document), row.place, row.gist, row.phrase) for row in found
    )


def _regulation(document: PolicyDocument) -> Regulation:
    return shipped(document.key) or Regulation(
        document.key, document.title, document.effective_from, document.document_number
    )


def shipped(key: str) -> Regulation | None:
    """Return the document of that key if the platform brings clauses of it."""
    return next((c.regulation for c in CLAUSES if c.regulation.key == key), None)


def regulations() -> tuple[Regulation, ...]:
    return tuple(dict.fromkeys(c.regulation for c in CLAUSES))


def documents() -> tuple[DocumentView, ...]:
    """Return every document of the library, ours first, with what is recorded of each."""
    recorded = {d.key: d for d in PolicyDocument.objects.all()}
    ours = [_document_view(r, recorded.pop(r.key, None)) for r in regulations()]
    return (*ours, *(_document_view(_regulation(d), d) for d in recorded.values()))


def _document_view(regulation: Regulation, kept: PolicyDocument | None) -> DocumentView:
    repealed_on = kept.repealed_on if kept else None
    today = clock.today()
    state = DocumentState.IN_FORCE
    if repealed_on is not None and repealed_on <= today:
        state = DocumentState.REPEALED
    elif regulation.effective_from > today:
        state = DocumentState.NOT_YET
    return DocumentView(
        key=regulation.key,
        title=regulation.title,
        document_number=(kept.document_number if kept else "") or regulation.document_number,
        issuer=kept.issuer if kept else "",
        issued_on=kept.issued_on if kept else None,
        effective_from=regulation.effective_from,
        repealed_on=repealed_on,
        replaced_by=kept.replaced_by if kept else "",
        is_basis=kept.is_basis if kept else False,
        is_shipped=shipped(regulation.key) is not None,
        state=state,
    )


def wording(clause: Clause) -> str:
    """Return the official wording if the operator imported it, else nothing."""
    found = OfficialText.objects.filter(
        regulation=clause.regulation.key, place=clause.place
    ).first()
    return found.text if found else ""


def search(words: str) -> tuple[Clause, ...]:
    """Return the clauses whose place, gist or imported wording holds every word."""
    texts = {(t.regulation, t.place): t.text for t in OfficialText.objects.all()}

    def holds(clause: Clause) -> bool:
        text = texts.get((clause.regulation.key, clause.place), "")
        haystack = f"{clause} {clause.gist} {clause.phrase} {text}"
        return all(word in haystack for word in words.split())

    return tuple(c for c in (*CLAUSES, *_added(Q())) if holds(c))


def clauses_at(regulation: str, place: str) -> tuple[Clause, ...]:
    ours = tuple(c for c in CLAUSES if c.regulation.key == regulation and c.place == place)
    return ours + _added(Q(document__key=regulation, place=place))


def year_lines(year: int) -> str:
    """Return the days of a year as the lines that ``enter_year`` reads."""
    words = {DayKind.HOLIDAY: "放假", DayKind.MAKEUP: "调休上班"}
    days = CalendarDay.objects.filter(year_id=year).values_list("date", "kind")
    return "\n".join(f"{day.isoformat()},{words[DayKind(kind)]}" for day, kind in days)
