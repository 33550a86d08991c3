"""Code tables and data elements for tests of any room: rows made directly, and valid."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tongqu.kernel import clock
from tongqu.standards.models import CodeTableVersion, DataElement

PLATE_COLOURS = {"1": "蓝色", "2": "黄色", "3": "黑色", "4": "白色", "5": "绿色", "9": "其他"}


def code_table(
    name: str = "CT-PCOL",
    codes: Mapping[str, str] = PLATE_COLOURS,
    *,
    version: str = "1",
    since: date = date(2020, 1, 1),
) -> CodeTableVersion:
    """Keep a version of a code table; its codes are valid without end."""
    return CodeTableVersion.objects.create(
        name=name, version=version, title=f"示例{name}", valid_from=since, is_example=True,
        codes=[[code, label, "", None, None] for code, label in codes.items()],
        changed_at=clock.now(), changed_by="示例·标准管理员",
    )  # fmt: skip


def element(
    code: str = "DE-PCOL", *, checks: Sequence[Mapping[str, object]] = (), **given: Any
) -> DataElement:
    """Keep a data element: 车牌颜色 with its code table unless told otherwise."""
    facts = {
        "name_zh": "车牌颜色代码", "name_en": "plate_color", "data_type": "string", "length": 2,
        "code_table": "CT-PCOL", "is_example": True,
    }  # fmt: skip
    return DataElement.objects.create(
        code=code, checks=list(checks), changed_at=clock.now(), changed_by="示例·标准管理员",
        **facts | given,
    )  # fmt: skip
