"""申请与授权流程 as it was edited: rows are only ever added, a case keeps its own version."""

from django.db import models
from django.db.models import Q


class RequestFlow(models.Model):
    """One version of the flow; version 1 is the built-in table and has no row here."""

    version = models.PositiveIntegerField("版本", unique=True)
    steps = models.JSONField("步骤", default=list)
    note = models.CharField("修订说明", max_length=300)
    made_by = models.CharField("修订人", max_length=120)
    made_at = models.DateTimeField("启用时间")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(name="request_flow_edited", condition=Q(version__gte=2))
        ]
