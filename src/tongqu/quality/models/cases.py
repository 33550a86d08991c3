"""Check requests, objections, the register of hardships; one chain of events for all three."""

from typing import Any

from django.db import models
from django.db.models import Q

from tongqu.kernel.words import Word
from tongqu.quality.domain.cases import (
    CheckState,
    HardshipClass,
    HardshipState,
    ObjectionState,
)


def _one_of(name: str, field: str, words: type[Word], *, blank: bool = False) -> Any:
    known = [word.value for word in words] + ([""] if blank else [])
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": known}))


class CaseEvent(models.Model):
    """经过 of a case: who did what, when; only ever added. Never a value from a row."""

    case = models.CharField("编号", max_length=40, db_index=True)
    command = models.CharField("动作", max_length=20)
    actor = models.CharField("办理人", max_length=160)
    note = models.CharField("说明", max_length=300, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["pk"]


class CheckRequest(models.Model):
    """数据校核需求. The last day is stored when the implementing body confirms."""

    number = models.CharField("编号", max_length=40, unique=True)
    state = models.CharField("状态", max_length=20, default=CheckState.PROPOSED)
    entry_code = models.CharField("目录编码", max_length=60, db_index=True)
    entry_name = models.CharField("目录名称", max_length=200)
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    scenario = models.CharField("应用场景", max_length=200)
    item = models.CharField("信息项", max_length=80, blank=True)
    title = models.CharField("问题", max_length=200)
    sample = models.CharField("样例说明", max_length=1000, blank=True)
    filed_by = models.CharField("提出人", max_length=160)
    filer_organisation_id = models.BigIntegerField("运营机构")
    filed_at = models.DateTimeField("提出时间")
    confirmed_on = models.DateField("确认日", null=True)
    due_on = models.DateField("截止日", null=True)
    due_provisional = models.BooleanField("暂定", default=False)
    wanted_until = models.DateField("拟延至", null=True)
    wanted_by = models.CharField(
        "延期提出方", max_length=20, blank=True
    )  # department | implementer
    ticket = models.OneToOneField(
        "quality.Ticket", models.PROTECT, null=True, related_name="check_request"
    )
    closed_at = models.DateTimeField("关闭时间", null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            _one_of("check_request_state", "state", CheckState),
            models.CheckConstraint(
                name="check_request_confirmed_has_due",
                condition=Q(confirmed_on=None, due_on=None)
                | Q(confirmed_on__isnull=False, due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="check_request_wanted_whole",
                condition=Q(wanted_until=None, wanted_by="")
                | (Q(wanted_until__isnull=False) & ~Q(wanted_by="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Objection(models.Model):
    """异议. ``sealed``: where the row is, what is claimed, old and new value; only sealed."""

    number = models.CharField("编号", max_length=40, unique=True)
    state = models.CharField("状态", max_length=20, default=ObjectionState.PROPOSED)
    entry_code = models.CharField("目录编码", max_length=60, db_index=True)
    entry_name = models.CharField("目录名称", max_length=200)
    item = models.CharField("信息项", max_length=80)
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    filed_by = models.CharField("提出人", max_length=160)
    filer_key = models.CharField("提出人标识", max_length=120, db_index=True)
    filer_person_id = models.BigIntegerField("提出人账号")
    sealed = models.TextField("密文")
    filed_at = models.DateTimeField("提出时间")
    due_on = models.DateField("截止日")
    due_provisional = models.BooleanField("暂定", default=False)
    verified_by = models.CharField("核实人", max_length=160, blank=True)
    is_upheld = models.BooleanField("成立", null=True)
    ticket = models.OneToOneField(
        "quality.Ticket", models.PROTECT, null=True, related_name="objection"
    )
    closed_at = models.DateTimeField("关闭时间", null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [_one_of("objection_state", "state", ObjectionState)]

    def __str__(self) -> str:
        return self.number


class Hardship(models.Model):
    """困难挑战 of the register: classed, tied to a remedy, followed until it is struck off."""

    number = models.CharField("编号", max_length=40, unique=True)
    state = models.CharField("状态", max_length=20, default=HardshipState.LOGGED)
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    title = models.CharField("问题", max_length=200)
    text = models.CharField("情况说明", max_length=1000, blank=True)
    hardship = models.CharField("类别", max_length=20, blank=True)
    entry_code = models.CharField("目录编码", max_length=60, blank=True)
    remedy = models.CharField("治理措施", max_length=40, blank=True)
    pack_version = models.PositiveIntegerField("规则包版本", null=True)
    treated_at = models.DateTimeField("采用时间", null=True)
    outcome = models.CharField("销账说明", max_length=300, blank=True)
    filed_by = models.CharField("登记人", max_length=160)
    filed_at = models.DateTimeField("登记时间")
    closed_at = models.DateTimeField("销账时间", null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            _one_of("hardship_state", "state", HardshipState),
            _one_of("hardship_class", "hardship", HardshipClass, blank=True),
            models.CheckConstraint(
                name="hardship_classed_unless_logged",
                condition=Q(state=HardshipState.LOGGED.value) | ~Q(hardship=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number
