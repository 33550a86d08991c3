"""Subscribers of master data: a grant on a source's entry is what a subscription rests on."""

from django.db import transaction

from tongqu.audit.public import record
from tongqu.delivery.public import grants_of
from tongqu.delivery.vocabulary import OPEN_STATES, GrantView
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.masters.domain import golden, problems
from tongqu.masters.domain.schemes import SchemeRules
from tongqu.masters.models import Subscription
from tongqu.masters.queries import scheme_rules, subscription
from tongqu.policy.clauses import mot_2025


@transaction.atomic
def subscribe(code: str, *, by: Actor) -> Subscription:
    """Subscribe the asker's department; again: the same. Raises: NO_MASTER_GRANT."""
    _, rules = scheme_rules(code)
    held = open_grants(rules, by)
    if not held or by.organisation_id is None:
        raise Rejected(problems.NO_GRANT)
    if (found := subscription(code, by)) is not None:
        return found
    made = Subscription.objects.create(
        scheme=code, organisation_id=by.organisation_id, grant=held[0].number,
        since=clock.now(), by=str(by),
    )  # fmt: skip
    record("masters.subscription.made", by=by, subject=code, grant=made.grant,
           basis=mot_2025.MASTER_DATA)  # fmt: skip
    return made


@transaction.atomic
def unsubscribe(code: str, *, by: Actor) -> None:
    """End the subscription. Raises: NOT_SUBSCRIBED."""
    found = subscription(code, by)
    if found is None:
        raise Rejected(problems.NOT_SUBSCRIBED)
    found.ended_at = clock.now()
    found.save(update_fields=["ended_at"])
    record("masters.subscription.ended", by=by, subject=code)


def took(found: Subscription, cursor: int) -> None:
    """Note how far a subscriber has read; it never goes back by itself."""
    Subscription.objects.filter(pk=found.pk, cursor__lt=cursor).update(cursor=cursor)


def open_grants(rules: SchemeRules, by: Actor) -> list[GrantView]:
    """Return the asker's grants that let data of a source leave."""
    if by.organisation_id is None:
        return []
    wanted = set(rules.entries.values())
    return [
        grant for grant in grants_of(by.organisation_id)
        if grant.state in OPEN_STATES and grant.terms.entry_code in wanted
    ]  # fmt: skip


def granted_fields(rules: SchemeRules, by: Actor) -> frozenset[str]:
    """Return the fields that the asker's grants speak of."""
    items = {(g.terms.entry_code, item) for g in open_grants(rules, by) for item in g.terms.items}
    return frozenset(
        name
        for n, source in enumerate(rules.sources)
        for name, column in golden.takes_of(rules, n).items()
        if (rules.entries.get(str(source["name"]), ""), column) in items
    )
