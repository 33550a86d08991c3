"""The making of a group standard, from 立项 to 实施, through pages and API."""

from urllib.parse import quote

import pytest

from tongqu.portal.queries import todos
from tongqu.standards.models import Comment, Standard

pytestmark = pytest.mark.django_db
CODE = "T/GZJT 1-2026"
PAGE = f"/manage/standards/{quote(CODE)}/"
API = "/api/v1/standards"


def post(browser, path, **body):
    return browser.post(f"{API}/{path}", body, content_type="application/json")


def step(browser, command, **more):
    return post(browser, "steps", code=CODE, command=command, **more)


@pytest.fixture
def draft(world, at, browser_of):
    """A group standard in 征求意见, made through the page."""
    office = browser_of("managing")
    made = office.post("/manage/standards/new/", {
        "code": CODE, "version": "2026", "title": "示例运单数据规范", "kind": "group",
        "topic": "exchange", "working_group": "示例·起草单位甲\n示例·起草单位乙",
    })  # fmt: skip
    assert made.status_code == 302, made.content.decode()
    assert step(office, "draft").json()["state"] == "drafting"
    assert step(office, "consult").json()["state"] == "consulting"
    return office


@pytest.mark.req("STD-03")
def test_four_comments_must_each_be_answered_before_review(draft, world, browser_of) -> None:
    for number, who in enumerate(("consumer", "provider", "tourism", "city"), 1):
        sent = browser_of(who).post(PAGE, {"do": "comment", "place": f"第{number}章",
                                           "text": f"示例意见{number}"})  # fmt: skip
        assert sent.status_code == 302
    refused = step(draft, "submit")
    assert refused.status_code == 422
    assert refused.json()["code"] == "UNANSWERED_COMMENTS"
    assert "4 条意见" in refused.json()["title"]
    numbers = list(Comment.objects.values_list("pk", flat=True))

    answers = [("accepted", ""), ("partly", "示例理由一"), ("refused", "示例理由二")]
    for number, (answer, reason) in zip(numbers, answers, strict=False):
        done = draft.post(PAGE, {"do": "answer", "number": number, "answer": answer,
                                 "reason": reason})  # fmt: skip
        assert done.status_code == 302
    assert "1 条意见" in step(draft, "submit").json()["title"]
    bare = post(draft, f"comments/{numbers[3]}/answer", answer="refused")
    assert bare.status_code == 422
    assert bare.json()["fields"] == {"reason": "部分采纳或不采纳须写明理由。"}
    assert post(draft, f"comments/{numbers[3]}/answer", answer="refused", reason="已在他处规定"
                ).status_code == 200  # fmt: skip

    assert step(draft, "submit").json()["state"] == "in_review"
    text = draft.get(PAGE).content.decode()
    assert "部分采纳" in text
    assert "示例理由二" in text


def test_a_standard_is_released_after_its_ballot_and_enforced_on_its_day(
    draft, world, at, browser_of
) -> None:
    member = browser_of("committee")
    assert step(draft, "submit").status_code == 200
    assert [i.reference for i in todos(world.actor("committee")) if i.kind == "标准表决"] == [CODE]
    early = step(draft, "release", effective_on="2026-10-01")
    assert early.json()["code"] == "BALLOT_NOT_PASSED"

    assert member.post(PAGE, {"do": "vote", "vote": "for"}).status_code == 302
    again = post(member, "votes", code=CODE, vote="against", note="重复")
    assert (again.status_code, again.json()["code"]) == (409, "ALREADY_VOTED")
    assert step(draft, "release").json()["code"] == "DAY_REQUIRED"
    assert step(draft, "release", effective_on="2026-10-01").json()["state"] == "released"
    assert step(draft, "enforce").json()["code"] == "NOT_YET"
    at.instant = at.instant.replace(month=10, day=1)
    assert step(draft, "enforce").json()["state"] == "in_force"
    assert step(draft, "revise").json()["state"] == "under_revision"
    assert step(draft, "keep").json()["state"] == "in_force"
    assert step(draft, "abolish").json()["state"] == "abolished"
    assert step(draft, "draft").status_code == 409  # nothing follows


def test_a_ballot_against_keeps_a_standard_from_release(draft, browser_of) -> None:
    member = browser_of("committee")
    step(draft, "submit")

    assert member.post(PAGE, {"do": "vote", "vote": "against"}).status_code == 422
    member.post(PAGE, {"do": "vote", "vote": "against", "note": "示例反对理由"})

    assert step(draft, "release", effective_on="2026-10-01").json()["code"] == "BALLOT_NOT_PASSED"
    assert step(draft, "redraft").json()["state"] == "drafting"
    step(draft, "consult")
    step(draft, "submit")
    assert member.post(PAGE, {"do": "vote", "vote": "for"}).status_code == 302  # a new round


def test_two_editors_at_once_do_not_overwrite_each_other(draft) -> None:
    edition = Standard.objects.get().edition
    form = {"do": "draft", "summary": "", "working_group": "", "edition": edition}

    first = draft.post(PAGE, form | {"draft": "甲的文本"})
    second = draft.post(PAGE, form | {"draft": "乙的文本"})

    assert first.status_code == 302
    assert second.status_code == 422
    text = second.content.decode()
    assert "本次修改未保存" in text
    assert "乙的文本" in text
    assert Standard.objects.get().draft == "甲的文本"


def test_steps_are_the_managing_offices(draft, browser_of) -> None:
    support = step(browser_of("support"), "submit")
    consumer = step(browser_of("consumer"), "submit")

    assert (support.status_code, support.json()["code"]) == (422, "OFFICE_ONLY")
    assert consumer.status_code == 403


def test_an_own_standard_cannot_be_rewritten_as_a_document(draft, browser_of) -> None:
    document = {"code": CODE, "version": "2026", "title": "绕过", "kind": "group",
                "topic": "exchange", "state": "in_force"}  # fmt: skip

    answer = browser_of("support").post(API, {"document": document},
                                        content_type="application/json")  # fmt: skip

    assert answer.json()["code"] == "IN_WORKFLOW"
    assert Standard.objects.get().state == "consulting"


def test_what_is_not_consulted_on_takes_no_comments(draft, browser_of) -> None:
    step(draft, "submit")

    answer = post(browser_of("consumer"), "comments", code=CODE, text="来迟的意见")

    assert answer.json()["code"] == "NOT_CONSULTING"


def test_every_step_stands_in_the_history_and_the_trail(draft) -> None:
    from tongqu.audit.public import entries

    row = Standard.objects.get()

    assert [event.state for event in row.events.all()] == ["proposed", "drafting", "consulting"]
    actions = set(entries().values_list("action", flat=True))
    assert {"standards.standard.propose", "standards.standard.consult"} <= actions
