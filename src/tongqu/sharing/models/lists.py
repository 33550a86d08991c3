"""Responsibility lists by matter (共享责任清单) and ready packages for joint work (共享专题包)."""

from django.db import models
from django.db.models import Q

from tongqu.sharing.models.requests import ShareRequest
from tongqu.sharing.vocabulary import DUTY_KIND_LABELS, DutyKind, Matter


class DutyList(models.Model):
    """责任清单 of one matter, such as a “高效办成一件事”."""

    code = models.CharField("清单编号", max_length=30, unique=True)
    name = models.CharField("事项名称", max_length=120)
    kind = models.CharField("场景", max_length=20)
    lead = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    made_by = models.CharField("编制人", max_length=120)
    made_at = models.DateTimeField("编制时间")
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="duty_kind_known", condition=Q(kind__in=[k.value for k in DutyKind])
            )
        ]

    @property
    def kind_label(self) -> str:
        return DUTY_KIND_LABELS[DutyKind(self.kind)]


class DutyItem(models.Model):
    """One thing that the matter needs, and who answers for it. Its state is read, not kept."""

    duty = models.ForeignKey(DutyList, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("序号")
    name = models.CharField("共享事项", max_length=120)
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    entry_code = models.CharField("资源编码", max_length=60, blank=True, db_index=True)
    cycle = models.CharField("更新周期", max_length=20)
    due_on = models.DateField("应接入日", null=True)

    class Meta:
        ordering = ["duty", "position"]
        constraints = [models.UniqueConstraint(fields=["duty", "position"], name="duty_item_once")]


class Bundle(models.Model):
    """共享专题包: the entries of one kind of joint work, with a template of the purpose."""

    code = models.CharField("专题包编号", max_length=30, unique=True)
    name = models.CharField("专题名称", max_length=120, unique=True)
    summary = models.CharField("适用工作", max_length=300)
    entry_codes = models.JSONField("数据资源", default=list)
    matter = models.CharField("履职事项", max_length=30)
    purpose = models.CharField("用途模板", max_length=500)
    is_offered = models.BooleanField("提供", default=True)
    made_by = models.CharField("编制人", max_length=120)
    made_at = models.DateTimeField("编制时间")
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="bundle_matter_known", condition=Q(matter__in=[m.value for m in Matter])
            )
        ]


class BundleApplication(models.Model):
    """One application for a whole package: one number, one request an entry under it."""

    number = models.CharField("办件号", max_length=30, unique=True)
    bundle = models.ForeignKey(Bundle, models.PROTECT, related_name="applications")
    consumer = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    applicant_key = models.CharField("申请人标识", max_length=120)
    applicant_name = models.CharField("申请人", max_length=120)
    purpose = models.CharField("使用用途", max_length=500)
    filed_at = models.DateTimeField("提交时间")
    submission_key = models.CharField("防重令牌", max_length=100, null=True)

    class Meta:
        ordering = ["-filed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consumer", "applicant_key", "submission_key"], name="bundle_once"
            )
        ]


class BundleCase(models.Model):
    """One entry of a package's application: its request, or why none could be filed."""

    application = models.ForeignKey(BundleApplication, models.PROTECT, related_name="cases")
    entry_code = models.CharField("资源编码", max_length=60)
    entry_name = models.CharField("资源名称", max_length=200)
    request = models.OneToOneField(
        ShareRequest, models.PROTECT, null=True, related_name="bundle_case"
    )
    refusal = models.CharField("未能申请的原因", max_length=300, blank=True)

    class Meta:
        ordering = ["application", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "entry_code"], name="bundle_case_once"),
            models.CheckConstraint(
                name="bundle_case_request_or_refusal",
                condition=Q(request__isnull=False, refusal="") | (Q(request=None) & ~Q(refusal="")),
            ),
        ]
