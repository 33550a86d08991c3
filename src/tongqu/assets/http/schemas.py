"""What the API of assets takes and gives."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

_TEXT = r"^[^\x00-\x1f]*$"
AssetCode = Annotated[
    str, StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")
]
Text = Annotated[str, StringConstraints(max_length=200, pattern=_TEXT)]
Seconds = Annotated[int, Field(ge=1, le=2_678_400)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Sequence = Annotated[int, Field(ge=0, le=(1 << 63) - 1)]


class EnvelopeIn(Schema):
    """设备报文。签名范围：device、sequence、collected_at、payload 四项各占一行，以换行连接。"""

    model_config = ConfigDict(extra="forbid")

    device: AssetCode
    payload: Annotated[str, StringConstraints(min_length=1, max_length=65536,
                                              pattern=r"^[^\x00]*$")]  # fmt: skip
    sequence: Sequence | None = None
    collected_at: Annotated[
        str, StringConstraints(max_length=40, pattern=r"^$|^\d{4}-\d\d-\d\dT\d\d:\d\d[0-9:.+Z-]*$")
    ] = Field(default="", description="带时区的 ISO 8601 时刻，如 2026-09-24T09:00:00+08:00")
    signature: Annotated[str, StringConstraints(max_length=400, pattern=r"^[A-Za-z0-9+/=]*$")] = (
        Field(default="", description="Base64")
    )
    alarm: Annotated[str, StringConstraints(max_length=120, pattern=_TEXT)] = ""
    path_type: Annotated[
        str, StringConstraints(pattern="^(ipv4|ipv6|4g|5g|beidou)?$")
    ] = ""  # fmt: skip


class TakenOut(Schema):
    """已接收。marks 为随报文记下的标注：unsigned、future、old、out_of_order。"""

    device: str
    sequence: int | None
    received_at: datetime
    marks: list[str]


class DeviceIn(Schema):
    model_config = ConfigDict(extra="forbid")

    code: AssetCode
    name: Text
    kind: Annotated[str, StringConstraints(max_length=60, pattern=_TEXT)]
    source_code: Annotated[str, StringConstraints(max_length=40, pattern=_TEXT)]
    period_seconds: Seconds
    path_type: Annotated[str, StringConstraints(pattern="^(ipv4|ipv6|4g|5g|beidou)$")] = "ipv4"
    structure_code: Annotated[str, StringConstraints(max_length=40, pattern=_TEXT)] = ""
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    key_kind: Annotated[str, StringConstraints(pattern="^(none|ed25519|sm2|hmac-sm3)$")] = "none"
    public_key: Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")] = ""


class DeviceOut(Schema):
    code: str
    name: str
    kind: str
    source_code: str
    entry_code: str
    structure_code: str
    path_type: str
    longitude: float | None
    latitude: float | None
    period_seconds: int
    state: str
    alarm: str
    last_seen_at: datetime | None
    last_address: str
    last_sequence: int | None
    key_kind: str
    refused: int


class DevicesOut(Schema):
    """设备清单与各状态台数。"""

    total: int
    states: dict[str, int]
    devices: list[DeviceOut]


class DeviceKeyIn(Schema):
    model_config = ConfigDict(extra="forbid")

    key_kind: Annotated[str, StringConstraints(pattern="^(ed25519|sm2|hmac-sm3)$")]
    public_key: Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")] = ""


class DeviceKeyOut(Schema):
    """登记的公钥；HMAC-SM3 时为密钥本身，只在此时给出。"""

    key_kind: str
    key: str


class DeviceSwitchIn(Schema):
    model_config = ConfigDict(extra="forbid")

    command: Annotated[str, StringConstraints(pattern="^(disable|enable)$")]


class TrustPolicyIn(Schema):
    model_config = ConfigDict(extra="forbid")

    policy: Annotated[str, StringConstraints(pattern="^(required|optional)$")]


class TrustPolicyOut(Schema):
    source_code: str
    policy: str


class CompletenessOut(Schema):
    """数据集的设备在线情况：share 为在线台数占应上报台数之比。"""

    entry_code: str
    expected: int
    reporting: int
    share: float


class MediaOut(Schema):
    number: str
    title: str
    file_name: str
    sha256: str
    size: int
    kind: str
    mime: str
    domain: str
    entry_code: str
    provider_name: str
    summary: str
    facts: dict[str, Any]
    has_preview: bool
    uploaded_at: datetime


class MediaListOut(Schema):
    total: int
    media: list[MediaOut]


class CameraIn(Schema):
    model_config = ConfigDict(extra="forbid")

    code: AssetCode
    name: Text
    place: Text
    protocol: Annotated[str, StringConstraints(pattern="^(gb28181|jt1078|http)$")]
    stream: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=_TEXT)]
    longitude: Longitude
    latitude: Latitude
    entry_code: Annotated[str, StringConstraints(max_length=80, pattern=_TEXT)] = ""
    structure_code: Annotated[str, StringConstraints(max_length=40, pattern=_TEXT)] = ""
    policy: Annotated[str, StringConstraints(pattern="^(granted|owner)$")] = "granted"
    handle_seconds: Annotated[int, Field(ge=10, le=3600)] = 300


class CameraOut(Schema):
    """视频源。取流地址不在其中。"""

    code: str
    name: str
    place: str
    protocol: str
    policy: str
    entry_code: str
    longitude: float
    latitude: float
    handle_seconds: int
    is_enabled: bool


class HandleIn(Schema):
    model_config = ConfigDict(extra="forbid")

    purpose: Annotated[str, StringConstraints(min_length=2, max_length=200, pattern=_TEXT)]


class HandleOut(Schema):
    url: str
    expires_at: datetime
    watermark: str


class StructureIn(Schema):
    model_config = ConfigDict(extra="forbid")

    code: AssetCode
    name: Text
    kind: Annotated[
        str, StringConstraints(pattern="^(road|bridge|tunnel|railway|port|channel|airport|hub)$")
    ]
    longitude: Longitude | None = None
    latitude: Latitude | None = None


class ModelIn(Schema):
    model_config = ConfigDict(extra="forbid")

    media: Annotated[str, StringConstraints(max_length=30, pattern=_TEXT)]
    note: Text = ""


class ModelOut(Schema):
    version: int
    media: str
    kind: str
    element_count: int
    note: str
    linked_at: datetime


class StructureOut(Schema):
    code: str
    name: str
    kind: str
    longitude: float | None
    latitude: float | None
    models: list[ModelOut]
