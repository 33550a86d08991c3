"""Operation lists (授权运营公共数据资源目录清单): numbered, signed by four, then frozen."""

from django.db import models
from django.db.models import Q

from tongqu.ledger.models.words import one_of
from tongqu.ledger.vocabulary import TONES, BatchState, Party, SupplyManner


class OperationBatch(models.Model):
    """批次. ``digest`` is the SHA-256 of the canonical rows, fixed when signing begins."""

    number = models.PositiveSmallIntegerField("批次", unique=True)
    title = models.CharField("名称", max_length=120)
    state = models.CharField("状态", max_length=20, default=BatchState.COMPILING)
    digest = models.CharField("SHA-256", max_length=64, blank=True)
    created_at = models.DateTimeField("编制时间")
    created_by = models.CharField("编制人", max_length=120)
    frozen_at = models.DateTimeField("会签完成时间", null=True, blank=True)
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            one_of("batch_state_known", "state", BatchState),
            models.CheckConstraint(
                name="operation_batch_frozen_has_digest",
                condition=~Q(state=BatchState.FROZEN)
                | (~Q(digest="") & Q(frozen_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> str:
        return BatchState(self.state).label

    @property
    def state_tone(self) -> str:
        return TONES[self.state]


class BatchParty(models.Model):
    """会签方: which organisation stands for a party in this batch, and its signature."""

    batch = models.ForeignKey(OperationBatch, models.CASCADE, related_name="parties")
    party = models.CharField("会签方", max_length=20)
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    signed_at = models.DateTimeField("会签时间", null=True, blank=True)
    signed_by = models.CharField("会签人", max_length=120, blank=True)
    digest = models.CharField("会签时摘要", max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("batch_party_known", "party", Party),
            models.UniqueConstraint(fields=["batch", "party"], name="batch_party_once"),
            models.UniqueConstraint(fields=["batch", "organisation"], name="batch_signs_once"),
            models.CheckConstraint(
                name="batch_party_signed_whole",
                condition=Q(signed_at=None, signed_by="", digest="")
                | (Q(signed_at__isnull=False) & ~Q(signed_by="") & ~Q(digest="")),
            ),
        ]


class BatchRow(models.Model):
    """清单的一行, as it stood when it was drawn from the catalogue."""

    batch = models.ForeignKey(OperationBatch, models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField("序号")
    entry_code = models.CharField("目录标识", max_length=60, db_index=True)
    version = models.CharField("版本号", max_length=20)
    provider_name = models.CharField("提供部门", max_length=120)
    name = models.CharField("名称", max_length=200)
    supply = models.CharField("供给方式", max_length=20)
    update_cycle = models.CharField("更新周期", max_length=20)

    class Meta:
        ordering = ["batch", "position"]
        constraints = [
            one_of("batch_supply_known", "supply", SupplyManner),
            models.UniqueConstraint(fields=["batch", "position"], name="batch_position_once"),
            models.UniqueConstraint(fields=["batch", "entry_code"], name="batch_entry_once"),
        ]
