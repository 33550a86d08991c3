"""Entries for tests of any room: rows made directly, and valid."""

from typing import Any

from tests.world import World
from tongqu.catalog import queries
from tongqu.catalog.domain import identifiers
from tongqu.catalog.models import ComplianceReport, Entry, EntryVersion, InformationItem, Serial
from tongqu.catalog.vocabulary import (
    DataType,
    Domain,
    EntryKind,
    EntryState,
    EntryView,
    ItemView,
    Scope,
    SharingType,
    UpdateCycle,
)
from tongqu.identity.models import Organisation
from tongqu.kernel import clock

ITEMS = (
    ItemView(1, "航班号", "flight", DataType.INTEGER, 10, nullable=False, is_key=True),
    ItemView(2, "承运人", "carrier", DataType.STRING, 2, code_table="IATA 承运人", nullable=False),
    ItemView(3, "起飞机场", "origin", DataType.STRING, 3, code_table="IATA 机场代码"),
    ItemView(4, "到达机场", "dest", DataType.STRING, 3, code_table="IATA 机场代码"),
    ItemView(5, "机尾号", "tailnum", DataType.STRING, 10, level=2, mask="cover"),
    ItemView(6, "航程", "distance", DataType.INTEGER, 10, is_openable=True),
)  # fmt: skip


def published_entry(world: World, **given: Any) -> EntryView:
    """Return a published, unconditional entry of the civil-aviation office.

    ``given`` overrides columns of ``Entry`` or ``EntryVersion``, or ``items``; a
    conditional one needs ``conditions``, a withheld one ``withheld_basis``.
    """
    return _entry(world, EntryState.PUBLISHED, given)


def draft_entry(world: World, **given: Any) -> EntryView:
    """Return a complete draft that would pass the check, overridden by ``given``."""
    return _entry(world, EntryState.DRAFT, given)


def _entry(world: World, state: EntryState, given: dict[str, Any]) -> EntryView:
    items = given.pop("items", ITEMS)
    owner = given.pop("owner", world.organisations["990000-MH"])
    on_entry = {name: given.pop(name) for name in tuple(given) if name in _ENTRY_FIELDS}
    entry = Entry.objects.create(
        **{
            "code": next_code(owner, on_entry.get("domain", Domain.CIVIL_AVIATION)),
            "kind": EntryKind.FORMAL,
            "owner": owner,
            "domain": Domain.CIVIL_AVIATION,
            "is_example": True,
            "created_at": clock.now(),
            "created_by": "示例·编目员",
        }
        | on_entry
    )
    version = EntryVersion.objects.create(entry=entry, **_metadata(owner) | given)
    for item in items:
        columns = {name: getattr(item, name) for name in ItemView.__slots__}
        InformationItem.objects.create(version=version, **columns)
    if state == EntryState.PUBLISHED:
        _publish(version)
    return queries.view_of(queries.versions().get(pk=version.pk))


_ENTRY_FIELDS = {
    "code", "kind", "domain", "is_external", "is_example", "connected_at", "connected_rows",
    "table", "source_code", "home",
}  # fmt: skip


def _metadata(owner: Organisation) -> dict[str, Any]:
    return {
        "category": "综合交通/民航/航班运行",
        "name": "示例航班运行信息",
        "provider": owner,
        "formats": ["table", "interface"],
        "update_cycle": UpdateCycle.DAILY,
        "sharing_type": SharingType.UNCONDITIONAL,
        "scope": Scope.ALL,
        "manners": ["query", "subscription", "download"],
        "source_system": "示例航班运行系统",
        "level": 2,
        "summary": "示例：每日航班的承运人、机场与航程。",
        "accountable": "示例·编目岗",
        "legal_basis": ["示例：部门职责规定"],
        "standards": ["示例标准 1"],
        "tools": ["示例采集系统"],
        "author": "示例·编目员",
        "created_at": clock.now(),
        "edited_at": clock.now(),
    }


def _publish(version: EntryVersion) -> None:
    report = ComplianceReport.objects.create(
        version=version, at=clock.now(), by="示例·编目员", passed=True, rules_run=1
    )
    version.passed_report = report
    version.state = EntryState.PUBLISHED
    version.valid_from = clock.now()
    version.published_by = "示例·审核人"
    version.save()


def next_code(owner: Organisation, domain: str) -> str:
    division = identifiers.division_of(owner.division_code)
    department = identifiers.department_of(owner.code, division)
    serial, _ = Serial.objects.get_or_create(name=f"entry {division}-{department}-{domain}")
    serial.last += 1
    serial.save()
    return identifiers.identifier(
        division=division, department=department, domain=domain, serial=serial.last
    )


def project_in_approval(world: World, code: str = "XM-2026-001") -> str:
    """Return the code of a project that stands in 立项: only these hold pre-entries."""
    from tongqu.supervision.models import Project

    made = Project.objects.create(
        code=code, name=f"示例项目 {code}", organisation=world.organisations["990000-MH"],
        system_name="示例拟建系统", created_at=clock.now(), created_by="示例·编目员",
        is_example=True,
    )  # fmt: skip
    return made.code
