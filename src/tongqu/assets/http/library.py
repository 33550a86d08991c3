"""Pages of the library: documents and media, cameras, structures and their models."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tongqu.assets import ports, public, queries
from tongqu.assets.http.api import content_of
from tongqu.assets.http.forms import CameraForm, HandleForm, MediaForm, ModelForm, StructureForm
from tongqu.assets.http.pages import told
from tongqu.assets.models import Camera, Media
from tongqu.assets.vocabulary import (
    AccessPolicy,
    Domain,
    MediaKind,
    StructureKind,
    VideoProtocol,
)
from tongqu.audit.public import annotate
from tongqu.catalog import public as catalog
from tongqu.identity.public import actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Rejected

PER_PAGE = 24
ICONS = {
    MediaKind.IFC: "building-bridge", MediaKind.DWG: "ruler-2", MediaKind.MP4: "video",
    MediaKind.PDF: "file-text", MediaKind.GLTF: "cube", MediaKind.GLB: "cube",
    MediaKind.TILES: "cube", MediaKind.JPEG: "photo", MediaKind.PNG: "photo",
}  # fmt: skip


def card(row: Media) -> dict[str, Any]:
    kind = MediaKind(row.kind)
    return {"media": row, "kind": kind, "icon": ICONS[kind], "domain": Domain(row.domain)}


@require_safe
@requires(P.ASSETS_MEDIA_READ)
def media_list(request: HttpRequest) -> HttpResponse:
    """媒体库."""
    actor = actor_of(request)
    q = request.GET.get("q", "")[:200].replace("\x00", "")
    domain, kind = request.GET.get("domain", "")[:20], request.GET.get("kind", "")[:10]
    rows = queries.search_media(actor, q=q, domain=domain, kind=kind)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "media", "page": page, "cards": [card(row) for row in page], "q": q,
        "domain": domain, "kind": kind, "domains": Domain, "kinds": MediaKind,
        "is_asked": bool(q or domain or kind), "may_edit": actor.may(P.ASSETS_MEDIA_EDIT),
    }  # fmt: skip
    return render(request, "assets/media_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ASSETS_MEDIA_EDIT)
def new_media(request: HttpRequest) -> HttpResponse:
    """上传文件."""
    is_post = request.method == "POST"
    start = {"entry_code": request.GET.get("entry", "")[:80]}
    form = MediaForm(request.POST, request.FILES) if is_post else MediaForm(initial=start)
    if is_post and form.is_valid():
        given = form.cleaned_data
        about = public.About(given["title"], given["domain"], given["entry_code"])
        try:
            made = public.upload(given["file"], about, by=actor_of(request))
        except Rejected as error:
            annotate(request, code=error.problem.code)
            told(form, error)
        else:
            annotate(request, subject=made.number)
            messages.success(request, "文件已入库。")
            return redirect("assets:media", made.number)
    context = {"nav": "media", "form": form, "title": "上传文件", "back": "assets:media_list",
               "back_label": "媒体库", "is_file": True}  # fmt: skip
    return render(request, "assets/form.html", context, status=422 if form.errors else 200)


@require_safe
@requires(P.ASSETS_MEDIA_READ)
def media(request: HttpRequest, number: str) -> HttpResponse:
    """一份文件."""
    row = queries.media_for(number, actor_of(request))
    by_type = row.facts.get("by_type", {})
    context = {
        "nav": "media", "card": card(row), "row": row, "entry": catalog.entry(row.entry_code),
        "by_type": sorted(by_type.items(), key=lambda pair: (-pair[1], pair[0]))[:30],
        "links": row.models.select_related("structure"),
    }  # fmt: skip
    return render(request, "assets/media.html", context)


@require_safe
@requires(P.ASSETS_MEDIA_READ)
def media_file(request: HttpRequest, number: str) -> FileResponse:
    """Hand the file out, as a download."""
    return content_of(queries.media_for(number, actor_of(request)), request)


@require_safe
@requires(P.ASSETS_MEDIA_READ)
def preview(request: HttpRequest, number: str) -> FileResponse:
    """Show the thumbnail: a JPEG that we made ourselves."""
    row = queries.media_for(number, actor_of(request))
    if not row.preview:
        raise Http404
    answer = FileResponse(ports.store().open(row.preview), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ASSETS_MEDIA_READ)
def cameras(request: HttpRequest) -> HttpResponse:
    """视频源."""
    actor = actor_of(request)
    may_edit = actor.may(P.ASSETS_CAMERA_EDIT)
    form = CameraForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = public.register_camera(
                public.CameraSpec(**form.cleaned_data), provider_id=actor.organisation_id or 0,
                by=actor,
            )  # fmt: skip
        except Rejected as error:
            told(form, error)
        else:
            annotate(request, subject=made.code)
            messages.success(request, "视频源已登记，取流地址已加密保存。")
            return redirect("assets:camera", made.code)
    page = Paginator(queries.cameras(actor), 50).get_page(request.GET.get("page"))
    context = {
        "nav": "cameras", "page": page, "form": form, "may_edit": may_edit,
        "rows": [_camera(row) for row in page],
    }  # fmt: skip
    return render(request, "assets/cameras.html", context, status=422 if form.errors else 200)


def _camera(row: Camera) -> dict[str, Any]:
    return {"camera": row, "protocol": VideoProtocol(row.protocol),
            "policy": AccessPolicy(row.policy)}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ASSETS_MEDIA_READ)
def camera(request: HttpRequest, code: str) -> HttpResponse:
    """一个视频源; POST asks for a playback handle, or switches the camera."""
    actor = actor_of(request)
    found = queries.camera_for(code, actor)
    if request.POST.get("switch") in {"on", "off"}:
        annotate(request, subject=code)
        public.switch_camera(code, enabled=request.POST["switch"] == "on", by=actor)
        messages.success(request, "已保存。")
        return redirect("assets:camera", code)
    form = HandleForm(request.POST or None)
    issued = None
    if request.method == "POST" and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        annotate(request, subject=code, purpose=purpose)
        try:
            issued = public.issue_handle(code, purpose=purpose, by=actor)
        except Rejected as error:
            told(form, error)
    handles = found.handles.all()[:20] if queries.owns(actor, found.provider_id) else []
    context = {
        "nav": "cameras", "row": _camera(found), "found": found, "form": form, "issued": issued,
        "handles": handles, "may_view": actor.may(P.ASSETS_HANDLE_ISSUE),
        "may_switch": actor.may(P.ASSETS_CAMERA_EDIT) and queries.owns(actor, found.provider_id),
    }  # fmt: skip
    answer = render(request, "assets/camera.html", context, status=422 if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ASSETS_DEVICE_READ)
def structures(request: HttpRequest) -> HttpResponse:
    """基础设施."""
    actor = actor_of(request)
    form = StructureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = public.register_structure(
                **form.cleaned_data, provider_id=actor.organisation_id or 0, by=actor
            )
        except Rejected as error:
            told(form, error)
        else:
            annotate(request, subject=made.code)
            return redirect("assets:structure", made.code)
    page = Paginator(queries.structures(actor), 50).get_page(request.GET.get("page"))
    context = {
        "nav": "structures", "page": page, "form": form,
        "rows": [(row, StructureKind(row.kind)) for row in page],
        "may_edit": actor.may(P.ASSETS_MEDIA_EDIT),
    }  # fmt: skip
    return render(request, "assets/structures.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ASSETS_DEVICE_READ)
def structure(request: HttpRequest, code: str) -> HttpResponse:
    """一处设施: its model versions, its devices."""
    actor = actor_of(request)
    found = queries.structure_for(code, actor)
    form = ModelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        annotate(request, subject=code)
        try:
            made = public.link_model(
                code, form.cleaned_data["number"], by=actor, note=form.cleaned_data["note"]
            )
        except Rejected as error:
            if error.problem.code != "MEDIA_UNKNOWN":
                told(form, error)
            else:
                form.add_error("number", error.problem.title)
        else:
            messages.success(request, f"已挂接为第 {made.version} 版。")
            return redirect("assets:structure", code)
    rows = [(row, MediaKind(row.media.kind)) for row in queries.models_of(found)]
    context = {
        "nav": "structures", "found": found, "kind": StructureKind(found.kind), "form": form,
        "rows": rows, "newest": rows[0][0] if rows else None,
        "devices": queries.devices(actor).filter(structure_code=found.code)[:50],
        "may_edit": actor.may(P.ASSETS_MEDIA_EDIT) and queries.owns(actor, found.provider_id),
    }  # fmt: skip
    return render(request, "assets/structure.html", context, status=422 if form.errors else 200)
