"""The base of the platform's forms, and the forms of policy."""

from typing import Any

from django import forms

from tongqu.kernel.problems import Problem
from tongqu.policy.domain.terms import CYCLES, LABELS, NUMBERS

CYCLE_LABELS = {
    "realtime": "实时（秒）",
    "daily": "每天（秒）",
    "weekly": "每周（秒）",
    "monthly": "每月（秒）",
    "quarterly": "每季（秒）",
    "yearly": "每年（秒）",
}


class PlainForm(forms.Form):
    """Chinese sentences for what is missing; the look comes from the ``field`` tag."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = "请填写此项。"

    def add_problem(self, problem: Problem) -> None:
        """Show a refused action's sentences under their fields, the rest above the form."""
        placed = False
        for name, says in problem.fields.items():
            if name in self.fields:
                self.add_error(name, says)
                placed = True
            else:
                self.add_error(None, says)
        if not placed:
            self.add_error(None, f"{problem.title}{problem.next_step}")


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class YearForm(PlainForm):
    notice = forms.CharField(label="放假安排通知", max_length=200, help_text="名称和文号。")
    source = forms.CharField(label="来源", max_length=300, required=False)
    file = forms.FileField(
        label="CSV 文件", required=False, help_text="两列：日期、类型。选择文件后以文件内容为准。"
    )
    lines = forms.CharField(
        label="逐日安排",
        required=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="每行一天，如“2027-01-01,放假”；类型为“放假”或“调休上班”。",
    )

    def day_lines(self) -> list[str]:
        """Return the lines of the file, or of the box where no file was chosen."""
        file = self.cleaned_data.get("file")
        if file is None:
            return str(self.cleaned_data.get("lines", "")).splitlines()
        raw = file.read(1_000_000)
        try:
            return str(raw.decode("utf-8-sig")).splitlines()
        except UnicodeDecodeError:
            return str(raw.decode("gb18030", errors="replace")).splitlines()


class NextYearForm(PlainForm):
    year = forms.IntegerField(label="年份", min_value=2004, max_value=2100)


class ProfileForm(PlainForm):
    """One field a number: the list of terms is the form."""

    title = forms.CharField(label="名称", max_length=120)
    regulation = forms.CharField(label="依据文件标识", max_length=40)
    valid_from = forms.DateField(label="生效日期", widget=DateInput(), help_text="明天或以后。")
    reason = forms.CharField(label="理由和文件依据", max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NUMBERS:
            self.fields[name] = self._number(LABELS[name])
        for cycle in CYCLES:
            self.fields[f"freshness_{cycle}"] = self._number(f"数据时效·{CYCLE_LABELS[cycle]}")

    @staticmethod
    def _number(label: str) -> forms.IntegerField:
        return forms.IntegerField(
            label=label, min_value=1, error_messages={"required": "请填写此项。"}
        )

    def values(self) -> dict[str, Any]:
        numbers: dict[str, Any] = {name: self.cleaned_data[name] for name in NUMBERS}
        freshness = {cycle: self.cleaned_data[f"freshness_{cycle}"] for cycle in CYCLES}
        return numbers | {"freshness": freshness}

    @staticmethod
    def initial_from(values: dict[str, Any]) -> dict[str, Any]:
        freshness = {f"freshness_{c}": s for c, s in values.get("freshness", {}).items()}
        return {name: values.get(name) for name in NUMBERS} | freshness


class DocumentForm(PlainForm):
    """A document of the library; of one that we ship, the title and day of effect stay."""

    key = forms.CharField(
        label="标识", max_length=40, help_text="小写字母、数字和连字符，如 jx-2026-plan。"
    )
    title = forms.CharField(label="文件全称", max_length=120)
    document_number = forms.CharField(label="文号", max_length=60, required=False)
    issuer = forms.CharField(label="发布单位", max_length=120, required=False)
    issued_on = forms.DateField(label="发布日期", required=False, widget=DateInput())
    effective_from = forms.DateField(label="施行日期", widget=DateInput())
    repealed_on = forms.DateField(
        label="废止日期", required=False, widget=DateInput(), help_text="自该日起不再作为依据。"
    )
    replaced_by = forms.CharField(label="替代文件", max_length=120, required=False)
    is_basis = forms.BooleanField(label="可作为不予共享的依据", required=False)


class ArticleForm(PlainForm):
    place = forms.CharField(label="条款", max_length=40, help_text="如“第十二条”或“三（一）”。")
    gist = forms.CharField(label="要旨", max_length=200, help_text="用自己的话概括，一句。")
    phrase = forms.CharField(label="原文关键语", max_length=100, required=False)
