import django.db.models.deletion
import tongqu.opening.vocabulary
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
            name="OpeningCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="编号")),
                (
                    "state",
                    models.CharField(
                        db_index=True,
                        default=tongqu.opening.vocabulary.OpenState["PROPOSED"],
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("open_type", models.CharField(max_length=20, verbose_name="开放类型")),
                (
                    "licence",
                    models.CharField(
                        default=tongqu.opening.vocabulary.Licence["OPEN_GOV"],
                        max_length=20,
                        verbose_name="使用许可",
                    ),
                ),
                (
                    "conditions",
                    models.CharField(blank=True, max_length=500, verbose_name="开放条件"),
                ),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=60, verbose_name="资源编码"),
                ),
                ("entry_name", models.CharField(max_length=200, verbose_name="资源名称")),
                ("summary", models.CharField(blank=True, max_length=500, verbose_name="摘要")),
                ("category", models.CharField(blank=True, max_length=200, verbose_name="分类")),
                ("version_id", models.BigIntegerField(verbose_name="目录版本")),
                ("version", models.CharField(max_length=20, verbose_name="目录版本号")),
                ("table", models.CharField(max_length=120, verbose_name="服务库表")),
                ("update_cycle", models.CharField(max_length=20, verbose_name="更新周期")),
                ("strategies", models.JSONField(default=list, verbose_name="国家战略")),
                ("shown", models.JSONField(default=list, verbose_name="开放的信息项")),
                ("row_filter", models.JSONField(default=list, verbose_name="行条件")),
                ("quasi", models.JSONField(default=list, verbose_name="准标识项")),
                (
                    "disclosure",
                    models.CharField(blank=True, max_length=200, verbose_name="公示依据"),
                ),
                ("x_item", models.CharField(blank=True, max_length=80, verbose_name="经度")),
                ("y_item", models.CharField(blank=True, max_length=80, verbose_name="纬度")),
                ("reason", models.CharField(max_length=500, verbose_name="开放理由")),
                ("proposer_key", models.CharField(max_length=120, verbose_name="提出人标识")),
                ("proposer_name", models.CharField(max_length=120, verbose_name="提出人")),
                ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                ("opened_at", models.DateTimeField(null=True, verbose_name="开放时间")),
                ("updated_at", models.DateTimeField(null=True, verbose_name="数据最近更新")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="撤回、暂停或不予开放的理由"
                    ),
                ),
                ("end_basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                (
                    "publisher",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.organisation",
                        verbose_name="发布单位",
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "proposed",
                                    "reviewing",
                                    "to_publish",
                                    "open",
                                    "late",
                                    "suspended",
                                    "withdrawn",
                                    "not_open",
                                ],
                            )
                        ),
                        name="opening_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("open_type__in", ["unconditional", "conditional", "not_open"])
                        ),
                        name="opening_type_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("licence__in", ["open-gov", "CC-BY-4.0", "CC0-1.0"])),
                        name="opening_licence_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shown", []), _negated=True),
                        name="opening_shows_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["withdrawn", "not_open", "suspended"]), _negated=True
                            ),
                            models.Q(("end_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="opening_end_has_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["withdrawn", "not_open"]), _negated=True),
                        fields=("entry_code",),
                        name="opening_once_an_entry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="序号")),
                ("command", models.CharField(max_length=20, verbose_name="动作")),
                ("label", models.CharField(max_length=40, verbose_name="动作名称")),
                ("source", models.CharField(max_length=20, verbose_name="原状态")),
                ("target", models.CharField(max_length=20, verbose_name="新状态")),
                ("actor_key", models.CharField(max_length=120, verbose_name="主体")),
                ("actor_name", models.CharField(max_length=120, verbose_name="办理人")),
                (
                    "organisation_name",
                    models.CharField(blank=True, max_length=120, verbose_name="办理单位"),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="opening.openingcase",
                    ),
                ),
            ],
            options={
                "ordering": ["case", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "position"), name="open_event_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="版本")),
                ("version", models.CharField(max_length=20, verbose_name="目录版本")),
                ("licence", models.CharField(max_length=20, verbose_name="使用许可")),
                ("update_cycle", models.CharField(max_length=20, verbose_name="更新周期")),
                ("columns", models.JSONField(default=list, verbose_name="信息项")),
                ("rows", models.PositiveBigIntegerField(verbose_name="行数")),
                ("snapshot", models.CharField(max_length=40, verbose_name="快照")),
                ("published_at", models.DateTimeField(verbose_name="发布时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="停止时间")),
                (
                    "end_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="停止理由"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="opening.openingcase",
                    ),
                ),
            ],
            options={
                "ordering": ["-published_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="open_release_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10, verbose_name="种类")),
                ("answers", models.JSONField(default=dict, verbose_name="要点")),
                ("passed", models.BooleanField(verbose_name="通过")),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("basis", models.CharField(max_length=200, verbose_name="依据")),
                ("by_key", models.CharField(max_length=120, verbose_name="审查人标识")),
                ("by_name", models.CharField(max_length=120, verbose_name="审查人")),
                (
                    "organisation_name",
                    models.CharField(blank=True, max_length=120, verbose_name="审查单位"),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="opening.openingcase",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "kind"), name="open_review_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["legal", "safety"])),
                        name="open_review_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                ("calls", models.PositiveBigIntegerField(default=0, verbose_name="次数")),
                ("rows", models.PositiveBigIntegerField(default=0, verbose_name="行数")),
                ("downloads", models.PositiveBigIntegerField(default=0, verbose_name="下载")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="use",
                        to="opening.openingcase",
                    ),
                ),
            ],
            options={
                "ordering": ["-day"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "day"), name="open_use_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskTest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by_name", models.CharField(max_length=120, verbose_name="测试人")),
                ("snapshot", models.CharField(max_length=40, verbose_name="快照")),
                ("rows", models.PositiveBigIntegerField(verbose_name="行数")),
                ("quasi", models.JSONField(default=list, verbose_name="准标识项")),
                ("threshold", models.PositiveIntegerField(verbose_name="最小群组")),
                ("results", models.JSONField(default=list, verbose_name="结果")),
                ("passed", models.BooleanField(verbose_name="通过")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tests",
                        to="opening.openingcase",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Voice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="编号")),
                ("kind", models.CharField(max_length=10, verbose_name="类型")),
                (
                    "entry_code",
                    models.CharField(
                        blank=True, db_index=True, max_length=60, verbose_name="资源编码"
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="主题")),
                ("text", models.CharField(max_length=1000, verbose_name="内容")),
                (
                    "state",
                    models.CharField(
                        default=tongqu.opening.vocabulary.VoiceState["WAITING"],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("votes", models.PositiveIntegerField(default=0, verbose_name="投票")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("due_on", models.DateField(verbose_name="答复期限")),
                ("due_provisional", models.BooleanField(default=False, verbose_name="期限暂定")),
                ("answer", models.CharField(blank=True, max_length=1000, verbose_name="答复")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                (
                    "answered_by",
                    models.CharField(blank=True, max_length=120, verbose_name="答复单位"),
                ),
                ("ticket", models.CharField(blank=True, max_length=40, verbose_name="质量工单")),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voices",
                        to="opening.openingcase",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["error", "question", "wish"])),
                        name="voice_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "answered", "hidden"])),
                        name="voice_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at", None),
                            models.Q(("state", "waiting"), _negated=True),
                            _connector="XOR",
                        ),
                        name="voice_answered_pair",
                    ),
                ],
            },
        ),
    ]
