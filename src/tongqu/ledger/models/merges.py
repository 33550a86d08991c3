"""Merges (目录融合): cities' entries, their conflicts, who decided what."""

from django.db import models
from django.db.models import Q

from tongqu.ledger.models.words import one_of
from tongqu.ledger.vocabulary import ConflictKind, MergeState


class Merge(models.Model):
    """融合: several entries of the same thing become one of the province."""

    name = models.CharField("名称", max_length=200)
    year = models.PositiveSmallIntegerField("年度")  # 分阶段
    state = models.CharField("状态", max_length=20, default=MergeState.WAITING)
    owner = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    entry_code = models.CharField("融合目录", max_length=60, blank=True, db_index=True)
    created_at = models.DateTimeField("发起时间")
    created_by = models.CharField("发起人", max_length=120)
    merged_at = models.DateTimeField("融合时间", null=True, blank=True)
    merged_by = models.CharField("融合人", max_length=120, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            one_of("merge_state_known", "state", MergeState),
            models.CheckConstraint(
                name="merge_merged_has_entry",
                condition=Q(state__in=[MergeState.WAITING.value, MergeState.CONFLICT.value])
                | (~Q(entry_code="") & Q(merged_at__isnull=False) & ~Q(merged_by="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MergeSource(models.Model):
    """来源目录: which version of which entry took part. One entry is merged once."""

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="sources")
    entry_code = models.CharField("目录标识", max_length=60, unique=True)
    entry_name = models.CharField("名称", max_length=200)
    version_id = models.BigIntegerField("目录版本")
    version = models.CharField("版本号", max_length=20)
    provider_name = models.CharField("提供部门", max_length=120)

    class Meta:
        ordering = ["entry_code"]


class MergeConflict(models.Model):
    """冲突: what the sources say of one item, and what was decided.

    ``values`` maps an entry's code to what it says; ``choice`` is one of the codes, or
    ``keep``/``drop`` for an item that not every source has.
    """

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="conflicts")
    item = models.CharField("信息项", max_length=120)
    kind = models.CharField("冲突类别", max_length=20)
    values = models.JSONField("各来源取值", default=dict)
    choice = models.CharField("处理", max_length=60, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    decided_by = models.CharField("处理人", max_length=120, blank=True)
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        ordering = ["item", "kind"]
        constraints = [
            one_of("merge_conflict_kind_known", "kind", ConflictKind),
            models.UniqueConstraint(fields=["merge", "item", "kind"], name="merge_conflict_once"),
            models.CheckConstraint(
                name="merge_conflict_decided_whole",
                condition=Q(choice="", decided_by="", decided_at=None)
                | (~Q(choice="") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
            ),
        ]
