"""How each article of the measures is kept: what we claim, and what the code shows.

A claim is one line of ``CLAIMS``; the places and the tests are read from the source, so a
claim without them is shown as a gap and not believed.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache

from tongqu.kernel.law import Clause
from tongqu.policy.vocabulary import KEEPING_LABELS, Keeping

NUMERALS = "一二三四五六七八九十"
CLAUSE_MODULES = "tongqu.policy.clauses"

E, V, M, O = Keeping.ENFORCED, Keeping.EVIDENCED, Keeping.MANUAL, Keeping.OUT_OF_REACH  # noqa: E741  (O reads as a column here)
CLAIMS: dict[int, tuple[Keeping, str]] = {
    1: (O, "立法目的，没有可执行的内容"),
    2: (E, "组织类型和授权依据必填，涉密标记的文件不入库"),
    3: (E, "只有政务部门可以提出共享申请"),
    4: (E, "岗位与权限矩阵区分主管、技术支持、提供、使用四方"),
    5: (E, "默认共享、无偿、只经平台、全程鉴权"),
    6: (E, "目录只有三种共享类型"),
    7: (E, "必须共享的基础数据和不予共享的依据由合规性检测把关"),
    8: (E, "十二项核心元数据和目录版本"),
    9: (E, "未通过检测不能发布，发布后不能改，变更提前登记"),
    10: (E, "三种共享方式走同一道授权"),
    11: (M, "新建系统须经平台共享，由立项审批把关，平台提供回执"),
    12: (E, "用途必填、自动授权、两级审核期限、拒绝须有依据"),
    13: (E, "行业外数据由科技主管部门授权或协调"),
    14: (V, "委托关系和审核情况留痕"),
    15: (V, "质量检测、工单和校核期限"),
    16: (E, "授权绑定用途、系统和网络，改变用途须重新申请"),
    17: (E, "三个月未使用生成撤销任务，由人决定"),
    18: (V, "检查与评估所需的数字由平台留存"),
    19: (E, "分类分级、脱敏、鉴权和存证"),
    20: (E, "预编与正式回执各有条件，接入期限可查"),
    21: (O, "经费由预算程序安排"),
    22: (V, "第一责任人和经办人登记在岗位中"),
    23: (M, "整改由科技主管部门通知，平台提供发现的事实"),
    24: (O, "经费、硬件和审批由主管机关决定"),
    25: (M, "解释由科技主管部门作出，录入为新的规则版本"),
    26: (E, "规则按生效日期适用，政务内网数据不在范围内"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the code relies on a clause."""

    module: str  # dotted, e.g. "tongqu.sharing.actions.submit"
    function: str  # empty at module level
    line: int
    constant: str  # e.g. "FIRST_REVIEW"


@dataclass(frozen=True, slots=True)
class ArticleCoverage:
    article: str  # 第十二条
    number: int
    state: Keeping
    claimed: Keeping
    how: str
    clauses: tuple[str, ...]  # gists
    code: tuple[Place, ...]
    tests: tuple[str, ...]  # test functions of the article's own file
    counts: Mapping[str, int]

    @property
    def label(self) -> str:
        return KEEPING_LABELS[self.state]

    @property
    def is_gap(self) -> bool:
        return self.state is not self.claimed

    def as_dict(self) -> dict[str, object]:
        return asdict(self) | {"counts": dict(self.counts), "is_gap": self.is_gap}


def numeral(number: int) -> str:
    """Return 1–99 as printed in the text: 12 is 十二, 20 is 二十, 26 is 二十六."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else NUMERALS[tens - 1]) + "十" if tens else ""
    return head + (NUMERALS[ones - 1] if ones else "")


def cover(
    clauses: Mapping[str, Clause],
    sources: Mapping[str, str],
    tests: Mapping[int, tuple[str, ...]],
    counts: Mapping[int, Mapping[str, int]],
) -> tuple[ArticleCoverage, ...]:
    """Return one row an article. ``clauses`` by constant name; ``sources`` by module name.

    What is claimed as enforced or evidenced, but used nowhere in the code, is manual.
    """
    module = f"{CLAUSE_MODULES}.measures_2021"
    places = [p for name, text in sorted(sources.items()) for p in _places(text, name, module)]
    rows = []
    for number, (claimed, how) in CLAIMS.items():
        article = f"第{numeral(number)}条"
        mine = {name: c for name, c in clauses.items() if c.place == article}
        code = tuple(p for p in places if p.constant in mine)
        needs_code = claimed in {Keeping.ENFORCED, Keeping.EVIDENCED}
        rows.append(
            ArticleCoverage(
                article=article,
                number=number,
                state=Keeping.MANUAL if needs_code and not code else claimed,
                claimed=claimed,
                how=how,
                clauses=tuple(c.gist for c in mine.values()),
                code=code,
                tests=tests.get(number, ()),
                counts=counts.get(number, {}),
            )
        )
    return tuple(rows)


@cache
def _places(text: str, name: str, clause_module: str) -> tuple[Place, ...]:
    """Read a source once a process: parsing all of them takes seconds."""
    return tuple(uses(text, name, clause_module))


def uses(text: str, name: str, clause_module: str) -> Iterator[Place]:
    """Return where a module uses the constants of a module of clauses."""
    if clause_module.rpartition(".")[2] not in text:
        return
    tree = ast.parse(text)
    aliases, constants = _imported(tree, clause_module)
    for node, function in _walk(tree, ""):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=attribute) if owner in aliases:
                if attribute.isupper():
                    yield Place(name, function, node.lineno, attribute)
            case ast.Name(id=used, ctx=ast.Load()) if used in constants:
                yield Place(name, function, node.lineno, constants[used])


@cache
def names_of_tests(text: str) -> tuple[str, ...]:
    """Return the names of the test functions of a module, in order."""
    return tuple(
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def _imported(tree: ast.Module, clause_module: str) -> tuple[set[str], dict[str, str]]:
    package, _, module = clause_module.rpartition(".")
    aliases: set[str] = set()
    constants: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.module == package:
            aliases |= {n.asname or n.name for n in node.names if n.name == module}
        elif node.module == clause_module:
            constants |= {n.asname or n.name: n.name for n in node.names}
    return aliases, constants


def _walk(node: ast.AST, function: str) -> Iterator[tuple[ast.AST, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            inside = f"{function}.{child.name}" if function else child.name
        else:
            inside = function
        yield child, inside
        yield from _walk(child, inside)


def markdown(rows: tuple[ArticleCoverage, ...]) -> str:
    """Return the document ``docs/law-coverage.md``; generated, so that it cannot drift."""
    lines = [
        "# 条款落实一览",
        "",
        "“程序执行”和“留痕可查”须有代码位置，没有的按“人工办理”列出。",
        "",
        "| 条款 | 方式 | 说明 | 代码位置 | 测试 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        modules = "<br>".join(f"`{m}`" for m in dict.fromkeys(p.module for p in row.code)) or "—"
        tests = f"{len(row.tests)}" if row.tests else "—"
        lines.append(f"| {row.article} | {row.label} | {row.how} | {modules} | {tests} |")
    return "\n".join([*lines, ""])
