from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "tongqu.project"
    label = "project"
    verbose_name = "通衢"

    def ready(self) -> None:
        from tongqu.project import wiring

        wiring.connect()
