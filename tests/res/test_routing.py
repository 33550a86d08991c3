"""PRD03 asks of the controls as they are served: a closed entry is out until its lift message."""

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from tests.res.pack import right
from tests.web.opening.conftest import Door
from tongqu.adapters.generator import generate as generator
from tongqu.kernel.clock import SHANGHAI
from tongqu.opening import public as opening

STATION, CONTROL = "toll_station", "toll_station_control"
A_PROVINCE = 3_000_000  # positions: to these belong 600 stations, one connected network
PATH = "/api/v1/products/prd03/route"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("generated")
    at = datetime(2026, 9, 24, 9, 0, tzinfo=SHANGHAI)
    wanted = generator.order(A_PROVINCE, 17, place, file_format="csv", at=at, only=(STATION,))
    generator.generate(wanted)
    return place


@pytest.fixture
def stations(res, browser_of, made: Path) -> list[dict[str, str]]:
    """The generated network on the open list, with one lifted control; return its stations."""
    cache.clear()
    door = Door(browser_of)
    truth = json.loads((made / "truth.json").read_text())[STATION]
    seed = made / truth["files"][0]
    res.send(STATION, seed.read_bytes())
    res.load(CONTROL, [control(1, "36000000000001", control_state="解除",
                               actual_end="2026-09-24 08:30:00")])  # fmt: skip
    for slug in (STATION, CONTROL):
        res.build(slug)
        entry = res.serve(slug, f"svc_{slug}")
        names = [i.name_en for i in entry.items if i.is_openable and i.name_en != "phone"]
        door.open(entry, names)
    with seed.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def far_apart(stations: list[dict[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the stations farthest west and farthest east."""
    by_lon = sorted(stations, key=lambda row: float(row["lon"]))
    return by_lon[0], by_lon[-1]


def control(n: int, station: str, **given: str) -> dict[str, str]:
    fixed = {"station_code": station, "control_side": "入口", "control_measure": "关闭",
             "start_time": "2026-09-24 08:00:00", "expect_end": "2026-09-24 08:50:00",
             "control_state": "生效"}  # fmt: skip
    return right(CONTROL, n, **(fixed | given))


@pytest.mark.req("RES-17")
def test_a_closed_entry_is_not_used_from_its_record_until_the_lift_message(res, stations) -> None:
    public = Client()
    start, goal = far_apart(stations)
    asked = {"from_lon": start["lon"], "from_lat": start["lat"],
             "to_lon": goal["lon"], "to_lat": goal["lat"]}  # fmt: skip

    def told(**more: str) -> dict:
        answer = public.get(PATH, asked | more)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    before = told()
    closed = before["entry"]["code"]
    assert closed in {row["station_code"] for row in stations}
    assert before["km"] > 100
    assert len(before["stops"]) > 10
    assert before["avoided"] == []

    res.load(CONTROL, [control(2, closed)])
    res.build(CONTROL)
    during = told()

    assert during["entry"]["code"] != closed
    assert [(one["code"], one["side"]) for one in during["avoided"]] == [(closed, "入口")]
    assert during["exit"] != during["entry"]
    # It was to be lifted ten minutes ago: without the message it stands.
    assert told(at="2026-09-24T12:00:00")["entry"]["code"] != closed
    assert told(at="2026-09-24T07:59:00")["entry"]["code"] == closed  # before it began

    lifted = control(2, closed, control_state="解除", actual_end="2026-09-24 08:59:00",
                     update_time="2026-09-24 08:59:00")  # fmt: skip
    res.load(CONTROL, [lifted])
    res.build(CONTROL)
    after = told()

    assert (after["entry"]["code"], after["km"]) == (closed, before["km"])
    assert told(at="2026-09-24T08:30:00")["entry"]["code"] != closed
    page = public.get("/products/prd03/", asked | {"vehicle": "货", "at": "2026-09-24 08:30"})
    assert "因管制未使用" in page.content.decode()
    # The check of controls open for more than 72 hours is tried in test_left_rules.


def test_what_only_stops_some_vehicles_lets_the_others_in(res, stations, monkeypatch) -> None:
    start, goal = far_apart(stations)
    asked = {"from_lon": start["lon"], "from_lat": start["lat"],
             "to_lon": goal["lon"], "to_lat": goal["lat"]}  # fmt: skip
    only = {"control_measure": "分车型禁行", "vehicle_limits": "危化,超限"}

    def entry(vehicle: str) -> str:
        answer = Client().get(PATH, asked | {"vehicle": vehicle})
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()["entry"]["code"]

    used = entry("货")
    with monkeypatch.context() as kept:  # the same editions: nothing of the sets is written again
        kept.setattr(opening, "write_open_table", None)
        assert entry("危化") == used
    res.load(CONTROL, [control(3, used, **only)])
    res.build(CONTROL)
    assert entry("货") == used
    assert entry("危化") != used


def test_without_open_inputs_the_product_says_what_is_missing(res) -> None:
    answer = Client().get(PATH, {"from_lon": 115, "from_lat": 28, "to_lon": 116, "to_lat": 28})

    assert answer.status_code == 409
    assert answer.json()["code"] == "INPUT_NOT_OPEN"
