"""质量规则: an entry comes with the rules by which its data are measured (QLT-01)."""

from collections.abc import Iterable

from tongqu.catalog.domain.compliance.rules import EntryDraft, Hit, Rule
from tongqu.catalog.vocabulary import NationalGrade, RuleGroup, Severity
from tongqu.policy.clauses.gd_2024 import QUALITY_STANDARDS

_MUST = frozenset({NationalGrade.IMPORTANT, NationalGrade.CORE})


def _must_have_pack(draft: EntryDraft) -> Iterable[Hit]:
    if not draft.has_rule_pack and draft.national_grade in _MUST:
        yield Hit("level", f"{draft.national_grade.label}数据没有绑定质量规则包")


def _should_have_pack(draft: EntryDraft) -> Iterable[Hit]:
    if not draft.has_rule_pack and draft.national_grade not in _MUST:
        yield Hit("level", "没有绑定质量规则包，发布后只按信息项的声明检测")


_G = RuleGroup.AS_OBSERVED
_REMEDY = "请在本部门的数据质量标准中写明规则，并绑定到该目录"
RULES = (
    Rule("QLT-01", "重要数据须有质量规则包", _G, QUALITY_STANDARDS, _REMEDY, _must_have_pack,
         formal_only=True, looks_at="数据分级为重要、核心的目录是否绑定了质量规则包",
         example="先发布部门质量标准并绑定该目录，再发布目录"),
    Rule("QLT-01W", "应有质量规则包", _G, QUALITY_STANDARDS, _REMEDY, _should_have_pack,
         Severity.WARN, formal_only=True, looks_at="目录是否绑定了质量规则包",
         example="部门质量标准中列明该目录适用的规则"),
)  # fmt: skip
