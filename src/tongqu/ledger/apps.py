from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tongqu.ledger"
    label = "ledger"
    verbose_name = "总账本"
    default_auto_field = "django.db.models.BigAutoField"
