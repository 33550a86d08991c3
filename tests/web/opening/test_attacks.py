"""What strangers try at the open door: many addresses, and level 4 by a side entrance."""

import pytest
from django.test import Client

from tests.factories_delivery import served_entry, served_table
from tests.web.opening.test_list import ROWS, STOPS
from tongqu.opening.actions import serve
from tongqu.opening.models import OpeningCase


@pytest.fixture
def stops(world, door):
    served_table("svc_stops", ROWS, STOPS)
    return served_entry(world, "svc_stops", items=STOPS, name="示例公交站点", level=4)


SECRET = {"item": "point", "operator": "eq", "values": ["secret-1"]}


@pytest.mark.parametrize(
    "given",
    [
        {"row_filter": [SECRET]},
        {"shown": ["stop", {"item": "name", "mask": "cover", "unless": SECRET}]},
    ],
)
def test_which_rows_are_shown_tells_nothing_of_level_4(door, stops, given) -> None:
    refused = door.propose(stops, given.pop("shown", ["stop", "name"]), user="managing", **given)

    assert refused.status_code == 403, refused.content.decode()
    assert refused.json()["code"] == "LEVEL_NEVER_OPENS"
    assert not OpeningCase.objects.exists()


def test_an_open_set_whose_rows_come_to_hang_on_level_4_is_shut(door, stops, public) -> None:
    number = door.open(stops, ["stop", "name"])
    assert public.get(f"/api/v1/open/sets/{stops.code}/rows").status_code == 200

    OpeningCase.objects.filter(number=number).update(row_filter=[SECRET])

    assert public.get(f"/api/v1/open/sets/{stops.code}/rows").status_code == 404


def test_another_address_of_the_same_house_is_the_same_caller(door, stops, monkeypatch) -> None:
    door.open(stops, ["stop", "name"])
    monkeypatch.setattr(serve, "CALLS_A_MINUTE", 2)
    path = f"/api/v1/open/sets/{stops.code}/rows"

    house = [Client().get(path, REMOTE_ADDR=f"2001:db8:1:2::{n}").status_code for n in range(4)]
    other = Client().get(path, REMOTE_ADDR="2001:db8:1:3::1").status_code

    assert house == [200, 200, 429, 429]
    assert other == 200
