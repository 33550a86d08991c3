"""An entry's page tells which checks every row of its data meets."""

import pytest
from django.test import Client

from tests.factories_catalog import published_entry
from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.standards import public as standards

pytestmark = pytest.mark.django_db
USCC = {
    "code": "E-USCC", "name_zh": "统一社会信用代码", "name_en": "uscc", "data_type": "string",
    "length": 18,
    "checks": [{"code": "R-USCC", "title": "信用代码的校验位应正确", "kind": "check_digit",
                "algorithm": "uscc", "remedy": "请核对"}],
}  # fmt: skip


def test_checks_of_elements_and_of_the_entry_are_listed(world, at) -> None:
    standards.save_elements([USCC], by=world.actor("managing"))
    items = (
        ItemView(1, "企业代码", "uscc", DataType.STRING, 18, nullable=False, element="E-USCC"),
        ItemView(2, "数量", "n", DataType.INTEGER),
    )
    own = {"code": "X-1", "title": "示例：数量不小于零", "kind": "range", "columns": ["n"],
           "min": 0, "effect": "warn", "remedy": "请核对"}  # fmt: skip
    entry = published_entry(world, items=items, checks=[own])

    page = Client().get(f"/catalog/{entry.code}/").content.decode()

    assert "逐行校核规则" in page
    assert "信用代码的校验位应正确" in page
    assert "示例：数量不小于零" in page
    assert "拒收" in page
    assert "提示" in page


def test_an_entry_without_checks_has_no_such_block(world, at) -> None:
    page = Client().get(f"/catalog/{published_entry(world).code}/").content.decode()

    assert "逐行校核规则" not in page
