"""A model: one SELECT with a header that says where its rows go and what must hold of them."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.domain.fuse import Fusion
from tongqu.lake.domain.topic import Indicators
from tongqu.lake.vocabulary import PREFIXES, Layer, ModelLevel, ModelScope, TableRef, Theme

_HEADER = re.compile(r"--\s*([a-z_]+)\s*:\s*(.*)$")
_TEST = re.compile(r"([a-z_]+)\(([^()]*)\)")
_VERSION = re.compile(r"\d+(\.\d+){0,2}")
_ELEMENT = re.compile(r"([a-z][a-z0-9_]*)\s*=\s*([A-Z][A-Z0-9-]*)")
KNOWN = {
    "layer", "name", "title", "library", "theme", "topic", "owner", "keys", "tests", "clauses",
    "moment", "incremental", "level", "scope", "version", "retention", "object", "validity",
    "elements",
}  # fmt: skip
UNITS = ("minute", "hour", "day")  # to which the moment of a run may be cut
TEST_KINDS = {"not_null", "unique", "min_rows", "accepted", "in_range"}
THEMES = tuple(theme.label for theme in Theme)
LEVELS = tuple(level.label for level in ModelLevel)
SCOPES = tuple(scope.label for scope in ModelScope)


@dataclass(frozen=True, slots=True)
class ModelTest:
    """A check on the rows of a model, such as ``unique(carrier, flight)``."""

    kind: str
    arguments: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the arguments that name columns; the others are words and numbers."""
        if self.kind in {"not_null", "unique"}:
            return self.arguments
        return () if self.kind == "min_rows" else self.arguments[:1]

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(self.arguments)})"


@dataclass(frozen=True, slots=True)
class Partition:
    """By what a model is renewed piecemeal: an output column and how its inputs tell it.

    Only the values whose input rows changed are computed again.
    """

    column: str
    expression: str  # over the columns of a table that is read

    def __str__(self) -> str:
        is_plain = self.column == self.expression
        return self.column if is_plain else f"{self.column} = {self.expression}"


@dataclass(frozen=True, slots=True)
class Model:
    ref: TableRef
    sql: str
    title: str = ""
    library: str = ""
    theme: str = ""
    topic: str = ""
    owner: str = ""
    keys: tuple[str, ...] = ()
    tests: tuple[ModelTest, ...] = ()
    clauses: tuple[str, ...] = field(default=())
    moment: str = ""  # unit of the moment that the SQL reads as $moment; empty: it reads none
    partition: Partition | None = None
    level: str = ModelLevel.PHYSICAL.label
    scope: str = ModelScope.OWN.label
    version: str = "1"
    retention: int = 0  # days; 0: as long as the sources
    object: str = ""  # 业务对象 of the base library
    validity: tuple[str, ...] = ()  # columns: valid from, valid to
    elements: tuple[tuple[str, str], ...] = ()  # column, data element
    declared: Fusion | Indicators | None = None  # what the SQL is made from

    @property
    def name(self) -> str:
        return self.ref.name

    @property
    def digest(self) -> str:
        """Tell whether the rows could come out otherwise; titles and owners do not matter."""
        parts = (self.sql, self.ref.name, *self.keys, *map(str, self.tests), self.moment)
        text = "\0".join(parts if self.moment else parts[:-1])
        return hashlib.sha256(text.encode()).hexdigest()


def parse(text: str, *, file: str) -> Model:
    """Return the model in a file: leading ``-- key: value`` lines, then one SELECT.

    A header line may be repeated; its values are joined by a comma. A file that ends in
    ``.toml`` declares a fusion or a topic (``domain/fuse.py``, ``domain/topic.py``).
    Raises: ``Rejected`` MODEL_HEADER naming what is missing or not understood.
    """
    if file.endswith(".toml"):
        return _declared(text, file)
    header, body = _split(text)
    if not body.strip():
        raise _bad(file, "没有查询语句", "请在头部之后写一条 SELECT。")
    return _made(header, body.strip().rstrip(";"), file)


def _declared(text: str, file: str) -> Model:
    """Return a declared model: its SELECT is made from the declaration."""
    import tomllib

    try:
        document = tomllib.loads(text)
        is_topic = document.get("kind") == "topic"
        body = Indicators.of(document) if is_topic else Fusion.of(document)
    except (tomllib.TOMLDecodeError, ValueError, TypeError, AttributeError) as error:
        raise _bad(file, f"声明写法不对：{error}", "请按说明改正。") from error
    header = {
        key: ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for key, value in document.items()
        if key not in {"kind", "sources", "fields", "indicators"}
    }
    return _made(header, body.sql(), file, body)


def _made(
    header: Mapping[str, str], sql: str, file: str, declared: Fusion | Indicators | None = None
) -> Model:
    if unknown := sorted(set(header) - KNOWN):
        raise _bad(
            file, f"头部有不认识的项 {unknown[0]}", f"可用的项：{'、'.join(sorted(KNOWN))}。"
        )
    layer, name = header.get("layer", ""), header.get("name", "")
    if layer not in {Layer.DW, Layer.SVC}:
        raise _bad(file, "头部的 layer 须为 dw 或 svc", "请写明模型写入的层；贴源层只由汇聚写入。")
    if not name.startswith(PREFIXES[Layer(layer)]):
        raise _bad(file, "头部的 name 与所在层不符", f"表名须以 {PREFIXES[Layer(layer)]} 开头。")
    one_of = {"moment": UNITS, "theme": THEMES, "level": LEVELS, "scope": SCOPES}
    for key, words in one_of.items():
        if key in header and header[key] not in words:
            raise _bad(file, f"头部的 {key} 写法不对", f"可用：{'、'.join(words)}。")
    return Model(
        ref=TableRef(Layer(layer), name),
        sql=sql,
        title=header.get("title", ""),
        library=header.get("library", ""),
        theme=header.get("theme", ""),
        topic=header.get("topic", ""),
        owner=header.get("owner", ""),
        keys=_listed(header.get("keys", "")),
        tests=_tests(header.get("tests", ""), file),
        clauses=tuple(c.strip() for c in header.get("clauses", "").split(";") if c.strip()),
        moment=header.get("moment", ""),
        partition=_partition(header.get("incremental", "")),
        level=header.get("level", ModelLevel.PHYSICAL.label),
        scope=header.get("scope", ModelScope.OWN.label),
        version=_version(header.get("version", "1"), file),
        retention=_days(header.get("retention", "0"), file),
        object=header.get("object", ""),
        validity=_listed(header.get("validity", "")),
        elements=_elements(header.get("elements", ""), file),
        declared=declared,
    )


def _split(text: str) -> tuple[dict[str, str], str]:
    header: dict[str, str] = {}
    lines = text.splitlines()
    for number, line in enumerate(lines):
        stripped = line.strip()
        if found := _HEADER.fullmatch(stripped):
            key, value = found.group(1), found.group(2).strip()
            header[key] = f"{header[key]}, {value}" if key in header else value
        elif stripped and not stripped.startswith("--"):
            return header, "\n".join(lines[number:])
    return header, ""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _partition(text: str) -> Partition | None:
    """Read ``stat_date`` or ``day = CAST(gps_time AS DATE)``."""
    column, _, expression = (part.strip() for part in text.partition("="))
    return Partition(column, expression or column) if column else None


def _version(text: str, file: str) -> str:
    if not _VERSION.fullmatch(text):
        raise _bad(file, "头部的 version 写法不对", "请写作 1、1.2 或 1.2.3。")
    return text


def _days(text: str, file: str) -> int:
    if not text.isdecimal() or int(text) > 36_500:
        raise _bad(file, "头部的 retention 写法不对", "请写保留的天数，0 表示与来源一致。")
    return int(text)


def _elements(text: str, file: str) -> tuple[tuple[str, str], ...]:
    """Read ``vehicle_plate=DE-PLATE, plate_color=DE-PCOL``."""
    pairs = []
    for part in _listed(text):
        found = _ELEMENT.fullmatch(part)
        if found is None:
            raise _bad(file, "头部的 elements 写法不对", "例：vehicle_plate=DE-PLATE。")
        pairs.append((found.group(1), found.group(2)))
    return tuple(pairs)


def _tests(text: str, file: str) -> tuple[ModelTest, ...]:
    if re.sub(r"[\s,]", "", _TEST.sub("", text)):
        raise _bad(
            file, "头部的 tests 写法不对", "例：not_null(tail_no), unique(carrier, flight)。"
        )
    tests = tuple(ModelTest(m.group(1), _listed(m.group(2))) for m in _TEST.finditer(text))
    for test in tests:
        if test.kind not in TEST_KINDS or not _has_arguments(test):
            raise _bad(
                file, f"不认识的检查 {test.kind}", f"可用：{'、'.join(sorted(TEST_KINDS))}。"
            )
    return tests


def _has_arguments(test: ModelTest) -> bool:
    number = re.compile(r"-?\d+(\.\d+)?")
    match test.kind:
        case "min_rows":
            return len(test.arguments) == 1 and test.arguments[0].isdecimal()
        case "in_range":
            return len(test.arguments) == 3 and all(map(number.fullmatch, test.arguments[1:]))
        case "accepted":
            return len(test.arguments) > 1
        case _:
            return bool(test.arguments)


def _bad(file: str, what: str, next_step: str) -> Rejected:
    return Rejected(
        Problem(
            code="MODEL_HEADER",
            title=f"模型文件 {file}：{what}。",
            next_step=next_step,
            facts={"file": file},
        )
    )


def in_order(models: Sequence[Model], reads: Mapping[str, Iterable[str]]) -> list[Model]:
    """Return the models so that each comes after those it reads; ties by name.

    Raises: ``Rejected`` MODEL_CYCLE, MODEL_TWICE.
    """
    by_name = {model.name: model for model in models}
    if len(by_name) < len(models):
        raise _bad("", "有两个模型写同一张表", "一张表只由一个模型写入。")
    waiting = {name: set(reads[name]) & by_name.keys() for name in sorted(by_name)}
    ordered: list[Model] = []
    while waiting:
        free = [name for name, needs in waiting.items() if not needs & waiting.keys()]
        if not free:
            raise Rejected(
                Problem(
                    code="MODEL_CYCLE",
                    title="模型之间互相引用，无法排出先后。",
                    next_step=f"请检查：{'、'.join(sorted(waiting))}。",
                    facts={"models": sorted(waiting)},
                )
            )
        ordered += [by_name[name] for name in free]
        for name in free:
            del waiting[name]
    return ordered


def affected(
    ordered: Sequence[Model], reads: Mapping[str, Iterable[str]], tables: set[str]
) -> set[str]:
    """Return the models that these tables reach, directly or through others."""
    found: set[str] = set()
    for model in ordered:
        if found.union(tables).intersection(reads[model.name]):
            found.add(model.name)
    return found
