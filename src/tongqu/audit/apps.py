from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "tongqu.audit"
    label = "audit"
    verbose_name = "存证溯源"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongqu.audit import handlers

        handlers.connect(self)
