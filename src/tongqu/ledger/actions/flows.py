"""The provision-and-update flow (政务数据提供与更新流程): definitions, instances, steps."""

from collections.abc import Sequence

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import EntryState
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Rejected
from tongqu.ledger.domain import flows, problems
from tongqu.ledger.models import FlowDefinition, FlowDone, FlowInstance
from tongqu.ledger.vocabulary import FlowFact, FlowState, FlowStep
from tongqu.policy.clauses import measures_2021 as law

_PASSED = frozenset(
    {EntryState.PRE_PASSED, EntryState.IN_REVIEW, EntryState.PUBLISHED, EntryState.TO_UPDATE}
)


def current() -> FlowDefinition:
    """Return the newest definition; the first one is made when nobody wrote any."""
    found = FlowDefinition.objects.order_by("-version").first()
    if found is not None:
        return found
    made, _ = FlowDefinition.objects.get_or_create(
        version=1,
        defaults={
            "steps": flows.kept(flows.FIRST), "note": "依第九条、第十五条、第二十条拟定",
            "created_at": clock.now(), "created_by": str(PLATFORM),
        },
    )  # fmt: skip
    return made


@transaction.atomic
def define(steps: Sequence[FlowStep], *, note: str, base: int, by: Actor) -> FlowDefinition:
    """Keep the steps as the next version; what runs goes on by its own.

    ``base`` is the version that the writer had read. Raises: ``Rejected`` FLOW_CHANGED when
    somebody was faster, INVALID with what is wrong.
    """
    require(by, Permission.LEDGER_FLOW_EDIT)
    newest = FlowDefinition.objects.select_for_update().get(pk=current().pk)
    if newest.version != base:
        raise Rejected(problems.FLOW_CHANGED)
    if faults := flows.faults(steps):
        raise Rejected(problems.invalid(law.COMPILE, steps="".join(faults)))
    made = FlowDefinition.objects.create(
        version=newest.version + 1, steps=flows.kept(steps), note=note.strip()[:300],
        created_at=clock.now(), created_by=str(by),
    )  # fmt: skip
    record("ledger.flow.defined", by=by, subject=f"flow-{made.version}", basis=law.COMPILE,
           details={"steps": [step.code for step in steps]})  # fmt: skip
    return made


@transaction.atomic
def start(entry_code: str, *, by: Actor) -> FlowInstance:
    """Begin the flow for one's own entry, by the newest definition; twice is the same one."""
    require(by, Permission.LEDGER_FLOW_RUN)
    entry = catalog.entry(entry_code)
    if entry is None or entry.provider_id != by.organisation_id:
        raise Rejected(problems.NOT_FOUND)
    made, is_new = FlowInstance.objects.get_or_create(
        entry_code=entry_code,
        state=FlowState.RUNNING,
        defaults={
            "definition": current(), "owner_id": entry.provider_id, "started_at": clock.now(),
            "started_by": str(by),
        },
    )  # fmt: skip
    if is_new:
        record("ledger.flow.started", by=by, subject=entry_code, basis=law.COMPILE,
               details={"definition": made.definition.version})  # fmt: skip
    return made


@transaction.atomic
def finish_step(instance_id: int, *, code: str, note: str, by: Actor) -> FlowInstance:
    """Finish the step that is due, and go to the next one of the instance's own definition.

    Raises: ``Rejected`` NOT_YOUR_FLOW, FLOW_CHANGED for another step than the one due,
    STEP_NOT_DONE when the platform sees that its fact does not hold.
    """
    require(by, Permission.LEDGER_FLOW_RUN)
    found = FlowInstance.objects.select_for_update().filter(pk=instance_id).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    steps = flows.read(found.definition.steps)
    if found.state == FlowState.DONE or steps[found.position].code != code:
        raise Rejected(problems.FLOW_CHANGED)
    step = steps[found.position]
    if not flows.may_finish(step, found.owner_id, by):
        raise Rejected(problems.NOT_YOUR_FLOW)
    if not holds(step.fact, found.entry_code):
        raise Rejected(problems.step_not_done(step.title, step.fact.label))
    FlowDone.objects.create(
        instance=found, code=code, title=step.title, at=clock.now(), by=str(by),
        note=note.strip()[:300],
    )  # fmt: skip
    found.position += 1
    if found.position == len(steps):
        found.state, found.ended_at = FlowState.DONE, clock.now()
    found.save()
    record("ledger.flow.stepped", by=by, subject=found.entry_code, basis=law.COMPILE,
           details={"step": code})  # fmt: skip
    return found


def holds(fact: FlowFact, entry_code: str) -> bool:
    """Decide whether what a step stands for is true in the catalogue."""
    entry = catalog.entry(entry_code)
    if entry is None:
        return False
    return {
        FlowFact.NONE: True,
        FlowFact.COMPILED: bool(entry.name and entry.items),
        FlowFact.CHECKED: entry.state in _PASSED,
        FlowFact.PUBLISHED: entry.is_published,
        FlowFact.CONNECTED: entry.connected_at is not None,
    }[fact]
