from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "tongqu.sharing"
    label = "sharing"
    verbose_name = "政务数据共享"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongqu.sharing import handlers, jobs  # noqa: F401  (importing jobs registers them)

        handlers.register()
