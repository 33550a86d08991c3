"""Pages of devices: the list, one device, its key, a sheet of them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongqu.assets import public, queries
from tongqu.assets.domain.states import DEVICE, DeviceCommand
from tongqu.assets.http.forms import DeviceForm, KeyForm, SheetForm
from tongqu.assets.models import Device
from tongqu.assets.vocabulary import DeviceState, KeyKind, Mark, PathType, Policy
from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected

PER_PAGE = 50
MOST_SHEET = 5 << 20
TONES = {
    DeviceState.ONLINE: "ok", DeviceState.OFFLINE: "bad", DeviceState.ALARM: "warn",
    DeviceState.DISABLED: "past",
}  # fmt: skip
# These say that the person has no business here: the page itself cannot word them.
HARD = frozenset({"NOT_PERMITTED", "NOT_LOGGED_IN", "DEVICE_UNKNOWN", "MEDIA_UNKNOWN",
                  "CAMERA_UNKNOWN", "STRUCTURE_UNKNOWN"})  # fmt: skip


def told(form: Form, error: Rejected) -> None:
    """Put a refusal beside its field, or above the form. Raises what no form can word."""
    problem = error.problem
    if problem.code in HARD:
        raise error
    words = f"{problem.title}{problem.next_step}"
    fields = {name: text for name, text in problem.fields.items() if name in form.fields}
    for name, text in fields.items():
        form.add_error(name, text)
    if not fields:
        form.add_error("file" if "file" in form.fields else None, words)


def _row(device: Device) -> dict[str, Any]:
    state = DeviceState(device.state)
    return {"device": device, "state": state, "tone": TONES[state],
            "path": PathType(device.path_type).label}  # fmt: skip


@require_safe
@requires(P.ASSETS_DEVICE_READ)
def devices(request: HttpRequest) -> HttpResponse:
    """感知设备."""
    return _devices(request, SheetForm())


def _devices(request: HttpRequest, form: SheetForm, **more: Any) -> HttpResponse:
    actor = actor_of(request)
    chosen = request.GET.get("state", "")
    rows = queries.devices(actor)
    if chosen in set(DeviceState):
        rows = rows.filter(state=chosen)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    counts = queries.device_counts(actor)
    context = {
        "nav": "devices", "page": page, "rows": [_row(device) for device in page],
        "counts": [(state, counts[state.value]) for state in DeviceState], "chosen": chosen,
        "total": sum(counts.values()), "may_edit": actor.may(P.ASSETS_DEVICE_EDIT),
        "completeness": _completeness(actor), "form": form, **more,
    }  # fmt: skip
    return render(request, "assets/devices.html", context, status=422 if form.errors else 200)


def _completeness(actor: Actor) -> list[public.Completeness]:
    seen = queries.devices(actor).exclude(entry_code="").order_by()
    codes = list(seen.values_list("entry_code", flat=True).distinct())
    return queries.completeness(codes) if codes else []


@require_POST
@requires(P.ASSETS_DEVICE_EDIT)
def sheet(request: HttpRequest) -> HttpResponse:
    """Register the devices of a sheet; with one fault none, and every fault is told."""
    form = SheetForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file.size > MOST_SHEET:
                form.add_error("file", "清单超过 5 MB，请分份上传。")
                return _devices(request, form)
            found = public.register_sheet(file.read(), name=file.name, by=actor_of(request))
        except Rejected as error:
            told(form, error)
        else:
            if not found.faults:
                annotate(request, subject=f"{found.made} 台")
                messages.success(
                    request, f"登记 {found.made} 台设备，另有 {found.same} 台已登记且内容相同。"
                )
                return redirect("assets:devices")
            form.add_error("file", f"清单中 {len(found.faults)} 行有误，没有登记任何设备。")
            return _devices(request, form, faults=list(found.faults.items())[:100])
    return _devices(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ASSETS_DEVICE_EDIT)
def new_device(request: HttpRequest) -> HttpResponse:
    """登记设备."""
    form = DeviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = public.register_device(
                public.DeviceSpec(**form.cleaned_data), by=actor_of(request)
            )
        except Rejected as error:
            told(form, error)
        else:
            annotate(request, subject=made.code)
            messages.success(request, "设备已登记。下一步：登记密钥。")
            return redirect("assets:device", made.code)
    context = {"nav": "devices", "form": form, "title": "登记设备", "back": "assets:devices",
               "back_label": "感知设备"}  # fmt: skip
    return render(request, "assets/form.html", context, status=422 if form.errors else 200)


@require_safe
@requires(P.ASSETS_DEVICE_READ)
def device(request: HttpRequest, code: str) -> HttpResponse:
    """一台设备."""
    return _device(request, code, KeyForm())


def _device(request: HttpRequest, code: str, form: KeyForm, *, secret: str = "") -> HttpResponse:
    actor = actor_of(request)
    found = queries.device_for(code, actor)
    may_edit = actor.may(P.ASSETS_DEVICE_EDIT) and queries.owns(actor, found.provider_id)
    waiting = [
        (row, [Mark(word).label for word in row.marks.split()])
        for row in found.messages.order_by("-pk")[:20]
    ]
    policy = queries.policy_of(found.source_code)
    context = {
        "nav": "devices", "row": _row(found), "found": found, "form": form, "secret": secret,
        "key_kind": KeyKind(found.key_kind), "waiting": waiting, "policy": policy,
        "other": Policy.OPTIONAL if policy is Policy.REQUIRED else Policy.REQUIRED,
        "steps": [s for s in DEVICE.steps if s.source == found.state and s.actor != "platform"],
        "may_edit": may_edit,
    }  # fmt: skip
    answer = render(request, "assets/device.html", context, status=422 if form.errors else 200)
    if secret:
        answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@requires(P.ASSETS_DEVICE_EDIT)
def key(request: HttpRequest, code: str) -> HttpResponse:
    """Give a device a key. An HMAC key is shown in this answer and never again."""
    form = KeyForm(request.POST)
    annotate(request, subject=code)
    if form.is_valid():
        kind = KeyKind(form.cleaned_data["key_kind"])
        try:
            kept = public.set_key(code, kind, form.cleaned_data["public_key"], by=actor_of(request))
        except Rejected as error:
            told(form, error)
        else:
            if kind is KeyKind.HMAC_SM3:
                return _device(request, code, KeyForm(), secret=kept)
            messages.success(request, "公钥已登记，旧密钥失效。")
            return redirect("assets:device", code)
    return _device(request, code, form)


@require_POST
@requires(P.ASSETS_DEVICE_EDIT)
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """停用、启用."""
    annotate(request, subject=code)
    word = request.POST.get("command", "")
    command = DeviceCommand(word) if word in set(DeviceCommand) else DeviceCommand.REPORT
    made = public.switch(code, command, by=actor_of(request))
    messages.success(request, f"设备已{DeviceState(made.state).label}。")
    return redirect("assets:device", code)


@require_POST
@requires(P.ASSETS_DEVICE_EDIT)
def policy(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether the device's source takes unsigned messages."""
    actor = actor_of(request)
    found = queries.device_for(code, actor)
    word = request.POST.get("policy", "")
    chosen = Policy(word) if word in set(Policy) else Policy.REQUIRED
    annotate(request, subject=found.source_code)
    public.set_policy(found.source_code, chosen, by=actor)
    messages.success(request, f"来源 {found.source_code} 的报文{chosen.label}。")
    return redirect("assets:device", code)
