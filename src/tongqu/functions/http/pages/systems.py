"""Pages of 应用清: the census, one system, the compliance board."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongqu.audit.public import annotate
from tongqu.functions import public
from tongqu.functions.actions import imports, systems
from tongqu.functions.domain.states import TONES
from tongqu.functions.http import sheets
from tongqu.functions.http.forms import SystemForm
from tongqu.functions.http.pages import common
from tongqu.functions.http.pages.functions import taken
from tongqu.functions.models import EntryLink, Support, System
from tongqu.functions.queries import linked, lists
from tongqu.functions.vocabulary import MUST_SHARE, SystemClass, SystemState
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor

NAV = "systems"


@require_safe
@requires(P.FUNCTIONS_REGISTER_READ)
def listing(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    rows = lists.system_views(actor)
    chosen = request.GET.get("class", "")
    if chosen in set(SystemClass):
        rows = [row for row in rows if row.system_class == chosen]
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {
        "nav": NAV, "page": page, "tones": TONES, "classes": list(SystemClass), "chosen": chosen,
        "may_edit": actor.may(P.FUNCTIONS_REGISTER_EDIT),
    }  # fmt: skip
    return render(request, "functions/systems.html", context)


@require_safe
@requires(P.FUNCTIONS_REGISTER_READ)
def board(request: HttpRequest) -> HttpResponse:
    """Systems that must share through the platform, and which of them do not (article 11)."""
    rows = lists.system_views(actor_of(request))
    owed = [
        row for row in rows if row.system_class in MUST_SHARE and row.state is SystemState.IN_USE
    ]
    owed.sort(key=lambda row: (not row.is_violation, row.organisation_code, row.code))
    counts = [
        (word, sum(r.system_class is word for r in rows), sum(r.is_violation for r in rows
         if r.system_class is word))
        for word in SystemClass
    ]  # fmt: skip
    context = {
        "nav": "board", "rows": owed, "counts": counts,
        "violations": sum(row.is_violation for row in owed),
    }  # fmt: skip
    return render(request, "functions/board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.FUNCTIONS_REGISTER_EDIT)
def new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = SystemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = common.accepted(form, lambda: public.save_system(form.given(), by=actor))
        if made is not None:
            messages.success(request, f"已登记，编码 {made.code}。")
            return redirect("functions:system", code=made.code)
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "functions/system_new.html", {"nav": NAV, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.FUNCTIONS_REGISTER_READ)
def system(request: HttpRequest, code: str) -> HttpResponse:
    """One system: class, modules, what it supports, which entries come from it."""
    actor = actor_of(request)
    row = lists.one(lists.systems(actor), code, actor)
    form = SystemForm(initial=SystemForm.initial_of(row))
    problem = None
    if request.method == "POST":
        annotate(request, subject=code)
        if request.POST.get("do") == "save":
            form = SystemForm(request.POST)
            if form.is_valid() and _saved(request, form, code, actor):
                return redirect("functions:system", code=code)
        else:
            problem = common.stepped(request, code, STEPS)
            if problem is None:
                return redirect("functions:system", code=code)
    context = _system_context(row, actor) | {"form": form, "problem": problem}
    invalid = form.is_bound and not form.is_valid()
    status = 422 if invalid else common.status_of(problem)
    return render(request, "functions/system.html", context, status=status)


def _saved(request: HttpRequest, form: SystemForm, code: str, actor: Actor) -> bool:
    edition = form.cleaned_data["edition"]
    done = common.accepted(
        form, lambda: public.save_system(form.given(), by=actor, code=code, edition=edition)
    )
    if done is not None:
        messages.success(request, "已保存。")
    return done is not None


def _system_context(row: System, actor: Actor) -> dict[str, Any]:
    own = actor.organisation_id == row.organisation_id
    entries = linked.entries_of_systems([row])[row.pk]
    (view,) = lists.system_views(actor, code=row.code)
    return {
        "nav": NAV, "row": row, "view": view, "tones": TONES,
        "class_label": SystemClass(row.system_class).label,
        "modules": lists.module_rows(row),
        "supports": Support.objects.filter(system=row, module=None).select_related("function"),
        "entries": list(entries.values()),
        "said": set(EntryLink.objects.filter(system=row).values_list("entry_code", flat=True)),
        "may_edit": own and actor.may(P.FUNCTIONS_REGISTER_EDIT),
    }  # fmt: skip


def _entry(request: HttpRequest, code: str, actor: Actor) -> str:
    is_linked = request.POST.get("do") == "entry"
    systems.link_entry(code, request.POST.get("entry", ""), is_linked=is_linked, by=actor)
    return "目录条目已对应。" if is_linked else "已取消对应。"


def _retire(request: HttpRequest, code: str, actor: Actor) -> str:
    turned = public.retire_system(
        code, on=common.day(request), reason=request.POST.get("reason", ""), by=actor
    )
    return f"已停用；{len(turned)} 个目录条目转为待更新。"


STEPS: dict[str, common.Act] = {"entry": _entry, "unentry": _entry, "retire": _retire}


@require_safe
@requires(P.FUNCTIONS_REGISTER_READ)
def export(request: HttpRequest) -> HttpResponse:
    rows = list(
        lists.systems(actor_of(request)).prefetch_related(
            "modules", "supports__function", "supports__module"
        )
    )
    annotate(request, rows=len(rows))
    return sheets.answer(
        "应用清",
        ("部门", *imports.SYSTEM_COLUMNS),
        (
            (
                row.organisation.name, row.code, row.name, SystemClass(row.system_class).label,
                "否", "；".join(f"{m.code} {m.name}" for m in row.modules.all()),
                row.accountable, row.summary,
                "；".join(
                    f"{x.function.code}/{x.module.code}" if x.module else x.function.code
                    for x in row.supports.all()
                ),
            )
            for row in rows
        ),
    )  # fmt: skip


@require_POST
@requires(P.FUNCTIONS_REGISTER_EDIT)
def take_sheet(request: HttpRequest) -> HttpResponse:
    return taken(request, imports.SYSTEM_COLUMNS, imports.import_systems, "systems")
