"""Forms of rules: one rule with its limits as lines, a contract as a file."""

import json
from typing import Any

from django import forms

from tongqu.quality.vocabulary import DIMENSION_LABELS, KIND_LABELS
from tongqu.standards.vocabulary import CheckKind

MOST_FILE = 5 << 20
KINDS = [
    *((kind.value, label) for kind, label in KIND_LABELS.items() if kind != "check"),
    *((kind.value, f"逐行校核·{kind.label}") for kind in CheckKind
      if kind.value not in set(KIND_LABELS)),
]  # fmt: skip


class RuleForm(forms.Form):
    """``limits``: one ``key = value`` a line; a value is JSON, or text as it stands."""

    entry = forms.CharField(label="目录编码", max_length=60)
    code = forms.CharField(label="规则编码", max_length=160)
    title = forms.CharField(label="规则（一句话）", max_length=200)
    kind = forms.ChoiceField(label="种类", choices=KINDS)
    column = forms.CharField(
        label="信息项英文名称",
        max_length=80,
        required=False,
        help_text="几个信息项的写在参数中",
    )
    limits = forms.CharField(
        label="参数",
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text='每行一个“键 = 值”，例如 min = 0、codes = ["1", "2"]',
    )
    tolerance = forms.DecimalField(
        label="容差（不符的比例）", min_value=0, max_value=1, decimal_places=6, required=False
    )
    dimension = forms.ChoiceField(
        label="维度", required=False,
        choices=[("", "按种类"), *((d.value, label) for d, label in DIMENSION_LABELS.items())],
    )  # fmt: skip
    basis = forms.CharField(
        label="依据", max_length=200, required=False, help_text="条款代码；没有条款的写明约定"
    )
    remedy = forms.CharField(label="改法", max_length=200, required=False)

    def clean_limits(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for line in self.cleaned_data["limits"].splitlines():
            if not line.strip():
                continue
            key, sign, value = line.partition("=")
            if not sign or not key.strip():
                raise forms.ValidationError(f"“{line.strip()[:40]}”不是“键 = 值”。")
            if key.strip() in found or key.strip() in {"code", "title", "kind"}:
                raise forms.ValidationError(f"{key.strip()[:40]} 已在别处填写。")
            found[key.strip()] = _value(value.strip())
        return found

    def document(self) -> dict[str, Any]:
        """Return the rule as it is kept."""
        said = self.cleaned_data
        names = ("code", "title", "kind", "column", "dimension", "basis", "remedy")
        found = {name: said[name] for name in names if said[name]}
        if said["tolerance"] is not None:
            found["tolerance"] = str(said["tolerance"])
        if said["kind"] not in set(KIND_LABELS) and "column" in found:
            found["columns"] = [found.pop("column")]
        found |= said["limits"]
        return found


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


class ContractForm(forms.Form):
    entry = forms.CharField(label="目录编码", max_length=60)
    file = forms.FileField(label="数据合约（ODCS，YAML 或 JSON）")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_FILE:
            raise forms.ValidationError("文件超过 5 MB。")
        return file
