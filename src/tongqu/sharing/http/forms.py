"""Posted forms as the values that actions take, and back again for a second try."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from django.http import QueryDict

from tongqu.delivery.vocabulary import Filter, Operator
from tongqu.kernel.problems import Problem, Rejected
from tongqu.sharing.domain.application import Application
from tongqu.sharing.public import Limits
from tongqu.sharing.vocabulary import (
    FREQUENCY_LABELS,
    MATTER_LABELS,
    RETENTION_LABELS,
)

CHOICES = {
    "matters": [(word.value, label) for word, label in MATTER_LABELS.items()],
    "frequencies": [(word.value, label) for word, label in FREQUENCY_LABELS.items()],
    "retentions": [(word.value, label) for word, label in RETENTION_LABELS.items()],
}
_WHOLE = re.compile(r"[0-9]{1,18}")  # longer ones are no number of ours, and dear to read
TEXTS = ("matter", "purpose", "duty", "system_name", "frequency", "retention")


@dataclass(frozen=True, slots=True)
class ApplyForm:
    """The apply page's eight fields as typed. ``submission`` makes a double click one case."""

    entry: str
    version_id: str = ""
    submission: str = field(default_factory=lambda: uuid4().hex)
    values: Mapping[str, str] = field(default_factory=dict)
    items: Sequence[str] = ()
    manners: Sequence[str] = ()

    @classmethod
    def posted(cls, post: QueryDict) -> "ApplyForm":
        return cls(
            entry=_clean(post.get("entry", "")),
            version_id=post.get("version_id", ""),
            submission=_clean(post.get("submission", ""))[:100] or uuid4().hex,
            values={name: _clean(post.get(name, "")) for name in TEXTS},
            items=[_clean(name) for name in post.getlist("items")],
            manners=[_clean(name) for name in post.getlist("manners")],
        )

    @classmethod
    def resumed(cls, kept: Mapping[str, list[str]]) -> "ApplyForm":
        """Return what was typed before the session expired; it was never submitted."""
        last = {name: _clean(values[-1]) if values else "" for name, values in kept.items()}
        return cls(
            entry=last.get("entry", ""),
            version_id=last.get("version_id", ""),
            values={name: last.get(name, "") for name in TEXTS},
            items=kept.get("items", []),
            manners=kept.get("manners", []),
        )

    def application(self) -> Application:
        number = self.version_id
        return Application(
            entry_code=self.entry,
            **self.values,
            items=tuple(self.items),
            manners=tuple(self.manners),
            version_id=int(number) if _WHOLE.fullmatch(number) else None,
        )


@dataclass(frozen=True, slots=True)
class ReviewForm:
    """What a reviewer typed at the desk."""

    decision: str = ""
    reason: str = ""
    basis: str = ""
    search: str = ""
    items: Sequence[str] = ()
    materials: Sequence[str] = ()
    quota: str = ""
    filter_item: str = ""
    filter_values: str = ""

    @property
    def limits(self) -> Limits:
        """Return the bounds of a consent; a quota that is no number is refused, not dropped."""
        values = tuple(re.split(r"[\s,，、;；]+", self.filter_values.strip()))
        bound = Filter(self.filter_item, Operator.IN, values)
        return Limits(
            row_filter=(bound,) if self.filter_item and self.filter_values.strip() else (),
            quota_rows_per_day=_rows(self.quota),
        )

    @classmethod
    def posted(cls, post: QueryDict) -> "ReviewForm":
        return cls(
            decision=post.get("decision", ""),
            reason=_clean(post.get("reason", "")),
            basis=_clean(post.get("basis", "")),
            search=_clean(post.get("search", ""))[:60],
            items=[_clean(name) for name in post.getlist("items")],
            materials=[_clean(name) for name in post.getlist("materials")],
            quota=_clean(post.get("quota", "")).strip(),
            filter_item=_clean(post.get("filter_item", "")),
            filter_values=_clean(post.get("filter_values", ""))[:2000],
        )


def _rows(text: str) -> int | None:
    if not text:
        return None
    if _WHOLE.fullmatch(text) and 1 <= int(text) <= 10**12:
        return int(text)
    raise Rejected(
        Problem(
            code="QUOTA_INVALID",
            title="每日行数上限须为正整数。",
            next_step="不限行数的请留空。",
            fields={"quota": "请填写正整数，或留空。"},
        )
    )


def score(text: str) -> int:
    """Return a posted score; 0, which no rule accepts, for anything that is none."""
    return int(text) if text in {"1", "2", "3", "4", "5"} else 0


def _clean(text: str) -> str:
    return text.replace("\x00", "")
