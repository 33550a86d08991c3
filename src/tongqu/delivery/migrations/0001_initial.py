import django.db.models.deletion
import tongqu.delivery.vocabulary
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyNumber",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False, verbose_name="日期")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="末号")),
            ],
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="授权编号")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.delivery.vocabulary.GrantState["EFFECTIVE_UNUSED"],
                        max_length=30,
                        verbose_name="状态",
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="资源编码"),
                ),
                ("entry_name", models.CharField(max_length=200, verbose_name="资源名称")),
                ("version_number", models.CharField(max_length=20, verbose_name="版本号")),
                ("is_external", models.BooleanField(default=False, verbose_name="行业外")),
                ("items", models.JSONField(default=list, verbose_name="信息项")),
                ("definitions", models.JSONField(default=list, verbose_name="信息项定义")),
                ("row_filter", models.JSONField(default=list, verbose_name="行范围")),
                ("precision", models.JSONField(default=list, verbose_name="精度")),
                ("right_level", models.PositiveSmallIntegerField(verbose_name="可见级别")),
                ("clear_items", models.JSONField(default=list, verbose_name="明文信息项")),
                ("zone", models.CharField(blank=True, max_length=40, verbose_name="运营域")),
                ("purpose_code", models.CharField(max_length=40, verbose_name="用途代码")),
                ("purpose_text", models.CharField(max_length=500, verbose_name="使用用途")),
                (
                    "system_name",
                    models.CharField(blank=True, max_length=120, verbose_name="接收系统"),
                ),
                ("networks", models.JSONField(default=list, verbose_name="网络范围")),
                ("manners", models.JSONField(default=list, verbose_name="共享方式")),
                ("valid_from", models.DateField(verbose_name="有效期起")),
                ("valid_until", models.DateField(db_index=True, verbose_name="有效期止")),
                (
                    "quota_rows_per_day",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="每日行数上限"
                    ),
                ),
                ("approved_by", models.CharField(max_length=120, verbose_name="批准人")),
                ("approver_role", models.CharField(max_length=40, verbose_name="批准岗位")),
                ("basis", models.CharField(max_length=200, verbose_name="依据")),
                (
                    "source_reference",
                    models.CharField(blank=True, max_length=60, verbose_name="办件号"),
                ),
                ("issued_at", models.DateTimeField(verbose_name="授权时间")),
                ("issued_by", models.CharField(max_length=120, verbose_name="登记人")),
                ("idle_since", models.DateField(verbose_name="未使用起算日")),
                (
                    "first_used_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="首次使用"),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="最近使用"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "end_basis",
                    models.CharField(blank=True, max_length=200, verbose_name="结束依据"),
                ),
                (
                    "end_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="结束理由"),
                ),
                (
                    "consumer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="使用部门",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="提供部门",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="catalog.entryversion",
                        verbose_name="目录版本",
                    ),
                ),
            ],
            options={
                "ordering": ["-issued_at", "-pk"],
                "indexes": [models.Index(fields=["consumer", "state"], name="grant_consumer_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "effective_unused",
                                    "in_use",
                                    "pending_revocation_decision",
                                    "pending_feedback",
                                    "to_reconfirm",
                                    "suspended",
                                    "revoked",
                                    "expired",
                                ],
                            )
                        ),
                        name="grant_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gte", models.F("valid_from"))),
                        name="grant_period_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("items", []), _negated=True),
                            models.Q(("manners", []), _negated=True),
                            models.Q(("purpose_code", ""), _negated=True),
                            models.Q(("basis", ""), _negated=True),
                            models.Q(("approved_by", ""), _negated=True),
                        ),
                        name="grant_names_what_and_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("right_level__range", (1, 4))),
                        name="grant_right_level_1_to_4",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None),
                            ("state__in", ["revoked", "expired"]),
                            _connector="XOR",
                        ),
                        name="grant_ended_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "revoked"), _negated=True),
                            models.Q(("end_basis", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="grant_revoked_has_basis",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_reference", ""), _negated=True),
                        fields=("source_reference",),
                        name="grant_once_a_request",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Download",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True, verbose_name="任务标识")),
                ("format", models.CharField(max_length=10, verbose_name="格式")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.delivery.vocabulary.DownloadState["QUEUED"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("by_key", models.CharField(max_length=120, verbose_name="申请人标识")),
                ("by_name", models.CharField(max_length=120, verbose_name="申请人")),
                ("filters", models.JSONField(default=list, verbose_name="筛选条件")),
                ("snapshot_id", models.BigIntegerField(blank=True, null=True, verbose_name="快照")),
                ("masks", models.JSONField(default=dict, verbose_name="脱敏")),
                ("rows", models.BigIntegerField(blank=True, null=True, verbose_name="行数")),
                ("size", models.BigIntegerField(blank=True, null=True, verbose_name="字节数")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("file_name", models.CharField(blank=True, max_length=120, verbose_name="文件名")),
                (
                    "problem_code",
                    models.CharField(blank=True, max_length=40, verbose_name="未完成原因代码"),
                ),
                (
                    "problem",
                    models.CharField(blank=True, max_length=300, verbose_name="未完成原因"),
                ),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="完成时间"),
                ),
                (
                    "expires_at",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="到期时间"
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downloads",
                        to="delivery.grant",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "running", "ready", "failed", "expired"])
                        ),
                        name="download_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["parquet", "csv", "xlsx"])),
                        name="download_format_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(
                                ("expires_at__isnull", False),
                                ("rows__isnull", False),
                                ("size__isnull", False),
                                models.Q(("sha256", ""), _negated=True),
                                models.Q(("file_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="download_ready_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GrantUsage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                ("calls", models.PositiveBigIntegerField(default=0, verbose_name="次数")),
                ("rows", models.PositiveBigIntegerField(default=0, verbose_name="行数")),
                ("query_calls", models.PositiveBigIntegerField(default=0, verbose_name="查询次数")),
                ("query_rows", models.PositiveBigIntegerField(default=0, verbose_name="查询行数")),
                (
                    "subscription_calls",
                    models.PositiveBigIntegerField(default=0, verbose_name="订阅次数"),
                ),
                (
                    "subscription_rows",
                    models.PositiveBigIntegerField(default=0, verbose_name="订阅行数"),
                ),
                (
                    "download_calls",
                    models.PositiveBigIntegerField(default=0, verbose_name="下载次数"),
                ),
                (
                    "download_rows",
                    models.PositiveBigIntegerField(default=0, verbose_name="下载行数"),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="usage",
                        to="delivery.grant",
                    ),
                ),
            ],
            options={
                "ordering": ["-day"],
                "constraints": [
                    models.UniqueConstraint(fields=("grant", "day"), name="usage_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="QueryRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "by_key",
                    models.CharField(db_index=True, max_length=120, verbose_name="查询人标识"),
                ),
                ("by_name", models.CharField(max_length=120, verbose_name="查询人")),
                ("sql", models.TextField(verbose_name="语句")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.delivery.vocabulary.QueryState["RUNNING"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("policies", models.JSONField(default=list, verbose_name="适用策略")),
                ("rows", models.BigIntegerField(blank=True, null=True, verbose_name="行数")),
                ("bytes", models.BigIntegerField(default=0, verbose_name="预计扫描字节")),
                ("seconds", models.FloatField(default=0, verbose_name="用时（秒）")),
                (
                    "code",
                    models.CharField(blank=True, max_length=40, verbose_name="未完成原因代码"),
                ),
                (
                    "exported_for",
                    models.CharField(blank=True, max_length=300, verbose_name="导出理由"),
                ),
                ("started_at", models.DateTimeField(verbose_name="开始时间")),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["running", "done", "failed"])),
                        name="query_run_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedQuery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_key", models.CharField(max_length=120, verbose_name="所有人标识")),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("sql", models.TextField(verbose_name="语句")),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("by_key", "name"), name="saved_query_once_a_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TableCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder", models.CharField(max_length=60, verbose_name="权限")),
                ("table", models.CharField(max_length=120, verbose_name="表名")),
                ("snapshot_id", models.BigIntegerField(verbose_name="源快照")),
                ("digest", models.CharField(max_length=64, verbose_name="查询摘要")),
                ("folder", models.CharField(max_length=32, unique=True, verbose_name="文件夹")),
                ("metadata", models.CharField(max_length=120, verbose_name="元数据文件")),
                ("rows", models.BigIntegerField(verbose_name="行数")),
                ("size", models.BigIntegerField(verbose_name="字节数")),
                ("made_at", models.DateTimeField(verbose_name="生成时间")),
                ("used_at", models.DateTimeField(verbose_name="最近使用")),
                ("counted_on", models.DateField(blank=True, null=True, verbose_name="计量日")),
                (
                    "superseded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="被替换时间"),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="delivery.grant",
                        verbose_name="授权",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("holder", "table"),
                        name="table_copy_one_current",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FileKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40, unique=True, verbose_name="标识")),
                ("by_kind", models.CharField(max_length=20, verbose_name="使用者类别")),
                ("by_key", models.CharField(max_length=120, verbose_name="使用者标识")),
                ("by_name", models.CharField(max_length=120, verbose_name="使用者")),
                (
                    "organisation_code",
                    models.CharField(blank=True, max_length=40, verbose_name="单位"),
                ),
                ("purpose", models.CharField(blank=True, max_length=40, verbose_name="用途代码")),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="到期时间")),
                ("fetches", models.PositiveIntegerField(default=0, verbose_name="读取次数")),
                ("bytes", models.PositiveBigIntegerField(default=0, verbose_name="读取字节")),
                (
                    "copy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="keys",
                        to="delivery.tablecopy",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
    ]
