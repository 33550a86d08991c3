"""External agreements, delivery templates, links between layers."""

from django.db import models
from django.db.models import F, Q

from tongqu.ingest.models.sources import Batch, Source
from tongqu.ingest.vocabulary import (
    Authority,
    PassageState,
    TemplateKind,
)
from tongqu.policy.domain.matters import MATTER_LABELS, Matter


class Agreement(models.Model):
    """外部来源协议 (ING-09, ING-10): on what terms another authority's or a firm's data come in.

    ``min_cell``: counts below it are suppressed in the service layer; ``count_column`` names the
    column that counts. Both empty for data that are no aggregates of people.
    """

    source = models.OneToOneField(Source, models.PROTECT, related_name="agreement")
    authority = models.CharField(
        "部门", max_length=20, choices=[(a.value, a.label) for a in Authority]
    )
    counterpart = models.CharField("对方单位", max_length=120)
    number = models.CharField("协议编号", max_length=80)
    owner = models.CharField("责任岗位", max_length=120)
    purpose = models.CharField("限定用途", max_length=200)
    matters = models.JSONField("限定事项", default=list)  # codes of ``Matter``; none: by the words
    aggregation = models.CharField("汇总粒度", max_length=120, blank=True)
    count_column = models.CharField("计数列", max_length=120, blank=True)
    min_cell = models.PositiveIntegerField("最小计数", null=True, blank=True)
    valid_from = models.DateField("生效日")
    expires_on = models.DateField("到期日", null=True, blank=True)
    created_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["authority", "source__code"]
        constraints = [
            models.CheckConstraint(
                name="agreement_social_is_limited",
                condition=~Q(authority=Authority.SOCIAL.value) | Q(expires_on__isnull=False),
            ),
            models.CheckConstraint(
                name="agreement_cell_is_counted",
                condition=Q(min_cell__isnull=True, count_column="")
                | (Q(min_cell__isnull=False) & ~Q(count_column="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def matter_labels(self) -> list[str]:
        return [MATTER_LABELS[Matter(matter)] for matter in self.matters]


class Template(models.Model):
    """报送模板 (ING-11): the same columns, delivered by many on the same day."""

    code = models.CharField("模板代码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField(
        "类别", max_length=20, choices=[(k.value, k.label) for k in TemplateKind]
    )
    owner = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    cycle = models.CharField("周期", max_length=20)
    due_day = models.PositiveSmallIntegerField("报送日")
    columns = models.JSONField("列", default=list)
    created_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class TemplateMember(models.Model):
    """Who delivers by a template, and the source that takes it."""

    template = models.ForeignKey(Template, models.PROTECT, related_name="members")
    source = models.OneToOneField(Source, models.PROTECT, related_name="membership")

    class Meta:
        ordering = ["source__provider__code"]

    def __str__(self) -> str:
        return f"{self.template_id} {self.source_id}"


class Link(models.Model):
    """上报关系 (ING-07): whose batches go up to whose source, and the score they need for it."""

    source = models.OneToOneField(Source, models.PROTECT, related_name="link")
    upstream = models.ForeignKey(Source, models.PROTECT, related_name="downstream")
    gate = models.DecimalField("质量门槛", max_digits=5, decimal_places=2)

    def __str__(self) -> str:
        return f"{self.source_id} → {self.upstream_id}"


class Passage(models.Model):
    """上报记录: a batch with the score of its layer, passed up or held with reasons."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="passages")
    level = models.CharField("层级", max_length=20)
    score = models.DecimalField("质量分", max_digits=5, decimal_places=2)
    gate = models.DecimalField("质量门槛", max_digits=5, decimal_places=2)
    state = models.CharField("状态", max_length=20)
    reasons = models.JSONField("原因", default=list)
    passed_as = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="came_from"
    )
    actor_key = models.CharField("经办", max_length=120)
    made_at = models.DateTimeField("时间")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="passage_held_below_gate",
                condition=Q(state=PassageState.HELD.value, passed_as__isnull=True)
                | Q(state=PassageState.PASSED.value, score__gte=F("gate")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.state}"
