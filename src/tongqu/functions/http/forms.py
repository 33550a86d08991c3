"""Forms of the registers."""

from typing import Any

from django import forms

from tongqu.functions.models import Function, System
from tongqu.functions.vocabulary import BasisKind, FunctionKind, MaterialKind, SystemClass
from tongqu.kernel.words import Word


def choices(words: type[Word], *, blank: str = "") -> list[tuple[str, str]]:
    found = [(word.value, word.label) for word in words]
    return [("", blank), *found] if blank else found


def _text(label: str, size: int, help_text: str = "", *, needed: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=size, required=needed, help_text=help_text)


def _long(label: str, help_text: str = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, max_length=4000, required=False, widget=area, help_text=help_text
    )


class FunctionForm(forms.Form):
    kind = forms.ChoiceField(label="类别", choices=choices(FunctionKind))
    name = _text("名称", 200, needed=True)
    parent = forms.ChoiceField(label="上级职能", required=False, help_text="工作项必须有上级职能。")
    is_core = forms.BooleanField(label="核心业务", required=False)
    basis_kind = forms.ChoiceField(
        label="依据类别", choices=choices(BasisKind, blank="请选择"), required=False,
        help_text="职能必填；工作项随上级职能，可不填。",
    )  # fmt: skip
    basis = _text("依据", 500, "写明文件名称和条款，如三定规定第几条。")
    accountable = _text("责任岗位", 120, "写岗位，不写姓名。")
    summary = _long("说明")
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, parents: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (it is declared above)
        field.choices = [("", "（顶层）"), *parents]

    def given(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found.pop("edition", None)
        return found

    @staticmethod
    def initial_of(row: Function) -> dict[str, Any]:
        names = ("kind", "name", "is_core", "basis_kind", "basis", "accountable", "summary")
        found = {name: getattr(row, name) for name in (*names, "edition")}
        return found | {"parent": row.parent.code if row.parent else ""}


class SystemForm(forms.Form):
    name = _text("系统全称", 120, "与目录中“来源系统”一致，目录即自动对应到本系统。", needed=True)
    system_class = forms.ChoiceField(
        label="系统类别", choices=choices(SystemClass, blank="请选择"),
        help_text="前三类系统须经共享平台共享数据。",
    )  # fmt: skip
    is_secret = forms.BooleanField(
        label="这是涉密系统", required=False, help_text="涉密系统不得录入本平台。"
    )
    accountable = _text("责任岗位", 120, "写岗位，不写姓名。")
    modules = _long("功能模块", "每行一个：编号、空格、名称，如：M1 许可受理。")
    summary = _long("说明")
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def given(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found.pop("edition", None)
        lines = [line.strip() for line in found["modules"].splitlines() if line.strip()]
        pairs = [line.partition(" ") for line in lines]
        found["modules"] = [(code, name.strip()) for code, _, name in pairs]
        return found

    @staticmethod
    def initial_of(row: System) -> dict[str, Any]:
        names = ("name", "system_class", "accountable", "summary", "edition")
        modules = "\n".join(f"{module.code} {module.name}" for module in row.modules.all())
        return {name: getattr(row, name) for name in names} | {"modules": modules}


class ChartForm(forms.Form):
    title = _text("名称", 200, needed=True)
    function = forms.ChoiceField(label="所属职能或工作项", required=False)
    file = forms.FileField(
        label="BPMN 2.0 文件", required=False,
        help_text="可不选，先建空图；选了即按文件建图，不认识的元素保留。",
    )  # fmt: skip

    def __init__(self, *args: Any, functions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["function"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (it is declared above)
        field.choices = [("", "（不指定）"), *functions]


class MaterialForm(forms.Form):
    title = _text("名称", 200, needed=True)
    kind = forms.ChoiceField(label="形式", choices=choices(MaterialKind))
    entry = _text("目录标识", 60, "转化后归入的目录条目，可不填。")
    location = _text("存放位置", 300)
    pages = forms.IntegerField(label="页数", min_value=1, max_value=1_000_000, initial=1)
