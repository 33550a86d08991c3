"""一数一源: an item whose one source is elsewhere says so, or is not the source's rival."""

from collections.abc import Iterable

from tongqu.catalog.domain.compliance.rules import EntryDraft, Hit, Rule
from tongqu.catalog.vocabulary import RuleGroup, Severity
from tongqu.policy.clauses.mot_2025 import INVENTORY


def _other_source(draft: EntryDraft) -> Iterable[Hit]:
    for item in draft.items:
        source = draft.sources.get(item.element)
        if source is None or (source.provider, source.system) == (
            draft.provider, draft.source_system.strip(),
        ):  # fmt: skip
            continue
        told = f"{source.provider_name}“{source.system}”"
        yield Hit("items", f"“{item.name_zh}”的权威来源是{told}", item.name_en)


RULES = (
    Rule("STD-09", "数据应来自唯一的权威来源", RuleGroup.DUPLICATE, INVENTORY,
         "请改由权威来源共享取得该项；确为转存的，请在摘要中写明来源", _other_source,
         Severity.WARN, looks_at="绑定数据元的信息项，与登记的权威来源相比",
         example="企业名称取自市场主体登记系统时，不再作为本部门的来源项"),
)  # fmt: skip
