"""Register devices from a sheet: every line is looked at, and all or none are taken."""

from collections.abc import Mapping

from tongqu.assets.actions.devices import DeviceSpec, Registered, register_many, require_edit
from tongqu.assets.domain import problems, sheet
from tongqu.catalog.ports import Refused, interchange
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected

NOT_A_NUMBER = -1


def register_sheet(content: bytes, *, name: str, by: Actor) -> Registered:
    """Return what a workbook or csv of devices came to.

    Raises: ``Rejected`` INVALID for a file that is no sheet.
    """
    require_edit(by)
    try:
        sheets = interchange().read_sheets(content, name=name)
    except Refused:
        raise Rejected(problems.invalid(file="文件读不通，请上传 xlsx 或 csv")) from None
    if not sheets:
        raise Rejected(problems.invalid(file="表里没有内容"))
    found = sheet.read(sheets[0].rows)
    if found.faults:
        return Registered(0, 0, found.faults)
    if not found.rows:
        raise Rejected(problems.invalid(file="表里没有设备"))
    return register_many({line: _spec(row) for line, row in found.rows.items()}, by=by)


def _spec(said: Mapping[str, str]) -> DeviceSpec:
    period = said.get("period_seconds", "")
    return DeviceSpec(
        code=said.get("code", ""),
        name=said.get("name", ""),
        kind=said.get("kind", ""),
        source_code=said.get("source_code", ""),
        period_seconds=int(period) if period.isascii() and period.isdecimal() else NOT_A_NUMBER,
        path_type=said.get("path_type", ""),
        structure_code=said.get("structure_code", ""),
        longitude=_degrees(said.get("longitude", "")),
        latitude=_degrees(said.get("latitude", "")),
    )


def _degrees(text: str) -> float | None:
    """Return degrees; a text that is no number is one that no place on earth has."""
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return 999.0
