"""One table as a file: codes of a code table, read and written."""

from collections.abc import Sequence

from tongqu.adapters.interchange import sheets_in, sheets_out
from tongqu.catalog.domain.interchange.sheets import SheetOut
from tongqu.standards.ports import BadFile


class OneTable:
    def read(self, content: bytes, *, name: str) -> list[list[object]]:
        try:
            sheets = sheets_in.read(content, name=name)
        except sheets_in.Refused as error:
            raise BadFile(error.title, error.next_step) from None
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
            raise BadFile(
                f"单元格 {cell} 的公式没有计算结果。", "请在电子表格软件中保存后重新导入。"
            )
        return [list(row) for row in sheet.rows]

    def write(self, title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
        return sheets_out.write([SheetOut(title[:31], headers, rows)])
