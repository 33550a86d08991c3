from django.apps import AppConfig


class OnesourceConfig(AppConfig):
    name = "tongqu.onesource"
    label = "onesource"
    verbose_name = "一数一源"
    default_auto_field = "django.db.models.BigAutoField"
