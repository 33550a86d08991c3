"""What ties entries to the outside: others' identifiers, nodes, changes found elsewhere."""

from django.db import models
from django.db.models import F, Q

from tongqu.catalog.models.entries import Entry, EntryVersion
from tongqu.catalog.models.words import one_of
from tongqu.catalog.vocabulary import ChangeReason


class ExternalIdentifier(models.Model):
    """外部标识: what somebody else calls an entry, from when to when."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="external_identifiers")
    scheme = models.CharField("标识体系", max_length=40)
    value = models.CharField("标识", max_length=200, db_index=True)
    assigned_by = models.CharField("赋码单位", max_length=120)
    valid_from = models.DateField("启用日期")
    valid_to = models.DateField("停用日期", null=True, blank=True)
    added_by = models.CharField("登记人", max_length=120)
    added_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["scheme", "value"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "value"], name="external_identifier_once"),
            models.CheckConstraint(
                name="external_identifier_said",
                condition=~Q(scheme="") & ~Q(value="") & ~Q(assigned_by=""),
            ),
            models.CheckConstraint(
                name="external_identifier_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]


class HubNode(models.Model):
    """节点: another hub that issues identifiers under a division of its own (INF-01)."""

    code = models.CharField("行政区划", max_length=6, unique=True)
    name = models.CharField("名称", max_length=120)
    url = models.URLField("地址", blank=True)
    added_by = models.CharField("登记人", max_length=120)
    added_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["code"]


class LinkedChange(models.Model):
    """联动更新: what changed elsewhere, so that a published entry no longer fits (CAT-04).

    ``columns`` names what was dropped, renamed, retyped or added: names, never values.
    """

    version = models.ForeignKey(EntryVersion, models.PROTECT, related_name="linked_changes")
    reason = models.CharField("触发原因", max_length=20)
    cause = models.CharField("说明", max_length=500)
    columns = models.JSONField("字段", default=list, blank=True)
    at = models.DateTimeField("发现时间")
    by = models.CharField("发现者", max_length=120)

    class Meta:
        ordering = ["-pk"]
        constraints = [one_of("linked_reason_known", "reason", ChangeReason)]


class StopApplication(models.Model):
    """停用申请: by the provider's reviewer, approved by the managing office (C.1)."""

    version = models.OneToOneField(EntryVersion, models.PROTECT, related_name="stop")
    reason = models.CharField("停用原因", max_length=500)
    filed_by = models.CharField("申请人", max_length=120)
    filed_on = models.DateField("申请日期")
    effective_on = models.DateField("停用日期")
    earliest_on = models.DateField("最早可停用日期")
    active_grants = models.PositiveIntegerField("在用授权数", default=0)
    approved_by = models.CharField("批准人", max_length=120, blank=True)
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="stop_in_time", condition=Q(effective_on__gte=F("earliest_on"))
            ),
            models.CheckConstraint(name="stop_has_reason", condition=~Q(reason="")),
        ]
