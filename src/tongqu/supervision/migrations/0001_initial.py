import django.db.models.deletion
import tongqu.supervision.vocabulary
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="项目编号")),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="项目名称")),
                ("system_name", models.CharField(max_length=120, verbose_name="系统名称")),
                ("summary", models.CharField(blank=True, max_length=1000, verbose_name="建设内容")),
                (
                    "stage",
                    models.CharField(
                        default=tongqu.supervision.vocabulary.Stage["APPROVAL"],
                        max_length=20,
                        verbose_name="阶段",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
                ("created_by", models.CharField(max_length=120, verbose_name="登记人")),
                (
                    "trial_started_on",
                    models.DateField(blank=True, null=True, verbose_name="试运行开始"),
                ),
                (
                    "connect_due_on",
                    models.DateField(blank=True, db_index=True, null=True, verbose_name="接入期限"),
                ),
                (
                    "connected_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="接入时间"),
                ),
                (
                    "late_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="逾期未接入标记"),
                ),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
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
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                ["approval", "building", "trial", "accepted", "operating"],
                            )
                        ),
                        name="project_stage_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("connect_due_on", None), ("trial_started_on", None)),
                            models.Q(
                                ("connect_due_on__isnull", False),
                                ("trial_started_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="project_trial_has_due_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage__in", ["approval", "building"]), _negated=True),
                            ("trial_started_on", None),
                            _connector="OR",
                        ),
                        name="project_before_trial_has_no_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GateCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("gate", models.CharField(max_length=20, verbose_name="关口")),
                ("number", models.CharField(blank=True, max_length=30, verbose_name="回执编号")),
                ("state", models.CharField(blank=True, max_length=20, verbose_name="回执状态")),
                ("version", models.CharField(blank=True, max_length=20, verbose_name="版本")),
                (
                    "newer_version",
                    models.CharField(blank=True, max_length=20, verbose_name="更新的版本"),
                ),
                ("passed", models.BooleanField(verbose_name="通过")),
                ("why", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("at", models.DateTimeField(verbose_name="核验时间")),
                ("by", models.CharField(max_length=120, verbose_name="核验人")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="supervision.project",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("gate__in", ["approval", "trial", "acceptance"])),
                        name="gate_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Construction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("facility", models.CharField(max_length=20, verbose_name="设施类别")),
                ("set_at", models.DateTimeField(verbose_name="登记时间")),
                ("set_by", models.CharField(max_length=120, verbose_name="登记人")),
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="construction",
                        to="supervision.project",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "facility__in",
                                ["railway", "road", "port", "channel", "airport", "hub"],
                            )
                        ),
                        name="construction_facility",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectEntry",
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
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="supervision.project",
                    ),
                ),
            ],
            options={
                "ordering": ["entry_code"],
            },
        ),
        migrations.CreateModel(
            name="ProjectEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("title", models.CharField(max_length=120, verbose_name="事项")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("by", models.CharField(max_length=120, verbose_name="经办")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="supervision.project",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="RectificationDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True, verbose_name="去重键")),
                ("case", models.CharField(max_length=10, verbose_name="情形")),
                ("basis", models.CharField(max_length=200, verbose_name="依据")),
                ("title", models.CharField(max_length=200, verbose_name="事由")),
                ("evidence", models.JSONField(default=dict, verbose_name="证据")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.supervision.vocabulary.DraftState["CLUE"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="生成时间")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="处理时间"),
                ),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="处理人")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="处理说明")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="supervision.project",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["clue", "confirmed", "dismissed"])),
                        name="rectification_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", ""), _negated=True),
                            models.Q(("case", ""), _negated=True),
                        ),
                        name="rectification_has_basis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None),
                                ("decided_by", ""),
                                ("state", tongqu.supervision.vocabulary.DraftState["CLUE"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state", tongqu.supervision.vocabulary.DraftState["CLUE"]),
                                    _negated=True,
                                ),
                                ("decided_at__isnull", False),
                                models.Q(("decided_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="rectification_decided_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TogetherItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=20, verbose_name="事项")),
                ("content", models.CharField(max_length=500, verbose_name="落实情况")),
                ("filled_at", models.DateTimeField(verbose_name="填报时间")),
                ("filled_by", models.CharField(max_length=120, verbose_name="填报人")),
                (
                    "construction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="supervision.construction",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("item__in", ["planned", "designed", "built", "maintained"])
                        ),
                        name="together_item",
                    ),
                    models.UniqueConstraint(fields=("construction", "item"), name="together_once"),
                    models.CheckConstraint(
                        condition=models.Q(("content", ""), _negated=True), name="together_said"
                    ),
                ],
            },
        ),
    ]
