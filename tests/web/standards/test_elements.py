"""Data elements through page and API: their rules, a value tried, bad checks."""

import pytest

from tests.factories_standards import COLOUR, USCC, code_table, element
from tongqu.kernel.actor import PLATFORM
from tongqu.standards import public as standards
from tongqu.standards.models import DataElement

pytestmark = pytest.mark.django_db
API = "/api/v1/standards/elements"
PAGE = "/manage/standards/elements/"


def put(browser, *documents, **more):
    body = {"documents": list(documents), **more}
    return browser.put(API, body, content_type="application/json")


def test_the_plate_colour_yields_rules_that_nobody_wrote_and_seven_is_no_colour(
    world, at, browser_of
) -> None:
    element()
    browser = browser_of("consumer")

    detail = browser.get(f"{API}/DE-PCOL").json()
    assert [one["code"] for one in detail["checks"]] == ["DE-PCOL.codes"]
    assert "'91'" in detail["checks"][0]["sql"]
    tried = browser.post(f"{API}/DE-PCOL/try", {"value": "7"}, content_type="application/json")
    assert [one["is_right"] for one in tried.json()] == [False]
    text = browser.post(f"{PAGE}DE-PCOL/", {"value": "7"}).content.decode()
    assert "不符合" in text
    assert "车牌颜色应为代码集 CT-PCOL 中的代码（DE-PCOL.codes）" in text
    assert "通过全部" in browser.post(f"{PAGE}DE-PCOL/", {"value": "91"}).content.decode()


def test_an_element_judges_type_length_and_check_digit(world, at, browser_of) -> None:
    born = USCC | {"code": "DE-DATE", "name_zh": "日期", "name_en": "day", "data_type": "date",
                   "length": None, "checks": [
                       {"code": "R-DATE", "title": "日期不晚于今天", "kind": "not_future"},
                       {"code": "R-1900", "title": "日期在 1900 年之后", "kind": "range",
                        "min": "1900-01-01"}]}  # fmt: skip
    standards.save_elements([USCC, born], by=PLATFORM)
    browser = browser_of("consumer")

    def wrong(code, value):
        sent = browser.post(f"{API}/{code}/try", {"value": value}, content_type="application/json")
        return [one["code"] for one in sent.json() if not one["is_right"]]

    assert wrong("DE-USCC", "91350100M000100Y43") == []
    assert wrong("DE-USCC", "91350100M000100Y44") == ["R-USCC"]
    assert wrong("DE-USCC", "91350100M000100Y430") == ["DE-USCC.length", "R-USCC"]
    assert wrong("DE-DATE", "2026-02-30") == ["DE-DATE.type"]
    assert wrong("DE-DATE", "2026-09-25") == ["R-DATE"]
    assert wrong("DE-DATE", "1899-12-31") == ["R-1900"]
    assert wrong("DE-USCC", "'; DROP TABLE x; --") == ["DE-USCC.length", "R-USCC"]


def check(**document):
    return [{"code": "R-X", "title": "示例", "kind": "pattern", **document}]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"code_table": "CT-NONE"}, "没有代码集 CT-NONE"),
        ({"checks": check(pattern="(a)\\1")}, "反向引用"),
        ({"checks": check(pattern="(?=a)b")}, "环视"),
        ({"checks": check(pattern="a(")}, "不是正确的正则表达式"),
        ({"checks": check(pattern="(a{1000}){1000}")}, "过大"),
        ({"checks": check(pattern="a{2000}")}, "重复次数超过 1000"),
        ({"checks": check(pattern="((a{100}){10}){2}")}, "检测引擎不能执行"),
        ({"checks": check(pattern="a", colour=1)}, "不认识的键 colour"),
        ({"checks": check(kind="regex", pattern="a")}, "kind 不认识 regex"),
        ({"checks": check(pattern="a", columns=["b"])}, "不写列名"),
        ({"checks": check(kind="expression", sql="a = 1")}, "请写在目录的校验中"),
        ({"checks": check(kind="range", min=1)}, "值域校验不适用于字符型"),
        ({"checks": check(kind="not_future")}, "不晚于当前校验不适用于字符型"),
        ({"data_type": "number"}, "data_type 不认识 number"),
        ({"nam": "x"}, "不认识的键 nam"),
    ],
)
def test_what_is_wrong_with_an_element_is_named(world, at, browser_of, change, says) -> None:
    code_table()

    answer = put(browser_of("support"), USCC | {"code": "DE-A"}, COLOUR | change)

    assert answer.status_code == 422, answer.json()
    assert says in answer.json()["title"]
    assert "DE-PCOL" in answer.json()["title"] or "R-X" in answer.json()["title"]
    assert not DataElement.objects.exists()  # all or none


def test_an_element_is_kept_through_its_page_and_two_editors_are_told(
    world, at, browser_of
) -> None:
    element()
    support = browser_of("support")
    url = f"{PAGE}DE-PCOL/edit/"
    form = support.get(url).context["form"].initial
    sent = {key: value for key, value in form.items() if value not in (None, False)}
    toml = '[[checks]]\ncode = "R-P"\ntitle = "示例"\nkind = "pattern"\npattern = "[0-9]+"\n'

    assert support.post(url, sent | {"checks": toml}).status_code == 302
    late = support.post(url, sent | {"definition": "别的"})
    assert late.status_code == 422
    assert "本次修改未保存" in late.content.decode()
    assert [c.code for c in standards.element("DE-PCOL").checks] == ["DE-PCOL.codes", "R-P"]
    bad = support.post(url, sent | {"checks": "[[checks"})
    assert "不是正确的 TOML" in bad.content.decode()
    assert browser_of("consumer").get(url).status_code == 403


def test_an_element_whose_checks_were_kept_comes_back_the_same(world, at, browser_of) -> None:
    code_table()
    documents = [USCC, COLOUR]
    first = standards.save_elements(documents, by=PLATFORM)

    edition = DataElement.objects.get(code="DE-USCC").edition
    assert standards.save_elements(documents, by=PLATFORM) == first
    assert DataElement.objects.get(code="DE-USCC").edition == edition


def test_the_list_of_elements_is_searched(world, at, client) -> None:
    element()

    assert "车牌颜色" in client.get(f"{PAGE}?q=颜色").content.decode()
    assert "DE-PCOL" not in client.get(f"{PAGE}?q=无此").content.decode()
    assert client.get(f"{PAGE}NONE/").status_code == 404
