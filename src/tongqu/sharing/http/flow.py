"""Page of the flow of application and grant: read it, export it, put a new version in force."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import ROLE_LABELS, Permission, Role
from tongqu.sharing import public as sharing
from tongqu.sharing.actions import flows
from tongqu.sharing.domain import flow as definitions
from tongqu.sharing.http.common import accepted, long_text, status_of_form
from tongqu.sharing.models import RequestFlow
from tongqu.sharing.vocabulary import STATE_LABELS

SEPARATOR = "|"


class FlowForm(forms.Form):
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)
    note = forms.CharField(label="修订说明", max_length=300)
    steps = long_text(
        "步骤", limit=60_000, rows=16,
        help_text="一行一步：起状态|动作|止状态|办理岗位|依据|名称，前五项用导出文件中的代码。",
    )  # fmt: skip

    def clean_steps(self) -> list[dict[str, str]]:
        rows = []
        for n, text in enumerate(filter(str.strip, self.cleaned_data["steps"].splitlines()), 1):
            parts = [part.strip() for part in text.split(SEPARATOR)]
            if len(parts) != len(definitions.KEYS):
                raise forms.ValidationError(f"第 {n} 行须有六项，以“|”分隔。")
            rows.append(dict(zip(definitions.KEYS, parts, strict=True)))
        return rows


def _written(rows: list[dict[str, str]]) -> str:
    return "\n".join(SEPARATOR.join(row[key] for key in definitions.KEYS) for row in rows)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SHARING_GRANT_READ)
def flow(request: HttpRequest) -> HttpResponse:
    """申请与授权流程."""
    actor, version = actor_of(request), flows.newest()
    table = flows.table(version)
    rows = definitions.kept(table)
    form = FlowForm(request.POST or None, initial={"base": version, "steps": _written(rows)})
    if request.method == "POST" and form.is_valid():
        made = accepted(form, lambda: sharing.define_flow(**form.cleaned_data, by=actor))
        if made:
            annotate(request, subject=f"flow-{made.version}")
            messages.success(request, f"流程第 {made.version} 版已启用，在办的仍按原版本办结。")
            return redirect("sharing:flow")
    versions = list(RequestFlow.objects.all()[:30])
    context = {
        "nav": "sharing_flow", "version": version, "made": versions[0] if versions else None,
        "versions": versions, "form": form,
        "branches": [(b, definitions.path(table, b)) for b in definitions.BRANCHES],
        "steps": [
            (STATE_LABELS[row.source], row.label, _who(row.actor), STATE_LABELS[row.target],
             row.basis.code)
            for row in table.steps
        ],
        "may_edit": actor.may(Permission.SHARING_REQUEST_MANAGING_APPROVE),
    }  # fmt: skip
    return render(request, "sharing/flow.html", context, status=status_of_form(form))


def _who(actor: str) -> str:
    return ROLE_LABELS[Role(actor)] if actor in set(Role) else "共享平台"


@require_safe
@requires(Permission.SHARING_GRANT_READ)
def flow_file(request: HttpRequest, version: int) -> HttpResponse:
    """Export a version as a file that ``define`` takes again."""
    annotate(request, subject=f"flow-{version}")
    text = json.dumps(exported(version), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="sharing-flow-{version}.json"'
    return response


def exported(version: int) -> dict[str, Any]:
    """Return a version whole: its steps, its branches as paths, its diagram."""
    table = flows.table(version)
    return {
        "name": "政务数据申请与授权流程",
        "version": version,
        "steps": definitions.kept(table),
        "paths": [
            {
                "name": branch.name,
                "basis": branch.basis.code,
                "steps": [
                    {"from": row.source.value, "command": row.command.value,
                     "to": row.target.value, "actor": row.actor, "label": row.label}
                    for row in definitions.path(table, branch)
                ],
            }
            for branch in definitions.BRANCHES
        ],
        "mermaid": table.mermaid(),
    }  # fmt: skip
