"""Pages of upkeep: what was done, what is harmed, how fast the hub would come back."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import jobs
from tongqu.lake.actions import restore, scrub
from tongqu.lake.models import FileDamage, UpkeepRun
from tongqu.lake.queries.upkeep import upkeep_runs
from tongqu.lake.vocabulary import RECOVERY_LABELS, RecoveryClass, UpkeepKind

# What a person may start here; a restore overwrites a node and is started on that node.
STARTED = {
    UpkeepKind.COMPACT: "lake.compact",
    UpkeepKind.EXPIRE: "lake.expire",
    UpkeepKind.CLEAN: "lake.clean",
    UpkeepKind.SCRUB: "lake.scrub",
    UpkeepKind.BACKUP: "lake.backup",
    UpkeepKind.DRILL: "lake.drill",
}


class StartForm(forms.Form):
    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in STARTED])


class TargetForm(forms.Form):
    kind = forms.ChoiceField(choices=list(RECOVERY_LABELS.items()))
    rpo_minutes = forms.IntegerField(min_value=0, max_value=527_040)
    rto_minutes = forms.IntegerField(min_value=1, max_value=527_040)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class with its targets and what the last drill measured; NULLs: no drill yet."""

    kind: str
    label: str
    rpo_minutes: int
    rto_minutes: int
    rpo_seconds: int | None
    rto_seconds: int | None
    is_met: bool


@requires(P.LAKE_TABLE_READ)
def overview(request: HttpRequest) -> HttpResponse:
    last = UpkeepRun.objects.filter(kind=UpkeepKind.DRILL, state="done").first()
    context = {
        "nav": "lake_upkeep",
        "runs": upkeep_runs(),
        "damages": FileDamage.objects.filter(healed_at=None),
        "healed": FileDamage.objects.exclude(healed_at=None)[:10],
        "classes": _classes(last),
        "drill": last,
        "has_vault": bool(settings.BACKUP),
        "may_run": actor_of(request).may(P.LAKE_UPKEEP_RUN),
        "started": [(kind.value, _label(kind)) for kind in STARTED],
    }
    return render(request, "lake/upkeep.html", context)


def _label(kind: UpkeepKind) -> str:
    return UpkeepRun(kind=kind).kind_label


def _classes(last: UpkeepRun | None) -> list[ClassRow]:
    measured = {row["kind"]: row for row in last.figures["classes"]} if last else {}
    return [
        ClassRow(
            kind.value,
            RECOVERY_LABELS[kind],
            rpo,
            rto,
            measured.get(kind.value, {}).get("rpo_seconds"),
            measured.get(kind.value, {}).get("rto_seconds"),
            bool(measured.get(kind.value, {}).get("is_met")),
        )
        for kind, (rpo, rto) in restore.targets().items()
    ]


@require_POST
@requires(P.LAKE_UPKEEP_RUN)
def start(request: HttpRequest) -> HttpResponse:
    form = StartForm(request.POST)
    if form.is_valid():
        kind = UpkeepKind(form.cleaned_data["kind"])
        jobs.enqueue(STARTED[kind])
        messages.success(request, f"已安排{_label(kind)}，结果见运行记录。")
    else:
        messages.error(request, "没有这项维护。请从列表中选择后重试。")
    return redirect("lake:upkeep")


@require_POST
@requires(P.LAKE_UPKEEP_RUN)
def heal(request: HttpRequest, number: int) -> HttpResponse:
    damage = get_object_or_404(FileDamage, pk=number, healed_at=None)
    scrub.heal(damage, by=actor_of(request))
    messages.success(request, "文件已从备份恢复，并与登记的摘要一致。")
    return redirect("lake:upkeep")


@require_POST
@requires(P.LAKE_UPKEEP_RUN)
def target(request: HttpRequest) -> HttpResponse:
    form = TargetForm(request.POST)
    if form.is_valid():
        wanted = form.cleaned_data
        restore.set_target(
            RecoveryClass(wanted["kind"]),
            rpo_minutes=wanted["rpo_minutes"],
            rto_minutes=wanted["rto_minutes"],
            by=actor_of(request),
        )
        messages.success(request, "目标已保存。")
    else:
        messages.error(request, "目标没有保存：请填 0（恢复时间为 1）至 527040 的整数分钟。")
    return redirect("lake:upkeep")
