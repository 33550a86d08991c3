"""Reads of the catalogue: entries, versions, reports, receipts, figures."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from tongqu.catalog import ports
from tongqu.catalog.domain.changes import ChangeNotice, notice
from tongqu.catalog.models import (
    ChangeApplication,
    ComplianceReport,
    Entry,
    EntryVersion,
    InformationItem,
    LinkedChange,
    Receipt,
    StopApplication,
)
from tongqu.catalog.vocabulary import (
    IN_FORCE,
    WORKING,
    AdminLevel,
    BasicClass,
    BusinessDomain,
    DataFormat,
    DataType,
    Domain,
    EntryKind,
    EntryState,
    EntryView,
    FindingView,
    ItemView,
    Manner,
    ReceiptKind,
    ReceiptState,
    ReceiptView,
    ReportView,
    RuleGroup,
    Scope,
    Severity,
    SharingType,
    Stock,
    Strategy,
    TransportMode,
    UpdateCycle,
)
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.policy.public import terms_on

_IN_FORCE = sorted(state.value for state in IN_FORCE)
_WORKING = sorted(state.value for state in WORKING)
# Roles that look after every department's catalogue.
_OVERSIGHT = frozenset({Role.MANAGING_OFFICE.value, Role.SUPPORT.value, Role.SUPERVISOR.value})


def versions() -> QuerySet[EntryVersion]:
    """Return every version with what a view needs, in a fixed number of statements."""
    items = Prefetch("items", InformationItem.objects.order_by("position"))
    return EntryVersion.objects.select_related("entry__owner", "provider").prefetch_related(items)


def visible(actor: Actor) -> QuerySet[EntryVersion]:
    """Return what the asker may see: versions in force, and its own department's work.

    Grain: one row an entry; where a version is in force, its later draft is not listed.
    """
    in_force = Q(state__in=_IN_FORCE)
    unpublished = Q(state__in=_WORKING) & ~Q(entry__versions__state__in=_IN_FORCE)
    if sees_all_drafts(actor):
        return versions().filter(in_force | unpublished)
    if actor.organisation_id and actor.may(Permission.PORTAL_DESK_READ):
        own = Q(entry__owner_id=actor.organisation_id)
        return versions().filter(in_force | (unpublished & own))
    return versions().filter(in_force)


def sees_all_drafts(actor: Actor) -> bool:
    return actor.kind == "platform" or bool(actor.roles & _OVERSIGHT)


def may_see_drafts(entry: Entry, actor: Actor) -> bool:
    own = actor.organisation_id == entry.owner_id and actor.may(Permission.PORTAL_DESK_READ)
    return own or sees_all_drafts(actor)


def in_force(code: str) -> EntryVersion | None:
    return versions().filter(entry__code=code, state__in=_IN_FORCE).first()


def working(code: str) -> EntryVersion | None:
    return versions().filter(entry__code=code, state__in=_WORKING).first()


def newest(code: str) -> EntryVersion | None:
    """Return the version in force, else the one in work, else the last there was."""
    last = versions().filter(entry__code=code).order_by("-major", "-minor")
    return in_force(code) or working(code) or last.first()


def newest_of(codes: Collection[str]) -> list[EntryVersion]:
    """Return what ``newest`` returns for each of the codes, in three statements for all."""
    rows = EntryVersion.objects.filter(entry__code__in=list(codes))
    best: dict[str, tuple[int, int, int, int]] = {}
    facts = rows.values_list("entry__code", "state", "major", "minor", "pk")
    for code, state, major, minor, pk in facts:
        rank = 2 if state in _IN_FORCE else 1 if state in _WORKING else 0
        best[code] = max(best.get(code, (0, 0, 0, 0)), (rank, major, minor, pk))
    found = versions().filter(pk__in=[pk for *_, pk in best.values()])
    return list(found.order_by("entry__code"))


def numbered(code: str, number: str) -> EntryVersion | None:
    major, _, minor = number.partition(".")
    if not (major.isdecimal() and minor.isdecimal() and len(number) < 10):
        return None
    return versions().filter(entry__code=code, major=int(major), minor=int(minor)).first()


def shown_to(code: str, actor: Actor) -> EntryVersion | None:
    """Return what the asker may see of an entry: the version in force, else its own draft."""
    found = newest(code)
    if found is None or found.state in _IN_FORCE or may_see_drafts(found.entry, actor):
        return found
    ended = {EntryState.STOPPED, EntryState.ARCHIVED}
    return found if found.valid_from and found.state in ended else None


def version_shown_to(code: str, number: str, actor: Actor) -> EntryVersion | None:
    """Return a version by number: whatever was once in force stays readable by all.

    A change announced (变更待生效) is readable, too: its users have to prepare.
    """
    found = numbered(code, number)
    if found is None or found.valid_from or may_see_drafts(found.entry, actor):
        return found
    return found if found.state == EntryState.CHANGE_PENDING else None


def history(code: str, actor: Actor) -> list[EntryVersion]:
    """Return the versions that the asker may see, newest first, with their changes."""
    found = EntryVersion.objects.filter(entry__code=code).select_related("change", "entry")
    ordered = list(found.order_by("-major", "-minor"))
    if ordered and may_see_drafts(ordered[0].entry, actor):
        return ordered
    return [v for v in ordered if v.valid_from or v.state == EntryState.CHANGE_PENDING]


def newest_receipt(entry_id: int) -> ReceiptView | None:
    found = receipts().filter(version__entry_id=entry_id).first()
    return receipt_view(found) if found else None


def view_of(version: EntryVersion) -> EntryView:
    entry = version.entry
    provider = version.provider or entry.owner
    return EntryView(
        id=entry.pk,
        code=entry.code,
        name=version.name,
        kind=EntryKind(entry.kind),
        state=EntryState(version.state),
        version=version.number,
        version_id=version.pk,
        provider_id=provider.pk,
        provider_code=provider.code,
        provider_name=provider.name,
        sharing_type=SharingType(version.sharing_type or SharingType.WITHHELD),
        scope=Scope(version.scope or Scope.NOBODY),
        scope_codes=tuple(version.scope_codes),
        conditions=version.conditions,
        materials=tuple(version.materials),
        manners=tuple(Manner(value) for value in version.manners),
        update_cycle=UpdateCycle(version.update_cycle or UpdateCycle.IRREGULAR),
        level=version.level or 4,
        domain=Domain(entry.domain),
        category=version.category,
        formats=tuple(DataFormat(value) for value in version.formats),
        source_system=version.source_system,
        summary=version.summary,
        items=tuple(item_view(item) for item in version.items.all()),
        withheld_basis=tuple(version.withheld_basis),
        basic_class=BasicClass(version.basic_class) if version.basic_class else None,
        is_external=entry.is_external,
        is_example=entry.is_example,
        connected_at=entry.connected_at,
        connected_rows=entry.connected_rows,
        table=entry.table,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        admin_level=AdminLevel(version.admin_level) if version.admin_level else None,
        mode=TransportMode(version.mode) if version.mode else None,
        business=BusinessDomain(version.business) if version.business else None,
        accountable=version.accountable,
        legal_basis=tuple(version.legal_basis),
        standards=tuple(version.standards),
        tools=tuple(version.tools),
        strategies=tuple(Strategy(code) for code in version.strategies),
        checks=tuple(version.checks),
        project=version.project,
        home=entry.home,
    )


def item_view(item: InformationItem) -> ItemView:
    return ItemView(
        position=item.position,
        name_zh=item.name_zh,
        name_en=item.name_en,
        data_type=DataType(item.data_type),
        length=item.length,
        code_table=item.code_table,
        nullable=item.nullable,
        is_key=item.is_key,
        level=item.level,
        is_shareable=item.is_shareable,
        is_openable=item.is_openable,
        source_column=item.source_column,
        mask=item.mask,
        element=item.element,
    )


def report_view(report: ComplianceReport) -> ReportView:
    return ReportView(
        id=report.pk,
        code=report.version.entry.code,
        version=report.version.number,
        at=report.at,
        passed=report.passed,
        rules_run=report.rules_run,
        findings=tuple(
            FindingView(
                rule=found.rule,
                group=RuleGroup(found.group),
                severity=Severity(found.severity),
                field=found.field,
                item=found.item,
                message=found.message,
                remedy=found.remedy,
                clause=found.clause,
            )
            for found in report.findings.all()
        ),
    )


def last_report(version: EntryVersion) -> ComplianceReport | None:
    found = ComplianceReport.objects.filter(version=version).order_by("-pk")
    return found.select_related("version__entry").prefetch_related("findings").first()


def receipts() -> QuerySet[Receipt]:
    """Return every receipt with what a view needs, in a fixed number of statements."""
    in_force = EntryVersion.objects.filter(state__in=_IN_FORCE)
    return (
        Receipt.objects.defer("document")
        .select_related("version__entry__owner", "version__provider", "newer__version")
        .prefetch_related(Prefetch("version__entry__versions", in_force, to_attr="in_force"))
    )


def receipt_view(receipt: Receipt) -> ReceiptView:
    version = receipt.version
    newer = receipt.newer
    return ReceiptView(
        number=receipt.number,
        kind=ReceiptKind(receipt.kind),
        state=ReceiptState(receipt.state),
        entry_code=version.entry.code,
        entry_name=str(receipt.facts.get("entry_name", version.name)),
        version=version.number,
        version_id=version.pk,
        provider_name=(version.provider or version.entry.owner).name,
        rows=receipt.rows,
        issued_at=receipt.issued_at,
        digest=receipt.digest,
        digest_sm3=receipt.digest_sm3,
        newer=newer.number if newer else "",
        newer_version=newer.version.number if newer else _newer_version(version),
        reason=receipt.void_reason,
    )


def _newer_version(version: EntryVersion) -> str:
    found: list[EntryVersion] = version.entry.in_force  # type: ignore[attr-defined]  # prefetched
    return next((newer.number for newer in found if newer.pk != version.pk), "")


def stock() -> Stock:
    """Return the figures of the versions in force."""
    found = EntryVersion.objects.filter(state__in=_IN_FORCE)
    sums = found.aggregate(
        entries=Count("pk"),
        connected=Count("pk", filter=Q(entry__connected_at__isnull=False)),
        providers=Count("provider", distinct=True),
    )
    by_type = dict(found.order_by().values_list("sharing_type").annotate(Count("pk")))
    items = InformationItem.objects.filter(version__state__in=_IN_FORCE).count()
    return Stock(
        entries=sums["entries"],
        connected=sums["connected"],
        items=items,
        providers=sums["providers"],
        by_type={kind.value: by_type.get(kind.value, 0) for kind in SharingType},
    )


def views(found: Iterable[EntryVersion]) -> tuple[EntryView, ...]:
    return tuple(view_of(version) for version in found)


def change_of(version: EntryVersion) -> ChangeApplication | None:
    return ChangeApplication.objects.filter(version=version).select_related("replaces").first()


def notice_for(code: str, *, filed_on: date | None = None) -> ChangeNotice:
    """Return from when a change may take effect that was filed today, or on a day (article 9)."""
    day = filed_on or clock.today()
    grants = ports.active_grants(code)
    months = terms_on(day).change_notice_months if grants else 0
    return notice(filed_on=day, active_grants=grants, notice_months=months)


def linked_changes(version: EntryVersion) -> list[LinkedChange]:
    """Return what changed elsewhere since this version came in force, newest first."""
    return list(LinkedChange.objects.filter(version=version)[:20])


def stop_of(version: EntryVersion) -> StopApplication | None:
    return StopApplication.objects.filter(version=version).first()
