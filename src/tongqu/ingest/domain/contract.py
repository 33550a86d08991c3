"""What was agreed about a source: spelled as JSON, checked, compared with what came."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date

from tongqu.catalog.vocabulary import DataType
from tongqu.ingest.domain import place
from tongqu.ingest.vocabulary import SYSTEMS, ColumnSpec, FileFormat, FileOptions, Fix
from tongqu.kernel.canonical import canonical
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.standards.vocabulary import CodeTable

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030")
_ALIASES = {"utf8": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "gb-18030": "gb18030"}
COMPRESSIONS = ("none", "gz", "zip")
MAX_LINE = 64 << 20
RESERVED = frozenset({"_batch_id", "_load_time", "_source", "_line", "_row_hash"})


def _wrong(code: str, title: str, next_step: str, **facts: object) -> Rejected:
    return Rejected(
        Problem(code=code, title=title, next_step=next_step, basis=law.CONNECT_IN_TIME, facts=facts)
    )


def parse_options(given: Mapping[str, object]) -> FileOptions:
    """Return the options, or refuse an unknown key or a value that cannot be meant.

    Raises: ``Rejected`` OPTION_UNKNOWN, OPTION_WRONG.
    """
    known = {field.name for field in fields(FileOptions)}
    unknown = sorted(set(given) - known)
    if unknown:
        raise _wrong(
            "OPTION_UNKNOWN",
            f"不认识的读取选项：{'、'.join(unknown)}。",
            f"可用的选项：{'、'.join(sorted(known))}。",
            unknown=unknown,
        )
    for name, value in given.items():
        _check_type(name, value)
    nulls = given.get("null_values", ())
    options = FileOptions(**{**given, "null_values": tuple(nulls)})  # type: ignore[arg-type]  # checked above
    return _checked(options)


def _check_type(name: str, value: object) -> None:
    expected = type(getattr(FileOptions(), name))
    is_right = (
        isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value)
        if expected is tuple
        else type(value) is expected
    )
    if not is_right:
        raise _wrong("OPTION_WRONG", f"读取选项 {name} 的值类型不对。",
                     f"应为 {expected.__name__}。", option=name)  # fmt: skip


def _checked(options: FileOptions) -> FileOptions:
    encoding = options.encoding.lower()
    encoding = _ALIASES.get(encoding, encoding)
    choices = (
        ("format", options.format, ("", *(f.value for f in FileFormat))),
        ("encoding", encoding, ("", *ENCODINGS)),
        ("compression", options.compression, ("", *COMPRESSIONS)),
    )
    for name, value, allowed in choices:
        if value not in allowed:
            raise _wrong(
                "OPTION_WRONG",
                f"读取选项 {name} 的值不在可选范围内。",
                f"可选：{'、'.join(a for a in allowed if a)}；留空为自动识别。",
                option=name,
            )
    words = (options.member, options.sheet, options.x, options.y, options.geometry,
             options.records, *options.null_values)  # fmt: skip
    if not all(word.isprintable() for word in words):
        raise _wrong("OPTION_WRONG", "读取选项里有不可见字符。", "请重新填写。")
    mark = options.delimiter
    if len(mark) != 1 or not mark.isascii() or mark.isalnum() or mark in '"\r\n\x00\x1e\x1f.-':
        raise _wrong(
            "OPTION_WRONG",
            "分隔符须是一个半角符号。",
            "常用：, ; | 空格或制表符。",
            option="delimiter",
        )
    _check_places(options)
    if not 1024 <= options.max_line_bytes <= MAX_LINE:
        raise _wrong("OPTION_WRONG", "单行上限超出范围。", f"请填 1024 至 {MAX_LINE} 字节。",
                     option="max_line_bytes")  # fmt: skip
    if not 1 <= options.withdraw_most <= 100:
        raise _wrong("OPTION_WRONG", "撤下比例上限超出范围。", "请填 1 至 100（%）。",
                     option="withdraw_most")  # fmt: skip
    crs = place.system_of(options.crs)
    unique = options.unique_keys or options.full_state
    return FileOptions(
        **{**asdict(options), "encoding": encoding, "crs": crs, "unique_keys": unique}
    )


def _check_places(options: FileOptions) -> None:
    if options.crs and not place.system_of(options.crs):
        raise _wrong("CRS_UNKNOWN", "不认识来源声明的坐标系。",
                     f"可用：{'、'.join(SYSTEMS.values())}。", option="crs")  # fmt: skip
    if not options.crs and (options.x or options.y or options.geometry):
        raise _wrong("CRS_MISSING", "写了坐标列，没有声明坐标系。",
                     f"请声明：{'、'.join(SYSTEMS.values())}。", option="crs")  # fmt: skip
    if bool(options.x) != bool(options.y):
        raise _wrong("OPTION_WRONG", "经度列和纬度列须一起填写。", "请补填另一列。",
                     option="x" if options.y else "y")  # fmt: skip
    if options.area and not place.is_area(options.area):
        raise _wrong("OPTION_WRONG", "合理范围的写法不对。",
                     "请按“西,南,东,北”填写四个度数，如 113.5,24.4,118.5,30.1。",
                     option="area")  # fmt: skip


def options_json(options: FileOptions) -> dict[str, object]:
    return {**asdict(options), "null_values": list(options.null_values)}


def parse_columns(given: Sequence[Mapping[str, object]]) -> tuple[ColumnSpec, ...]:
    """Return the columns as stored. Raises ``Rejected`` COLUMN_WRONG."""
    try:
        columns = tuple(_column(row) for row in given)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _wrong("COLUMN_WRONG", "登记的列写得不对。",
                     "每列写明 name 和 data_type；其余键见接口文档。") from None  # fmt: skip
    return check_columns(columns)


def check_columns(columns: Sequence[ColumnSpec]) -> tuple[ColumnSpec, ...]:
    names = [column.name for column in columns]
    folded = [name.casefold() for name in names]
    if any(not n.strip() or not n.isprintable() or n in RESERVED for n in names) or len(
        set(folded)
    ) < len(folded):
        raise _wrong("COLUMN_WRONG", "登记的列名为空、重复或与平台的技术列同名。", "请改正列名。")
    return tuple(columns)


def _column(row: Mapping[str, object]) -> ColumnSpec:
    known = {field.name for field in fields(ColumnSpec)}
    if set(row) - known:
        raise KeyError
    length, codes, code_map = row.get("length"), row.get("codes", ()), row.get("code_map", {})
    fixes = row.get("fixes", (Fix.TRIM, Fix.HALF_WIDTH))
    if not isinstance(codes, (list, tuple)) or not isinstance(fixes, (list, tuple)):
        raise TypeError
    if not isinstance(code_map, Mapping) or not (length is None or isinstance(length, int)):
        raise TypeError
    return ColumnSpec(
        name=str(row["name"]),
        data_type=DataType(str(row.get("data_type", "string"))),
        nullable=bool(row.get("nullable", True)),
        is_key=bool(row.get("is_key", False)),
        length=length,
        zoned=bool(row.get("zoned", False)),
        fixes=tuple(Fix(str(fix)) for fix in fixes),
        codes=tuple(str(code) for code in codes),
        code_table=str(row.get("code_table", "")),
        code_map={str(k): str(v) for k, v in code_map.items()},
        item=str(row.get("item", "")),
    )


def columns_json(columns: Sequence[ColumnSpec]) -> list[dict[str, object]]:
    return [
        {
            "name": c.name, "data_type": c.data_type.value, "nullable": c.nullable,
            "is_key": c.is_key, "length": c.length, "zoned": c.zoned,
            "fixes": [fix.value for fix in c.fixes], "codes": list(c.codes),
            "code_table": c.code_table, "code_map": dict(c.code_map), "item": c.item,
        }
        for c in columns
    ]  # fmt: skip


def with_codes(
    columns: Sequence[ColumnSpec], tables: Mapping[str, CodeTable], day: date
) -> tuple[ColumnSpec, ...]:
    """Return the columns with the codes that their tables hold on a day."""
    return tuple(
        replace(c, codes=tuple(code.code for code in tables[c.code_table].on(day)))
        if c.code_table
        else c
        for c in columns
    )


def digest(contract: Mapping[str, object]) -> str:
    """Return the SHA-256 of an agreement: the same file under the same rules is the same load.

    When it was frozen is no part of what was agreed.
    """
    agreed = {key: value for key, value in contract.items() if key != "judged_at"}
    if "checks" in agreed:  # limits may be floats, which have no canonical form
        agreed["checks"] = json.dumps(agreed["checks"], sort_keys=True)
    return hashlib.sha256(canonical(agreed)).hexdigest()


@dataclass(frozen=True, slots=True)
class Drift:
    """How the columns that came differ from those agreed (SCHEMA_DRIFT)."""

    missing: tuple[str, ...]
    added: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.added)

    def __str__(self) -> str:
        parts = []
        if len(self.missing) == 1 and len(self.added) == 1:
            return f"列“{self.missing[0]}”疑似改名为“{self.added[0]}”"
        if self.missing:
            parts.append(f"缺少列：{'、'.join(self.missing)}")
        if self.added:
            parts.append(f"多出列：{'、'.join(self.added)}")
        return "；".join(parts)


def drift(agreed: Sequence[ColumnSpec], came: Sequence[str]) -> Drift:
    """Compare by name: another order of the same columns is no drift."""
    names = [column.name for column in agreed]
    return Drift(
        missing=tuple(name for name in names if name not in came),
        added=tuple(name for name in came if name not in names),
    )
