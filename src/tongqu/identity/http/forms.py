"""Forms of the administration of organisations and of API clients."""

from typing import Any

from django import forms

from tongqu.identity.actions.organisations import OrganisationForm
from tongqu.identity.models import Organisation
from tongqu.identity.vocabulary import (
    KIND_LABELS,
    LEVEL_LABELS,
    ROLE_LABELS,
    Level,
    OrganisationKind,
    Role,
)
from tongqu.policy.http.forms import DateInput, PlainForm


class EditOrganisation(PlainForm):
    code = forms.CharField(label="组织代码", max_length=40, help_text="保存后不再更改。")
    name = forms.CharField(label="名称", max_length=120)
    kind = forms.ChoiceField(label="类型", choices=[(k.value, t) for k, t in KIND_LABELS.items()])
    legal_basis = forms.CharField(
        label="授权依据",
        max_length=300,
        required=False,
        help_text="法律、法规授权的事业单位和社会组织必填，写明名称和条款。",
    )
    level = forms.ChoiceField(label="层级", choices=[(k.value, t) for k, t in LEVEL_LABELS.items()])
    division_code = forms.CharField(label="行政区划代码", max_length=12, required=False)
    parent_code = forms.ChoiceField(label="上级组织", required=False)  # choices: see __init__
    is_managing_office = forms.BooleanField(label="科技主管部门", required=False)
    is_support_unit = forms.BooleanField(label="技术支持部门", required=False)

    def __init__(self, *args: Any, existing: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organisation.objects.exclude(pk=existing.pk if existing else 0)
        choices = [("", "（无）"), *others.values_list("code", "name")]
        self.fields["parent_code"] = forms.ChoiceField(
            label="上级组织", required=False, choices=choices
        )
        if existing is not None:
            del self.fields["code"]
            self.existing_code = existing.code

    def as_form(self) -> OrganisationForm:
        said = self.cleaned_data
        return OrganisationForm(
            code=said.get("code") or self.existing_code,
            name=said["name"],
            kind=OrganisationKind(said["kind"]),
            level=Level(said["level"]),
            division_code=said["division_code"],
            legal_basis=said["legal_basis"],
            parent_code=said["parent_code"],
            is_managing_office=said["is_managing_office"],
            is_support_unit=said["is_support_unit"],
        )


class AddPerson(PlainForm):
    username = forms.SlugField(label="账号名", max_length=60, help_text="小写字母、数字和连字符。")
    display_name = forms.CharField(label="姓名", max_length=60)
    is_verified = forms.BooleanField(label="已实名核验", required=False)


class AbolishOrganisation(PlainForm):
    successor_code = forms.CharField(
        label="承接组织代码",
        max_length=40,
        required=False,
        help_text="留空的，由主管部门代为办理。",
    )
    reason = forms.CharField(label="撤销依据", max_length=300)


class AssignRole(PlainForm):
    person = forms.ChoiceField(label="人员")  # choices: see __init__
    role = forms.ChoiceField(
        label="岗位", choices=[(r.value, t) for r, t in ROLE_LABELS.items() if r is not Role.PUBLIC]
    )
    until = forms.DateField(label="任职截止", required=False, widget=DateInput())

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(organisation.people.values_list("username", "display_name"))
        self.fields["person"] = forms.ChoiceField(label="人员", choices=choices)


class RegisterClient(PlainForm):
    system_name = forms.CharField(label="系统名称", max_length=120)
    networks = forms.CharField(
        label="网络范围",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="每行一个网段，如 10.1.0.0/16；不填则不限地址。",
    )
