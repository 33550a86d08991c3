import django.db.models.deletion
import tongqu.lake.vocabulary.kinds
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="InstalledModel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="表名")),
                ("pack", models.CharField(max_length=120, verbose_name="模型包")),
                ("file", models.CharField(max_length=160, verbose_name="文件")),
                ("text", models.TextField(verbose_name="模型文本")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="中文名")),
                ("layer", models.CharField(max_length=10, verbose_name="层")),
                ("library", models.CharField(max_length=10, verbose_name="所属库")),
                ("theme", models.CharField(blank=True, max_length=60, verbose_name="主题")),
                ("topic", models.CharField(blank=True, max_length=60, verbose_name="专题")),
                ("owner", models.CharField(max_length=120, verbose_name="责任单位")),
                ("object", models.CharField(blank=True, max_length=20, verbose_name="业务对象")),
                ("level", models.CharField(max_length=10, verbose_name="层次")),
                ("scope", models.CharField(max_length=10, verbose_name="范围")),
                ("version", models.CharField(max_length=20, verbose_name="版本")),
                ("retention_days", models.PositiveIntegerField(default=0, verbose_name="保留天数")),
                ("moment", models.CharField(blank=True, max_length=10, verbose_name="时刻单位")),
                ("reads", models.JSONField(default=list, verbose_name="读取的表")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                (
                    "ran_for",
                    models.CharField(blank=True, max_length=30, verbose_name="已运行的时刻"),
                ),
                ("installed_at", models.DateTimeField(verbose_name="安装时间")),
            ],
            options={
                "ordering": ["layer", "name"],
            },
        ),
        migrations.CreateModel(
            name="TableTouch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table", models.CharField(max_length=120, unique=True, verbose_name="表名")),
                ("mark", models.CharField(max_length=36, verbose_name="标记")),
                ("touched_at", models.DateTimeField(verbose_name="变化时间")),
            ],
            options={
                "ordering": ["touched_at"],
            },
        ),
        migrations.CreateModel(
            name="TopicTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="标识")),
                ("title", models.CharField(max_length=100, verbose_name="名称")),
                ("pack", models.CharField(max_length=120, verbose_name="模型包")),
                ("indicators", models.JSONField(default=list, verbose_name="指标")),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="BusinessModel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="标识")),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("level", models.CharField(max_length=12, verbose_name="层次")),
                ("scope", models.CharField(max_length=6, verbose_name="范围")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
                (
                    "refines",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="lake.businessmodel",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["conceptual", "logical", "physical"])),
                        name="business_model_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["core", "own"])),
                        name="business_model_scope_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BusinessModelVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="版本")),
                ("document", models.JSONField(verbose_name="内容")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("published_at", models.DateTimeField(verbose_name="发布时间")),
                ("by_name", models.CharField(max_length=120, verbose_name="发布人")),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="lake.businessmodel",
                    ),
                ),
            ],
            options={
                "ordering": ["model", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("model", "number"), name="business_model_version_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FileDamage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table", models.CharField(db_index=True, max_length=120, verbose_name="表名")),
                ("uri", models.CharField(max_length=1000, verbose_name="文件")),
                ("kind", models.CharField(max_length=10, verbose_name="种类")),
                ("harm", models.CharField(max_length=10, verbose_name="受损情况")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="应有摘要")),
                ("snapshots", models.JSONField(default=list, verbose_name="涉及快照")),
                ("rows", models.BigIntegerField(blank=True, null=True, verbose_name="涉及行数")),
                ("found_at", models.DateTimeField(verbose_name="发现时间")),
                ("healed_at", models.DateTimeField(blank=True, null=True, verbose_name="修复时间")),
            ],
            options={
                "ordering": ["-found_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["metadata", "list", "manifest", "data"])),
                        name="file_damage_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("harm__in", ["missing", "truncated", "altered"])),
                        name="file_damage_harm_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("healed_at", None)),
                        fields=("uri",),
                        name="file_damage_once_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LakeTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="表名")),
                ("library", models.CharField(blank=True, max_length=10, verbose_name="所属库")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="中文名")),
                ("owner", models.CharField(blank=True, max_length=120, verbose_name="责任单位")),
                ("keys", models.JSONField(default=list, verbose_name="主键")),
                ("theme", models.CharField(blank=True, max_length=60, verbose_name="主题")),
                ("clauses", models.JSONField(default=list, verbose_name="依据")),
                (
                    "model_digest",
                    models.CharField(blank=True, max_length=64, verbose_name="模型摘要"),
                ),
                ("updated_at", models.DateTimeField(verbose_name="更新时间")),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("library__in", ["", "base", "theme", "topic", "service", "self"])
                        ),
                        name="lake_table_library_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LineageEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("run_key", models.CharField(max_length=200, verbose_name="运行")),
                ("kind", models.CharField(max_length=10, verbose_name="事件")),
                ("job", models.CharField(max_length=120, verbose_name="作业")),
                ("at", models.DateTimeField(verbose_name="发生时间")),
                ("body", models.JSONField(verbose_name="事件内容")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="发送次数")),
                (
                    "sent_at",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="发送时间"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["START", "COMPLETE", "FAIL"])),
                        name="lineage_event_kind_known",
                    ),
                    models.UniqueConstraint(fields=("run_key", "kind"), name="lineage_event_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelAdoption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="采用版本")),
                ("wanted", models.PositiveIntegerField(verbose_name="应采用版本")),
                ("asked_at", models.DateTimeField(verbose_name="下达时间")),
                ("adopted_at", models.DateTimeField(verbose_name="采用时间")),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="adoptions",
                        to="lake.businessmodel",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["model", "organisation"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("model", "organisation"), name="model_adoption_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wanted__gte", models.F("number"))),
                        name="model_adoption_not_ahead",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pack", models.CharField(max_length=120, verbose_name="模型包")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.lake.vocabulary.kinds.RunState["RUNNING"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("by_key", models.CharField(max_length=120, verbose_name="执行人标识")),
                ("by_name", models.CharField(max_length=120, verbose_name="执行人")),
                ("started_at", models.DateTimeField(verbose_name="开始时间")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="结束时间"),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["running", "done", "failed"])),
                        name="model_run_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("state", "running")),
                            models.Q(
                                ("finished_at__isnull", False),
                                models.Q(("state", "running"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="model_run_finished_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineageEdge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source_table", models.CharField(max_length=120, verbose_name="来源表")),
                ("source_column", models.CharField(max_length=120, verbose_name="来源列")),
                ("target_table", models.CharField(max_length=120, verbose_name="目标表")),
                ("target_column", models.CharField(max_length=120, verbose_name="目标列")),
                ("transform", models.CharField(max_length=10, verbose_name="方式")),
                ("job", models.CharField(max_length=120, verbose_name="作业")),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="edges",
                        to="lake.modelrun",
                    ),
                ),
            ],
            options={
                "ordering": ["target_table", "target_column", "source_table", "source_column"],
                "indexes": [
                    models.Index(fields=["target_table", "target_column"], name="lineage_up_idx"),
                    models.Index(fields=["source_table", "source_column"], name="lineage_down_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("transform__in", ["direct", "derived", "aggregate"])),
                        name="lineage_transform_known",
                    ),
                    models.UniqueConstraint(
                        fields=("source_table", "source_column", "target_table", "target_column"),
                        name="lineage_edge_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("model", models.CharField(max_length=120, verbose_name="模型")),
                ("state", models.CharField(max_length=10, verbose_name="状态")),
                ("rows", models.BigIntegerField(blank=True, null=True, verbose_name="行数")),
                (
                    "changed_rows",
                    models.BigIntegerField(blank=True, null=True, verbose_name="变化行数"),
                ),
                ("snapshot_id", models.BigIntegerField(blank=True, null=True, verbose_name="快照")),
                ("inputs", models.JSONField(default=dict, verbose_name="输入快照")),
                ("code", models.CharField(blank=True, max_length=40, verbose_name="代码")),
                ("message", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("seconds", models.FloatField(default=0, verbose_name="用时（秒）")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="lake.modelrun",
                    ),
                ),
            ],
            options={
                "ordering": ["run", "position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["done", "unchanged", "failed", "blocked", "waiting"])
                        ),
                        name="model_step_state_known",
                    ),
                    models.UniqueConstraint(fields=("run", "model"), name="model_step_once_a_run"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12, unique=True, verbose_name="类别")),
                ("rpo_minutes", models.PositiveIntegerField(verbose_name="RPO（分钟）")),
                ("rto_minutes", models.PositiveIntegerField(verbose_name="RTO（分钟）")),
            ],
            options={
                "ordering": ["kind"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["control", "svc", "dw", "ods", "quarantine"])
                        ),
                        name="recovery_target_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TableFlag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table", models.CharField(db_index=True, max_length=120, verbose_name="表名")),
                ("cause", models.CharField(max_length=120, verbose_name="起因表")),
                ("reason", models.CharField(max_length=500, verbose_name="原因")),
                ("raised_at", models.DateTimeField(verbose_name="标记时间")),
                (
                    "cleared_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="解除时间"),
                ),
            ],
            options={
                "ordering": ["-raised_at", "table"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at", None)),
                        fields=("table", "cause"),
                        name="table_flag_once_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="标识")),
                ("title", models.CharField(max_length=100, verbose_name="名称")),
                ("owner", models.CharField(max_length=120, verbose_name="负责人")),
                ("indicators", models.JSONField(default=list, verbose_name="指标")),
                ("retention_days", models.PositiveIntegerField(verbose_name="保留天数")),
                ("by_key", models.CharField(max_length=120, verbose_name="建立人标识")),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="lake.topictemplate",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="UpkeepRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10, verbose_name="事项")),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="对象")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.lake.vocabulary.kinds.RunState["RUNNING"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("figures", models.JSONField(default=dict, verbose_name="结果")),
                ("by_key", models.CharField(max_length=120, verbose_name="执行人标识")),
                ("by_name", models.CharField(max_length=120, verbose_name="执行人")),
                ("started_at", models.DateTimeField(verbose_name="开始时间")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="结束时间"),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "compact",
                                    "expire",
                                    "clean",
                                    "scrub",
                                    "backup",
                                    "restore",
                                    "drill",
                                ],
                            )
                        ),
                        name="upkeep_run_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["running", "done", "failed"])),
                        name="upkeep_run_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("state", "running")),
                            models.Q(
                                ("finished_at__isnull", False),
                                models.Q(("state", "running"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="upkeep_run_finished_pair",
                    ),
                ],
            },
        ),
    ]
