"""Rule packs, scans with their results."""

from django.db import models

from tongqu.quality.vocabulary import Dimension


class RulePack(models.Model):
    """规则包: the rules of one entry; a new version is a new row."""

    entry_code = models.CharField("目录编码", max_length=60, db_index=True)
    version = models.PositiveIntegerField("版本")
    rules = models.JSONField("规则", default=list)
    author = models.CharField("编制人", max_length=120)
    created_at = models.DateTimeField("时间")

    class Meta:
        ordering = ["entry_code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["entry_code", "version"], name="rule_pack_version")
        ]


class Scan(models.Model):
    """检测: one run of a pack over one snapshot."""

    number = models.CharField("检测号", max_length=40, unique=True)
    entry_code = models.CharField("目录编码", max_length=60, db_index=True)
    table = models.CharField("表", max_length=120)
    snapshot_id = models.BigIntegerField("快照")
    rows = models.BigIntegerField("行数")
    pack_version = models.PositiveIntegerField("规则版本", default=0)
    score = models.DecimalField("得分", max_digits=4, decimal_places=1, null=True)
    dimensions = models.JSONField("维度得分", default=dict)
    read_rows = models.BigIntegerField("本次读取行数", default=0)  # without parts counted before
    seconds = models.FloatField("用时（秒）", default=0)
    at = models.DateTimeField("时间", db_index=True)
    actor_key = models.CharField("执行人", max_length=120)

    class Meta:
        ordering = ["-at", "-pk"]


class RuleResult(models.Model):
    """规则结果. ``wrong`` ≤ ``checked``; samples name lines, never values."""

    scan = models.ForeignKey(Scan, models.CASCADE, related_name="results")
    code = models.CharField("规则编码", max_length=160)
    title = models.CharField("规则", max_length=200)
    dimension = models.CharField(
        "维度", max_length=20, choices=[(d.value, d.value) for d in Dimension]
    )
    column = models.CharField("信息项", max_length=80, blank=True)
    checked = models.BigIntegerField("检查数")
    wrong = models.BigIntegerField("不符数")
    is_over = models.BooleanField("超出容差", default=False)
    basis = models.CharField("依据", max_length=200, blank=True)
    remedy = models.CharField("改法", max_length=200, blank=True)
    samples = models.JSONField("问题行", default=list)  # [batch, line] or [group, difference]
    kind = models.CharField("种类", max_length=20, blank=True, default="")
    indicator = models.CharField("指标", max_length=4, blank=True, default="")  # GB/T 36344
    error = models.CharField("未检测原因", max_length=300, blank=True, default="")
    bins = models.JSONField("分布", default=dict)  # labels (the rule's own) and counts

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="rule_result_wrong_within_checked",
                condition=models.Q(wrong__gte=0) & models.Q(wrong__lte=models.F("checked")),
            )
        ]


class ScanPart(models.Model):
    """已检分区: files of a table that were counted once; they never change, so the counts hold.

    ``counts``: fingerprint of a rule → checked, wrong, places, bins.
    """

    entry_code = models.CharField("目录编码", max_length=60)
    table = models.CharField("表", max_length=120)
    files = models.JSONField("文件", default=list)
    rows = models.BigIntegerField("行数")
    counts = models.JSONField("计数", default=dict)
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["entry_code", "table"], name="scan_part_of")]
