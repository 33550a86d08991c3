import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import tongqu.identity.vocabulary
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                ("display_name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "assurance",
                    models.PositiveSmallIntegerField(default=1, verbose_name="身份核验级别"),
                ),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="组织代码")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "government"),
                            ("authorised_institution", "authorised_institution"),
                            ("authorised_society", "authorised_society"),
                            ("enterprise", "enterprise"),
                            ("research", "research"),
                        ],
                        max_length=30,
                        verbose_name="类型",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("ministry", "ministry"),
                            ("province", "province"),
                            ("city", "city"),
                            ("county", "county"),
                        ],
                        max_length=20,
                        verbose_name="层级",
                    ),
                ),
                (
                    "division_code",
                    models.CharField(blank=True, max_length=12, verbose_name="行政区划代码"),
                ),
                (
                    "legal_basis",
                    models.CharField(blank=True, max_length=300, verbose_name="授权依据"),
                ),
                (
                    "is_managing_office",
                    models.BooleanField(default=False, verbose_name="科技主管部门"),
                ),
                (
                    "is_support_unit",
                    models.BooleanField(default=False, verbose_name="技术支持部门"),
                ),
                ("is_example", models.BooleanField(default=False, verbose_name="示例")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__startswith", "authorised_"), _negated=True),
                            models.Q(("legal_basis", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="organisation_authorised_has_basis",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=40, verbose_name="岗位")),
                ("kind", models.CharField(max_length=40, verbose_name="类别")),
                ("text", models.CharField(max_length=300, verbose_name="内容")),
                ("url", models.CharField(blank=True, max_length=300, verbose_name="链接")),
                ("created_at", models.DateTimeField(db_index=True, verbose_name="时间")),
                ("key", models.CharField(max_length=200, unique=True, verbose_name="去重键")),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("managing_office", "managing_office"),
                            ("cataloguer", "cataloguer"),
                            ("provider_reviewer", "provider_reviewer"),
                            ("first_responsible", "first_responsible"),
                            ("consumer", "consumer"),
                            ("support", "support"),
                            ("security_officer", "security_officer"),
                            ("supervisor", "supervisor"),
                            ("auditor", "auditor"),
                            ("hub_admin", "hub_admin"),
                            ("buyer", "buyer"),
                            ("standards_committee", "standards_committee"),
                            ("system_admin", "system_admin"),
                            ("public", "public"),
                        ],
                        max_length=40,
                        verbose_name="岗位",
                    ),
                ),
                ("until", models.DateField(blank=True, null=True, verbose_name="任职截止")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "role", "organisation"), name="assignment_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiClient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "client_id",
                    models.CharField(max_length=100, unique=True, verbose_name="客户端标识"),
                ),
                ("system_name", models.CharField(max_length=120, verbose_name="系统名称")),
                ("networks", models.JSONField(default=list, verbose_name="网络范围")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "secret_changed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="密钥更换时间"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_clients",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_clients",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__code", "system_name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "system_name"), name="api_client_system_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="person",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="identity.organisation",
            ),
        ),
        migrations.CreateModel(
            name="Pilot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60, unique=True, verbose_name="功能")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.identity.vocabulary.PilotState["PILOTING"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("divisions", models.JSONField(default=list, verbose_name="试点地区")),
                ("departments", models.JSONField(default=list, verbose_name="试点单位")),
                ("since", models.DateField(verbose_name="开始")),
                ("until", models.DateField(blank=True, null=True, verbose_name="截止")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                ("changed_at", models.DateTimeField(verbose_name="变更时间")),
                ("changed_by", models.CharField(max_length=120, verbose_name="变更人")),
            ],
            options={
                "ordering": ["key"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["piloting", "promoted", "withdrawn"])),
                        name="pilot_state_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageRead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="阅读时间")),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="identity.message",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(fields=("message", "person"), name="message_read_once")
                ],
            },
        ),
    ]
