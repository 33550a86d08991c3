"""一般、重要、核心: the national grade of an entry, where somebody decided on it."""

from django.db import models
from django.db.models import Q

from tongqu.catalog.models.entries import Entry
from tongqu.catalog.models.words import one_of
from tongqu.catalog.vocabulary import NationalGrade


class EntryGrade(models.Model):
    """An entry without one is 一般. The trail keeps what it was before."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="national_grade")
    grade = models.CharField("数据分级", max_length=10)
    reason = models.CharField("理由", max_length=500)
    decided_by = models.CharField("确定人", max_length=120)
    decided_at = models.DateTimeField("确定时间")

    class Meta:
        constraints = [
            one_of("entry_grade_known", "grade", NationalGrade),
            models.CheckConstraint(name="entry_grade_has_reason", condition=~Q(reason="")),
        ]
