"""Re-identification: a set that singles persons out, alone or beside an older one, is held."""

import pytest

from tests.factories_delivery import served_entry, served_table
from tongqu.catalog.vocabulary import DataType, ItemView
from tongqu.opening.models import OpeningCase, RiskTest


def items(*names: str) -> tuple[ItemView, ...]:
    return tuple(
        ItemView(n, f"示例{name}", name, DataType.STRING, 40, is_openable=True)
        for n, name in enumerate(names, 1)
    )


DRIVERS, TRAINING = items("card", "division", "gender"), items("card", "course", "birth_year")


@pytest.mark.req("OPN-07")
def test_a_set_that_singles_persons_out_beside_an_older_one_is_held(world, door, public) -> None:
    """Each alone hides everybody in ten; joined by the card number each stands alone."""
    drivers = [
        {"card": f"C{n:03}", "division": f"36{n % 2}", "gender": "男女"[n // 20]} for n in range(40)
    ]
    training = [
        {"card": f"C{n:03}", "course": "示例", "birth_year": str(1980 + n // 2 % 4)}
        for n in range(40)
    ]
    served_table("svc_drivers", drivers, DRIVERS)
    served_table("svc_training", training, TRAINING)
    older = served_entry(world, "svc_drivers", items=DRIVERS, name="示例驾驶员分布", level=1)
    newer = served_entry(world, "svc_training", items=TRAINING, name="示例培训记录", level=1)
    door.open(older, ["division", "gender", "card"], quasi=["division"])

    answer = door.propose(newer, ["card", "birth_year"])
    number = answer.json()["number"]
    door.review("provider", number, "legal")
    door.review("security", number, "safety")
    report = door.step("security", number, "test").json()
    passed = door.step("managing", number, "pass")
    released = door.step("managing", number, "publish")

    alone, beside = report["results"]
    assert (alone["smallest"], alone["holds"]) == (10, True)
    assert (beside["beside"], beside["joined_on"]) == (older.code, ["card"])
    assert (beside["smallest"], beside["singled"], report["passed"]) == (1, 40, False)
    assert passed.status_code == 409
    assert passed.json()["code"] == "RISK_HELD"
    assert "示例驾驶员分布" in passed.json()["title"]
    assert released.status_code == 409
    assert OpeningCase.objects.get(number=number).state == "reviewing"
    assert public.get(f"/api/v1/open/sets/{newer.code}/rows").status_code == 404
    page = door.browser_of("security").get(f"/openmgr/{number}/").content.decode()
    assert "40 行可被识别" in page
    door.step("managing", OpeningCase.objects.get(entry_code=older.code).number, "withdraw",
              reason="示例：先撤回旧集")  # fmt: skip
    assert door.step("security", number, "test").json()["passed"]
    assert door.step("managing", number, "pass").status_code == 200


@pytest.mark.req("OPN-07")
def test_the_test_is_run_again_at_release_and_each_year(world, door, at) -> None:
    """What was harmless when tested is held when an older set has come between."""
    from datetime import timedelta

    from tongqu.opening.actions.publish import watch

    rows = [
        {"card": f"C{n}", "course": "示例", "birth_year": str(1980 + n // 6)} for n in range(12)
    ]
    served_table("svc_training", rows, TRAINING)
    entry = served_entry(world, "svc_training", items=TRAINING, name="示例培训记录", level=1)
    number = door.to_publish(entry, ["course", "birth_year"])
    served_table("svc_training", rows[:8], TRAINING, seq=2)

    held = door.step("managing", number, "publish")

    assert held.json()["code"] == "RISK_HELD"
    assert RiskTest.objects.count() == 2  # the report of the release that was held is kept
    served_table("svc_training", rows, TRAINING, seq=3)
    assert door.step("managing", number, "publish").status_code == 200
    served_table("svc_training", rows[:8], TRAINING, seq=4)
    at.instant += timedelta(days=366)
    assert watch()["held"] == [number]
    assert OpeningCase.objects.get().state == "suspended"


def test_a_set_that_cannot_be_judged_does_not_keep_the_watch_from_the_others(
    world, door, at
) -> None:
    from datetime import timedelta

    from tongqu.lake.public import store, svc_ref
    from tongqu.opening.actions.publish import watch

    rows = [
        {"card": f"C{n}", "course": "示例", "birth_year": str(1980 + n // 6)} for n in range(12)
    ]
    numbers = []
    for table in ("svc_first", "svc_second"):
        served_table(table, rows, TRAINING)
        entry = served_entry(world, table, items=TRAINING, name=f"示例·{table}", level=1)
        number = door.to_publish(entry, ["course"])
        assert door.step("managing", number, "publish").status_code == 200
        numbers.append(number)
    store().drop(svc_ref("svc_first"))
    at.instant += timedelta(days=366)

    found = watch()

    assert found["failed"] == numbers[:1]
    assert RiskTest.objects.filter(case__number=numbers[1]).count() == 3
