import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Abolition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="撤销日期")),
                ("reason", models.CharField(max_length=300, verbose_name="撤销依据")),
                ("at", models.DateTimeField(verbose_name="登记时间")),
                ("by", models.CharField(max_length=160, verbose_name="登记人")),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="abolition",
                        to="identity.organisation",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="takes_over",
                        to="identity.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("successor", None),
                            models.Q(("successor", models.F("organisation")), _negated=True),
                            _connector="OR",
                        ),
                        name="abolition_not_to_itself",
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="assignment",
            name="role",
            field=models.CharField(
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
                    ("implementer", "implementer"),
                    ("operator", "operator"),
                    ("system_admin", "system_admin"),
                    ("public", "public"),
                ],
                max_length=40,
                verbose_name="岗位",
            ),
        ),
    ]
