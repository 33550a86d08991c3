"""What the style guide shows: every component in every state, with example texts."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms

from tongqu.kernel import clock
from tongqu.kernel.problems import Problem
from tongqu.policy.clauses import measures_2021 as law
from tongqu.policy.public import calendar


@dataclass(frozen=True, slots=True)
class Station:
    title: str
    state: str = ""
    who: str = ""
    when: str = ""
    note: str = ""


class SampleForm(forms.Form):
    purpose = forms.CharField(
        label="使用用途", help_text="写明履职事项和使用系统。", widget=forms.Textarea
    )
    manner = forms.ChoiceField(
        label="共享方式", choices=[("query", "联机查询"), ("subscription", "数据订阅")]
    )
    scope = forms.ChoiceField(
        label="范围", choices=[("all", "全部"), ("part", "部分")], widget=forms.RadioSelect
    )
    promise = forms.BooleanField(label="承诺仅用于所填用途，不向第三方提供")


COLOURS = ("brand", "link", "mark", "ok", "info", "warn", "busy", "bad", "past", "ink", "ink-2",
           "ink-3", "bg", "surface", "surface-3", "line-2")  # fmt: skip
TONES = (
    ("quiet", "草稿"),
    ("info", "待初审"),
    ("busy", "整改中"),
    ("ok", "已授权"),
    ("warn", "临期"),
    ("bad", "不予共享"),
    ("past", "已归档"),
)
REFUSED = Problem(
    code="NOT_PUBLISHED",
    title="该目录条目尚未发布，不能作为共享依据。",
    next_step="请联系提供部门完成合规性检测并发布后再申请。",
    basis=law.CATALOGUE_IS_BASIS,
    who="提供部门",
)


def context() -> dict[str, object]:
    today, days = clock.today(), calendar()
    form = SampleForm({"manner": "query", "scope": "all", "promise": "on"})
    return {
        "colours": COLOURS,
        "tones": TONES,
        "dues": [days.after(today, n).on for n in (6, 2)] + [today, today - timedelta(days=9)],
        "received": today - timedelta(days=5),
        "limit": days.after(today, 4).on,
        "form": form,
        "problem": REFUSED,
        "stations": [
            Station("提交申请", "done", "示例单位", "09-14 10:22"),
            Station("初审", "done", "技术支持部门", "09-16 15:40"),
            Station("提供部门审核", "now", "示例·审核人", "09-24 截止"),
            Station("授权开通", "", "系统自动", "—"),
            Station("使用反馈", "", "示例单位", "—"),
        ],
        "stopped": [
            Station("提交", "done"),
            Station("初审", "done"),
            Station("不予共享", "stop", when="09-22 送达"),
        ],
        "numbers": [0, 9999, 183642, 6_180_000_000, -1234.5, None],
        "today": today,
    }
