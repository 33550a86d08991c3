"""必填: the twelve core metadata items of article 8, one rule each."""

from collections.abc import Callable, Iterable

from tongqu.catalog.domain.compliance.rules import EntryDraft, Hit, Rule
from tongqu.catalog.vocabulary import RuleGroup, SharingType
from tongqu.policy.clauses import measures_2021 as law

CORE_METADATA: tuple[tuple[str, str], ...] = (
    ("category", "分类"),
    ("name", "名称"),
    ("provider", "提供部门"),
    ("formats", "格式"),
    ("items", "信息项信息"),
    ("update_cycle", "更新周期"),
    ("sharing_type", "共享类型"),
    ("conditions", "共享条件"),
    ("scope", "共享范围"),
    ("manners", "共享方式"),
    ("source_system", "来源系统"),
    ("level", "安全分级"),
)


def _blank(name: str, label: str) -> Callable[[EntryDraft], Iterable[Hit]]:
    def check(draft: EntryDraft) -> Iterable[Hit]:
        value = getattr(draft, name)
        if not (value.strip() if isinstance(value, str) else value):
            yield Hit(name, f"核心元数据“{label}”为空")

    return check


def _conditions(draft: EntryDraft) -> Iterable[Hit]:
    if draft.sharing_type == SharingType.CONDITIONAL and not draft.conditions.strip():
        yield Hit("conditions", "有条件共享未写明共享条件")


_EXAMPLES = {
    "category": "综合交通/民航/航班运行",
    "name": "民航航班运行信息",
    "provider": "示例省交通运输厅民航处",
    "formats": "库表、接口",
    "items": "航班号、承运人、起飞机场",
    "update_cycle": "每日",
    "sharing_type": "无条件共享",
    "conditions": "仅限行政执法使用",
    "scope": "所有政府部门",
    "manners": "联机查询、数据订阅",
    "source_system": "航班运行系统",
    "level": "2 级",
}


def _rule(number: int, name: str, label: str) -> Rule:
    is_conditions = name == "conditions"
    return Rule(
        code=f"CAT-R{number:02}",
        title=f"{label}须填写",
        group=RuleGroup.REQUIRED,
        basis=law.STATE_CONDITIONS if is_conditions else law.CORE_METADATA,
        remedy=f"请补填“{label}”",
        check=_conditions if is_conditions else _blank(name, label),
        looks_at="共享类型为有条件共享时的共享条件一栏" if is_conditions else f"“{label}”一栏",
        example=_EXAMPLES[name],
    )


RULES = tuple(_rule(number, *row) for number, row in enumerate(CORE_METADATA, start=1))
