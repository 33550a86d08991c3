"""Another purpose needs another grant (article 16): a new request, and the old grant stays."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.delivery import public as delivery
from tongqu.delivery.vocabulary import GrantView
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Problem, Rejected
from tongqu.policy.clauses import measures_2021 as law
from tongqu.sharing.actions.file import Submission, submit
from tongqu.sharing.domain.application import Application
from tongqu.sharing.models import PurposeChange, ShareRequest

NO_GRANT = Problem(
    code="NOT_FOUND",
    title="没有找到这项授权，或不是你单位在用的授权。",
    next_step="请到“我的授权”核对授权编号。",
    basis=law.NEW_PURPOSE,
)
UNCHANGED = Problem(
    code="PURPOSE_UNCHANGED",
    title="用途与原授权相同，无须重新申请。",
    next_step="请写明新的履职事项或使用用途；原用途可继续按原授权使用。",
    basis=law.NEW_PURPOSE,
    who="申请单位",
    fields={"purpose": "请写明新的用途。"},
)


def grant_to_change(grant_number: str, by: Actor) -> tuple[GrantView, ShareRequest | None]:
    """Return the actor's own open grant and the request it came from. Raises NOT_FOUND."""
    require(by, Permission.SHARING_REQUEST_SUBMIT)
    grant = delivery.grant(grant_number)
    if grant is None or not grant.is_open or grant.terms.consumer_id != by.organisation_id:
        raise Rejected(NO_GRANT)
    return grant, ShareRequest.objects.filter(grant_number=grant_number).first()


@transaction.atomic
def change_purpose(
    grant_number: str, given: Application, *, by: Actor, key: str = ""
) -> Submission:
    """File a request with the new purpose; the old grant goes on for its old one alone.

    Raises: ``Rejected`` NOT_FOUND, PURPOSE_UNCHANGED, and what ``submit`` raises.
    """
    grant, _ = grant_to_change(grant_number, by)
    if given.entry_code != grant.terms.entry_code:
        raise Rejected(NO_GRANT)
    same_text = given.purpose.strip() == grant.terms.purpose_text.strip()
    if same_text and given.matter == grant.terms.purpose_code:
        raise Rejected(UNCHANGED)
    done = submit(given, by=by, key=key)
    if done.is_new:
        PurposeChange.objects.create(
            grant_number=grant_number, request=done.request, at=clock.now(),
            old_matter=grant.terms.purpose_code, old_purpose=grant.terms.purpose_text[:500],
        )  # fmt: skip
        record(
            "sharing.purpose.change", by=by, subject=done.request.number, grant=grant_number,
            purpose=given.matter, basis=law.NEW_PURPOSE,
        )  # fmt: skip
    return done
