import django.db.models.deletion
import tongqu.sharing.vocabulary
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DailyNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="日期")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="末号")),
            ],
        ),
        migrations.CreateModel(
            name="FeedbackDue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grant_number",
                    models.CharField(max_length=40, unique=True, verbose_name="授权编号"),
                ),
                ("entry_code", models.CharField(max_length=60, verbose_name="资源编码")),
                ("entry_name", models.CharField(max_length=200, verbose_name="资源名称")),
                ("provider_id", models.BigIntegerField(verbose_name="提供部门")),
                ("since", models.DateField(verbose_name="本周期起算日")),
                ("due_on", models.DateField(verbose_name="应反馈日")),
                ("misses", models.PositiveSmallIntegerField(default=0, verbose_name="未反馈次数")),
                ("noticed_at", models.DateTimeField(null=True, verbose_name="列入通报时间")),
                (
                    "consumer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "grant_number"],
            },
        ),
        migrations.CreateModel(
            name="ShareRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="办件号")),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="资源编码"),
                ),
                ("entry_name", models.CharField(max_length=200, verbose_name="资源名称")),
                ("version_id", models.BigIntegerField(verbose_name="目录版本")),
                ("version", models.CharField(max_length=20, verbose_name="版本号")),
                ("sharing_type", models.CharField(max_length=20, verbose_name="共享类型")),
                ("is_external", models.BooleanField(default=False, verbose_name="行业外")),
                ("applicant_key", models.CharField(max_length=120, verbose_name="申请人标识")),
                ("applicant_name", models.CharField(max_length=120, verbose_name="申请人")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.sharing.vocabulary.State["DRAFT"],
                        max_length=30,
                        verbose_name="状态",
                    ),
                ),
                ("matter", models.CharField(max_length=30, verbose_name="履职事项")),
                ("purpose", models.CharField(max_length=500, verbose_name="使用用途")),
                ("duty", models.CharField(blank=True, max_length=300, verbose_name="履职依据")),
                ("system_name", models.CharField(max_length=120, verbose_name="接收系统")),
                ("frequency", models.CharField(max_length=20, verbose_name="使用频次")),
                ("retention", models.CharField(max_length=20, verbose_name="留存期限")),
                ("items", models.JSONField(default=list, verbose_name="信息项")),
                ("manners", models.JSONField(default=list, verbose_name="共享方式")),
                ("profile", models.CharField(max_length=60, verbose_name="适用制度")),
                ("terms", models.JSONField(default=dict, verbose_name="适用期限")),
                ("filed_at", models.DateTimeField(verbose_name="提交时间")),
                ("stage_received_on", models.DateField(verbose_name="本环节收到日")),
                (
                    "stage_working_days",
                    models.PositiveSmallIntegerField(null=True, verbose_name="本环节工作日"),
                ),
                (
                    "paused_days",
                    models.PositiveSmallIntegerField(null=True, verbose_name="中止时剩余工作日"),
                ),
                (
                    "supplements",
                    models.PositiveSmallIntegerField(default=0, verbose_name="补正次数"),
                ),
                ("asked_materials", models.JSONField(default=list, verbose_name="待补材料")),
                ("due_on", models.DateField(db_index=True, null=True, verbose_name="期限")),
                ("due_provisional", models.BooleanField(default=False, verbose_name="期限暂定")),
                ("overdue_at", models.DateTimeField(null=True, verbose_name="超期标记时间")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                (
                    "grant_number",
                    models.CharField(
                        blank=True, db_index=True, max_length=40, verbose_name="授权编号"
                    ),
                ),
                (
                    "submission_key",
                    models.CharField(max_length=100, null=True, verbose_name="防重令牌"),
                ),
                (
                    "submission_digest",
                    models.CharField(blank=True, max_length=64, verbose_name="提交内容摘要"),
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
            ],
            options={
                "ordering": ["-filed_at", "-pk"],
                "indexes": [models.Index(fields=["state", "due_on"], name="request_open_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "verifying",
                                    "first_review",
                                    "supplement",
                                    "provider_review",
                                    "negotiating",
                                    "managing_approval",
                                    "coordinating",
                                    "granted",
                                    "refused",
                                    "first_review_failed",
                                    "not_agreed",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="request_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "matter__in",
                                [
                                    "industry_supervision",
                                    "law_enforcement",
                                    "emergency",
                                    "planning",
                                    "statistics",
                                    "public_service",
                                    "credit",
                                ],
                            )
                        ),
                        name="request_matter_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "frequency__in",
                                ["realtime", "daily", "weekly", "monthly", "on_demand"],
                            )
                        ),
                        name="request_frequency_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "retention__in",
                                ["not_kept", "days_30", "months_6", "year_1", "years_3"],
                            )
                        ),
                        name="request_retention_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "granted"), _negated=True),
                            models.Q(("grant_number", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="request_granted_has_grant",
                    ),
                    models.UniqueConstraint(
                        fields=("consumer", "applicant_key", "submission_key"), name="request_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="序号")),
                ("command", models.CharField(max_length=30, verbose_name="动作")),
                ("label", models.CharField(max_length=40, verbose_name="动作名称")),
                ("source", models.CharField(max_length=30, verbose_name="原状态")),
                ("target", models.CharField(max_length=30, verbose_name="新状态")),
                ("actor_kind", models.CharField(max_length=10, verbose_name="主体类型")),
                ("actor_key", models.CharField(max_length=120, verbose_name="主体")),
                ("actor_name", models.CharField(max_length=120, verbose_name="办理人")),
                (
                    "organisation_name",
                    models.CharField(blank=True, max_length=120, verbose_name="办理单位"),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("facts", models.JSONField(default=dict, verbose_name="要素")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="sharing.sharerequest",
                    ),
                ),
            ],
            options={
                "ordering": ["request", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "position"), name="request_event_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "command__in",
                                [
                                    "grant",
                                    "wait",
                                    "verify",
                                    "file",
                                    "file_negotiation",
                                    "file_external",
                                    "file_unconnected",
                                    "pass",
                                    "pass_own",
                                    "ask_supplement",
                                    "fail",
                                    "supply",
                                    "lapse",
                                    "approve",
                                    "approve_part",
                                    "refuse",
                                    "agree",
                                    "disagree",
                                    "connected",
                                    "withdraw",
                                    "escalate",
                                    "recount",
                                ],
                            )
                        ),
                        name="request_event_command_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.CharField(max_length=30, verbose_name="环节")),
                ("command", models.CharField(max_length=30, verbose_name="决定")),
                ("label", models.CharField(max_length=40, verbose_name="决定名称")),
                ("items", models.JSONField(default=list, verbose_name="同意的信息项")),
                ("basis", models.CharField(max_length=200, verbose_name="依据")),
                ("basis_title", models.CharField(max_length=200, verbose_name="依据名称")),
                ("basis_gist", models.CharField(max_length=300, verbose_name="依据要旨")),
                ("basis_wording", models.TextField(blank=True, verbose_name="依据原文")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                ("by_key", models.CharField(max_length=120, verbose_name="决定人标识")),
                ("by_name", models.CharField(max_length=120, verbose_name="决定人")),
                (
                    "by_organisation",
                    models.CharField(blank=True, max_length=120, verbose_name="决定单位"),
                ),
                ("at", models.DateTimeField(verbose_name="决定时间")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="sharing.sharerequest",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "stage"), name="decision_once_a_stage"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("command", "refuse"), _negated=True),
                            models.Q(("basis", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="decision_refusal_has_basis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "platform",
                                    "first_review",
                                    "provider_review",
                                    "managing_approval",
                                    "negotiation",
                                ],
                            )
                        ),
                        name="decision_stage_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grant_number",
                    models.CharField(db_index=True, max_length=40, verbose_name="授权编号"),
                ),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="资源编码"),
                ),
                ("needs_met", models.PositiveSmallIntegerField(verbose_name="满足需求情况")),
                ("data_quality", models.PositiveSmallIntegerField(verbose_name="数据质量")),
                ("effect", models.CharField(max_length=500, verbose_name="使用效果")),
                ("by_key", models.CharField(max_length=120, verbose_name="反馈人标识")),
                ("by_name", models.CharField(max_length=120, verbose_name="反馈人")),
                ("at", models.DateTimeField(verbose_name="反馈时间")),
                (
                    "consumer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("data_quality__range", (1, 5)), ("needs_met__range", (1, 5))
                        ),
                        name="feedback_scores_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("effect", ""), _negated=True),
                        name="feedback_has_effect",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RevocationTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grant_number",
                    models.CharField(db_index=True, max_length=40, verbose_name="授权编号"),
                ),
                ("entry_code", models.CharField(max_length=60, verbose_name="资源编码")),
                ("entry_name", models.CharField(max_length=200, verbose_name="资源名称")),
                ("is_external", models.BooleanField(default=False, verbose_name="行业外")),
                ("idle_since", models.DateField(verbose_name="未使用起算日")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.sharing.vocabulary.RevocationState["OPEN"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="生成时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="决定人")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                ("basis", models.CharField(max_length=200, verbose_name="依据")),
                (
                    "consumer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "revoked", "kept", "moot"])),
                        name="revocation_state_known",
                    ),
                    models.UniqueConstraint(
                        fields=("grant_number", "idle_since"), name="revocation_once_a_clock"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="revocation_decided_pair",
                    ),
                ],
            },
        ),
    ]
