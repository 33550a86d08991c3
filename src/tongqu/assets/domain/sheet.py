"""A sheet of devices: its headings and what a row says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tongqu.assets.vocabulary import PathType

HEADINGS = {
    "设备编码": "code", "编码": "code", "名称": "name", "设备名称": "name", "设备类型": "kind",
    "类型": "kind", "来源代码": "source_code", "来源": "source_code",
    "上报周期（秒）": "period_seconds", "上报周期(秒)": "period_seconds",
    "上报周期": "period_seconds",
    "通信路径": "path_type", "设施编码": "structure_code", "经度": "longitude", "纬度": "latitude",
}  # fmt: skip
NEEDED = ("code", "name", "kind", "source_code", "period_seconds")
TITLES = {"code": "设备编码", "name": "名称", "kind": "设备类型", "source_code": "来源代码",
          "period_seconds": "上报周期（秒）"}  # fmt: skip
MOST_ROWS = 20_000
_PATHS = {word.label.casefold(): word.value for word in PathType} | {
    word.value: word.value for word in PathType
}


@dataclass(frozen=True, slots=True)
class SheetOfDevices:
    """``rows``: line of the sheet, from 1, → field → text. ``faults`` likewise."""

    rows: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    faults: Mapping[int, str] = field(default_factory=dict)


def read(cells: Sequence[Sequence[object]]) -> SheetOfDevices:
    """Return the rows under a heading line, wherever in the first ten lines that stands."""
    for at, row in enumerate(cells[:10]):
        names = [HEADINGS.get(str(cell or "").strip(), "") for cell in row]
        if "code" in names:
            missing = [TITLES[name] for name in NEEDED if name not in names]
            if missing:
                return SheetOfDevices(faults={at + 1: "缺少列：" + "、".join(missing)})
            return _rows(cells, at, names)
    return SheetOfDevices(faults={1: "没有找到表头，表头须有“设备编码”一列"})


def _rows(cells: Sequence[Sequence[object]], at: int, names: Sequence[str]) -> SheetOfDevices:
    rows: dict[int, dict[str, str]] = {}
    codes: dict[str, int] = {}
    for number, row in enumerate(cells[at + 1 :], start=at + 2):
        found = {name: text(cell) for name, cell in zip(names, row, strict=False) if name}
        if not any(found.values()):
            continue
        first = codes.setdefault(found.get("code", ""), number)
        if first != number:
            return SheetOfDevices(faults={number: f"设备编码与第 {first} 行重复"})
        found["path_type"] = path_of(found.get("path_type", ""))
        rows[number] = found
        if len(rows) > MOST_ROWS:
            return SheetOfDevices(faults={number: f"一次至多登记 {MOST_ROWS} 台，请分份上传"})
    return SheetOfDevices(rows)


def text(cell: object) -> str:
    """Return a cell as text: spreadsheets make 60 a 60.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell if cell is not None else "").strip()


def path_of(word: str) -> str:
    return _PATHS.get(word.casefold(), word) if word else PathType.IPV4.value
