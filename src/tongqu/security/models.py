"""Security events (安全事件)."""

from django.db import models

from tongqu.security.vocabulary import EVENT_LABELS, EventKind


class SecurityEvent(models.Model):
    """Something the security officer has to know. ``details`` holds no value of a row."""

    kind = models.CharField("类型", max_length=30)
    at = models.DateTimeField("时间", db_index=True)
    actor_kind = models.CharField("主体类型", max_length=10)
    actor_key = models.CharField("主体", max_length=120)
    organisation_code = models.CharField("主体单位", max_length=40, blank=True)
    subject = models.CharField("对象", max_length=200)
    organisations = models.JSONField("相关单位", default=list)  # ids of those to be told
    details = models.JSONField("说明", default=dict)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "-at"], name="security_event_kind_at")]
        constraints = [
            models.CheckConstraint(
                name="security_event_kind",
                condition=models.Q(kind__in=[kind.value for kind in EventKind]),
            )
        ]

    @property
    def label(self) -> str:
        return EVENT_LABELS[EventKind(self.kind)]
