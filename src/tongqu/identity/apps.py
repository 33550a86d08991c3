from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "tongqu.identity"
    label = "identity"
    verbose_name = "组织与身份"
    default_auto_field = "django.db.models.BigAutoField"
