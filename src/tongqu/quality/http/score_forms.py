"""Forms of scores: weights, point rules, gates, waivers, standards, stars."""

import json
from decimal import Decimal
from typing import Any

from django import forms

from tongqu.kernel.problems import Rejected
from tongqu.quality.domain.gates import GATE
from tongqu.quality.vocabulary import DIMENSION_LABELS, Dimension

STARS = [(str(n), f"{n} 星") for n in range(5, 0, -1)]
ANSWERS = [("5", "很好"), ("4", "较好"), ("3", "一般"), ("2", "较差"), ("1", "很差")]


def tell(form: forms.Form, error: Rejected) -> None:
    """Put a refusal's sentences under their fields; the rest above the form."""
    problem = error.problem
    named = {name: words for name, words in problem.fields.items() if name in form.fields}
    for name, words in named.items():
        form.add_error(name, words)
    more = [words for name, words in problem.fields.items() if name not in named]
    if more or not named:
        form.add_error(None, "".join(more) or f"{problem.title}{problem.next_step}")


class WeightsForm(forms.Form):
    """One field a dimension, made from the enum."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for dimension in Dimension:
            self.fields[dimension.value] = forms.IntegerField(
                label=DIMENSION_LABELS[dimension], min_value=0, max_value=100
            )
        self.fields["note"] = forms.CharField(label="说明", max_length=300, required=False)

    def weights(self) -> dict[Dimension, int]:
        return {d: self.cleaned_data[d.value] for d in Dimension}


class GateForm(forms.Form):
    entry_code = forms.CharField(label="目录标识", max_length=60)
    gate = forms.DecimalField(
        label="门槛", min_value=Decimal(0), max_value=Decimal(100), decimal_places=1, initial=GATE
    )
    table = forms.CharField(
        label="上行前检测的表", max_length=120, required=False,
        help_text="如 ods_vehicles；填写后，未评价的快照上行前当场检测",
    )  # fmt: skip


class StandardForm(forms.Form):
    title = forms.CharField(label="名称", max_length=200)
    owner = forms.CharField(label="责任岗位", max_length=160, help_text="写岗位，不写姓名")
    standard = forms.CharField(
        label="质量标准", max_length=20_000, widget=forms.Textarea({"rows": 6})
    )
    guideline = forms.CharField(
        label="质量管理指南", max_length=20_000, widget=forms.Textarea({"rows": 6})
    )
    rules = forms.CharField(
        label="规则", max_length=200_000, widget=forms.Textarea({"rows": 8, "class": "mono"}),
        help_text="JSON 数组，每条写明 code、title、kind、column 等",
    )  # fmt: skip
    entry_codes = forms.CharField(
        label="适用目录", max_length=60_000, widget=forms.Textarea({"rows": 4}),
        help_text="本部门的目录标识，每行一个",
    )  # fmt: skip

    def clean_rules(self) -> list[dict[str, Any]]:
        try:
            found = json.loads(self.cleaned_data["rules"])
        except ValueError as error:
            raise forms.ValidationError("不是 JSON，请核对逗号、引号和括号。") from error
        if not isinstance(found, list) or not all(isinstance(rule, dict) for rule in found):
            raise forms.ValidationError("应为规则的数组，每条规则用花括号括起。")
        return found

    def clean_entry_codes(self) -> list[str]:
        return str(self.cleaned_data["entry_codes"]).split()


class StarsForm(forms.Form):
    stars = forms.ChoiceField(label="总体评分", choices=STARS)
    needs_met = forms.ChoiceField(label="是否满足需求", choices=ANSWERS)
    data_quality = forms.ChoiceField(label="数据质量如何", choices=ANSWERS)
    effect = forms.ChoiceField(label="使用效果如何", choices=ANSWERS)
    comment = forms.CharField(
        label="说明", max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )
