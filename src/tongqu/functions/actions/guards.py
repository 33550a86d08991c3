"""Who may write what: asked first by every action; and the small things they all need."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import models

from tongqu.functions import permissions
from tongqu.functions.domain import problems
from tongqu.functions.domain.states import EDITABLE, REGISTER, UNDER_REVIEW
from tongqu.functions.models import Counter, Register
from tongqu.functions.vocabulary import Part, RegisterState
from tongqu.identity.public import organisation, organisation_by_id, require
from tongqu.identity.vocabulary import Permission
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def own(organisation_id: int, *, by: Actor, permission: Permission) -> None:
    """Let the department itself pass, and the platform. Another's things look like nothing."""
    if by.kind == "platform":
        return
    require(by, permission)
    if by.organisation_id != organisation_id:
        sees = by.roles & permissions.SEES_ALL
        raise Rejected(problems.NOT_YOUR_REGISTER if sees else problems.NOT_FOUND)


def register(organisation_id: int, part: Part) -> Register:
    """Return a department's part, locked; begun as a draft when there is none yet."""
    found, _ = Register.objects.select_for_update().get_or_create(
        organisation_id=organisation_id,
        part=part,
        defaults={"state": REGISTER.initial, "changed_at": clock.now(), "changed_by": ""},
    )
    return found


def writable(organisation_id: int, part: Part, *, by: Actor) -> None:
    """Let the department's cataloguer write, while its part is a draft or under change."""
    own(organisation_id, by=by, permission=Permission.FUNCTIONS_REGISTER_EDIT)
    state = RegisterState(register(organisation_id, part).state)
    if by.kind != "platform" and state not in EDITABLE:
        raise Rejected(problems.frozen(state))


def undisturbed(organisation_id: int, part: Part, *, by: Actor) -> None:
    """Let the cataloguer end or link something, unless reviewers look at the part just now."""
    own(organisation_id, by=by, permission=Permission.FUNCTIONS_REGISTER_EDIT)
    state = RegisterState(register(organisation_id, part).state)
    if by.kind != "platform" and state in UNDER_REVIEW:
        raise Rejected(problems.frozen(state))


def home(by: Actor, code: str = "") -> int:
    """Return the organisation that a new thing belongs to: the actor's own, or the one named."""
    if by.organisation_id is not None:
        return by.organisation_id
    found = organisation(code) if code and by.kind == "platform" else None
    if found is None:
        raise Rejected(problems.NOT_YOUR_REGISTER)
    return int(found.pk)


def next_code(organisation_id: int, letter: str) -> str:
    """Return a code such as ``990000-MH-W0001``; the letter says what kind of thing it is."""
    owner = organisation_by_id(organisation_id).code
    counter, _ = Counter.objects.select_for_update().get_or_create(name=f"{owner} {letter}")
    counter.last += 1
    counter.save()
    return f"{owner}-{letter}{counter.last:04}"


def found_by_code(model: type[models.Model], code: str, *, lock: bool = True) -> Any:
    """Return a row by its code, locked. Raises: ``Rejected`` NOT_FOUND."""
    rows = model._default_manager.all()
    found = (rows.select_for_update() if lock else rows).filter(code=code).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found


def line(given: Mapping[str, Any], name: str, limit: int, *, needed: str = "") -> str:
    """Return a field as clean text; ``needed``: what to say when it is empty."""
    text = _UNPRINTABLE.sub("", str(given.get(name) or "")).strip()
    if len(text) > limit:
        raise Rejected(problems.invalid(name, f"不超过 {limit} 个字"))
    if needed and not text:
        raise Rejected(problems.invalid(name, needed))
    return text
