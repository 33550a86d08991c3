"""Forms of supervision's pages."""

from django import forms

from tongqu.identity.public import organisations


def _departments() -> list[tuple[str, str]]:
    return [(o.code, o.name) for o in organisations() if o.is_government]


class ProjectForm(forms.Form):
    code = forms.CharField(
        label="项目编号", max_length=40, help_text="立项文件的编号：大写字母、数字和连字符。"
    )
    name = forms.CharField(label="项目名称", max_length=200)
    organisation = forms.ChoiceField(label="建设部门", choices=_departments)
    system_name = forms.CharField(label="系统名称", max_length=120)
    summary = forms.CharField(
        label="建设内容", max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
