import django.db.models.deletion
import tongqu.catalog.vocabulary.kinds
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
        ("identity", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="ComplianceReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="检测时间")),
                ("by", models.CharField(max_length=120, verbose_name="提交人")),
                ("passed", models.BooleanField(verbose_name="通过")),
                ("rules_run", models.PositiveSmallIntegerField(verbose_name="规则数")),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="HubNode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=6, unique=True, verbose_name="行政区划")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("url", models.URLField(blank=True, verbose_name="地址")),
                ("added_by", models.CharField(max_length=120, verbose_name="登记人")),
                ("added_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Serial",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=80, primary_key=True, serialize=False, verbose_name="名称"
                    ),
                ),
                ("last", models.PositiveBigIntegerField(default=0, verbose_name="已用到")),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="目录标识")),
                (
                    "kind",
                    models.CharField(
                        default=tongqu.catalog.vocabulary.kinds.EntryKind["FORMAL"],
                        max_length=10,
                        verbose_name="目录类别",
                    ),
                ),
                (
                    "domain",
                    models.CharField(
                        default=tongqu.catalog.vocabulary.kinds.Domain["GENERAL"],
                        max_length=2,
                        verbose_name="领域",
                    ),
                ),
                ("is_external", models.BooleanField(default=False, verbose_name="行业外数据")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                ("created_by", models.CharField(max_length=120, verbose_name="建立人")),
                (
                    "connected_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="接入时间"),
                ),
                (
                    "connected_rows",
                    models.PositiveBigIntegerField(default=0, verbose_name="接入行数"),
                ),
                (
                    "last_loaded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="最近更新"),
                ),
                ("table", models.CharField(blank=True, max_length=120, verbose_name="服务表")),
                (
                    "source_code",
                    models.CharField(
                        blank=True, db_index=True, max_length=80, verbose_name="数据源"
                    ),
                ),
                ("home", models.CharField(blank=True, max_length=12, verbose_name="来源节点")),
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["formal", "pre"])), name="entry_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("domain__in", ["GN", "HW", "RT", "WW", "RL", "CA", "PS", "UT", "EX"])
                        ),
                        name="entry_domain_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("connected_at", None), ("connected_rows__gt", 0), _connector="OR"
                        ),
                        name="entry_connected_has_rows",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryException",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("basis_code", models.CharField(max_length=120, verbose_name="依据")),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("approved_by", models.CharField(max_length=120, verbose_name="批准人")),
                ("approved_at", models.DateTimeField(verbose_name="批准时间")),
                ("until", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exceptions",
                        to="catalog.entry",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis_code", ""), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("approved_by", ""), _negated=True),
                        ),
                        name="exception_has_basis",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("major", models.PositiveSmallIntegerField(default=1, verbose_name="主版本")),
                ("minor", models.PositiveSmallIntegerField(default=0, verbose_name="次版本")),
                (
                    "state",
                    models.CharField(
                        db_index=True,
                        default=tongqu.catalog.vocabulary.kinds.EntryState["DRAFT"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=200, verbose_name="分类")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="名称")),
                ("formats", models.JSONField(blank=True, default=list, verbose_name="格式")),
                (
                    "update_cycle",
                    models.CharField(blank=True, max_length=20, verbose_name="更新周期"),
                ),
                (
                    "sharing_type",
                    models.CharField(
                        blank=True,
                        default=tongqu.catalog.vocabulary.kinds.SharingType["UNCONDITIONAL"],
                        max_length=20,
                        verbose_name="共享类型",
                    ),
                ),
                ("conditions", models.TextField(blank=True, verbose_name="共享条件")),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        default=tongqu.catalog.vocabulary.kinds.Scope["ALL"],
                        max_length=20,
                        verbose_name="共享范围",
                    ),
                ),
                (
                    "scope_codes",
                    models.JSONField(blank=True, default=list, verbose_name="指定部门"),
                ),
                ("manners", models.JSONField(blank=True, default=list, verbose_name="共享方式")),
                (
                    "source_system",
                    models.CharField(blank=True, max_length=120, verbose_name="来源系统"),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="安全分级"
                    ),
                ),
                ("summary", models.TextField(blank=True, verbose_name="摘要")),
                ("materials", models.JSONField(blank=True, default=list, verbose_name="证明材料")),
                (
                    "withheld_basis",
                    models.JSONField(blank=True, default=list, verbose_name="不予共享依据"),
                ),
                (
                    "withheld_note",
                    models.CharField(blank=True, max_length=500, verbose_name="不予共享说明"),
                ),
                (
                    "basic_class",
                    models.CharField(blank=True, max_length=20, verbose_name="基础数据类别"),
                ),
                (
                    "admin_level",
                    models.CharField(blank=True, db_index=True, max_length=10, verbose_name="层级"),
                ),
                (
                    "mode",
                    models.CharField(
                        blank=True, db_index=True, max_length=10, verbose_name="运输方式"
                    ),
                ),
                (
                    "business",
                    models.CharField(
                        blank=True, db_index=True, max_length=20, verbose_name="业务领域"
                    ),
                ),
                (
                    "strategies",
                    models.JSONField(blank=True, default=list, verbose_name="服务的战略和规划"),
                ),
                (
                    "accountable",
                    models.CharField(blank=True, max_length=120, verbose_name="责任人"),
                ),
                ("legal_basis", models.JSONField(blank=True, default=list, verbose_name="依据")),
                ("standards", models.JSONField(blank=True, default=list, verbose_name="标准")),
                ("tools", models.JSONField(blank=True, default=list, verbose_name="工具")),
                ("checks", models.JSONField(blank=True, default=list, verbose_name="行检查")),
                ("project", models.CharField(blank=True, max_length=60, verbose_name="立项项目")),
                ("author", models.CharField(max_length=120, verbose_name="编制人")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="版本说明")),
                ("created_at", models.DateTimeField(verbose_name="编制时间")),
                ("edited_at", models.DateTimeField(verbose_name="修改时间")),
                ("edition", models.PositiveIntegerField(default=0, verbose_name="修改次数")),
                (
                    "valid_from",
                    models.DateTimeField(blank=True, null=True, verbose_name="生效时间"),
                ),
                ("valid_to", models.DateTimeField(blank=True, null=True, verbose_name="失效时间")),
                (
                    "published_by",
                    models.CharField(blank=True, max_length=120, verbose_name="发布人"),
                ),
                ("search_text", models.TextField(blank=True, verbose_name="检索词")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="catalog.entry",
                    ),
                ),
                (
                    "passed_report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.compliancereport",
                    ),
                ),
                (
                    "provider",
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
                "ordering": ["entry", "major", "minor"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entry", "major", "minor"), name="version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["published", "to_update"])),
                        fields=("entry",),
                        name="version_one_in_force",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "change_pending",
                                    "change_registered",
                                    "checking",
                                    "draft",
                                    "in_review",
                                    "pre_passed",
                                    "returned",
                                ],
                            )
                        ),
                        fields=("entry",),
                        name="version_one_in_work",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "checking",
                                    "returned",
                                    "pre_passed",
                                    "in_review",
                                    "published",
                                    "to_update",
                                    "change_registered",
                                    "change_pending",
                                    "stopped",
                                    "archived",
                                ],
                            )
                        ),
                        name="version_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sharing_type__in", ["unconditional", "conditional", "withheld", ""])
                        ),
                        name="version_sharing_type_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "update_cycle__in",
                                [
                                    "realtime",
                                    "daily",
                                    "weekly",
                                    "monthly",
                                    "quarterly",
                                    "yearly",
                                    "irregular",
                                    "",
                                ],
                            )
                        ),
                        name="version_cycle_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["all", "listed", "nobody", ""])),
                        name="version_scope_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "basic_class__in",
                                [
                                    "infrastructure",
                                    "vehicles",
                                    "enterprises",
                                    "practitioners",
                                    "permits",
                                    "cases",
                                    "credit",
                                    "",
                                ],
                            )
                        ),
                        name="version_basic_class_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("admin_level__in", ["ministry", "province", "city", "county", ""])
                        ),
                        name="version_admin_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "mode__in",
                                [
                                    "highway",
                                    "waterway",
                                    "railway",
                                    "aviation",
                                    "post",
                                    "urban",
                                    "general",
                                    "",
                                ],
                            )
                        ),
                        name="version_mode_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "business__in",
                                [
                                    "planning",
                                    "construction",
                                    "transport",
                                    "enforcement",
                                    "safety",
                                    "collaboration",
                                    "onenet",
                                    "command",
                                    "",
                                ],
                            )
                        ),
                        name="version_business_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level", None), ("level__range", (1, 4)), _connector="OR"
                        ),
                        name="version_level_1_to_4",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["published", "to_update"]), _negated=True),
                            models.Q(
                                ("passed_report__isnull", False),
                                ("valid_from__isnull", False),
                                ("level__isnull", False),
                                ("provider__isnull", False),
                                models.Q(("published_by", ""), _negated=True),
                                models.Q(("name", ""), _negated=True),
                                models.Q(("category", ""), _negated=True),
                                models.Q(("update_cycle", ""), _negated=True),
                                models.Q(("sharing_type", ""), _negated=True),
                                models.Q(("scope", ""), _negated=True),
                                models.Q(("source_system", ""), _negated=True),
                                models.Q(("formats", []), _negated=True),
                                models.Q(("manners", []), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="version_published_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "sharing_type",
                                    tongqu.catalog.vocabulary.kinds.SharingType["CONDITIONAL"],
                                ),
                                ("state__in", ["published", "to_update"]),
                                _negated=True,
                            ),
                            models.Q(("conditions", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="version_conditional_says_so",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "sharing_type",
                                    tongqu.catalog.vocabulary.kinds.SharingType["WITHHELD"],
                                ),
                                ("state__in", ["published", "to_update"]),
                                _negated=True,
                            ),
                            models.Q(("withheld_basis", []), _negated=True),
                            _connector="OR",
                        ),
                        name="version_withheld_has_basis",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="compliancereport",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reports",
                to="catalog.entryversion",
            ),
        ),
        migrations.CreateModel(
            name="ChangeApplication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=20, verbose_name="变更原因")),
                ("explanation", models.CharField(max_length=500, verbose_name="说明")),
                ("filed_on", models.DateField(verbose_name="登记日期")),
                ("filed_by", models.CharField(max_length=120, verbose_name="登记人")),
                ("effective_on", models.DateField(verbose_name="变更生效日期")),
                ("earliest_on", models.DateField(verbose_name="最早可生效日期")),
                (
                    "active_grants",
                    models.PositiveIntegerField(default=0, verbose_name="在用授权数"),
                ),
                (
                    "compatibility",
                    models.CharField(blank=True, max_length=12, verbose_name="兼容类别"),
                ),
                (
                    "override_by",
                    models.CharField(blank=True, max_length=120, verbose_name="特批人"),
                ),
                (
                    "override_basis",
                    models.CharField(blank=True, max_length=300, verbose_name="特批依据"),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.entryversion",
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change",
                        to="catalog.entryversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                ["system_upgrade", "function_change", "data_change", "other"],
                            )
                        ),
                        name="change_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("compatibility__in", ["compatible", "breaking", ""])),
                        name="change_compatibility_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_on__gte", models.F("earliest_on")),
                            models.Q(("override_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="change_in_time_or_overridden",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("override_basis", ""), ("override_by", "")),
                            models.Q(
                                models.Q(("override_by", ""), _negated=True),
                                models.Q(("override_basis", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="change_override_has_basis",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExternalIdentifier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scheme", models.CharField(max_length=40, verbose_name="标识体系")),
                ("value", models.CharField(db_index=True, max_length=200, verbose_name="标识")),
                ("assigned_by", models.CharField(max_length=120, verbose_name="赋码单位")),
                ("valid_from", models.DateField(verbose_name="启用日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                ("added_by", models.CharField(max_length=120, verbose_name="登记人")),
                ("added_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="external_identifiers",
                        to="catalog.entry",
                    ),
                ),
            ],
            options={
                "ordering": ["scheme", "value"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scheme", "value"), name="external_identifier_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("scheme", ""), _negated=True),
                            models.Q(("value", ""), _negated=True),
                            models.Q(("assigned_by", ""), _negated=True),
                        ),
                        name="external_identifier_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="external_identifier_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by", models.CharField(max_length=120, verbose_name="导入人")),
                ("name", models.CharField(max_length=200, verbose_name="文件")),
                ("form", models.CharField(max_length=10, verbose_name="格式")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.catalog.vocabulary.kinds.ImportState["PREVIEW"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="条目数")),
                ("items", models.PositiveIntegerField(default=0, verbose_name="信息项数")),
                ("drafted", models.PositiveIntegerField(default=0, verbose_name="已建草稿")),
                ("existing", models.PositiveIntegerField(default=0, verbose_name="已有")),
                ("failed", models.PositiveIntegerField(default=0, verbose_name="须改正")),
                ("notes", models.JSONField(blank=True, default=list, verbose_name="说明")),
                (
                    "failures",
                    models.JSONField(blank=True, default=list, verbose_name="须改正的条目"),
                ),
                ("rows", models.JSONField(blank=True, default=list, verbose_name="结果")),
                ("content", models.BinaryField(default=b"", verbose_name="待确认的文件")),
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
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "form__in",
                                ["workbook", "csv", "json", "dcat", "contract", "database"],
                            )
                        ),
                        name="import_form_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["preview", "done"])),
                        name="import_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InformationItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("name_zh", models.CharField(blank=True, max_length=120, verbose_name="中文名称")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="英文名称")),
                (
                    "data_type",
                    models.CharField(
                        default=tongqu.catalog.vocabulary.kinds.DataType["STRING"],
                        max_length=20,
                        verbose_name="类型",
                    ),
                ),
                ("length", models.PositiveIntegerField(blank=True, null=True, verbose_name="长度")),
                ("code_table", models.CharField(blank=True, max_length=120, verbose_name="码表")),
                ("nullable", models.BooleanField(default=True, verbose_name="可空")),
                ("is_key", models.BooleanField(default=False, verbose_name="主键")),
                ("level", models.PositiveSmallIntegerField(default=1, verbose_name="分级")),
                ("is_shareable", models.BooleanField(default=True, verbose_name="共享")),
                ("is_openable", models.BooleanField(default=False, verbose_name="开放")),
                (
                    "source_column",
                    models.CharField(blank=True, max_length=120, verbose_name="来源字段"),
                ),
                ("mask", models.CharField(default="none", max_length=20, verbose_name="脱敏方式")),
                ("element", models.CharField(blank=True, max_length=60, verbose_name="数据元")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="catalog.entryversion",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "position"), name="item_position_once"
                    ),
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
                        name="item_type_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__range", (1, 4))), name="item_level_1_to_4"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkedChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=20, verbose_name="触发原因")),
                ("cause", models.CharField(max_length=500, verbose_name="说明")),
                ("columns", models.JSONField(blank=True, default=list, verbose_name="字段")),
                ("at", models.DateTimeField(verbose_name="发现时间")),
                ("by", models.CharField(max_length=120, verbose_name="发现者")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="linked_changes",
                        to="catalog.entryversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                ["system_upgrade", "function_change", "data_change", "other"],
                            )
                        ),
                        name="linked_reason_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ObservedColumn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="字段")),
                ("data_type", models.CharField(max_length=20, verbose_name="类型")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="序号")),
                ("at", models.DateTimeField(verbose_name="观测时间")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="observed",
                        to="catalog.entry",
                    ),
                ),
            ],
            options={
                "ordering": ["entry", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "name"), name="observed_once"),
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
                        name="observed_type_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="编号")),
                ("kind", models.CharField(max_length=10, verbose_name="类别")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.catalog.vocabulary.kinds.ReceiptState["VALID"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("rows", models.PositiveBigIntegerField(default=0, verbose_name="行数")),
                ("facts", models.JSONField(verbose_name="事实")),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("digest_sm3", models.CharField(max_length=64, verbose_name="SM3")),
                ("issued_at", models.DateTimeField(verbose_name="签发时间")),
                ("issued_by", models.CharField(max_length=120, verbose_name="签发人")),
                (
                    "ended_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="更新或作废时间"),
                ),
                (
                    "void_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="作废原因"),
                ),
                ("document", models.BinaryField(verbose_name="PDF")),
                (
                    "newer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.receipt",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.compliancereport",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="catalog.entryversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pre", "formal"])),
                        name="receipt_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["valid", "updated", "void"])),
                        name="receipt_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "void"), _negated=True),
                        fields=("version", "kind"),
                        name="receipt_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", tongqu.catalog.vocabulary.kinds.ReceiptKind["FORMAL"]),
                                _negated=True,
                            ),
                            ("rows__gt", 0),
                            _connector="OR",
                        ),
                        name="receipt_formal_has_rows",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", tongqu.catalog.vocabulary.kinds.ReceiptState["VOID"]),
                                _negated=True,
                            ),
                            models.Q(("void_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="receipt_void_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="名称")),
                ("query", models.CharField(blank=True, max_length=1000, verbose_name="检索条件")),
                ("found", models.PositiveBigIntegerField(default=0, verbose_name="上次结果数")),
                (
                    "sequence",
                    models.PositiveBigIntegerField(default=0, verbose_name="上次目录序号"),
                ),
                ("created_at", models.DateTimeField(verbose_name="保存时间")),
                ("seen_at", models.DateTimeField(verbose_name="上次查看")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "query"), name="saved_search_once"),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="saved_search_has_title",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchOutbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry_id", models.PositiveBigIntegerField(db_index=True, verbose_name="条目")),
                ("token", models.CharField(max_length=16, verbose_name="标记")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "sequence",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, unique=True, verbose_name="序号"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("sequence", None)),
                        fields=["id"],
                        name="search_outbox_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StopApplication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="停用原因")),
                ("filed_by", models.CharField(max_length=120, verbose_name="申请人")),
                ("filed_on", models.DateField(verbose_name="申请日期")),
                ("effective_on", models.DateField(verbose_name="停用日期")),
                ("earliest_on", models.DateField(verbose_name="最早可停用日期")),
                (
                    "active_grants",
                    models.PositiveIntegerField(default=0, verbose_name="在用授权数"),
                ),
                (
                    "approved_by",
                    models.CharField(blank=True, max_length=120, verbose_name="批准人"),
                ),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="批准时间"),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stop",
                        to="catalog.entryversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("effective_on__gte", models.F("earliest_on"))),
                        name="stop_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="stop_has_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplianceFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=20, verbose_name="规则")),
                ("group", models.CharField(max_length=20, verbose_name="规则组")),
                ("severity", models.CharField(max_length=10, verbose_name="程度")),
                ("field", models.CharField(max_length=60, verbose_name="字段")),
                ("item", models.CharField(blank=True, max_length=120, verbose_name="信息项")),
                ("message", models.CharField(max_length=300, verbose_name="问题")),
                ("remedy", models.CharField(max_length=300, verbose_name="改正方法")),
                ("clause", models.CharField(max_length=120, verbose_name="依据")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="catalog.compliancereport",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ["block", "warn"])),
                        name="finding_severity_known",
                    )
                ],
            },
        ),
    ]
