from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "tongqu.supervision"
    label = "supervision"
    verbose_name = "监管"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongqu.supervision import jobs  # noqa: F401  (importing jobs registers them)
