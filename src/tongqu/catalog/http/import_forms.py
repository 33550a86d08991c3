"""Forms of the bulk import: a file, or a live database."""

from django import forms

from tongqu.catalog.actions.import_file import MOST_BYTES


class FileForm(forms.Form):
    file = forms.FileField(
        label="目录文件",
        max_length=200,
        allow_empty_file=True,  # the import itself says what is wrong with an empty one
        help_text="xlsx、csv（UTF-8 或 GBK）、JSON、DCAT-AP（jsonld、ttl）或 ODCS（yaml），"
        f"不超过 {MOST_BYTES >> 20} MB",
    )


class ScanForm(forms.Form):
    # "secret": a form kept for an expired session leaves it out.
    secret_address = forms.CharField(
        label="数据库地址",
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False),
        help_text="如 postgresql://用户:口令@主机:端口/库名；地址和口令只用于本次扫描，不保存",
    )
    schema = forms.CharField(
        label="模式", max_length=60, required=False, help_text="留空扫描默认模式"
    )
    source_system = forms.CharField(label="来源系统", max_length=120)
