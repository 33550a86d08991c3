"""One table as a file: codes of a code table, read and written."""

import io
from collections.abc import Sequence

from tongqu.adapters.interchange import sheets_in
from tongqu.standards.ports import BadFile

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class OneTable:
    def read(self, content: bytes, *, name: str) -> list[list[object]]:
        try:
            sheets = sheets_in.read(content, name=name)
        except ValueError as error:  # a refusal carries its own words
            title = getattr(error, "title", "文件不能读取。")
            raise BadFile(title, getattr(error, "next_step", "请核对文件后重新导入。")) from None
        filled = [sheet for sheet in sheets if sheet.rows]
        if any(sheet.is_hidden for sheet in filled):
            raise BadFile("电子表格有隐藏的工作表，没有读取。", "请取消隐藏或删去后重新导入。")
        if len(filled) != 1:
            raise BadFile("电子表格应只有一个有内容的工作表。", "请把代码放在一个工作表中。")
        sheet = filled[0]
        if sheet.merged:
            raise BadFile("工作表有合并单元格，没有读取。", "请取消合并、逐行填写后重新导入。")
        if sheet.valueless:
            cell = min(sheet.valueless)
            raise BadFile(f"单元格 {cell} 的公式没有结果。", "请在电子表格软件中另存后导入。")
        return [list(row) for row in sheet.rows]

    def write(self, title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
        """Return a workbook of texts: whatever a text begins with, it is never a formula."""
        import xlsxwriter

        target = io.BytesIO()
        with xlsxwriter.Workbook(target, OPTIONS) as book:
            page = book.add_worksheet(title[:31])
            text = book.add_format({"num_format": "@"})
            page.set_column(0, len(headers) - 1, 18, text)
            page.freeze_panes(1, 1)
            for line, row in enumerate([headers, *rows]):
                for column, value in enumerate(row):
                    page.write_string(line, column, value, text)
        return target.getvalue()
