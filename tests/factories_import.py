"""Files as departments hand them in, for tests of the bulk import."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

TITLES = (
    "信息资源名称", "信息资源分类", "信息资源提供方", "信息资源摘要", "信息资源格式", "更新周期",
    "共享属性", "共享条件", "共享范围", "共享方式", "来源系统", "安全分级", "领域",
)  # fmt: skip
ITEM_TITLES = (
    "目录名称",
    "信息项名称",
    "英文名称",
    "数据类型",
    "长度",
    "是否可空",
    "是否主键",
    "分级",
)


def entry_row(n: int, **given: Any) -> list[Any]:
    """Return a good row; ``given`` overrides by title."""
    row = {
        "信息资源名称": f"示例航班运行信息{n:03}", "信息资源分类": "综合交通/民航/航班运行",
        "信息资源提供方": "示例省交通运输厅民航处", "信息资源摘要": "示例：每日航班。",
        "信息资源格式": "库表、接口", "更新周期": "每日", "共享属性": "无条件共享",
        "共享条件": "", "共享范围": "所有政府部门", "共享方式": "联机查询、数据下载",
        "来源系统": "示例航班系统", "安全分级": 2, "领域": "民航",
    }  # fmt: skip
    return list((row | given).values())


def item_rows(n: int, **given: Any) -> list[list[Any]]:
    name = f"示例航班运行信息{n:03}"
    return [
        [name, "航班号", "flight", "字符型", 10, "否", "是", 1],
        [name, "航程", "distance", "整数型", 8, "是", "否", 1],
    ]


def workbook(sheets: dict[str, Sequence[Sequence[Any]]], **options: Any) -> bytes:
    """Return an xlsx. ``hidden``: names; ``merged``: {sheet: [(r, c, r, c)]}."""
    import xlsxwriter

    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        date_format = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            if name in options.get("hidden", ()):
                page.hide()
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if hasattr(value, "isoformat"):
                        page.write_datetime(r, c, value, date_format)
                    elif value is not None and value != "":
                        page.write(r, c, value)
            for top, left, bottom, right in options.get("merged", {}).get(name, ()):
                page.merge_range(top, left, bottom, right, rows[top][left])
    return target.getvalue()


def province(count: int = 200, broken: bool = True) -> bytes:
    """Return stock entries in the departments' layout; with ``broken``, seven are faulty."""
    entries = [entry_row(n) for n in range(1, count + 1)]
    items = [row for n in range(1, count + 1) for row in item_rows(n)]
    faulty = {
        10: entry_row(10, 更新周期="每年度报一次"),  # F11
        30: entry_row(30, 安全分级=9),  # L31
        50: entry_row(50, 共享属性="部分共享"),  # G51
        70: entry_row(70, 信息资源提供方="示例省应急管理厅"),  # C71
        90: entry_row(90, 信息资源分类="长" * 201),  # B91
        130: entry_row(130, 信息资源名称="示例航班运行信息001"),  # A131
    }
    for n in faulty if broken else ():
        if n <= count:
            entries[n - 1] = faulty[n]
    if broken and count >= 110:
        items[2 * 109][4] = "很长"  # 信息项!E220
    return workbook({"目录": [TITLES, *entries], "信息项": [ITEM_TITLES, *items]})
