import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Camera",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="视频源编码")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("place", models.CharField(max_length=200, verbose_name="安装位置")),
                (
                    "entry_code",
                    models.CharField(
                        blank=True, db_index=True, max_length=80, verbose_name="目录标识"
                    ),
                ),
                (
                    "structure_code",
                    models.CharField(blank=True, max_length=40, verbose_name="设施编码"),
                ),
                (
                    "protocol",
                    models.CharField(
                        choices=[
                            ("gb28181", "GB/T 28181"),
                            ("jt1078", "JT/T 1078"),
                            ("http", "HTTP"),
                        ],
                        max_length=10,
                        verbose_name="接入协议",
                    ),
                ),
                (
                    "policy",
                    models.CharField(
                        choices=[("granted", "凭授权查看"), ("owner", "仅限提供部门")],
                        default="granted",
                        max_length=10,
                        verbose_name="访问策略",
                    ),
                ),
                (
                    "handle_seconds",
                    models.PositiveIntegerField(default=300, verbose_name="句柄有效期（秒）"),
                ),
                ("longitude", models.FloatField(verbose_name="经度")),
                ("latitude", models.FloatField(verbose_name="纬度")),
                ("stream", models.TextField(verbose_name="取流地址（加密）")),
                ("is_enabled", models.BooleanField(default=True, verbose_name="启用")),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
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
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("protocol__in", ["gb28181", "jt1078", "http"])),
                        name="camera_protocol",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("policy__in", ["granted", "owner"])),
                        name="camera_policy",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(
                                ("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))
                            ),
                            _connector="OR",
                        ),
                        name="camera_on_earth",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("handle_seconds__range", (10, 3600))),
                        name="camera_handle_short",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="设备编码")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("kind", models.CharField(max_length=60, verbose_name="设备类型")),
                (
                    "source_code",
                    models.CharField(db_index=True, max_length=40, verbose_name="来源代码"),
                ),
                (
                    "entry_code",
                    models.CharField(
                        blank=True, db_index=True, max_length=80, verbose_name="目录标识"
                    ),
                ),
                (
                    "structure_code",
                    models.CharField(
                        blank=True, db_index=True, max_length=40, verbose_name="设施编码"
                    ),
                ),
                (
                    "path_type",
                    models.CharField(
                        choices=[
                            ("ipv4", "IPv4"),
                            ("ipv6", "IPv6"),
                            ("4g", "4G"),
                            ("5g", "5G"),
                            ("beidou", "北斗短报文"),
                        ],
                        default="ipv4",
                        max_length=10,
                        verbose_name="通信路径",
                    ),
                ),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="经度")),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="纬度")),
                ("period_seconds", models.PositiveIntegerField(verbose_name="上报周期（秒）")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("online", "在线"),
                            ("offline", "离线"),
                            ("alarm", "告警"),
                            ("disabled", "停用"),
                        ],
                        default="offline",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("alarm", models.CharField(blank=True, max_length=120, verbose_name="告警")),
                (
                    "last_seen_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="最近上报"),
                ),
                (
                    "silent_after",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="静默时限"
                    ),
                ),
                (
                    "last_address",
                    models.CharField(blank=True, max_length=45, verbose_name="最近来源地址"),
                ),
                (
                    "last_sequence",
                    models.BigIntegerField(blank=True, null=True, verbose_name="最高序号"),
                ),
                ("window", models.BigIntegerField(default=0, verbose_name="已收序号")),
                (
                    "key_kind",
                    models.CharField(
                        choices=[
                            ("none", "未登记"),
                            ("ed25519", "Ed25519"),
                            ("sm2", "SM2"),
                            ("hmac-sm3", "HMAC-SM3"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="签名算法",
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=200, verbose_name="公钥")),
                ("key_edition", models.PositiveIntegerField(default=0, verbose_name="密钥版次")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="拒收数")),
                (
                    "last_refusal_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="最近拒收"),
                ),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
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
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["online", "offline", "alarm", "disabled"])
                        ),
                        name="device_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("path_type__in", ["ipv4", "ipv6", "4g", "5g", "beidou"])
                        ),
                        name="device_path_type",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("key_kind__in", ["none", "ed25519", "sm2", "hmac-sm3"])
                        ),
                        name="device_key_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(
                                ("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))
                            ),
                            _connector="OR",
                        ),
                        name="device_on_earth",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_seconds__gte", 1)), name="device_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), ("key_kind", "none")),
                            models.Q(
                                models.Q(("key_kind", "none"), _negated=True),
                                models.Q(("key", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="device_key_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("last_seen_at", None), ("silent_after", None)),
                            models.Q(
                                ("last_seen_at__isnull", False), ("silent_after__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="device_seen_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="句柄")),
                ("actor_kind", models.CharField(max_length=20, verbose_name="申请人类型")),
                ("actor_key", models.CharField(max_length=120, verbose_name="申请人")),
                (
                    "organisation_id",
                    models.BigIntegerField(blank=True, null=True, verbose_name="申请单位"),
                ),
                (
                    "grant_number",
                    models.CharField(blank=True, max_length=40, verbose_name="授权编号"),
                ),
                ("watermark", models.CharField(max_length=200, verbose_name="水印")),
                ("purpose", models.CharField(max_length=200, verbose_name="用途")),
                ("issued_at", models.DateTimeField(verbose_name="签发时间")),
                ("expires_at", models.DateTimeField(verbose_name="失效时间")),
                ("views", models.PositiveIntegerField(default=0, verbose_name="查看次数")),
                (
                    "last_view_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="最近查看"),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handles",
                        to="assets.camera",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Media",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="编号")),
                ("title", models.CharField(max_length=200, verbose_name="题名")),
                ("file_name", models.CharField(max_length=255, verbose_name="文件名")),
                ("sha256", models.CharField(db_index=True, max_length=64, verbose_name="内容摘要")),
                ("size", models.BigIntegerField(verbose_name="字节数")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ifc", "IFC 模型"),
                            ("dwg", "DWG 图纸"),
                            ("jpeg", "JPEG 图片"),
                            ("png", "PNG 图片"),
                            ("mp4", "MP4 视频"),
                            ("pdf", "PDF 文档"),
                            ("gltf", "glTF 模型"),
                            ("glb", "glTF 模型（二进制）"),
                            ("3dtiles", "3D Tiles 模型"),
                        ],
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                ("mime", models.CharField(max_length=80, verbose_name="媒体类型")),
                (
                    "domain",
                    models.CharField(
                        choices=[
                            ("planning", "交通规划"),
                            ("maintenance", "建设管养"),
                            ("transport", "综合运输"),
                            ("enforcement", "行政执法"),
                            ("safety", "安全应急"),
                        ],
                        max_length=20,
                        verbose_name="业务领域",
                    ),
                ),
                (
                    "entry_code",
                    models.CharField(db_index=True, max_length=80, verbose_name="目录标识"),
                ),
                ("summary", models.CharField(max_length=500, verbose_name="摘要")),
                ("facts", models.JSONField(default=dict, verbose_name="细节")),
                ("preview", models.CharField(blank=True, max_length=64, verbose_name="缩略图摘要")),
                ("words", models.TextField(blank=True, verbose_name="检索词")),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                ("uploaded_by", models.CharField(max_length=120, verbose_name="上传人")),
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
                                "kind__in",
                                [
                                    "ifc",
                                    "dwg",
                                    "jpeg",
                                    "png",
                                    "mp4",
                                    "pdf",
                                    "gltf",
                                    "glb",
                                    "3dtiles",
                                ],
                            )
                        ),
                        name="media_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "domain__in",
                                ["planning", "maintenance", "transport", "enforcement", "safety"],
                            )
                        ),
                        name="media_domain",
                    ),
                    models.UniqueConstraint(
                        fields=("sha256", "provider", "entry_code"), name="media_once_an_entry"
                    ),
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
                ("source_code", models.CharField(max_length=40, verbose_name="来源代码")),
                ("sequence", models.BigIntegerField(blank=True, null=True, verbose_name="序号")),
                (
                    "collected_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="采集时间"),
                ),
                ("received_at", models.DateTimeField(verbose_name="接收时间")),
                ("payload", models.TextField(verbose_name="内容")),
                ("marks", models.CharField(blank=True, max_length=60, verbose_name="标注")),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="assets.device",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["source_code", "id"], name="message_by_source")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("sequence__isnull", False)),
                        fields=("device", "sequence"),
                        name="message_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Structure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="设施编码")),
                ("name", models.CharField(max_length=120, verbose_name="设施名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("road", "公路"),
                            ("bridge", "桥梁"),
                            ("tunnel", "隧道"),
                            ("railway", "铁路"),
                            ("port", "港口"),
                            ("channel", "航道"),
                            ("airport", "机场"),
                            ("hub", "综合枢纽"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="经度")),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="纬度")),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
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
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "road",
                                    "bridge",
                                    "tunnel",
                                    "railway",
                                    "port",
                                    "channel",
                                    "airport",
                                    "hub",
                                ],
                            )
                        ),
                        name="structure_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(
                                ("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))
                            ),
                            _connector="OR",
                        ),
                        name="structure_on_earth",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StructureModel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                ("element_count", models.PositiveBigIntegerField(verbose_name="构件数")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("linked_at", models.DateTimeField(verbose_name="挂接时间")),
                ("linked_by", models.CharField(max_length=120, verbose_name="挂接人")),
                (
                    "media",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="models",
                        to="assets.media",
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="models",
                        to="assets.structure",
                    ),
                ),
            ],
            options={
                "ordering": ["structure", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("structure", "version"), name="model_version_once"
                    ),
                    models.UniqueConstraint(fields=("structure", "media"), name="model_media_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrustPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source_code",
                    models.CharField(max_length=40, unique=True, verbose_name="来源代码"),
                ),
                (
                    "policy",
                    models.CharField(
                        choices=[("required", "须签名"), ("optional", "可不签名")],
                        max_length=10,
                        verbose_name="要求",
                    ),
                ),
                ("set_at", models.DateTimeField(verbose_name="设定时间")),
                ("set_by", models.CharField(max_length=120, verbose_name="设定人")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("policy__in", ["required", "optional"])),
                        name="trust_policy",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Withheld",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="内容摘要")),
                ("size", models.BigIntegerField(verbose_name="字节数")),
                ("mark", models.CharField(max_length=2, verbose_name="密级标志")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("by", models.CharField(max_length=120, verbose_name="上传人")),
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
            },
        ),
    ]
