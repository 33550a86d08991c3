"""Merge cities' entries into one of the province: conflicts first, then an ordinary draft."""

from collections.abc import Sequence

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import AdminLevel, EntryView, Scope, SharingType
from tongqu.identity.public import notify, organisation, require
from tongqu.identity.vocabulary import Level, Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import PLATFORM, Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.ledger.domain import merging, problems
from tongqu.ledger.domain.states import MERGE, MergeCommand
from tongqu.ledger.models import Merge, MergeConflict, MergeSource
from tongqu.ledger.queries.merges import published_among
from tongqu.ledger.vocabulary import ConflictKind, MergeState
from tongqu.policy.clauses import gd_2024

LAW = gd_2024.FULL_CATALOGUE
_NARROWNESS = (Scope.ALL, Scope.LISTED, Scope.NOBODY)
_STRICTNESS = (SharingType.UNCONDITIONAL, SharingType.CONDITIONAL, SharingType.WITHHELD)


@transaction.atomic
def open_merge(codes: Sequence[str], *, name: str, year: int, owner_code: str, by: Actor) -> Merge:
    """Begin to merge these published entries for a provincial department; list the conflicts.

    Raises: ``Rejected`` TOO_FEW_SOURCES, ALREADY_MERGED, NOT_PUBLISHED, INVALID.
    """
    require(by, Permission.LEDGER_MERGE_DECIDE)
    owner = organisation(owner_code)
    faults = {}
    if owner is None or owner.level != Level.PROVINCE or not owner.is_government:
        faults["owner"] = "请选择一个省级政务部门作为全省目录的编制部门。"
    if not 2 <= len(name.strip()) <= 200:
        faults["name"] = "请填写 2 至 200 个字的名称。"
    if not 2000 <= year <= 2100:
        faults["year"] = "请填写四位年度。"
    if faults or owner is None:
        raise Rejected(problems.invalid(LAW, **faults))
    sources = [catalog.published(code) for code in dict.fromkeys(codes)]
    if len({source.provider_id for source in sources}) < 2:
        raise Rejected(problems.TOO_FEW)
    _refuse_merged(sources)
    made = Merge.objects.create(
        name=name.strip(), year=year, owner=owner, created_at=clock.now(), created_by=str(by)
    )
    MergeSource.objects.bulk_create(
        MergeSource(
            merge=made, entry_code=s.code, entry_name=s.name, version_id=s.version_id,
            version=s.version, provider_name=s.provider_name,
        )
        for s in sources
    )  # fmt: skip
    _list_conflicts(made, sources)
    record(
        "ledger.merge.opened", by=by, subject=_subject(made), basis=LAW,
        details={"sources": [s.code for s in sources], "conflicts": made.conflicts.count()},
    )  # fmt: skip
    return made


def _refuse_merged(sources: Sequence[EntryView]) -> None:
    taken = MergeSource.objects.filter(entry_code__in=[s.code for s in sources])
    if known := taken.select_related("merge").first():
        raise Rejected(
            Problem(
                code="ALREADY_MERGED",
                title=f"目录 {known.entry_code} 已参加“{known.merge.name}”的融合。",
                next_step="请到该项融合中办理，或选择其他目录。",
                basis=LAW,
            )
        )


def _list_conflicts(made: Merge, sources: Sequence[EntryView]) -> None:
    found = merging.conflicts({s.code: s.items for s in sources})
    MergeConflict.objects.bulk_create(
        MergeConflict(merge=made, item=c.item, kind=c.kind, values=dict(c.values)) for c in found
    )
    if found:
        made.state = MERGE.step(MergeState.WAITING, MergeCommand.FIND).target
        made.save(update_fields=["state"])


@transaction.atomic
def decide(conflict_id: int, *, choice: str, reason: str, by: Actor) -> MergeConflict:
    """Choose whose definition holds for one conflict, or whether an item is kept."""
    require(by, Permission.LEDGER_MERGE_DECIDE)
    found = (
        MergeConflict.objects.select_for_update(of=("self",))
        .select_related("merge")
        .filter(pk=conflict_id)
        .first()
    )
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    merge = Merge.objects.select_for_update().get(pk=found.merge_id)
    if merge.state not in (MergeState.CONFLICT, MergeState.WAITING):
        raise Rejected(Problem("ALREADY_MERGED", "这项融合已生成全省目录，不能再改冲突的处理。",
                               "需要修改的，请在全省目录上登记变更。", LAW))  # fmt: skip
    if choice not in merging.allowed(ConflictKind(found.kind), found.values):
        raise Rejected(problems.invalid(LAW, choice="请从列出的来源中选定一项。"))
    found.choice, found.reason = choice, reason.strip()[:300]
    found.decided_by, found.decided_at = str(by), clock.now()
    found.save()
    record(
        "ledger.merge.decided", by=by, subject=_subject(merge), basis=LAW,
        details={"item": found.item, "kind": found.kind, "choice": choice},
    )  # fmt: skip
    if merge.state == MergeState.CONFLICT and not merge.conflicts.filter(choice="").exists():
        merge.state = MERGE.step(MergeState.CONFLICT, MergeCommand.SETTLE).target
        merge.save(update_fields=["state"])
    return found


@transaction.atomic
def make_entry(merge_id: int, *, by: Actor) -> EntryView:
    """Make the province's draft; its department then checks and publishes it as any other.

    The draft is written by the platform on the managing office's decision: the trail keeps
    who decided. Raises: ``Rejected`` CONFLICTS_OPEN, ALREADY_MERGED.
    """
    require(by, Permission.LEDGER_MERGE_DECIDE)
    merge = Merge.objects.select_for_update().filter(pk=merge_id).first()
    if merge is None:
        raise Rejected(problems.NOT_FOUND)
    if merge.state == MergeState.CONFLICT:
        raise Rejected(problems.CONFLICTS_OPEN)
    step = MERGE.step(MergeState(merge.state), MergeCommand.MERGE)
    sources = [catalog.version(s.version_id) for s in merge.sources.all()]
    entry = catalog.new_draft(
        name=merge.name, owner_id=merge.owner_id, by=PLATFORM, fields=_fields(merge, sources)
    )
    merge.state, merge.entry_code = step.target, entry.code
    merge.merged_at, merge.merged_by = clock.now(), str(by)
    merge.save()
    record(
        "ledger.merge.made", by=by, subject=entry.code, basis=LAW,
        details={"merge": merge.pk, "sources": [s.code for s in sources]},
    )  # fmt: skip
    notify(
        f"全省目录“{merge.name}”草稿已由 {len(sources)} 个来源融合生成，请核对后提交检测。",
        key=f"ledger.merge {merge.pk}", kind="目录融合",
        url=f"/manage/catalog/{entry.code}/edit/", organisation_id=merge.owner_id,
        role=Role.CATALOGUER,
    )  # fmt: skip
    return entry


def _fields(merge: Merge, sources: Sequence[EntryView]) -> dict[str, object]:
    choices = {(c.item, ConflictKind(c.kind)): c.choice for c in merge.conflicts.all() if c.choice}
    first = sources[0]
    providers = "、".join(dict.fromkeys(s.provider_name for s in sources))
    systems = "、".join(dict.fromkeys(s.source_system for s in sources))
    conditions = "；".join(dict.fromkeys(s.conditions for s in sources if s.conditions))
    return {
        "domain": first.domain,
        "category": first.category,
        "formats": tuple(dict.fromkeys(f for s in sources for f in s.formats)),
        "manners": tuple(dict.fromkeys(m for s in sources for m in s.manners)),
        "update_cycle": first.update_cycle,
        # Of several types the strictest: a merge by itself opens nothing.
        "sharing_type": max((s.sharing_type for s in sources), key=_STRICTNESS.index),
        "conditions": conditions,
        "withheld_basis": tuple(dict.fromkeys(b for s in sources for b in s.withheld_basis)),
        "scope": max((s.scope for s in sources), key=_NARROWNESS.index),
        "scope_codes": _listed_by_all(sources),
        "level": max(s.level for s in sources),
        "source_system": systems[:120],
        "summary": f"全省目录，由{providers}的目录融合。{first.summary}",
        "admin_level": AdminLevel.PROVINCE,
        "mode": first.mode or "",
        "business": first.business or "",
        "is_example": any(s.is_example for s in sources),
        "items": merging.merged({s.code: s.items for s in sources}, choices),
    }


def _listed_by_all(sources: Sequence[EntryView]) -> tuple[str, ...]:
    """Return the departments that every source with a list has on it: nobody gains by it."""
    lists = [s.scope_codes for s in sources if s.scope is Scope.LISTED]
    first = lists[0] if lists else ()
    return tuple(code for code in first if all(code in listed for listed in lists))


def note_published() -> int:
    """Keep which merged entries are in force by now; return how many are new. Idempotent."""
    waiting = list(Merge.objects.filter(state=MergeState.MERGED))
    published = published_among([m.entry_code for m in waiting])
    out = [merge for merge in waiting if merge.entry_code in published]
    for merge in out:
        with transaction.atomic():
            merge.state = MERGE.step(MergeState.MERGED, MergeCommand.PUBLISH).target
            merge.save(update_fields=["state"])
            record("ledger.merge.published", by=PLATFORM, subject=merge.entry_code, basis=LAW)
    return len(out)


def _subject(merge: Merge) -> str:
    return f"merge-{merge.pk}"
