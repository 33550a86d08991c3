"""四同步 of a construction project (ING-16)."""

import pytest

from tests.factories_catalog import project_in_approval
from tongqu.supervision.models import Project
from tongqu.supervision.vocabulary import Stage, Together


@pytest.mark.req("ING-16")
def test_an_item_that_is_empty_at_acceptance_is_shown_as_open(browser_of, world, at) -> None:
    code = project_in_approval(world)
    client = browser_of("cataloguer")
    url = f"/sup/projects/{code}/"
    page = client.post(url, {"facility": "channel"}, follow=True)
    assert page.status_code == 200
    assert page.content.decode().count("未落实") == 4
    for item in (Together.PLANNED, Together.DESIGNED, Together.BUILT):
        client.post(url, {"together": item.value, "content": "示例：随主体工程同步实施"})
    Project.objects.filter(code=code).update(
        stage=Stage.ACCEPTED, trial_started_on="2026-01-01", connect_due_on="2026-07-01"
    )

    page = browser_of("managing").get(url).content.decode()

    assert page.count("已落实") == 3
    row = page[page.index("同步运维</th>") :]
    assert "未落实" in row[: row.index("</tr>")]
    assert "航道建设项目" in page
    client.post(url, {"together": "maintained", "content": "示例：列入年度运维"})
    assert "未落实" not in client.get(url).content.decode()


def test_nothing_is_filled_in_for_others_or_in_no_words(browser_of, world, at) -> None:
    code = project_in_approval(world)
    client = browser_of("cataloguer")
    url = f"/sup/projects/{code}/"

    assert client.post(url, {"facility": "moonbase"}).status_code == 422
    assert client.post(url, {"together": "built", "content": "示例内容"}).status_code == 422
    client.post(url, {"facility": "road"})
    assert client.post(url, {"together": "built", "content": " "}).status_code == 422
    assert client.post(url, {"together": "painted", "content": "示例"}).status_code == 422
    assert browser_of("consumer").post(url, {"facility": "road"}).status_code == 403
