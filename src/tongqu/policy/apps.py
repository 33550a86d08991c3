from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "tongqu.policy"
    label = "policy"
    verbose_name = "制度规范"
    default_auto_field = "django.db.models.BigAutoField"
