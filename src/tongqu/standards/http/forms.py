"""Forms of standards, and what was typed as the documents that actions take."""

import tomllib
from typing import Any

from django import forms

from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.http.forms import DateInput, PlainForm
from tongqu.standards.vocabulary import (
    Answer,
    ElementType,
    RuleKind,
    RuleSubject,
    StandardCommand,
    StandardKind,
    StandardState,
    Topic,
    Vote,
)

OWN = [StandardKind.INDUSTRY, StandardKind.LOCAL, StandardKind.GROUP]
MOST_FILE = 5_000_000
MONO = {"rows": "12", "class": "mono"}  # text that a machine reads


def choices(words: Any) -> list[tuple[str, str]]:
    return [(word.value, word.label) for word in words]


class FilterForm(PlainForm):
    q = forms.CharField(label="编号或名称", max_length=100, required=False)
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), *choices(StandardKind)]
    )
    topic = forms.ChoiceField(label="专题", required=False, choices=[("", "全部"), *choices(Topic)])
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *choices(StandardState)]
    )


class ProposalForm(PlainForm):
    code = forms.CharField(label="编号", max_length=120, help_text="含版本，如“T/GZJT 1-2026”。")
    version = forms.CharField(label="版本", max_length=40, help_text="如“2026”。")
    title = forms.CharField(label="名称", max_length=200)
    kind = forms.ChoiceField(label="类别", choices=choices(OWN))
    topic = forms.ChoiceField(label="专题", choices=choices(Topic))
    summary = forms.CharField(label="摘要", max_length=5000, required=False,
                              widget=forms.Textarea())  # fmt: skip
    working_group = forms.CharField(
        label="工作组", required=False, max_length=2000, widget=forms.Textarea(),
        help_text="每行一个单位或岗位。",
    )  # fmt: skip
    replaces = forms.CharField(
        label="替代的标准", required=False, max_length=1000, widget=forms.Textarea(),
        help_text="每行一个编号；新版实施后旧版废止，引用旧版的数据元转入复核。",
    )  # fmt: skip

    def document(self) -> dict[str, object]:
        given = self.cleaned_data
        return {**given, "working_group": lines(given["working_group"]),
                "replaces": lines(given["replaces"])}  # fmt: skip


class DraftForm(PlainForm):
    summary = forms.CharField(label="摘要", max_length=5000, required=False,
                              widget=forms.Textarea())  # fmt: skip
    draft = forms.CharField(
        label="草案正文", max_length=100_000, required=False, widget=forms.Textarea({"rows": 12})
    )
    working_group = forms.CharField(
        label="工作组", required=False, max_length=2000, widget=forms.Textarea(),
        help_text="每行一个单位或岗位。",
    )  # fmt: skip
    edition = forms.IntegerField(widget=forms.HiddenInput(), min_value=0)


class RuleForm(PlainForm):
    code = forms.CharField(label="编号", max_length=120)
    version = forms.CharField(label="版本", max_length=40)
    title = forms.CharField(label="名称", max_length=200)
    topic = forms.ChoiceField(label="专题", choices=choices(Topic))
    organisation = forms.CharField(label="所属单位编码", max_length=60)
    rule_kind = forms.ChoiceField(label="制度类别", choices=choices(RuleKind))
    rule_subject = forms.ChoiceField(label="制度事项", choices=choices(RuleSubject))
    scope = forms.CharField(label="适用范围", max_length=300, required=False)
    processes = forms.CharField(
        label="关联流程", required=False, max_length=2000, widget=forms.Textarea(),
        help_text="每行一个：流程名称，空格，页面地址；没有地址可只写名称。",
    )  # fmt: skip
    effective_on = forms.DateField(label="实施日期", widget=DateInput())
    replaces = forms.CharField(
        label="替代的制度", required=False, max_length=1000, widget=forms.Textarea(),
        help_text="每行一个编号。",
    )  # fmt: skip

    def document(self) -> dict[str, object]:
        given = dict(self.cleaned_data)
        processes = [line.split(maxsplit=1) for line in lines(given["processes"])]
        return {
            **given,
            "kind": StandardKind.RULE.value,
            "replaces": lines(given["replaces"]),
            "processes": [{"name": parts[0], "url": parts[1] if parts[1:] else ""}
                          for parts in processes],
        }  # fmt: skip


class StepForm(PlainForm):
    command = forms.ChoiceField(label="办理", choices=choices(StandardCommand))
    note = forms.CharField(label="说明", max_length=300, required=False)
    effective_on = forms.DateField(
        label="实施日期", required=False, widget=DateInput(), help_text="发布时填写。"
    )
    edition = forms.IntegerField(widget=forms.HiddenInput(), min_value=0)


class CommentForm(PlainForm):
    place = forms.CharField(label="条款", max_length=120, required=False)
    text = forms.CharField(label="意见", max_length=1000, widget=forms.Textarea())


class AnswerForm(PlainForm):
    number = forms.IntegerField(widget=forms.HiddenInput())
    answer = forms.ChoiceField(label="处理", choices=choices(Answer))
    reason = forms.CharField(
        label="理由", max_length=500, required=False, help_text="部分采纳、不采纳须写。"
    )


class VoteForm(PlainForm):
    vote = forms.ChoiceField(label="表决", choices=choices(Vote), widget=forms.RadioSelect())
    note = forms.CharField(label="意见", max_length=300, required=False, help_text="反对须写理由。")


class ReviewForm(PlainForm):
    number = forms.IntegerField(widget=forms.HiddenInput())
    note = forms.CharField(label="复核结论", max_length=300)


class CodeTableForm(PlainForm):
    name = forms.CharField(label="代码集", max_length=60, help_text="如 CT-PCOL。")
    title = forms.CharField(label="名称", max_length=200)
    version = forms.CharField(label="版本", max_length=40)
    standard = forms.CharField(label="标准编号", max_length=120, required=False)
    valid_from = forms.DateField(
        label="生效日期", widget=DateInput(), help_text="新版本生效之日，上一版本自动失效。"
    )
    note = forms.CharField(label="说明", max_length=500, required=False)
    file = forms.FileField(
        label="文件", required=False,
        help_text="xlsx 或 csv（UTF-8、GBK）；列：代码、名称、上级代码、生效日期、失效日期。"
        "选择文件后以文件内容为准。",
    )  # fmt: skip
    lines = forms.CharField(
        label="代码", required=False, max_length=1_000_000, widget=forms.Textarea(MONO),
        help_text="每行一个：代码,名称,上级代码,生效日期,失效日期；后三项可省略。",
    )  # fmt: skip
    is_example = forms.BooleanField(label="示例", required=False)
    edition = forms.IntegerField(widget=forms.HiddenInput(), required=False, min_value=0)


class CrosswalkForm(PlainForm):
    source = forms.CharField(label="来源代码集", max_length=60)
    target = forms.CharField(label="目标代码集", max_length=60)
    title = forms.CharField(label="名称", max_length=200, required=False)
    lines = forms.CharField(
        label="对照", max_length=1_000_000, widget=forms.Textarea(MONO),
        help_text="每行一对：来源代码,目标代码,说明；说明可省略。",
    )  # fmt: skip
    is_example = forms.BooleanField(label="示例", required=False)
    edition = forms.IntegerField(widget=forms.HiddenInput(), required=False, min_value=0)

    def document(self) -> dict[str, object]:
        given = self.cleaned_data
        rows = [[part.strip() for part in line.replace("，", ",").split(",", 2)]
                for line in lines(given["lines"])]  # fmt: skip
        pairs = [dict(zip(("from", "to", "note"), row, strict=False)) for row in rows]
        names = ("source", "target", "title", "is_example")
        return {**{name: given[name] for name in names}, "pairs": pairs}


class ElementForm(PlainForm):
    code = forms.CharField(label="编码", max_length=60)
    name_zh = forms.CharField(label="中文名称", max_length=120)
    name_en = forms.CharField(label="英文名称", max_length=120)
    data_type = forms.ChoiceField(label="类型", choices=choices(ElementType))
    length = forms.IntegerField(label="长度", required=False, min_value=1, max_value=1_000_000)
    code_table = forms.CharField(label="代码集", max_length=60, required=False)
    standard = forms.CharField(label="标准编号", max_length=120, required=False)
    definition = forms.CharField(label="定义", max_length=500, required=False)
    checks = forms.CharField(
        label="校验", required=False, max_length=50_000, widget=forms.Textarea(MONO),
        help_text="TOML，每条以 [[checks]] 开头，须有 code、title、kind；类型、长度、代码集的校验"
        "自动生成，不必写。",
    )  # fmt: skip
    is_example = forms.BooleanField(label="示例", required=False)
    edition = forms.IntegerField(widget=forms.HiddenInput(), required=False, min_value=0)

    def document(self) -> dict[str, object]:
        given = dict(self.cleaned_data)
        given.pop("edition")
        text = given.pop("checks")
        try:
            read = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError):
            raise Rejected(_bad_toml("校验不是正确的 TOML。")) from None
        if set(read) - {"checks"}:
            raise Rejected(_bad_toml("校验应以 [[checks]] 开头。"))
        return {key: value for key, value in given.items() if value is not None} | read


def _bad_toml(says: str) -> Problem:
    return Problem("BAD_DOCUMENT", says, "请按示例改写。", fields={"checks": says})


class MessageForm(PlainForm):
    message = forms.CharField(
        label="单据（JSON）", max_length=200_000, widget=forms.Textarea(MONO | {"rows": "16"})
    )


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
