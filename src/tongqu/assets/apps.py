from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "tongqu.assets"
    label = "assets"
    verbose_name = "感知与媒体"
    default_auto_field = "django.db.models.BigAutoField"
