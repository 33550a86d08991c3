"""Where tables lie and which way data flows: up through the layers, never past one."""

from dataclasses import dataclass

from tongqu.kernel.problems import Problem
from tongqu.lake.vocabulary import LAYER_LABELS, Layer, Library, TableRef
from tongqu.policy.clauses.gd_2024 import FIVE_LIBRARIES, THREE_LAYERS

# Which layers a model that writes this layer may read. A source may write only the first.
MAY_READ: dict[Layer, frozenset[Layer]] = {
    Layer.ODS: frozenset(),
    Layer.DW: frozenset({Layer.ODS, Layer.DW}),
    Layer.SVC: frozenset({Layer.DW}),
    Layer.QUARANTINE: frozenset(),
}
LIBRARIES: dict[Layer, frozenset[Library]] = {
    Layer.DW: frozenset({Library.BASE, Library.THEME}),
    Layer.SVC: frozenset({Library.TOPIC, Library.SERVICE}),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one model, before it runs."""

    model: str
    problem: Problem


def direction_problem(target: TableRef, source: str, source_layer: Layer | None) -> Problem | None:
    """Return why a model may not read this table; None if it may.

    ``source_layer`` is None for what is no table of the lake: a file, a connection.
    Source: 三层 (gd-2024 三（三）): the service layer stands on the warehouse layer.
    """
    if source_layer in MAY_READ[target.layer]:
        return None
    allowed = "、".join(LAYER_LABELS[layer] for layer in Layer if layer in MAY_READ[target.layer])
    came = LAYER_LABELS[source_layer] if source_layer else "数据源"
    return Problem(
        code="LAYER_DIRECTION",
        title=f"{LAYER_LABELS[target.layer]}的表 {target.name} 不得直接读取{came}。",
        next_step=f"{LAYER_LABELS[target.layer]}只能读取{allowed}；请先把数据加工到该层。",
        basis=THREE_LAYERS,
        who="技术支持部门",
        facts={"table": target.name, "reads": source},
    )


def library_problem(target: TableRef, library: str) -> Problem | None:
    """Return why the library does not suit the layer; None if it does."""
    allowed = LIBRARIES.get(target.layer, frozenset())
    if library in allowed:
        return None
    return Problem(
        code="LIBRARY",
        title=f"模型 {target.name} 的所属库与{LAYER_LABELS[target.layer]}不符。",
        next_step=f"library 请填 {'、'.join(sorted(allowed)) or '（该层不由模型写入）'}。",
        basis=FIVE_LIBRARIES,
        facts={"table": target.name},
    )
