"""Code tables as documents: read strictly, compared, and searched for cycles."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tongqu.standards.domain.documents import Reader
from tongqu.standards.vocabulary import BadDocument, Code, CodeTable

MOST_CODES = 20_000
FIRST_DAY = date(1900, 1, 1)


def parse_code_table(document: object) -> tuple[CodeTable, str]:
    """Return a code table and its note; raise ``BadDocument`` naming the code that is wrong."""
    name = str(document.get("name") or "（无名）") if isinstance(document, Mapping) else "代码集"
    read = Reader(document, f"代码集 {name[:60]}")
    table = CodeTable(
        name=read.text("name", longest=60, must=True),
        title=read.text("title", must=True),
        version=read.text("version", longest=40, must=True),
        standard=read.text("standard", longest=120),
        valid_from=read.day("valid_from") or FIRST_DAY,
        valid_to=read.day("valid_to"),
        codes=_codes(read.rows("codes", MOST_CODES), read.where),
        is_example=read.flag("is_example"),
    )
    note = read.text("note", longest=500)
    read.end()
    if not table.codes:
        raise BadDocument(read.where, "没有任何代码")
    if table.valid_to and table.valid_from and table.valid_to <= table.valid_from:
        raise BadDocument(read.where, "失效日期不晚于生效日期")
    if "/" in table.name:
        raise BadDocument(read.where, "name 不能含 /")
    check_codes(table.codes, read.where)
    return table, note


def _codes(rows: Sequence[object], where: str) -> tuple[Code, ...]:
    return tuple(_code(row, f"{where} 第 {line} 个代码") for line, row in enumerate(rows, 1))


def _code(row: object, where: str) -> Code:
    read = Reader(row, where)
    code = Code(
        code=read.text("code", longest=60, must=True),
        label=read.text("label", must=True),
        parent=read.text("parent", longest=60),
        valid_from=read.day("valid_from"),
        valid_to=read.day("valid_to"),
    )
    read.end()
    for text in (code.code, code.parent):
        if (narrow := normal(text)) != text:
            raise BadDocument(where, f"代码 {text} 含全角字符或空格，请写成 {narrow}")
    return code


def normal(text: str) -> str:
    """Return a code in half width and without blanks: １ and 1 are one code to their readers."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def check_codes(codes: Sequence[Code], where: str) -> None:
    """Raise ``BadDocument`` for doubles, overlapping days, unknown parents and cycles."""
    by_code: dict[str, list[Code]] = {}
    for code in codes:
        if code.valid_from and code.valid_to and code.valid_to <= code.valid_from:
            raise BadDocument(where, f"代码 {code.code} 的失效日期不晚于生效日期")
        by_code.setdefault(code.code, []).append(code)
    for text, same in by_code.items():
        _refuse_overlap(text, same, where)
    for code in codes:
        if code.parent and code.parent not in by_code:
            raise BadDocument(where, f"代码 {code.code} 的上级 {code.parent} 不在代码集中")
    if ring := cycle(codes):
        raise BadDocument(where, f"上下级成环：{' → '.join(ring)}")


def _refuse_overlap(text: str, same: Sequence[Code], where: str) -> None:
    ordered = sorted(same, key=lambda code: code.valid_from or date.min)
    for earlier, later in pairwise(ordered):
        if (earlier.valid_to or date.max) > (later.valid_from or date.min):
            if (earlier.valid_from, earlier.valid_to) == (later.valid_from, later.valid_to):
                raise BadDocument(where, f"代码 {text} 重复")
            raise BadDocument(where, f"代码 {text} 的有效期重叠")


def cycle(codes: Sequence[Code]) -> tuple[str, ...]:
    """Return a ring of the parent relation, its first code repeated at the end, or ()."""
    parents: dict[str, list[str]] = {}
    for code in codes:
        parents.setdefault(code.code, [])
        if code.parent:
            parents[code.code].append(code.parent)
    done: set[str] = set()
    for start in parents:
        if ring := _ring_from(start, parents, done):
            return ring
    return ()


def _ring_from(start: str, parents: Mapping[str, list[str]], done: set[str]) -> tuple[str, ...]:
    """Go up from a code until the top or a code met before; what is done leads to no ring."""
    path: dict[str, Iterator[str]] = {}
    node: str | None = None if start in done else start
    while node is not None:
        path.setdefault(node, iter(parents.get(node, ())))
        above = next(path[node], None)
        if above is None:
            done.add(node)
            path.pop(node)
            node = next(reversed(path), None)
        elif above in path:
            ring = list(path)
            return (*ring[ring.index(above) :], above)
        elif above not in done:
            node = above
    return ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one version of a table to another."""

    added: tuple[Code, ...]
    removed: tuple[Code, ...]
    changed: tuple[tuple[Code, Code], ...]  # old, new

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed)


def difference(old: Sequence[Code], new: Sequence[Code]) -> Difference:
    """Compare by code, and by first day where a code was given twice."""
    before, after = _keyed(old), _keyed(new)
    return Difference(
        added=tuple(code for key, code in after.items() if key not in before),
        removed=tuple(code for key, code in before.items() if key not in after),
        changed=tuple(
            (before[key], code) for key, code in after.items()
            if key in before and before[key] != code
        ),
    )  # fmt: skip


def _keyed(codes: Sequence[Code]) -> dict[tuple[str, int], Code]:
    """Number the turns of a code that was given out more than once, in order of their days."""
    found: dict[tuple[str, int], Code] = {}
    turns: dict[str, int] = {}
    for code in sorted(codes, key=lambda code: code.valid_from or date.min):
        turn = turns.get(code.code, 0)
        turns[code.code] = turn + 1
        found[(code.code, turn)] = code
    return found


def document_of(table: CodeTable) -> dict[str, object]:
    """Return the document that ``parse_code_table`` reads back."""
    rest = {"standard": table.standard, "valid_from": table.valid_from, "valid_to": table.valid_to}
    return {
        "name": table.name,
        "title": table.title,
        "version": table.version,
        "is_example": table.is_example,
        **{key: value for key, value in rest.items() if value},
        "codes": [_row_of(code) for code in table.codes],
    }


def _row_of(code: Code) -> dict[str, object]:
    rest = {"parent": code.parent, "valid_from": code.valid_from, "valid_to": code.valid_to}
    return {
        "code": code.code,
        "label": code.label,
        **{key: value for key, value in rest.items() if value},
    }
