"""自管库: what happens on the platform is a row that SQL finds, within the minute."""

from pathlib import Path

import pytest

from tongqu.kernel import jobs
from tongqu.lake.domain.own import GROUP_LABELS, Group, table_of
from tongqu.lake.models import LakeTable
from tongqu.lake.public import engine, store

pytestmark = pytest.mark.django_db
JOB = "lake.self_library"


def rows(group: Group, sql: str = "SELECT action, actor, subject FROM t ORDER BY position"):
    with engine().relation(sql, tables={"t": table_of(group)}) as found:
        return [tuple(row.values()) for row in found.arrow().to_pylist()]


@pytest.mark.req("LAK-09")
def test_a_workflow_event_is_queryable_by_sql_within_a_minute(
    lake: Path, world, browser_of, at
) -> None:
    (minutely,) = [found for found in jobs.registered() if found.name == JOB]
    assert minutely.cron == "* * * * *"  # at most a minute passes until it runs
    jobs.run(JOB)
    body = '{"sql": "SELECT 1 FROM svc_flights"}'
    answer = browser_of("support").post("/api/v1/lake/query", body, content_type="application/json")
    assert answer.status_code == 403

    jobs.run(JOB)

    assert ("lake.query.refused", "support", "svc_flights") in rows(Group.TRACING)
    assert ("security.event", "support", "svc_flights") in rows(Group.SECURITY)
    (code,) = rows(Group.SUPERVISION, "SELECT code FROM t WHERE kind = 'call'")[-1]
    assert code == "OUT_OF_BAND"


@pytest.mark.req("LAK-09")
def test_the_auditor_asks_for_an_event_by_sql_on_the_page_at_once(
    lake: Path, world, browser_of, at
) -> None:
    from tongqu.audit.public import record

    record("catalog.entry.draft", by=world.actor("support"), subject="示例·事项")
    sql = "SELECT subject, actor FROM dw_self_catalogue WHERE action = 'catalog.entry.draft'"

    page = browser_of("auditor").post("/manage/query/", {"sql": sql})

    assert page.status_code == 200, page.content.decode()
    assert "示例·事项" in page.content.decode()
    refused = browser_of("consumer").post("/manage/query/", {"sql": sql})
    assert refused.status_code in {403, 422}
    assert "示例·事项" not in refused.content.decode()


@pytest.mark.req("LAK-09")
def test_the_seven_groups_each_have_a_table_of_the_library(lake: Path, world, at) -> None:
    from tongqu.audit.public import record

    actor = world.actor("support")
    for action in (
        "standards.element.edit", "catalog.entry.draft", "sharing.request.submit",
        "ingest.batch.closed", "quality.ticket.file", "identity.client.rotate",
        "supervision.project.check",
    ):  # fmt: skip
        record(action, by=actor, subject=action)

    jobs.run(JOB)

    assert list(GROUP_LABELS.values()) == [
        "元数据", "目录管理", "供需管理", "溯源管理", "质量管理", "安全管理", "数据监管",
    ]  # fmt: skip
    assert all(len(rows(group)) == 1 for group in Group)
    assert LakeTable.objects.filter(library="self").count() == 7


def test_nothing_is_doubled_and_nothing_lost_however_often_it_runs(
    lake: Path, world, at, monkeypatch
) -> None:
    from tongqu.audit.public import record
    from tongqu.lake.actions import own

    monkeypatch.setattr(own, "MOST", 3)
    actor = world.actor("support")
    for n in range(10):
        record("catalog.entry.draft" if n % 2 else "quality.ticket.file", by=actor, subject=str(n))
    real = type(store()).append
    calls = []

    def cut(self, *args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(self, *args, **kwargs)

    monkeypatch.setattr(type(store()), "append", cut)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(JOB)
    jobs.run(JOB)
    jobs.run(JOB)
    store().compact(table_of(Group.CATALOGUE), target_bytes=1 << 20, least_files=2)
    jobs.run(JOB)

    both = (Group.CATALOGUE, Group.QUALITY)
    subjects = [s for g in both for (s,) in rows(g, "SELECT subject FROM t")]
    assert sorted(subjects) == [str(n) for n in range(10)]
