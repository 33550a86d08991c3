"""The public's voice: answered in public, with a ticket; votes make the plan."""

import pytest
from django.test import Client

from tests.web.opening.test_door import stops  # noqa: F401  (the fixture of an open set)
from tongqu.opening.models import Voice
from tongqu.quality.models import Ticket


@pytest.mark.req("OPN-13")
def test_an_error_report_is_answered_on_the_sets_page_with_its_ticket(door, stops, public) -> None:  # noqa: F811
    page = f"/open/{stops.code}/"
    told = {"kind": "error", "title": "站点坐标偏移", "text": "S001 偏东，电话 13800001111"}
    filed = public.post(page, told, follow=True).content.decode()
    voice = Voice.objects.get()
    assert voice.number in filed
    assert "2026-10-1" in str(voice.due_on)  # ten working days, the national holiday between
    assert "13800001111" not in voice.text
    assert voice.title not in public.get(page).content.decode().split("意见与答复")[1]

    answer = door.browser_of("provider").post(
        "/openmgr/voices/", {"number": voice.number, "answer": "示例：坐标已更正。"}, follow=True
    )

    assert answer.status_code == 200
    ticket = Ticket.objects.get().number
    shown = public.get(page).content.decode()
    assert "示例：坐标已更正。" in shown
    assert ticket in shown
    twice = door.browser_of("provider").post(
        "/openmgr/voices/", {"number": voice.number, "answer": "再答"}
    )
    assert twice.status_code == 422


def test_an_answer_is_the_publishers_and_nothing_is_answered_empty(door, stops, public) -> None:  # noqa: F811
    public.post(f"/open/{stops.code}/", {"kind": "error", "title": "甲", "text": "乙"})
    number = Voice.objects.get().number

    empty = door.browser_of("provider").post("/openmgr/voices/", {"number": number, "answer": " "})
    without = public.post(f"/open/{stops.code}/", {"kind": "error", "title": "", "text": "乙"})

    assert empty.status_code == 422
    assert "请填写答复" in empty.content.decode()
    assert without.status_code == 422
    assert "请填写主题" in without.content.decode()
    assert Voice.objects.get().answer == ""


@pytest.mark.req("OPN-03")
def test_fifty_votes_rank_above_two_and_the_plan_tells_why(world, door) -> None:
    public = Client()
    for title in ("桥梁名录", "公交到站"):
        public.post("/open/wishes/", {"title": title, "text": "示例：出行服务"})
    bridges, buses = Voice.objects.order_by("pk")
    for voice in (bridges, buses):
        told = {"number": voice.number, "answer": "示例：已列入计划。"}
        door.browser_of("managing").post("/openmgr/voices/", told)
    for voice, votes in ((bridges, 2), (buses, 50)):
        for n in range(votes):
            public.post(f"/open/wishes/{voice.number}/vote/", REMOTE_ADDR=f"198.51.100.{n}")
            public.post(f"/open/wishes/{voice.number}/vote/", REMOTE_ADDR=f"198.51.100.{n}")

    plan = public.get("/api/v1/open/plan").json()
    page = public.get("/open/wishes/").content.decode()

    assert [(one["name"], one["score"]) for one in plan] == [("公交到站", 51), ("桥梁名录", 3)]
    assert plan[0]["reason"] == "50 人投票、1 件需求"
    assert page.index("50 人投票、1 件需求") < page.index("2 人投票、1 件需求")


def test_what_a_stranger_wrote_is_shown_and_voted_for_once_it_is_answered(world, door) -> None:
    public = Client()
    public.post("/open/wishes/", {"title": "某人住址", "text": "示例：不宜公开的话"})
    voice = Voice.objects.get()

    page = public.get("/open/wishes/").content.decode()
    voted = public.post(f"/open/wishes/{voice.number}/vote/")

    assert "另有 1 项待答复" in page
    assert "某人住址" not in page
    assert "不宜公开的话" not in page
    assert public.get("/api/v1/open/plan").json() == []
    assert voted.status_code == 404
    told = {"number": voice.number, "answer": "示例：已列入计划。"}
    door.browser_of("managing").post("/openmgr/voices/", told)
    assert "不宜公开的话" in public.get("/open/wishes/").content.decode()
    assert [one["name"] for one in public.get("/api/v1/open/plan").json()] == ["某人住址"]
