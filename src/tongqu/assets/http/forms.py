"""Forms of the pages of assets."""

from django import forms

from tongqu.assets.vocabulary import (
    AccessPolicy,
    Domain,
    KeyKind,
    PathType,
    StructureKind,
    VideoProtocol,
)
from tongqu.kernel.words import Word


def _choices(words: type[Word]) -> list[tuple[str, str]]:
    return [(word.value, word.label) for word in words]


class DeviceForm(forms.Form):
    code = forms.CharField(label="设备编码", max_length=60)
    name = forms.CharField(label="名称", max_length=120)
    kind = forms.CharField(label="设备类型", max_length=60, help_text="如 桥梁应变计、能见度仪")
    source_code = forms.CharField(
        label="来源代码", max_length=40, help_text="报文进入哪个来源；目录随来源"
    )
    period_seconds = forms.IntegerField(label="上报周期（秒）", min_value=1, initial=60)
    path_type = forms.ChoiceField(label="通信路径", choices=_choices(PathType))
    structure_code = forms.CharField(label="设施编码", max_length=40, required=False)
    longitude = forms.FloatField(label="经度", required=False)
    latitude = forms.FloatField(label="纬度", required=False)


class SheetForm(forms.Form):
    file = forms.FileField(
        label="设备清单", max_length=200,
        help_text="xlsx 或 csv，表头含设备编码、名称、设备类型、来源代码、上报周期（秒）；"
        "可另有通信路径、设施编码、经度、纬度",
    )  # fmt: skip


class KeyForm(forms.Form):
    key_kind = forms.ChoiceField(
        label="签名算法", choices=[c for c in _choices(KeyKind) if c[0] != KeyKind.NONE.value]
    )
    public_key = forms.CharField(
        label="公钥", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ed25519 为 Base64、十六进制或 PEM；SM2 为 128 位十六进制；"
        "HMAC-SM3 由平台生成，留空",
    )  # fmt: skip


class MediaForm(forms.Form):
    title = forms.CharField(label="题名", max_length=200)
    domain = forms.ChoiceField(label="业务领域", choices=_choices(Domain))
    entry_code = forms.CharField(label="目录标识", max_length=80)
    file = forms.FileField(
        label="文件", max_length=200, allow_empty_file=True,
        help_text="IFC、DWG、JPG、PNG、MP4、PDF、glTF、3D Tiles；类型以文件内容为准",
    )  # fmt: skip


class CameraForm(forms.Form):
    code = forms.CharField(label="视频源编码", max_length=40)
    name = forms.CharField(label="名称", max_length=120)
    place = forms.CharField(label="安装位置", max_length=200)
    protocol = forms.ChoiceField(label="接入协议", choices=_choices(VideoProtocol))
    stream = forms.CharField(
        label="取流地址", max_length=500,
        help_text="媒体网关给出的取帧地址；加密保存，登记后任何页面都不再显示",
    )  # fmt: skip
    longitude = forms.FloatField(label="经度")
    latitude = forms.FloatField(label="纬度")
    entry_code = forms.CharField(label="目录标识", max_length=80, required=False)
    policy = forms.ChoiceField(label="访问策略", choices=_choices(AccessPolicy))
    handle_seconds = forms.IntegerField(
        label="播放地址有效期（秒）", min_value=10, max_value=3600, initial=300
    )


class HandleForm(forms.Form):
    purpose = forms.CharField(label="查看用途", min_length=2, max_length=200)


class StructureForm(forms.Form):
    code = forms.CharField(label="设施编码", max_length=40)
    name = forms.CharField(label="设施名称", max_length=120)
    kind = forms.ChoiceField(label="类别", choices=_choices(StructureKind))
    longitude = forms.FloatField(label="经度", required=False)
    latitude = forms.FloatField(label="纬度", required=False)


class ModelForm(forms.Form):
    number = forms.CharField(
        label="媒体编号", max_length=30, help_text="媒体库中的 IFC、glTF 或 3D Tiles 文件"
    )
    note = forms.CharField(label="版本说明", max_length=200, required=False)
