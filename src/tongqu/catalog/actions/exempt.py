"""例外: the managing office lets a basic class be less than unconditional, with a basis."""

from datetime import date

from django.db import transaction

from tongqu.audit.public import record
from tongqu.catalog.actions import guards
from tongqu.catalog.domain import problems
from tongqu.catalog.models import EntryException
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.policy.public import legal_bases


@transaction.atomic
def approve_exception(
    code: str, *, basis_code: str, reason: str, by: Actor, until: date | None = None
) -> None:
    """Approve an exception to article 7. Raises: ``Rejected`` BASIS_UNKNOWN, INVALID."""
    require(by, Permission.CATALOG_EXCEPTION_APPROVE)
    entry = guards.locked(code)
    if basis_code not in {clause.code for clause in legal_bases()}:
        raise Rejected(problems.basis_unknown())
    if not reason.strip():
        raise Rejected(problems.invalid("reason", "请写明批准例外的理由"))
    EntryException.objects.create(
        entry=entry, basis_code=basis_code, reason=reason.strip(), approved_by=str(by),
        approved_at=clock.now(), until=until,
    )  # fmt: skip
    record(
        "catalog.exception.approved", by=by, subject=code, basis=law.MUST_SHARE,
        details={"basis": basis_code},
    )  # fmt: skip
