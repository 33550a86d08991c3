"""责任与依据: who answers for the data, and by which rule, standard and tool (GEN-15)."""

from collections.abc import Iterable

from tongqu.catalog.domain.compliance.rules import EntryDraft, Hit, Rule
from tongqu.catalog.vocabulary import RuleGroup, Severity
from tongqu.kernel.law import Assumption
from tongqu.policy.clauses import measures_2021 as law

FOUR_FIELDS = Assumption(
    "每项数据写明责任人、依据、标准、工具：有人负责、有法可依、有章可循、有器可用"
)
PROJECT = Assumption("预编目录在项目立项阶段编制，写明项目编号")


def _accountable(draft: EntryDraft) -> Iterable[Hit]:
    if not draft.accountable.strip():
        yield Hit("accountable", "没有写明责任人（岗位）")


def _three_others(draft: EntryDraft) -> Iterable[Hit]:
    rows = (("legal_basis", "依据"), ("standards", "标准"), ("tools", "工具"))
    for name, label in rows:
        if not getattr(draft, name):
            yield Hit(name, f"没有写明{label}")


def _project(draft: EntryDraft) -> Iterable[Hit]:
    if not draft.project.strip():
        yield Hit("project", "预编目录没有写明立项项目")
    elif draft.project_fault:
        yield Hit("project", draft.project_fault)


_G = RuleGroup.RESPONSIBILITY
RULES = (
    Rule("GEN-15", "数据须有责任人", _G, FOUR_FIELDS,
         "请填写对这项数据负责的岗位，如“某处·编目岗”", _accountable,
         looks_at="责任人一栏", example="责任人：示例·编目岗"),
    Rule("GEN-15W", "应写明依据、标准、工具", _G, FOUR_FIELDS,
         "请填写数据所依的职责或法规、所用的标准和工具；没有的请在摘要中说明", _three_others,
         Severity.WARN, looks_at="依据、标准、工具三栏",
         example="依据：三定规定；标准：JT/T 697.7；工具：示例采集系统"),
    Rule("CAT-R14", "预编目录须写明立项项目", _G, law.PRE_CATALOGUE,
         "请填写处于立项阶段的项目编号", _project, pre_only=True,
         looks_at="目录类别为预编时的立项项目一栏；项目库中须处于立项阶段",
         example="立项项目：XM-2026-001"),
)  # fmt: skip
