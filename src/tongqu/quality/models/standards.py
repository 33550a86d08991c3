"""What a department publishes of its own: quality standard, guideline, and the rules of both."""

from django.db import models


class QualityStandard(models.Model):
    """部门质量标准: a version with its guideline (管理指南) and rules; a change is a new row."""

    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    code = models.CharField("编号", max_length=60)
    version = models.PositiveIntegerField("版本")
    title = models.CharField("名称", max_length=200)
    standard = models.TextField("质量标准")
    guideline = models.TextField("质量管理指南")
    rules = models.JSONField("规则", default=list)
    entry_codes = models.JSONField("适用目录", default=list)
    owner = models.CharField("责任岗位", max_length=160)
    published_at = models.DateTimeField("发布时间")
    published_by = models.CharField("发布人", max_length=160)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="quality_standard_version"),
            models.CheckConstraint(
                name="quality_standard_has_owner", condition=~models.Q(owner="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
