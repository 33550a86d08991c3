"""Forms of the ledger's pages."""

from django import forms

from tongqu.catalog.vocabulary import UpdateCycle
from tongqu.identity.public import organisations
from tongqu.identity.vocabulary import Level
from tongqu.kernel import clock
from tongqu.ledger.http.pages.common import government_choices
from tongqu.ledger.vocabulary import Party


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


def _provincial() -> list[tuple[str, str]]:
    return [(o.code, o.name) for o in organisations()
            if o.is_government and o.level == Level.PROVINCE]  # fmt: skip


def _year() -> int:
    return clock.today().year


class SurveyForm(forms.Form):
    title = forms.CharField(label="名称", max_length=120)
    note = forms.CharField(
        label="填报说明", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = _day("填报截止")
    departments = forms.MultipleChoiceField(
        label="下发部门", choices=government_choices, widget=forms.CheckboxSelectMultiple
    )


class TableForm(forms.Form):
    system = forms.CharField(label="所属系统", max_length=120)
    name = forms.CharField(label="表名", max_length=200)
    rows = forms.IntegerField(label="数据量（行）", min_value=0, max_value=10**15, required=False)
    update_cycle = forms.ChoiceField(
        label="更新周期", choices=[(word.value, word.label) for word in UpdateCycle],
        initial=UpdateCycle.DAILY.value,
    )  # fmt: skip
    columns = forms.CharField(
        label="字段", max_length=100_000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一行一个：中文名,英文名,类型。如：客运站名称,station_name,字符型",
    )  # fmt: skip
    note = forms.CharField(label="缺口与问题", max_length=500, required=False)


class MergeForm(forms.Form):
    codes = forms.CharField(
        label="来源目录", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="各市县已发布目录的标识，一行一个或以逗号分隔。",
    )  # fmt: skip
    name = forms.CharField(label="全省目录名称", max_length=200)
    year = forms.IntegerField(label="阶段（年度）", min_value=2000, max_value=2100, initial=_year)
    owner = forms.ChoiceField(label="编制部门", choices=_provincial)


class BatchForm(forms.Form):
    title = forms.CharField(
        label="清单名称", max_length=120, initial="第一批授权运营公共数据资源目录清单"
    )
    data_authority = forms.ChoiceField(label=Party.DATA_AUTHORITY.label, choices=government_choices)
    transport = forms.ChoiceField(label=Party.TRANSPORT.label, choices=government_choices)
    service_office = forms.ChoiceField(label=Party.SERVICE_OFFICE.label, choices=government_choices)
    implementing = forms.ChoiceField(label=Party.IMPLEMENTING.label, choices=government_choices)

    def parties(self) -> dict[Party, str]:
        return {party: self.cleaned_data[party.value] for party in Party}


class RowsForm(forms.Form):
    entries = forms.CharField(
        label="目录标识", max_length=150_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="按清单次序，一行一个。只能列入已发布的目录。",
    )  # fmt: skip


class StepsForm(forms.Form):
    steps = forms.CharField(
        label="步骤", max_length=5_000, widget=forms.Textarea(attrs={"rows": 9, "class": "mono"}),
        help_text="一行一步：代码,名称,岗位,判定。判定留空的，由经办人确认。",
    )  # fmt: skip
    note = forms.CharField(label="修订说明", max_length=300, required=False)
    base = forms.IntegerField(widget=forms.HiddenInput)


class StartForm(forms.Form):
    entry_code = forms.CharField(label="目录标识", max_length=60)
