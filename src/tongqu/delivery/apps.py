from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "tongqu.delivery"
    label = "delivery"
    verbose_name = "数据服务"
    default_auto_field = "django.db.models.BigAutoField"
