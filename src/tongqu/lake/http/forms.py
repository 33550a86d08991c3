"""Forms of the lake's pages."""

from django import forms

from tongqu.lake.domain.business import HEADS, parse_lines
from tongqu.lake.queries.libraries import templates
from tongqu.lake.vocabulary import ModelLevel, ModelScope

CODE = r"^[a-z][a-z0-9_]{1,39}$"


class TopicForm(forms.Form):
    """Ask for a topic from one template."""

    code = forms.RegexField(
        CODE, label="标识", max_length=40,
        help_text="小写字母、数字和下划线；表名为 svc_topic_ 加标识。",
        error_messages={"invalid": "请用小写字母、数字和下划线，以字母开头。"},
    )  # fmt: skip
    title = forms.CharField(label="专题名称", min_length=2, max_length=60)
    indicators = forms.MultipleChoiceField(
        label="指标", widget=forms.CheckboxSelectMultiple, help_text="由平台按模板的口径计算。"
    )
    owner = forms.CharField(
        label="负责岗位", max_length=120, help_text="写岗位，不写姓名，如“示例处·数据岗”。"
    )
    retention_days = forms.IntegerField(
        label="保留天数", min_value=1, max_value=36_500, initial=365,
        help_text="按日的指标超过此天数不再列出。",
    )  # fmt: skip

    def __init__(self, *args: object, template: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django's own
        found = next((one for one in templates() if one.code == template), None)
        rows = found.indicators if found else []
        choices = [(row["code"], f"{row['title']}（{row['unit']}）") for row in rows]
        self.fields["indicators"].choices = choices  # type: ignore[attr-defined]  # a choice field


class BusinessModelForm(forms.Form):
    """Publish a version of a business data model."""

    code = forms.RegexField(
        r"^[a-z][a-z0-9_]{1,59}$", label="标识", max_length=60,
        error_messages={"invalid": "请用小写字母、数字和下划线，以字母开头。"},
    )  # fmt: skip
    title = forms.CharField(label="名称", max_length=120)
    level = forms.ChoiceField(label="层次", choices=[(w.value, w.label) for w in ModelLevel])
    scope = forms.ChoiceField(
        label="范围", choices=[(w.value, w.label) for w in ModelScope],
        help_text="核心模型由省级发布，全行业采用。",
    )  # fmt: skip
    refines = forms.CharField(
        label="上层模型的标识", max_length=60, required=False,
        help_text="逻辑模型填概念模型，物理模型填逻辑模型；可不填。",
    )  # fmt: skip
    lines = forms.CharField(
        label="属性", max_length=100_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=f"每行一个属性，以逗号或制表符分隔：{'、'.join(HEADS)}。可从表格粘贴。",
    )  # fmt: skip
    note = forms.CharField(label="版本说明", max_length=500, required=False)

    def clean_lines(self) -> str:
        try:
            parse_lines(self.cleaned_data["lines"])
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from None
        return str(self.cleaned_data["lines"])
