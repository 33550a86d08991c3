from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "tongqu.sharing"
    label = "sharing"
    verbose_name = "政务数据共享"
    default_auto_field = "django.db.models.BigAutoField"
