"""What a policy profile may say. An unknown key is an error, never ignored."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

from tongqu.kernel.law import Regulation

CYCLES = ("realtime", "daily", "weekly", "monthly", "quarterly", "yearly")
STATES = ("active", "待补")


@dataclass(frozen=True, slots=True)
class Terms:
    """The numbers in force on a day; a case keeps the terms of the day on which it began."""

    profile: str  # key of the profile, e.g. "mot-2021"
    first_review_working_days: int = 3
    provider_review_working_days: int = 7
    idle_months: int = 3
    idle_warning_months: int = 2
    change_notice_months: int = 3
    connect_months: int = 6
    correction_working_days: int = 10
    feedback_months: int = 3
    supplement_working_days: int = 15
    freshness: Mapping[str, timedelta] = field(default_factory=dict)


NUMBERS = tuple(f.name for f in fields(Terms) if f.name not in {"profile", "freshness"})
LABELS: dict[str, str] = {
    "first_review_working_days": "初审期限（工作日）",
    "provider_review_working_days": "提供部门审核期限（工作日）",
    "idle_months": "授权未使用可撤销（月）",
    "idle_warning_months": "授权未使用提醒（月）",
    "change_notice_months": "变更提前登记（月）",
    "connect_months": "试运行后接入期限（月）",
    "correction_working_days": "质量问题校核期限（工作日）",
    "feedback_months": "使用反馈周期（月）",
    "supplement_working_days": "补正材料期限（工作日）",
}


class BadProfile(ValueError):
    """A profile's file or form holds what it must not, or lacks what it must hold."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as written down. ``values`` is JSON: whole numbers, and seconds by cycle."""

    key: str
    title: str
    regulation: str
    effective_from: date
    is_complete: bool
    note: str
    values: Mapping[str, Any]
    sources: Mapping[str, str]  # term → code of its clause, or "assumption …"


def parse(text: str) -> Profile:
    """Return the profile that a TOML text describes. Raises: ``BadProfile``."""
    document = tomllib.loads(text)
    _only(document, {"key", "title", "regulation", "effective_from", "status", "note",
                     "numbers", "freshness"}, "profile")  # fmt: skip
    if document.get("status") not in STATES:
        raise BadProfile(f"status must be one of {STATES}")
    numbers: dict[str, dict[str, Any]] = document.get("numbers", {})
    _only(numbers, set(NUMBERS), "numbers")
    freshness = dict(document.get("freshness", {}))
    is_complete = document["status"] == "active"
    if is_complete and set(numbers) != set(NUMBERS):
        raise BadProfile(f"numbers are missing: {sorted(set(NUMBERS) - set(numbers))}")
    sources = {name: _source(name, entry) for name, entry in numbers.items()}
    values: dict[str, Any] = {name: entry["value"] for name, entry in numbers.items()}
    if freshness:
        sources["freshness"] = f"assumption {freshness.pop('assumption')}"
        values["freshness"] = freshness
    check(values, is_complete=is_complete)
    return Profile(
        key=document["key"],
        title=document["title"],
        regulation=document["regulation"],
        effective_from=document["effective_from"],
        is_complete=is_complete,
        note=document.get("note", ""),
        values=values,
        sources=sources,
    )


def check(values: Mapping[str, Any], *, is_complete: bool = True) -> None:
    """Raise ``BadProfile`` unless the values are whole positive numbers under known keys."""
    _only(values, {*NUMBERS, "freshness"}, "terms")
    freshness: Mapping[str, Any] = values.get("freshness", {})
    _only(freshness, set(CYCLES), "freshness")
    lacking = ({*NUMBERS} - set(values)) | ({*CYCLES} - set(freshness))
    if is_complete and lacking:
        raise BadProfile(f"numbers are missing: {sorted(lacking)}")
    numbers = {k: v for k, v in values.items() if k != "freshness"} | dict(freshness)
    for name, value in numbers.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise BadProfile(f"{name} must be a whole number of at least 1")
    if is_complete and values["idle_warning_months"] >= values["idle_months"]:
        raise BadProfile("idle_warning_months must come before idle_months")


def terms(key: str, values: Mapping[str, Any]) -> Terms:
    """Return checked values as terms."""
    check(values)
    numbers = {name: values[name] for name in NUMBERS}
    freshness = {cycle: timedelta(seconds=values["freshness"][cycle]) for cycle in CYCLES}
    return Terms(profile=key, freshness=freshness, **numbers)


def _only(found: Mapping[str, object], known: set[str], where: str) -> None:
    if unknown := sorted(set(found) - known):
        raise BadProfile(f"unknown keys in {where}: {unknown}")


def _source(name: str, entry: Mapping[str, Any]) -> str:
    _only(entry, {"value", "clause", "assumption"}, f"numbers.{name}")
    if ("clause" in entry) == ("assumption" in entry) or "value" not in entry:
        raise BadProfile(f"numbers.{name} needs a value, and a clause or an assumption")
    return str(entry["clause"]) if "clause" in entry else f"assumption {entry['assumption']}"


SHARING_2025 = Regulation("sc-2025-sharing", "政务数据共享条例", date(2025, 8, 1))
