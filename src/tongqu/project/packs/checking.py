"""Judge a pack without a database: every fault with its file and place, all of them at once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongqu.catalog.vocabulary import (
    AdminLevel,
    BasicClass,
    BusinessDomain,
    DataFormat,
    DataType,
    Domain,
    Manner,
    Scope,
    SharingType,
    Strategy,
    TransportMode,
    UpdateCycle,
)
from tongqu.kernel.words import Word
from tongqu.lake.public import ref_of
from tongqu.project.packs.reading import Document, Pack, PackEntry
from tongqu.quality.vocabulary import RuleKind
from tongqu.standards.public import columns_of_check, parse_checks, parse_message_format
from tongqu.standards.vocabulary import BadDocument, CheckKind, StandardKind, Topic


@dataclass(frozen=True, slots=True)
class Fault:
    where: str  # file, and what in it
    what: str

    def __str__(self) -> str:
        return f"{self.where}：{self.what}"


Faults = Iterator[Fault]
HEAD = frozenset({"name", "title", "version", "province", "description", "assumption", "documents"})
STANDARD = frozenset({"code", "title", "version", "kind", "topic", "state", "summary"})
TABLE = frozenset({"name", "title", "version", "standard", "note", "codes"})
CODE = frozenset({"code", "label", "parent", "valid_from", "valid_to"})
CROSSWALK = frozenset({"source", "target", "title", "pairs"})
ELEMENT = frozenset(
    {"code", "name_zh", "name_en", "data_type", "length", "code_table", "standard",
     "definition", "checks"}
)  # fmt: skip
WORDS: Mapping[str, type[Word]] = {
    "domain": Domain, "update_cycle": UpdateCycle, "sharing_type": SharingType, "scope": Scope,
    "basic_class": BasicClass, "admin_level": AdminLevel, "mode": TransportMode,
    "business": BusinessDomain,
}  # fmt: skip
LISTS: Mapping[str, type[Word]] = {
    "formats": DataFormat, "manners": Manner, "strategies": Strategy,
}  # fmt: skip
TEXTS = frozenset({"name", "category", "conditions", "source_system", "summary", "accountable"})
OTHERS = frozenset({"level", "materials", "legal_basis", "standards", "tools", "items", "checks"})
NEEDED = frozenset(
    {"name", "category", "domain", "formats", "update_cycle", "sharing_type", "scope", "manners",
     "source_system", "level", "summary", "admin_level", "mode", "business", "accountable"}
)  # fmt: skip
ITEM = frozenset(
    {"name_zh", "name_en", "data_type", "length", "code_table", "element", "nullable", "is_key",
     "level", "mask", "is_shareable", "is_openable"}
)  # fmt: skip
MASKED_LEVEL = 3
CYCLES = {"实时": "realtime", "每天": "daily", "每月": "monthly", "每年": "yearly"}


def faults(pack: Pack) -> tuple[Fault, ...]:
    """Return everything that does not hold; empty for a pack that may be loaded."""
    judges: tuple[Callable[[Pack], Faults], ...] = (
        _head, _standards, _tables, _crosswalks, _elements, _messages, _entries, _batch,
    )  # fmt: skip
    found: list[Fault] = []
    for judge in judges:
        try:
            found += judge(pack)
        except (KeyError, TypeError, AttributeError) as error:
            found.append(Fault(judge.__name__.strip("_"), f"结构不对，缺少或写错 {error}"))
    return tuple(found)


def _keys(row: Document, known: frozenset[str], where: str) -> Faults:
    if strange := set(row) - known:
        yield Fault(where, f"不认识的键 {'、'.join(sorted(strange))}")


def _twice(values: Sequence[str], where: str, what: str) -> Faults:
    for value, count in Counter(values).items():
        if count > 1:
            yield Fault(where, f"{what} {value} 重复 {count} 次")


def _head(pack: Pack) -> Faults:
    yield from _keys(pack.head, HEAD, "pack.toml")
    for key in ("name", "title", "version", "documents"):
        if not pack.head.get(key):
            yield Fault("pack.toml", f"缺少 {key}")
    if not pack.entries:
        yield Fault("pack.toml", "没有任何资源")


def _standards(pack: Pack) -> Faults:
    yield from _twice([str(row["code"]) for row in pack.standards], "standards.toml", "标准")
    for row in pack.standards:
        where = f"标准 {row['code']}"
        yield from _keys(row, STANDARD, where)
        for key, words in (("kind", StandardKind), ("topic", Topic)):
            if row.get(key) not in set(words):
                yield Fault(where, f"{key} 不认识 {row.get(key)}")


def _tables(pack: Pack) -> Faults:
    yield from _twice([str(row["name"]) for row in pack.tables], "code-tables", "代码集")
    for table in pack.tables:
        where = f"代码集 {table['name']}"
        yield from _keys(table, TABLE, where)
        yield from _known_standard(pack, table, where)
        codes = [str(row["code"]) for row in table["codes"]]
        yield from _twice(codes, where, "代码")
        for row in table["codes"]:
            yield from _keys(row, CODE, f"{where} {row['code']}")
            if row.get("parent") and row["parent"] not in codes:
                yield Fault(f"{where} {row['code']}", f"上级 {row['parent']} 不在代码集中")
            if row.get("valid_to", date.max) <= row.get("valid_from", date.min):
                yield Fault(f"{where} {row['code']}", "失效日期不晚于生效日期")


def _known_standard(pack: Pack, row: Document, where: str) -> Faults:
    given = row.get("standard")
    if given and given not in {one["code"] for one in pack.standards}:
        yield Fault(where, f"standards.toml 中没有标准 {given}")


def _crosswalks(pack: Pack) -> Faults:
    for row in pack.crosswalks:
        where = f"对照 {row['source']} → {row['target']}"
        yield from _keys(row, CROSSWALK, where)
        for side, key in (("source", "from"), ("target", "to")):
            table = pack.code_tables.get(str(row[side]))
            if table is None:
                yield Fault(where, f"没有代码集 {row[side]}")
                continue
            known = {code.code for code in table.codes}
            if strange := sorted({str(pair[key]) for pair in row["pairs"]} - known):
                yield Fault(where, f"{row[side]} 没有代码 {'、'.join(strange)}")


def _elements(pack: Pack) -> Faults:
    yield from _twice([str(row["code"]) for row in pack.elements], "elements.toml", "数据元")
    for row in pack.elements:
        where = f"数据元 {row['code']}"
        yield from _keys(row, ELEMENT, where)
        yield from _known_standard(pack, row, where)
        if row.get("data_type") not in set(DataType):
            yield Fault(where, f"data_type 不认识 {row.get('data_type')}")
        if row.get("code_table") and row["code_table"] not in pack.code_tables:
            yield Fault(where, f"没有代码集 {row['code_table']}")
        yield from _checks(pack, row.get("checks", []), where, columns=None)


def _checks(pack: Pack, rows: object, where: str, *, columns: Sequence[str] | None) -> Faults:
    """Every check parses; the code tables that it names exist. One fault a list."""
    try:
        checks = parse_checks(rows, where=where, columns=columns, needs_columns=columns is not None)
    except BadDocument as error:
        yield Fault(error.where, error.what)
        return
    for check in checks:
        for table in sorted(check.tables - set(pack.code_tables)):
            yield Fault(f"{where} {check.code}", f"没有代码集 {table}")
        if columns is None and len(columns_of_check(check.bound("value"))) > 1:
            yield Fault(f"{where} {check.code}", "数据元的校验只看一个值")


def _messages(pack: Pack) -> Faults:
    yield from _twice([str(row["code"]) for row in pack.messages], "messages.toml", "单据格式")
    known = {str(row["code"]) for row in pack.elements}
    for row in pack.messages:
        where = f"单据格式 {row['code']}"
        try:
            form = parse_message_format(row)
        except BadDocument as error:
            yield Fault(error.where, error.what)
            continue
        for code in sorted({field.element for field in form.fields} - known - {""}):
            yield Fault(where, f"没有数据元 {code}")


def _entries(pack: Pack) -> Faults:
    yield from _twice([entry.slug for entry in pack.entries], "entries", "资源")
    yield from _twice([entry.name for entry in pack.entries], "entries", "名称")
    codes = [str(check.get("code")) for e in pack.entries for check in e.document.get("checks", [])]
    codes += [str(rule.get("code")) for entry in pack.entries for rule in entry.rules]
    yield from _twice(codes, "entries", "规则编码")
    for number, entry in enumerate(pack.entries, start=1):
        if entry.number != number or not entry.file.split("/")[-1].startswith(f"{number:02}-"):
            yield Fault(entry.file, f"序号应为 {number}，文件名以 {number:02}- 开头")
        yield from _entry(pack, entry)
        yield from _items(pack, entry)
        yield from _checks(
            pack, entry.document.get("checks", []), entry.file, columns=entry.columns
        )
        yield from _rules(pack, entry)


def _entry(pack: Pack, entry: PackEntry) -> Faults:
    row, where = entry.document, entry.file
    known = frozenset({*WORDS, *LISTS, *TEXTS, *OTHERS})
    yield from _keys(row, known, where)
    for key in sorted(NEEDED - {key for key, value in row.items() if value}):
        yield Fault(where, f"缺少 {key}")
    for key, words in WORDS.items():
        if key in row and row[key] not in set(words):
            yield Fault(where, f"{key} 不认识 {row[key]}")
    for key, words in LISTS.items():
        if strange := set(row.get(key, [])) - set(words):
            yield Fault(where, f"{key} 不认识 {'、'.join(sorted(strange))}")
    if strange := set(row.get("standards", [])) - {one["code"] for one in pack.standards}:
        yield Fault(where, f"standards.toml 中没有标准 {'、'.join(sorted(strange))}")
    if row.get("sharing_type") == SharingType.CONDITIONAL:
        if not row.get("conditions"):
            yield Fault(where, "有条件共享没有写明条件")
        if row.get("basic_class"):
            yield Fault(where, "七类基础数据应无条件共享")


def _items(pack: Pack, entry: PackEntry) -> Faults:
    where = entry.file
    yield from _twice(list(entry.columns), where, "信息项")
    highest = max((int(item.get("level", 1)) for item in entry.items), default=0)
    if entry.document.get("level") != highest:
        yield Fault(where, f"目录分级 {entry.document.get('level')}，信息项最高 {highest} 级")
    if not any(item.get("is_key") for item in entry.items):
        yield Fault(where, "没有主键")
    for item in entry.items:
        place = f"{where} {item.get('name_en')}"
        yield from _keys(item, ITEM, place)
        yield from _item(pack, item, place)


def _item(pack: Pack, item: Document, where: str) -> Faults:
    if not item.get("name_zh") or item.get("data_type") not in set(DataType):
        yield Fault(where, "缺少中文名称，或类型不认识")
    if item.get("is_key") and item.get("nullable", True):
        yield Fault(where, "主键不能为空，应写 nullable = false")
    if item.get("code_table") and item["code_table"] not in pack.code_tables:
        yield Fault(where, f"没有代码集 {item['code_table']}")
    level, shared = int(item.get("level", 1)), item.get("is_shareable", True)
    if level >= MASKED_LEVEL and shared and item.get("mask", "none") == "none":
        yield Fault(where, f"{level} 级信息项共享而没有脱敏方式")
    if item.get("is_openable") and (level > 1 or not shared):
        yield Fault(where, "可开放的信息项须为 1 级且共享")
    if code := item.get("element"):
        yield from _bound(pack, item, str(code), where)


def _bound(pack: Pack, item: Document, code: str, where: str) -> Faults:
    """An item keeps to the type, length and code table of its element."""
    element: Mapping[str, Any] | None = next(
        (one for one in pack.elements if one["code"] == code), None
    )
    if element is None:
        yield Fault(where, f"没有数据元 {code}")
        return
    if item.get("data_type") != element["data_type"]:
        yield Fault(where, f"类型与数据元 {code} 不同")
    tables = {table for check in pack.element_checks[code] for table in check.tables}
    tables.add(element.get("code_table", ""))
    if item.get("code_table", "") not in tables:
        yield Fault(where, f"代码集与数据元 {code} 不同")
    if element["data_type"] == "string" and item.get("length", 0) > element.get("length", 1 << 31):
        yield Fault(where, f"长度超过数据元 {code}")


def _rules(pack: Pack, entry: PackEntry) -> Faults:
    for rule in entry.rules:
        where = f"{entry.file} {rule.get('code')}"
        if rule.get("kind") in set(CheckKind) - set(RuleKind):
            yield from _checks(pack, [rule], where, columns=entry.columns)
        elif rule.get("kind") not in set(RuleKind):
            yield Fault(where, f"规则种类不认识 {rule.get('kind')}")
        used = [rule.get("column"), rule.get("not_after"), *rule.get("columns", [])]
        if strange := {str(name) for name in used if name} - set(entry.columns):
            yield Fault(where, f"没有信息项 {'、'.join(sorted(strange))}")
        table = str(rule.get("table", ""))
        if not table:
            continue
        if not table.startswith("@"):
            if ref_of(table) is None:
                yield Fault(where, f"{table} 不是湖仓中的表名；本包的资源写作 @资源标识")
            continue
        other = pack.by_slug.get(table[1:])
        if other is None:
            yield Fault(where, f"引用的资源 {table} 不在本包")
        elif rule.get("key") and rule["key"] not in other.columns:
            yield Fault(where, f"{other.slug} 没有信息项 {rule['key']}")


def _batch(pack: Pack) -> Faults:
    if pack.batch is None:
        return
    rows = pack.batch.get("rows", [])
    listed = [
        (row["number"], row["slug"], row["name"], row["supply"], row["cycle"]) for row in rows
    ]
    held = [(e.number, e.slug, e.name, e.supply, e.cycle) for e in pack.entries]
    for row in sorted(set(listed) ^ set(held)):
        yield Fault("batch.toml", f"第 {row[0]} 行 {row[2]} 与条目不一致")
    for entry in pack.entries:
        if CYCLES.get(entry.cycle) != entry.document.get("update_cycle"):
            yield Fault(entry.file, f"更新周期与清单的“{entry.cycle}”不一致")
