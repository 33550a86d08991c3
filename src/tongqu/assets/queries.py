"""Reads of assets, each starting from what the asker may see."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet

from tongqu.assets.domain import problems
from tongqu.assets.models import Camera, Device, Media, Structure, StructureModel, TrustPolicy
from tongqu.assets.vocabulary import Completeness, DeviceState, Policy
from tongqu.catalog import public as catalog
from tongqu.catalog.vocabulary import SharingType
from tongqu.delivery import public as delivery
from tongqu.delivery.vocabulary import GrantView
from tongqu.identity.vocabulary import Role
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected

# Who oversees every department's devices and files; the others see their own.
OVERSIGHT = frozenset(
    {Role.MANAGING_OFFICE.value, Role.SUPERVISOR.value, Role.SUPPORT.value}
)  # fmt: skip
REPORTING = (DeviceState.ONLINE.value, DeviceState.ALARM.value)


def sees_all(actor: Actor) -> bool:
    return actor.kind == "platform" or bool(actor.roles & OVERSIGHT)


def owns(actor: Actor, provider_id: int) -> bool:
    """Decide whether the actor acts for the provider: of it, or the support unit, or the hub."""
    if actor.kind == "platform" or Role.SUPPORT.value in actor.roles:
        return True
    return actor.organisation_id == provider_id


def devices(actor: Actor) -> QuerySet[Device]:
    rows = Device.objects.select_related("provider")
    return rows if sees_all(actor) else rows.filter(provider_id=actor.organisation_id or 0)


def device_for(code: str, actor: Actor) -> Device:
    found = devices(actor).filter(code=code).first()
    if found is None:
        raise Rejected(problems.DEVICE_UNKNOWN)
    return found


def device_counts(actor: Actor) -> dict[str, int]:
    """Return how many devices stand in each state."""
    counts = dict.fromkeys((state.value for state in DeviceState), 0)
    rows = devices(actor).order_by().values("state").annotate(n=Count("pk"))
    return counts | {row["state"]: row["n"] for row in rows}


def policy_of(source_code: str) -> Policy:
    """Return what a source asks of its messages; signed ones where nobody said otherwise."""
    found = TrustPolicy.objects.filter(source_code=source_code).values_list("policy", flat=True)
    return Policy(found[0]) if found else Policy.REQUIRED


def completeness(entry_codes: Sequence[str] = ()) -> list[Completeness]:
    """Return how many of each dataset's devices report; of all datasets, or of some."""
    rows = Device.objects.exclude(entry_code="").exclude(state=DeviceState.DISABLED.value)
    if entry_codes:
        rows = rows.filter(entry_code__in=entry_codes)
    counted = rows.order_by().values("entry_code").annotate(
        expected=Count("pk"), reporting=Count("pk", filter=Q(state__in=REPORTING))
    )  # fmt: skip
    return [
        Completeness(row["entry_code"], row["expected"], row["reporting"])
        for row in counted.order_by("entry_code")
    ]


def media(actor: Actor, **only: str) -> QuerySet[Media]:
    """Return the files in the actor's sight: own ones; all for oversight; and those whose entry
    is shared without condition or granted to the actor's department.

    ``only`` narrows them: what is asked of the catalogue is of those files alone.
    """
    rows = Media.objects.select_related("provider").filter(**only)
    if sees_all(actor):
        return rows
    own = Q(provider_id=actor.organisation_id or 0)
    return rows.filter(own | Q(entry_code__in=_open_codes(rows, actor)))


def has_media(entry_code: str) -> bool:
    return Media.objects.filter(entry_code=entry_code).exists()


def _open_codes(rows: QuerySet[Media], actor: Actor) -> list[str]:
    """Return the entries of these files that others may see; the same statements for any number."""
    codes = set(rows.order_by().values_list("entry_code", flat=True).distinct()) - {""}
    if not codes:
        return []
    in_force = catalog.lines(codes=codes)
    free = {line.code for line in in_force if line.sharing_type == SharingType.UNCONDITIONAL}
    return sorted(free | (codes & granted_codes(actor)))


def grant_for(row: Media, actor: Actor) -> str:
    """Return the grant under which a file is taken; empty where none is needed."""
    if sees_all(actor) or row.provider_id == actor.organisation_id:
        return ""
    held = grants_today(actor.organisation_id)
    return next((g.number for g in held if g.terms.entry_code == row.entry_code), "")


def granted_codes(actor: Actor) -> frozenset[str]:
    """Return the entries that the actor's department may use today."""
    return frozenset(grant.terms.entry_code for grant in grants_today(actor.organisation_id))


def grants_today(organisation_id: int | None) -> list[GrantView]:
    """Return the grants by which a department may use data today."""
    today = clock.today()
    held = delivery.grants_of(organisation_id) if organisation_id is not None else []
    return [
        grant
        for grant in held
        if grant.is_open and grant.terms.valid_from <= today <= grant.terms.valid_until
    ]


def media_for(number: str, actor: Actor) -> Media:
    found = media(actor, number=number).first()
    if found is None:
        raise Rejected(problems.MEDIA_UNKNOWN)
    return found


def search_media(actor: Actor, *, q: str = "", domain: str = "", kind: str = "") -> QuerySet[Media]:
    """Return the files that hold every word of the question: in title, summary, names, codes."""
    rows = media(actor)
    for word in q.split()[:8]:
        rows = rows.filter(words__contains=word.casefold())
    if domain:
        rows = rows.filter(domain=domain)
    if kind:
        rows = rows.filter(kind=kind)
    return rows


def cameras(actor: Actor) -> QuerySet[Camera]:
    """Return cameras that the actor may know of: own ones, all for oversight, granted ones."""
    rows = Camera.objects.select_related("provider")
    if sees_all(actor):
        return rows
    own = Q(provider_id=actor.organisation_id or 0)
    return rows.filter(own | Q(entry_code__in=granted_codes(actor)))


def camera_for(code: str, actor: Actor) -> Camera:
    found = cameras(actor).filter(code=code).first()
    if found is None:
        raise Rejected(problems.CAMERA_UNKNOWN)
    return found


def structures(actor: Actor) -> QuerySet[Structure]:
    rows = Structure.objects.select_related("provider").annotate(versions=Count("models"))
    rows = rows.order_by("code")
    return rows if sees_all(actor) else rows.filter(provider_id=actor.organisation_id or 0)


def structure_for(code: str, actor: Actor) -> Structure:
    found = structures(actor).filter(code=code).first()
    if found is None:
        raise Rejected(problems.STRUCTURE_UNKNOWN)
    return found


def models_of(structure: Structure) -> list[StructureModel]:
    return list(structure.models.select_related("media"))
