from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "tongqu.ingest"
    label = "ingest"
    verbose_name = "汇聚接入"
    default_auto_field = "django.db.models.BigAutoField"
