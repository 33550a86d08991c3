"""Register what others call an entry, and which other nodes issue identifiers (INF-01)."""

from datetime import date

from django.db import IntegrityError, transaction

from tongqu.audit.public import record
from tongqu.catalog.actions import guards
from tongqu.catalog.domain import identifiers, problems
from tongqu.catalog.models import ExternalIdentifier, HubNode
from tongqu.catalog.queries.identifiers import external_view
from tongqu.catalog.vocabulary import ExternalIdentifierView, Node
from tongqu.identity.public import require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.policy.clauses import measures_2021 as law


@transaction.atomic
def add_identifier(
    code: str,
    *,
    scheme: str,
    value: str,
    assigned_by: str,
    by: Actor,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> ExternalIdentifierView:
    """Return an external identifier of the asker's own entry, registered.

    A ``scheme`` that is the key of a code rule is checked by that rule.
    Raises: ``Rejected`` IDENTIFIER_WRONG, IDENTIFIER_TAKEN (409), INVALID.
    """
    entry = guards.own(code, by=by, permission=Permission.CATALOG_ENTRY_DRAFT)
    scheme, value = scheme.strip(), value.strip()
    starts = valid_from or clock.today()
    for field, text in (("scheme", scheme), ("value", value), ("assigned_by", assigned_by.strip())):
        if not text:
            raise Rejected(problems.invalid(field, "请填写"))
    if valid_to is not None and valid_to < starts:
        raise Rejected(problems.invalid("valid_to", "停用日期不能早于启用日期"))
    require_right(scheme, value)
    try:
        with transaction.atomic():
            row = ExternalIdentifier.objects.create(
                entry=entry, scheme=scheme, value=value, assigned_by=assigned_by.strip(),
                valid_from=starts, valid_to=valid_to, added_by=str(by), added_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as taken:
        raise Rejected(problems.IDENTIFIER_TAKEN) from taken
    record("catalog.identifier.added", by=by, subject=code, basis=law.COMPILE,
           details={"scheme": scheme})  # fmt: skip
    return external_view(row)


def require_right(scheme: str, value: str) -> None:
    """Refuse a value with a wrong character, where its scheme can tell. Raises: ``Rejected``."""
    rule = identifiers.rules().get(scheme)
    if rule is None:
        return
    try:
        rule.parse(value)
    except identifiers.Unfit as unfit:
        raise Rejected(problems.identifier_wrong(str(unfit))) from unfit


@transaction.atomic
def register_node(*, code: str, name: str, url: str = "", by: Actor) -> Node:
    """Return another hub, registered (or corrected) by the managing office."""
    require(by, Permission.CATALOG_EXCEPTION_APPROVE)
    if not (len(code) == 6 and code.isascii() and code.isdecimal()):
        raise Rejected(problems.invalid("code", "行政区划代码为六位数字"))
    if not name.strip():
        raise Rejected(problems.invalid("name", "请填写节点名称"))
    node, _ = HubNode.objects.update_or_create(
        code=code,
        defaults={
            "name": name.strip(), "url": url, "added_by": str(by), "added_at": clock.now(),
        },
    )  # fmt: skip
    record("catalog.node.registered", by=by, subject=code, basis=law.COMPILE)
    return Node(node.code, node.name, node.url)
