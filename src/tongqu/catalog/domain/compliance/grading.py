"""分级: an entry is as sensitive as its most sensitive item."""

from collections.abc import Iterable

from tongqu.catalog.domain.compliance.rules import EntryDraft, Hit, Rule
from tongqu.catalog.vocabulary import RuleGroup, Severity
from tongqu.kernel.law import Assumption
from tongqu.policy.clauses import measures_2021 as law

OPENABLE_LEVEL = Assumption("2 级以下（不含 2 级）的信息项才可标为可开放")
MASKED_LEVEL = Assumption("3 级以上共享的信息项应设脱敏方式")


def _covers_items(draft: EntryDraft) -> Iterable[Hit]:
    highest = max((item.level for item in draft.items), default=0)
    if draft.level is not None and highest > draft.level:
        yield Hit("level", f"目录为 {draft.level} 级，低于信息项的最高级 {highest} 级")


def _masks(draft: EntryDraft) -> Iterable[Hit]:
    for item in draft.items:
        if item.level >= 3 and item.is_shareable and item.mask == "none":
            yield Hit("items", f"{item.level} 级信息项共享而没有脱敏方式", item.name_en)


def _openable(draft: EntryDraft) -> Iterable[Hit]:
    for item in draft.items:
        if item.is_openable and item.level > 1:
            yield Hit("items", f"{item.level} 级信息项标为可开放", item.name_en)


_G = RuleGroup.GRADING
RULES = (
    Rule("CAT-R70", "目录分级不得低于信息项", _G, law.SECURITY_DUTY,
         "请提高目录分级，或核对信息项分级", _covers_items,
         looks_at="目录分级与信息项的最高分级",
         example="有 3 级信息项的目录至少 3 级"),
    Rule("CAT-R71", "高级别信息项应脱敏", _G, MASKED_LEVEL,
         "请选择脱敏方式，或设为不共享", _masks, Severity.WARN,
         looks_at="3 级以上又共享的信息项的脱敏方式",
         example="身份证号：遮盖"),
    Rule("CAT-R72", "可开放的信息项须为 1 级", _G, OPENABLE_LEVEL,
         "请取消可开放，或核对分级", _openable,
         looks_at="标为可开放的信息项的分级",
         example="2 级信息项不标可开放"),
)  # fmt: skip
