"""Organisations, people and API clients."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from tongqu.identity.vocabulary import GOVERNMENT_KINDS, Level, OrganisationKind, PilotState, Role


class Organisation(models.Model):
    """组织. ``legal_basis`` must be given for an authorised institution or society (article 2)."""

    code = models.CharField("组织代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=120, unique=True)
    kind = models.CharField(
        "类型", max_length=30, choices=[(k.value, k.value) for k in OrganisationKind]
    )
    level = models.CharField("层级", max_length=20, choices=[(k.value, k.value) for k in Level])
    division_code = models.CharField("行政区划代码", max_length=12, blank=True)
    legal_basis = models.CharField("授权依据", max_length=300, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    is_managing_office = models.BooleanField("科技主管部门", default=False)
    is_support_unit = models.BooleanField("技术支持部门", default=False)
    is_example = models.BooleanField("示例", default=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="organisation_authorised_has_basis",
                condition=~models.Q(kind__startswith="authorised_") | ~models.Q(legal_basis=""),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_government(self) -> bool:
        return self.kind in GOVERNMENT_KINDS


class Abolition(models.Model):
    """机构撤销: from ``on`` the successor answers; without one, the managing office."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="abolition")
    successor = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="takes_over"
    )
    on = models.DateField("撤销日期")
    reason = models.CharField("撤销依据", max_length=300)
    at = models.DateTimeField("登记时间")
    by = models.CharField("登记人", max_length=160)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="abolition_not_to_itself",
                condition=models.Q(successor=None) | ~models.Q(successor=models.F("organisation")),
            )
        ]


class Person(AbstractUser):
    """人员. ``assurance`` 2 means that the identity was verified (实名核验)."""

    display_name = models.CharField("姓名", max_length=60)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people"
    )
    assurance = models.PositiveSmallIntegerField("身份核验级别", default=1)
    is_example = models.BooleanField("示例", default=False)

    REQUIRED_FIELDS = ["display_name"]

    def __str__(self) -> str:
        return self.display_name or self.username


class Assignment(models.Model):
    """岗位任职: one role of one person in one organisation."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="assignments")
    role = models.CharField("岗位", max_length=40, choices=[(r.value, r.value) for r in Role])
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="assignments")
    until = models.DateField("任职截止", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "organisation"], name="assignment_once"
            )
        ]


class ApiClient(models.Model):
    """接口调用方: a consumer's registered system, behind an OAuth client (client credentials)."""

    client_id = models.CharField("客户端标识", max_length=100, unique=True)
    system_name = models.CharField("系统名称", max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="api_clients")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="api_clients")
    networks = models.JSONField("网络范围", default=list)  # CIDR strings; empty: any
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("登记时间")
    secret_changed_at = models.DateTimeField("密钥更换时间", null=True, blank=True)

    class Meta:
        ordering = ["organisation__code", "system_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "system_name"], name="api_client_system_once"
            )
        ]

    def __str__(self) -> str:
        return self.system_name


class Message(models.Model):
    """消息: one line to one organisation's holders of a role, or to one person."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="messages"
    )
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="notices"
    )
    role = models.CharField("岗位", max_length=40, blank=True)
    kind = models.CharField("类别", max_length=40)
    text = models.CharField("内容", max_length=300)
    url = models.CharField("链接", max_length=300, blank=True)
    created_at = models.DateTimeField("时间", db_index=True)
    key = models.CharField("去重键", max_length=200, unique=True)

    class Meta:
        ordering = ["-created_at"]


class MessageRead(models.Model):
    """That one person has read one message; a message to an office stays new to the others."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField("阅读时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "person"], name="message_read_once")
        ]


class Pilot(models.Model):
    """试点: in which regions and departments, and on which days, a function is open."""

    key = models.CharField("功能", max_length=60, unique=True)
    state = models.CharField("状态", max_length=20, default=PilotState.PILOTING)
    divisions = models.JSONField("试点地区", default=list)  # division codes, six digits
    departments = models.JSONField("试点单位", default=list)  # codes of organisations
    since = models.DateField("开始")
    until = models.DateField("截止", null=True, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    changed_at = models.DateTimeField("变更时间")
    changed_by = models.CharField("变更人", max_length=120)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                name="pilot_state_known",
                condition=models.Q(state__in=[state.value for state in PilotState]),
            )
        ]

    def __str__(self) -> str:
        return self.key
