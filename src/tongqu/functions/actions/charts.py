"""业务泳道图: begin one, save it from the editor or a file, and keep its projection."""

from collections.abc import Callable

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.functions.actions import guards
from tongqu.functions.domain import bpmn, problems
from tongqu.functions.domain.bpmn import xml
from tongqu.functions.domain.swimlane import Lane, Model, checked
from tongqu.functions.models import Activity, Chart, DataLink, Function, System
from tongqu.functions.vocabulary import Part
from tongqu.identity.public import organisation_by_id, organisations
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import gd_2024 as plan


@transaction.atomic
def new_chart(
    title: str, *, by: Actor, function: str = "", document: bytes = b"", organisation: str = ""
) -> Chart:
    """Return a new chart: one lane of the department's own, or what a BPMN file says.

    Raises: ``Rejected`` INVALID, BAD_CHART, REGISTER_FROZEN.
    """
    home = guards.home(by, organisation)
    guards.writable(home, Part.SWIMLANES, by=by)
    name = guards.line({"title": title}, "title", 200, needed="请填写泳道图名称")
    now = clock.now()
    chart = Chart(
        organisation_id=home, title=name, function=_function(home, function),
        created_at=now, edited_at=now, edited_by=str(by),
    )  # fmt: skip
    chart.code = guards.next_code(home, "L")
    if document:
        model, text = bpmn.read(document), _as_text(document)
    else:
        unit = organisation_by_id(home)
        model = Model(lanes=(Lane("lane_1", unit.name, unit.code),))
        text = bpmn.write(model, title=name)
    chart.document = text
    chart.save()
    _project(chart, model)
    record(
        "functions.chart.created", by=by, subject=chart.code, basis=plan.SWIMLANES,
        details={"imported": bool(document), "activities": len(model.activities)},
    )  # fmt: skip
    return chart


@transaction.atomic
def save_chart(code: str, model: Model, *, edition: int, by: Actor) -> Chart:
    """Return the chart with a new content, merged into its document.

    ``edition`` is the one the writer had read: two editors at once are told apart here.
    Raises: ``Rejected`` CHART_CHANGED, BAD_CHART, REGISTER_FROZEN.
    """
    return _save(code, lambda _: checked(model), edition=edition, by=by)


@transaction.atomic
def edit_chart(code: str, change: Callable[[Model], Model], *, edition: int, by: Actor) -> Chart:
    """Return the chart after one change to what it says now: the forms' way."""
    return _save(
        code, lambda chart: checked(change(bpmn.read(chart.document))), edition=edition, by=by
    )


def _save(code: str, change: Callable[[Chart], Model], *, edition: int, by: Actor) -> Chart:
    chart: Chart = guards.found_by_code(Chart, code)
    guards.writable(chart.organisation_id, Part.SWIMLANES, by=by)
    if edition != chart.edition:
        raise Rejected(problems.CHART_CHANGED)
    model = change(chart)
    names = {c: brief.name for c, brief in catalog.briefs(codes=model.entries).items()}
    _require_known(model, frozenset(names), chart)
    chart.document = bpmn.write(model, title=chart.title, base=chart.document, names=names)
    _touch(chart, by)
    _project(chart, model)
    record(
        "functions.chart.saved", by=by, subject=code, basis=plan.SWIMLANES,
        details={"edition": chart.edition, "activities": len(model.activities)},
    )  # fmt: skip
    return chart


@transaction.atomic
def import_chart(code: str, document: bytes, *, edition: int, by: Actor) -> Chart:
    """Return the chart replaced by a BPMN file, stored as it came. Raises as ``save_chart``."""
    chart: Chart = guards.found_by_code(Chart, code)
    guards.writable(chart.organisation_id, Part.SWIMLANES, by=by)
    if edition != chart.edition:
        raise Rejected(problems.CHART_CHANGED)
    model = bpmn.read(document)
    chart.document = _as_text(document)
    _touch(chart, by)
    _project(chart, model)
    record(
        "functions.chart.imported", by=by, subject=code, basis=plan.SWIMLANES,
        details={"edition": chart.edition, "activities": len(model.activities)},
    )  # fmt: skip
    return chart


def _touch(chart: Chart, by: Actor) -> None:
    chart.edition += 1
    chart.edited_at, chart.edited_by = clock.now(), str(by)
    chart.save()


def _as_text(document: bytes) -> str:
    """Return a file's text in UTF-8, whatever encoding its first line declares."""
    return xml.serialised(xml.parse(document))


def _function(organisation_id: int, code: str) -> Function | None:
    if not code:
        return None
    found = Function.objects.filter(organisation_id=organisation_id, code=code).first()
    if found is None:
        raise Rejected(problems.invalid("function", "没有这项职能，或它属于其他部门"))
    return found


def _require_known(model: Model, entries: frozenset[str], chart: Chart) -> None:
    """New links name an entry in force; a link that stood already may outlive its entry."""
    before = set(
        DataLink.objects.filter(activity__chart=chart).values_list("entry_code", flat=True)
    )
    if unknown := sorted(model.entries - entries - before):
        raise Rejected(problems.bad_chart(f"没有这个现行目录条目：{unknown[0]}"))


def _project(chart: Chart, model: Model) -> None:
    """Write activities and data links as rows, in the transaction that changed the document."""
    nodes = model.activities
    units = {unit.code: unit.pk for unit in organisations()}
    items = {x.code: x.pk for x in Function.objects.filter(code__in={n.item for n in nodes})}
    systems = {x.code: x.pk for x in System.objects.filter(code__in={n.system for n in nodes})}
    lanes = {lane.key: lane for lane in model.lanes}
    phases = {phase.key: phase.name for phase in model.phases}
    chart.activities.all().delete()
    made = Activity.objects.bulk_create(
        Activity(
            chart=chart, key=node.key, name=node.name, lane=lanes[node.lane].name,
            phase=phases.get(node.phase, ""), position=n,
            department_id=units.get(lanes[node.lane].department),
            function_id=items.get(node.item), system_id=systems.get(node.system),
        )
        for n, node in enumerate(nodes)
    )  # fmt: skip
    DataLink.objects.bulk_create(
        DataLink(activity=activity, entry_code=link.entry, relation=link.relation)
        for activity, node in zip(made, nodes, strict=True)
        for link in node.links
    )
