import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="批次号")),
                ("file_name", models.CharField(max_length=255, verbose_name="文件名")),
                (
                    "incoming",
                    models.CharField(blank=True, max_length=1000, verbose_name="来件位置"),
                ),
                ("is_upload", models.BooleanField(default=False, verbose_name="页面上传")),
                ("size", models.BigIntegerField(default=0, verbose_name="字节数")),
                (
                    "sha256",
                    models.CharField(
                        blank=True, db_index=True, max_length=64, verbose_name="内容摘要"
                    ),
                ),
                ("contract", models.JSONField(default=dict, verbose_name="登记约定")),
                (
                    "contract_digest",
                    models.CharField(blank=True, max_length=64, verbose_name="约定摘要"),
                ),
                (
                    "state",
                    models.CharField(
                        db_index=True, default="open", max_length=20, verbose_name="状态"
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=60, verbose_name="原因代码")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("facts", models.JSONField(default=dict, verbose_name="细节")),
                ("received", models.BigIntegerField(default=0, verbose_name="接收")),
                ("stored", models.BigIntegerField(default=0, verbose_name="入湖")),
                ("rejected", models.BigIntegerField(default=0, verbose_name="隔离")),
                ("duplicate", models.BigIntegerField(default=0, verbose_name="重复")),
                ("fixed", models.BigIntegerField(default=0, verbose_name="修复")),
                ("snapshot_id", models.BigIntegerField(blank=True, null=True, verbose_name="快照")),
                ("reasons", models.JSONField(default=dict, verbose_name="隔离原因计数")),
                ("fixes", models.JSONField(default=dict, verbose_name="修复计数")),
                ("warnings", models.JSONField(default=dict, verbose_name="提示计数")),
                ("log", models.JSONField(default=list, verbose_name="运行日志")),
                (
                    "resumed_from",
                    models.CharField(blank=True, max_length=200, verbose_name="续传点"),
                ),
                ("cursor", models.JSONField(blank=True, null=True, verbose_name="此后位置")),
                ("actor_key", models.CharField(max_length=120, verbose_name="经办")),
                ("started_at", models.DateTimeField(verbose_name="开始")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束")),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="LegacyInterface",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="接口编号")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("mapping", models.JSONField(default=dict, verbose_name="列对应")),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="运行号")),
                (
                    "state",
                    models.CharField(
                        db_index=True, default="open", max_length=20, verbose_name="状态"
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=1, verbose_name="第几次")),
                ("pieces", models.PositiveIntegerField(default=0, verbose_name="分片")),
                ("received", models.BigIntegerField(default=0, verbose_name="接收")),
                ("stored", models.BigIntegerField(default=0, verbose_name="入湖")),
                ("rejected", models.BigIntegerField(default=0, verbose_name="隔离")),
                ("duplicate", models.BigIntegerField(default=0, verbose_name="重复")),
                ("cursor_from", models.JSONField(blank=True, null=True, verbose_name="起点")),
                ("code", models.CharField(blank=True, max_length=60, verbose_name="原因代码")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("log", models.JSONField(default=list, verbose_name="运行日志")),
                (
                    "resumed_from",
                    models.CharField(blank=True, max_length=200, verbose_name="续传点"),
                ),
                ("actor_key", models.CharField(max_length=120, verbose_name="经办")),
                ("started_at", models.DateTimeField(verbose_name="开始")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束")),
                ("retry_at", models.DateTimeField(blank=True, null=True, verbose_name="重试时间")),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Connection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="连接代码")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("connector", models.CharField(max_length=20, verbose_name="连接器")),
                ("address", models.CharField(max_length=500, verbose_name="地址")),
                ("settings", models.JSONField(default=dict, verbose_name="设置")),
                ("secrets", models.TextField(blank=True, verbose_name="密文")),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="LegacyComparison",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                ("old_rows", models.BigIntegerField(verbose_name="原有行数")),
                ("new_rows", models.BigIntegerField(verbose_name="平台行数")),
                ("is_equal", models.BooleanField(verbose_name="一致")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                (
                    "interface",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comparisons",
                        to="ingest.legacyinterface",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="LegacySystem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="系统代码")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("state", models.CharField(default="waiting", max_length=20, verbose_name="状态")),
                (
                    "parallel_days",
                    models.PositiveSmallIntegerField(default=30, verbose_name="并行天数"),
                ),
                ("parallel_from", models.DateField(blank=True, null=True, verbose_name="并行开始")),
                ("moved_at", models.DateTimeField(blank=True, null=True, verbose_name="割接")),
                ("signed_by", models.CharField(blank=True, max_length=120, verbose_name="签署人")),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "moving", "parallel", "moved"])
                        ),
                        name="migration_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("moved_at__isnull", False),
                                ("state", "moved"),
                                models.Q(("signed_by", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "moved"), _negated=True), ("moved_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="migration_signed",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="legacyinterface",
            name="system",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="interfaces",
                to="ingest.legacysystem",
            ),
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.CharField(max_length=20, verbose_name="层级")),
                (
                    "score",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="质量分"),
                ),
                (
                    "gate",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="质量门槛"),
                ),
                ("state", models.CharField(max_length=20, verbose_name="状态")),
                ("reasons", models.JSONField(default=list, verbose_name="原因")),
                ("actor_key", models.CharField(max_length=120, verbose_name="经办")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passages",
                        to="ingest.batch",
                    ),
                ),
                (
                    "passed_as",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="came_from",
                        to="ingest.batch",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("passed_as__isnull", True), ("state", "held")),
                            models.Q(("score__gte", models.F("gate")), ("state", "passed")),
                            _connector="OR",
                        ),
                        name="passage_held_below_gate",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="batch",
            name="run",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="batches",
                to="ingest.run",
            ),
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="来源代码")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("file", "文件"),
                            ("database", "库表"),
                            ("interface", "接口"),
                            ("stream", "消息流"),
                            ("document", "文档与媒体"),
                        ],
                        max_length=20,
                        verbose_name="接入形式",
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(
                        blank=True, db_index=True, max_length=80, verbose_name="目录标识"
                    ),
                ),
                ("cycle", models.CharField(blank=True, max_length=20, verbose_name="更新周期")),
                ("options", models.JSONField(default=dict, verbose_name="读取选项")),
                ("columns", models.JSONField(default=list, verbose_name="登记的列")),
                ("checks", models.JSONField(default=list, verbose_name="逐行校核规则")),
                ("profile", models.JSONField(default=dict, verbose_name="探查结果")),
                (
                    "last_loaded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="最近更新"),
                ),
                ("freshness", models.CharField(default="none", max_length=20, verbose_name="时效")),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
                ("connector", models.CharField(blank=True, max_length=20, verbose_name="连接器")),
                ("mode", models.CharField(default="full", max_length=20, verbose_name="接入方式")),
                ("pulling", models.JSONField(default=dict, verbose_name="接入设置")),
                ("cursor", models.JSONField(blank=True, null=True, verbose_name="续传位置")),
                ("schedule", models.CharField(blank=True, max_length=60, verbose_name="计划")),
                (
                    "next_run_at",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="下次运行"
                    ),
                ),
                ("is_paused", models.BooleanField(default=False, verbose_name="已暂停")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="连续失败")),
                ("reject_threshold", models.FloatField(default=0.01, verbose_name="隔离阈值")),
                ("tolerance", models.FloatField(default=0.001, verbose_name="对账容差")),
                (
                    "connection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="ingest.connection",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mode__in", ["full", "by_key", "by_time", "cdc", "stream"])
                        ),
                        name="source_mode",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("form__in", ["file", "database", "interface", "stream", "document"])
                        ),
                        name="source_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("freshness__in", ["none", "on_time", "late"])),
                        name="source_freshness",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="run",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="ingest.source"
            ),
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source_rows", models.BigIntegerField(verbose_name="来源行数")),
                ("hub_rows", models.BigIntegerField(verbose_name="平台行数")),
                (
                    "source_checksum",
                    models.CharField(blank=True, max_length=64, verbose_name="来源校验和"),
                ),
                (
                    "hub_checksum",
                    models.CharField(blank=True, max_length=64, verbose_name="平台校验和"),
                ),
                ("difference", models.FloatField(verbose_name="差异率")),
                ("tolerance", models.FloatField(verbose_name="容差")),
                ("is_equal", models.BooleanField(verbose_name="一致")),
                ("snapshot_id", models.BigIntegerField(blank=True, null=True, verbose_name="快照")),
                ("actor_key", models.CharField(max_length=120, verbose_name="经办")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reconciliations",
                        to="ingest.source",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "gate",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="质量门槛"),
                ),
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="ingest.source",
                    ),
                ),
                (
                    "upstream",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downstream",
                        to="ingest.source",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="legacyinterface",
            name="new",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ingest.source",
                verbose_name="平台来源",
            ),
        ),
        migrations.AddField(
            model_name="legacyinterface",
            name="old",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ingest.source",
                verbose_name="原有来源",
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="batches",
                to="ingest.source",
            ),
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "authority",
                    models.CharField(
                        choices=[
                            ("police", "公安"),
                            ("land", "自然资源"),
                            ("ecology", "生态环境"),
                            ("water", "水利"),
                            ("tourism", "文化和旅游"),
                            ("health", "卫生健康"),
                            ("emergency", "应急管理"),
                            ("customs", "海关"),
                            ("market", "市场监管"),
                            ("weather", "气象"),
                            ("maritime", "海事"),
                            ("telecom", "通信管理"),
                            ("housing", "住房和城乡建设"),
                            ("commerce", "商务"),
                            ("fire", "消防救援"),
                            ("social", "社会第三方"),
                        ],
                        max_length=20,
                        verbose_name="部门",
                    ),
                ),
                ("counterpart", models.CharField(max_length=120, verbose_name="对方单位")),
                ("number", models.CharField(max_length=80, verbose_name="协议编号")),
                ("owner", models.CharField(max_length=120, verbose_name="责任岗位")),
                ("purpose", models.CharField(max_length=200, verbose_name="限定用途")),
                (
                    "aggregation",
                    models.CharField(blank=True, max_length=120, verbose_name="汇总粒度"),
                ),
                (
                    "count_column",
                    models.CharField(blank=True, max_length=120, verbose_name="计数列"),
                ),
                (
                    "min_cell",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="最小计数"),
                ),
                ("valid_from", models.DateField(verbose_name="生效日")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="到期日")),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreement",
                        to="ingest.source",
                    ),
                ),
            ],
            options={
                "ordering": ["authority", "source__code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("authority", "social"), _negated=True),
                            ("expires_on__isnull", False),
                            _connector="OR",
                        ),
                        name="agreement_social_is_limited",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("count_column", ""), ("min_cell__isnull", True)),
                            models.Q(
                                ("min_cell__isnull", False),
                                models.Q(("count_column", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="agreement_cell_is_counted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="模板代码")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("city", "地市数递"), ("enterprise", "企业报送")],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("cycle", models.CharField(max_length=20, verbose_name="周期")),
                ("due_day", models.PositiveSmallIntegerField(verbose_name="报送日")),
                ("columns", models.JSONField(default=list, verbose_name="列")),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="TemplateMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="membership",
                        to="ingest.source",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="ingest.template",
                    ),
                ),
            ],
            options={
                "ordering": ["source__provider__code"],
            },
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "done", "retry", "failed"])),
                name="run_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="legacyinterface",
            constraint=models.UniqueConstraint(
                fields=("system", "number"), name="legacy_interface_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "closed", "quarantined", "failed"])),
                name="batch_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    (
                        "received",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("stored"), "+", models.F("rejected")
                            ),
                            "+",
                            models.F("duplicate"),
                        ),
                    ),
                    _connector="OR",
                ),
                name="batch_closed_balances",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True), ("ended_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="batch_ended_unless_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["open", "closed"]),
                    models.Q(("snapshot_id__isnull", True), ("stored", 0)),
                    _connector="OR",
                ),
                name="batch_unstored_unless_closed",
            ),
        ),
    ]
