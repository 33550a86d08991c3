"""Code tables and cross-walks through page and API: versions, days, files, bad input."""

import io
from datetime import date

import openpyxl
import pyarrow as pa
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories_catalog import published_entry
from tests.factories_standards import PCOL, TOLL, WALK, code_table, colours
from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.kernel.actor import PLATFORM
from tongqu.kernel.problems import Rejected
from tongqu.lake.public import store, svc_ref
from tongqu.standards import public as standards
from tongqu.standards.models import CodeTableVersion

pytestmark = pytest.mark.django_db
API = "/api/v1/standards"
PAGE = "/manage/standards/code-tables/"
FORM = {"name": "CT-X", "title": "示例代码集", "version": "1", "valid_from": "2026-01-01"}


def put(browser, path, document, **more):
    body = {"document": document, **more}
    return browser.put(f"{API}/{path}", body, content_type="application/json")


@pytest.mark.req("STD-11")
def test_a_toll_record_and_a_licence_record_meet_through_the_cross_walk_and_not_without(
    world, at, browser_of, lake
) -> None:
    support = browser_of("support")
    assert put(support, "code-tables", PCOL).status_code == 200
    assert put(support, "code-tables", TOLL).status_code == 200
    assert put(support, "crosswalks", WALK).json()["count"] == 6
    for name, rows in (
        ("svc_licences", {"plate": ["赣A12345"], "colour": ["2"]}),
        ("svc_passages", {"plate": ["赣A12345", "赣A12345"], "toll_colour": [1, 6]}),
    ):
        store().ensure(svc_ref(name), pa.table(rows).schema, {})
        store().overwrite(svc_ref(name), pa.table(rows))
    items = (ItemView(1, "车牌号", "plate", DataType.STRING, 10),
             ItemView(2, "车牌颜色", "toll_colour", DataType.INTEGER))  # fmt: skip
    entry = published_entry(world, items=items, table="svc_passages")
    rule = {"code": "known", "title": "通行车辆应在运政登记", "kind": "related",
            "table": "svc_licences", "on": {"plate": "plate", "toll_colour": "colour"},
            "sql": "n > 0"}  # fmt: skip
    walked = rule | {"crosswalk": {"toll_colour": ["CT-PCOL-TOLL", "CT-PCOL"]}}
    backwards = rule | {"crosswalk": {"toll_colour": ["CT-PCOL-TOLL", "CT-NONE"]}}

    def strangers(one):
        address = f"/api/v1/quality/entries/{entry.code}"
        kept = support.put(f"{address}/rules", {"rules": [one]}, content_type="application/json")
        assert kept.status_code == 200, kept.content.decode()
        answer = support.post(f"{address}/scan").json()
        found = next(r for r in answer["results"] if r["code"] == "known")
        return found["error"] or (found["checked"], found["wrong"])

    assert strangers(walked) == (2, 1)  # yellow meets yellow; 6, 蓝白渐变, is no licence's
    assert strangers(rule) == (2, 2)
    assert "CT-NONE" in strangers(backwards)
    page = support.get("/manage/standards/crosswalks/CT-PCOL-TOLL/CT-PCOL/").content.decode()
    assert "黄" in page
    assert support.get(f"{API}/crosswalks/CT-PCOL/CT-PCOL-TOLL").json()["pairs"][1] == ["2", "1"]


@pytest.mark.req("STD-11")
def test_a_code_table_with_a_cycle_is_refused_naming_the_cycle(world, at, browser_of) -> None:
    codes = [{"code": c, "label": c, "parent": p} for c, p in
             (("A", "B"), ("B", "C"), ("C", "A"), ("D", ""))]  # fmt: skip

    answer = put(browser_of("support"), "code-tables", PCOL | {"codes": codes})

    assert answer.status_code == 422
    assert "上下级成环：A → B → C → A" in answer.json()["title"]
    assert not CodeTableVersion.objects.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"codes": [{"code": "1", "label": "a"}, {"code": "1", "label": "b"}]}, "代码 1 重复"),
        ({"codes": [{"code": "1", "label": "a", "valid_to": "2020-01-02"},
                    {"code": "1", "label": "b", "valid_from": "2020-01-01"}]}, "代码 1 的有效期重"),
        ({"codes": [{"code": "1", "label": "a", "colour": "x"}]}, "第 1 个代码：不认识的键 colour"),
        ({"codes": [{"code": "１", "label": "a"}]}, "含全角字符或空格，请写成 1"),
        ({"codes": [{"code": 10, "label": "a"}]}, "code 请加引号"),
        ({"codes": [{"code": "1", "label": "a", "parent": "9"}]}, "上级 9 不在代码集中"),
        ({"codes": [{"code": "1", "label": "a", "valid_from": "2020-02-30"}]}, "valid_from 应为"),
        ({"codes": [{"code": "1", "label": "a", "parent": "1"}]}, "上下级成环：1 → 1"),
        ({"codes": []}, "没有任何代码"),
        ({"valid_to": "2018-01-01"}, "失效日期不晚于生效日期"),
        ({"extra": 1}, "不认识的键 extra"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_named(world, at, browser_of, change, says) -> None:
    answer = put(browser_of("support"), "code-tables", PCOL | change)

    assert answer.status_code == 422
    assert says in answer.json()["title"]


def test_a_newer_version_ends_the_older_and_days_tell_them_apart(world, at, browser_of) -> None:
    code_table()
    codes = [*PCOL["codes"][1:], {"code": "0", "label": "未上牌"}, {"code": "7", "label": "临时"}]
    codes[0] = {"code": "2", "label": "黄色"}
    code_table(version="2026", valid_from="2026-07-01", codes=codes)
    browser = browser_of("consumer")

    old = browser.get(f"{API}/code-tables/CT-PCOL/valid?on=2026-06-30").json()
    new = browser.get(f"{API}/code-tables/CT-PCOL/valid").json()
    assert (old["version"], old["valid_to"], new["version"]) == ("2019", "2026-07-01", "2026")
    assert "7" in {one["code"] for one in new["codes"]}
    assert browser.get(f"{API}/code-tables/CT-PCOL/valid?on=2018-12-31").status_code == 404
    change = browser.get(f"{API}/code-tables/CT-PCOL/difference?old=2019&new=2026").json()
    assert {one["code"] for one in change["added"]} == {"0", "7"}
    assert [one["code"] for one in change["removed"]] == ["1"]
    assert change["changed"][0]["new"]["label"] == "黄色"
    text = browser.get(f"{PAGE}CT-PCOL/?with=2019").content.decode()
    assert "增加：0 未上牌" in text
    assert "2026-06-30 有效的代码" in browser.get(f"{PAGE}CT-PCOL/?on=2026-06-30").content.decode()
    assert browser.get(f"{PAGE}CT-PCOL/?on=yesterday").status_code == 422


def test_codes_have_their_own_days(world, at) -> None:
    codes = [{"code": "360122", "label": "新建县", "valid_to": "2015-08-01"},
             {"code": "360112", "label": "新建区", "valid_from": "2015-08-01"}]  # fmt: skip
    code_table(name="CT-DIV", valid_from="1980-01-01", codes=codes)

    assert [c.code for c in standards.codes_on("CT-DIV", date(2015, 7, 31))] == ["360122"]
    assert [c.code for c in standards.codes_on("CT-DIV", date(2015, 8, 1))] == ["360112"]


def test_versions_do_not_overlap(world, at) -> None:
    code_table(valid_to="2026-06-01")

    with pytest.raises(Rejected) as refused:
        code_table(version="2026", valid_from="2026-05-01")
    assert "有效期与版本 2019 重叠" in refused.value.problem.title
    with pytest.raises(Rejected) as refused:
        code_table(version="2018", valid_from="2018-01-01", valid_to="2019-02-01")
    assert "有效期与版本 2019 重叠" in refused.value.problem.title
    with pytest.raises(Rejected, match="BAD_DOCUMENT"):
        code_table(version="x")  # the same first day
    assert CodeTableVersion.objects.count() == 1


def test_an_older_version_added_later_ends_where_the_newer_begins(world, at) -> None:
    code_table()
    code_table(version="2010", valid_from="2010-01-01")

    assert CodeTableVersion.objects.get(version="2010").valid_to == date(2019, 1, 1)
    assert standards.code_table("CT-PCOL").version == "2019"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_a_csv_from_a_department_is_read_in_its_own_encoding(
    world, at, browser_of, encoding
) -> None:
    text = "代码,名称,上级代码\r\n１,蓝色车牌,\r\n010,旅客运输,1\r\n011, 班车,０１０\r\n"
    file = SimpleUploadedFile("示例.csv", text.encode(encoding))

    answer = browser_of("support").post(f"{PAGE}new/", FORM | {"file": file}, follow=True)

    table = standards.code_table("CT-X")
    assert [(c.code, c.label, c.parent) for c in table.codes] == [
        ("1", "蓝色车牌", ""), ("010", "旅客运输", "1"), ("011", "班车", "010"),
    ]  # fmt: skip
    assert "代码 １ 已改为半角 1" in answer.content.decode()


def test_a_code_that_a_spreadsheet_made_a_number_is_told(world, at, browser_of) -> None:
    book = openpyxl.Workbook()
    for row in (["代码", "名称", "生效日期"], [10, "旅客运输", date(2026, 1, 1)]):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    file = SimpleUploadedFile("示例.xlsx", target.getvalue())

    answer = browser_of("support").post(f"{PAGE}new/", FORM | {"file": file}, follow=True)

    assert standards.code_table("CT-X").codes[0].code == "10"
    assert "请核对前导零" in answer.content.decode()


def test_a_table_goes_out_and_comes_back_the_same(world, at, browser_of) -> None:
    support = browser_of("support")
    table = code_table(codes=[
        {"code": "010", "label": "=HYPERLINK(1)"},
        {"code": "011", "label": "班车, “定线”", "parent": "010", "valid_from": "2020-01-01",
         "valid_to": "2030-01-01"},
    ])  # fmt: skip
    for form in ("xlsx", "csv"):
        content = support.get(f"{PAGE}CT-PCOL/file/?form={form}").content
        CodeTableVersion.objects.filter(name="CT-X").delete()
        file = SimpleUploadedFile(f"a.{form}", content)
        sent = support.post(f"{PAGE}new/", FORM | {"file": file})
        assert sent.status_code == 302, sent.content.decode()
        assert standards.code_table("CT-X").codes == table.codes
    document = support.get(f"{PAGE}CT-PCOL/file/?form=json").json()
    assert put(support, "code-tables", document | {"name": "CT-Y"}).status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        ("代码,名称,颜色\n1,蓝,x\n".encode(), "a.csv", "不认识的列“颜色”"),
        ("名称\n蓝\n".encode(), "a.csv", "表头缺少 代码"),
        (b"", "a.csv", "文件是空的"),
        (b"PK\x03\x04broken", "a.xlsx", "损坏"),
        ("代码,名称\n1,\n".encode(), "a.csv", "缺少 label"),
        ("代码,名称,上级代码\nA,甲,B\nB,乙,A\n".encode(), "a.csv", "上下级成环：A → B → A"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(world, browser_of, content, name, says) -> None:
    file = SimpleUploadedFile(name, content)

    answer = browser_of("support").post(f"{PAGE}new/", FORM | {"file": file})

    assert answer.status_code in (302, 422)
    assert says in answer.content.decode() or (content == b"" and answer.status_code == 422)
    assert not CodeTableVersion.objects.exists()


def test_two_editors_of_one_table_do_not_overwrite_each_other(world, at, browser_of) -> None:
    code_table()
    support = browser_of("support")
    form = support.get(f"{PAGE}CT-PCOL/edit/").context["form"].initial
    sent = {key: value for key, value in form.items() if value is not False}

    first = support.post(f"{PAGE}CT-PCOL/edit/", sent | {"lines": form["lines"] + "\n7,临时"})
    second = support.post(f"{PAGE}CT-PCOL/edit/", sent | {"lines": "1,别的"})

    assert first.status_code == 302, first.content.decode()
    assert second.status_code == 422
    assert "本次修改未保存" in second.content.decode()
    assert len(standards.code_table("CT-PCOL").codes) == 11


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"target": "CT-NONE"}, "没有代码集 CT-NONE"),
        ({"pairs": [{"from": "77", "to": "1"}]}, "代码集 CT-PCOL-TOLL 没有代码 77"),
        ({"pairs": [{"from": "0", "to": "1"}, {"from": "0", "to": "2"}]}, "代码 0 有两个对应代码"),
        ({"target": "CT-PCOL-TOLL"}, "来源与目标是同一代码集"),
        ({"pairs": []}, "没有任何对照"),
    ],
)
def test_a_cross_walk_that_leads_nowhere_is_refused(world, at, browser_of, change, says) -> None:
    colours()

    answer = put(browser_of("support"), "crosswalks", WALK | change)

    assert answer.status_code == 422
    assert says in answer.json()["title"]


def test_a_cross_walk_is_not_turned_round_when_that_is_ambiguous(world, at) -> None:
    colours()
    pairs = [*WALK["pairs"], {"from": "6", "to": "94"}]
    standards.save_crosswalk(WALK | {"pairs": pairs}, by=PLATFORM)

    with pytest.raises(Rejected) as refused:
        standards.crosswalk_sql("CT-PCOL", "CT-PCOL-TOLL", "x")

    assert "代码 94 有多个对应代码" in refused.value.problem.title
    with pytest.raises(Rejected, match="NO_SUCH_CROSSWALK"):
        standards.crosswalk("CT-PCOL", "CT-FUEL")


def test_a_cross_walk_is_kept_through_its_page(world, at, browser_of) -> None:
    colours()
    support = browser_of("support")
    url = "/manage/standards/crosswalks/CT-PCOL-TOLL/CT-PCOL/"
    form = support.get(url).context["form"].initial
    sent = {key: value for key, value in form.items() if value is not False}

    kept = support.post(url, sent | {"lines": "0,1\n1，2，黄"})

    assert kept.status_code == 302
    assert standards.crosswalk("CT-PCOL-TOLL", "CT-PCOL") == (("0", "1"), ("1", "2"))
    assert browser_of("consumer").post(url, sent).status_code == 403
