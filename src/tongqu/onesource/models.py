"""Who is the source of a datum, and which items look like one datum of two sources."""

from django.db import models
from django.db.models import F, Q

from tongqu.onesource.vocabulary import PairState


class Authority(models.Model):
    """权威来源: one datum, one system, one department, one standard. ``until`` NULL: in force."""

    datum = models.CharField("数据", max_length=120)
    name = models.CharField("数据名称", max_length=120)
    system = models.CharField("来源系统", max_length=120)
    department = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    standard = models.CharField("标准", max_length=120)
    since = models.DateField("起始日期")
    until = models.DateField("终止日期", null=True, blank=True)
    ended_reason = models.CharField("终止理由", max_length=300, blank=True)
    author = models.CharField("登记人", max_length=120)

    class Meta:
        ordering = ["datum", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["datum"], condition=Q(until=None), name="authority_one_in_force"
            ),
            models.CheckConstraint(
                name="authority_end_has_reason",
                condition=Q(until=None) | (Q(until__gte=F("since")) & ~Q(ended_reason="")),
            ),
            models.CheckConstraint(
                name="authority_four_ones",
                condition=~Q(datum="") & ~Q(system="") & ~Q(standard=""),
            ),
        ]


class Pair(models.Model):
    """疑似同源项: two items of different sources that look like one datum."""

    first_entry = models.CharField("目录一", max_length=60)
    first_item = models.CharField("信息项一", max_length=120)
    second_entry = models.CharField("目录二", max_length=60)
    second_item = models.CharField("信息项二", max_length=120)
    told = models.JSONField("两项的说明", default=dict)  # names as they stood when found
    score = models.FloatField("相似度")
    reasons = models.JSONField("理由", default=list)
    state = models.CharField("状态", max_length=12, default=PairState.OPEN, db_index=True)
    note = models.CharField("意见", max_length=300, blank=True)
    decided_by = models.CharField("认定人", max_length=120, blank=True)
    decided_at = models.DateTimeField("认定时间", null=True, blank=True)
    found_at = models.DateTimeField("发现时间")

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["first_entry", "first_item", "second_entry", "second_item"],
                name="pair_once",
            ),
            models.CheckConstraint(
                name="pair_state_known", condition=Q(state__in=[s.value for s in PairState])
            ),
            models.CheckConstraint(
                name="pair_decided_by_somebody",
                condition=Q(state=PairState.OPEN) | ~Q(decided_by=""),
            ),
        ]
