"""Devices and what they said, documents and media, cameras and handles, models of structures."""

from typing import Any

from django.db import models
from django.db.models import Q

from tongqu.assets.vocabulary import (
    HANDLE_SECONDS,
    AccessPolicy,
    DeviceState,
    Domain,
    KeyKind,
    MediaKind,
    PathType,
    Policy,
    StructureKind,
    VideoProtocol,
)
from tongqu.kernel.words import Word


def _words(words: type[Word]) -> list[tuple[str, str]]:
    return [(word.value, word.label) for word in words]


def _one_of(name: str, field: str, words: type[Word]) -> Any:
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{field}__in": [word.value for word in words]})
    )


def _on_earth(name: str) -> Any:
    return models.CheckConstraint(
        name=name,
        condition=Q(longitude=None, latitude=None)
        | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
    )


class Structure(models.Model):
    """基础设施主数据: a bridge, a tunnel, a lock, under its own code."""

    code = models.CharField("设施编码", max_length=40, unique=True)
    name = models.CharField("设施名称", max_length=120)
    kind = models.CharField("类别", max_length=20, choices=_words(StructureKind))
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    created_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["code"]
        constraints = [
            _one_of("structure_kind", "kind", StructureKind),
            _on_earth("structure_on_earth"),
        ]

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """感知设备. ``window`` are the sequence numbers seen, bit n for ``last_sequence - n``.

    ``silent_after`` is when it counts as silent: stored with each message, so that the health
    job is one comparison. NULLs: what has not happened yet.
    """

    code = models.CharField("设备编码", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("设备类型", max_length=60)
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    source_code = models.CharField("来源代码", max_length=40, db_index=True)
    entry_code = models.CharField("目录标识", max_length=80, blank=True, db_index=True)
    structure_code = models.CharField("设施编码", max_length=40, blank=True, db_index=True)
    path_type = models.CharField(
        "通信路径", max_length=10, choices=_words(PathType), default=PathType.IPV4.value
    )
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    period_seconds = models.PositiveIntegerField("上报周期（秒）")
    state = models.CharField(
        "状态", max_length=10, choices=_words(DeviceState), default=DeviceState.OFFLINE.value
    )
    alarm = models.CharField("告警", max_length=120, blank=True)
    last_seen_at = models.DateTimeField("最近上报", null=True, blank=True)
    silent_after = models.DateTimeField("静默时限", null=True, blank=True, db_index=True)
    last_address = models.CharField("最近来源地址", max_length=45, blank=True)
    last_sequence = models.BigIntegerField("最高序号", null=True, blank=True)
    window = models.BigIntegerField("已收序号", default=0)
    key_kind = models.CharField(
        "签名算法", max_length=10, choices=_words(KeyKind), default=KeyKind.NONE.value
    )
    key = models.CharField("公钥", max_length=200, blank=True)  # of an HMAC its edition's name
    key_edition = models.PositiveIntegerField("密钥版次", default=0)
    refused = models.PositiveIntegerField("拒收数", default=0)
    last_refusal_at = models.DateTimeField("最近拒收", null=True, blank=True)
    created_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["code"]
        constraints = [
            _one_of("device_state", "state", DeviceState),
            _one_of("device_path_type", "path_type", PathType),
            _one_of("device_key_kind", "key_kind", KeyKind),
            _on_earth("device_on_earth"),
            models.CheckConstraint(name="device_period", condition=Q(period_seconds__gte=1)),
            models.CheckConstraint(
                name="device_key_whole",
                condition=Q(key_kind=KeyKind.NONE.value, key="")
                | (~Q(key_kind=KeyKind.NONE.value) & ~Q(key="")),
            ),
            models.CheckConstraint(
                name="device_seen_whole",
                condition=Q(last_seen_at=None, silent_after=None)
                | Q(last_seen_at__isnull=False, silent_after__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TrustPolicy(models.Model):
    """可信采集要求 of a source; without a row signatures are required."""

    source_code = models.CharField("来源代码", max_length=40, unique=True)
    policy = models.CharField("要求", max_length=10, choices=_words(Policy))
    set_at = models.DateTimeField("设定时间")
    set_by = models.CharField("设定人", max_length=120)

    class Meta:
        constraints = [_one_of("trust_policy", "policy", Policy)]


class Message(models.Model):
    """收件: a message on its way into the lake; gone when its batch is closed."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="messages")
    source_code = models.CharField("来源代码", max_length=40)
    sequence = models.BigIntegerField("序号", null=True, blank=True)
    collected_at = models.DateTimeField("采集时间", null=True, blank=True)
    received_at = models.DateTimeField("接收时间")
    payload = models.TextField("内容")
    marks = models.CharField("标注", max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["source_code", "id"], name="message_by_source")]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "sequence"],
                name="message_once",
                condition=Q(sequence__isnull=False),
            )
        ]


class Media(models.Model):
    """文档与媒体. The bytes lie in the store under ``sha256``; several rows may share them."""

    number = models.CharField("编号", max_length=30, unique=True)
    title = models.CharField("题名", max_length=200)
    file_name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField("内容摘要", max_length=64, db_index=True)
    size = models.BigIntegerField("字节数")
    kind = models.CharField("类型", max_length=10, choices=_words(MediaKind))
    mime = models.CharField("媒体类型", max_length=80)
    domain = models.CharField("业务领域", max_length=20, choices=_words(Domain))
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    entry_code = models.CharField("目录标识", max_length=80, db_index=True)
    summary = models.CharField("摘要", max_length=500)
    facts = models.JSONField("细节", default=dict)
    preview = models.CharField("缩略图摘要", max_length=64, blank=True)
    words = models.TextField("检索词", blank=True)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.CharField("上传人", max_length=120)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            _one_of("media_kind", "kind", MediaKind),
            _one_of("media_domain", "domain", Domain),
            models.UniqueConstraint(
                fields=["sha256", "provider", "entry_code"], name="media_once_an_entry"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Withheld(models.Model):
    """隔离的上传: a file with a mark of secrecy. Of it only the digest is kept."""

    sha256 = models.CharField("内容摘要", max_length=64)
    size = models.BigIntegerField("字节数")
    mark = models.CharField("密级标志", max_length=2)
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    by = models.CharField("上传人", max_length=120)

    class Meta:
        ordering = ["-pk"]


class StructureModel(models.Model):
    """设施模型版本: what a structure looked like, as a file of the library."""

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="models")
    version = models.PositiveIntegerField("版本")
    media = models.ForeignKey(Media, models.PROTECT, related_name="models")
    element_count = models.PositiveBigIntegerField("构件数")
    note = models.CharField("说明", max_length=300, blank=True)
    linked_at = models.DateTimeField("挂接时间")
    linked_by = models.CharField("挂接人", max_length=120)

    class Meta:
        ordering = ["structure", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "version"], name="model_version_once"),
            models.UniqueConstraint(fields=["structure", "media"], name="model_media_once"),
        ]


class Camera(models.Model):
    """视频源. ``stream`` is sealed: no page, answer or log ever shows it."""

    code = models.CharField("视频源编码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=120)
    place = models.CharField("安装位置", max_length=200)
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    entry_code = models.CharField("目录标识", max_length=80, blank=True, db_index=True)
    structure_code = models.CharField("设施编码", max_length=40, blank=True)
    protocol = models.CharField("接入协议", max_length=10, choices=_words(VideoProtocol))
    policy = models.CharField(
        "访问策略", max_length=10, choices=_words(AccessPolicy), default=AccessPolicy.GRANTED.value
    )
    handle_seconds = models.PositiveIntegerField("句柄有效期（秒）", default=HANDLE_SECONDS)
    longitude = models.FloatField("经度")
    latitude = models.FloatField("纬度")
    stream = models.TextField("取流地址（加密）")
    is_enabled = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["code"]
        constraints = [
            _one_of("camera_protocol", "protocol", VideoProtocol),
            _one_of("camera_policy", "policy", AccessPolicy),
            _on_earth("camera_on_earth"),
            models.CheckConstraint(
                name="camera_handle_short", condition=Q(handle_seconds__range=(10, 3600))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Handle(models.Model):
    """播放句柄: short-lived, bound to whoever asked for it."""

    code = models.CharField("句柄", max_length=40, unique=True)
    camera = models.ForeignKey(Camera, models.CASCADE, related_name="handles")
    actor_kind = models.CharField("申请人类型", max_length=20)
    actor_key = models.CharField("申请人", max_length=120)
    organisation_id = models.BigIntegerField("申请单位", null=True, blank=True)
    grant_number = models.CharField("授权编号", max_length=40, blank=True)
    watermark = models.CharField("水印", max_length=200)
    purpose = models.CharField("用途", max_length=200)
    issued_at = models.DateTimeField("签发时间")
    expires_at = models.DateTimeField("失效时间")
    views = models.PositiveIntegerField("查看次数", default=0)
    last_view_at = models.DateTimeField("最近查看", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
