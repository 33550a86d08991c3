from django.apps import AppConfig


class MastersConfig(AppConfig):
    name = "tongqu.masters"
    label = "masters"
    verbose_name = "主数据与多源校核"
    default_auto_field = "django.db.models.BigAutoField"
