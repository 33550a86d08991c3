"""Reads of the metadata ledger (一本账)."""

from django.db.models import Count, Q, QuerySet

from tongqu.kernel.actor import Actor
from tongqu.kernel.problems import Rejected
from tongqu.ledger.domain import problems
from tongqu.ledger.domain.metadata import shown
from tongqu.ledger.models import MetadataObject
from tongqu.ledger.queries.scope import provider_of
from tongqu.ledger.vocabulary import Filled, MetadataKind, ObjectKind

HEADS = ("标识", "对象", "名称", "中文名", "责任部门", "目录标识", "基础元数据", "技术元数据",
         "业务元数据", "管理元数据", "业务元数据状态", "采集时间")  # fmt: skip


def objects(
    actor: Actor, *, words: str = "", kind: str = "", state: str = ""
) -> QuerySet[MetadataObject]:
    """Return the objects in sight: all, or those of one's own department."""
    found = MetadataObject.objects.select_related("owner")
    owner_id = provider_of(actor)
    if owner_id is not None:
        found = found.filter(owner_id=owner_id)
    if kind in set(ObjectKind):
        found = found.filter(kind=kind)
    if state in set(Filled):
        found = found.filter(business_state=state)
    for word in words.split()[:5]:
        found = found.filter(
            Q(identifier__icontains=word) | Q(title__icontains=word) | Q(entry_code=word)
        )
    return found


def object_for(pk: int, actor: Actor) -> MetadataObject:
    found = objects(actor).filter(pk=pk).first()
    if found is None:
        raise Rejected(problems.NOT_FOUND)
    return found


def counts(actor: Actor) -> dict[ObjectKind, tuple[int, int]]:
    """Return for each kind how many there are, and of how many the business part is missing."""
    rows = (
        objects(actor)
        .order_by()
        .values("kind")
        .annotate(total=Count("pk"), missing=Count("pk", filter=Q(business_state=Filled.MISSING)))
        .values_list("kind", "total", "missing")
    )
    by_kind = {kind: (total, missing) for kind, total, missing in rows}
    return {kind: by_kind.get(kind.value, (0, 0)) for kind in ObjectKind}


def parts(found: MetadataObject) -> list[tuple[MetadataKind, list[tuple[str, object]]]]:
    """Return the four kinds with what is known of each."""
    return [(kind, shown(kind, getattr(found, kind.value))) for kind in MetadataKind]


def cells(row: MetadataObject) -> tuple[str, ...]:
    texts = ["；".join(f"{label}：{value}" for label, value in known) for _, known in parts(row)]
    return (
        row.identifier, ObjectKind(row.kind).label, row.name, row.title,
        row.owner.name if row.owner else "", row.entry_code, *texts,
        Filled(row.business_state).label, f"{row.seen_at:%Y-%m-%d %H:%M}",
    )  # fmt: skip
