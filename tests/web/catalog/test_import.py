"""Bulk import through the page and through the API, with real files."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories_import import ITEM_TITLES, TITLES, entry_row, item_rows, province, workbook
from tongqu.catalog.models import Entry, EntryVersion, ImportRun, InformationItem
from tongqu.catalog.vocabulary import EntryState

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = "/manage/catalog/import/"
API = "/api/v1/catalog/imports"
BROKEN = {
    "目录!F11": "更新周期", "目录!L31": "安全分级", "目录!G51": "共享类型", "目录!C71": "提供部门",
    "目录!B91": "信息资源分类", "信息项!E220": "数据长度", "目录!A131": "名称",
}  # fmt: skip


def upload(content: bytes, name: str = "存量目录.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, XLSX)


def drafts() -> int:
    return EntryVersion.objects.filter(state=EntryState.DRAFT).count()


@pytest.mark.req("CAT-03")
def test_by_page_two_hundred_entries_with_seven_broken_make_193_drafts(world, at, browser_of):
    cataloguer = browser_of("cataloguer")

    looked = cataloguer.post(PAGE, {"file": upload(province())}, follow=True)
    address = looked.redirect_chain[-1][0]
    before = looked.content.decode()

    assert Entry.objects.count() == 0, "a look writes nothing"
    assert "确认导入 193 份草稿" in before
    done = cataloguer.post(address, follow=True).content.decode()

    assert drafts() == 193
    assert InformationItem.objects.count() == 386
    for cell, label in BROKEN.items():
        assert cell in done
        assert label in done
    again = cataloguer.post(address)
    assert again.status_code == 409
    assert drafts() == 193


@pytest.mark.req("CAT-03")
def test_by_api_the_seven_come_back_with_cells_and_can_be_corrected(world, at, browser_of):
    cataloguer = browser_of("cataloguer")

    answer = cataloguer.post(API, {"file": upload(province())})
    run = answer.json()

    assert answer.status_code == 200
    assert (run["total"], run["drafted"], run["failed"]) == (200, 193, 7)
    assert drafts() == 193
    found = {e["where"]: e["field"] for f in run["failures"] for e in f["errors"]}
    assert set(found) == set(BROKEN)
    assert all(e["message"] and e["remedy"] for f in run["failures"] for e in f["errors"])

    sheet = cataloguer.get(f"{API}/{run['id']}/failures")
    book = openpyxl.load_workbook(BytesIO(sheet.content))
    titles = [cell.value for cell in book["目录"][1]]
    assert book["目录"].max_row == 8
    assert book["信息项"].max_row == 13
    assert titles[-1] == "导入问题"
    cycle = book["目录"].cell(2, titles.index("更新周期") + 1)
    assert cycle.value == "每年度报一次"
    assert "不是更新周期" in cycle.comment.text
    assert "更新周期" in book["目录"].cell(2, len(titles)).value

    for row in range(2, 9):
        put(book["目录"], titles, row, 更新周期="每日", 安全分级=2, 共享类型="无条件共享")
        put(book["目录"], titles, row, 信息资源提供方="990000-MH", 信息资源分类="综合交通/民航")
        put(book["目录"], titles, row, 信息资源名称=f"示例改正后的目录{row}")
    items = [cell.value for cell in book["信息项"][1]]
    for row in range(2, 14):
        put(
            book["信息项"], items, row, 所属目录=f"示例改正后的目录{2 + (row - 2) // 2}", 数据长度=9
        )
    target = BytesIO()
    book.save(target)
    better = cataloguer.post(API, {"file": upload(target.getvalue(), "改正.xlsx")}).json()

    assert (better["drafted"], better["failed"]) == (7, 0), better["failures"]
    assert drafts() == 200
    assert InformationItem.objects.count() == 398


def put(sheet, titles: list[str], row: int, **values) -> None:
    for title, value in values.items():
        sheet.cell(row, titles.index(title) + 1).value = value


@pytest.mark.req("CAT-03")
def test_the_same_file_a_second_time_makes_no_second_entries(world, at, browser_of):
    cataloguer = browser_of("cataloguer")
    first = cataloguer.post(API, {"file": upload(province(30, broken=False))}).json()

    second = cataloguer.post(API, {"file": upload(province(30, broken=False))}).json()

    assert (first["drafted"], second["drafted"], second["existing"]) == (30, 0, 30)
    assert [e["code"] for e in second["entries"]] == [e["code"] for e in first["entries"]]
    assert {e["outcome"] for e in second["entries"]} == {"existing"}
    assert drafts() == 30


@pytest.mark.req("CAT-03")
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_csv_and_json_are_taken_in_the_same_way(world, at, browser_of, encoding):
    cataloguer = browser_of("cataloguer")
    text = "目录名称,共享属性,分级,信息项名称,英文名称\n"
    text += "示例甲信息,无条件,2,号牌,plate\n,,,颜色,colour\n"
    text += "示例乙信息,乱写,2,号牌,plate\n"

    csv = cataloguer.post(API, {"file": upload(text.encode(encoding), "目录.csv")}).json()
    exported = cataloguer.get("/api/v1/catalog/export?form=json")
    documents = b'[{"name": "\xe7\xa4\xba\xe4\xbe\x8b\xe4\xb8\x99", "level": 2, "colour": 1},' \
        b'{"name": "\xe7\xa4\xba\xe4\xbe\x8b\xe4\xb8\x81", "level": 2}]'  # fmt: skip
    json = cataloguer.post(API, {"file": upload(documents, "目录.json")}).json()

    assert (csv["form"], csv["drafted"], csv["failed"]) == ("csv", 1, 1)
    assert csv["failures"][0]["errors"][0]["where"] == "目录!B4"
    assert (json["form"], json["drafted"], json["failed"]) == ("json", 1, 1)
    assert json["failures"][0]["errors"][0]["where"] == "colour"
    assert exported.json() == {"entries": []}, "drafts are nobody's export"


def test_a_dry_run_by_api_is_confirmed_later(world, at, browser_of):
    cataloguer = browser_of("cataloguer")

    looked = cataloguer.post(f"{API}?dry_run=true", {"file": upload(province(5, broken=False))})
    run = looked.json()
    assert (run["state"], run["drafted"], drafts()) == ("preview", 5, 0)
    done = cataloguer.post(f"{API}/{run['id']}/confirm").json()

    assert (done["state"], done["drafted"], drafts()) == ("done", 5, 5)
    assert not ImportRun.objects.get().content, "the file is not kept once it is imported"
    assert cataloguer.post(f"{API}/{run['id']}/confirm").json()["code"] == "IMPORT_DONE"
    assert [r["id"] for r in cataloguer.get(API).json()] == [run["id"]]


def test_an_import_is_seen_by_its_department_and_by_those_who_look_after_all(world, at, browser_of):
    run = browser_of("cataloguer").post(API, {"file": upload(province(3, broken=False))}).json()

    assert browser_of("cataloguer").get(f"{PAGE}{run['id']}/").status_code == 200
    assert browser_of("support").get(f"{API}/{run['id']}").status_code in {200, 403}
    for stranger in ("consumer", "firm", "auditor"):
        assert browser_of(stranger).get(f"{API}/{run['id']}").status_code in {403, 404}


@pytest.mark.parametrize(
    "case",
    [
        (b"", "空.xlsx", "EMPTY_FILE"),
        (b"%PDF-1.7", "扫描件.pdf", "FORMAT_UNKNOWN"),
        (b"PK\x03\x04", "坏.xlsx", "NOT_WHAT_IT_SAYS"),
        (b"{", "坏.json", "NOT_WHAT_IT_SAYS"),
        (b"@prefix", "坏.ttl", "NOT_WHAT_IT_SAYS"),
        (workbook({"台账": [["甲"], ["乙"]]}), "台账.xlsx", "NO_CATALOGUE_SHEET"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_beside_the_field(world, at, browser_of, case):
    content, name, code = case
    cataloguer = browser_of("cataloguer")

    by_api = cataloguer.post(API, {"file": upload(content, name)})
    by_page = cataloguer.post(PAGE, {"file": upload(content, name)})

    assert (by_api.status_code, by_api.json()["code"]) == (422, code)
    assert by_page.status_code == 422
    assert "id_file" in by_page.content.decode()
    assert not ImportRun.objects.exists()


def test_the_template_is_read_back_as_it_was_given(world, at, browser_of):
    cataloguer = browser_of("cataloguer")
    template = cataloguer.get(f"{PAGE}template.xlsx").content

    run = cataloguer.post(API, {"file": upload(template)}).json()

    assert (run["drafted"], run["failed"], run["notes"]) == (1, 0, [])


def test_texts_that_look_like_formulas_are_written_as_texts(world, at, browser_of):
    cataloguer = browser_of("cataloguer")
    evil = '=HYPERLINK("http://example.invalid","点我")'
    rows = [entry_row(1, 信息资源摘要="x"), entry_row(2, 更新周期="+cmd|calc")]
    content = workbook({"目录": [TITLES, *rows], "信息项": [ITEM_TITLES, *item_rows(1)]})
    content = with_text(content, "D2", evil)
    content = with_text(content, "D3", "@SUM(A1)")

    run = cataloguer.post(API, {"file": upload(content)}).json()
    sheet = cataloguer.get(f"{API}/{run['id']}/failures").content
    cells = [c for row in openpyxl.load_workbook(BytesIO(sheet))["目录"].rows for c in row]

    assert (run["drafted"], run["failed"]) == (1, 1)
    assert EntryVersion.objects.get().summary == evil
    assert {c.data_type for c in cells} <= {"s", "n"}
    assert "@SUM(A1)" in {c.value for c in cells}
    assert "+cmd|calc" in {c.value for c in cells}


def with_text(content: bytes, place: str, text: str) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content))
    cell = book["目录"][place]
    cell.value, cell.data_type = text, "s"
    target = BytesIO()
    book.save(target)
    return target.getvalue()
