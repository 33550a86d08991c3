from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PolicyConfig(AppConfig):
    name = "tongqu.policy"
    label = "policy"
    verbose_name = "制度规范"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_seed, sender=self)


def _seed(**_: object) -> None:
    """Seed after every migration: a flushed test database gets its terms and holidays back.

    A data migration would run once and be lost with the first flush.
    """
    from tongqu.policy.actions.seed import seed

    seed()
