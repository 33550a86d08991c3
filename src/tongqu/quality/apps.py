from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "tongqu.quality"
    label = "quality"
    verbose_name = "质量闭环"
    default_auto_field = "django.db.models.BigAutoField"
