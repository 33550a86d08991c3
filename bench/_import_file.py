"""A province's stock as the departments' workbook: 1,300 entries, 35,672 items, all 示例."""

from pathlib import Path

ENTRIES, ITEMS = 1_300, 35_672
SYSTEMS = ("示例运政系统", "示例路网系统", "示例港航系统", "示例执法系统")


def write(path: Path, provider: str) -> None:
    from tongqu.adapters.interchange.sheets_out import write as workbook
    from tongqu.catalog.domain.interchange.export import tables

    path.write_bytes(workbook(tables([_entry(n, provider) for n in range(ENTRIES)])))


def _entry(n: int, provider: str) -> dict[str, object]:
    mine = ITEMS // ENTRIES + (n < ITEMS % ENTRIES)
    return {
        "name": f"示例存量资源{n:04}基本信息", "category": f"综合交通/公路/第{n % 40}类",
        "provider_code": provider, "summary": f"示例：第 {n} 项存量资源的登记内容。",
        "formats": ["table", "interface"], "update_cycle": ("daily", "monthly", "yearly")[n % 3],
        "sharing_type": "unconditional", "scope": "all", "manners": ["query", "download"],
        "source_system": SYSTEMS[n % 4], "level": n % 3 + 1, "domain": ("HW", "RT", "WW")[n % 3],
        "kind": "formal", "is_external": False, "accountable": "示例·岗位",
        "items": [_item(k) for k in range(mine)],
    }  # fmt: skip


def _item(k: int) -> dict[str, object]:
    return {
        "name_zh": f"示例信息项{k}", "name_en": f"item_{k}",
        "data_type": ("string", "integer", "date", "decimal")[k % 4], "length": 20 + k,
        "code_table": "示例码表" if k % 9 == 0 else "", "nullable": k > 0, "is_key": k == 0,
        "level": k % 3 + 1, "is_shareable": True, "is_openable": k % 5 == 0,
        "source_column": f"COL_{k}", "mask": "none",
    }  # fmt: skip
