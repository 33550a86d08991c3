from django.apps import AppConfig


class OpeningConfig(AppConfig):
    name = "tongqu.opening"
    label = "opening"
    verbose_name = "公共数据开放"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongqu.opening import jobs  # noqa: F401  (importing jobs registers them)
