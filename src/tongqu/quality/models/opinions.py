"""Stars and answers of users."""

from django.db import models
from django.db.models import Q


class Rating(models.Model):
    """用户评分: one vote a user and grant; it may be changed, and then counts anew."""

    entry_code = models.CharField("目录编码", max_length=60, db_index=True)
    grant_number = models.CharField("授权编号", max_length=40)
    user_key = models.CharField("评分人标识", max_length=120)
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    stars = models.PositiveSmallIntegerField("星级")
    needs_met = models.PositiveSmallIntegerField("满足需求")
    data_quality = models.PositiveSmallIntegerField("数据质量")
    effect = models.PositiveSmallIntegerField("使用效果")
    comment = models.CharField("说明", max_length=300, blank=True)
    given_at = models.DateTimeField("首次评分")
    changed_at = models.DateTimeField("最近评分")

    class Meta:
        ordering = ["-changed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user_key", "grant_number"], name="quality_rating_once"
            ),
            models.CheckConstraint(
                name="quality_rating_in_range",
                condition=Q(
                    stars__range=(1, 5), needs_met__range=(1, 5),
                    data_quality__range=(1, 5), effect__range=(1, 5),
                ),
            ),
        ]  # fmt: skip
