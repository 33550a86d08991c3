"""Keep what kinds of master data there are, version by version."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from tongqu.audit.public import record
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.canonical import canonical
from tongqu.kernel.problems import Rejected
from tongqu.lake.public import fusion
from tongqu.masters.domain import problems, schemes
from tongqu.masters.models import Scheme
from tongqu.policy.clauses import mot_2025


@transaction.atomic
def save_scheme(document: Mapping[str, Any], *, by: Actor) -> Scheme:
    """Keep a scheme; the same again changes nothing, another one is its next version.

    Raises: ``Rejected`` MASTER_WRONG telling what is wrong.
    """
    try:
        rules = schemes.read(document)
        fusion(rules.fusion())
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Rejected(problems.wrong(f"主数据方案有误：{error}。")) from None
    # Weights are written as texts: evidence does not rest on binary fractions.
    digest = hashlib.sha256(canonical(_exact(document))).hexdigest()
    held = Scheme.objects.select_for_update().filter(code=rules.code).order_by("-version").first()
    if held is not None and held.digest == digest:
        return held
    last = Scheme.objects.filter(code=rules.code).aggregate(last=Max("version"))["last"] or 0
    made = Scheme.objects.create(
        code=rules.code,
        version=last + 1,
        domain=rules.domain,
        title=rules.title,
        document=dict(document),
        digest=digest,
        saved_by=by.key,
        saved_at=clock.now(),
    )
    record("masters.scheme.saved", by=by, subject=rules.code, basis=mot_2025.MASTER_DATA,
           details={"version": made.version})  # fmt: skip
    return made


def _exact(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {key: _exact(part) for key, part in value.items()}
    return [_exact(part) for part in value] if isinstance(value, list | tuple) else value
