"""Which entries follow a standard: asked when that standard is replaced."""

from tongqu.catalog.models import EntryVersion
from tongqu.catalog.vocabulary import IN_FORCE, WORKING
from tongqu.standards.vocabulary import Follower, SubjectKind

_SHOWN = sorted(state.value for state in IN_FORCE | WORKING)


def entries_following(standard: str) -> tuple[Follower, ...]:
    """Return the entries, in force or in work, that name a standard; each once."""
    rows = (
        EntryVersion.objects.filter(state__in=_SHOWN)
        .exclude(standards=[])
        .order_by("entry__code", "pk")
        .values_list("entry__code", "name", "entry__owner_id", "standards")
    )
    found = {
        code: Follower(SubjectKind.ENTRY, code, name, f"/catalog/{code}/", owner_id)
        for code, name, owner_id, standards in rows.iterator(chunk_size=2_000)
        if standard in standards
    }
    return tuple(found.values())
