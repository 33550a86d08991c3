from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "tongqu.products"
    label = "products"
    verbose_name = "数据产品"
    default_auto_field = "django.db.models.BigAutoField"
