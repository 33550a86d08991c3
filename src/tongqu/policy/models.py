"""Dated terms, the working-day table, and what the operator says of documents and their texts."""

from django.db import models
from django.db.models import F, Q

from tongqu.kernel.workdays import DayKind


class PolicyProfile(models.Model):
    """规则版本: the numbers in force from a day to a day. Past versions are never changed.

    ``valid_to`` is inclusive; NULL means until a later version begins. A profile that
    waits for a person to fill it (待补) is not active and gives no terms.
    """

    key = models.CharField("标识", max_length=40, unique=True)
    title = models.CharField("名称", max_length=120)
    regulation = models.CharField("依据文件", max_length=40)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)
    terms = models.JSONField("数值", default=dict)
    sources = models.JSONField("依据", default=dict)  # term → code of clause or assumption
    is_active = models.BooleanField("启用", default=True)
    author = models.CharField("录入人", max_length=120)
    reason = models.CharField("理由", max_length=300)
    created_at = models.DateTimeField("录入时间")

    class Meta:
        ordering = ["valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                name="profile_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            models.UniqueConstraint(
                fields=["valid_from"], condition=Q(is_active=True), name="profile_one_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CalendarYear(models.Model):
    """A year whose holidays the State Council has announced, and where that is written.

    ``stamp`` changes with every edit, so that every process knows its cache is stale.
    """

    year = models.PositiveSmallIntegerField("年份", primary_key=True)
    notice = models.CharField("通知", max_length=200)
    source = models.CharField("来源", max_length=300, blank=True)
    entered_by = models.CharField("录入人", max_length=120)
    entered_at = models.DateTimeField("录入时间")
    stamp = models.CharField("版本", max_length=32)

    class Meta:
        ordering = ["-year"]


class CalendarDay(models.Model):
    """A day that is not what its weekday says."""

    date = models.DateField("日期", primary_key=True)
    year = models.ForeignKey(CalendarYear, models.CASCADE, related_name="days")
    kind = models.CharField("类型", max_length=10, choices=[(k.value, k.value) for k in DayKind])

    class Meta:
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                name="calendar_day_kind", condition=Q(kind__in=[k.value for k in DayKind])
            )
        ]


class OfficialText(models.Model):
    """官方文本: the wording of one article, imported by the operator; we ship none."""

    regulation = models.CharField("文件", max_length=40)
    place = models.CharField("条款", max_length=40)
    text = models.TextField("原文")
    imported_by = models.CharField("导入人", max_length=120)
    imported_at = models.DateTimeField("导入时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["regulation", "place"], name="official_text_once")
        ]


class PolicyDocument(models.Model):
    """政策文件: what the operator recorded of a document, one that we ship or one of its own.

    ``repealed_on`` is the first day on which it is no longer in force; NULL: not repealed.
    """

    key = models.CharField("标识", max_length=40, unique=True)
    title = models.CharField("名称", max_length=120)
    document_number = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("发布单位", max_length=120, blank=True)
    issued_on = models.DateField("发布日期", null=True, blank=True)
    effective_from = models.DateField("施行日期")
    repealed_on = models.DateField("废止日期", null=True, blank=True)
    replaced_by = models.CharField("替代文件", max_length=120, blank=True)
    is_basis = models.BooleanField("可作拒绝依据", default=False)
    author = models.CharField("录入人", max_length=120)
    edited_at = models.DateTimeField("录入时间")

    class Meta:
        ordering = ["effective_from", "key"]
        constraints = [
            models.CheckConstraint(
                name="document_repealed_after_effect",
                condition=Q(repealed_on=None) | Q(repealed_on__gt=F("effective_from")),
            )
        ]

    def __str__(self) -> str:
        return self.title


class PolicyArticle(models.Model):
    """条款 of a document, told in the operator's words: beside the clauses that we ship."""

    document = models.ForeignKey(PolicyDocument, models.CASCADE, related_name="articles")
    place = models.CharField("条款", max_length=40)
    gist = models.CharField("要旨", max_length=200)
    phrase = models.CharField("原文关键语", max_length=100, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "place", "gist"], name="article_told_once")
        ]
