from django.apps import AppConfig


class SecurityConfig(AppConfig):
    name = "tongqu.security"
    label = "security"
    verbose_name = "数据安全"
    default_auto_field = "django.db.models.BigAutoField"
