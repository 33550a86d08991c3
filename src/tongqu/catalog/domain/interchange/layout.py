"""From sheets to documents: 目录 with a row an entry and 信息项 with a row an item, or one
flat sheet that repeats the entry's columns. Every value remembers its cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tongqu.catalog.domain.interchange import cells
from tongqu.catalog.domain.interchange.documents import Fault
from tongqu.catalog.domain.interchange.fields import ENTRY, ITEM, Field
from tongqu.catalog.domain.interchange.sheets import (
    Cell,
    Sheet,
    cell_name,
    folded,
    is_blank,
    title_key,
)
from tongqu.catalog.vocabulary import CellError

ENTRY_SHEET, ITEM_SHEET, REASONS = "目录", "信息项", "导入问题"
ENTRY_NAMES = frozenset({"目录", "目录信息", "信息资源目录", "资源目录", "条目", "目录清单"})
ITEM_NAMES = frozenset({"信息项", "信息项信息", "数据项", "字段", "信息项清单"})
_HEADER_WITHIN = 10  # rows in which the header may stand, below a title
_ENTRY_TITLES = {title_key(title): spec for spec in ENTRY for title in spec.titles}
_ITEM_TITLES = {title_key(title): spec for spec in ITEM for title in spec.titles}
_PARENT = frozenset(
    title_key(title) for title in ("所属目录", "所属信息资源", "目录", *ENTRY[0].titles)
)
_SILENT = frozenset({title_key(title) for title in (REASONS, "序号", "编号", "备注")})


class Refused(ValueError):
    """A file that is not read at all: what is wrong and what to do."""

    def __init__(self, code: str, title: str, next_step: str) -> None:
        super().__init__(code)
        self.code = code
        self.title = title
        self.next_step = next_step


@dataclass(slots=True)
class Table:
    """A sheet whose header was found. ``columns``: field → column."""

    sheet: Sheet
    header: int
    entry: dict[str, int] = field(default_factory=dict)
    item: dict[str, int] = field(default_factory=dict)
    parent: int | None = None

    def at(self, row: int, column: int) -> str:
        return f"{self.sheet.name}!{cell_name(row, column)}"


@dataclass(slots=True)
class RawDocument:
    """One entry as the sheets say it. ``rows``: where it and its items stand."""

    document: dict[str, Any]
    faults: list[CellError]
    table: Table
    row: int
    item_table: Table | None = None
    cells: Sequence[Cell] = ()
    item_rows: list[int] = field(default_factory=list)
    item_cells: list[Sequence[Cell]] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"{self.table.sheet.name}!{self.row + 1} 行"

    def cell(self, path: str) -> str:
        """Return the cell of ``level`` or ``items[3].length``; empty where none stands."""
        head, _, name = path.partition(".")
        if not head.startswith("items["):
            column = self.table.entry.get(head)
            return "" if column is None else self.table.at(self.row, column)
        number = int(head[6:-1])
        if self.item_table is None or number > len(self.item_rows):
            return ""
        row = self.item_rows[number - 1]
        column = self.item_table.item.get(name, next(iter(self.item_table.item.values()), 0))
        return self.item_table.at(row, column)


@dataclass(slots=True)
class Layout:
    """What a file holds. ``notes`` tell what was not read, and why."""

    documents: list[RawDocument] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(sheets: Sequence[Sheet]) -> Layout:
    """Return the documents of a workbook. Raises: ``Refused``."""
    found = Layout()
    shown = [sheet for sheet in sheets if not sheet.is_hidden]
    found.notes += [f"隐藏的工作表“{sheet.name}”没有读取" for sheet in sheets if sheet.is_hidden]
    filled = [sheet for sheet in shown if any(not is_blank(c) for row in sheet.rows for c in row)]
    if not filled:
        raise _empty(sheets)
    entries, items = _tables(filled, found.notes)
    if entries is None:
        raise _no_sheet(sheets)
    if entries.item:
        _flat(entries, found)
    else:
        _paired(entries, items, found)
    if not found.documents:
        raise Refused("EMPTY_FILE", "表中只有表头，没有目录。", "请逐行填写目录后重新导入。")
    return found


def _empty(sheets: Sequence[Sheet]) -> Refused:
    if any(sheet.is_hidden and sheet.rows for sheet in sheets):
        return _no_sheet(sheets)
    return Refused("EMPTY_FILE", "文件是空的，没有表头也没有数据。", "请下载模板填写后重新导入。")


def _no_sheet(sheets: Sequence[Sheet]) -> Refused:
    names = "、".join(f"“{s.name}”{'（隐藏）' if s.is_hidden else ''}" for s in sheets[:10])
    return Refused(
        "NO_CATALOGUE_SHEET",
        f"没有找到目录表：文件里是 {names}。",
        "请把目录放在名为“目录”的工作表，表头含“目录名称”等列；可下载模板。",
    )


def _tables(sheets: Sequence[Sheet], notes: list[str]) -> tuple[Table | None, Table | None]:
    """Find the sheet of entries and the sheet of items, by name first, else by header."""
    entries = items = None
    for sheet in sorted(sheets, key=lambda s: s.name.strip() not in ENTRY_NAMES | ITEM_NAMES):
        name = sheet.name.strip()
        table = _table(sheet, is_item=name in ITEM_NAMES, notes=notes)
        if table is None:
            if name in ENTRY_NAMES | ITEM_NAMES:
                raise _no_header(sheet)
            notes.append(f"工作表“{sheet.name}”没有目录的表头，没有读取")
        elif table.parent is not None and items is None and (entries or name in ITEM_NAMES):
            items = table
        elif entries is None and table.entry:
            entries = table
            if name not in ENTRY_NAMES:
                notes.append(f"工作表“{sheet.name}”按表头识别为目录")
        else:
            notes.append(f"工作表“{sheet.name}”没有读取：已读取其他目录表")
    return entries, items


def _no_header(sheet: Sheet) -> Refused:
    return Refused(
        "NO_HEADER",
        f"工作表“{sheet.name}”的前 {_HEADER_WITHIN} 行没有找到表头。",
        "表头须含“目录名称”和至少一个其他列名；可下载模板对照。",
    )


def _table(sheet: Sheet, *, is_item: bool, notes: list[str]) -> Table | None:
    for row, values in enumerate(sheet.rows[:_HEADER_WITHIN]):
        keys = [title_key(value) for value in values]
        known = [key for key in keys if key in _ENTRY_TITLES or key in _ITEM_TITLES]
        if len(known) >= 2 and any(key in _PARENT for key in keys):
            return _columns(Table(sheet, row), keys, is_item=is_item, notes=notes)
    return None


def _columns(table: Table, keys: Sequence[str], *, is_item: bool, notes: list[str]) -> Table:
    """Give each column to a field. After the first column of items, shared titles are theirs."""
    in_items = is_item
    for column, key in enumerate(keys):
        if not key or key in _SILENT:
            continue
        if is_item and key in _PARENT:
            if table.parent is not None:
                raise _twice(table, column, table.parent)
            table.parent = column
            continue
        entry_field, item_field = _ENTRY_TITLES.get(key), _ITEM_TITLES.get(key)
        in_items = in_items or (item_field is not None and entry_field is None)
        spec = (item_field or entry_field) if in_items else (entry_field or item_field)
        if spec is None:
            title = str(table.sheet.rows[table.header][column]).strip()[:30]
            notes.append(f"工作表“{table.sheet.name}”的列“{title}”不认识，没有读取")
            continue
        target = table.item if spec is item_field else table.entry
        if spec.name in target:
            raise _twice(table, column, target[spec.name])
        target[spec.name] = column
    if is_item and table.parent is None:
        raise _no_header(table.sheet)
    return table


def _twice(table: Table, column: int, first: int) -> Refused:
    title = str(table.sheet.rows[table.header][column]).strip()[:30]
    return Refused(
        "HEADER_TWICE",
        f"工作表“{table.sheet.name}”的表头“{title}”重复："
        f"{cell_name(table.header, first)} 和 {cell_name(table.header, column)} 是同一列。",
        "请删去或改名其中一列后重新导入。",
    )


def _filled(table: Table) -> list[list[Cell]]:
    """Return the rows with merged cells filled downwards: those rows share the value."""
    rows = [list(row) for row in table.sheet.rows]
    for top, left, bottom, _ in table.sheet.merged:
        if top <= table.header or left >= len(rows[top]):
            continue
        for row in range(top + 1, min(bottom + 1, len(rows))):
            if left < len(rows[row]):
                rows[row][left] = rows[top][left]
    return rows


def _sideways(table: Table) -> Mapping[int, str]:
    """Return the rows in which one cell spans several columns: nobody can tell which it fills."""
    return {
        row: table.at(top, left)
        for top, left, bottom, right in table.sheet.merged
        if right > left and top > table.header
        for row in range(top, bottom + 1)
    }


def _document(table: Table, row: int, values: Sequence[Cell], items: Table | None) -> RawDocument:
    raw = RawDocument({}, [], table, row, items, values)
    raw.document = _values(_Line(table, row, values), _ENTRY_SPECS, table.entry, raw.faults)
    raw.document["items"] = []
    return raw


def _paired(entries: Table, items: Table | None, found: Layout) -> None:
    by_name: dict[str, RawDocument] = {}
    wrong = _sideways(entries)
    for row, values in _data(entries):
        raw = _document(entries, row, values, items)
        _spans(raw, row, wrong)
        found.documents.append(raw)
        by_name.setdefault(_key(raw.document.get("name")), raw)
    if items is None:
        found.notes.append("没有“信息项”工作表，导入的目录没有信息项")
        return
    _hand_out(items, by_name, found)


def _hand_out(items: Table, by_name: Mapping[str, RawDocument], found: Layout) -> None:
    """Give every item to its entry; one without is told and makes nothing."""
    orphans: list[int] = []
    wrong = _sideways(items)
    for row, values in _data(items):
        parent = values[items.parent] if items.parent is not None else None
        raw = by_name.get(_key(parent))
        if raw is None:
            orphans.append(row + 1)
            continue
        add_item(raw, items, row, values)
        _spans(raw, row, wrong)
    if orphans:
        some = "、".join(str(row) for row in orphans[:10])
        more = f" 等 {len(orphans)} 行" if len(orphans) > 10 else " 行"
        found.notes.append(
            f"工作表“{items.sheet.name}”第 {some}{more}的目录名称在目录表中没有，没有导入"
        )


def _flat(table: Table, found: Layout) -> None:
    """Rows of one name in a run are one entry; the first row speaks for it."""
    raw: RawDocument | None = None
    wrong = _sideways(table)
    name_at = table.entry["name"]
    for row, values in _data(table):
        name = _key(values[name_at])
        if raw is None or (name and name != _key(raw.document.get("name"))):
            raw = _document(table, row, values, table)
            found.documents.append(raw)
        add_item(raw, table, row, values)
        _spans(raw, row, wrong)


def add_item(raw: RawDocument, table: Table, row: int, values: Sequence[Cell]) -> None:
    if all(is_blank(values[column]) for column in table.item.values()):
        return
    raw.item_rows.append(row)
    raw.item_cells.append(values)
    line = _Line(table, row, values, f"items[{len(raw.item_rows)}].")
    raw.document["items"].append(_values(line, _ITEM_SPECS, table.item, raw.faults))


def _data(table: Table) -> Iterable[tuple[int, list[Cell]]]:
    width = max((*table.entry.values(), *table.item.values(), table.parent or 0)) + 1
    for row, values in enumerate(_filled(table)):
        if row > table.header and not all(is_blank(value) for value in values):
            yield row, values + [None] * (width - len(values))


@dataclass(frozen=True, slots=True)
class _Line:
    table: Table
    row: int
    values: Sequence[Cell]
    path: str = ""

    def fault(self, column: int, spec: Field, fault: Fault) -> CellError:
        where = self.table.at(self.row, column)
        return CellError(where, spec.label, fault.message, fault.remedy, self.path + spec.name)


def _values(
    line: _Line, specs: Mapping[str, Field], columns: Mapping[str, int], faults: list[CellError]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    valueless = line.table.sheet.valueless
    for name, column in columns.items():
        cell = line.values[column]
        if is_blank(cell):
            if valueless and cell_name(line.row, column) in valueless:
                faults.append(line.fault(column, specs[name], _NEVER_CALCULATED))
            continue
        try:
            found[name] = cells.value_of(specs[name], cell)
        except Fault as fault:
            faults.append(line.fault(column, specs[name], fault))
    return found


_NEVER_CALCULATED = Fault(
    "单元格是公式，文件里没有它的计算结果", "请在电子表格软件中打开并保存，或直接填写内容"
)
_ENTRY_SPECS = {spec.name: spec for spec in ENTRY}
_ITEM_SPECS = {spec.name: spec for spec in ITEM}


def written(raw: RawDocument) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the cells of an entry and of its items as texts, for giving them back."""
    entry = _texts(raw.table.entry, raw.cells)
    columns = raw.item_table.item if raw.item_table else {}
    return entry, [_texts(columns, values) for values in raw.item_cells]


def _texts(columns: Mapping[str, int], values: Sequence[Cell]) -> dict[str, str]:
    found = {name: cells.text_of(values[column]) for name, column in columns.items()}
    return {name: text for name, text in found.items() if text}


def _spans(raw: RawDocument, row: int, wrong: Mapping[int, str]) -> None:
    if row in wrong and not any(fault.where == wrong[row] for fault in raw.faults):
        raw.faults.append(
            CellError(wrong[row], "合并单元格", "一个单元格合并了几列，看不出属于哪一列",
                      "请取消合并后逐列填写")
        )  # fmt: skip


def _key(value: Any) -> str:
    return folded(cells.text_of(value))
