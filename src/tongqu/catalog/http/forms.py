"""Forms of the workbench: an entry, its items, a change."""

from collections.abc import Iterable
from typing import Any

from django import forms

from tongqu.catalog.models import EntryVersion
from tongqu.catalog.vocabulary import (
    AdminLevel,
    BasicClass,
    BusinessDomain,
    ChangeReason,
    DataFormat,
    DataType,
    Domain,
    EntryKind,
    ItemView,
    Manner,
    Scope,
    SharingType,
    Strategy,
    TransportMode,
    UpdateCycle,
)
from tongqu.kernel.words import Word
from tongqu.policy.public import legal_bases

MASKS = (
    ("none", "不脱敏"), ("cover", "遮盖"), ("replace", "替换"), ("generalise", "泛化"),
    ("hash", "散列"), ("noise", "加噪"), ("fpe", "保格式加密"), ("truncate", "截断"),
    ("nullify", "置空"),
)  # fmt: skip
LEVELS = [(n, f"{n} 级") for n in range(1, 5)]


def _choices(words: Iterable[Word], *, blank: bool = False) -> list[tuple[str, str]]:
    found = [(word.value, word.label) for word in words]
    return [("", "请选择"), *found] if blank else found


def _text(label: str, size: int, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=size, required=False, help_text=help_text)


def _long(label: str, help_text: str = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, max_length=4000, required=False, widget=area, help_text=help_text
    )


# The steps of the edit page, and what each of them asks for.
STEPS: tuple[tuple[str, str], ...] = (
    ("basic", "基本信息"), ("items", "信息项"), ("sharing", "共享与安全"), ("submit", "核对提交"),
)  # fmt: skip
STEP_FIELDS: dict[str, frozenset[str]] = {
    "basic": frozenset(
        {"domain", "kind", "name", "category", "summary", "formats", "update_cycle",
         "source_system", "admin_level", "mode", "business", "strategies", "accountable",
         "legal_basis", "standards", "tools", "project"}
    ),
    "sharing": frozenset(
        {"sharing_type", "conditions", "materials", "scope", "scope_codes", "manners",
         "withheld_basis", "withheld_note", "basic_class", "level"}
    ),
    "items": frozenset(),
}  # fmt: skip
_LINES = ("materials", "scope_codes", "legal_basis", "standards", "tools")
_MANY = ("formats", "manners", "withheld_basis", "strategies")


class EntryForm(forms.Form):
    """Metadata of a draft. Nearly everything may be blank: the check asks for the rest.

    ``step`` keeps the fields of one step of the edit page; without it the form is whole.
    """

    name = forms.CharField(label="名称", max_length=200)
    category = _text("分类", 200, "按“领域/主题/资源”逐级填写，如：综合交通/民航/航班运行")
    formats = forms.MultipleChoiceField(
        label="格式", choices=_choices(DataFormat), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    update_cycle = forms.ChoiceField(
        label="更新周期", choices=_choices(UpdateCycle, blank=True), required=False
    )
    sharing_type = forms.ChoiceField(
        label="共享类型", choices=_choices(SharingType), widget=forms.RadioSelect,
        initial=SharingType.UNCONDITIONAL.value,
        help_text="以共享为原则：不予共享须引用法律法规或政策条款。",
    )  # fmt: skip
    conditions = _long("共享条件", "有条件共享须写明；需要的证明材料也写在这里")
    materials = _long("需要的证明材料", "每行一种；审核时只能要求这里列出的材料")
    scope = forms.ChoiceField(label="共享范围", choices=_choices(Scope, blank=True), required=False)
    scope_codes = _long("指定部门", "每行一个组织代码；共享范围为指定部门时填写")
    manners = forms.MultipleChoiceField(
        label="共享方式", choices=_choices(Manner), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    withheld_basis = forms.MultipleChoiceField(
        label="不予共享的依据", required=False,
        choices=lambda: [(c.code, f"{c}：{c.gist}") for c in _bases()],
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="可多选。只有文字说明不算依据。",
    )  # fmt: skip
    withheld_note = _text("不予共享的说明", 500)
    basic_class = forms.ChoiceField(
        label="基础数据类别", choices=[("", "不属于七类"), *_choices(BasicClass)], required=False,
        help_text="七类基础数据须无条件共享。",
    )  # fmt: skip
    source_system = _text("来源系统", 120)
    level = forms.TypedChoiceField(
        label="安全分级", choices=[("", "请选择"), *LEVELS], coerce=int, empty_value=None,
        required=False,
    )  # fmt: skip
    summary = _long("摘要")
    admin_level = forms.ChoiceField(
        label="层级", choices=_choices(AdminLevel, blank=True), required=False
    )
    mode = forms.ChoiceField(
        label="运输方式", choices=_choices(TransportMode, blank=True), required=False
    )
    business = forms.ChoiceField(
        label="业务领域", choices=_choices(BusinessDomain, blank=True), required=False
    )
    accountable = _text("责任人", 120, "对这项数据负责的岗位，如“民航处·编目岗”；不写个人姓名")
    legal_basis = _long("依据", "每行一条：职责规定、法规或政策文件")
    standards = _long("标准", "每行一个标准号，如 JT/T 697.7")
    tools = _long("工具", "每行一种：采集、治理、校核所用的系统或工具")
    strategies = forms.MultipleChoiceField(
        label="服务的战略和规划", choices=_choices(Strategy), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    project = _text("立项项目", 60, "预编目录须填写项目编号")
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, step: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = STEP_FIELDS.get(step)
        if kept is not None:
            for name in [n for n in self.fields if n != "edition" and n not in kept]:
                del self.fields[name]

    def columns(self) -> dict[str, Any]:
        """Return what the action takes: lists from lines, values from choices."""
        found = dict(self.cleaned_data)
        found.pop("edition", None)
        for name in found.keys() & set(_LINES):
            found[name] = tuple(line.strip() for line in found[name].splitlines() if line.strip())
        for name in found.keys() & set(_MANY):
            found[name] = tuple(found[name])
        return found

    @staticmethod
    def initial_of(version: EntryVersion) -> dict[str, Any]:
        found = {name: getattr(version, name) for name in EntryForm.base_fields}
        return found | {name: "\n".join(getattr(version, name)) for name in _LINES}


def _bases() -> list[Any]:
    """Return one clause an article: a basis names an article, not a sentence."""
    return list({clause.code: clause for clause in reversed(legal_bases())}.values())[::-1]


class NewEntryForm(EntryForm):
    domain = forms.ChoiceField(
        label="领域", choices=_choices(Domain), help_text="写入目录标识，此后不变。"
    )
    kind = forms.ChoiceField(
        label="目录类别",
        choices=_choices(EntryKind),
        help_text="立项阶段没有数据的选预编目录。",
    )
    field_order = ["domain", "kind", "name"]


class ItemForm(forms.Form):
    name_zh = _text("中文名称", 120)
    name_en = _text("英文名称", 120)
    data_type = forms.ChoiceField(label="类型", choices=_choices(DataType), initial="string")
    length = forms.IntegerField(label="长度", min_value=1, max_value=2_000_000_000, required=False)
    code_table = _text("码表", 120)
    nullable = forms.BooleanField(label="可空", required=False, initial=True)
    is_key = forms.BooleanField(label="主键", required=False)
    level = forms.TypedChoiceField(label="分级", choices=LEVELS, coerce=int, initial=1)
    is_shareable = forms.BooleanField(label="共享", required=False, initial=True)
    is_openable = forms.BooleanField(label="可开放", required=False)
    source_column = _text("来源字段", 120)
    mask = forms.ChoiceField(label="脱敏", choices=MASKS, initial="none")
    element = _text("数据元", 60)


class _SentRows(forms.BaseFormSet):  # type: ignore[type-arg]  # generic in the stubs only
    """Rows as they were sent: a number alone, however large, makes no row to check and show."""

    def total_form_count(self) -> int:
        claimed: int = super().total_form_count()
        if not self.is_bound:
            return claimed
        start = f"{self.prefix}-"
        sent = (name[len(start) :] for name in self.data if name.startswith(start))
        places = {place for name in sent if (place := name.partition("-")[0]).isdecimal()}
        rows = {int(place) + 1 for place in places if len(place) < 6}
        # Rows taken out on the page leave gaps; a few sent rows do not leave thousands.
        return min(claimed, max(rows, default=0), 2 * len(rows) + 100)


ItemFormSet = forms.formset_factory(
    ItemForm, formset=_SentRows, extra=3, can_delete=True, max_num=2000
)
# A page in the middle of a long list: nothing is added there.
ItemPageSet = forms.formset_factory(
    ItemForm, formset=_SentRows, extra=0, can_delete=True, max_num=2000
)


class IdentifierForm(forms.Form):
    entry = forms.CharField(label="目录标识", max_length=60)
    scheme = forms.CharField(
        label="标识体系", max_length=40,
        help_text="如 gov-class（类项目细目/顺序号），或自定的体系名称",
    )  # fmt: skip
    value = forms.CharField(label="标识", max_length=200)
    assigned_by = forms.CharField(label="赋码单位", max_length=120)
    valid_from = forms.DateField(
        label="启用日期", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    valid_to = forms.DateField(
        label="停用日期", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class NodeForm(forms.Form):
    code = forms.RegexField(
        r"^[0-9]{6}$", label="行政区划", error_messages={"invalid": "行政区划代码为六位数字"}
    )
    name = forms.CharField(label="节点名称", max_length=120)
    url = forms.URLField(label="地址", required=False, assume_scheme="https")


class StopForm(forms.Form):
    reason = forms.CharField(
        label="停用原因", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    effective_on = forms.DateField(label="停用日期", widget=forms.DateInput(attrs={"type": "date"}))


def items_of(formset: Any) -> tuple[ItemView, ...]:
    """Return the rows that say something and are not struck out, in their order."""
    rows = [
        dict(form.cleaned_data)
        for form in formset
        if form.cleaned_data and (form.cleaned_data["name_zh"] or form.cleaned_data["name_en"])
    ]
    kept = [row for row in rows if not row.pop("DELETE", False)]
    return tuple(ItemView(position=n, **row) for n, row in enumerate(kept, start=1))


def initial_items(items: Iterable[ItemView]) -> list[dict[str, Any]]:
    names = [name for name in ItemView.__slots__ if name != "position"]
    return [{name: getattr(item, name) for name in names} for item in items]


class ChangeForm(forms.Form):
    reason = forms.ChoiceField(label="变更原因", choices=_choices(ChangeReason))
    explanation = forms.CharField(
        label="变更内容和理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
    effective_on = forms.DateField(
        label="生效日期", widget=forms.DateInput(attrs={"type": "date"}),
        help_text="数据正被使用的，须至少提前三个月登记。",
    )  # fmt: skip
