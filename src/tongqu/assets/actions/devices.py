"""Register devices, one or a sheet of them; their keys; what a source asks of messages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from tongqu.assets import ports, queries
from tongqu.assets.domain import problems
from tongqu.assets.domain.states import DEVICE, DeviceCommand
from tongqu.assets.models import Device, TrustPolicy
from tongqu.assets.vocabulary import DeviceState, KeyKind, PathType, Policy
from tongqu.audit.public import record
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.ingest import public as ingest
from tongqu.ingest.vocabulary import SourceView
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,59}")
MOST_PERIOD = 31 * 86_400


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """What is said about a device. The provider and the entry are those of its source."""

    code: str
    name: str
    kind: str
    source_code: str
    period_seconds: int
    path_type: str = PathType.IPV4.value
    structure_code: str = ""
    longitude: float | None = None
    latitude: float | None = None
    key_kind: str = KeyKind.NONE.value
    public_key: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """What a sheet came to. ``faults``: line of the sheet → what is wrong with it."""

    made: int
    same: int
    faults: Mapping[int, str] = field(default_factory=dict)


def register_device(spec: DeviceSpec, *, by: Actor) -> Device:
    """Register a device; the same facts again change nothing, others are refused.

    Raises: ``Rejected`` INVALID, NOT_YOUR_DEVICE, DEVICE_EXISTS.
    """
    require_edit(by)
    return _register(spec, ingest.source(spec.source_code), by=by)


def _register(spec: DeviceSpec, source: SourceView | None, *, by: Actor) -> Device:
    facts = _facts(spec, source, by)
    with transaction.atomic():
        made, is_new = Device.objects.get_or_create(
            code=spec.code, defaults={**facts, "created_at": clock.now()}
        )
        if is_new:
            record("assets.device.registered", by=by, subject=spec.code, basis=law.PROVIDER_DUTY,
                   details={"source": spec.source_code, "path": spec.path_type})  # fmt: skip
        elif any(getattr(made, name) != value for name, value in facts.items()):
            raise Rejected(problems.DEVICE_EXISTS)
    return made


def register_many(specs: Mapping[int, DeviceSpec], *, by: Actor) -> Registered:
    """Register the devices of a sheet, all or none: with one fault nothing is registered."""
    require_edit(by)
    faults: dict[int, str] = {}
    made = same = 0
    sources = {code: ingest.source(code) for code in {s.source_code for s in specs.values()}}
    with transaction.atomic():
        before = set(
            Device.objects.filter(code__in=[s.code for s in specs.values()]).values_list(
                "code", flat=True
            )
        )
        for line, spec in specs.items():
            try:
                _register(spec, sources[spec.source_code], by=by)
            except Rejected as error:
                words = "；".join(error.problem.fields.values()) or error.problem.title
                faults[line] = words
                continue
            made, same = (made, same + 1) if spec.code in before else (made + 1, same)
        if faults:
            transaction.set_rollback(True)
    return Registered(0, 0, faults) if faults else Registered(made, same)


def require_edit(by: Actor) -> None:
    if by.kind != "platform":
        require(by, Permission.ASSETS_DEVICE_EDIT)


def _facts(spec: DeviceSpec, source: SourceView | None, by: Actor) -> dict[str, Any]:
    faults = _faults(spec)
    if source is None:
        faults["source_code"] = "没有登记这个来源"
    if faults or source is None:
        raise Rejected(problems.invalid(**faults))
    if not queries.owns(by, source.provider_id):
        raise Rejected(problems.NOT_YOUR_DEVICE)
    kind = KeyKind(spec.key_kind)
    return {
        "name": spec.name.strip(),
        "kind": spec.kind.strip(),
        "provider_id": source.provider_id,
        "source_code": spec.source_code,
        "entry_code": source.entry_code,
        "structure_code": spec.structure_code.strip(),
        "path_type": spec.path_type,
        "longitude": spec.longitude,
        "latitude": spec.latitude,
        "period_seconds": spec.period_seconds,
        "key_kind": kind.value,
        "key": _key(kind, spec.public_key, spec.code, edition=1),
        "key_edition": 0 if kind is KeyKind.NONE else 1,
    }


def _faults(spec: DeviceSpec) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not CODE.fullmatch(spec.code):
        faults["code"] = "设备编码为 2 至 60 位字母、数字、点、横线和下划线"
    if not 1 <= len(spec.name.strip()) <= 120:
        faults["name"] = "请填写名称，不超过 120 字"
    if not 1 <= len(spec.kind.strip()) <= 60:
        faults["kind"] = "请填写设备类型，不超过 60 字"
    if not 1 <= spec.period_seconds <= MOST_PERIOD:
        faults["period_seconds"] = "上报周期为 1 秒至 31 天"
    if spec.path_type not in set(PathType):
        faults["path_type"] = "通信路径：" + "、".join(word.label for word in PathType)
    if len(spec.structure_code) > 40:
        faults["structure_code"] = "设施编码不超过 40 位"
    if (spec.longitude is None) != (spec.latitude is None):
        faults["longitude"] = "经度和纬度须同时填写"
    elif not (abs(spec.longitude or 0) <= 180 and abs(spec.latitude or 0) <= 90):
        faults["longitude"] = "经纬度超出范围"
    if spec.key_kind not in set(KeyKind):
        faults["key_kind"] = "签名算法：" + "、".join(word.label for word in KeyKind)
    return faults


def _key(kind: KeyKind, public_key: str, code: str, *, edition: int) -> str:
    """Return what is kept of a key: the public half, or the name that an HMAC key comes from."""
    if kind is KeyKind.NONE:
        return ""
    if kind is KeyKind.HMAC_SM3:
        return f"{code}#{edition}"
    try:
        return ports.signatures().parse_key(kind, public_key)
    except ValueError:
        raise Rejected(problems.invalid(public_key=f"不是 {kind.label} 的公钥")) from None


@transaction.atomic
def set_key(code: str, kind: KeyKind, public_key: str = "", *, by: Actor) -> str:
    """Give a device a new key; the old one ends at once.

    Returns an HMAC key in hex, which is shown this once, or the public key as it is kept.
    """
    require_edit(by)
    device = _locked(code, by)
    edition = device.key_edition + 1
    device.key = _key(kind, public_key, device.code, edition=edition)
    device.key_kind, device.key_edition = kind.value, edition
    device.save(update_fields=["key", "key_kind", "key_edition"])
    record("assets.device.key", by=by, subject=code, basis=law.AUTHENTICATION,
           details={"algorithm": kind.value, "edition": edition})  # fmt: skip
    if kind is KeyKind.HMAC_SM3:
        return ports.signatures().derived(device.key)
    return device.key


@transaction.atomic
def switch(code: str, command: DeviceCommand, *, by: Actor) -> Device:
    """Take a device out of service (停用) or put it back (启用)."""
    require_edit(by)
    device = _locked(code, by)
    step = DEVICE.step(DeviceState(device.state), command)
    if step.actor == "platform":
        raise Rejected(problems.invalid(command="只能停用或启用"))
    device.state, device.alarm = step.target.value, ""
    device.save(update_fields=["state", "alarm"])
    record(f"assets.device.{command.value}", by=by, subject=code, basis=step.basis)
    return device


def _locked(code: str, by: Actor) -> Device:
    seen = queries.device_for(code, by)
    if not queries.owns(by, seen.provider_id):
        raise Rejected(problems.NOT_YOUR_DEVICE)
    return Device.objects.select_for_update().get(pk=seen.pk)


@transaction.atomic
def set_policy(source_code: str, policy: Policy, *, by: Actor) -> Policy:
    """Say whether a source takes unsigned messages (ING-12)."""
    require_edit(by)
    source = ingest.source(source_code)
    if source is None:
        raise Rejected(problems.invalid(source_code="没有登记这个来源"))
    if not queries.owns(by, source.provider_id):
        raise Rejected(problems.NOT_YOUR_DEVICE)
    TrustPolicy.objects.update_or_create(
        source_code=source_code,
        defaults={"policy": policy.value, "set_at": clock.now(), "set_by": by.key},
    )
    record("assets.trust.policy", by=by, subject=source_code, basis=law.AUTHENTICATION,
           details={"policy": policy.value})  # fmt: skip
    return policy
