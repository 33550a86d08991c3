"""管理制度: kept per unit; the yearly check lists who has none on data security."""

import pytest

from tongqu.identity.public import messages_for
from tongqu.kernel import jobs
from tongqu.standards import public as standards
from tongqu.standards.models import RuleCheck

pytestmark = pytest.mark.django_db
PAGE = "/manage/standards/rules/"
API = "/api/v1/standards"


def rule(**given):
    return {
        "code": "MH-AQ-1", "version": "1", "title": "示例数据安全管理办法", "topic": "governance",
        "organisation": "990000-MH", "rule_kind": "management", "rule_subject": "security",
        "scope": "本处室", "processes": "数据接入 /manage/ingest/\n数据销毁",
        "effective_on": "2026-01-01", **given,
    }  # fmt: skip


@pytest.mark.req("STD-12")
def test_a_unit_without_a_current_security_rule_is_listed_by_the_yearly_check(
    world, at, browser_of
) -> None:
    provider, office = browser_of("provider"), browser_of("managing")
    assert provider.post(f"{PAGE}new/", rule()).status_code == 302
    page = provider.get(PAGE).content.decode()
    assert "示例数据安全管理办法" in page
    assert "现行" in page

    found = office.post(f"{API}/rules/check", content_type="application/json").json()

    missing = {one["organisation"] for one in found["missing"]}
    assert "990000-YJ" in missing
    assert "990000-MH" not in missing
    assert "QY-0001" not in missing  # a firm keeps no rules here
    assert found["units"] == len(missing) + 1
    assert any("缺少现行的数据安全管理制度" in message.text
               for message in messages_for(world.actor("consumer")))  # fmt: skip
    text = office.get(PAGE).content.decode()
    assert "示例省应急管理厅：缺少数据安全制度" in text
    detail = provider.get("/manage/standards/MH-AQ-1/").content.decode()
    assert 'href="/manage/ingest/"' in detail
    assert "数据销毁" in detail


def test_a_rule_that_begins_later_or_was_abolished_is_not_current(world, at, browser_of) -> None:
    provider = browser_of("provider")
    provider.post(f"{PAGE}new/", rule(effective_on="2026-10-01"))
    assert "990000-MH" in dict(standards.units_without_rule())

    provider.post(f"{PAGE}new/", rule(code="MH-AQ-2", version="2", replaces="MH-AQ-1",
                                      effective_on="2026-09-01"))  # fmt: skip
    assert "990000-MH" not in dict(standards.units_without_rule())


def test_a_unit_keeps_its_own_rules_and_nobody_elses(world, at, browser_of) -> None:
    answer = browser_of("provider").post(f"{PAGE}new/", rule(organisation="990000-YJ"))
    assert answer.status_code == 422
    assert "只能维护本单位的管理制度" in answer.content.decode()

    browser_of("managing").post(f"{PAGE}new/", rule())
    taken = browser_of("provider").post(f"{PAGE}new/", rule(title="示例新名称"))
    assert taken.status_code == 302  # its own
    document = {"code": "GB 1-2000", "version": "2000", "title": "x", "kind": "national",
                "topic": "governance"}  # fmt: skip
    sent = browser_of("provider").post(API, {"document": document},
                                       content_type="application/json")  # fmt: skip
    assert (sent.status_code, sent.json()["code"]) == (403, "NOT_YOUR_RULE")


def test_the_check_runs_by_itself_every_year(world, at) -> None:
    assert jobs.run("standards.rules_annual_check") == 7
    assert RuleCheck.objects.get().year == 2026


def test_a_process_links_inside_or_by_https_only(world, at, browser_of) -> None:
    answer = browser_of("provider").post(
        f"{PAGE}new/", rule(processes="坏链接 javascript:alert(1)")
    )

    assert answer.status_code == 422
    assert "url 应以 / 或 https:// 开头" in answer.content.decode()
