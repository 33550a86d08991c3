"""Take the two lists from a sheet: each row wholly or not at all, faults by cell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tongqu.functions.actions.functions import save_function
from tongqu.functions.actions.systems import map_support, save_system
from tongqu.functions.domain import problems
from tongqu.functions.models import Function, System
from tongqu.functions.vocabulary import BasisKind, FunctionKind, SystemClass
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.kernel.words import Word

FUNCTION_COLUMNS = (
    "编码",
    "类别",
    "名称",
    "上级",
    "核心业务",
    "依据类别",
    "依据",
    "责任岗位",
    "说明",
)
SYSTEM_COLUMNS = ("编码", "名称", "类别", "涉密", "模块", "责任岗位", "说明", "支撑")
MOST_ROWS = 3000
_YES, _NO = frozenset({"是", "√", "Y", "1"}), frozenset({"", "否", "N", "0"})
# Field of the action → column of the sheet.
_CELLS = {
    "name": "名称", "kind": "类别", "parent": "上级", "is_core": "核心业务",
    "basis_kind": "依据类别", "basis": "依据", "accountable": "责任岗位", "summary": "说明",
    "system_class": "类别", "is_secret": "涉密", "modules": "模块", "code": "编码",
    "system": "支撑", "function": "支撑",
}  # fmt: skip

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with one cell. ``position`` is the row of the sheet, from 1."""

    position: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Imported:
    saved: int
    faults: tuple[CellFault, ...]


def import_functions(rows: Sequence[tuple[int, Row]], *, by: Actor) -> Imported:
    """Save functions and work items, parents before their children, as the sheet lists them."""
    return _each(rows, lambda row: _function(row, by))


def import_systems(rows: Sequence[tuple[int, Row]], *, by: Actor) -> Imported:
    """Save systems with their modules and what they support."""
    return _each(rows, lambda row: _system(row, by))


def _each(rows: Sequence[tuple[int, Row]], save: Callable[[Row], Any]) -> Imported:
    if len(rows) > MOST_ROWS:
        raise Rejected(problems.invalid("file", f"一次不超过 {MOST_ROWS} 行，请分开导入"))
    saved = 0
    faults: list[CellFault] = []
    for position, row in rows:
        try:
            with transaction.atomic():
                save(row)
            saved += 1
        except Rejected as rejected:
            problem = rejected.problem
            cells = problem.fields or {"": f"{problem.title}{problem.next_step}"}
            faults += [
                CellFault(position, _CELLS.get(name, name), text) for name, text in cells.items()
            ]
    return Imported(saved, tuple(faults))


def _word(words: type[Word], text: str, field: str, *, blank: bool = False) -> str:
    for word in words:
        if text in (word.label, word.value):
            return word.value
    if blank and not text:
        return ""
    options = "、".join(word.label for word in words)
    raise Rejected(problems.invalid(field, f"应为：{options}"))


def _flag(text: str, field: str) -> bool:
    if text.upper() not in _YES | _NO:
        raise Rejected(problems.invalid(field, "应为“是”或“否”"))
    return text.upper() in _YES


def _function(row: Row, by: Actor) -> None:
    kind = _word(FunctionKind, row.get("类别", ""), "kind")
    fields: dict[str, Any] = {
        "kind": kind,
        "name": row.get("名称", ""),
        "parent": _parent(row.get("上级", ""), by),
        "is_core": _flag(row.get("核心业务", ""), "is_core"),
        "basis_kind": _word(BasisKind, row.get("依据类别", ""), "basis_kind", blank=True),
        "basis": row.get("依据", ""),
        "accountable": row.get("责任岗位", ""),
        "summary": row.get("说明", ""),
    }
    save_function(fields, by=by, code=_known(Function, row, by))


def _parent(text: str, by: Actor) -> str:
    """Return the code of a parent given by code or by its one name in the department."""
    if not text:
        return ""
    own = Function.objects.filter(organisation_id=by.organisation_id or 0)
    if own.filter(code=text).exists():
        return text
    named = list(own.filter(name=text, kind=FunctionKind.FUNCTION).values_list("code", flat=True))
    if len(named) > 1:
        raise Rejected(problems.invalid("parent", "有几项同名职能，请填写编码"))
    return named[0] if named else text


def _known(model: type[Function] | type[System], row: Row, by: Actor) -> str:
    code = row.get("编码", "")
    own = model._default_manager.filter(organisation_id=by.organisation_id or 0)
    if code and not own.filter(code=code).exists():
        raise Rejected(problems.invalid("code", "本部门没有这个编码；新登记的请留空，由平台编码"))
    return code


def _system(row: Row, by: Actor) -> None:
    fields: dict[str, Any] = {
        "name": row.get("名称", ""),
        "system_class": _word(SystemClass, row.get("类别", ""), "system_class"),
        "is_secret": _flag(row.get("涉密", ""), "is_secret"),
        "accountable": row.get("责任岗位", ""),
        "summary": row.get("说明", ""),
    }
    if row.get("模块"):
        fields["modules"] = [_module(part) for part in _parts(row["模块"])]
    system = save_system(fields, by=by, code=_known(System, row, by))
    for target in _parts(row.get("支撑", "")):
        function, _, module = target.partition("/")
        own = Function.objects.filter(code=function, organisation_id=by.organisation_id or 0)
        if not own.exists():
            raise Rejected(problems.invalid("function", f"本部门没有工作项 {function[:60]}"))
        map_support(function, system.code, module=module, by=by)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", "；").split("；") if part.strip()]


def _module(text: str) -> tuple[str, str]:
    code, _, name = text.partition(" ")
    if not name.strip():
        raise Rejected(problems.invalid("modules", "每个模块写“编号 名称”，模块之间用分号分开"))
    return code, name.strip()
