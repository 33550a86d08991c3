# ruff: noqa: E501  (a table of faults reads better in lines than in columns)
from dataclasses import replace

import pytest

from tests.factories_catalog import ITEMS
from tongqu.catalog.domain import compliance
from tongqu.catalog.domain.compliance.rules import EntryDraft
from tongqu.catalog.vocabulary import (
    DataType,
    EntryKind,
    NationalGrade,
    RuleGroup,
    SourceOfDatum,
)

WHOLE = EntryDraft(
    code="990000-MH-CA-000001-P", kind=EntryKind.FORMAL, category="综合交通/民航",
    name="示例航班运行信息", provider="990000-MH", formats=("table",), items=ITEMS,
    update_cycle="daily", sharing_type="unconditional", scope="all", manners=("query",),
    source_system="示例航班运行系统", level=2, accountable="示例·编目岗",
    legal_basis=("示例职责",), standards=("示例标准 1",), tools=("示例系统",),
    observed={item.name_en: item.data_type for item in ITEMS},
)  # fmt: skip

# what is wrong, the rule that says so, the field it names
FAULTS = {
    "identifier": (replace(WHOLE, code="990000-MH-CA-000001-X"), "CAT-R20", "code"),
    "column name": (replace(WHOLE, items=(replace(ITEMS[0], name_en="Flight No"),)), "CAT-R21", "items"),
    "code table": (replace(WHOLE, items=(replace(ITEMS[1], name_zh="承运人代码", code_table=""),)), "CAT-R25", "items"),
    "name": (replace(WHOLE, name="flights"), "CAT-R30", "name"),
    "item name": (replace(WHOLE, items=(replace(ITEMS[0], name_zh="flight"),)), "CAT-R31", "items"),
    "no basis": (replace(WHOLE, sharing_type="withheld", scope="nobody"), "CAT-R40", "withheld_basis"),
    "unknown basis": (replace(WHOLE, sharing_type="withheld", scope="nobody", withheld_basis=("某法",)), "CAT-R41", "withheld_basis"),
    "basic class": (replace(WHOLE, sharing_type="conditional", conditions="仅限执法", basic_class="permits"), "CAT-R42", "sharing_type"),
    "scope": (replace(WHOLE, scope="listed", scope_codes=("A",)), "CAT-R43", "scope"),
    "listed": (replace(WHOLE, sharing_type="conditional", conditions="仅限执法", scope="listed"), "CAT-R44", "scope"),
    "no limit": (replace(WHOLE, sharing_type="conditional", conditions="仅限执法"), "CAT-R45", "sharing_type"),
    "nothing shared": (replace(WHOLE, items=(replace(ITEMS[0], is_shareable=False),)), "CAT-R46", "items"),
    "absent column": (replace(WHOLE, observed={"other": DataType.STRING}), "CAT-R50", "items"),
    "other type": (replace(WHOLE, observed=WHOLE.observed | {"flight": DataType.STRING}), "CAT-R51", "items"),
    "undeclared": (replace(WHOLE, observed=WHOLE.observed | {"more": DataType.STRING}), "CAT-R52", "items"),
    "never scanned": (replace(WHOLE, observed={}), "CAT-R53", "source_system"),
    "same name": (replace(WHOLE, same_name_here=("X",)), "CAT-R60", "name"),
    "name elsewhere": (replace(WHOLE, same_name_elsewhere=("X",)), "CAT-R61", "name"),
    "twins": (replace(WHOLE, items=(*ITEMS, ITEMS[0])), "CAT-R62", "items"),
    "level": (replace(WHOLE, level=1), "CAT-R70", "level"),
    "no mask": (replace(WHOLE, level=3, items=(replace(ITEMS[0], level=3),)), "CAT-R71", "items"),
    "nobody answers": (replace(WHOLE, accountable=" "), "GEN-15", "accountable"),
    "no standard": (replace(WHOLE, standards=()), "GEN-15W", "standards"),
    "other source": (replace(WHOLE, items=(replace(ITEMS[0], element="E-1"),), sources={"E-1": SourceOfDatum("990000-YJ", "示例厅", "示例系统")}), "STD-09", "items"),
    "no rules": (replace(WHOLE, has_rule_pack=False), "QLT-01W", "level"),
    "no rules, important": (replace(WHOLE, has_rule_pack=False, national_grade=NationalGrade.IMPORTANT), "QLT-01", "level"),
    "openable": (replace(WHOLE, items=(replace(ITEMS[4], is_openable=True),)), "CAT-R72", "items"),
}  # fmt: skip


def test_a_whole_draft_has_no_findings():
    assert compliance.check(WHOLE) == ()


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_each_fault_is_found_by_its_rule_with_field_remedy_and_clause(fault: str):
    draft, rule, field = FAULTS[fault]

    found = [f for f in compliance.check(draft) if f.rule == rule]

    assert found
    assert {f.field for f in found} == {field}
    assert all(f.remedy and f.clause and f.message for f in found)


def test_every_rule_is_shown_to_fire_and_has_a_code_of_its_own():
    codes = [rule.code for rule in compliance.RULES]
    shown = {rule for _, rule, _ in FAULTS.values()}

    assert len(set(codes)) == len(codes)
    pre = {rule.code for rule in compliance.RULES if rule.pre_only}
    assert {code for code in codes if code >= "CAT-R20"} - pre == shown
    assert {rule.group for rule in compliance.RULES} == set(RuleGroup)


def test_a_pre_catalogue_is_not_compared_with_data():
    pre = replace(
        WHOLE, kind=EntryKind.PRE, observed={"other": DataType.STRING}, project="XM-示例-1"
    )

    assert compliance.check(pre) == ()


def test_a_pre_catalogue_names_a_project_that_is_still_being_approved():
    nameless = compliance.check(replace(WHOLE, kind=EntryKind.PRE))
    built = compliance.check(
        replace(WHOLE, kind=EntryKind.PRE, project="XM-示例-1", project_fault="项目不在立项阶段")
    )

    assert [f.rule for f in nameless] == ["CAT-R14"]
    assert [f.message for f in built] == ["项目不在立项阶段"]


def test_an_approved_exception_lets_a_basic_class_be_conditional():
    draft, rule, _ = FAULTS["basic class"]

    found = compliance.check(replace(draft, has_exception=True))

    assert rule not in {f.rule for f in found}
