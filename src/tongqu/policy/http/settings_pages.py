"""Pages where the managing office keeps holidays and dated rules."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tongqu.kernel import clock
from tongqu.kernel.problems import Rejected
from tongqu.kernel.resume import typed_before
from tongqu.policy.access import actor_of, note, requires
from tongqu.policy.actions.calendar import enter_year
from tongqu.policy.actions.profiles import add_profile
from tongqu.policy.domain.terms import LABELS
from tongqu.policy.http.forms import NextYearForm, ProfileForm, YearForm
from tongqu.policy.models import CalendarDay, CalendarYear, PolicyProfile
from tongqu.policy.queries import working_days_of, year_lines

MAY_SEE = "portal.desk.read"
MAY_EDIT_CALENDAR = "policy.calendar.edit"
MAY_EDIT_PROFILE = "policy.profile.edit"
FIRST_YEAR, LAST_YEAR = 2004, 2100


@require_GET
@requires(MAY_SEE)
def holidays(request: HttpRequest) -> HttpResponse:
    """One year as entered; a year that nobody entered says so."""
    asked = NextYearForm(request.GET if "year" in request.GET else None)
    year = asked.cleaned_data["year"] if asked.is_valid() else clock.today().year
    known = list(CalendarYear.objects.values_list("year", flat=True))
    entered = CalendarYear.objects.filter(year=year).first()
    context = {
        "year": year,
        "entered": entered,
        "days": CalendarDay.objects.filter(year_id=year),
        "working_days": working_days_of(year),
        "known": known,
        "next_year": max(known, default=clock.today().year) + 1,
        "may_edit": actor_of(request).may(MAY_EDIT_CALENDAR),
        "nav": "sys",
    }
    return render(request, "policy/holidays.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MAY_EDIT_CALENDAR)
def edit_year(request: HttpRequest, year: int) -> HttpResponse:
    """Enter a year or correct it; nothing is saved while one line is wrong."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return HttpResponseRedirect(reverse("policy:holidays"))
    entered = CalendarYear.objects.filter(year=year).first()
    initial = {
        "notice": entered.notice if entered else "",
        "source": entered.source if entered else "",
        "lines": year_lines(year),
    } | typed_before(request)
    form = YearForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        lines = form.day_lines()
        try:
            enter_year(
                year=year,
                notice=form.cleaned_data["notice"],
                source=form.cleaned_data["source"],
                lines=lines,
                by=actor_of(request),
            )
        except Rejected as refused:
            form.add_problem(refused.problem)
        else:
            note(request, subject=f"calendar {year}", days=len(lines))
            return HttpResponseRedirect(f"{reverse('policy:holidays')}?year={year}")
    context = {"form": form, "year": year, "entered": entered, "nav": "sys"}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "policy/year_form.html", context, status=status)


@require_GET
@requires(MAY_SEE)
def profiles(request: HttpRequest) -> HttpResponse:
    """All versions, the past ones as they were."""
    found = list(PolicyProfile.objects.all())
    context = {
        "profiles": found,
        "today": clock.today(),
        "rows": [(label, [p.terms.get(name) for p in found]) for name, label in LABELS.items()],
        "may_edit": actor_of(request).may(MAY_EDIT_PROFILE),
        "nav": "sys",
    }
    return render(request, "policy/profiles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MAY_EDIT_PROFILE)
def new_profile(request: HttpRequest) -> HttpResponse:
    """A new dated version, filled with the numbers of the one it follows."""
    base = get_object_or_404(PolicyProfile, key=request.GET.get("base", "mot-2021"))
    initial = (
        ProfileForm.initial_from(base.terms)
        | {"regulation": base.regulation}
        | typed_before(request)
    )
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = add_profile(
                title=said["title"],
                regulation=said["regulation"],
                valid_from=said["valid_from"],
                values=form.values(),
                # A number taken over keeps its source; a changed one rests on the reason.
                sources={n: s for n, s in base.sources.items()
                         if form.values().get(n) == base.terms.get(n)},
                reason=said["reason"],
                by=actor_of(request),
            )  # fmt: skip
        except Rejected as refused:
            form.add_problem(refused.problem)
        else:
            note(request, subject=made.key, reason=made.reason)
            return HttpResponseRedirect(reverse("policy:profiles"))
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "base": base, "nav": "sys"}
    return render(request, "policy/profile_form.html", context, status=status)
