"""Forms of the trail."""

from django import forms

from tongqu.audit.vocabulary import KIND_LABELS, OUTCOME_LABELS, EntryQuery
from tongqu.policy.http.forms import PlainForm

LARGEST_UPLOAD = 512 * 2**20
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TrailForm(PlainForm):
    """Search by time, actor, organisation, subject, grant, outcome."""

    since = forms.DateField(label="起始日期", required=False, widget=DAY)
    until = forms.DateField(label="截止日期", required=False, widget=DAY)
    actor = forms.CharField(
        label="主体", required=False, max_length=120, help_text="登录名或客户端标识"
    )
    organisation = forms.CharField(label="单位代码", required=False, max_length=40)
    subject = forms.CharField(
        label="对象", required=False, max_length=200, help_text="目录代码、办件号等，可填一部分"
    )
    grant = forms.CharField(label="授权编号", required=False, max_length=60)
    outcome = forms.ChoiceField(
        label="结果", required=False,
        choices=[("", "全部"), *((o.value, OUTCOME_LABELS[o]) for o in OUTCOME_LABELS)],
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="类别", required=False,
        choices=[("", "全部"), *((k.value, KIND_LABELS[k]) for k in KIND_LABELS)],
    )  # fmt: skip

    def query(self) -> EntryQuery:
        found = {name: value for name, value in self.cleaned_data.items() if value}
        for name in ("since", "until"):
            if name in found:
                found[name] = found[name].isoformat()
        return EntryQuery(**found)


class VerifyForm(PlainForm):
    """A receipt, a proof or an export to be checked."""

    file = forms.FileField(
        label="待核验文件",
        help_text="编目回执 PDF、存在性证明 JSON 或存证导出 JSONL，不超过 512 MB。核验后即删除。",
    )

    def clean_file(self) -> object:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_UPLOAD:
            raise forms.ValidationError("文件超过 512 MB。请在本机用 tongqu verify 核验。")
        return upload
