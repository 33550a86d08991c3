"""困难挑战台账: a problem is logged, classed, tied to a remedy, and struck off when it is cured."""

from django.db import transaction

from tongqu.catalog.public import entry as find_entry
from tongqu.identity.vocabulary import Permission, Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.access import require
from tongqu.policy.clauses import gd_2024
from tongqu.quality.actions import chain, steps
from tongqu.quality.domain import problems
from tongqu.quality.domain.cases import (
    BY_CODE,
    HARDSHIPS,
    STAFF,
    HardshipClass,
    HardshipCommand,
    HardshipState,
    Remedy,
)
from tongqu.quality.models import Hardship, RulePack, Scan
from tongqu.quality.queries.cases import hardships_for

C, S = HardshipCommand, HardshipState
ANYBODYS = frozenset({Role.MANAGING_OFFICE, Role.SUPPORT})


@transaction.atomic
def log_hardship(*, title: str, text: str = "", entry_code: str = "", by: Actor) -> Hardship:
    """Log a problem that a unit meets. Raises: ``Rejected`` NOTE_REQUIRED, UNIT_UNKNOWN."""
    require(by, Permission.QUALITY_HARDSHIP_EDIT)
    if by.organisation_id is None:
        raise Rejected(problems.NO_UNIT)
    found = Hardship.objects.create(
        number=steps.next_number(Hardship, "KN"),
        organisation_id=by.organisation_id,
        title=steps.reasoned(title, problems.NOTE)[:200],
        text=steps.plain(text, 1000),
        entry_code=steps.plain(entry_code, 60),
        filed_by=str(by)[:160],
        filed_at=clock.now(),
    )
    chain.write(found.number, "log", by=by, basis=gd_2024.HARDSHIPS, text=found.title)
    return found


@transaction.atomic
def handle(
    number: str,
    command: HardshipCommand,
    *,
    hardship: str = "",
    remedy: str = "",
    entry_code: str = "",
    note: str = "",
    by: Actor,
) -> Hardship:
    """Take one step: class it, choose a remedy, strike it off.

    Raises: NO_SUCH_CASE, NOT_YOUR_TICKET, CLASS_REQUIRED, REMEDY_UNKNOWN, NO_RULES,
    NOT_CURED, NOTE_REQUIRED, ``IllegalStep``.
    """
    found = hardships_for(by).select_for_update(of=("self",)).filter(number=number).first()
    if found is None:
        raise Rejected(problems.NO_CASE)
    if not may_edit(found, by):
        raise Rejected(problems.NOT_YOUR_CASE)
    row = steps.row_for(HARDSHIPS, (S(found.state), command), frozenset({STAFF}))
    match command:
        case C.CLASS:
            text = _class(found, hardship)
        case C.TREAT:
            text = _treat(found, remedy, entry_code)
        case C.CLOSE:
            text = _close(found, note)
    found.state = row.target
    found.save()
    chain.write(number, command, by=by, basis=row.basis, text=text)
    return found


def may_edit(found: Hardship, by: Actor) -> bool:
    is_ours = bool(by.roles & ANYBODYS) or by.organisation_id == found.organisation_id
    return is_ours and by.may(Permission.QUALITY_HARDSHIP_EDIT)


def _class(found: Hardship, hardship: str) -> str:
    if hardship not in set(HardshipClass):
        raise Rejected(problems.CLASS)
    found.hardship = HardshipClass(hardship).value
    return HardshipClass(hardship).label


def _treat(found: Hardship, code: str, entry_code: str) -> str:
    """Tie it to a capability; to the rule pack of an entry where rules are the remedy."""
    remedy = BY_CODE.get(code)
    if remedy is None or remedy.hardship.value != found.hardship:
        raise Rejected(problems.REMEDY)
    if remedy.dimensions:
        wanted = steps.plain(entry_code, 60) or found.entry_code
        pack = RulePack.objects.filter(entry_code=wanted).first() if wanted else None
        if pack is None or find_entry(wanted) is None:
            raise Rejected(problems.NO_PACK)
        found.entry_code, found.pack_version = wanted, pack.version
    found.remedy, found.treated_at = code, clock.now()
    return remedy.title


def _close(found: Hardship, note: str) -> str:
    """Strike it off: by the newest scan where rules measure it, else with a reason."""
    remedy = BY_CODE[found.remedy]
    text = steps.reasoned(note)
    if remedy.dimensions:
        scan = cured_by(found, remedy)
        if scan is None:
            raise Rejected(problems.NOT_CURED)
        text = f"检测 {scan.number} 通过；{text}"[:300]
    found.outcome, found.closed_at = text, clock.now()
    return text


def cured_by(found: Hardship, remedy: Remedy) -> Scan | None:
    """Return the newest scan since the remedy was chosen if its rules found nothing wrong."""
    scan = Scan.objects.filter(entry_code=found.entry_code, at__gte=found.treated_at).first()
    if scan is None:
        return None
    results = scan.results.filter(dimension__in=remedy.dimensions)
    is_clean = results.filter(checked__gt=0).exists() and not results.filter(wrong__gt=0).exists()
    return scan if is_clean else None
