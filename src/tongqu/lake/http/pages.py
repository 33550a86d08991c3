"""Pages of the lake: tables by layer and library, one table, lineage."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongqu.audit.public import annotate
from tongqu.identity.public import actor_of, organisation, organisations, requires
from tongqu.identity.vocabulary import Permission as P
from tongqu.kernel.problems import Problem, Rejected
from tongqu.lake import public, queries
from tongqu.lake.domain.drawing import Drawing, drawn
from tongqu.lake.models import ModelStep
from tongqu.lake.ports import store
from tongqu.lake.queries import chains as chain_queries
from tongqu.lake.queries.preview import Preview, may_preview, preview
from tongqu.lake.vocabulary import (
    JOB_LABELS,
    LAYER_LABELS,
    LIBRARY_LABELS,
    TRANSFORM_LABELS,
    Direction,
    Edge,
    Layer,
    Library,
    TableRef,
    TableView,
    Transform,
    ref_of,
)

SHOWN_NODES = 200  # more cannot be read; the table below lists on
SHOWN_TABLES = 50
SHOWN_CHAINS = 20
SHOWN_EDGES = 500
SHOWN_EVENTS = 50
NOT_FOUND = Problem(
    code="LAKE_TABLE_NOT_FOUND",
    title="没有这张库表。",
    next_step="请从三层库表的列表重新进入。",
)


@requires(P.LAKE_TABLE_READ)
def tables(request: HttpRequest) -> HttpResponse:
    """Every table, by layer; the numbers are the snapshots' own, with the time of reading."""
    library = request.GET.get("library", "")
    found = [view for view in public.tables() if not library or view.library == library]
    order = list(Layer)
    found.sort(key=lambda view: order.index(view.layer))  # stable: by name within a layer
    page = Paginator(found, SHOWN_TABLES).get_page(request.GET.get("page"))
    layers = [
        (LAYER_LABELS[layer], sum(view.layer is layer for view in found),
         [view for view in page if view.layer is layer])
        for layer in Layer
    ]  # fmt: skip
    context = {
        "nav": "lake",
        "page": page,
        "layers": [group for group in layers if group[2]],
        "libraries": [(word.value, LIBRARY_LABELS[word]) for word in Library],
        "chosen": library,
        "units": _units({view.owner for view in page}),
        "measured_at": found[0].measured_at if found else None,
        "runs": queries.newest_runs(),
    }
    return render(request, "lake/tables.html", context)


def _units(codes: set[str]) -> dict[str, str]:
    named = organisations().filter(code__in=codes).values_list("code", "name")
    return {code: code for code in codes} | dict(named)


def _unit(code: str) -> str:
    """Return the department's name; a code stands for an unknown one."""
    found = organisation(code) if code else None
    return found.name if found else code


@requires(P.LAKE_TABLE_READ)
def table(request: HttpRequest, name: str) -> HttpResponse:
    ref = ref_of(name)
    view = queries.table(ref) if ref else None
    if ref is None or view is None:
        raise Rejected(NOT_FOUND)
    context = {
        "nav": "lake",
        "table": view,
        "owner": _unit(view.owner),
        "snapshots": queries.snapshots(ref),
        "tags": _tags(ref),
        "preview": _preview(request, ref, view),
        "steps": ModelStep.objects.filter(model=name).select_related("run").order_by("-pk")[:10],
    }
    return render(request, "lake/table.html", context)


def _tags(ref: TableRef) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for name, snapshot in sorted(store().tags(ref).items()):
        found.setdefault(snapshot, []).append(name)
    return found


def _preview(request: HttpRequest, ref: TableRef, view: TableView) -> Preview | None:
    """Return rows of the chosen snapshot for people of the table's unit; put it on record."""
    by = actor_of(request)
    if view.snapshot is None or not may_preview(view, by):
        return None
    asked = request.GET.get("snapshot", "")
    chosen = int(asked) if asked.isdecimal() and len(asked) < 20 else None
    found = preview(ref, chosen, by=by)
    annotate(
        request,
        subject=ref.name,
        rows=len(found.rows),
        details={"snapshot": str(found.snapshot_id), "masks": found.masks},
    )
    return found


@requires(P.LAKE_LINEAGE_READ)
def lineage(request: HttpRequest, table: str = "") -> HttpResponse:
    """Up and down from one column, drawn by layer; the same edges stand in a table below."""
    table = (table or request.GET.get("table", ""))[:120]
    column = request.GET.get("column", "")[:120]
    up = public.lineage(table, column, Direction.UP) if table else []
    down = public.lineage(table, column, Direction.DOWN) if table else []
    edges = [*up, *down]
    ends = _ends(edges, table)
    stops = _stops(ends[:SHOWN_NODES], table, column)
    context = {
        "nav": "lineage",
        "table": table,
        "column": column,
        "known": [] if table else _known(),
        "stops": stops,
        "drawing": _drawing(stops, edges),
        "nodes": len(ends),
        "groups": [("上游（来源）", len(up), _rows(up)), ("下游（影响）", len(down), _rows(down))],
        "affected": len({edge.target_table for edge in down}),
        "broken": queries.broken(),
    }
    return render(request, "lake/lineage.html", context)


def _known() -> list[tuple[str, list[str]]]:
    """Return the tables that occur in lineage, by layer."""
    names = queries.lineage_tables()
    layers = {f"{layer}_": label for layer, label in LAYER_LABELS.items()}
    groups = [(label, [n for n in names if n.startswith(begin)]) for begin, label in layers.items()]
    groups.append(("其他", [n for n in names if not n.startswith(tuple(layers))]))
    return [(label, found) for label, found in groups if found]


@dataclass(frozen=True, slots=True)
class Node:
    """One column of one table in the drawing."""

    table: str
    column: str
    is_self: bool


def _ends(edges: list[Edge], table: str) -> list[tuple[str, str]]:
    """Return every column that occurs, those of the table first, then the nearest."""
    found: dict[tuple[str, str], None] = {}
    for e in edges:
        found |= {(e.source_table, e.source_column): None, (e.target_table, e.target_column): None}
    return sorted(found, key=lambda end: end[0] != table)


def _stops(ends: list[tuple[str, str]], table: str, column: str) -> list[tuple[str, list[Node]]]:
    """Return the nodes of the drawing, layer by layer."""
    layers: dict[str, list[Node]] = {label: [] for label in ("来源", *LAYER_LABELS.values())}
    for name, field in sorted(ends):
        ref = ref_of(name)
        label = LAYER_LABELS[ref.layer] if ref else "来源"
        layers[label].append(Node(name, field, name == table and (not column or field == column)))
    return [(label, nodes) for label, nodes in layers.items() if nodes]


def _drawing(stops: list[tuple[str, list[Node]]], edges: list[Edge]) -> Drawing:
    layers = [(label, [(node.table, node.column) for node in nodes]) for label, nodes in stops]
    ends = [
        ((edge.source_table, edge.source_column), (edge.target_table, edge.target_column))
        for edge in edges
    ]
    return drawn(layers, ends)


def _rows(edges: list[Edge]) -> list[tuple[Edge, str]]:
    return [(edge, TRANSFORM_LABELS[Transform(edge.transform)]) for edge in edges[:SHOWN_EDGES]]


@requires(P.LAKE_LINEAGE_READ)
def chains(request: HttpRequest) -> HttpResponse:
    """全链路监控: every service table with the jobs behind it, what is broken first."""
    found = chain_queries.chains()
    counts = [(label, sum(chain.state is state for chain in found))
              for state, label in JOB_LABELS.items()]  # fmt: skip
    waiting = chain_queries.waiting_events()
    context = {
        "nav": "chains",
        "page": Paginator(found, SHOWN_CHAINS).get_page(request.GET.get("page")),
        "counts": counts,
        "waiting": waiting.count(),
        "since": waiting.values_list("at", flat=True).first(),
        "refused": chain_queries.refused_events()[:SHOWN_EVENTS],
        "refused_count": chain_queries.refused_events().count(),
    }
    return render(request, "lake/chains.html", context)
