"""Names made plain, features, candidates: which two items look like one datum."""

from dataclasses import replace

import pytest

from tongqu.onesource.domain.matching import (
    THRESHOLD,
    candidates,
    conflicts,
    joined,
    key_of,
    likeness,
)
from tongqu.onesource.domain.names import english, parted, plain, subject
from tongqu.onesource.vocabulary import ItemFacts, ValueProfile

USCC = ItemFacts(
    entry_code="A", entry_name="道路运输业户基本信息", provider_id=1, provider_name="甲处",
    system="甲系统", name_zh="统一社会信用代码", name_en="uscc", data_type="string", length=18,
)  # fmt: skip
OTHER = replace(
    USCC, entry_code="B", entry_name="企业登记信息", provider_id=2, provider_name="乙局",
    system="乙系统", name_zh="社会信用代码", name_en="credit_code",
)  # fmt: skip


def profile(values: range, shape: str = "9") -> ValueProfile:
    return ValueProfile(
        rows=100, null_share=0, distinct=len(values), max_length=8, shapes=(shape,),
        sketch=tuple(values)[:64],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("业户名称（全称）", "企业名称"), ("所属企业", "企业名称"), ("号牌号码", "车牌号"),
        ("许可证有效期至", "许可证有效期止"), ("法定代表人姓名", "负责人"), ("", ""),
    ],
)  # fmt: skip
def test_spellings_of_one_thing_become_one_word(name: str, made: str) -> None:
    assert plain(name) == made


def test_a_name_is_parted_into_what_narrows_it_and_its_head() -> None:
    assert parted("企业联系电话") == ("企业", "电话")
    assert parted("收费站名称") == ("收费站", "名称")


def test_an_entry_is_about_its_object() -> None:
    assert subject("服务区基本信息表") == "服务区"


def test_english_names_are_read_word_by_word() -> None:
    assert english("operatorTel") == english("corp_phone")


def test_two_names_of_the_credit_code_look_alike_and_the_reasons_are_told() -> None:
    found = likeness(
        replace(USCC, profile=profile(range(60), "A")),
        replace(OTHER, profile=profile(range(50), "A")),
    )

    assert found.score > 0.9
    assert any("名称" in reason for reason in found.reasons)
    assert any("取值" in reason for reason in found.reasons)


def test_different_elements_are_never_one_datum() -> None:
    found = likeness(replace(USCC, element="E-1"), replace(OTHER, element="E-2"))

    assert found.score == 0
    assert found.reasons == ("绑定不同的数据元",)


def test_a_generic_name_is_narrowed_by_the_object_of_its_entry() -> None:
    station = replace(USCC, name_zh="名称", name_en="name", entry_name="收费站信息")
    area = replace(OTHER, name_zh="名称", name_en="name", entry_name="服务区信息")

    apart = likeness(
        replace(station, profile=profile(range(60))), replace(area, profile=profile(range(80, 99)))
    )
    assert apart.score < THRESHOLD


def test_items_of_one_source_are_never_compared() -> None:
    same = replace(OTHER, provider_id=1, system="甲系统")

    assert list(candidates([USCC, same])) == []


def test_equal_values_bring_two_items_together_whatever_their_names() -> None:
    left = replace(USCC, name_zh="甲", name_en="x1", profile=profile(range(60)))
    right = replace(OTHER, name_zh="乙", name_en="x2", profile=profile(range(60)))

    assert len(list(candidates([left, right]))) == 1


def test_each_pair_is_told_once_and_the_likeliest_comes_first() -> None:
    third = replace(OTHER, entry_code="C", provider_id=3, name_zh="单位代码", name_en="org_no")

    found = conflicts([USCC, OTHER, third])

    assert len({frozenset({p.first.key, p.second.key}) for p in found}) == len(found)
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)


def test_what_four_sources_declare_is_asked_three_times_and_again_when_two_are_different() -> None:
    items = [USCC, *(replace(OTHER, entry_code=c, provider_id=n) for n, c in enumerate("BCD", 2))]
    found = conflicts(items)

    once = joined(found, set())
    again = joined(found, {key_of(once[0])})

    assert len(found) == 6
    assert len(once) == 3
    assert len(again) == 4  # the one called different, and three that join all four another way
