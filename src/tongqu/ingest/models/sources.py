"""Sources and batches: the ledger of everything that came in."""

from django.db import models
from django.db.models import F, Q

from tongqu.ingest.vocabulary import (
    BatchState,
    Form,
    Freshness,
    Mode,
    PullState,
)


class Connection(models.Model):
    """连接: whom sources are pulled from. ``secrets`` is encrypted (domain of actions/vault)."""

    code = models.CharField("连接代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=120)
    connector = models.CharField("连接器", max_length=20)
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    address = models.CharField("地址", max_length=500)  # without user and password
    settings = models.JSONField("设置", default=dict)
    secrets = models.TextField("密文", blank=True)
    created_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """来源: what a department delivers, how to read it, and what was agreed about it.

    ``options`` is a ``FileOptions``, ``columns`` a list of ``ColumnSpec`` as JSON. While
    ``columns`` is empty nothing was agreed and nothing can be loaded. ``checks`` may name
    code tables: their codes are looked up anew when a batch is opened.
    """

    code = models.CharField("来源代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=120)
    form = models.CharField("接入形式", max_length=20, choices=[(f.value, f.label) for f in Form])
    provider = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    entry_code = models.CharField("目录标识", max_length=80, blank=True, db_index=True)
    cycle = models.CharField("更新周期", max_length=20, blank=True)
    options = models.JSONField("读取选项", default=dict)
    columns = models.JSONField("登记的列", default=list)
    checks = models.JSONField("逐行校核规则", default=list)  # documents of standards' Check
    profile = models.JSONField("探查结果", default=dict)
    last_loaded_at = models.DateTimeField("最近更新", null=True, blank=True)
    freshness = models.CharField("时效", max_length=20, default=Freshness.NONE.value)
    created_at = models.DateTimeField("登记时间")
    # How the platform fetches it; all empty where files are handed in.
    connector = models.CharField("连接器", max_length=20, blank=True)
    connection = models.ForeignKey(
        Connection, models.PROTECT, null=True, blank=True, related_name="sources"
    )
    mode = models.CharField("接入方式", max_length=20, default=Mode.FULL.value)
    pulling = models.JSONField("接入设置", default=dict)  # what, key, time_column, settings …
    cursor = models.JSONField("续传位置", null=True, blank=True)
    schedule = models.CharField("计划", max_length=60, blank=True)  # cron, Shanghai time
    next_run_at = models.DateTimeField("下次运行", null=True, blank=True, db_index=True)
    is_paused = models.BooleanField("已暂停", default=False)
    attempts = models.PositiveSmallIntegerField("连续失败", default=0)
    reject_threshold = models.FloatField("隔离阈值", default=0.01)
    tolerance = models.FloatField("对账容差", default=0.001)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="source_mode", condition=Q(mode__in=[m.value for m in Mode])
            ),
            models.CheckConstraint(
                name="source_form", condition=Q(form__in=[f.value for f in Form])
            ),
            models.CheckConstraint(
                name="source_freshness", condition=Q(freshness__in=[f.value for f in Freshness])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def table(self) -> str:
        return f"ods_{self.code}"


class Run(models.Model):
    """运行: one pull of a source, made of batches. Its log shows the point it resumed from."""

    number = models.CharField("运行号", max_length=40, unique=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="runs")
    state = models.CharField("状态", max_length=20, default=PullState.OPEN.value, db_index=True)
    attempt = models.PositiveSmallIntegerField("第几次", default=1)
    pieces = models.PositiveIntegerField("分片", default=0)
    received = models.BigIntegerField("接收", default=0)
    stored = models.BigIntegerField("入湖", default=0)
    rejected = models.BigIntegerField("隔离", default=0)
    duplicate = models.BigIntegerField("重复", default=0)
    cursor_from = models.JSONField("起点", null=True, blank=True)
    code = models.CharField("原因代码", max_length=60, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    log = models.JSONField("运行日志", default=list)
    resumed_from = models.CharField("续传点", max_length=200, blank=True)
    actor_key = models.CharField("经办", max_length=120)
    started_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("结束", null=True, blank=True)
    retry_at = models.DateTimeField("重试时间", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="run_state", condition=Q(state__in=[s.value for s in PullState])
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Reconciliation(models.Model):
    """对账: what the source holds and what the platform holds, at one moment (QLT-12)."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="reconciliations")
    source_rows = models.BigIntegerField("来源行数")
    hub_rows = models.BigIntegerField("平台行数")
    source_checksum = models.CharField("来源校验和", max_length=64, blank=True)
    hub_checksum = models.CharField("平台校验和", max_length=64, blank=True)
    difference = models.FloatField("差异率")
    tolerance = models.FloatField("容差")
    is_equal = models.BooleanField("一致")
    snapshot_id = models.BigIntegerField("快照", null=True, blank=True)
    actor_key = models.CharField("经办", max_length=120)
    made_at = models.DateTimeField("时间")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.source_id} {self.made_at:%F}"


class Batch(models.Model):
    """批次. A closed batch balances: the database itself refuses one that does not.

    ``contract`` freezes options, columns and checks as they were when the file came, with the
    codes that held that day, so that a load resumed after a crash decides as the first did.
    """

    number = models.CharField("批次号", max_length=30, unique=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="batches")
    file_name = models.CharField("文件名", max_length=255)
    incoming = models.CharField("来件位置", max_length=1000, blank=True)
    is_upload = models.BooleanField("页面上传", default=False)
    size = models.BigIntegerField("字节数", default=0)
    sha256 = models.CharField("内容摘要", max_length=64, blank=True, db_index=True)
    contract = models.JSONField("登记约定", default=dict)
    contract_digest = models.CharField("约定摘要", max_length=64, blank=True)
    state = models.CharField("状态", max_length=20, default=BatchState.OPEN.value, db_index=True)
    code = models.CharField("原因代码", max_length=60, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    facts = models.JSONField("细节", default=dict)
    received = models.BigIntegerField("接收", default=0)
    stored = models.BigIntegerField("入湖", default=0)
    rejected = models.BigIntegerField("隔离", default=0)
    duplicate = models.BigIntegerField("重复", default=0)
    fixed = models.BigIntegerField("修复", default=0)
    snapshot_id = models.BigIntegerField("快照", null=True, blank=True)
    reasons = models.JSONField("隔离原因计数", default=dict)
    fixes = models.JSONField("修复计数", default=dict)
    warnings = models.JSONField("提示计数", default=dict)
    log = models.JSONField("运行日志", default=list)
    resumed_from = models.CharField("续传点", max_length=200, blank=True)
    run = models.ForeignKey(Run, models.PROTECT, null=True, blank=True, related_name="batches")
    cursor = models.JSONField("此后位置", null=True, blank=True)  # of the source, once closed
    actor_key = models.CharField("经办", max_length=120)
    started_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("结束", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="batch_state", condition=Q(state__in=[s.value for s in BatchState])
            ),
            models.CheckConstraint(
                name="batch_closed_balances",
                condition=~Q(state=BatchState.CLOSED.value)
                | Q(received=F("stored") + F("rejected") + F("duplicate")),
            ),
            models.CheckConstraint(
                name="batch_ended_unless_open",
                condition=Q(state=BatchState.OPEN.value, ended_at__isnull=True)
                | (~Q(state=BatchState.OPEN.value) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="batch_unstored_unless_closed",
                condition=Q(state__in=[BatchState.OPEN.value, BatchState.CLOSED.value])
                | Q(stored=0, snapshot_id__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number
