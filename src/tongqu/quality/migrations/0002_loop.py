import django.db.models.deletion
import django.db.models.expressions
import tongqu.quality.domain.assessing
import tongqu.quality.domain.cases
import tongqu.quality.domain.gates
import tongqu.quality.domain.reality
import tongqu.quality.vocabulary
from django.db import migrations, models


def tell_filed(apps, schema_editor):
    """A ticket without a scan was filed by somebody who watches over the hub."""
    apps.get_model("quality", "Ticket").objects.filter(scan=None).update(channel="oversight")


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0002_abolition"),
        ("quality", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="ticket",
            name="quality_ticket_state",
        ),
        migrations.RemoveConstraint(
            model_name="ticket",
            name="quality_ticket_one_open",
        ),
        migrations.AddField(
            model_name="ruleresult",
            name="bins",
            field=models.JSONField(default=dict, verbose_name="分布"),
        ),
        migrations.AddField(
            model_name="ruleresult",
            name="error",
            field=models.CharField(
                blank=True, default="", max_length=300, verbose_name="未检测原因"
            ),
        ),
        migrations.AddField(
            model_name="ruleresult",
            name="indicator",
            field=models.CharField(blank=True, default="", max_length=4, verbose_name="指标"),
        ),
        migrations.AddField(
            model_name="ruleresult",
            name="kind",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="种类"),
        ),
        migrations.AddField(
            model_name="scan",
            name="read_rows",
            field=models.BigIntegerField(default=0, verbose_name="本次读取行数"),
        ),
        migrations.AddField(
            model_name="scan",
            name="seconds",
            field=models.FloatField(default=0, verbose_name="用时（秒）"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="channel",
            field=models.CharField(
                default=tongqu.quality.vocabulary.Channel["SCAN"],
                max_length=20,
                verbose_name="来源",
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="closed_at",
            field=models.DateTimeField(null=True, verbose_name="关闭时间"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="corrected_at",
            field=models.DateTimeField(null=True, verbose_name="更正时间"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="escalated_at",
            field=models.DateTimeField(null=True, verbose_name="超期上报时间"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="filer_key",
            field=models.CharField(
                blank=True, default="", max_length=120, verbose_name="提出人标识"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="filer_organisation_id",
            field=models.BigIntegerField(db_index=True, null=True, verbose_name="提出单位"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="is_appealed",
            field=models.BooleanField(default=False, verbose_name="已申诉"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="item",
            field=models.CharField(blank=True, default="", max_length=80, verbose_name="信息项"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="reopened",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="退回次数"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="routed",
            field=models.CharField(blank=True, default="", max_length=300, verbose_name="派单依据"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="text",
            field=models.CharField(
                blank=True, default="", max_length=1000, verbose_name="情况说明"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="verify_by",
            field=models.DateField(null=True, verbose_name="核验截止日"),
        ),
        migrations.RunPython(tell_filed, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "new",
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
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "channel__in",
                        ["scan", "load", "user", "oversight", "public", "operator", "subject"],
                    )
                ),
                name="quality_ticket_channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["closed", "unfounded"]), _negated=True),
                    ("channel__in", ["scan", "load"]),
                ),
                fields=("entry_code", "channel"),
                name="quality_ticket_one_open",
            ),
        ),
        migrations.CreateModel(
            name="Affected",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table", models.CharField(max_length=120, verbose_name="表")),
                (
                    "entry_code",
                    models.CharField(
                        blank=True, default="", max_length=60, verbose_name="目录编码"
                    ),
                ),
                (
                    "title",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="名称"),
                ),
                ("snapshot_id", models.BigIntegerField(null=True, verbose_name="更正时的快照")),
                ("recomputed_at", models.DateTimeField(null=True, verbose_name="重算时间")),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="affected",
                        to="quality.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["table"],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "table"), name="ticket_affected_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cycle", models.CharField(max_length=10, verbose_name="周期")),
                ("opens", models.DateField(verbose_name="起")),
                ("label", models.CharField(max_length=10, verbose_name="期次")),
                ("score", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="得分")),
                ("months", models.JSONField(default=list, verbose_name="各月得分")),
                ("rank", models.PositiveIntegerField(verbose_name="名次")),
                ("ranked", models.PositiveIntegerField(verbose_name="参评部门数")),
                ("made_at", models.DateTimeField(verbose_name="评估时间")),
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
                "ordering": ["-opens", "cycle", "rank"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cycle", "opens", "organisation"), name="quality_assessment_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cycle__in", ["monthly", "quarterly", "yearly"])),
                        name="quality_assessment_cycle",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case", models.CharField(db_index=True, max_length=40, verbose_name="编号")),
                ("command", models.CharField(max_length=20, verbose_name="动作")),
                ("actor", models.CharField(max_length=160, verbose_name="办理人")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CheckRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="编号")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.quality.domain.cases.CheckState["PROPOSED"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="目录编码"),
                ),
                ("entry_name", models.CharField(max_length=200, verbose_name="目录名称")),
                ("scenario", models.CharField(max_length=200, verbose_name="应用场景")),
                ("item", models.CharField(blank=True, max_length=80, verbose_name="信息项")),
                ("title", models.CharField(max_length=200, verbose_name="问题")),
                ("sample", models.CharField(blank=True, max_length=1000, verbose_name="样例说明")),
                ("filed_by", models.CharField(max_length=160, verbose_name="提出人")),
                ("filer_organisation_id", models.BigIntegerField(verbose_name="运营机构")),
                ("filed_at", models.DateTimeField(verbose_name="提出时间")),
                ("confirmed_on", models.DateField(null=True, verbose_name="确认日")),
                ("due_on", models.DateField(null=True, verbose_name="截止日")),
                ("due_provisional", models.BooleanField(default=False, verbose_name="暂定")),
                ("wanted_until", models.DateField(null=True, verbose_name="拟延至")),
                (
                    "wanted_by",
                    models.CharField(blank=True, max_length=20, verbose_name="延期提出方"),
                ),
                ("closed_at", models.DateTimeField(null=True, verbose_name="关闭时间")),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_request",
                        to="quality.ticket",
                    ),
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
                                    "proposed",
                                    "confirmed",
                                    "declined",
                                    "fed_back",
                                    "negotiated",
                                    "repaired",
                                    "returned",
                                    "closed",
                                ],
                            )
                        ),
                        name="check_request_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_on", None), ("due_on", None)),
                            models.Q(("confirmed_on__isnull", False), ("due_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="check_request_confirmed_has_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("wanted_by", ""), ("wanted_until", None)),
                            models.Q(
                                ("wanted_until__isnull", False),
                                models.Q(("wanted_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="check_request_wanted_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectionNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="内容")),
                ("at", models.DateTimeField(db_index=True, verbose_name="时间")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="quality.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="GateCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="事项号")),
                ("passage", models.CharField(max_length=10, verbose_name="环节")),
                ("subject", models.CharField(max_length=200, unique=True, verbose_name="对象")),
                (
                    "entry_code",
                    models.CharField(blank=True, max_length=60, verbose_name="目录编码"),
                ),
                ("table", models.CharField(blank=True, max_length=120, verbose_name="表")),
                ("target", models.CharField(blank=True, max_length=120, verbose_name="去向")),
                ("score", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="得分")),
                ("gate", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="门槛")),
                ("scan", models.CharField(blank=True, max_length=40, verbose_name="检测号")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.quality.domain.gates.GateState["HELD"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("held_at", models.DateTimeField(verbose_name="时间")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="放行理由")),
                ("waived_by", models.CharField(blank=True, max_length=160, verbose_name="放行人")),
                ("waived_at", models.DateTimeField(null=True, verbose_name="放行时间")),
            ],
            options={
                "ordering": ["-held_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("passage__in", ["layer", "level"])),
                        name="quality_gate_case_passage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), ("waived_at__isnull", True)),
                            models.Q(
                                ("state", "waived"),
                                ("waived_at__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="quality_gate_waiver_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hardship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="编号")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.quality.domain.cases.HardshipState["LOGGED"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="问题")),
                ("text", models.CharField(blank=True, max_length=1000, verbose_name="情况说明")),
                ("hardship", models.CharField(blank=True, max_length=20, verbose_name="类别")),
                (
                    "entry_code",
                    models.CharField(blank=True, max_length=60, verbose_name="目录编码"),
                ),
                ("remedy", models.CharField(blank=True, max_length=40, verbose_name="治理措施")),
                ("pack_version", models.PositiveIntegerField(null=True, verbose_name="规则包版本")),
                ("treated_at", models.DateTimeField(null=True, verbose_name="采用时间")),
                ("outcome", models.CharField(blank=True, max_length=300, verbose_name="销账说明")),
                ("filed_by", models.CharField(max_length=160, verbose_name="登记人")),
                ("filed_at", models.DateTimeField(verbose_name="登记时间")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="销账时间")),
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
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["logged", "classed", "treating", "closed"])
                        ),
                        name="hardship_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hardship__in", ["environment", "demand", "quality", "safety", ""])
                        ),
                        name="hardship_class",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "logged"),
                            models.Q(("hardship", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hardship_classed_unless_logged",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImprovementTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="任务号")),
                ("quarter", models.DateField(verbose_name="季度")),
                ("basis", models.JSONField(default=list, verbose_name="不达标的月份")),
                (
                    "score",
                    models.DecimalField(decimal_places=1, max_digits=4, verbose_name="季度得分"),
                ),
                (
                    "target",
                    models.DecimalField(decimal_places=1, max_digits=4, verbose_name="应达到"),
                ),
                (
                    "state",
                    models.CharField(
                        default=tongqu.quality.domain.assessing.TaskState["OPEN"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("measures", models.CharField(blank=True, max_length=500, verbose_name="改进措施")),
                (
                    "measures_by",
                    models.CharField(blank=True, max_length=160, verbose_name="填报人"),
                ),
                ("opened_at", models.DateTimeField(verbose_name="生成时间")),
                ("compared_month", models.DateField(null=True, verbose_name="复评月份")),
                (
                    "compared_score",
                    models.DecimalField(
                        decimal_places=1, max_digits=4, null=True, verbose_name="复评得分"
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="办结时间")),
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
                "ordering": ["-quarter", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "quarter"), name="quality_improvement_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "closed", "escalated"])),
                        name="quality_improvement_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="编号")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.quality.domain.cases.ObjectionState["PROPOSED"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="目录编码"),
                ),
                ("entry_name", models.CharField(max_length=200, verbose_name="目录名称")),
                ("item", models.CharField(max_length=80, verbose_name="信息项")),
                ("filed_by", models.CharField(max_length=160, verbose_name="提出人")),
                (
                    "filer_key",
                    models.CharField(db_index=True, max_length=120, verbose_name="提出人标识"),
                ),
                ("filer_person_id", models.BigIntegerField(verbose_name="提出人账号")),
                ("sealed", models.TextField(verbose_name="密文")),
                ("filed_at", models.DateTimeField(verbose_name="提出时间")),
                ("due_on", models.DateField(verbose_name="截止日")),
                ("due_provisional", models.BooleanField(default=False, verbose_name="暂定")),
                (
                    "verified_by",
                    models.CharField(blank=True, max_length=160, verbose_name="核实人"),
                ),
                ("is_upheld", models.BooleanField(null=True, verbose_name="成立")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="关闭时间")),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objection",
                        to="quality.ticket",
                    ),
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
                                    "proposed",
                                    "verifying",
                                    "correcting",
                                    "told",
                                    "told_unfounded",
                                    "closed",
                                ],
                            )
                        ),
                        name="objection_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PointEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=40, verbose_name="规则")),
                ("rule_version", models.PositiveIntegerField(verbose_name="规则版本")),
                ("points", models.PositiveIntegerField(verbose_name="分值")),
                ("evidence", models.CharField(max_length=200, verbose_name="依据")),
                ("url", models.CharField(blank=True, max_length=300, verbose_name="链接")),
                ("key", models.CharField(max_length=200, unique=True, verbose_name="去重键")),
                ("at", models.DateTimeField(verbose_name="时间")),
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
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PointRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="规则")),
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("value", models.PositiveIntegerField(verbose_name="分值")),
                ("author", models.CharField(max_length=160, verbose_name="设定人")),
                ("created_at", models.DateTimeField(verbose_name="设定时间")),
            ],
            options={
                "ordering": ["code", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "version"), name="quality_point_rule_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PromotionGate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(max_length=60, unique=True, verbose_name="目录编码"),
                ),
                ("gate", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="门槛")),
                ("table", models.CharField(blank=True, max_length=120, verbose_name="表")),
                ("set_by", models.CharField(max_length=160, verbose_name="设定人")),
                ("set_at", models.DateTimeField(verbose_name="设定时间")),
            ],
            options={
                "ordering": ["entry_code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("gate__gte", 0), ("gate__lte", 100)),
                        name="quality_gate_in_range",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QualityStandard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, verbose_name="编号")),
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("standard", models.TextField(verbose_name="质量标准")),
                ("guideline", models.TextField(verbose_name="质量管理指南")),
                ("rules", models.JSONField(default=list, verbose_name="规则")),
                ("entry_codes", models.JSONField(default=list, verbose_name="适用目录")),
                ("owner", models.CharField(max_length=160, verbose_name="责任岗位")),
                ("published_at", models.DateTimeField(verbose_name="发布时间")),
                ("published_by", models.CharField(max_length=160, verbose_name="发布人")),
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
                "ordering": ["code", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "version"), name="quality_standard_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owner", ""), _negated=True),
                        name="quality_standard_has_owner",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rating",
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
                ("grant_number", models.CharField(max_length=40, verbose_name="授权编号")),
                ("user_key", models.CharField(max_length=120, verbose_name="评分人标识")),
                ("stars", models.PositiveSmallIntegerField(verbose_name="星级")),
                ("needs_met", models.PositiveSmallIntegerField(verbose_name="满足需求")),
                ("data_quality", models.PositiveSmallIntegerField(verbose_name="数据质量")),
                ("effect", models.PositiveSmallIntegerField(verbose_name="使用效果")),
                ("comment", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("given_at", models.DateTimeField(verbose_name="首次评分")),
                ("changed_at", models.DateTimeField(verbose_name="最近评分")),
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
                "ordering": ["-changed_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user_key", "grant_number"), name="quality_rating_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("data_quality__range", (1, 5)),
                            ("effect__range", (1, 5)),
                            ("needs_met__range", (1, 5)),
                            ("stars__range", (1, 5)),
                        ),
                        name="quality_rating_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RealityCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="事项号")),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="目录编码"),
                ),
                ("entry_name", models.CharField(max_length=200, verbose_name="目录名称")),
                ("aspect", models.CharField(max_length=10, verbose_name="方面")),
                ("declared", models.CharField(max_length=300, verbose_name="目录所报")),
                ("actual", models.CharField(max_length=500, verbose_name="实际")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.quality.domain.reality.CaseState["OPEN"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("ticket", models.CharField(blank=True, max_length=40, verbose_name="工单号")),
                ("opened_at", models.DateTimeField(verbose_name="发现时间")),
                ("handled_by", models.CharField(blank=True, max_length=160, verbose_name="处理人")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="一致时间")),
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
                "ordering": ["-opened_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=("entry_code", "aspect"),
                        name="quality_reality_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "ticketed", "changing", "closed"])
                        ),
                        name="quality_reality_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("aspect__in", ["fields", "cycle", "volume"])),
                        name="quality_reality_aspect",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScanPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry_code", models.CharField(max_length=60, verbose_name="目录编码")),
                ("table", models.CharField(max_length=120, verbose_name="表")),
                ("files", models.JSONField(default=list, verbose_name="文件")),
                ("rows", models.BigIntegerField(verbose_name="行数")),
                ("counts", models.JSONField(default=dict, verbose_name="计数")),
                ("at", models.DateTimeField(verbose_name="时间")),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["entry_code", "table"], name="scan_part_of")],
            },
        ),
        migrations.CreateModel(
            name="TicketBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("batch", models.CharField(max_length=40, unique=True, verbose_name="批次号")),
                ("rejected", models.BigIntegerField(verbose_name="隔离行数")),
                ("left", models.BigIntegerField(verbose_name="未更正行数")),
                (
                    "settled_by",
                    models.CharField(
                        blank=True, default="", max_length=40, verbose_name="更正批次"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="batches",
                        to="quality.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("left__gte", 0), ("left__lte", models.F("rejected"))),
                        name="ticket_batch_left_within_rejected",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WeightSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(unique=True, verbose_name="版本")),
                ("from_month", models.DateField(verbose_name="起用月份")),
                ("conformity", models.PositiveSmallIntegerField(verbose_name="规范性")),
                ("completeness", models.PositiveSmallIntegerField(verbose_name="完整性")),
                ("accuracy", models.PositiveSmallIntegerField(verbose_name="准确性")),
                ("consistency", models.PositiveSmallIntegerField(verbose_name="一致性")),
                ("timeliness", models.PositiveSmallIntegerField(verbose_name="时效性")),
                ("accessibility", models.PositiveSmallIntegerField(verbose_name="可访问性")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("author", models.CharField(max_length=160, verbose_name="设定人")),
                ("created_at", models.DateTimeField(verbose_name="设定时间")),
            ],
            options={
                "ordering": ["-version"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "conformity",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.Value(100), "-", models.F("completeness")
                                                ),
                                                "-",
                                                models.F("accuracy"),
                                            ),
                                            "-",
                                            models.F("consistency"),
                                        ),
                                        "-",
                                        models.F("timeliness"),
                                    ),
                                    "-",
                                    models.F("accessibility"),
                                ),
                            )
                        ),
                        name="quality_weights_sum_to_100",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IndexValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="月份")),
                ("scope", models.CharField(max_length=12, verbose_name="范围")),
                ("key", models.CharField(max_length=200, verbose_name="标识")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("department_id", models.BigIntegerField(null=True, verbose_name="部门")),
                ("system", models.CharField(blank=True, max_length=200, verbose_name="系统")),
                ("level", models.CharField(blank=True, max_length=20, verbose_name="层级")),
                ("score", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="得分")),
                (
                    "trend",
                    models.DecimalField(decimal_places=1, max_digits=4, verbose_name="趋势值"),
                ),
                ("dimensions", models.JSONField(default=dict, verbose_name="维度得分")),
                ("datasets", models.PositiveIntegerField(default=1, verbose_name="数据集数")),
                ("scan", models.CharField(blank=True, max_length=40, verbose_name="检测号")),
                ("as_of", models.DateField(verbose_name="截至")),
                ("is_closed", models.BooleanField(default=False, verbose_name="已结算")),
                (
                    "weights",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="quality.weightset",
                    ),
                ),
            ],
            options={
                "ordering": ["scope", "score", "key"],
                "indexes": [
                    models.Index(fields=["scope", "key", "month"], name="quality_index_trend_idx"),
                    models.Index(
                        fields=["month", "department_id"], name="quality_index_department_idx"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "scope", "key"), name="quality_index_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scope__in", ["dataset", "system", "department", "level"])
                        ),
                        name="quality_index_scope",
                    ),
                ],
            },
        ),
    ]
