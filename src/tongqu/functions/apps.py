from django.apps import AppConfig


class FunctionsConfig(AppConfig):
    name = "tongqu.functions"
    label = "functions"
    verbose_name = "两清一图"
    default_auto_field = "django.db.models.BigAutoField"
