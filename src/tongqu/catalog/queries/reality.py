"""What entries declare beside what arrived, for all connected entries at once."""

from collections import defaultdict

from django.db.models import OuterRef, Subquery

from tongqu.catalog.models import EntryVersion, InformationItem, ObservedColumn, Receipt
from tongqu.catalog.vocabulary import IN_FORCE, EntryKind, RealityLine, ReceiptKind, ReceiptState


def reality() -> list[RealityLine]:
    """Return the connected formal entries in force, in three statements."""
    newest = (
        Receipt.objects.filter(version__entry=OuterRef("entry_id"), kind=ReceiptKind.FORMAL)
        .exclude(state=ReceiptState.VOID)
        .order_by("-pk")
    )
    versions = list(
        EntryVersion.objects.filter(
            state__in=sorted(s.value for s in IN_FORCE), entry__kind=EntryKind.FORMAL,
            entry__connected_at__isnull=False,
        )
        .annotate(receipt_rows=Subquery(newest.values("rows")[:1]))
        .select_related("entry")
        .order_by("entry__code")
        .defer("search_text", "checks")
    )  # fmt: skip
    declared: dict[int, dict[str, str]] = defaultdict(dict)
    items = InformationItem.objects.filter(version__in=versions).order_by("position")
    for pk, name, source, kind in items.values_list(
        "version_id", "name_en", "source_column", "data_type"
    ):
        declared[pk][source or name] = kind
    observed: dict[int, dict[str, str]] = defaultdict(dict)
    seen = ObservedColumn.objects.filter(entry__in=[v.entry_id for v in versions])
    for pk, name, kind in seen.order_by("position").values_list("entry_id", "name", "data_type"):
        observed[pk][name] = kind
    return [
        RealityLine(
            code=v.entry.code, name=v.name, provider_id=v.provider_id or v.entry.owner_id,
            update_cycle=v.update_cycle, last_loaded_at=v.entry.last_loaded_at,
            rows=v.entry.connected_rows, receipt_rows=v.receipt_rows or 0,
            declared=declared[v.pk], observed=observed[v.entry_id],
        )
        for v in versions
    ]  # fmt: skip
