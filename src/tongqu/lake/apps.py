from django.apps import AppConfig


class LakeConfig(AppConfig):
    name = "tongqu.lake"
    label = "lake"
    verbose_name = "三层五库"
    default_auto_field = "django.db.models.BigAutoField"
