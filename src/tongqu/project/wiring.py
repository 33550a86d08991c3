"""Who plugs into what: adapters meet the ports of the rooms here and nowhere else."""


def connect() -> None:
    """Connect adapters to ports and import the rooms' jobs. Called once, when Django is ready."""
