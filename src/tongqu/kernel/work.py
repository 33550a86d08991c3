"""One line of somebody's list of things to do (待办), the same for every room."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class TodoItem:
    """A case that waits for the reader. ``due_on`` is NULL where the law sets no limit."""

    kind: str  # 类别，如 "共享审核"
    reference: str  # 办件号
    title: str
    url: str
    received_at: datetime
    due_on: date | None = None
    due_provisional: bool = False
    from_whom: str = ""
