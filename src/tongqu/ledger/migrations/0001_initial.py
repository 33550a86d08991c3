import django.db.models.deletion
import tongqu.ledger.vocabulary
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FlowDefinition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(unique=True, verbose_name="版本")),
                ("steps", models.JSONField(verbose_name="步骤")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="修订说明")),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                ("created_by", models.CharField(max_length=120, verbose_name="建立人")),
            ],
            options={
                "ordering": ["-version"],
            },
        ),
        migrations.CreateModel(
            name="ResourceState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(max_length=60, unique=True, verbose_name="目录标识"),
                ),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("provider_id", models.BigIntegerField(db_index=True, verbose_name="提供部门")),
                ("provider_name", models.CharField(max_length=120, verbose_name="提供部门名称")),
                ("version", models.CharField(max_length=20, verbose_name="版本")),
                ("grading", models.CharField(max_length=40, verbose_name="分级")),
                ("sharing", models.CharField(max_length=40, verbose_name="共享")),
                ("opening", models.CharField(max_length=40, verbose_name="开放")),
                ("operation", models.CharField(max_length=40, verbose_name="运营")),
                ("compiled_at", models.DateTimeField(verbose_name="汇编时间")),
            ],
            options={
                "ordering": ["entry_code"],
            },
        ),
        migrations.CreateModel(
            name="StockMeasurement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="测量时间")),
                ("by", models.CharField(max_length=120, verbose_name="测量人")),
                ("facts", models.JSONField(default=dict, verbose_name="计数")),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FlowInstance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="目录标识"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="当前步骤")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.ledger.vocabulary.FlowState["RUNNING"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="开始时间")),
                ("started_by", models.CharField(max_length=120, verbose_name="发起人")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
                (
                    "definition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instances",
                        to="ledger.flowdefinition",
                    ),
                ),
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
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["running", "done"])),
                        name="flow_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state", tongqu.ledger.vocabulary.FlowState["RUNNING"])
                        ),
                        fields=("entry_code",),
                        name="flow_one_running",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FlowDone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="步骤")),
                ("title", models.CharField(max_length=60, verbose_name="步骤名称")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by", models.CharField(max_length=120, verbose_name="经办人")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                (
                    "instance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="done",
                        to="ledger.flowinstance",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("instance", "code"), name="flow_step_done_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.ledger.vocabulary.MergeState["WAITING"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(
                        blank=True, db_index=True, max_length=60, verbose_name="融合目录"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="发起时间")),
                ("created_by", models.CharField(max_length=120, verbose_name="发起人")),
                ("merged_at", models.DateTimeField(blank=True, null=True, verbose_name="融合时间")),
                ("merged_by", models.CharField(blank=True, max_length=120, verbose_name="融合人")),
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
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "conflict", "merged", "published"])
                        ),
                        name="merge_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "conflict"]),
                            models.Q(
                                models.Q(("entry_code", ""), _negated=True),
                                ("merged_at__isnull", False),
                                models.Q(("merged_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="merge_merged_has_entry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MergeConflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=120, verbose_name="信息项")),
                ("kind", models.CharField(max_length=20, verbose_name="冲突类别")),
                ("values", models.JSONField(default=dict, verbose_name="各来源取值")),
                ("choice", models.CharField(blank=True, max_length=60, verbose_name="处理")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="处理人")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="处理时间"),
                ),
                (
                    "merge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts",
                        to="ledger.merge",
                    ),
                ),
            ],
            options={
                "ordering": ["item", "kind"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["only_in_some", "name", "type", "length", "level", "code_table"],
                            )
                        ),
                        name="merge_conflict_kind_known",
                    ),
                    models.UniqueConstraint(
                        fields=("merge", "item", "kind"), name="merge_conflict_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("choice", ""), ("decided_at", None), ("decided_by", "")),
                            models.Q(
                                models.Q(("choice", ""), _negated=True),
                                models.Q(("decided_by", ""), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="merge_conflict_decided_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MergeSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(max_length=60, unique=True, verbose_name="目录标识"),
                ),
                ("entry_name", models.CharField(max_length=200, verbose_name="名称")),
                ("version_id", models.BigIntegerField(verbose_name="目录版本")),
                ("version", models.CharField(max_length=20, verbose_name="版本号")),
                ("provider_name", models.CharField(max_length=120, verbose_name="提供部门")),
                (
                    "merge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="ledger.merge",
                    ),
                ),
            ],
            options={
                "ordering": ["entry_code"],
            },
        ),
        migrations.CreateModel(
            name="MetadataObject",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identifier", models.CharField(max_length=300, unique=True, verbose_name="标识")),
                ("kind", models.CharField(max_length=20, verbose_name="对象")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="中文名")),
                (
                    "entry_code",
                    models.CharField(
                        blank=True, db_index=True, max_length=60, verbose_name="目录标识"
                    ),
                ),
                ("basic", models.JSONField(blank=True, default=dict, verbose_name="基础元数据")),
                (
                    "technical",
                    models.JSONField(blank=True, default=dict, verbose_name="技术元数据"),
                ),
                ("business", models.JSONField(blank=True, default=dict, verbose_name="业务元数据")),
                (
                    "management",
                    models.JSONField(blank=True, default=dict, verbose_name="管理元数据"),
                ),
                (
                    "business_state",
                    models.CharField(
                        default=tongqu.ledger.vocabulary.Filled["MISSING"],
                        max_length=10,
                        verbose_name="业务元数据状态",
                    ),
                ),
                ("origin", models.CharField(max_length=40, verbose_name="采集方式")),
                ("seen_at", models.DateTimeField(verbose_name="采集时间")),
                ("gone_at", models.DateTimeField(blank=True, null=True, verbose_name="消失时间")),
                ("edited_by", models.CharField(blank=True, max_length=120, verbose_name="填写人")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="ledger.metadataobject",
                    ),
                ),
            ],
            options={
                "ordering": ["identifier"],
                "indexes": [
                    models.Index(fields=["kind", "business_state"], name="metadata_kind_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["database", "table", "item", "model", "file"])
                        ),
                        name="metadata_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("business_state__in", ["filled", "missing"])),
                        name="metadata_business_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OperationBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(unique=True, verbose_name="批次")),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.ledger.vocabulary.BatchState["COMPILING"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("created_at", models.DateTimeField(verbose_name="编制时间")),
                ("created_by", models.CharField(max_length=120, verbose_name="编制人")),
                (
                    "frozen_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="会签完成时间"),
                ),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["compiling", "signing", "frozen"])),
                        name="batch_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", tongqu.ledger.vocabulary.BatchState["FROZEN"]),
                                _negated=True,
                            ),
                            models.Q(
                                models.Q(("digest", ""), _negated=True),
                                ("frozen_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="operation_batch_frozen_has_digest",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="目录标识"),
                ),
                ("version", models.CharField(max_length=20, verbose_name="版本号")),
                ("provider_name", models.CharField(max_length=120, verbose_name="提供部门")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("supply", models.CharField(max_length=20, verbose_name="供给方式")),
                ("update_cycle", models.CharField(max_length=20, verbose_name="更新周期")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="ledger.operationbatch",
                    ),
                ),
            ],
            options={
                "ordering": ["batch", "position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("supply__in", ["interface", "table", "file"])),
                        name="batch_supply_known",
                    ),
                    models.UniqueConstraint(
                        fields=("batch", "position"), name="batch_position_once"
                    ),
                    models.UniqueConstraint(
                        fields=("batch", "entry_code"), name="batch_entry_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("party", models.CharField(max_length=20, verbose_name="会签方")),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="会签时间")),
                ("signed_by", models.CharField(blank=True, max_length=120, verbose_name="会签人")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="会签时摘要")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="ledger.operationbatch",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "party__in",
                                ["data_authority", "transport", "service_office", "implementing"],
                            )
                        ),
                        name="batch_party_known",
                    ),
                    models.UniqueConstraint(fields=("batch", "party"), name="batch_party_once"),
                    models.UniqueConstraint(
                        fields=("batch", "organisation"), name="batch_signs_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest", ""), ("signed_at", None), ("signed_by", "")),
                            models.Q(
                                ("signed_at__isnull", False),
                                models.Q(("signed_by", ""), _negated=True),
                                models.Q(("digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="batch_party_signed_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        default=tongqu.ledger.vocabulary.AnswerState["WAITING"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("gaps", models.CharField(blank=True, max_length=1000, verbose_name="数据缺口")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提交时间"),
                ),
                (
                    "submitted_by",
                    models.CharField(blank=True, max_length=120, verbose_name="提交人"),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__code"],
            },
        ),
        migrations.CreateModel(
            name="SurveyedTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("system", models.CharField(max_length=120, verbose_name="所属系统")),
                ("name", models.CharField(max_length=200, verbose_name="表名")),
                (
                    "rows",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="数据量（行）"
                    ),
                ),
                ("update_cycle", models.CharField(max_length=20, verbose_name="更新周期")),
                ("columns", models.JSONField(blank=True, default=list, verbose_name="字段")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="缺口与问题")),
                (
                    "entry_code",
                    models.CharField(blank=True, max_length=60, verbose_name="目录标识"),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tables",
                        to="ledger.surveyanswer",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("answer", "system", "name"), name="surveyed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="填报说明")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.ledger.vocabulary.RoundState["COMPILING"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="填报截止")),
                ("created_at", models.DateTimeField(verbose_name="编制时间")),
                ("created_by", models.CharField(max_length=120, verbose_name="编制人")),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="下发时间")),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="填报结束时间"),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "compiling",
                                    "issued",
                                    "filling",
                                    "reviewing",
                                    "summarised",
                                    "archived",
                                ],
                            )
                        ),
                        name="survey_round_state_known",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="surveyanswer",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="ledger.surveyround",
            ),
        ),
        migrations.AddConstraint(
            model_name="surveyanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "submitted", "returned", "accepted"])),
                name="survey_answer_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="surveyanswer",
            constraint=models.UniqueConstraint(
                fields=("round", "organisation"), name="survey_answer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="surveyanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("submitted_at", None), ("submitted_by", "")),
                    models.Q(
                        ("submitted_at__isnull", False),
                        models.Q(("submitted_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="survey_answer_submitted_pair",
            ),
        ),
    ]
