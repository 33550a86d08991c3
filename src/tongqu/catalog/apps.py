from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "tongqu.catalog"
    label = "catalog"
    verbose_name = "数据目录"
    default_auto_field = "django.db.models.BigAutoField"
