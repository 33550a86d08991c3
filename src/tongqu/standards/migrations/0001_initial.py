import django.db.models.deletion
import tongqu.standards.vocabulary
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MessageFormat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="编码")),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("standard", models.CharField(blank=True, max_length=120, verbose_name="标准编号")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("fields", models.JSONField(default=list, verbose_name="要素")),
                ("sample", models.JSONField(default=dict, verbose_name="样例")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("edition", models.PositiveIntegerField(default=0, verbose_name="修改次数")),
                ("changed_at", models.DateTimeField(verbose_name="修改时间")),
                ("changed_by", models.CharField(max_length=160, verbose_name="修改人")),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="RuleCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by", models.CharField(max_length=160, verbose_name="检查人")),
                ("units", models.PositiveIntegerField(verbose_name="单位数")),
                ("missing", models.JSONField(default=list, verbose_name="缺少")),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="CodeTableVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(db_index=True, max_length=60, verbose_name="代码集")),
                ("version", models.CharField(max_length=40, verbose_name="版本")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("standard", models.CharField(blank=True, max_length=120, verbose_name="标准编号")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("valid_from", models.DateField(verbose_name="生效日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="失效日期")),
                ("codes", models.JSONField(default=list, verbose_name="代码")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("edition", models.PositiveIntegerField(default=0, verbose_name="修改次数")),
                ("changed_at", models.DateTimeField(verbose_name="修改时间")),
                ("changed_by", models.CharField(max_length=160, verbose_name="修改人")),
            ],
            options={
                "ordering": ["name", "valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "version"), name="code_table_version_once"
                    ),
                    models.UniqueConstraint(
                        fields=("name", "valid_from"), name="code_table_day_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="code_table_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Crosswalk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=60, verbose_name="来源代码集")),
                ("target", models.CharField(max_length=60, verbose_name="目标代码集")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="名称")),
                ("pairs", models.JSONField(default=list, verbose_name="对照")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("edition", models.PositiveIntegerField(default=0, verbose_name="修改次数")),
                ("changed_at", models.DateTimeField(verbose_name="修改时间")),
                ("changed_by", models.CharField(max_length=160, verbose_name="修改人")),
            ],
            options={
                "ordering": ["source", "target"],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "target"), name="crosswalk_once"),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True),
                        name="crosswalk_joins_two_tables",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataElement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="编码")),
                ("name_zh", models.CharField(max_length=120, verbose_name="中文名称")),
                ("name_en", models.CharField(max_length=120, verbose_name="英文名称")),
                ("data_type", models.CharField(max_length=20, verbose_name="类型")),
                ("length", models.PositiveIntegerField(blank=True, null=True, verbose_name="长度")),
                ("code_table", models.CharField(blank=True, max_length=60, verbose_name="代码集")),
                (
                    "standard",
                    models.CharField(
                        blank=True, db_index=True, max_length=120, verbose_name="标准编号"
                    ),
                ),
                ("definition", models.CharField(blank=True, max_length=500, verbose_name="定义")),
                ("checks", models.JSONField(default=list, verbose_name="校验")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("edition", models.PositiveIntegerField(default=0, verbose_name="修改次数")),
                ("changed_at", models.DateTimeField(verbose_name="修改时间")),
                ("changed_by", models.CharField(max_length=160, verbose_name="修改人")),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "data_type__in",
                                [
                                    "string",
                                    "integer",
                                    "decimal",
                                    "date",
                                    "datetime",
                                    "time",
                                    "boolean",
                                    "text",
                                ],
                            )
                        ),
                        name="element_type_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Standard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=120, unique=True, verbose_name="编号")),
                ("version", models.CharField(max_length=40, verbose_name="版本")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("kind", models.CharField(max_length=20, verbose_name="类别")),
                ("topic", models.CharField(max_length=20, verbose_name="专题")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.standards.vocabulary.StandardState["PROPOSED"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("summary", models.TextField(blank=True, verbose_name="摘要")),
                ("draft", models.TextField(blank=True, verbose_name="草案")),
                ("working_group", models.JSONField(default=list, verbose_name="工作组")),
                ("replaces", models.JSONField(default=list, verbose_name="替代")),
                (
                    "replaced_by",
                    models.CharField(blank=True, max_length=120, verbose_name="被替代"),
                ),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="发布日期")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="实施日期")),
                ("abolished_on", models.DateField(blank=True, null=True, verbose_name="废止日期")),
                ("rule_kind", models.CharField(blank=True, max_length=20, verbose_name="制度类别")),
                (
                    "rule_subject",
                    models.CharField(blank=True, max_length=20, verbose_name="制度事项"),
                ),
                ("scope", models.CharField(blank=True, max_length=300, verbose_name="适用范围")),
                ("processes", models.JSONField(default=list, verbose_name="关联流程")),
                ("is_own", models.BooleanField(default=False, verbose_name="走本平台制修订流程")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("edition", models.PositiveIntegerField(default=0, verbose_name="修改次数")),
                ("changed_at", models.DateTimeField(verbose_name="修改时间")),
                ("changed_by", models.CharField(max_length=160, verbose_name="修改人")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
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
                            ("kind__in", ["national", "industry", "local", "group", "rule"])
                        ),
                        name="standard_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "topic__in",
                                [
                                    "grading",
                                    "masking",
                                    "tracing",
                                    "identification",
                                    "catalogue",
                                    "collection",
                                    "transmission",
                                    "exchange",
                                    "governance",
                                    "datasets",
                                ],
                            )
                        ),
                        name="standard_topic_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "proposed",
                                    "drafting",
                                    "consulting",
                                    "in_review",
                                    "released",
                                    "in_force",
                                    "under_revision",
                                    "abolished",
                                ],
                            )
                        ),
                        name="standard_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rule_kind__in", ["management", "technical", "assessment", ""])
                        ),
                        name="standard_rule_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rule_subject__in",
                                [
                                    "security",
                                    "catalogue",
                                    "sharing",
                                    "quality",
                                    "grading",
                                    "emergency",
                                    "assessment",
                                    "",
                                ],
                            )
                        ),
                        name="standard_rule_subject_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", tongqu.standards.vocabulary.StandardKind["RULE"]),
                                _negated=True,
                            ),
                            models.Q(
                                ("organisation__isnull", False),
                                models.Q(("rule_kind", ""), _negated=True),
                                models.Q(("rule_subject", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="standard_rule_is_somebodys",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("new_code", models.CharField(blank=True, max_length=120, verbose_name="新标准")),
                ("subject_kind", models.CharField(max_length=20, verbose_name="对象类别")),
                ("subject_code", models.CharField(max_length=120, verbose_name="对象编码")),
                ("subject_name", models.CharField(max_length=200, verbose_name="对象名称")),
                ("url", models.CharField(blank=True, max_length=300, verbose_name="地址")),
                ("owner_id", models.IntegerField(default=0, verbose_name="负责单位")),
                ("opened_at", models.DateTimeField(verbose_name="时间")),
                ("done_at", models.DateTimeField(null=True, verbose_name="复核时间")),
                ("done_by", models.CharField(blank=True, max_length=160, verbose_name="复核人")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="结论")),
                (
                    "old",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="standards.standard",
                    ),
                ),
            ],
            options={
                "ordering": ["subject_kind", "subject_code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("subject_kind__in", ["element", "code_table", "entry"])
                        ),
                        name="review_subject_known",
                    ),
                    models.UniqueConstraint(
                        fields=("old", "new_code", "subject_kind", "subject_code"),
                        name="review_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="条款")),
                ("text", models.CharField(max_length=1000, verbose_name="意见")),
                ("author", models.CharField(max_length=160, verbose_name="提出人")),
                ("organisation_id", models.IntegerField(null=True, verbose_name="提出单位")),
                ("at", models.DateTimeField(verbose_name="提出时间")),
                ("answer", models.CharField(blank=True, max_length=20, verbose_name="处理")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                (
                    "answered_by",
                    models.CharField(blank=True, max_length=160, verbose_name="处理人"),
                ),
                ("answered_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="standards.standard",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["accepted", "partly", "refused", ""])),
                        name="comment_answer_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer__in", ["", tongqu.standards.vocabulary.Answer["ACCEPTED"]]),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="comment_refusal_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="轮次")),
                ("member", models.CharField(max_length=160, verbose_name="委员")),
                ("member_key", models.CharField(max_length=120, verbose_name="委员帐号")),
                ("vote", models.CharField(max_length=20, verbose_name="表决")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="意见")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ballots",
                        to="standards.standard",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("vote__in", ["for", "against", "abstain"])),
                        name="ballot_vote_known",
                    ),
                    models.UniqueConstraint(
                        fields=("standard", "round", "member_key"), name="ballot_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandardEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("command", models.CharField(max_length=20, verbose_name="动作")),
                ("state", models.CharField(max_length=20, verbose_name="到达状态")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("actor", models.CharField(max_length=160, verbose_name="办理人")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="standards.standard",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
    ]
