"""Lineage that other systems tell: OpenLineage events become edges beside our own."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction

from tongqu.audit.public import record
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake.actions.edges import keep_edges
from tongqu.lake.vocabulary import Edge, Transform, ref_of
from tongqu.policy.clauses.gd_2024 import LINEAGE

OWN = "tongqu"  # the namespace of our own tables
MOST_EDGES = 5_000
LONGEST = 120
AGGREGATIONS = frozenset({"AGGREGATION"})


def take_event(event: Mapping[str, Any], *, by: Actor) -> list[Edge]:
    """Keep the column edges of an event in place of those that its job told before.

    A table of ours may be read by a foreign job; it is never written by one: its lineage is
    told by our models and loads alone. Raises: ``Rejected`` LINEAGE_EVENT.
    """
    require(by, P.LAKE_MODEL_RUN)
    job = _named(event.get("job"), "job")
    edges = list(_edges(event, job))
    if len(edges) > MOST_EDGES:
        raise _bad(f"一个事件最多 {MOST_EDGES} 条字段血缘")
    with transaction.atomic():
        keep_edges(edges, job=job)
        record(
            "lake.lineage.told", by=by, subject=job, basis=LINEAGE, details={"edges": len(edges)}
        )
    return edges


def _edges(event: Mapping[str, Any], job: str) -> Iterator[Edge]:
    found: dict[tuple[str, str, str, str], Edge] = {}
    for output in _listed(event.get("outputs")):
        target = _named(output, "outputs")
        if ref_of(target) is not None:
            raise _bad("外部作业不能声明写入本平台的表")
        facet = _mapping(_mapping(output.get("facets")).get("columnLineage"))
        for column, told in _mapping(facet.get("fields")).items():
            for source in _listed(_mapping(told).get("inputFields")):
                table, field = _named(source, "inputFields"), _text(source.get("field"))
                edge = Edge(table, field, target, _text(column), _transform(source), job)
                found[table, field, target, edge.target_column] = edge
    yield from found.values()


def _transform(source: Mapping[str, Any]) -> Transform:
    kinds = {str(_mapping(t).get("subtype")) for t in _listed(source.get("transformations"))}
    if kinds & AGGREGATIONS:
        return Transform.AGGREGATE
    return Transform.DIRECT if kinds <= {"IDENTITY"} else Transform.DERIVED


def _named(thing: object, place: str) -> str:
    """Return namespace and name as one; a table of ours goes by its bare name."""
    found = _mapping(thing)
    namespace, name = _text(found.get("namespace")), _text(found.get("name"))
    if not name:
        raise _bad(f"{place} 缺少 name")
    if namespace == OWN and place != "job":
        return name.rsplit(".", 1)[-1]
    whole = f"{namespace}:{name}"
    if len(whole) > LONGEST or not namespace:
        raise _bad(f"{place} 的 namespace 与 name 合计须为 1 到 {LONGEST} 字")
    return whole


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        raise _bad(f"名称须为不超过 {LONGEST} 字的文字")
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: object) -> list[Mapping[str, Any]]:
    return [_mapping(one) for one in value] if isinstance(value, list) else []


def _bad(what: str) -> Rejected:
    return Rejected(
        Problem(
            code="LINEAGE_EVENT",
            title=f"血缘事件不符合约定：{what}。",
            next_step="请按 OpenLineage 规范报送。",
            basis=LINEAGE,
        )
    )
