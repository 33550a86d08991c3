"""Forms of pulls: a connection of any connector, a source over it, a migration."""

from collections.abc import Mapping
from typing import Any

from django import forms

from tongqu.ingest import ports
from tongqu.ingest.actions.connections import Plan
from tongqu.ingest.vocabulary import Form, Mode

ADDRESSES: Mapping[Form, str] = {
    Form.DATABASE: "如 postgresql://用户@主机:5432/库名；口令填在下面",
    Form.INTERFACE: "如 https://interface.example.gov.cn；密钥填在下面",
    Form.FILE: "文件夹写完整路径，如 /data/reports；SFTP 写 sftp://主机:22/路径；对象存储写 s3://桶/路径",
    Form.STREAM: "MQTT 写 mqtt://主机:1883；Kafka 写 kafka://主机:9092",
}
# Name and help of what is taken of a connection.
WHATS: Mapping[Form, tuple[str, str]] = {
    Form.DATABASE: ("表或视图", "如 public.roads；可从上面的探查结果中选"),
    Form.INTERFACE: ("接口路径", "如 /api/v1/roads"),
    Form.FILE: ("子文件夹", "留空为所登记的文件夹"),
    Form.STREAM: ("主题", "如 sensors/bridge"),
}
OF_INCREMENTS = ("key", "time_column", "overlap_seconds")


def _field(setting: ports.Setting) -> forms.Field:
    """Return the form field of one setting of a connector."""
    facts: dict[str, Any] = {
        "label": setting.label, "help_text": setting.help, "required": setting.required,
        "initial": setting.default,
    }  # fmt: skip
    match setting.kind:
        case "number":
            return forms.FloatField(**facts)
        case "bool":
            return forms.BooleanField(**{**facts, "required": False})
        case "choice":
            return forms.ChoiceField(choices=setting.choices, **facts)
        case "secret":
            widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
            return forms.CharField(widget=widget, max_length=4000, strip=False, **facts)
        case "long":
            return forms.CharField(widget=forms.Textarea, max_length=8000, **facts)
        case _:
            return forms.CharField(max_length=500, **facts)


class ConnectionForm(forms.Form):
    """Name and address, then whatever the chosen connector must be told."""

    code = forms.RegexField(r"^[a-z][a-z0-9_]{1,39}$", label="连接代码",
                            help_text="小写字母开头，只含小写字母、数字和下划线")  # fmt: skip
    name = forms.CharField(label="连接名称", max_length=120)
    address = forms.CharField(label="地址", max_length=500, required=False)

    def __init__(self, data: Any, *, puller: ports.Puller) -> None:
        super().__init__(data)
        self.puller = puller
        self.fields["address"].help_text = ADDRESSES.get(puller.form, "")
        for setting in puller.connection_settings:
            self.fields[f"set_{setting.name}"] = _field(setting)

    def split(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return settings and secrets."""
        settings, secrets = dict[str, Any](), dict[str, str]()
        for setting in self.puller.connection_settings:
            value = self.cleaned_data.get(f"set_{setting.name}")
            if setting.kind == "secret":
                secrets[setting.name] = value or ""
            elif value not in (None, ""):
                settings[setting.name] = value
        return settings, secrets


class PlanForm(forms.Form):
    """What is taken, how, and when."""

    what = forms.CharField(label="表、路径或主题", max_length=500, required=False,
                           help_text="如 public.roads；可从上面的探查结果中选")  # fmt: skip
    mode = forms.ChoiceField(label="接入方式")
    key = forms.CharField(label="键列", max_length=200, required=False,
                          help_text="按键增量必填；源表有主键的可留空，多列用空格分开")  # fmt: skip
    time_column = forms.CharField(label="时间列", max_length=120, required=False,
                                  help_text="按时间增量必填")  # fmt: skip
    overlap_seconds = forms.IntegerField(label="重叠秒数", initial=0, min_value=0,
                                         max_value=30 * 86_400,
                                         help_text="晚提交的行在重叠时间内补取")  # fmt: skip
    full_state = forms.BooleanField(label="每次都是完整状态", required=False,
                                    help_text="全量接入时勾选：本次没有的主键记为撤下")  # fmt: skip
    schedule = forms.CharField(label="计划", max_length=60, required=False,
                               help_text="分 时 日 月 周，如 0 2 * * *；留空只手动")  # fmt: skip
    reject_percent = forms.FloatField(label="隔离阈值（%）", initial=1.0, min_value=0,
                                      max_value=100)  # fmt: skip
    tolerance_percent = forms.FloatField(label="对账容差（%）", initial=0.1, min_value=0,
                                         max_value=100)  # fmt: skip

    def __init__(self, data: Any, *, puller: ports.Puller, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        self.puller = puller
        what = self.fields["what"]
        what.label, what.help_text = WHATS.get(puller.form, (what.label, what.help_text))
        if puller.modes == (Mode.FULL,):  # nothing to tell of what is never asked for
            for name in OF_INCREMENTS:
                del self.fields[name]
        mode = self.fields["mode"]
        if isinstance(mode, forms.ChoiceField):
            mode.choices = [(m.value, m.label) for m in puller.modes]
        for setting in puller.option_settings:
            self.fields[f"set_{setting.name}"] = _field(setting)

    def plan(self, connection: str) -> Plan:
        given = self.cleaned_data
        settings = {
            setting.name: given[f"set_{setting.name}"]
            for setting in self.puller.option_settings
            if given.get(f"set_{setting.name}") not in (None, "")
        }
        return Plan(
            connection, what=given["what"], mode=Mode(given["mode"]),
            key=tuple(given.get("key", "").split()), time_column=given.get("time_column", ""),
            overlap_seconds=given.get("overlap_seconds", 0), schedule=given["schedule"],
            settings=settings, reject_threshold=given["reject_percent"] / 100,
            tolerance=given["tolerance_percent"] / 100, full_state=given["full_state"],
        )  # fmt: skip


class NewSourceForm(PlanForm):
    code = forms.RegexField(r"^[a-z][a-z0-9_]{1,39}$", label="来源代码")
    name = forms.CharField(label="来源名称", max_length=120)
    entry_code = forms.CharField(label="目录标识", max_length=80, required=False)

    field_order = ("code", "name", "entry_code", "what", "mode")


class MigrationForm(forms.Form):
    code = forms.RegexField(r"^[a-z][a-z0-9_]{1,39}$", label="系统代码")
    name = forms.CharField(label="系统名称", max_length=120)
    parallel_days = forms.IntegerField(label="并行天数", initial=30, min_value=1, max_value=365)
    interfaces = forms.CharField(label="接口清单", widget=forms.Textarea, max_length=20_000,
                                 help_text="每行一个接口：编号，空格，名称")  # fmt: skip

    def rows(self) -> list[tuple[str, str]]:
        lines = [line.strip() for line in self.cleaned_data["interfaces"].splitlines()]
        pairs = [line.partition(" ") for line in lines if line]
        return [(number[:60], (title.strip() or number)[:120]) for number, _, title in pairs]


class MappingForm(forms.Form):
    number = forms.CharField(label="接口编号", max_length=60)
    old = forms.CharField(label="原有来源代码", max_length=40)
    new = forms.CharField(label="平台来源代码", max_length=40)
    mapping = forms.CharField(label="列对应", widget=forms.Textarea, max_length=20_000,
                              help_text="每行一对：原有列=平台列")  # fmt: skip

    def pairs(self) -> dict[str, str]:
        lines = self.cleaned_data["mapping"].splitlines()
        found = [line.partition("=") for line in lines if "=" in line]
        return {left.strip(): right.strip() for left, _, right in found}
