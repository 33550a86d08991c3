"""Standards, code tables and elements for tests of any room; all of it 示例."""

from typing import Any

from tongqu.kernel.actor import PLATFORM
from tongqu.standards import public as standards
from tongqu.standards.vocabulary import CodeTable, Element

PCOL = {
    "name": "CT-PCOL",
    "title": "车牌颜色（运政）",
    "version": "2019",
    "valid_from": "2019-01-01",
    "is_example": True,
    "codes": [
        {"code": code, "label": label}
        for code, label in (
            ("1", "蓝"), ("2", "黄"), ("3", "黑"), ("4", "白"), ("5", "绿"), ("9", "其他"),
            ("91", "农黄"), ("92", "农绿"), ("93", "黄绿"), ("94", "渐变绿"),
        )
    ],
}  # fmt: skip
TOLL = {
    "name": "CT-PCOL-TOLL",
    "title": "车牌颜色（收费）",
    "version": "2019",
    "valid_from": "2019-01-01",
    "is_example": True,
    "codes": [
        {"code": code, "label": label}
        for code, label in (
            ("0", "蓝"), ("1", "黄"), ("2", "黑"), ("3", "白"), ("4", "渐变绿"),
            ("5", "黄绿双拼"), ("6", "蓝白渐变"), ("9", "不确定"),
        )
    ],
}  # fmt: skip
WALK = {
    "source": "CT-PCOL-TOLL",
    "target": "CT-PCOL",
    "title": "车牌颜色：收费到运政",
    "is_example": True,
    "pairs": [
        {"from": one, "to": other}
        for one, other in (("0", "1"), ("1", "2"), ("2", "3"), ("3", "4"), ("4", "94"), ("5", "93"))
    ],
}
USCC = {
    "code": "DE-USCC",
    "name_zh": "统一社会信用代码",
    "name_en": "uscc",
    "data_type": "string",
    "length": 18,
    "standard": "GB 32100-2015",
    "is_example": True,
    "checks": [
        {
            "code": "R-USCC", "title": "统一社会信用代码的校验码应正确", "kind": "check_digit",
            "algorithm": "uscc", "remedy": "核对证照后重报",
        }
    ],
}  # fmt: skip
COLOUR = {
    "code": "DE-PCOL",
    "name_zh": "车牌颜色",
    "name_en": "plate_color",
    "data_type": "string",
    "code_table": "CT-PCOL",
    "standard": "JT/T 697.7-2014",
    "is_example": True,
}
WAYBILL = {
    "code": "MF-WAYBILL",
    "title": "道路货物运单",
    "is_example": True,
    "fields": [
        {"path": "waybill_no", "name": "运单号", "required": True},
        {"path": "shipper.name", "name": "托运人名称", "required": True},
        {"path": "shipper.uscc", "name": "托运人统一社会信用代码", "element": "DE-USCC",
         "required": True},
        {"path": "goods[].name", "name": "货物名称", "required": True},
        {"path": "goods[].mass", "name": "货物质量"},
        {"path": "vehicle.colour", "name": "车牌颜色", "element": "DE-PCOL"},
    ],
    "sample": {
        "waybill_no": "示例-0001",
        "shipper": {"name": "示例物流有限公司", "uscc": "91350100M000100Y43"},
        "goods": [{"name": "示例货物", "mass": 1.5}],
        "vehicle": {"colour": "2"},
    },
}  # fmt: skip


def code_table(**given: Any) -> CodeTable:
    """Return CT-PCOL, kept, overridden by ``given``."""
    return standards.save_code_table(PCOL | given, by=PLATFORM)


def colours() -> None:
    """Keep both tables of plate colours and the cross-walk between them."""
    standards.save_code_table(PCOL, by=PLATFORM)
    standards.save_code_table(TOLL, by=PLATFORM)
    standards.save_crosswalk(WALK, by=PLATFORM)


def element(**given: Any) -> Element:
    """Return the element 车牌颜色 with its code table, overridden by ``given``."""
    code_table()
    return standards.save_elements([COLOUR | given], by=PLATFORM)[0]


def waybill() -> str:
    code_table()
    standards.save_elements([COLOUR, USCC], by=PLATFORM)
    return standards.save_message_format(WAYBILL, by=PLATFORM)


def standard(code: str = "JT/T 697.7-2014", **given: Any) -> str:
    document = {
        "code": code, "version": code.rsplit("-", 1)[-1], "title": "示例数据元标准",
        "kind": "industry", "topic": "exchange", "is_example": True,
    }  # fmt: skip
    return standards.save_standard(document | given, by=PLATFORM).code
