"""Who plugs into what: adapters meet the ports of the rooms here and nowhere else."""


def connect() -> None:
    """Connect adapters to ports and import the rooms' jobs. Called once, when Django is ready."""
    _keys()
    _jobs()


def _keys() -> None:
    from django.conf import settings

    from tongqu.adapters.keys.files import FileKeys
    from tongqu.audit.ports import connect_signer
    from tongqu.security.ports import connect_secrets

    keys = FileKeys(settings.KEYS)
    connect_signer(keys)
    connect_secrets(keys)


def _jobs() -> None:
    """Import every room's jobs, so that they are registered."""
    from importlib import import_module

    for room in ("audit",):
        import_module(f"tongqu.{room}.jobs")
