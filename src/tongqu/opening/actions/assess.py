"""再识别测试 (OPN-07): before release and yearly, alone and beside every older open set."""

from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from tongqu.delivery.public import open_dictionary, open_snapshot, open_table
from tongqu.kernel import clock
from tongqu.kernel.actor import Actor
from tongqu.opening import queries
from tongqu.opening.actions.steps import note, take
from tongqu.opening.domain import risk
from tongqu.opening.models import OpeningCase, RiskTest
from tongqu.opening.vocabulary import OpenCommand

if TYPE_CHECKING:
    from tongqu.lake.public import Engine


def assess(number: str, *, by: Actor) -> RiskTest:
    """Run the test on what would be released, as it would be released; keep its report."""
    with transaction.atomic():
        case, _ = take(number, OpenCommand.TEST, by=by)
    test = measure(case, by)
    with transaction.atomic():
        case, step = take(number, OpenCommand.TEST, by=by)
        test.save()
        word = "通过" if test.passed else "未通过"
        note(case, step, source=case.state, by=by, reason=f"{word}：最小群组 {risk.LEAST_GROUP}")
    return test


def measure(case: OpeningCase, by: Actor) -> RiskTest:
    """Run the test and return its report, not saved: publishing and the yearly watch do.

    The engine works for as long as it must: the caller holds no lock and no transaction.
    """
    from tongqu.lake.public import engine

    lake = engine()
    new = lake.scratch()
    made: list[Path] = [new]
    try:
        rows = open_table(queries.terms_of(case), new)
        results = [_alone(lake, case, new)] if rows and case.quasi else []
        if rows:
            results += _beside_others(lake, case, new, made)
    finally:
        for path in made:
            path.unlink(missing_ok=True)
    return RiskTest(
        case=case,
        at=clock.now(),
        by_name=str(by)[:120],
        snapshot=str(open_snapshot(queries.terms_of(case))[0]),
        rows=rows,
        quasi=case.quasi,
        threshold=risk.LEAST_GROUP,
        results=[
            {
                "beside": one.beside, "name": one.name, "columns": list(one.columns),
                "joined_on": list(one.joined_on), "smallest": one.smallest,
                "singled": one.singled, "holds": one.holds(risk.LEAST_GROUP),
            }
            for one in results
        ],
        passed=all(one.holds(risk.LEAST_GROUP) for one in results),
    )  # fmt: skip


def _alone(lake: "Engine", case: OpeningCase, new: Path) -> risk.Outcome:
    sql = risk.alone_sql(case.quasi, risk.LEAST_GROUP)
    smallest, singled = _counted(lake, sql, new=new)
    return risk.Outcome("", case.entry_name, tuple(case.quasi), (), smallest, singled)


def _beside_others(
    lake: "Engine", case: OpeningCase, new: Path, made: list[Path]
) -> list[risk.Outcome]:
    """Join with every older open set that shares a column, where either tells of persons."""
    own = [column.name for column in open_dictionary(queries.terms_of(case))]
    found = []
    for other in queries.served().exclude(pk=case.pk):
        terms = queries.terms_of(other)
        theirs = [column.name for column in open_dictionary(terms)]
        shared = [name for name in own if name in theirs]
        if not shared or not (case.quasi or other.quasi):
            continue
        old = lake.scratch()
        made.append(old)
        open_table(terms, old)
        sql = risk.joined_sql(shared, case.quasi, other.quasi, risk.LEAST_GROUP)
        smallest, singled = _counted(lake, sql, new=new, old=old)
        columns = tuple(dict.fromkeys((*case.quasi, *other.quasi)))
        found.append(
            risk.Outcome(
                other.entry_code, other.entry_name, columns, tuple(shared), smallest, singled
            )
        )
    return found


def _counted(lake: "Engine", sql: str, **files: Path) -> tuple[int | None, int]:
    tables = {name: [str(path)] for name, path in files.items()}
    with lake.relation(sql, tables=tables) as result:
        (row,) = result.arrow().to_pylist()
    return row["smallest"], int(row["singled"])
