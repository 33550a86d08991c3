"""编码、码表、命名."""

import re
from collections.abc import Iterable

from tongqu.catalog.domain import identifiers
from tongqu.catalog.domain.compliance.rules import EntryDraft, Hit, Rule
from tongqu.catalog.vocabulary import RuleGroup, Severity
from tongqu.kernel.law import Assumption
from tongqu.policy.clauses import measures_2021 as law

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,62}")
_CODED = re.compile(r"(代码|编码|类别|类型|状态)$")
_UNFIT = re.compile(r"[<>{}\[\]|\\;\"'\t\r\n]")
NAME_LENGTH = Assumption("目录名称为 4 至 60 个字，不含特殊符号")


def _identifier(draft: EntryDraft) -> Iterable[Hit]:
    if not identifiers.is_valid(draft.code):
        yield Hit("code", "目录标识的结构或校验码不正确")


def _columns(draft: EntryDraft) -> Iterable[Hit]:
    for item in draft.items:
        if not _COLUMN.fullmatch(item.name_en):
            label = item.name_en or item.name_zh or f"第 {item.position} 项"
            yield Hit("items", "英文名称不是小写字母开头的字母、数字、下划线", label)


def _code_tables(draft: EntryDraft) -> Iterable[Hit]:
    for item in draft.items:
        if _CODED.search(item.name_zh) and not item.code_table and not item.is_key:
            yield Hit("items", "看来是代码项，但没有写明码表", item.name_en)


def _entry_name(draft: EntryDraft) -> Iterable[Hit]:
    name = draft.name.strip()
    if not name:
        return
    if not _CHINESE.search(name):
        yield Hit("name", "目录名称中没有中文")
    elif not 4 <= len(name) <= 60 or _UNFIT.search(name):
        yield Hit("name", "目录名称应为 4 至 60 个字，不含特殊符号")


def _item_names(draft: EntryDraft) -> Iterable[Hit]:
    for item in draft.items:
        if not _CHINESE.search(item.name_zh):
            label = item.name_en or f"第 {item.position} 项"
            yield Hit("items", "信息项缺少中文名称", label)


RULES = (
    Rule("CAT-R20", "目录标识须符合编码规则", RuleGroup.CODING, law.COMPILE,
         "请联系技术支持部门重新赋码", _identifier,
         looks_at="目录标识的结构与校验码",
         example="990000-MH-CA-000001-P"),
    Rule("CAT-R21", "信息项英文名称须能用作字段名", RuleGroup.CODING, law.COMPILE,
         "请改为小写字母开头的字母、数字、下划线，不超过 63 位", _columns,
         looks_at="每个信息项的英文名称",
         example="flight_no，而不是 Flight No"),
    Rule("CAT-R25", "代码项应写明码表", RuleGroup.CODE_TABLE, law.COMPILE,
         "请填写所用码表名称，或在名称中说明不是代码", _code_tables, Severity.WARN,
         looks_at="中文名称以代码、编码、类别、类型、状态结尾的信息项",
         example="“承运人代码”写明码表“IATA 承运人”"),
    Rule("CAT-R30", "目录名称须让人读得懂", RuleGroup.NAMING, NAME_LENGTH,
         "请用规范的中文名称，如“民航航班运行信息”", _entry_name,
         looks_at="目录名称的字数和字符",
         example="民航航班运行信息"),
    Rule("CAT-R31", "信息项须有中文名称", RuleGroup.NAMING, law.COMPILE,
         "请补填该信息项的中文名称", _item_names,
         looks_at="每个信息项的中文名称",
         example="航班号，而不是 flight"),
)  # fmt: skip
