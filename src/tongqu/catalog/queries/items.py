"""Every declared information item, for those who compare them all."""

from django.db.models import F, QuerySet

from tongqu.catalog.models import EntryVersion, InformationItem
from tongqu.catalog.queries import sees_all_drafts, visible
from tongqu.catalog.vocabulary import IN_FORCE, WORKING, DeclaredItem, EntryState
from tongqu.kernel.actor import Actor

_DECLARED = sorted(state.value for state in IN_FORCE | WORKING)


def visible_codes(actor: Actor) -> "QuerySet[EntryVersion, str] | None":
    """Return the codes of entries that the asker may see, as a subquery; None: of all."""
    if sees_all_drafts(actor):
        return None
    return visible(actor).order_by().prefetch_related(None).values_list("entry__code", flat=True)


def declared_items(actor: Actor | None = None) -> tuple[DeclaredItem, ...]:
    """Return the items of versions in force, and of first drafts; one statement.

    With ``actor`` only those that it may see: others' drafts are not its business. A change
    in work is not counted beside the version that is in force: the entry would stand
    against itself. A version without a provider is its owner's.
    """
    items = InformationItem.objects.filter(version__state__in=_DECLARED)
    codes = visible_codes(actor) if actor else None
    if codes is not None:
        items = items.filter(version__entry__code__in=codes)
    found = (
        items
        .exclude(version__state=EntryState.CHANGE_REGISTERED)
        .exclude(version__state=EntryState.CHANGE_PENDING)
        .order_by("version__entry__code", "position")
        .values_list(
            "version__entry__code", "version__name",
            F("version__provider_id"), F("version__provider__name"),
            F("version__entry__owner_id"), F("version__entry__owner__name"),
            "version__source_system", "name_zh", "name_en", "data_type", "length",
            "code_table", "element", "source_column",
        )
    )  # fmt: skip
    return tuple(
        DeclaredItem(
            entry_code=row[0], entry_name=row[1], provider_id=row[2] or row[4],
            provider_name=row[3] or row[5], source_system=row[6], name_zh=row[7], name_en=row[8],
            data_type=row[9], length=row[10], code_table=row[11], element=row[12],
            source_column=row[13],
        )
        for row in found
    )  # fmt: skip
