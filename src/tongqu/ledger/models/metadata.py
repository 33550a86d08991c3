"""One ledger of four kinds of metadata (一本账), and one row a resource with four states."""

from django.db import models

from tongqu.ledger.models.words import one_of
from tongqu.ledger.vocabulary import Filled, ObjectKind


class MetadataObject(models.Model):
    """台账对象: a database, table, item, model or file, with its four kinds of metadata.

    ``technical`` is what a scan saw and only scans write it; ``business`` and
    ``management`` are what people say. ``gone_at``: the last scan did not find it any more.
    """

    identifier = models.CharField("标识", max_length=300, unique=True)  # database/table/item
    kind = models.CharField("对象", max_length=20)
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    owner = models.ForeignKey(
        "identity.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField("名称", max_length=200)
    title = models.CharField("中文名", max_length=200, blank=True)
    entry_code = models.CharField("目录标识", max_length=60, blank=True, db_index=True)
    basic = models.JSONField("基础元数据", default=dict, blank=True)
    technical = models.JSONField("技术元数据", default=dict, blank=True)
    business = models.JSONField("业务元数据", default=dict, blank=True)
    management = models.JSONField("管理元数据", default=dict, blank=True)
    business_state = models.CharField("业务元数据状态", max_length=10, default=Filled.MISSING)
    origin = models.CharField("采集方式", max_length=40)
    seen_at = models.DateTimeField("采集时间")
    gone_at = models.DateTimeField("消失时间", null=True, blank=True)
    edited_by = models.CharField("填写人", max_length=120, blank=True)

    class Meta:
        ordering = ["identifier"]
        constraints = [
            one_of("metadata_kind_known", "kind", ObjectKind),
            one_of("metadata_business_state_known", "business_state", Filled),
        ]
        indexes = [models.Index(fields=["kind", "business_state"], name="metadata_kind_idx")]

    def __str__(self) -> str:
        return self.identifier


class ResourceState(models.Model):
    """总账的一行: the four states of one resource, as of the last compilation."""

    entry_code = models.CharField("目录标识", max_length=60, unique=True)
    name = models.CharField("名称", max_length=200)
    provider_id = models.BigIntegerField("提供部门", db_index=True)
    provider_name = models.CharField("提供部门名称", max_length=120)
    version = models.CharField("版本", max_length=20)
    grading = models.CharField("分级", max_length=40)
    sharing = models.CharField("共享", max_length=40)
    opening = models.CharField("开放", max_length=40)
    operation = models.CharField("运营", max_length=40)
    compiled_at = models.DateTimeField("汇编时间")

    class Meta:
        ordering = ["entry_code"]


class StockMeasurement(models.Model):
    """存量测量: what the engine counted at one instant. Rows are only ever added."""

    at = models.DateTimeField("测量时间", db_index=True)
    by = models.CharField("测量人", max_length=120)
    facts = models.JSONField("计数", default=dict)  # every rate is computed from these

    class Meta:
        ordering = ["-at", "-pk"]

    @property
    def tables(self) -> int:
        return int(self.facts["tables"])

    @property
    def items(self) -> int:
        return int(self.facts["items"])

    @property
    def rows(self) -> int:
        return int(self.facts["rows"])
