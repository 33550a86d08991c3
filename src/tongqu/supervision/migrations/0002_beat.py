from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Beat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minute", models.DateTimeField(unique=True, verbose_name="时间")),
                ("is_up", models.BooleanField(verbose_name="正常")),
                ("millis", models.PositiveIntegerField(verbose_name="应答毫秒")),
                ("failed", models.CharField(blank=True, max_length=300, verbose_name="未应答")),
            ],
            options={
                "ordering": ["-minute"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failed", ""), ("is_up", True)),
                            models.Q(("is_up", False), models.Q(("failed", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="beat_down_says_why",
                    )
                ],
            },
        ),
    ]
