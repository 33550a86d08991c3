import django.db.models.deletion
import tongqu.functions.vocabulary
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Counter",
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
            name="Module",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="编号")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
            ],
            options={
                "ordering": ["system", "code"],
            },
        ),
        migrations.CreateModel(
            name="Function",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="编码")),
                ("kind", models.CharField(max_length=10, verbose_name="类别")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("is_core", models.BooleanField(default=False, verbose_name="核心业务")),
                (
                    "basis_kind",
                    models.CharField(blank=True, max_length=12, verbose_name="依据类别"),
                ),
                ("basis", models.CharField(blank=True, max_length=500, verbose_name="依据")),
                (
                    "accountable",
                    models.CharField(blank=True, max_length=120, verbose_name="责任岗位"),
                ),
                ("summary", models.TextField(blank=True, verbose_name="说明")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="次序")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="终止日期")),
                (
                    "end_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="终止原因"),
                ),
                ("edition", models.PositiveIntegerField(default=0, verbose_name="修改次数")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                ("edited_at", models.DateTimeField(verbose_name="修改时间")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="部门",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="functions.function",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__code", "position", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["function", "item"])),
                        name="function_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("basis_kind__in", ["law", "three_fixed", "policy", ""])
                        ),
                        name="function_basis_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", tongqu.functions.vocabulary.FunctionKind["ITEM"]),
                                _negated=True,
                            ),
                            ("parent__isnull", False),
                            _connector="OR",
                        ),
                        name="function_item_has_parent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", tongqu.functions.vocabulary.FunctionKind["ITEM"]),
                            models.Q(
                                models.Q(("basis", ""), _negated=True),
                                models.Q(("basis_kind", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="function_rests_on_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("pk")), _negated=True),
                        name="function_not_its_own_parent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Chart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="编码")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("document", models.TextField(verbose_name="BPMN 2.0")),
                ("edition", models.PositiveIntegerField(default=0, verbose_name="修改次数")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                ("edited_at", models.DateTimeField(verbose_name="修改时间")),
                ("edited_by", models.CharField(max_length=120, verbose_name="修改人")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="部门",
                    ),
                ),
                (
                    "function",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="charts",
                        to="functions.function",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__code", "code"],
            },
        ),
        migrations.CreateModel(
            name="Gap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=15, verbose_name="类别")),
                ("subject", models.CharField(max_length=200, verbose_name="对象")),
                ("title", models.CharField(max_length=300, verbose_name="说明")),
                ("url", models.CharField(blank=True, max_length=300, verbose_name="链接")),
                ("found_at", models.DateTimeField(verbose_name="发现时间")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="消除时间")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="部门",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "subject"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "subject"), name="gap_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["no_system", "no_data", "no_owner", "unstructured"])
                        ),
                        name="gap_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Material",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="编码")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("kind", models.CharField(max_length=10, verbose_name="形式")),
                (
                    "entry_code",
                    models.CharField(
                        blank=True, db_index=True, max_length=60, verbose_name="目录标识"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        default=tongqu.functions.vocabulary.MaterialState["UNDIGITISED"],
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("location", models.CharField(blank=True, max_length=300, verbose_name="存放位置")),
                ("pages", models.PositiveIntegerField(default=1, verbose_name="页数")),
                ("engine", models.CharField(blank=True, max_length=120, verbose_name="识别方式")),
                ("text", models.TextField(blank=True, verbose_name="识别结果")),
                (
                    "structured_by",
                    models.CharField(blank=True, max_length=120, verbose_name="识别登记人"),
                ),
                (
                    "verified_by",
                    models.CharField(blank=True, max_length=120, verbose_name="核验人"),
                ),
                (
                    "verified_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="核验时间"),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="核验意见")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="部门",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__code", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["paper", "scan", "pdf", "image"])),
                        name="material_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["undigitised", "scanned", "structured", "verified"])
                        ),
                        name="material_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["structured", "verified"]), _negated=True),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="material_structured_has_text",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", tongqu.functions.vocabulary.MaterialState["VERIFIED"]),
                                _negated=True,
                            ),
                            models.Q(
                                models.Q(("verified_by", ""), _negated=True),
                                ("verified_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="material_verified_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="编码")),
                ("reason", models.CharField(max_length=500, verbose_name="划转依据")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.functions.vocabulary.MoveState["PROPOSED"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
                ("created_by", models.CharField(max_length=120, verbose_name="登记人")),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="办结时间"),
                ),
                (
                    "function",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="functions.function",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="functions.function",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="原部门",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="新部门",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "settled"])),
                        name="move_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state", tongqu.functions.vocabulary.MoveState["PROPOSED"])
                        ),
                        fields=("function",),
                        name="move_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True),
                        name="move_between_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MoveItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=12, verbose_name="对象类别")),
                ("key", models.CharField(max_length=60, verbose_name="对象编码")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("before", models.CharField(blank=True, max_length=200, verbose_name="现为")),
                ("after", models.CharField(blank=True, max_length=200, verbose_name="拟改为")),
                ("why", models.CharField(blank=True, max_length=200, verbose_name="关联")),
                (
                    "decision",
                    models.CharField(
                        default=tongqu.functions.vocabulary.Decision["PROPOSED"],
                        max_length=10,
                        verbose_name="决定",
                    ),
                ),
                ("decided_by", models.CharField(blank=True, max_length=120, verbose_name="决定人")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="决定时间"),
                ),
                ("result", models.CharField(blank=True, max_length=300, verbose_name="结果")),
                (
                    "move",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="functions.move",
                    ),
                ),
            ],
            options={
                "ordering": ["move", "subject", "key"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("move", "subject", "key"), name="move_item_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject__in", ["system", "entry", "accountable"])),
                        name="move_item_subject_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["proposed", "confirmed", "declined"])),
                        name="move_item_decision_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Register",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("part", models.CharField(max_length=12, verbose_name="部分")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.functions.vocabulary.RegisterState["DRAFT"],
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("changed_at", models.DateTimeField(verbose_name="状态时间")),
                ("changed_by", models.CharField(max_length=120, verbose_name="办理人")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="首次生效")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="部门",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__code", "part"],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "part"), name="register_once"),
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ["functions", "systems", "swimlanes"])),
                        name="register_part_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["draft", "confirming", "reviewing", "effective", "changing"],
                            )
                        ),
                        name="register_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["effective", "changing"]), _negated=True),
                            ("effective_on__isnull", False),
                            _connector="OR",
                        ),
                        name="register_in_force_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="System",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="编码")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("system_class", models.CharField(max_length=20, verbose_name="类别")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.functions.vocabulary.SystemState["IN_USE"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "accountable",
                    models.CharField(blank=True, max_length=120, verbose_name="责任岗位"),
                ),
                ("summary", models.TextField(blank=True, verbose_name="说明")),
                ("retired_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                (
                    "retire_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="停用原因"),
                ),
                ("edition", models.PositiveIntegerField(default=0, verbose_name="修改次数")),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                ("edited_at", models.DateTimeField(verbose_name="修改时间")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="部门",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__code", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "name"), name="system_name_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "system_class__in",
                                ["ministry_new", "networked", "cross_level", "other"],
                            )
                        ),
                        name="system_class_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["in_use", "retired"])),
                        name="system_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", tongqu.functions.vocabulary.SystemState["RETIRED"]),
                                _negated=True,
                            ),
                            ("retired_on__isnull", False),
                            _connector="OR",
                        ),
                        name="system_retired_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "function",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supports",
                        to="functions.function",
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supports",
                        to="functions.module",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supports",
                        to="functions.system",
                    ),
                ),
            ],
            options={
                "ordering": ["function", "system", "module"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("module__isnull", False)),
                        fields=("function", "system", "module"),
                        name="support_of_module_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("module", None)),
                        fields=("function", "system"),
                        name="support_of_system_once",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="module",
            name="system",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="modules",
                to="functions.system",
            ),
        ),
        migrations.CreateModel(
            name="EntryLink",
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
                (
                    "function",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="functions.function",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="functions.system",
                    ),
                ),
            ],
            options={
                "ordering": ["entry_code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entry_code", "function"), name="entry_function_once"
                    ),
                    models.UniqueConstraint(
                        fields=("entry_code", "system"), name="entry_system_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("function", None), ("system__isnull", False)),
                            models.Q(("function__isnull", False), ("system", None)),
                            _connector="OR",
                        ),
                        name="entry_link_has_one_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120, verbose_name="标识")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("lane", models.CharField(max_length=200, verbose_name="泳道")),
                ("phase", models.CharField(blank=True, max_length=200, verbose_name="阶段")),
                ("position", models.PositiveIntegerField(verbose_name="次序")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="负责部门",
                    ),
                ),
                (
                    "chart",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="activities",
                        to="functions.chart",
                    ),
                ),
                (
                    "function",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="activities",
                        to="functions.function",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="activities",
                        to="functions.system",
                    ),
                ),
            ],
            options={
                "ordering": ["chart", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("chart", "key"), name="activity_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="编码")),
                ("title", models.CharField(max_length=300, verbose_name="任务")),
                ("due_on", models.DateField(verbose_name="期限")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.functions.vocabulary.TaskState["OPEN"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="办理说明")),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                ("created_by", models.CharField(max_length=120, verbose_name="建立人")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
                (
                    "gap",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="functions.gap",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="承办部门",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "doing", "checking", "done", "cancelled"])
                        ),
                        name="task_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("gap",),
                        name="task_once_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataLink",
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
                ("relation", models.CharField(max_length=10, verbose_name="关系")),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="functions.activity",
                    ),
                ),
            ],
            options={
                "ordering": ["activity", "relation", "entry_code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("activity", "entry_code", "relation"), name="data_link_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("relation__in", ["produce", "use", "update", "archive"])
                        ),
                        name="data_link_relation_known",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="module",
            constraint=models.UniqueConstraint(fields=("system", "code"), name="module_once"),
        ),
    ]
