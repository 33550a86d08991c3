"""When may a legacy exchange be switched off? Only when every interface was equal throughout."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta


def missing_days(
    equal_by_day: Mapping[date, bool], *, start: date, days: int
) -> tuple[list[date], list[date]]:
    """Return the days of the parallel period without comparison, and those found unequal.

    Source: article 11: 原有交换系统升级改造时迁移; the last comparison of a day counts.
    """
    period = [start + timedelta(days=n) for n in range(days)]
    return (
        [day for day in period if day not in equal_by_day],
        [day for day in period if equal_by_day.get(day) is False],
    )


def open_points(
    interfaces: Sequence[tuple[str, bool, Mapping[date, bool]]], *, start: date | None, days: int
) -> list[str]:
    """Return what still stands in the way of the cut-over, in words; empty: it may be signed.

    Each interface: number, whether it is mapped, what its comparisons said by day.
    """
    if not interfaces:
        return ["还没有清点接口"]
    points = [f"接口 {number} 尚未对应" for number, is_mapped, _ in interfaces if not is_mapped]
    if start is None:
        return [*points, "尚未开始并行"]
    for number, _, equal in interfaces:
        missing, unequal = missing_days(equal, start=start, days=days)
        if unequal:
            points.append(f"接口 {number} 有 {len(unequal)} 天比对不一致，最近 {unequal[-1]}")
        elif missing:
            points.append(f"接口 {number} 还缺 {len(missing)} 天比对，自 {missing[0]}")
    return points
