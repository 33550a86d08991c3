"""合规性检测: run the rules, keep the report, move the version on."""

from django.db import transaction

from tongqu.audit.public import Outcome, record
from tongqu.catalog import ports, queries
from tongqu.catalog.actions import guards
from tongqu.catalog.domain import compliance, problems
from tongqu.catalog.domain.compliance.rules import EntryDraft
from tongqu.catalog.domain.states import ENTRY, Command
from tongqu.catalog.models import (
    ComplianceFinding,
    ComplianceReport,
    EntryException,
    EntryGrade,
    EntryVersion,
    ObservedColumn,
)
from tongqu.catalog.vocabulary import (
    DataType,
    EntryKind,
    EntryState,
    FindingView,
    NationalGrade,
    ReportView,
)
from tongqu.identity.public import notify
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.policy.public import legal_bases


@transaction.atomic
def submit_for_check(code: str, *, by: Actor) -> ReportView:
    """Return the report; the version then stands in review, pre-passed or returned.

    Raises: ``Rejected`` FROZEN where nothing is in work, or it is already being reviewed.
    """
    guards.shared_duty(code, by=by, permission=Permission.CATALOG_ENTRY_CHECK)
    version = guards.editable(code)
    step = ENTRY.step(EntryState(version.state), Command.SUBMIT)
    version.state = step.target
    findings = compliance.check(draft_of(version))
    report = keep_report(version, findings, by=by)
    version.state = ENTRY.step(step.target, _command(version, report.passed)).target
    if report.passed:
        version.passed_report = report
    version.save(update_fields=["state", "passed_report"])
    record(
        "catalog.entry.checked",
        by=by,
        subject=code,
        outcome=Outcome.DONE if report.passed else Outcome.REFUSED,
        basis=law.COMPLIANCE,
        details={"passed": report.passed, "rules": sorted({f.rule for f in findings})},
    )
    if version.state == EntryState.IN_REVIEW:
        _tell_reviewer(version)
    return queries.report_view(report)


def dry_run(code: str, *, by: Actor) -> ReportView:
    """试检: return what the check would say now. Nothing is written, nothing moves on.

    Raises: ``Rejected`` NOT_FOUND or NOT_YOUR_ENTRY like the check itself; FROZEN where no
    version is in work.
    """
    guards.may_work(code, by=by, permission=Permission.CATALOG_ENTRY_CHECK)
    version = queries.working(code)
    if version is None:
        raise Rejected(problems.FROZEN)
    findings = compliance.check(draft_of(version))
    return ReportView(
        id=0,
        code=code,
        version=version.number,
        at=clock.now(),
        passed=compliance.passes(findings),
        rules_run=len(compliance.rules_for(EntryKind(version.entry.kind))),
        findings=findings,
    )


def _command(version: EntryVersion, passed: bool) -> Command:
    if not passed:
        return Command.FAIL
    is_pre = version.entry.kind == EntryKind.PRE
    return Command.COMPLY_PRE if is_pre else Command.COMPLY


def _tell_reviewer(version: EntryVersion) -> None:
    notify(
        f"目录“{version.name}”{version.number} 版已通过合规性检测，待审核发布。",
        key=f"catalog.review {version.pk} {version.edition}",
        kind="目录审核",
        url=f"/manage/catalog/{version.entry.code}/check/",
        organisation_id=version.entry.owner_id,
        role=Role.PROVIDER_REVIEWER,
    )


def keep_report(
    version: EntryVersion, findings: tuple[FindingView, ...], *, by: Actor
) -> ComplianceReport:
    report = ComplianceReport.objects.create(
        version=version,
        at=clock.now(),
        by=str(by),
        passed=compliance.passes(findings),
        rules_run=len(compliance.rules_for(EntryKind(version.entry.kind))),
    )
    ComplianceFinding.objects.bulk_create(
        ComplianceFinding(
            report=report, rule=f.rule, group=f.group, severity=f.severity, field=f.field,
            item=f.item[:120], message=f.message, remedy=f.remedy, clause=f.clause,
        )
        for f in findings
    )  # fmt: skip
    return report


def draft_of(version: EntryVersion) -> EntryDraft:
    """Return the frozen value that the rules look at, with what surrounds the version."""
    entry = version.entry
    items = tuple(queries.item_view(item) for item in version.items.order_by("position"))
    here, elsewhere = _same_name(version)
    return EntryDraft(
        code=entry.code,
        kind=EntryKind(entry.kind),
        category=version.category,
        name=version.name,
        provider=version.provider.code if version.provider else "",
        formats=tuple(version.formats),
        items=items,
        update_cycle=version.update_cycle,
        sharing_type=version.sharing_type,
        conditions=version.conditions,
        scope=version.scope,
        scope_codes=tuple(version.scope_codes),
        manners=tuple(version.manners),
        source_system=version.source_system,
        level=version.level,
        materials=tuple(version.materials),
        withheld_basis=tuple(version.withheld_basis),
        basic_class=version.basic_class,
        accountable=version.accountable,
        legal_basis=tuple(version.legal_basis),
        standards=tuple(version.standards),
        tools=tuple(version.tools),
        project=version.project,
        project_fault=_project_fault(version),
        known_bases=frozenset(clause.code for clause in legal_bases()),
        has_exception=_has_exception(version),
        observed={
            column.name: DataType(column.data_type)
            for column in ObservedColumn.objects.filter(entry=entry)
        },
        sources=ports.sources_of({item.element for item in items if item.element}),
        national_grade=_grade(version),
        has_rule_pack=ports.has_rule_pack(entry.code),
        same_name_here=here,
        same_name_elsewhere=elsewhere,
    )


def _grade(version: EntryVersion) -> NationalGrade:
    found = EntryGrade.objects.filter(entry_id=version.entry_id).first()
    return NationalGrade(found.grade) if found else NationalGrade.GENERAL


def _project_fault(version: EntryVersion) -> str:
    """Return why the project allows no pre-catalogue; "" where nobody keeps projects."""
    register = ports.projects()
    if version.entry.kind != EntryKind.PRE or not version.project or register is None:
        return ""
    stage = register.stage(version.project)
    if stage is None:
        return "项目库中没有这个项目编号"
    return "" if stage == "approval" else "项目不在立项阶段，应编制正式目录"


def _has_exception(version: EntryVersion) -> bool:
    today = clock.today()
    found = EntryException.objects.filter(entry=version.entry)
    return any(row.until is None or row.until >= today for row in found)


def _same_name(version: EntryVersion) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return codes of other entries in force or in review under the same name."""
    if not version.name:
        return (), ()
    states = [EntryState.PUBLISHED, EntryState.TO_UPDATE, EntryState.IN_REVIEW]
    found = (
        EntryVersion.objects.filter(name=version.name, state__in=states)
        .exclude(entry_id=version.entry_id)
        .values_list("entry__code", "entry__owner_id")
        .order_by("entry__code")
    )
    here = tuple(code for code, owner in found if owner == version.entry.owner_id)
    return here, tuple(code for code, owner in found if owner != version.entry.owner_id)


def require_compliant(version: EntryVersion) -> None:
    """Check once more at the moment of publishing: the surroundings may have changed.

    Source: article 9; no role is exempt.
    """
    findings = compliance.check(draft_of(version))
    if not compliance.passes(findings):
        blocking = tuple(f for f in findings if f.severity == "block")
        raise Rejected(problems.not_compliant(blocking))
