"""Sheets as departments hand them in, read through the real reader."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.db import connection

from tests.factories_import import (
    ITEM_TITLES,
    TITLES,
    entry_row,
    item_rows,
    province,
    workbook,
)
from tongqu.adapters.interchange.sheets_in import read
from tongqu.catalog.domain.interchange import layout
from tongqu.catalog.domain.interchange.documents import read as read_document
from tongqu.catalog.domain.interchange.layout import Refused

assert connection  # Django is set up


def documents(content: bytes, name: str = "目录.xlsx") -> layout.Layout:
    return layout.read(read(content, name=name))


def refused(content: bytes, name: str = "目录.xlsx") -> Refused:
    with pytest.raises(Refused) as found:
        documents(content, name)
    assert found.value.title
    assert found.value.next_step
    return found.value


def book(*entries, items=None, **options) -> bytes:
    rows = [r for n in range(1, len(entries) + 1) for r in item_rows(n)] if items is None else items
    return workbook({"目录": [TITLES, *entries], "信息项": [ITEM_TITLES, *rows]}, **options)


def test_two_sheets_become_documents_that_the_strict_reader_takes() -> None:
    found = documents(province(20, broken=False))

    assert found.notes == []
    assert len(found.documents) == 20
    first = read_document(found.documents[0].document)
    assert first.faults == []
    assert first.fields["update_cycle"] == "daily"
    assert first.fields["manners"] == ("query", "download")
    assert first.fields["domain"] == "CA"
    assert [(i.name_en, i.data_type, i.length, i.is_key) for i in first.items] == [
        ("flight", "string", 10, True), ("distance", "integer", 8, False),
    ]  # fmt: skip


def test_a_flat_sheet_repeats_the_entry_or_merges_it_downwards() -> None:
    titles = ["目录名称", "共享类型", "分级", "字段中文名", "字段英文名", "字段类型", "分级"]
    rows = [
        ["示例甲信息", "无条件", 2, "号牌", "plate", "varchar", 1],
        ["", "", "", "颜色", "colour", "字符", 1],
        ["示例乙信息", "有条件", "3级", "编号", "code", "C", 2],
        ["示例乙信息", "有条件", "3级", "名称", "title", "字符串", 1],
    ]
    merged = [(1, 0, 2, 0), (1, 1, 2, 1)]

    found = documents(workbook({"Sheet1": [titles, *rows]}, merged={"Sheet1": merged}))

    assert [d.document["name"] for d in found.documents] == ["示例甲信息", "示例乙信息"]
    assert [len(d.document["items"]) for d in found.documents] == [2, 2]
    assert [d.document["level"] for d in found.documents] == [2, 3]
    assert found.documents[1].document["items"][0]["level"] == 2
    assert found.documents[1].document["sharing_type"] == "conditional"
    assert found.notes == ["工作表“Sheet1”按表头识别为目录"]


def test_a_cell_that_spans_columns_is_a_fault_of_its_row() -> None:
    found = documents(book(entry_row(1), entry_row(2), merged={"目录": [(2, 5, 2, 6)]}))

    assert found.documents[0].faults == []
    assert [fault.where for fault in found.documents[1].faults] == ["目录!F3"]


def test_a_formula_without_a_calculated_value_is_named_and_one_with_it_is_read() -> None:
    import openpyxl

    target = BytesIO()
    sheets = openpyxl.load_workbook(BytesIO(book(entry_row(1), entry_row(2))))
    sheets["目录"]["L2"] = "=1+1"
    sheets.save(target)
    found = documents(target.getvalue())

    (fault,) = found.documents[0].faults
    assert (fault.where, fault.field) == ("目录!L2", "安全分级")
    assert "公式" in fault.message
    calculated = book(entry_row(1, 安全分级="=1+1"))  # xlsxwriter stores 0 as its value
    assert documents(calculated).documents[0].document["level"] == 0


def test_hidden_sheets_are_told_and_not_read() -> None:
    sheets = {"目录": [TITLES, entry_row(1)], "旧目录": [TITLES, entry_row(2)]}
    found = documents(workbook(sheets, hidden={"旧目录"}))

    assert len(found.documents) == 1
    assert "隐藏的工作表“旧目录”没有读取" in found.notes
    only = {"说明": [["示例"]], "目录": [TITLES, entry_row(1)]}
    assert refused(workbook(only, hidden={"目录"})).code == "NO_CATALOGUE_SHEET"


def test_dates_full_width_and_numbers_stored_as_text_are_understood() -> None:
    row = entry_row(1, 安全分级="２级", 信息资源摘要=date(2026, 9, 1), 更新周期="每日 ")
    items = [
        [
            "示例航班运行信息００１",
            "航班号",
            "ｆｌｉｇｈｔ",
            "ＶＡＲＣＨＡＲ",
            "１０",
            "Ｙ",
            "×",
            1.0,
        ]
    ]
    found = documents(book(row, items=items))

    (raw,) = found.documents
    assert raw.faults == []
    assert raw.document["level"] == 2
    assert raw.document["summary"] == "2026-09-01"
    assert raw.document["items"] == [
        {"name_zh": "航班号", "name_en": "flight", "data_type": "string", "length": 10,
         "nullable": True, "is_key": False, "level": 1}
    ]  # fmt: skip


def test_a_date_where_a_number_belongs_is_a_fault() -> None:
    found = documents(book(entry_row(1, 安全分级=date(2026, 9, 1))))

    assert [(f.where, f.field) for f in found.documents[0].faults] == [("目录!L2", "安全分级")]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_csv_in_the_encodings_of_office_programs(encoding: str) -> None:
    text = "目录名称,共享类型,信息项名称,英文名称\r\n"
    text += "示例甲信息,无条件共享,号牌,plate\r\n,,颜色,colour\r\n"

    found = documents(text.encode(encoding), "目录.csv")

    (raw,) = found.documents
    assert raw.document["name"] == "示例甲信息"
    assert [item["name_en"] for item in raw.document["items"]] == ["plate", "colour"]


def test_items_without_an_entry_are_told_and_make_nothing() -> None:
    found = documents(book(entry_row(1), items=[*item_rows(1), *item_rows(7)]))

    assert len(found.documents[0].document["items"]) == 2
    assert any("第 4、5 行" in note for note in found.notes)


def test_what_cannot_be_read_is_refused_with_what_to_do() -> None:
    assert refused(b"").code == "EMPTY_FILE"
    assert refused(b"\xef\xbb\xbf\r\n", "a.csv").code == "EMPTY_FILE"
    assert refused(workbook({"目录": []})).code == "EMPTY_FILE"
    assert refused(workbook({"目录": [TITLES]})).code == "EMPTY_FILE"
    wrong = refused(workbook({"台账": [["甲", "乙"], [1, 2]]}))
    assert (wrong.code, "“台账”" in wrong.title) == ("NO_CATALOGUE_SHEET", True)
    assert refused(workbook({"目录": [["甲", "乙"], [1, 2]]})).code == "NO_HEADER"
    twice = refused(workbook({"目录": [[*TITLES, "共享类型"], [*entry_row(1), "有条件"]]}))
    assert twice.code == "HEADER_TWICE"
    assert "G1" in twice.title
    assert "N1" in twice.title
    assert refused(b"PK\x03\x04 nothing").code == "NOT_WHAT_IT_SAYS"
    assert refused(b"%PDF-1.7 ...", "a.pdf").code == "FORMAT_UNKNOWN"
    assert refused("目录名称\xff".encode("utf-16"), "a.csv").code in {
        "WRONG_ENCODING", "NOT_WHAT_IT_SAYS",
    }  # fmt: skip
    assert refused('目录名称,"共享'.encode(), "a.csv").code == "NOT_WHAT_IT_SAYS"


def test_a_bomb_is_refused_before_it_grows() -> None:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(book(entry_row(1)))) as source, \
            zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:  # fmt: skip
        for part in source.infolist():
            out.writestr(part, source.read(part))
        out.writestr("xl/media/x.xml", b"<a>" + b" " * (200 << 20))

    assert refused(target.getvalue()).code == "DECOMPRESSION_BOMB"


def test_a_hundred_thousand_rows_are_refused_with_their_number() -> None:
    found = refused(workbook({"目录": [["目录名称", "共享类型"], *([["甲", "无条件"]] * 100_000)]}))

    assert found.code == "TOO_MANY_ROWS"
    assert "100001" in found.title
