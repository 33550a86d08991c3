"""Register cameras; hand out short-lived handles; show a picture to whoever holds one."""

import hashlib
import hmac
import re
import secrets as randomness
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from tongqu.assets import ports, queries
from tongqu.assets.domain import problems
from tongqu.assets.models import Camera, Handle
from tongqu.assets.vocabulary import HANDLE_SECONDS, AccessPolicy, Picture, VideoProtocol
from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.identity.public import organisation_by_id, require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected, Unavailable
from tongqu.policy.clauses import measures_2021 as law
from tongqu.security.ports import secrets
from tongqu.security.public import seal, unseal

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,39}")
STREAMS = "camera-streams"  # the hub's secret that addresses are sealed with
TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class CameraSpec:
    """What is said about a camera. ``stream`` is where the media gateway gives its picture."""

    code: str
    name: str
    place: str
    protocol: str
    stream: str
    longitude: float
    latitude: float
    entry_code: str = ""
    structure_code: str = ""
    policy: str = AccessPolicy.GRANTED.value
    handle_seconds: int = HANDLE_SECONDS


@dataclass(frozen=True, slots=True)
class Issued:
    """A handle as it is handed out: ``signature`` and ``expires`` belong into the address."""

    code: str
    expires: str
    signature: str
    expires_at: datetime
    watermark: str

    @property
    def url(self) -> str:
        return f"/api/v1/assets/play/{self.code}?expires={self.expires}&signature={self.signature}"


@transaction.atomic
def register_camera(spec: CameraSpec, *, provider_id: int, by: Actor) -> Camera:
    """Register a camera of the provider. The stream's address is sealed at once.

    Raises: ``Rejected`` INVALID, NOT_YOUR_DEVICE.
    """
    if by.kind != "platform":
        require(by, Permission.ASSETS_CAMERA_EDIT)
    if not queries.owns(by, provider_id):
        raise Rejected(problems.NOT_YOUR_DEVICE)
    faults = _faults(spec, provider_id)
    if Camera.objects.filter(code=spec.code).exists():
        faults["code"] = "编码已被使用"
    if faults:
        raise Rejected(problems.invalid(**faults))
    made = Camera.objects.create(
        code=spec.code, name=spec.name.strip(), place=spec.place.strip(),
        provider=organisation_by_id(provider_id), entry_code=spec.entry_code,
        structure_code=spec.structure_code, protocol=spec.protocol, policy=spec.policy,
        handle_seconds=spec.handle_seconds, longitude=spec.longitude, latitude=spec.latitude,
        stream=sealed_stream(spec.code, spec.stream), created_at=clock.now(),
    )  # fmt: skip
    record("assets.camera.registered", by=by, subject=spec.code, basis=law.PROVIDER_DUTY,
           details={"protocol": spec.protocol, "policy": spec.policy})  # fmt: skip
    return made


def sealed_stream(code: str, stream: str) -> str:
    """Return the address of a camera's stream as it is kept."""
    return seal(stream, under=STREAMS, of=code)


def _faults(spec: CameraSpec, provider_id: int) -> dict[str, str]:
    faults = {}
    if not CODE.fullmatch(spec.code):
        faults["code"] = "编码为 2 至 40 位字母、数字和横线"
    if not 1 <= len(spec.name.strip()) <= 120:
        faults["name"] = "请填写名称，不超过 120 字"
    if not 1 <= len(spec.place.strip()) <= 200:
        faults["place"] = "请填写安装位置"
    if spec.protocol not in set(VideoProtocol):
        faults["protocol"] = "接入协议：" + "、".join(word.label for word in VideoProtocol)
    if spec.policy not in set(AccessPolicy):
        faults["policy"] = "请选择访问策略"
    if not 10 <= spec.handle_seconds <= 3600:
        faults["handle_seconds"] = "有效期为 10 至 3600 秒"
    if not (-180 <= spec.longitude <= 180 and -90 <= spec.latitude <= 90):
        faults["longitude"] = "经纬度超出范围"
    if not ports.relay().accepts(spec.stream):
        faults["stream"] = "取流地址不在允许的名单里，请技术支持部门登记"
    if spec.entry_code:
        entry = catalog.entry(spec.entry_code)
        if entry is None or entry.provider_id != provider_id:
            faults["entry_code"] = "没有找到本单位的这个目录条目"
    return faults


@transaction.atomic
def switch_camera(code: str, *, enabled: bool, by: Actor) -> Camera:
    """Take a camera out of sight, for everybody and at once, or put it back.

    Handles that are out show nothing meanwhile: each look asks again.
    Raises: ``Rejected`` CAMERA_UNKNOWN, NOT_YOUR_DEVICE.
    """
    if by.kind != "platform":
        require(by, Permission.ASSETS_CAMERA_EDIT)
    camera = Camera.objects.select_for_update().filter(code=code).first()
    if camera is None:
        raise Rejected(problems.CAMERA_UNKNOWN)
    if not queries.owns(by, camera.provider_id):
        raise Rejected(problems.NOT_YOUR_DEVICE)
    camera.is_enabled = enabled
    camera.save(update_fields=["is_enabled"])
    record(f"assets.camera.{'enabled' if enabled else 'disabled'}", by=by, subject=code,
           basis=law.PROVIDER_DUTY)  # fmt: skip
    return camera


@transaction.atomic
def issue_handle(code: str, *, purpose: str, by: Actor) -> Issued:
    """Hand out a playback handle, bound to the asker, for as long as the camera allows.

    Raises: ``Rejected`` CAMERA_UNKNOWN, NO_VIDEO_GRANT, INVALID.
    """
    require(by, Permission.ASSETS_HANDLE_ISSUE)
    camera = Camera.objects.select_related("provider").filter(code=code).first()
    if camera is None:
        raise Rejected(problems.CAMERA_UNKNOWN)
    if not 2 <= len(purpose.strip()) <= 200:
        raise Rejected(problems.invalid(purpose="请写明查看用途，2 至 200 字"))
    grant = _right(camera, by.organisation_id)
    now = clock.now()
    handle = Handle.objects.create(
        code=randomness.token_urlsafe(18), camera=camera, actor_kind=by.kind, actor_key=by.key,
        organisation_id=by.organisation_id, grant_number=grant, purpose=purpose.strip(),
        watermark=f"{by.organisation_name} {by.key} {clock.today():%Y-%m-%d}"[:200],
        issued_at=now, expires_at=now + timedelta(seconds=camera.handle_seconds),
    )  # fmt: skip
    record("assets.handle.issued", by=by, subject=camera.code, grant=grant, purpose=purpose.strip(),
           basis=law.PURPOSE, details={"seconds": camera.handle_seconds})  # fmt: skip
    expires = handle.expires_at.astimezone(UTC).strftime(TIME)
    return Issued(handle.code, expires, _signature(handle.code, expires), handle.expires_at,
                  handle.watermark)  # fmt: skip


def _right(camera: Camera, organisation_id: int | None) -> str:
    """Return the grant that lets the department look; empty for the provider itself."""
    if not camera.is_enabled:
        raise Rejected(problems.CAMERA_OFF)
    if organisation_id is not None and organisation_id == camera.provider_id:
        return ""
    if camera.policy == AccessPolicy.OWNER:
        raise Rejected(problems.CAMERA_OFF)
    for grant in queries.grants_today(organisation_id) if camera.entry_code else []:
        if grant.terms.entry_code == camera.entry_code:
            return grant.number
    raise Rejected(problems.NO_VIDEO_GRANT)


def _signature(code: str, expires: str) -> str:
    key = secrets().secret("video-handles").encode()
    return hmac.new(key, f"{code}\n{expires}".encode(), hashlib.sha256).hexdigest()


def play(code: str, *, expires: str, signature: str, address: str = "") -> Picture:
    """Return a picture with the holder's watermark; each look is audited.

    Asks again whether the right still stands: a grant revoked a minute ago ends the handle.
    Raises: ``Rejected`` HANDLE_INVALID, HANDLE_EXPIRED, NO_VIDEO_GRANT, RELAY_MISSING.
    """
    if not hmac.compare_digest(_signature(code, expires).encode(), signature.encode()):
        raise Rejected(problems.HANDLE_INVALID)
    handle = Handle.objects.select_related("camera").filter(code=code).first()
    if handle is None or _time(expires) != handle.expires_at.replace(microsecond=0):
        raise Rejected(problems.HANDLE_INVALID)
    now = clock.now()
    if now >= handle.expires_at:
        raise Rejected(problems.HANDLE_EXPIRED)
    grant = _right(handle.camera, handle.organisation_id)
    text = f"{handle.watermark} {clock.now():%H:%M}"
    camera = handle.camera
    stream = unseal(camera.stream, under=STREAMS, of=camera.code)
    try:
        picture = ports.relay().picture(stream, watermark=text)
    except Unavailable:
        raise Rejected(problems.RELAY_MISSING) from None
    with transaction.atomic():
        Handle.objects.filter(pk=handle.pk).update(views=F("views") + 1, last_view_at=now)
        record("assets.handle.viewed", by=holder(handle), subject=handle.camera.code, grant=grant,
               purpose=handle.purpose, address=address, basis=law.PURPOSE_BOUND)  # fmt: skip
    return picture


def holder(handle: Handle) -> Actor:
    """Return on whose behalf a handle shows something."""
    unit = organisation_by_id(handle.organisation_id) if handle.organisation_id else None
    facts: dict[str, Any] = {"organisation_id": unit.pk, "organisation_code": unit.code,
                             "organisation_name": unit.name} if unit else {}  # fmt: skip
    return Actor(kind=handle.actor_kind, key=handle.actor_key, name=handle.actor_key, **facts)


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
