"""Who wants to know of a department's end: rooms to the right register here."""

from collections.abc import Callable

from tongqu.kernel.actor import Actor

OnAbolished = Callable[[int, Actor], object]
_callbacks: list[OnAbolished] = []


def on_abolished(callback: OnAbolished) -> None:
    """Call ``callback(organisation_id, actor)`` in the transaction that abolishes a department."""
    if callback not in _callbacks:
        _callbacks.append(callback)


def announce_abolition(organisation_id: int, by: Actor) -> None:
    for callback in _callbacks:
        callback(organisation_id, by)
