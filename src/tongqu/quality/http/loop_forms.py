"""Forms of the loop: file a ticket, a check request, an objection, a line of the register."""

from typing import Any

from django import forms

from tongqu.catalog.public import entry as find_entry
from tongqu.policy.http.forms import PlainForm
from tongqu.quality.domain.cases import HardshipClass


def _long(label: str, *, most: int = 1000, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, widget=area, **more)


class OfEntry(PlainForm):
    """A form about one entry: its items are offered once the entry is known."""

    entry_code = forms.CharField(label="目录编码", max_length=60)

    def __init__(self, *args: Any, entry_code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = entry_code or str(self.data.get("entry_code", ""))
        found = find_entry(code) if code else None
        if found is not None and "item" in self.fields:
            items = [(item.name_en, item.name_zh) for item in found.items]
            required = self.fields["item"].required
            first = [] if required else [("", "不限于某一项")]
            self.fields["item"] = forms.ChoiceField(
                label="信息项", choices=first + items, required=required
            )
        if entry_code and not self.is_bound:
            self.initial.setdefault("entry_code", entry_code)


class TicketForm(OfEntry):
    item = forms.CharField(
        label="信息项", max_length=80, required=False, help_text="英文名；不限于某一项的留空。"
    )
    title = forms.CharField(label="发现的问题", max_length=200)
    text = _long("情况说明", required=False, help_text="可写明大致范围和发现经过，不填写个人信息。")


class CheckForm(OfEntry):
    item = forms.CharField(
        label="信息项", max_length=80, required=False, help_text="英文名；不限于某一项的留空。"
    )
    scenario = forms.CharField(label="应用场景", max_length=200)
    title = forms.CharField(label="发现的问题", max_length=200)
    sample = _long("样例说明", required=False, help_text="说明哪一类记录有问题，不填写个人信息。")


class ObjectionForm(OfEntry):
    item = forms.CharField(label="信息项", max_length=80, help_text="英文名，见目录的信息项。")
    record = _long("是哪一条记录", most=500, help_text="如证书编号。加密保存，只供核实。")
    claim = _long("哪里不对，应当是什么", most=500, help_text="加密保存，只供核实。")


class HardshipForm(PlainForm):
    title = forms.CharField(label="问题", max_length=200)
    text = _long("情况说明", required=False)
    entry_code = forms.CharField(
        label="相关目录编码", max_length=60, required=False, help_text="没有的留空。"
    )


class ClassForm(PlainForm):
    hardship = forms.ChoiceField(
        label="类别", choices=[(word.value, word.label) for word in HardshipClass]
    )
