"""Words of assets (感知与媒体): devices, their messages, documents and media, cameras, models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tongqu.kernel.words import Word

# Codes answered with something else than 422.
PROBLEM_STATUS: dict[str, int] = {
    "DEVICE_UNKNOWN": 404,
    "DEVICE_DISABLED": 409,
    "DEVICE_EXISTS": 409,
    "NOT_YOUR_DEVICE": 403,
    "UNSIGNED": 401,
    "SIGNATURE_WRONG": 401,
    "REPLAYED": 409,
    "MEDIA_UNKNOWN": 404,
    "NOT_YOUR_MEDIA": 403,
    "TOO_LARGE": 413,
    "CAMERA_UNKNOWN": 404,
    "CAMERA_EXISTS": 409,
    "NO_VIDEO_GRANT": 403,
    "HANDLE_INVALID": 403,
    "HANDLE_EXPIRED": 403,
    "RELAY_MISSING": 503,
    "STRUCTURE_UNKNOWN": 404,
    "STRUCTURE_EXISTS": 409,
}
SILENT_PERIODS = 3  # a device silent for so many of its periods is 离线
HANDLE_SECONDS = 300  # how long a playback handle lives unless the camera says otherwise
MOST_PAYLOAD = 64 << 10  # bytes of one message


class DeviceState(Word):
    """设备状态 (ING-04)."""

    ONLINE = "online", "在线"
    OFFLINE = "offline", "离线"
    ALARM = "alarm", "告警"
    DISABLED = "disabled", "停用"


class PathType(Word):
    """通信路径 (ING-18)."""

    IPV4 = "ipv4", "IPv4"
    IPV6 = "ipv6", "IPv6"
    CELLULAR_4G = "4g", "4G"
    CELLULAR_5G = "5g", "5G"
    BEIDOU = "beidou", "北斗短报文"


class Policy(Word):
    """可信采集要求 of a source (ING-12)."""

    REQUIRED = "required", "须签名"
    OPTIONAL = "optional", "可不签名"


class KeyKind(Word):
    """签名算法. The hub holds public halves only; an HMAC key is derived, never stored."""

    NONE = "none", "未登记"
    ED25519 = "ed25519", "Ed25519"
    SM2 = "sm2", "SM2"
    HMAC_SM3 = "hmac-sm3", "HMAC-SM3"


class Mark(Word):
    """What is remarkable about a message that was taken all the same."""

    UNSIGNED = "unsigned", "未签名"
    FUTURE = "future", "采集时间在未来"
    OLD = "old", "采集时间过早"
    OUT_OF_ORDER = "out_of_order", "序号乱序"


class Domain(Word):
    """业务领域: the five of ING-06."""

    PLANNING = "planning", "交通规划"
    MAINTENANCE = "maintenance", "建设管养"
    TRANSPORT = "transport", "综合运输"
    ENFORCEMENT = "enforcement", "行政执法"
    SAFETY = "safety", "安全应急"


class MediaKind(Word):
    """文件类型, told by the content and never by the name."""

    IFC = "ifc", "IFC 模型"
    DWG = "dwg", "DWG 图纸"
    JPEG = "jpeg", "JPEG 图片"
    PNG = "png", "PNG 图片"
    MP4 = "mp4", "MP4 视频"
    PDF = "pdf", "PDF 文档"
    GLTF = "gltf", "glTF 模型"
    GLB = "glb", "glTF 模型（二进制）"
    TILES = "3dtiles", "3D Tiles 模型"


SUFFIXES: Mapping[MediaKind, tuple[str, ...]] = {
    MediaKind.IFC: ("ifc",),
    MediaKind.DWG: ("dwg",),
    MediaKind.JPEG: ("jpg", "jpeg"),
    MediaKind.PNG: ("png",),
    MediaKind.MP4: ("mp4", "m4v", "mov"),
    MediaKind.PDF: ("pdf",),
    MediaKind.GLTF: ("gltf",),
    MediaKind.GLB: ("glb",),
    MediaKind.TILES: ("zip", "3tz", "json"),
}
MODEL_KINDS = frozenset({MediaKind.IFC, MediaKind.GLTF, MediaKind.GLB, MediaKind.TILES})


class VideoProtocol(Word):
    """接入协议, as a label: the hub does not speak it."""

    GB28181 = "gb28181", "GB/T 28181"
    JT1078 = "jt1078", "JT/T 1078"
    HTTP = "http", "HTTP"


class AccessPolicy(Word):
    """访问策略 of a camera."""

    GRANTED = "granted", "凭授权查看"
    OWNER = "owner", "仅限提供部门"


class StructureKind(Word):
    """设施类别 of an infrastructure code."""

    ROAD = "road", "公路"
    BRIDGE = "bridge", "桥梁"
    TUNNEL = "tunnel", "隧道"
    RAILWAY = "railway", "铁路"
    PORT = "port", "港口"
    CHANNEL = "channel", "航道"
    AIRPORT = "airport", "机场"
    HUB = "hub", "综合枢纽"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message as a device sends it. ``payload`` is the very text that was signed.

    The signature covers ``signed_bytes``: device, sequence, collection time, payload, one to a
    line. Without a signature the sequence may be absent.
    """

    device: str
    payload: str
    sequence: int | None = None
    collected_at: datetime | None = None
    collected_text: str = ""  # the time as it was written: this is what was signed
    signature: str = ""  # base64
    alarm: str = ""
    path_type: str = ""

    @property
    def signed_bytes(self) -> bytes:
        sequence = "" if self.sequence is None else str(self.sequence)
        return "\n".join((self.device, sequence, self.collected_text, self.payload)).encode()


@dataclass(frozen=True, slots=True)
class Taken:
    """What the door answers: the message is kept; its marks say what was noticed."""

    device: str
    sequence: int | None
    received_at: datetime
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of a dataset's devices report. Disabled ones are not expected to."""

    entry_code: str
    expected: int
    reporting: int

    @property
    def share(self) -> float:
        return self.reporting / self.expected if self.expected else 1.0


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file is, by its own bytes. ``text`` is what its first page and metadata say.

    ``preview`` is a small JPEG or PNG, empty where there is nothing to see.
    """

    kind: MediaKind
    mime: str
    summary: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    preview: bytes = b""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a playback handle shows: bytes that carry the viewer's watermark."""

    content: bytes
    mime: str
