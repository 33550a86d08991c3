"""Forms of one source."""

from django import forms

from tongqu.policy.http.forms import PlainForm


class AuthorityForm(PlainForm):
    datum = forms.CharField(label="数据元编码或数据名称", max_length=120)
    name = forms.CharField(label="数据名称", max_length=120, required=False)
    system = forms.CharField(label="来源系统", max_length=120)
    department = forms.CharField(label="责任部门代码", max_length=120)
    standard = forms.CharField(label="执行标准", max_length=120)


class EndForm(PlainForm):
    reason = forms.CharField(label="终止理由", max_length=300)
