"""Entries as documents and sheets, in the very form that the import reads back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tongqu.catalog.domain.interchange import cells
from tongqu.catalog.domain.interchange.fields import ENTRY, ITEM, Field
from tongqu.catalog.domain.interchange.layout import ENTRY_SHEET, ITEM_SHEET, REASONS
from tongqu.catalog.domain.interchange.sheets import SheetOut
from tongqu.catalog.vocabulary import EntryView, ItemView

PARENT = "所属目录"


def entry_document(entry: EntryView, *, whole: bool = False) -> dict[str, Any]:
    """Return an entry as an import document; without ``whole``, defaults are left out."""
    found = _fields(entry, ENTRY, whole=whole)
    found["items"] = [item_document(item, whole=whole) for item in entry.items]
    return found


def item_document(item: ItemView, *, whole: bool = False) -> dict[str, Any]:
    return _fields(item, ITEM, whole=whole)


def _fields(source: object, specs: Sequence[Field], *, whole: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for spec in specs:
        # withheld_note is a department's own remark; a view does not carry it.
        value = plain(getattr(source, spec.name, None))
        if value is not None and (whole or value not in (spec.default, "", [], ())):
            found[spec.name] = value
    return found


def plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, tuple | list):
        return [plain(member) for member in value]
    return getattr(value, "value", value)


def sheets(entries: Iterable[EntryView]) -> tuple[SheetOut, SheetOut]:
    """Return the sheets 目录 and 信息项 of entries."""
    return tables([entry_document(entry, whole=True) for entry in entries])


def tables(documents: Sequence[Mapping[str, Any]]) -> tuple[SheetOut, SheetOut]:
    entries: list[list[str | int | None]] = []
    items: list[list[str | int | None]] = []
    for one in documents:
        entries.append(_row(ENTRY, one))
        name = str(one.get("name") or "")
        items += [[name, *_row(ITEM, item)] for item in one.get("items", ())]
    return (
        SheetOut(ENTRY_SHEET, [spec.label for spec in ENTRY], entries),
        SheetOut(ITEM_SHEET, [PARENT, *(spec.label for spec in ITEM)], items),
    )


def _row(specs: Sequence[Field], values: Mapping[str, Any]) -> list[str | int | None]:
    return [cells.shown(spec, values[spec.name]) if spec.name in values else "" for spec in specs]


def failed(failures: Sequence[Mapping[str, Any]]) -> tuple[SheetOut, SheetOut]:
    """Return what could not be imported, as it was written, each with its reasons.

    A failure holds ``entry``, ``items`` (field → text as written) and ``errors``; the wrong
    cells carry a comment, the last column says everything once more.
    """
    entry_rows, item_rows = [], []
    entry_notes: dict[tuple[int, int], str] = {}
    item_notes: dict[tuple[int, int], str] = {}
    for failure in failures:
        on_entry = [error for error in failure["errors"] if not error.get("item")]
        reasons = "\n".join(_reason(error) for error in failure["errors"])
        entry_rows.append([*_written(ENTRY, failure["entry"]), reasons])
        _mark(entry_notes, len(entry_rows), ENTRY, on_entry, first=0)
        name = str(failure["entry"].get("name", ""))
        for number, item in enumerate(failure["items"], start=1):
            mine = [error for error in failure["errors"] if error.get("item") == number]
            said = "\n".join(_reason(error) for error in mine)
            item_rows.append([name, *_written(ITEM, item), said])
            _mark(item_notes, len(item_rows), ITEM, mine, first=1)
    entry_titles = [*(spec.label for spec in ENTRY), REASONS]
    item_titles = [PARENT, *(spec.label for spec in ITEM), REASONS]
    return (
        SheetOut(ENTRY_SHEET, entry_titles, entry_rows, entry_notes),
        SheetOut(ITEM_SHEET, item_titles, item_rows, item_notes),
    )


def _written(specs: Sequence[Field], values: Mapping[str, Any]) -> list[str | int | None]:
    return [str(values.get(spec.name, "")) for spec in specs]


def _reason(error: Mapping[str, Any]) -> str:
    return f"{error['field']}：{error['message']}。{error['remedy']}。"


def _mark(notes: dict[tuple[int, int], str], row: int, specs: Sequence[Field],
          errors: Iterable[Mapping[str, Any]], *, first: int) -> None:  # fmt: skip
    places = {spec.name: first + n for n, spec in enumerate(specs)}
    for error in errors:
        column = places.get(str(error.get("key", "")), first)
        said = notes.get((row, column), "")
        notes[row, column] = f"{said}\n{_reason(error)}".strip()


def example(provider: str) -> dict[str, Any]:
    """Return the document that a template shows."""
    return {
        "name": "示例航班运行信息",
        "category": "综合交通/民航/航班运行",
        "provider_code": provider,
        "summary": "示例：每日航班的承运人、机场与航程。填写时请删去本行。",
        "formats": ["table", "interface"],
        "update_cycle": "daily",
        "sharing_type": "unconditional",
        "scope": "all",
        "manners": ["query", "download"],
        "source_system": "示例航班运行系统",
        "level": 2,
        "domain": "CA",
        "kind": "formal",
        "items": [
            {"name_zh": "航班号", "name_en": "flight", "data_type": "string", "length": 10,
             "nullable": False, "is_key": True, "level": 1, "is_shareable": True,
             "is_openable": False},
        ],
    }  # fmt: skip
