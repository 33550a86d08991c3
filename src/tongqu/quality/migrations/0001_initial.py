import django.db.models.deletion
import tongqu.quality.vocabulary
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="检测号")),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="目录编码"),
                ),
                ("table", models.CharField(max_length=120, verbose_name="表")),
                ("snapshot_id", models.BigIntegerField(verbose_name="快照")),
                ("rows", models.BigIntegerField(verbose_name="行数")),
                ("pack_version", models.PositiveIntegerField(default=0, verbose_name="规则版本")),
                (
                    "score",
                    models.DecimalField(
                        decimal_places=1, max_digits=4, null=True, verbose_name="得分"
                    ),
                ),
                ("dimensions", models.JSONField(default=dict, verbose_name="维度得分")),
                ("at", models.DateTimeField(db_index=True, verbose_name="时间")),
                ("actor_key", models.CharField(max_length=120, verbose_name="执行人")),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="RulePack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="目录编码"),
                ),
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                ("rules", models.JSONField(default=list, verbose_name="规则")),
                ("author", models.CharField(max_length=120, verbose_name="编制人")),
                ("created_at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "ordering": ["entry_code", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entry_code", "version"), name="rule_pack_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="工单号")),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="目录编码"),
                ),
                ("entry_name", models.CharField(max_length=200, verbose_name="目录名称")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.quality.vocabulary.TicketState["ASSIGNED"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="问题")),
                ("wrong", models.BigIntegerField(default=0, verbose_name="不符数")),
                ("filed_by", models.CharField(max_length=120, verbose_name="提出人")),
                ("opened_at", models.DateTimeField(verbose_name="时间")),
                ("due_on", models.DateField(verbose_name="截止日")),
                ("due_provisional", models.BooleanField(default=False, verbose_name="暂定")),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quality_tickets",
                        to="identity.organisation",
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="quality.scan",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "assigned",
                                    "checking",
                                    "unfounded",
                                    "correcting",
                                    "corrected",
                                    "closed",
                                ],
                            )
                        ),
                        name="quality_ticket_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["closed", "unfounded"]), _negated=True),
                        fields=("entry_code",),
                        name="quality_ticket_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("command", models.CharField(max_length=20, verbose_name="动作")),
                ("actor", models.CharField(max_length=160, verbose_name="办理人")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="quality.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="RuleResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=160, verbose_name="规则编码")),
                ("title", models.CharField(max_length=200, verbose_name="规则")),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("conformity", "conformity"),
                            ("completeness", "completeness"),
                            ("accuracy", "accuracy"),
                            ("consistency", "consistency"),
                            ("timeliness", "timeliness"),
                            ("accessibility", "accessibility"),
                        ],
                        max_length=20,
                        verbose_name="维度",
                    ),
                ),
                ("column", models.CharField(blank=True, max_length=80, verbose_name="信息项")),
                ("checked", models.BigIntegerField(verbose_name="检查数")),
                ("wrong", models.BigIntegerField(verbose_name="不符数")),
                ("is_over", models.BooleanField(default=False, verbose_name="超出容差")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("remedy", models.CharField(blank=True, max_length=200, verbose_name="改法")),
                ("samples", models.JSONField(default=list, verbose_name="问题行")),
                (
                    "scan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="quality.scan",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("wrong__gte", 0), ("wrong__lte", models.F("checked"))),
                        name="rule_result_wrong_within_checked",
                    )
                ],
            },
        ),
    ]
