"""An entry as an ODCS 3.1 data contract, and back.

What the contract has a place for goes there, so that other tools understand it; the rest of
our words go into custom properties named ``tongqu.<field>``, so that nothing is lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tongqu.catalog.domain.interchange.export import entry_document
from tongqu.catalog.domain.interchange.fields import ENTRY_FIELDS, ITEM_FIELDS
from tongqu.catalog.vocabulary import DataType, EntryState, EntryView, UpdateCycle

VERSION = "v3.1.0"
OWN = "tongqu."
T = DataType
LOGICAL = {
    T.STRING: "string", T.TEXT: "string", T.INTEGER: "integer", T.DECIMAL: "number",
    T.DATE: "date", T.DATETIME: "timestamp", T.TIME: "time", T.BOOLEAN: "boolean",
}  # fmt: skip
PHYSICAL = {
    T.STRING: "varchar", T.TEXT: "text", T.INTEGER: "bigint", T.DECIMAL: "decimal",
    T.DATE: "date", T.DATETIME: "timestamp", T.TIME: "time", T.BOOLEAN: "boolean",
}  # fmt: skip
_TYPES = {logical: kind for kind, logical in reversed(LOGICAL.items())}
# A period in the contract's words: value and unit.
PERIODS = {
    UpdateCycle.REALTIME: (0, "s"), UpdateCycle.DAILY: (1, "d"), UpdateCycle.WEEKLY: (7, "d"),
    UpdateCycle.MONTHLY: (1, "m"), UpdateCycle.QUARTERLY: (3, "m"), UpdateCycle.YEARLY: (1, "y"),
}  # fmt: skip
_CYCLES = {period: cycle.value for cycle, period in PERIODS.items()}
STATUS = {
    EntryState.PUBLISHED: "active", EntryState.TO_UPDATE: "active",
    EntryState.STOPPED: "deprecated", EntryState.ARCHIVED: "retired",
    EntryState.IN_REVIEW: "proposed", EntryState.CHANGE_PENDING: "proposed",
}  # fmt: skip
# The provider is the tenant: whoever imports a contract is the provider of the new draft.
_IN_PLACE = frozenset({"name", "summary", "update_cycle", "checks", "provider_code"})
_ITEM_IN_PLACE = frozenset({"name_zh", "name_en", "length", "nullable", "is_key", "level"})


def contract(entry: EntryView, *, base: str) -> dict[str, Any]:
    """Return the contract of one entry; ``base`` is the address of this hub."""
    said = entry_document(entry)
    table = entry.table or entry.code
    found: dict[str, Any] = {
        "apiVersion": VERSION,
        "kind": "DataContract",
        "id": entry.code,
        "name": entry.name,
        "version": entry.version,
        "status": STATUS.get(entry.state, "draft"),
        "tenant": entry.provider_name,
        "domain": entry.domain.label,
        "description": _description(entry),
        "authoritativeDefinitions": [
            {"type": "canonicalUrl", "url": f"{base}/catalog/{entry.code}/"}
        ],
        "schema": [
            {
                "name": table,
                "physicalName": table,
                "businessName": entry.name,
                "logicalType": "object",
                "physicalType": "table",
                "properties": _properties(said["items"]),
            }
        ],
        "customProperties": _custom(
            (name, value) for name, value in said.items() if name not in {*_IN_PLACE, "items"}
        ),
    }
    if entry.update_cycle not in PERIODS:
        found["customProperties"] += _custom([("update_cycle", entry.update_cycle.value)])
    else:
        value, unit = PERIODS[entry.update_cycle]
        found["slaProperties"] = [{"property": "frequency", "value": value, "unit": unit}]
    if said.get("checks"):
        found["customProperties"] += _custom([("checks", said["checks"])])
    return found


def _description(entry: EntryView) -> dict[str, str]:
    found = {"purpose": entry.summary, "limitations": entry.conditions}
    found["usage"] = f"共享类型：{entry.sharing_type.label}"
    return {key: text for key, text in found.items() if text}


def _properties(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    keys = [item["name_en"] for item in items if item.get("is_key") and item.get("name_en")]
    return [_property(item, position, keys) for position, item in enumerate(items, start=1)]


def _property(item: Mapping[str, Any], position: int, keys: Sequence[str]) -> dict[str, Any]:
    kind = DataType(item.get("data_type", T.STRING))
    name = str(item.get("name_en", ""))
    found: dict[str, Any] = {
        "name": name or f"item_{position}",
        "logicalType": LOGICAL[kind],
        "physicalType": PHYSICAL[kind],
        "required": not item.get("nullable", True),
        "classification": str(item.get("level", 1)),
    }
    if item.get("name_zh"):
        found["businessName"] = item["name_zh"]
    if item.get("is_key"):
        found["primaryKey"] = True
        if name in keys:
            found["primaryKeyPosition"] = keys.index(name) + 1
    if item.get("length") and LOGICAL[kind] == "string":
        found["logicalTypeOptions"] = {"maxLength": item["length"]}
    custom = {name: value for name, value in item.items() if name not in _ITEM_IN_PLACE}
    if kind is not T.TEXT:
        custom.pop("data_type", None)
    if not item.get("name_en"):
        custom["name_en"] = ""
    if item.get("length") and LOGICAL[kind] != "string":
        custom["length"] = item["length"]
    if custom:
        found["customProperties"] = _custom(custom.items())
    return found


def _custom(pairs: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    return [{"property": f"{OWN}{name}", "value": value} for name, value in pairs]


def documents(found: object) -> list[dict[str, Any]]:
    """Return an import document for each table of a contract, ours or another tool's."""
    if not isinstance(found, Mapping):
        return [{"name": ""}]
    tables = [table for table in _list(found.get("schema")) if isinstance(table, Mapping)]
    own = _own(found, ENTRY_FIELDS)
    many = len(tables) > 1
    return [_document(found, own, table, many=many) for table in tables or [{}]]


def _document(
    found: Mapping[str, Any], own: Mapping[str, Any], table: Mapping[str, Any], *, many: bool
) -> dict[str, Any]:
    description = found.get("description")
    said = description if isinstance(description, Mapping) else {}
    name = found.get("name") if not many else table.get("businessName") or table.get("name")
    read: dict[str, Any] = {
        "name": _text(name or table.get("businessName") or table.get("name") or found.get("id")),
        "summary": _text(said.get("purpose") or table.get("description")),
        "conditions": _text(said.get("limitations")),
        "update_cycle": _cycle(found),
    }
    read = {key: value for key, value in read.items() if value} | dict(own)
    columns = [p for p in _list(table.get("properties")) if isinstance(p, Mapping)]
    read["items"] = [_item(column) for column in columns]
    return read


def _cycle(found: Mapping[str, Any]) -> str:
    for term in _list(found.get("slaProperties")):
        if isinstance(term, Mapping) and term.get("property") in {"frequency", "fy"}:
            key = (term.get("value"), term.get("unit"))
            return _CYCLES.get(key, "") if isinstance(key[0], int) else ""  # type: ignore[arg-type]  # any JSON
    return ""


def _item(column: Mapping[str, Any]) -> dict[str, Any]:
    options = column.get("logicalTypeOptions")
    read: dict[str, Any] = {
        "name_zh": _text(column.get("businessName")),
        "name_en": _text(column.get("name")),
        "data_type": _TYPES.get(str(column.get("logicalType")), T.STRING).value,
        "nullable": column.get("required") is not True,
        "is_key": column.get("primaryKey") is True,
        "length": options.get("maxLength") if isinstance(options, Mapping) else None,
        "level": _level(column.get("classification")),
    }
    return read | dict(_own(column, ITEM_FIELDS))


def _level(value: object) -> int:
    text = str(value)
    return int(text) if text in {"1", "2", "3", "4"} else 1


def _own(found: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    pairs = [p for p in _list(found.get("customProperties")) if isinstance(p, Mapping)]
    own = {str(p.get("property", "")): p.get("value") for p in pairs}
    return {name: own[OWN + name] for name in known if OWN + name in own}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
