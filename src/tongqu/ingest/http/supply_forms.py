"""Forms of supply: agreements of external sources, delivery templates, what goes up."""

from typing import Any

from django import forms

from tongqu.catalog.vocabulary import DataType, UpdateCycle
from tongqu.ingest.domain.supply import CYCLES, GATE
from tongqu.ingest.vocabulary import Authority, ColumnSpec, TemplateKind
from tongqu.policy.domain.matters import MATTER_LABELS

_TYPES = {word.label: word for word in DataType} | {word.value: word for word in DataType}


class AgreementForm(forms.Form):
    source = forms.CharField(label="来源代码", max_length=40, help_text="先登记来源，再登记协议")
    authority = forms.ChoiceField(label="所属部门", choices=[(a.value, a.label) for a in Authority])
    counterpart = forms.CharField(label="对方单位", max_length=120)
    number = forms.CharField(label="协议编号", max_length=80)
    owner = forms.CharField(label="责任岗位", max_length=120, help_text="写岗位，不写姓名")
    purpose = forms.CharField(label="限定用途", max_length=200)
    matters = forms.MultipleChoiceField(
        label="限定的履职事项", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(word.value, label) for word, label in MATTER_LABELS.items()],
        help_text="选了的，申请按履职事项核对；不选的，申请的使用用途须写明限定用途中的词",
    )  # fmt: skip
    valid_from = forms.DateField(label="生效日", widget=forms.DateInput({"type": "date"}))
    expires_on = forms.DateField(
        label="到期日", required=False, widget=forms.DateInput({"type": "date"}),
        help_text="社会第三方必填；到期后停止接入",
    )  # fmt: skip
    aggregation = forms.CharField(
        label="汇总粒度", max_length=120, required=False,
        help_text="社会第三方必填，如 500 米栅格、15 分钟",
    )  # fmt: skip
    count_column = forms.CharField(
        label="计数列", max_length=120, required=False,
        help_text="按人计数的列；填写后，小于最小计数的单元不进入服务层",
    )  # fmt: skip
    min_cell = forms.IntegerField(
        label="最小计数", required=False, min_value=1, max_value=100_000, help_text="留空为 15"
    )


class TemplateForm(forms.Form):
    code = forms.CharField(label="模板代码", max_length=20, help_text="小写字母、数字和下划线")
    name = forms.CharField(label="名称", max_length=120)
    kind = forms.ChoiceField(label="类别", choices=[(k.value, k.label) for k in TemplateKind])
    cycle = forms.ChoiceField(label="周期", choices=[(c.value, c.label) for c in CYCLES])
    due_day = forms.IntegerField(
        label="报送日", min_value=1, max_value=31, help_text="每月（每周）的第几日"
    )
    columns = forms.CharField(
        label="列", widget=forms.Textarea({"rows": 6}),
        help_text="每行一列：列名 类型，主键列在后面写“主键”，如 route 字符型 主键",
    )  # fmt: skip

    def clean_columns(self) -> tuple[ColumnSpec, ...]:
        found = []
        for number, line in enumerate(self.cleaned_data["columns"].splitlines(), 1):
            words = line.split()
            if not words:
                continue
            kind = _TYPES.get(words[1]) if len(words) > 1 else DataType.STRING
            if kind is None or len(words) > 3 or words[2:] not in ([], ["主键"]):
                raise forms.ValidationError(f"第 {number} 行看不懂，请按“列名 类型 主键”书写。")
            found.append(ColumnSpec(words[0], kind, is_key=len(words) == 3))
        return tuple(found)

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**given, "kind": TemplateKind(given["kind"]), "cycle": UpdateCycle(given["cycle"])}


class MemberForm(forms.Form):
    organisation = forms.CharField(label="报送单位的组织代码", max_length=60)


class LinkForm(forms.Form):
    source = forms.CharField(label="本级来源代码", max_length=40)
    upstream = forms.CharField(label="上一级来源代码", max_length=40)
    gate = forms.DecimalField(
        label="质量门槛", min_value=0, max_value=100, decimal_places=2, initial=GATE,
        help_text="质量分低于门槛的批次留在本级",
    )  # fmt: skip
