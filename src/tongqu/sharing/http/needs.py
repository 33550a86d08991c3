"""Pages of the demand pool: file a need, merge what is the same, meet a supply task."""

import re

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission
from tongqu.kernel.problems import Problem, Rejected
from tongqu.sharing import public as sharing
from tongqu.sharing.actions.needs import matching_entries, similar_needs
from tongqu.sharing.http.common import accepted, government_choices, long_text, status_of_form
from tongqu.sharing.http.forms import CHOICES
from tongqu.sharing.http.pages import status_of
from tongqu.sharing.models import SupplyTask
from tongqu.sharing.queries import needs as queries
from tongqu.sharing.vocabulary import (
    FREQUENCY_LABELS,
    MATTER_LABELS,
    Frequency,
    Matter,
    SupplyState,
)

PER_PAGE = 30
SEPARATOR = re.compile(r"[\s,，、;；]+")


class NeedForm(forms.Form):
    """The seven fields of a need."""

    name = forms.CharField(label="需要的数据", max_length=120)
    items = forms.CharField(
        label="信息项", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="需要哪些信息项，以顿号或换行分隔；不清楚的可不填。",
    )  # fmt: skip
    source = forms.CharField(label="可能的来源部门或系统", max_length=120, required=False)
    matter = forms.ChoiceField(label="履职事项", choices=CHOICES["matters"])
    purpose = long_text("使用用途", limit=500, help_text="办什么事、用在哪个环节，不少于 10 个字。")
    duty = forms.CharField(label="履职依据", max_length=300)
    frequency = forms.ChoiceField(label="使用频次", choices=CHOICES["frequencies"])

    def clean_items(self) -> tuple[str, ...]:
        return tuple(item for item in SEPARATOR.split(self.cleaned_data["items"]) if item)


class MergeForm(forms.Form):
    title = forms.CharField(label="供给任务名称", max_length=120)
    provider = forms.ChoiceField(label="提供部门", choices=government_choices)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PORTAL_DESK_READ)
def pool(request: HttpRequest) -> HttpResponse:
    """共享需求池."""
    actor, post = actor_of(request), request.POST
    form = NeedForm(post or None)
    if request.method == "POST" and form.is_valid():
        wanted = sharing.Wanted(**form.cleaned_data)
        made = accepted(form, lambda: sharing.file_need(wanted, by=actor))
        if made:
            annotate(request, subject=made.number, purpose=made.matter)
            messages.success(request, f"需求已提交，编号 {made.number}。")
            return redirect("sharing:need", made.number)
    page = Paginator(queries.needs(actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "needs", "page": page, "form": form, "tasks": queries.tasks(actor)[:PER_PAGE],
        "may_file": actor.may(Permission.SHARING_REQUEST_SUBMIT),
    }  # fmt: skip
    return render(request, "sharing/needs.html", context, status=status_of_form(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PORTAL_DESK_READ)
def need(request: HttpRequest, number: str) -> HttpResponse:
    """One need: what it says, what is like it, what may meet it already."""
    actor, post = actor_of(request), request.POST
    found = queries.need_for(number, actor)
    form = MergeForm(post if "merge" in post else None, initial={"title": found.name})
    may_merge = actor.may(Permission.SHARING_REQUEST_MANAGING_APPROVE)
    annotate(request, subject=number)
    if "merge" in post and form.is_valid():
        chosen = [number, *post.getlist("need")[:100]]
        given = form.cleaned_data
        task = accepted(
            form,
            lambda: sharing.merge_needs(
                chosen, title=given["title"], provider_code=given["provider"], by=actor
            ),
        )
        if task:
            messages.success(request, f"供给任务 {task.number} 已生成，已通知提供部门。")
            return redirect("sharing:supply", task.number)
    if "withdraw" in post:
        sharing.withdraw_need(number, by=actor)
        messages.success(request, "需求已撤回。")
        return redirect("sharing:need", number)
    is_open = found.withdrawn_at is None and (
        found.task is None or found.task.state == SupplyState.ASSIGNED
    )
    context = {
        "nav": "needs", "found": found, "form": form, "is_open": is_open,
        "matter": MATTER_LABELS[Matter(found.matter)],
        "frequency": FREQUENCY_LABELS[Frequency(found.frequency)],
        "similar": similar_needs(found) if may_merge and is_open else [],
        "entries": matching_entries(found, actor) if is_open else (),
        "may_merge": may_merge and is_open and found.task is None,
        "may_withdraw": is_open and actor.may(Permission.SHARING_REQUEST_SUBMIT)
        and found.consumer_id == actor.organisation_id,
    }  # fmt: skip
    return render(request, "sharing/need.html", context, status=status_of_form(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PORTAL_DESK_READ)
def supply(request: HttpRequest, number: str) -> HttpResponse:
    """One supply task: who benefits, and the provider's answer."""
    actor = actor_of(request)
    task = queries.task_for(number, actor)
    if request.method != "POST":
        return _task(request, task)
    annotate(request, subject=number)
    try:
        said = _answer(request, number)
    except Rejected as refused:
        if refused.problem.code == "NOT_PERMITTED":
            raise
        return _task(request, task, problem=refused.problem)
    messages.success(request, said)
    return redirect("sharing:supply", number)


def _answer(request: HttpRequest, number: str) -> str:
    actor, post = actor_of(request), request.POST
    if "draft" in post:
        code = sharing.draft_for_task(number, by=actor)
        return f"已新建目录草稿 {code}，发布后在此落实。"
    if "decline" in post:
        reason = post.get("reason", "").replace("\x00", "")
        sharing.decline_task(number, reason=reason, by=actor)
        return "已答复不能提供，已告知需求单位。"
    code = post.get("entry_code", "")[:60].replace("\x00", "")
    sharing.meet_task(number, code, by=actor)
    return "已落实目录，已通知各需求单位申请。"


def _task(
    request: HttpRequest, task: SupplyTask, *, problem: Problem | None = None
) -> HttpResponse:
    actor = actor_of(request)
    mine = task.provider_id == actor.organisation_id and task.state == SupplyState.ASSIGNED
    context = {
        "nav": "needs", "task": task, "needs": task.needs.select_related("consumer"),
        "problem": problem, "errors": problem.fields if problem else {},
        "may_answer": mine and actor.may(Permission.CATALOG_RECEIPT_ISSUE),
        "may_draft": mine and actor.may(Permission.CATALOG_ENTRY_DRAFT) and not task.entry_code,
        "typed": request.POST if problem else {},
    }  # fmt: skip
    status = status_of(problem) if problem else 200
    return render(request, "sharing/supply.html", context, status=status)
