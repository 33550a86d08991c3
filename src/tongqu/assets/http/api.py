"""The API of assets, under ``/api/v1/assets/``."""

from datetime import datetime
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from tongqu.assets import ports, public, queries
from tongqu.assets.domain import problems
from tongqu.assets.domain.states import DeviceCommand
from tongqu.assets.http import schemas as s
from tongqu.assets.models import Camera, Device, Media, Structure
from tongqu.assets.vocabulary import Envelope, KeyKind, Policy
from tongqu.audit.public import annotate
from tongqu.identity.public import PROBLEMS, ProblemOut, actor_of, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel import addresses
from tongqu.kernel.problems import Rejected

router = Router()
ANSWERS = frozenset({*PROBLEMS, 413, 503})
PAGE = 200


def address_of(request: HttpRequest) -> str:
    return addresses.full(request.META.get("REMOTE_ADDR", ""))


@router.post("/assets/messages", response={200: s.TakenOut, ANSWERS: ProblemOut})
@requires(P.ASSETS_MESSAGE_POST)
def post_message(request: HttpRequest, body: s.EnvelopeIn) -> dict[str, Any]:
    """上报一条设备报文（IPv4、IPv6）。设备凭登记的密钥签名，不用账号。"""
    address = address_of(request)
    annotate(request, subject=body.device)
    taken = public.take(envelope_of(body), address=address)
    return {**_fields(taken, s.TakenOut), "marks": [mark.value for mark in taken.marks]}


def envelope_of(body: s.EnvelopeIn) -> Envelope:
    given = body.model_dump(exclude={"collected_at"})
    return Envelope(
        **given, collected_at=_instant(body.collected_at), collected_text=body.collected_at
    )


def _instant(text: str) -> datetime | None:
    """Return an instant. Raises ``Rejected`` for one without zone: nobody knows when that is."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.utcoffset() is None:
        raise Rejected(problems.invalid(collected_at="须是带时区的 ISO 8601 时刻"))
    return found


def _fields(row: object, schema: type[Schema]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in schema.model_fields if hasattr(row, name)}


@router.get("/assets/devices", response={200: s.DevicesOut, PROBLEMS: ProblemOut})
@requires(P.ASSETS_DEVICE_READ)
def list_devices(
    request: HttpRequest,
    state: Annotated[str, Query(max_length=10)] = "",
    offset: Annotated[int, Query(ge=0)] = 0,
) -> dict[str, Any]:
    """列出设备及各状态台数，每次至多 200 台。"""
    actor = actor_of(request)
    rows = queries.devices(actor)
    if state:
        rows = rows.filter(state=state)
    offset = min(offset, 10_000_000)
    return {
        "total": rows.count(),
        "states": queries.device_counts(actor),
        "devices": [_fields(row, s.DeviceOut) for row in rows[offset : offset + PAGE]],
    }


@router.post("/assets/devices", response={201: s.DeviceOut, PROBLEMS: ProblemOut})
@requires(P.ASSETS_DEVICE_EDIT)
def register_device(request: HttpRequest, body: s.DeviceIn) -> Status[dict[str, Any]]:
    """登记设备；内容相同的重复登记不产生变化。"""
    made = public.register_device(public.DeviceSpec(**body.model_dump()), by=actor_of(request))
    annotate(request, subject=made.code)
    return Status(201, _fields(made, s.DeviceOut))


@router.get("/assets/devices/{code}", response={200: s.DeviceOut, PROBLEMS: ProblemOut})
@requires(P.ASSETS_DEVICE_READ)
def get_device(request: HttpRequest, code: s.AssetCode) -> dict[str, Any]:
    """查看设备。"""
    return _fields(queries.device_for(code, actor_of(request)), s.DeviceOut)


@router.put("/assets/devices/{code}/key", response={200: s.DeviceKeyOut, PROBLEMS: ProblemOut})
@requires(P.ASSETS_DEVICE_EDIT)
def set_key(request: HttpRequest, code: s.AssetCode, body: s.DeviceKeyIn) -> dict[str, str]:
    """登记或更换设备密钥；旧密钥立即失效。"""
    annotate(request, subject=code)
    kind = KeyKind(body.key_kind)
    key = public.set_key(code, kind, body.public_key, by=actor_of(request))
    return {"key_kind": kind.value, "key": key}


@router.post("/assets/devices/{code}/switch", response={200: s.DeviceOut, PROBLEMS: ProblemOut})
@requires(P.ASSETS_DEVICE_EDIT)
def switch(request: HttpRequest, code: s.AssetCode, body: s.DeviceSwitchIn) -> dict[str, Any]:
    """停用或启用设备。"""
    annotate(request, subject=code)
    made: Device = public.switch(code, DeviceCommand(body.command), by=actor_of(request))
    return _fields(made, s.DeviceOut)


@router.put(
    "/assets/policies/{source_code}", response={200: s.TrustPolicyOut, PROBLEMS: ProblemOut}
)
@requires(P.ASSETS_DEVICE_EDIT)
def set_policy(
    request: HttpRequest, source_code: s.AssetCode, body: s.TrustPolicyIn
) -> dict[str, str]:
    """设定来源是否须签名（可信采集）。"""
    annotate(request, subject=source_code)
    policy = public.set_policy(source_code, Policy(body.policy), by=actor_of(request))
    return {"source_code": source_code, "policy": policy.value}


@router.get("/assets/completeness", response={200: list[s.CompletenessOut], PROBLEMS: ProblemOut})
@requires(P.ASSETS_MEDIA_READ)
def list_completeness(
    request: HttpRequest, entry: Annotated[str, Query(max_length=80)] = ""
) -> list[dict[str, Any]]:
    """列出有设备的数据集，及其设备在线比例。"""
    del request
    return [
        {**_fields(row, s.CompletenessOut), "share": round(row.share, 4)}
        for row in queries.completeness([entry] if entry else [])
    ]


def media_out(row: Media) -> dict[str, Any]:
    return {
        **_fields(row, s.MediaOut),
        "provider_name": row.provider.name,
        "has_preview": bool(row.preview),
    }


@router.get("/assets/media", response={200: s.MediaListOut, PROBLEMS: ProblemOut})
@requires(P.ASSETS_MEDIA_READ)
def search_media(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    domain: Annotated[str, Query(max_length=20)] = "",
    kind: Annotated[str, Query(max_length=10)] = "",
    offset: Annotated[int, Query(ge=0)] = 0,
) -> dict[str, Any]:
    """检索文档与媒体：题名、摘要、文件名、目录名称中含有全部检索词的。"""
    words = q.replace("\x00", "")
    rows = queries.search_media(actor_of(request), q=words, domain=domain, kind=kind)
    offset = min(offset, 10_000_000)
    return {"total": rows.count(), "media": [media_out(r) for r in rows[offset : offset + PAGE]]}


@router.post("/assets/media", response={201: s.MediaOut, ANSWERS: ProblemOut})
@requires(P.ASSETS_MEDIA_EDIT)
def upload_media(
    request: HttpRequest,
    file: File[UploadedFile],
    title: Annotated[str, Form(max_length=200)],
    domain: Annotated[str, Form(max_length=20)],
    entry_code: Annotated[str, Form(max_length=80)],
) -> Status[dict[str, Any]]:
    """上传文档或媒体；同一目录下同一文件只存一份。"""
    made = public.upload(file, public.About(title, domain, entry_code), by=actor_of(request))
    annotate(request, subject=made.number)
    return Status(201, media_out(made))


@router.get("/assets/media/{number}", response={200: s.MediaOut, PROBLEMS: ProblemOut})
@requires(P.ASSETS_MEDIA_READ)
def get_media(request: HttpRequest, number: s.AssetCode) -> dict[str, Any]:
    """查看一份文件的登记。"""
    return media_out(queries.media_for(number, actor_of(request)))


@router.get("/assets/media/{number}/content", response={200: None, PROBLEMS: ProblemOut})
@requires(P.ASSETS_MEDIA_READ)
def get_content(request: HttpRequest, number: s.AssetCode) -> FileResponse:
    """下载原文件。"""
    return content_of(queries.media_for(number, actor_of(request)), request)


def content_of(row: Media, request: HttpRequest) -> FileResponse:
    """Return the file as a download: nothing of what strangers made is shown as a page of ours.

    The record says under which grant it left.
    """
    grant = queries.grant_for(row, actor_of(request))
    annotate(request, subject=row.number, grant=grant, details={"sha256": row.sha256})
    answer = FileResponse(
        ports.store().open(row.sha256), as_attachment=True, filename=row.file_name,
        content_type="application/octet-stream",
    )  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@router.get("/assets/cameras", response={200: list[s.CameraOut], PROBLEMS: ProblemOut})
@requires(P.ASSETS_MEDIA_READ)
def list_cameras(
    request: HttpRequest, offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0
) -> list[dict[str, Any]]:
    """列出可见的视频源，每次至多 200 个；取流地址不给出。"""
    rows = queries.cameras(actor_of(request))[offset : offset + PAGE]
    return [_fields(row, s.CameraOut) for row in rows]


@router.post("/assets/cameras", response={201: s.CameraOut, PROBLEMS: ProblemOut})
@requires(P.ASSETS_CAMERA_EDIT)
def register_camera(request: HttpRequest, body: s.CameraIn) -> Status[dict[str, Any]]:
    """登记本单位的视频源。"""
    actor = actor_of(request)
    spec = public.CameraSpec(**body.model_dump())
    made: Camera = public.register_camera(spec, provider_id=actor.organisation_id or 0, by=actor)
    annotate(request, subject=made.code)
    return Status(201, _fields(made, s.CameraOut))


@router.post("/assets/cameras/{code}/handles", response={201: s.HandleOut, PROBLEMS: ProblemOut})
@requires(P.ASSETS_HANDLE_ISSUE)
def issue_handle(
    request: HttpRequest, code: s.AssetCode, body: s.HandleIn
) -> Status[dict[str, Any]]:
    """申请播放地址：短时有效，带水印，查看留痕。"""
    annotate(request, subject=code, purpose=body.purpose)
    issued = public.issue_handle(code, purpose=body.purpose, by=actor_of(request))
    return Status(201, _fields(issued, s.HandleOut))


@router.get("/assets/play/{handle}", response={200: None, ANSWERS: ProblemOut})
@requires(P.ASSETS_HANDLE_PLAY)
def play(
    request: HttpRequest,
    handle: str,
    expires: Annotated[str, Query(max_length=20)],
    signature: Annotated[str, Query(max_length=64)],
) -> HttpResponse:
    """凭播放地址取一帧带水印的画面。"""
    shown = public.play(handle, expires=expires, signature=signature, address=address_of(request))
    answer = HttpResponse(shown.content, content_type=shown.mime)
    answer["Cache-Control"] = "no-store"
    return answer


def structure_out(found: Structure) -> dict[str, Any]:
    rows = [
        {"version": row.version, "media": row.media.number, "kind": row.media.kind,
         "element_count": row.element_count, "note": row.note, "linked_at": row.linked_at}
        for row in queries.models_of(found)
    ]  # fmt: skip
    return {**_fields(found, s.StructureOut), "models": rows}


@router.post("/assets/structures", response={201: s.StructureOut, PROBLEMS: ProblemOut})
@requires(P.ASSETS_MEDIA_EDIT)
def register_structure(request: HttpRequest, body: s.StructureIn) -> Status[dict[str, Any]]:
    """登记基础设施编码。"""
    actor = actor_of(request)
    made = public.register_structure(
        **body.model_dump(), provider_id=actor.organisation_id or 0, by=actor
    )
    annotate(request, subject=made.code)
    return Status(201, structure_out(made))


@router.get("/assets/structures/{code}", response={200: s.StructureOut, PROBLEMS: ProblemOut})
@requires(P.ASSETS_DEVICE_READ)
def get_structure(request: HttpRequest, code: s.AssetCode) -> dict[str, Any]:
    """查看设施及其模型版本、构件数。"""
    return structure_out(queries.structure_for(code, actor_of(request)))


@router.post(
    "/assets/structures/{code}/models", response={201: s.StructureOut, PROBLEMS: ProblemOut}
)
@requires(P.ASSETS_MEDIA_EDIT)
def link_model(request: HttpRequest, code: s.AssetCode, body: s.ModelIn) -> Status[dict[str, Any]]:
    """把媒体库中的模型挂接为设施的新版本。"""
    actor = actor_of(request)
    public.link_model(code, body.media, by=actor, note=body.note)
    annotate(request, subject=code)
    return Status(201, structure_out(queries.structure_for(code, actor)))
