"""与实际库表一致、重复."""

from collections import Counter
from collections.abc import Iterable

from tongqu.catalog.domain.compliance.rules import EntryDraft, Hit, Rule
from tongqu.catalog.vocabulary import DataType, ItemView, RuleGroup, Severity
from tongqu.policy.clauses import measures_2021 as law

D = DataType
# A declared type may be wider than what the table really holds, never narrower.
HOLDS: dict[DataType, frozenset[DataType]] = {
    D.STRING: frozenset(D),
    D.TEXT: frozenset(D),
    D.DECIMAL: frozenset({D.DECIMAL, D.INTEGER}),
    D.INTEGER: frozenset({D.INTEGER}),
    D.DATETIME: frozenset({D.DATETIME, D.DATE}),
    D.DATE: frozenset({D.DATE}),
    D.TIME: frozenset({D.TIME}),
    D.BOOLEAN: frozenset({D.BOOLEAN}),
}


def _column(item: ItemView) -> str:
    return item.source_column or item.name_en


def _exists(draft: EntryDraft) -> Iterable[Hit]:
    for item in draft.items if draft.observed else ():
        if _column(item) not in draft.observed:
            yield Hit("items", "实际库表中没有这个字段", item.name_en)


def _fits(draft: EntryDraft) -> Iterable[Hit]:
    for item in draft.items:
        seen = draft.observed.get(_column(item))
        if seen is not None and seen not in HOLDS[item.data_type]:
            yield Hit("items", f"目录写为{item.data_type.label}，实际为{seen.label}", item.name_en)


def _declared(draft: EntryDraft) -> Iterable[Hit]:
    known = {_column(item) for item in draft.items}
    for name in sorted(set(draft.observed) - known) if draft.items else ():
        yield Hit("items", "实际库表有这个字段，目录没有", name)


def _scanned(draft: EntryDraft) -> Iterable[Hit]:
    if not draft.observed:
        yield Hit("source_system", "还没有扫描过实际库表，无法核对")


def _twins(draft: EntryDraft) -> Iterable[Hit]:
    for attribute, label in (("name_en", "英文名称"), ("name_zh", "中文名称")):
        counts = Counter(getattr(item, attribute).strip().lower() for item in draft.items)
        for name, count in counts.items():
            if name and count > 1:
                yield Hit("items", f"{label}重复 {count} 次", name)


def _same_name_here(draft: EntryDraft) -> Iterable[Hit]:
    for code in draft.same_name_here:
        yield Hit("name", f"本部门已有同名目录 {code}")


def _same_name_elsewhere(draft: EntryDraft) -> Iterable[Hit]:
    for code in draft.same_name_elsewhere:
        yield Hit("name", f"其他部门已有同名目录 {code}，请核对是否一数一源")


RULES = (
    Rule("CAT-R50", "信息项须在实际库表中存在", RuleGroup.AS_OBSERVED, law.MISMATCH,
         "请删去该信息项，或改正来源字段后重新扫描", _exists, formal_only=True,
         looks_at="信息项的来源字段与最近一次扫描到的字段",
         example="来源字段 flight 在库表中存在"),
    Rule("CAT-R51", "信息项类型须容得下实际数据", RuleGroup.AS_OBSERVED, law.MISMATCH,
         "请按实际类型改正信息项", _fits, formal_only=True,
         looks_at="信息项类型与最近一次扫描到的类型",
         example="实际为字符型的，目录不能写整数型"),
    Rule("CAT-R52", "实际字段应列入目录", RuleGroup.AS_OBSERVED, law.MISMATCH,
         "请补充信息项；不共享的字段可标为不共享", _declared, Severity.WARN, formal_only=True,
         looks_at="扫描到而目录没有的字段",
         example="不共享的字段也列入，标为不共享"),
    Rule("CAT-R53", "应先扫描实际库表", RuleGroup.AS_OBSERVED, law.MISMATCH,
         "请登记数据源并扫描", _scanned, Severity.WARN, formal_only=True,
         looks_at="是否扫描过实际库表",
         example="登记数据源后扫描一次"),
    Rule("CAT-R60", "本部门目录不得重名", RuleGroup.DUPLICATE, law.COMPILE,
         "请改名，或在原目录上登记变更", _same_name_here,
         looks_at="本部门其他现行和待审核目录的名称",
         example="同名的，在原目录上登记变更"),
    Rule("CAT-R61", "与其他部门重名应核对", RuleGroup.DUPLICATE, law.COMPILE,
         "请与对方核对来源，由一家提供", _same_name_elsewhere, Severity.WARN,
         looks_at="其他部门现行和待审核目录的名称",
         example="两家都有“客运站基本信息”的，由一家提供"),
    Rule("CAT-R62", "信息项不得重名", RuleGroup.DUPLICATE, law.COMPILE,
         "请合并或改名", _twins,
         looks_at="信息项的中文名称和英文名称",
         example="两个“名称”合并为一项"),
)  # fmt: skip
