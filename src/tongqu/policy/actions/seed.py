"""Put the shipped profiles and the known holidays into an empty database."""

from importlib.resources import files
from uuid import uuid4

from django.db import transaction

from tongqu.kernel import clock
from tongqu.kernel.workdays import DayKind
from tongqu.policy.domain.terms import parse
from tongqu.policy.models import CalendarDay, CalendarYear, PolicyProfile

SHIPPED = ("mot-2021", "sc-2025")
AUTHOR = "共享平台"
NOTICE = "国务院办公厅关于{year}年部分节假日安排的通知"


@transaction.atomic
def seed() -> None:
    """Enter what is absent; what is there stays, edited or not. Safe to run every time."""
    _profiles()
    _years()


def shipped(key: str) -> str:
    """Return the text of a shipped profile."""
    return (files("tongqu.policy") / "terms" / f"{key}.toml").read_text(encoding="utf-8")


def _profiles() -> None:
    for key in SHIPPED:
        profile = parse(shipped(key))
        PolicyProfile.objects.get_or_create(
            key=profile.key,
            defaults={
                "title": profile.title,
                "regulation": profile.regulation,
                "valid_from": profile.effective_from,
                "terms": dict(profile.values),
                "sources": dict(profile.sources),
                "is_active": profile.is_complete,
                "author": AUTHOR,
                "reason": profile.note,
                "created_at": clock.now(),
            },
        )


def _years() -> None:
    known = set(CalendarYear.objects.values_list("year", flat=True))
    from chinese_calendar import constants  # only here: 700 dates that the table then holds

    years = {day.year for day in constants.holidays} - known
    CalendarYear.objects.bulk_create(
        CalendarYear(
            year=year,
            notice=NOTICE.format(year=year),
            source=f"chinesecalendar {_version()}",
            entered_by=AUTHOR,
            entered_at=clock.now(),
            stamp=uuid4().hex,
        )
        for year in sorted(years)
    )
    kinds = {DayKind.HOLIDAY: constants.holidays, DayKind.MAKEUP: constants.workdays}
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day, year_id=day.year, kind=kind)
        for kind, days in kinds.items()
        for day in sorted(days)
        # The source lists weekends inside a holiday too; they are holidays either way.
        if day.year in years
    )


def _version() -> str:
    from importlib.metadata import version

    return version("chinesecalendar")
