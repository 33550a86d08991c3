import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="EntryGrade",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("grade", models.CharField(max_length=10, verbose_name="数据分级")),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("decided_by", models.CharField(max_length=120, verbose_name="确定人")),
                ("decided_at", models.DateTimeField(verbose_name="确定时间")),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="national_grade",
                        to="catalog.entry",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("grade__in", ["general", "important", "core"])),
                        name="entry_grade_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="entry_grade_has_reason",
                    ),
                ],
            },
        ),
    ]
