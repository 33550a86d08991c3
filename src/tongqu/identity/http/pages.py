"""Pages of organisations and people, and the one-click log-in of a demonstration."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongqu.identity.actions.abolish import abolish
from tongqu.identity.actions.organisations import create_organisation, edit_organisation
from tongqu.identity.actions.people import add_person, assign, end_assignment
from tongqu.identity.http.forms import AbolishOrganisation, AddPerson, AssignRole, EditOrganisation
from tongqu.identity.models import Abolition, Assignment, Organisation, Person
from tongqu.identity.public import actor_of, requires
from tongqu.identity.queries import people_of, tree
from tongqu.identity.vocabulary import (
    KIND_LABELS,
    LEVEL_LABELS,
    ROLE_LABELS,
    Level,
    OrganisationKind,
    Permission,
    Role,
)
from tongqu.kernel.problems import Rejected
from tongqu.kernel.resume import typed_before

ORGANISATION_FIELDS = ("name", "kind", "legal_basis", "level", "division_code",
                       "is_managing_office", "is_support_unit")  # fmt: skip


@require_GET
@requires(Permission.IDENTITY_ORGANISATION_READ)
def organisations(request: HttpRequest) -> HttpResponse:
    may_edit = actor_of(request).may(Permission.IDENTITY_ORGANISATION_EDIT)
    context = {"rows": tree(), "kinds": KIND_LABELS, "levels": LEVEL_LABELS, "nav": "sys",
               "may_edit": may_edit}  # fmt: skip
    return render(request, "identity/organisations.html", context)


@require_GET
@requires(Permission.IDENTITY_ORGANISATION_READ)
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    return _organisation_page(request, get_object_or_404(Organisation, code=code))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.IDENTITY_ORGANISATION_EDIT)
def new_organisation(request: HttpRequest) -> HttpResponse:
    form = EditOrganisation(request.POST or None, initial=typed_before(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = create_organisation(form.as_form(), by=actor_of(request))
        except Rejected as refused:
            form.add_problem(refused.problem)
        else:
            return _to(made)
    context = {"form": form, "title": "新建组织", "nav": "sys"}
    return render(request, "identity/organisation_form.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.IDENTITY_ORGANISATION_EDIT)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Organisation, code=code)
    initial = {name: getattr(found, name) for name in ORGANISATION_FIELDS}
    initial["parent_code"] = found.parent.code if found.parent else ""
    form = EditOrganisation(
        request.POST or None, initial=initial | typed_before(request), existing=found
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _to(edit_organisation(code, form.as_form(), by=actor_of(request)))
        except Rejected as refused:
            form.add_problem(refused.problem)
    context = {"form": form, "title": f"编辑 {found.name}", "organisation": found, "nav": "sys"}
    return render(request, "identity/organisation_form.html", context, status=_status(form))


@require_POST
@requires(Permission.IDENTITY_ORGANISATION_EDIT)
def end_organisation(request: HttpRequest, code: str) -> HttpResponse:
    """机构撤销: what waits for the organisation goes to its successor."""
    found = get_object_or_404(Organisation, code=code)
    form = AbolishOrganisation(request.POST, auto_id="abolish_%s")
    if form.is_valid():
        try:
            abolish(code, **form.cleaned_data, by=actor_of(request))
        except Rejected as refused:
            form.add_problem(refused.problem)
        else:
            return _to(found)
    return _organisation_page(request, found, abolish_form=form, status=422)


@require_POST
@requires(Permission.IDENTITY_ORGANISATION_EDIT)
def new_person(request: HttpRequest, code: str) -> HttpResponse:
    """Create an account; the answer itself shows the first password, once."""
    found = get_object_or_404(Organisation, code=code)
    form = AddPerson(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            person, password = add_person(
                username=said["username"],
                display_name=said["display_name"],
                organisation=found,
                assurance=2 if said["is_verified"] else 1,
                by=actor_of(request),
            )
        except Rejected as refused:
            form.add_problem(refused.problem)
        else:
            return _organisation_page(request, found, made=person, password=password)
    return _organisation_page(request, found, person_form=form, status=422)


@require_POST
@requires(Permission.IDENTITY_ORGANISATION_EDIT)
def new_assignment(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Organisation, code=code)
    form = AssignRole(request.POST, organisation=found)
    if form.is_valid():
        said = form.cleaned_data
        try:
            assign(
                person=Person.objects.get(username=said["person"]),
                role=Role(said["role"]),
                organisation=found,
                until=said["until"],
                by=actor_of(request),
            )
        except Rejected as refused:
            form.add_problem(refused.problem)
        else:
            return _to(found)
    return _organisation_page(request, found, assign_form=form, status=422)


@require_POST
@requires(Permission.IDENTITY_ORGANISATION_EDIT)
def drop_assignment(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    found = get_object_or_404(Organisation, code=code)
    get_object_or_404(Assignment, pk=pk, organisation=found)
    end_assignment(pk, organisation=found, by=actor_of(request))
    return _to(found)


@require_POST
@requires(Permission.PORTAL_PAGE_READ)
def demo_login(request: HttpRequest) -> HttpResponse:
    """Log in as an example account: in a demonstration, and as nobody but an example."""
    if not settings.IS_DEMO:
        raise Http404
    person = get_object_or_404(
        Person, username=request.POST.get("username", ""), is_example=True, is_active=True,
        is_staff=False, is_superuser=False,
    )  # fmt: skip
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(wanted if is_ours else settings.LOGIN_REDIRECT_URL)


def _organisation_page(
    request: HttpRequest, found: Organisation, *, status: int = 200, **more: object
) -> HttpResponse:
    may_edit = actor_of(request).may(Permission.IDENTITY_ORGANISATION_EDIT)
    context: dict[str, object] = {
        "organisation": found,
        "people": people_of(found),
        "kind": KIND_LABELS[OrganisationKind(found.kind)],
        "level": LEVEL_LABELS[Level(found.level)],
        "roles": ROLE_LABELS,
        "may_edit": may_edit,
        "ended": Abolition.objects.select_related("successor").filter(organisation=found).first(),
        "nav": "sys",
    }
    if may_edit:
        context["abolish_form"] = AbolishOrganisation(auto_id="abolish_%s")
        context["person_form"] = AddPerson(auto_id="person_%s")
        context["assign_form"] = AssignRole(auto_id="assign_%s", organisation=found)
    return render(request, "identity/organisation.html", context | more, status=status)


def _status(form: EditOrganisation) -> int:
    return 422 if form.is_bound and form.errors else 200


def _to(found: Organisation) -> HttpResponse:
    return HttpResponseRedirect(reverse("identity:organisation", args=[found.code]))
