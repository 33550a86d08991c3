from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tongqu.ledger"
    label = "ledger"
    verbose_name = "总账本"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongqu.ledger import handlers, jobs  # noqa: F401  (importing jobs registers them)

        handlers.register()
