"""Grants, what was used of them, and prepared downloads."""

from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import F, Q

from tongqu.delivery.vocabulary import (
    DOWNLOAD_LABELS,
    QUERY_LABELS,
    STATE_LABELS,
    STATE_TONES,
    DownloadState,
    FileFormat,
    GrantState,
    QueryState,
)


def _one_of(name: str, field: str, words: type[StrEnum]) -> Any:
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{field}__in": [word.value for word in words]})
    )


class DailyNumber(models.Model):
    """The last number given on a day: two grants at once never share one."""

    day = models.DateField("日期", primary_key=True)
    last = models.PositiveIntegerField("末号", default=0)


class Grant(models.Model):
    """共享授权: entry version, items, purpose, department, manners, period, quota (article 16).

    The entry version is a foreign key: without a published entry there is no grant
    (article 8). What was granted never changes; only the state and the clocks do.
    """

    number = models.CharField("授权编号", max_length=40, unique=True)
    state = models.CharField("状态", max_length=30, default=GrantState.EFFECTIVE_UNUSED)
    entry_code = models.CharField("资源编码", max_length=60, db_index=True)
    entry_name = models.CharField("资源名称", max_length=200)
    version = models.ForeignKey(
        "catalog.EntryVersion", models.PROTECT, related_name="grants", verbose_name="目录版本"
    )
    version_number = models.CharField("版本号", max_length=20)
    provider = models.ForeignKey(
        "identity.Organisation", models.PROTECT, related_name="+", verbose_name="提供部门"
    )
    consumer = models.ForeignKey(
        "identity.Organisation", models.PROTECT, related_name="+", verbose_name="使用部门"
    )
    is_external = models.BooleanField("行业外", default=False)
    items = models.JSONField("信息项", default=list)
    # The version's items as they stood: a version never changes, and one read is enough.
    definitions = models.JSONField("信息项定义", default=list)
    row_filter = models.JSONField("行范围", default=list)
    precision = models.JSONField("精度", default=list)
    right_level = models.PositiveSmallIntegerField("可见级别")
    clear_items = models.JSONField("明文信息项", default=list)
    zone = models.CharField("运营域", max_length=40, blank=True)
    purpose_code = models.CharField("用途代码", max_length=40)
    purpose_text = models.CharField("使用用途", max_length=500)
    system_name = models.CharField("接收系统", max_length=120, blank=True)
    networks = models.JSONField("网络范围", default=list)
    manners = models.JSONField("共享方式", default=list)
    valid_from = models.DateField("有效期起")
    valid_until = models.DateField("有效期止", db_index=True)
    quota_rows_per_day = models.PositiveBigIntegerField("每日行数上限", null=True, blank=True)
    approved_by = models.CharField("批准人", max_length=120)
    approver_role = models.CharField("批准岗位", max_length=40)
    basis = models.CharField("依据", max_length=200)
    source_reference = models.CharField("办件号", max_length=60, blank=True)
    issued_at = models.DateTimeField("授权时间")
    issued_by = models.CharField("登记人", max_length=120)
    idle_since = models.DateField("未使用起算日")
    first_used_at = models.DateTimeField("首次使用", null=True, blank=True)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    end_basis = models.CharField("结束依据", max_length=200, blank=True)
    end_reason = models.CharField("结束理由", max_length=500, blank=True)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            _one_of("grant_state_known", "state", GrantState),
            models.CheckConstraint(
                name="grant_period_in_order", condition=Q(valid_until__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="grant_names_what_and_why",
                condition=~Q(items=[]) & ~Q(manners=[]) & ~Q(purpose_code="") & ~Q(basis="")
                & ~Q(approved_by=""),
            ),
            models.CheckConstraint(
                name="grant_right_level_1_to_4", condition=Q(right_level__range=(1, 4))
            ),
            models.CheckConstraint(
                name="grant_ended_pair",
                condition=Q(ended_at=None)
                ^ Q(state__in=[GrantState.REVOKED.value, GrantState.EXPIRED.value]),
            ),
            models.CheckConstraint(
                name="grant_revoked_has_basis",
                condition=~Q(state=GrantState.REVOKED.value) | ~Q(end_basis=""),
            ),
            models.UniqueConstraint(
                fields=["source_reference"],
                condition=~Q(source_reference=""),
                name="grant_once_a_request",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["consumer", "state"], name="grant_consumer_idx")]

    def __str__(self) -> str:
        return self.number

    @property
    def state_label(self) -> str:
        return STATE_LABELS[GrantState(self.state)]

    @property
    def state_tone(self) -> str:
        return STATE_TONES[GrantState(self.state)]


class GrantUsage(models.Model):
    """用量: one row a grant and day, changed only by ``UPDATE … SET x = x + n``."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="usage")
    day = models.DateField("日期")
    calls = models.PositiveBigIntegerField("次数", default=0)
    rows = models.PositiveBigIntegerField("行数", default=0)
    query_calls = models.PositiveBigIntegerField("查询次数", default=0)
    query_rows = models.PositiveBigIntegerField("查询行数", default=0)
    subscription_calls = models.PositiveBigIntegerField("订阅次数", default=0)
    subscription_rows = models.PositiveBigIntegerField("订阅行数", default=0)
    download_calls = models.PositiveBigIntegerField("下载次数", default=0)
    download_rows = models.PositiveBigIntegerField("下载行数", default=0)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["grant", "day"], name="usage_once_a_day")]


class Download(models.Model):
    """数据下载 prepared from one snapshot. ``query`` and ``masks`` tell what is in the file."""

    key = models.UUIDField("任务标识", unique=True)
    grant = models.ForeignKey(Grant, models.PROTECT, related_name="downloads")
    format = models.CharField("格式", max_length=10)
    state = models.CharField("状态", max_length=10, default=DownloadState.QUEUED)
    by_key = models.CharField("申请人标识", max_length=120)
    by_name = models.CharField("申请人", max_length=120)
    filters = models.JSONField("筛选条件", default=list)
    snapshot_id = models.BigIntegerField("快照", null=True, blank=True)
    masks = models.JSONField("脱敏", default=dict)
    rows = models.BigIntegerField("行数", null=True, blank=True)
    size = models.BigIntegerField("字节数", null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    file_name = models.CharField("文件名", max_length=120, blank=True)
    problem_code = models.CharField("未完成原因代码", max_length=40, blank=True)
    problem = models.CharField("未完成原因", max_length=300, blank=True)
    asked_at = models.DateTimeField("申请时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    expires_at = models.DateTimeField("到期时间", null=True, blank=True, db_index=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            _one_of("download_state_known", "state", DownloadState),
            _one_of("download_format_known", "format", FileFormat),
            models.CheckConstraint(
                name="download_ready_is_whole",
                condition=~Q(state=DownloadState.READY.value)
                | (
                    Q(rows__isnull=False, size__isnull=False, expires_at__isnull=False)
                    & ~Q(sha256="")
                    & ~Q(file_name="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def state_label(self) -> str:
        return DOWNLOAD_LABELS[DownloadState(self.state)]


class QueryRun(models.Model):
    """即席查询: what somebody asked of governed views. The text is his own; no result is kept."""

    by_key = models.CharField("查询人标识", max_length=120, db_index=True)
    by_name = models.CharField("查询人", max_length=120)
    sql = models.TextField("语句")
    state = models.CharField("状态", max_length=10, default=QueryState.RUNNING)
    policies = models.JSONField("适用策略", default=list)
    rows = models.BigIntegerField("行数", null=True, blank=True)
    bytes = models.BigIntegerField("预计扫描字节", default=0)
    seconds = models.FloatField("用时（秒）", default=0)
    code = models.CharField("未完成原因代码", max_length=40, blank=True)
    exported_for = models.CharField("导出理由", max_length=300, blank=True)
    started_at = models.DateTimeField("开始时间")

    class Meta:
        ordering = ["-pk"]
        constraints = [_one_of("query_run_state_known", "state", QueryState)]

    def __str__(self) -> str:
        return f"{self.by_name} #{self.pk}"

    @property
    def state_label(self) -> str:
        return QUERY_LABELS[QueryState(self.state)]


class SavedQuery(models.Model):
    """保存的查询: a text under a name, of one person."""

    by_key = models.CharField("所有人标识", max_length=120)
    name = models.CharField("名称", max_length=80)
    sql = models.TextField("语句")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["by_key", "name"], name="saved_query_once_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class TableCopy(models.Model):
    """副本: what a right shows of one snapshot, as an Iceberg table in a folder of its own.

    ``holder`` says whose: a grant's number, or ``own:<department>`` for a provider's own table.
    A newer one supersedes it; its files stay until the keys to them have run out.
    """

    holder = models.CharField("权限", max_length=60)
    grant = models.ForeignKey(
        Grant, models.PROTECT, null=True, blank=True, related_name="copies", verbose_name="授权"
    )
    table = models.CharField("表名", max_length=120)
    snapshot_id = models.BigIntegerField("源快照")
    digest = models.CharField("查询摘要", max_length=64)
    folder = models.CharField("文件夹", max_length=32, unique=True)
    metadata = models.CharField("元数据文件", max_length=120)
    rows = models.BigIntegerField("行数")
    size = models.BigIntegerField("字节数")
    made_at = models.DateTimeField("生成时间")
    used_at = models.DateTimeField("最近使用")
    counted_on = models.DateField("计量日", null=True, blank=True)
    superseded_at = models.DateTimeField("被替换时间", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "table"],
                condition=Q(superseded_at=None),
                name="table_copy_one_current",
            )
        ]


class FileKey(models.Model):
    """文件钥匙: for minutes it opens the files of one copy, for whoever loaded the table.

    Its secret is derived when it is needed and kept nowhere.
    """

    key = models.CharField("标识", max_length=40, unique=True)
    copy = models.ForeignKey(TableCopy, models.CASCADE, related_name="keys")
    by_kind = models.CharField("使用者类别", max_length=20)
    by_key = models.CharField("使用者标识", max_length=120)
    by_name = models.CharField("使用者", max_length=120)
    organisation_code = models.CharField("单位", max_length=40, blank=True)
    purpose = models.CharField("用途代码", max_length=40, blank=True)
    expires_at = models.DateTimeField("到期时间", db_index=True)
    fetches = models.PositiveIntegerField("读取次数", default=0)
    bytes = models.PositiveBigIntegerField("读取字节", default=0)

    class Meta:
        ordering = ["-pk"]
