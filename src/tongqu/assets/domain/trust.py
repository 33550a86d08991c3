"""Whether a message may be believed: its sequence and its collection time (ING-12)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tongqu.assets.vocabulary import Mark

WINDOW = 62  # sequence numbers remembered behind the highest; fits a signed column
MOST_AHEAD = timedelta(minutes=5)
MOST_AGE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Window:
    """The highest sequence seen, and which of those just behind it: bit n is ``highest - n``."""

    highest: int | None = None
    seen: int = 0


def seen_after(window: Window, sequence: int) -> Window | None:
    """Return the window with this sequence in it; None for one that is there already.

    What lies behind the window counts as seen: nobody can tell it from a replay.
    """
    if window.highest is None:
        return Window(sequence, 1)
    step = sequence - window.highest
    if step > 0:
        shifted = (window.seen << step) if step < WINDOW else 0
        return Window(sequence, (shifted | 1) & ((1 << WINDOW) - 1))
    if -step >= WINDOW or window.seen >> -step & 1:
        return None
    return Window(window.highest, window.seen | 1 << -step)


def marks_of(
    *, is_signed: bool, is_late: bool, collected_at: datetime | None, now: datetime
) -> tuple[Mark, ...]:
    """Return what to remark on a message that is taken. ``is_late``: a higher one came before."""
    found = [] if is_signed else [Mark.UNSIGNED]
    if is_late:
        found.append(Mark.OUT_OF_ORDER)
    if collected_at is not None and collected_at > now + MOST_AHEAD:
        found.append(Mark.FUTURE)
    if collected_at is not None and collected_at < now - MOST_AGE:
        found.append(Mark.OLD)
    return tuple(found)
