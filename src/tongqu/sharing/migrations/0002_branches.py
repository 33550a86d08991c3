import django.db.models.deletion
import tongqu.sharing.vocabulary
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0002_abolition"),
        ("sharing", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="requestevent",
            name="request_event_command_known",
        ),
        migrations.RemoveConstraint(
            model_name="sharerequest",
            name="request_state_known",
        ),
        migrations.AddConstraint(
            model_name="requestevent",
            constraint=models.CheckConstraint(
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
                            "refer",
                            "mediate",
                            "connected",
                            "unconnectable",
                            "withdraw",
                            "escalate",
                            "recount",
                        ],
                    )
                ),
                name="request_event_command_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharerequest",
            constraint=models.CheckConstraint(
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
                            "mediating",
                            "unconnectable",
                            "withdrawn",
                        ],
                    )
                ),
                name="request_state_known",
            ),
        ),
        migrations.CreateModel(
            name="Bundle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="专题包编号")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="专题名称")),
                ("summary", models.CharField(max_length=300, verbose_name="适用工作")),
                ("entry_codes", models.JSONField(default=list, verbose_name="数据资源")),
                ("matter", models.CharField(max_length=30, verbose_name="履职事项")),
                ("purpose", models.CharField(max_length=500, verbose_name="用途模板")),
                ("is_offered", models.BooleanField(default=True, verbose_name="提供")),
                ("made_by", models.CharField(max_length=120, verbose_name="编制人")),
                ("made_at", models.DateTimeField(verbose_name="编制时间")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
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
                        name="bundle_matter_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Coordination",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="资源编码"),
                ),
                ("entry_name", models.CharField(max_length=200, verbose_name="资源名称")),
                ("owner_name", models.CharField(max_length=120, verbose_name="数据来源单位")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.sharing.vocabulary.CoordinationState["RUNNING"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="生成时间")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                ("closed_by", models.CharField(blank=True, max_length=120, verbose_name="办结人")),
                ("outcome", models.CharField(blank=True, max_length=500, verbose_name="结果说明")),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["running", "connected", "unconnectable"])
                        ),
                        name="coordination_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("entry_code",),
                        name="coordination_once_an_entry",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "running")),
                            models.Q(
                                models.Q(("state", "running"), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="coordination_closed_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="清单编号")),
                ("name", models.CharField(max_length=120, verbose_name="事项名称")),
                ("kind", models.CharField(max_length=20, verbose_name="场景")),
                ("made_by", models.CharField(max_length=120, verbose_name="编制人")),
                ("made_at", models.DateTimeField(verbose_name="编制时间")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                (
                    "lead",
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
                        condition=models.Q(("kind__in", ["one_matter", "vertical"])),
                        name="duty_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entrustment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="资源编码"),
                ),
                ("entry_name", models.CharField(max_length=200, verbose_name="资源名称")),
                ("starts_on", models.DateField(verbose_name="委托起")),
                ("ends_on", models.DateField(verbose_name="委托止")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("made_by", models.CharField(max_length=120, verbose_name="委托人")),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="收回时间")),
                ("ended_by", models.CharField(blank=True, max_length=120, verbose_name="收回人")),
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
                "ordering": ["-starts_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="entrustment_period",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PurposeChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grant_number",
                    models.CharField(db_index=True, max_length=40, verbose_name="原授权编号"),
                ),
                ("old_matter", models.CharField(max_length=30, verbose_name="原履职事项")),
                ("old_purpose", models.CharField(max_length=500, verbose_name="原使用用途")),
                ("at", models.DateTimeField(verbose_name="提出时间")),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purpose_change",
                        to="sharing.sharerequest",
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="RequestFlow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(unique=True, verbose_name="版本")),
                ("steps", models.JSONField(default=list, verbose_name="步骤")),
                ("note", models.CharField(max_length=300, verbose_name="修订说明")),
                ("made_by", models.CharField(max_length=120, verbose_name="修订人")),
                ("made_at", models.DateTimeField(verbose_name="启用时间")),
            ],
            options={
                "ordering": ["-version"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 2)), name="request_flow_edited"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewDigest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="月份")),
                ("decisions", models.JSONField(default=list, verbose_name="审核结果")),
                ("made_at", models.DateTimeField(verbose_name="生成时间")),
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
                "ordering": ["-month", "provider"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "month"), name="digest_once_a_month"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplyTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="任务号")),
                ("title", models.CharField(max_length=120, verbose_name="数据名称")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.sharing.vocabulary.SupplyState["ASSIGNED"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(blank=True, max_length=60, verbose_name="资源编码"),
                ),
                ("due_on", models.DateField(verbose_name="办理期限")),
                ("due_provisional", models.BooleanField(default=False, verbose_name="期限暂定")),
                ("made_by", models.CharField(max_length=120, verbose_name="生成人")),
                ("made_at", models.DateTimeField(verbose_name="生成时间")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="说明")),
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
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["assigned", "met", "declined"])),
                        name="supply_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "met"), _negated=True),
                            models.Q(("entry_code", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="supply_met_has_entry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TalkNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("organisation_name", models.CharField(max_length=120, verbose_name="单位")),
                ("by_key", models.CharField(max_length=120, verbose_name="记录人标识")),
                ("by_name", models.CharField(max_length=120, verbose_name="记录人")),
                ("at", models.DateTimeField(verbose_name="记录时间")),
                ("text", models.CharField(max_length=1000, verbose_name="内容")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="talks",
                        to="sharing.sharerequest",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="BundleApplication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="办件号")),
                ("applicant_key", models.CharField(max_length=120, verbose_name="申请人标识")),
                ("applicant_name", models.CharField(max_length=120, verbose_name="申请人")),
                ("purpose", models.CharField(max_length=500, verbose_name="使用用途")),
                ("filed_at", models.DateTimeField(verbose_name="提交时间")),
                (
                    "submission_key",
                    models.CharField(max_length=100, null=True, verbose_name="防重令牌"),
                ),
                (
                    "bundle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="sharing.bundle",
                    ),
                ),
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
                "ordering": ["-filed_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consumer", "applicant_key", "submission_key"), name="bundle_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("name", models.CharField(max_length=120, verbose_name="共享事项")),
                (
                    "entry_code",
                    models.CharField(
                        blank=True, db_index=True, max_length=60, verbose_name="资源编码"
                    ),
                ),
                ("cycle", models.CharField(max_length=20, verbose_name="更新周期")),
                ("due_on", models.DateField(null=True, verbose_name="应接入日")),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="sharing.dutylist",
                    ),
                ),
            ],
            options={
                "ordering": ["duty", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("duty", "position"), name="duty_item_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="需求号")),
                ("applicant_key", models.CharField(max_length=120, verbose_name="提出人标识")),
                ("applicant_name", models.CharField(max_length=120, verbose_name="提出人")),
                ("name", models.CharField(max_length=120, verbose_name="数据名称")),
                ("items", models.JSONField(default=list, verbose_name="信息项")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="可能的来源")),
                ("matter", models.CharField(max_length=30, verbose_name="履职事项")),
                ("purpose", models.CharField(max_length=500, verbose_name="使用用途")),
                ("duty", models.CharField(max_length=300, verbose_name="履职依据")),
                ("frequency", models.CharField(max_length=20, verbose_name="使用频次")),
                ("filed_at", models.DateTimeField(verbose_name="提出时间")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                (
                    "consumer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="sharing.supplytask",
                    ),
                ),
            ],
            options={
                "ordering": ["-filed_at", "-pk"],
                "constraints": [
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
                        name="need_matter_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "frequency__in",
                                ["realtime", "daily", "weekly", "monthly", "on_demand"],
                            )
                        ),
                        name="need_frequency_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BundleCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry_code", models.CharField(max_length=60, verbose_name="资源编码")),
                ("entry_name", models.CharField(max_length=200, verbose_name="资源名称")),
                (
                    "refusal",
                    models.CharField(blank=True, max_length=300, verbose_name="未能申请的原因"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="sharing.bundleapplication",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bundle_case",
                        to="sharing.sharerequest",
                    ),
                ),
            ],
            options={
                "ordering": ["application", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "entry_code"), name="bundle_case_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refusal", ""), ("request__isnull", False)),
                            models.Q(("request", None), models.Q(("refusal", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="bundle_case_request_or_refusal",
                    ),
                ],
            },
        ),
    ]
