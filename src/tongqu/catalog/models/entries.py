"""Entries, their versions and items, and what a scan really saw."""

from typing import Any

from django.db import models, transaction
from django.db.models import Q

from tongqu.catalog.models.search import announce
from tongqu.catalog.models.words import one_of
from tongqu.catalog.vocabulary import (
    IN_FORCE,
    WORKING,
    AdminLevel,
    BasicClass,
    BusinessDomain,
    DataType,
    Domain,
    EntryKind,
    EntryState,
    Scope,
    SharingType,
    TransportMode,
    UpdateCycle,
)


class Serial(models.Model):
    """A counter that only goes up, so that no number is ever given twice."""

    name = models.CharField("名称", max_length=80, primary_key=True)
    last = models.PositiveBigIntegerField("已用到", default=0)


class Entry(models.Model):
    """目录条目: the identity that all versions share. ``owner`` compiles it."""

    code = models.CharField("目录标识", max_length=60, unique=True)
    kind = models.CharField("目录类别", max_length=10, default=EntryKind.FORMAL)
    owner = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    domain = models.CharField("领域", max_length=2, default=Domain.GENERAL)
    is_external = models.BooleanField("行业外数据", default=False)
    is_example = models.BooleanField("示例", default=False)
    created_at = models.DateTimeField("建立时间")
    created_by = models.CharField("建立人", max_length=120)
    connected_at = models.DateTimeField("接入时间", null=True, blank=True)
    connected_rows = models.PositiveBigIntegerField("接入行数", default=0)
    last_loaded_at = models.DateTimeField("最近更新", null=True, blank=True)
    table = models.CharField("服务表", max_length=120, blank=True)
    source_code = models.CharField("数据源", max_length=80, blank=True, db_index=True)
    # Division of the node that issued the identifier; "": this hub.
    home = models.CharField("来源节点", max_length=12, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            one_of("entry_kind_known", "kind", EntryKind),
            one_of("entry_domain_known", "domain", Domain),
            models.CheckConstraint(
                name="entry_connected_has_rows",
                condition=Q(connected_at=None) | Q(connected_rows__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class EntryVersion(models.Model):
    """目录版本: the twelve core metadata items (核心元数据) of article 8 as columns.

    A draft may be incomplete; the database refuses an incomplete published one.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="versions")
    major = models.PositiveSmallIntegerField("主版本", default=1)
    minor = models.PositiveSmallIntegerField("次版本", default=0)
    state = models.CharField("状态", max_length=20, default=EntryState.DRAFT, db_index=True)

    category = models.CharField("分类", max_length=200, blank=True)
    name = models.CharField("名称", max_length=200, blank=True)
    provider = models.ForeignKey(
        "identity.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    formats = models.JSONField("格式", default=list, blank=True)
    update_cycle = models.CharField("更新周期", max_length=20, blank=True)
    sharing_type = models.CharField(
        "共享类型", max_length=20, blank=True, default=SharingType.UNCONDITIONAL
    )
    conditions = models.TextField("共享条件", blank=True)
    scope = models.CharField("共享范围", max_length=20, blank=True, default=Scope.ALL)
    scope_codes = models.JSONField("指定部门", default=list, blank=True)
    manners = models.JSONField("共享方式", default=list, blank=True)
    source_system = models.CharField("来源系统", max_length=120, blank=True)
    level = models.PositiveSmallIntegerField("安全分级", null=True, blank=True)

    summary = models.TextField("摘要", blank=True)
    materials = models.JSONField("证明材料", default=list, blank=True)
    withheld_basis = models.JSONField("不予共享依据", default=list, blank=True)
    withheld_note = models.CharField("不予共享说明", max_length=500, blank=True)
    basic_class = models.CharField("基础数据类别", max_length=20, blank=True)

    admin_level = models.CharField("层级", max_length=10, blank=True, db_index=True)
    mode = models.CharField("运输方式", max_length=10, blank=True, db_index=True)
    business = models.CharField("业务领域", max_length=20, blank=True, db_index=True)
    strategies = models.JSONField("服务的战略和规划", default=list, blank=True)
    accountable = models.CharField("责任人", max_length=120, blank=True)
    legal_basis = models.JSONField("依据", default=list, blank=True)
    standards = models.JSONField("标准", default=list, blank=True)
    tools = models.JSONField("工具", default=list, blank=True)
    checks = models.JSONField("行检查", default=list, blank=True)
    project = models.CharField("立项项目", max_length=60, blank=True)

    author = models.CharField("编制人", max_length=120)
    reason = models.CharField("版本说明", max_length=500, blank=True)
    created_at = models.DateTimeField("编制时间")
    edited_at = models.DateTimeField("修改时间")
    edition = models.PositiveIntegerField("修改次数", default=0)
    valid_from = models.DateTimeField("生效时间", null=True, blank=True)
    valid_to = models.DateTimeField("失效时间", null=True, blank=True)
    published_by = models.CharField("发布人", max_length=120, blank=True)
    passed_report = models.ForeignKey(
        "ComplianceReport", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Words of name, summary, items and provider, and their pinyin: what search looks in.
    search_text = models.TextField("检索词", blank=True)

    class Meta:
        ordering = ["entry", "major", "minor"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "major", "minor"], name="version_once"),
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(state__in=sorted(state.value for state in IN_FORCE)),
                name="version_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(state__in=sorted(state.value for state in WORKING)),
                name="version_one_in_work",
            ),
            one_of("version_state_known", "state", EntryState),
            one_of("version_sharing_type_known", "sharing_type", SharingType, blank=True),
            one_of("version_cycle_known", "update_cycle", UpdateCycle, blank=True),
            one_of("version_scope_known", "scope", Scope, blank=True),
            one_of("version_basic_class_known", "basic_class", BasicClass, blank=True),
            one_of("version_admin_level_known", "admin_level", AdminLevel, blank=True),
            one_of("version_mode_known", "mode", TransportMode, blank=True),
            one_of("version_business_known", "business", BusinessDomain, blank=True),
            models.CheckConstraint(
                name="version_level_1_to_4", condition=Q(level=None) | Q(level__range=(1, 4))
            ),
            models.CheckConstraint(
                name="version_published_is_whole",
                condition=~Q(state__in=sorted(state.value for state in IN_FORCE))
                | (
                    Q(passed_report__isnull=False, valid_from__isnull=False)
                    & Q(provider__isnull=False, level__isnull=False)
                    & ~Q(published_by="") & ~Q(name="") & ~Q(category="") & ~Q(update_cycle="")
                    & ~Q(sharing_type="") & ~Q(scope="") & ~Q(source_system="")
                    & ~Q(formats=[]) & ~Q(manners=[])
                ),
            ),
            models.CheckConstraint(
                name="version_conditional_says_so",
                condition=~Q(
                    sharing_type=SharingType.CONDITIONAL,
                    state__in=sorted(state.value for state in IN_FORCE),
                )
                | ~Q(conditions=""),
            ),
            models.CheckConstraint(
                name="version_withheld_has_basis",
                condition=~Q(
                    sharing_type=SharingType.WITHHELD,
                    state__in=sorted(state.value for state in IN_FORCE),
                )
                | ~Q(withheld_basis=[]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.entry_id} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and tell the search index in the same transaction."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            announce([self.entry_id])

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"

    @property
    def classes(self) -> str:
        """Return level, mode and business in words, "" for what is not said."""
        axes = ((AdminLevel, self.admin_level), (TransportMode, self.mode),
                (BusinessDomain, self.business))  # fmt: skip
        return "/".join(words(value).label for words, value in axes if value) or "未分类"


class InformationItem(models.Model):
    """信息项 of one version. Drafts may hold faulty names: the check finds them."""

    version = models.ForeignKey(EntryVersion, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("序号")
    name_zh = models.CharField("中文名称", max_length=120, blank=True)
    name_en = models.CharField("英文名称", max_length=120, blank=True)
    data_type = models.CharField("类型", max_length=20, default=DataType.STRING)
    length = models.PositiveIntegerField("长度", null=True, blank=True)
    code_table = models.CharField("码表", max_length=120, blank=True)
    nullable = models.BooleanField("可空", default=True)
    is_key = models.BooleanField("主键", default=False)
    level = models.PositiveSmallIntegerField("分级", default=1)
    is_shareable = models.BooleanField("共享", default=True)
    is_openable = models.BooleanField("开放", default=False)
    source_column = models.CharField("来源字段", max_length=120, blank=True)
    mask = models.CharField("脱敏方式", max_length=20, default="none")
    element = models.CharField("数据元", max_length=60, blank=True)

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="item_position_once"),
            one_of("item_type_known", "data_type", DataType),
            models.CheckConstraint(name="item_level_1_to_4", condition=Q(level__range=(1, 4))),
        ]


class ObservedColumn(models.Model):
    """实际库表的字段: what the last scan or load really found."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="observed")
    name = models.CharField("字段", max_length=120)
    data_type = models.CharField("类型", max_length=20)
    position = models.PositiveSmallIntegerField("序号", default=0)
    at = models.DateTimeField("观测时间")

    class Meta:
        ordering = ["entry", "name"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "name"], name="observed_once"),
            one_of("observed_type_known", "data_type", DataType),
        ]


class EntryException(models.Model):
    """例外: the managing office lets a basic class be less than unconditional, with basis."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="exceptions")
    basis_code = models.CharField("依据", max_length=120)
    reason = models.CharField("理由", max_length=500)
    approved_by = models.CharField("批准人", max_length=120)
    approved_at = models.DateTimeField("批准时间")
    until = models.DateField("有效期至", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="exception_has_basis",
                condition=~Q(basis_code="") & ~Q(reason="") & ~Q(approved_by=""),
            )
        ]
