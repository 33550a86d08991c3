"""Forms of ingest: register a source, hand a file in."""

from typing import Any

from django import forms

from tongqu.catalog.vocabulary import UpdateCycle
from tongqu.ingest.domain.contract import options_json, parse_options
from tongqu.ingest.vocabulary import SYSTEMS, FileFormat, FileOptions
from tongqu.kernel.problems import Rejected

AUTO = [("", "自动识别")]
ENCODINGS = [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8（带 BOM）"), ("gb18030", "GB 18030（GBK）")]


class OptionsForm(forms.Form):
    """How the files of a source are read. What it does not ask stays as it was."""

    format = forms.ChoiceField(
        label="文件格式", required=False, choices=[*AUTO, *((f.value, f.label) for f in FileFormat)]
    )
    encoding = forms.ChoiceField(label="编码", required=False, choices=[*AUTO, *ENCODINGS])
    delimiter = forms.CharField(label="分隔符", max_length=1, initial=",", strip=False)
    header = forms.BooleanField(label="第一行是表头", required=False, initial=True)
    full_state = forms.BooleanField(
        label="每份文件都是完整状态", required=False,
        help_text="勾选后，新文件里没有的主键记为撤下；有行被隔离时请整份重新报送",
    )  # fmt: skip
    withdraw_most = forms.IntegerField(
        label="撤下比例上限（%）", min_value=1, max_value=100, initial=30, required=False,
        help_text="一次撤下超过现有主键的这一比例时，等你单位确认",
    )  # fmt: skip
    null_values = forms.CharField(
        label="表示空值的词", required=False, max_length=200, help_text="用空格分开，如 NA NULL"
    )
    records = forms.CharField(
        label="记录位置", required=False, max_length=200,
        help_text="JSON 的记录不在最外层时填写，如 data.items；XML 填记录的标签名",
    )  # fmt: skip
    crs = forms.ChoiceField(
        label="坐标系", required=False, choices=[("", "没有坐标"), *SYSTEMS.items()],
        help_text="声明后，接入时换算为 CGCS2000，原值保留",
    )  # fmt: skip
    x = forms.CharField(
        label="经度列", required=False, max_length=120, help_text="或横坐标列；留空为 lon"
    )
    y = forms.CharField(
        label="纬度列", required=False, max_length=120, help_text="或纵坐标列；留空为 lat"
    )
    geometry = forms.CharField(
        label="几何列", required=False, max_length=120, help_text="内容为 WKT 的列，如 wkt"
    )
    area = forms.CharField(
        label="合理范围", required=False, max_length=80,
        help_text="西,南,东,北 四个度数；留空为全国。范围外的点入湖并计数提示",
    )  # fmt: skip

    NAMES = ("format", "encoding", "delimiter", "header", "full_state", "withdraw_most", "records",
             "crs", "x", "y", "geometry", "area")  # fmt: skip

    @classmethod
    def of(cls, options: FileOptions) -> "OptionsForm":
        """Return the form that shows how a source is read now."""
        now = {name: getattr(options, name) for name in cls.NAMES}
        return cls(initial=now | {"null_values": " ".join(options.null_values)})

    def options(self, was: FileOptions | None = None) -> FileOptions:
        given = {name: self.cleaned_data[name] for name in self.NAMES}
        given["withdraw_most"] = given["withdraw_most"] or FileOptions().withdraw_most
        words = tuple(self.cleaned_data["null_values"].split())
        kept = options_json(was or FileOptions())
        return parse_options({**kept, **given, "null_values": words})

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            try:
                self.options()
            except Rejected as error:
                field = str(error.problem.facts.get("option", ""))
                self.add_error(field if field in self.fields else None, error.problem.title)
        return self.cleaned_data


class SourceForm(OptionsForm):
    code = forms.RegexField(
        r"^[a-z][a-z0-9_]{1,39}$", label="来源代码",
        help_text="小写字母开头，只含小写字母、数字和下划线，如 flights",
    )  # fmt: skip
    entry_code = forms.CharField(
        label="目录标识", max_length=60, required=False,
        help_text="填写后，列、代码集和校核规则由目录的信息项与数据元得出；留空则由首次探查得出",
    )  # fmt: skip
    name = forms.CharField(
        label="来源名称",
        max_length=120,
        required=False,
        help_text="填了目录标识的可留空，用目录名称",
    )
    cycle = forms.ChoiceField(
        label="更新周期",
        choices=[("", "按目录"), *((c.value, c.label) for c in UpdateCycle)],
        required=False,
    )

    field_order = ("code", "entry_code", "name", "cycle")

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("entry_code"):
            for name, words in (("name", "请填写来源名称。"), ("cycle", "请选择更新周期。")):
                if name in self.cleaned_data and not self.cleaned_data[name]:
                    self.add_error(name, words)
        return super().clean()


class UploadForm(forms.Form):
    file = forms.FileField(
        label="数据文件",
        max_length=200,
        allow_empty_file=True,  # the load itself says what is wrong with an empty one
        help_text="CSV、xlsx、JSON、GeoJSON、XML、Parquet，可压缩；Shapefile 放进 zip",
    )
